"""How far an agreement is applied, as the records tell that the viewer may see: its structure, what
is done under it, and how old the newest evidence is. It stands beside what sources say of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from comity.kit.dates import BadDate, Period
from comity.kit.tlp import Viewer
from comity.people.reads import visible_handlings
from comity.registry.models import Entry, Facet
from comity.registry.reads.entries import FieldValues, entries_named
from comity.registry.rules.agreements import application_level

DONE_UNDER = "activities_done"  # the agreement names what was done
UNDER = "activity"  # … or an activity names the agreement under which it was done
MOST = 200  # activities looked at, the newest first


@dataclass(frozen=True, slots=True)
class Done:
    """From when to when something was done under the agreement."""

    first: dt.date
    last: dt.date


@dataclass(frozen=True, slots=True)
class Application:
    """`level` as `rules.agreements.application_level` has it; `heard` is the newest evidence."""

    level: int
    done: tuple[Entry, ...]  # newest first, undated last
    heard: dt.date | None


def application(
    viewer: Viewer, one: Entry, fields: Mapping[str, FieldValues], today: dt.date
) -> Application:
    """How far it is applied. `fields` are what the viewer may see of it."""
    done = _done(viewer, one, fields)
    dated = [
        Done(start, row.last or today)
        for row in done
        if (start := row.first or row.last) is not None and not _only_announced(row)
    ]
    met = _days(fields, ("last_meeting",))
    reviewed = _days(fields, ("last_review",))
    named = bool(_said(fields, "governing_body") or _said(fields, "focal_point")) or (
        True in _said(fields, "focal_points_named")
    )
    level = application_level(
        named,
        any(first <= today for first, _last in met),
        dated,
        any(first <= today for first, _last in reviewed),
        today,
    )
    days = [*met, *reviewed, *((row.first, row.last) for row in dated)]
    days += _days(fields, ("figure",))
    heard = max((min(last, today) for first, last in days if first <= today), default=None)
    return Application(level, done, heard)


def _only_announced(row: Entry) -> bool:
    return "announced" in row.card.get("status", ())  # nobody says that it was held


def _said(fields: Mapping[str, FieldValues], name: str) -> list[object]:
    return [value.row.value for value in fields[name].values] if name in fields else []


def _days(fields: Mapping[str, FieldValues], names: Iterable[str]) -> list[tuple[dt.date, dt.date]]:
    """The first and last days of the dates in these fields; what is open or undated is left out."""
    found = []
    for name in names:
        for value in _said(fields, name):
            text = str(value.get("period", "")) if isinstance(value, dict) else str(value)
            try:
                period = Period.parse(text if "/" in text else f"{text}/{text}")
            except BadDate:
                continue
            if period.start and period.end:
                found.append((period.start.first, period.end.last))
    return found


def _done(viewer: Viewer, one: Entry, fields: Mapping[str, FieldValues]) -> tuple[Entry, ...]:
    """What the agreement names as done under it, and the activities that name the agreement."""
    held = entries_named(viewer, [str(name) for name in _said(fields, DONE_UNDER)])
    visible = visible_handlings(viewer)
    naming = Facet.objects.filter(
        facet="entry", value=one.name, kind=UNDER, handling__in=visible, entry__counted__in=visible
    )
    rows = Entry.objects.filter(pk__in=naming.values("entry")).select_related("handling")
    rows = rows.order_by("-place")[:MOST]
    found = {row.pk: row for row in (*held.values(), *rows) if row.pk != one.pk}
    newest = sorted(
        found.values(),
        key=lambda row: (row.last or row.first or dt.date.min, row.pk),
        reverse=True,
    )
    return tuple(newest[:MOST])
