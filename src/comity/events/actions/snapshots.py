"""A list that says all that holds: what is new on it, what changed, what is gone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db import transaction
from django.utils import timezone

from comity.events import models as m
from comity.events.reads.house import feed as feed_named
from comity.events.reads.house import places
from comity.events.rules import dedup
from comity.events.store import runs
from comity.events.store.places import Places
from comity.kit import ids

Array = npt.NDArray[Any]


def keep(house: Places, intake: m.Intake, number: int, finding: Array, content: Array) -> None:
    """Findings and contents that one part lists."""
    keys = dedup.ordered(finding, content)
    runs.write(house, f"{intake.pk}-{number}", keys, sieved=False)


def finish(intake: m.Intake) -> None:
    """Compare the whole list with the one before, once all of it is in."""
    if not feed_named(intake.feed).snapshot:
        return
    house = places()
    parts = list(intake.done_parts.order_by("number").values_list("number", flat=True))
    whole = dedup.merged(*(_listed(house.run(f"{intake.pk}-{number}")) for number in parts))
    last = (
        m.Snapshot.objects.filter(feed=intake.feed, report_type=intake.report_type)
        .exclude(intake=intake)
        .order_by("-taken")
        .first()
    )
    before = _of(house, last) if last else dedup.EMPTY
    new, changed, gone = compared(before, whole)
    name = ids.new()
    runs.write(house, str(name), whole, sieved=False)
    with transaction.atomic():
        m.Snapshot.objects.update_or_create(
            intake=intake,
            defaults={
                "feed": intake.feed,
                "report_type": intake.report_type,
                "file": name,
                "listed": len(np.unique(whole.key)),
                "new": len(new),
                "changed": len(changed),
                "gone": len(gone),
                "taken": timezone.now(),
            },
        )
    for number in parts:
        house.run(f"{intake.pk}-{number}").unlink(missing_ok=True)


def _of(house: Places, snapshot: m.Snapshot) -> dedup.Keys:
    return _listed(house.run(str(snapshot.file)))


def _listed(path: Path) -> dedup.Keys:
    return runs.opened(path, runs.Run(path.stem, 0, path.stat().st_size // 16))


def compared(before: dedup.Keys, after: dedup.Keys) -> tuple[Array, Array, Array]:
    """Findings that are new, changed, gone. The content of a finding of several rows is all of
    them."""
    had, had_said = _folded(before)
    has, has_said = _folded(after)
    new = np.setdiff1d(has, had, assume_unique=True)
    gone = np.setdiff1d(had, has, assume_unique=True)
    both, at_old, at_new = np.intersect1d(had, has, assume_unique=True, return_indices=True)
    return new, both[had_said[at_old] != has_said[at_new]], gone


def _folded(keys: dedup.Keys) -> tuple[Array, Array]:
    finding, starts = np.unique(keys.key, return_index=True)
    if not len(starts):
        return finding, np.empty(0, np.uint64)
    return finding, np.add.reduceat(keys.check, starts)


def gone_since(snapshot: m.Snapshot) -> Array:
    """The findings of the list before that this one does not name."""
    house = places()
    last = (
        m.Snapshot.objects.filter(
            feed=snapshot.feed, report_type=snapshot.report_type, taken__lt=snapshot.taken
        )
        .order_by("-taken")
        .first()
    )
    if last is None:
        return np.empty(0, np.uint64)
    return compared(_of(house, last), _of(house, snapshot))[2]
