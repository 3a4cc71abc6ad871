"""What a task made becomes part of the store: one transaction of the manifest.

Under the lock of that transaction nobody else commits, so what is looked up holds. A part is taken
once: a second time its files are thrown away.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from comity.events import models as m
from comity.events.engine import Outcome
from comity.events.models.intake import SUMS, added
from comity.events.reads.house import places
from comity.events.rules import batch, dedup
from comity.events.store import columns, runs
from comity.events.store.places import Places
from comity.kit import ids
from comity.ledger import actions as ledger

Array = npt.NDArray[Any]
_open: dict[Places, runs.Known] = {}


def known_runs() -> tuple[runs.Run, ...]:
    """The runs of rows, as the manifest names them now."""
    rows = m.KeyRun.objects.filter(kind=m.KeyRun.ROWS).order_by("day", "seq")
    return tuple(runs.Run(str(row.pk), row.day, row.count) for row in rows)


def commit(intake: m.Intake, out: Outcome) -> m.Part | None:
    """Take a part in, or find it there already and take nothing."""
    house = places()
    with transaction.atomic():
        ledger.hold()  # on PostgreSQL; on SQLite the transaction itself is the lock
        if m.Part.objects.filter(intake=intake, number=out.task.number).exists():
            thrown_away(out)
            return None
        seq = (m.DataFile.objects.aggregate(last=Max("seq"))["last"] or 0) + 1
        _without_known(house, out)
        fresh = _findings(house, out, seq)
        _rows(house, out, seq)
        _files(intake, out, seq)
        counts = {
            "rows": out.rows,
            "stored": out.stored,
            "duplicate": out.duplicate,
            "rejected": out.rejected,
            "findings_new": fresh,
            "unrouted": out.held.unrouted if out.held else 0,
        }
        part = m.Part.objects.create(intake=intake, number=out.task.number, **counts)
        m.Intake.objects.filter(pk=intake.pk).update(
            mapping=out.mapping,
            told={"unknown_columns": list(out.unknown)} if out.unknown else {},
            **added({name: counts[name] for name in SUMS}),
        )
        if out.listed is not None:
            _listed(house, intake, out)
    return part


def thrown_away(out: Outcome) -> None:
    """What a task made goes, uncounted."""
    house = places()
    for name in (out.events, out.refused):
        if name:
            house.store(name).unlink(missing_ok=True)


def _known(house: Places) -> runs.Known:
    return _open.setdefault(house, runs.Known(house))


def _without_known(house: Places, out: Outcome) -> None:
    """Take out rows that others stored since the task began. Rare, so the file is written anew."""
    by_day: dict[int, list[runs.Run]] = defaultdict(list)
    days = dedup.distinct(out.days).tolist()
    rows = m.KeyRun.objects.filter(kind=m.KeyRun.ROWS, day__in=days)
    for row in rows:
        if str(row.pk) not in out.checked:
            by_day[row.day].append(runs.Run(str(row.pk), row.day, row.count))
    if not by_day:
        return
    again = _known(house).stored(by_day, out.days, out.key, out.check)
    if not again.any():
        return
    events = columns.scan(house.store(out.events), out.constants).collect()
    house.store(out.events).unlink()
    lost = dedup.Keys(out.key[again], out.check[again])
    gone = dedup.among(lost, events["row_key"].to_numpy(), events["row_check"].to_numpy())
    events = events.filter(pl.Series(~gone))
    out.days, out.key, out.check = out.days[~again], out.key[~again], out.check[~again]
    out.duplicate += int(again.sum())
    out.stored = events.height
    out.findings = dedup.distinct(events["finding_key"].to_numpy())
    if not events.height:
        out.events, out.held = "", None
        return
    out.events = str(ids.new())
    path = house.store(out.events)
    out.constants = columns.write(events, path)
    out.held = batch.held(events, out.days, path.stat().st_size)


def _findings(house: Places, out: Outcome, seq: int) -> int:
    """Note the findings that are new; returns how many."""
    if not len(out.findings):
        return 0
    rows = list(m.KeyRun.objects.filter(kind=m.KeyRun.FINDINGS).order_by("seq"))
    found = np.zeros(len(out.findings), bool)
    nothing = np.zeros(len(out.findings), np.uint64)
    for row in rows:
        run = runs.Run(str(row.pk), 0, row.count, checked=False)
        found |= dedup.among(_known(house).keys(run), out.findings, nothing)
    fresh = out.findings[~found]
    if len(fresh):
        _joined(house, m.KeyRun.FINDINGS, 0, rows, dedup.Keys(fresh, nothing[: len(fresh)]), seq)
    return len(fresh)


def _rows(house: Places, out: Outcome, seq: int) -> None:
    """Note the keys of the rows, day by day."""
    every = defaultdict(list)
    days = dedup.distinct(out.days)
    found = m.KeyRun.objects.filter(kind=m.KeyRun.ROWS, day__in=days.tolist()).order_by("seq")
    for row in found:
        every[row.day].append(row)
    for day in days.tolist():
        mine = out.days == day if len(days) > 1 else slice(None)
        keys = dedup.Keys(out.key[mine], out.check[mine])
        _joined(house, m.KeyRun.ROWS, day, every[day], keys, seq)


def _joined(
    house: Places, kind: str, day: int, rows: list[m.KeyRun], keys: dedup.Keys, seq: int
) -> None:
    """A new run, merged with those before it when they are many."""
    checked = kind == m.KeyRun.ROWS
    count = dedup.joins([row.count for row in rows], len(keys))
    gone = rows[len(rows) - count :]
    those = [runs.Run(str(row.pk), day, row.count, checked) for row in gone]
    keys = dedup.merged(*map(_known(house).keys, those), keys)
    made = m.KeyRun(kind=kind, day=day, count=len(keys), seq=seq)
    runs.write(house, str(made.pk), keys, checked=checked)
    made.save(force_insert=True)
    # The files stay until the compactor sweeps: another process may be about to open them.
    m.KeyRun.objects.filter(pk__in=[row.pk for row in gone]).delete()
    for row in gone:
        _known(house).open_.pop(str(row.pk), None)


def _files(intake: m.Intake, out: Outcome, seq: int) -> None:
    now = timezone.now()
    if out.events and out.held:
        held = {name: getattr(out.held, name) for name in out.held.__slots__}
        m.DataFile.objects.create(
            id=out.events,
            kind=m.DataFile.EVENTS,
            intake=intake,
            part=out.task.number,
            committed=now,
            seq=seq,
            constants=out.constants,
            **held,
        )
        seq += 1
    if out.refused:
        m.DataFile.objects.create(
            id=out.refused,
            kind=m.DataFile.REJECTED,
            intake=intake,
            part=out.task.number,
            committed=now,
            seq=seq,
            rows=out.rejected,
            size=out.refused_size,
        )


def _listed(house: Places, intake: m.Intake, out: Outcome) -> None:
    """What a part of a snapshot lists, beside the store until the last part is in."""
    from comity.events.actions.snapshots import keep

    assert out.listed is not None  # noqa: S101 - asked for by the caller
    keep(house, intake, out.task.number, *out.listed)
