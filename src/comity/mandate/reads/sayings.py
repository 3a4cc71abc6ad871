"""What provisions say: the instruments they name, the duties they lay on whom."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from comity.kit.tlp import Viewer
from comity.mandate import models as m


def citations(viewer: Viewer, version: m.Version) -> list[m.Citation]:
    return list(
        m.Citation.objects.filter(provision__version=version)
        .select_related("provision", "cited")
        .order_by("provision__seq", "start")
    )


def citations_of(viewer: Viewer, provision: m.Provision) -> list[m.Citation]:
    return list(provision.citations.select_related("cited").order_by("start"))


def cited_in(viewer: Viewer, key: str) -> list[m.Citation]:
    """Where a stub is cited: every place in every version held."""
    return list(
        m.Citation.objects.filter(cited__key=key)
        .select_related("provision__version__instrument", "cited")
        .order_by("provision__version__date", "provision__seq", "start")
    )


@dataclass(frozen=True, slots=True)
class DutyRow:
    duty: m.Duty
    state: m.DutyState | None
    deadlines: tuple[m.Deadline, ...]


def duties(
    viewer: Viewer, version: m.Version, *, actor: str = "", force: str = "", reporting: bool = False
) -> list[DutyRow]:
    """Duties with their newest state and their deadlines. `actor` is a key of data/actors.csv."""
    rows = m.Duty.objects.filter(provision__version=version)
    found = [
        duty
        for duty in rows.select_related("provision").order_by("provision__seq")
        if (not actor or actor in duty.meant)
        and (not force or duty.force == force)
        and (not reporting or duty.is_reporting)
    ]
    return _with_states(version, found)


def duty_of(viewer: Viewer, provision: m.Provision) -> DutyRow | None:
    for duty in m.Duty.objects.filter(provision=provision):
        duty.provision = provision
        return _with_states(provision.version, [duty])[0]
    return None


def duty_states(viewer: Viewer, version: m.Version) -> dict[str, list[m.DutyState]]:
    """All that was ever said of how the duties of an instrument stand, oldest first, by wId."""
    found: dict[str, list[m.DutyState]] = defaultdict(list)
    rows = m.DutyState.objects.filter(instrument_id=version.instrument_id)
    for row in rows.order_by("moment", "pk"):
        found[row.wid].append(row)
    return dict(found)


def newest_state(viewer: Viewer, key: str) -> dt.datetime | None:
    """When the newest state of a duty of an instrument was said."""
    rows = m.DutyState.objects.filter(instrument__key=key).order_by("-moment")
    return rows.values_list("moment", flat=True).first()


def _with_states(version: m.Version, found: Sequence[m.Duty]) -> list[DutyRow]:
    wids = {duty.provision.wid for duty in found}
    mine = {"instrument_id": version.instrument_id, "wid__in": wids}
    states = {s.wid: s for s in m.DutyState.objects.filter(**mine).order_by("moment", "pk")}
    deadlines: dict[str, list[m.Deadline]] = defaultdict(list)
    for deadline in m.Deadline.objects.filter(**mine, withdrawn=None):
        deadlines[deadline.wid].append(deadline)
    return [
        DutyRow(d, states.get(d.provision.wid), tuple(deadlines[d.provision.wid])) for d in found
    ]
