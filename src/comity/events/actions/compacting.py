"""The store put in order: files sorted by who must act and by address, findings merged, raw files
packed, what no manifest names swept away.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path

import polars as pl
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from comity.events import models as m
from comity.events.actions import merging
from comity.events.reads.house import places
from comity.events.rules import batch
from comity.events.store import columns, spool
from comity.events.store.places import PARTIAL, Places, held
from comity.events.types.stored import STORED
from comity.kit import ids
from comity.ledger import actions as ledger

TOGETHER = 1_000_000
"""Rows sorted at once: 0.6 GB. Five files a day of five million are opened as one."""
DAY = 86_400
GRACE = 600  # seconds a file stays that nobody names: a reader may just have been told of it


def compact(now: float | None = None) -> dict[str, int]:
    """All of it. Somebody else at it: nothing is done."""
    house = places()
    moment = now or time.time()
    with held(house.lock("compact"), shared=False, wait=False) as mine:
        if not mine:
            return {}
        done = {"files": _sorted_files(house), "findings": merging.merge(house, int(moment // DAY))}
        done["packed"] = _packed(house)
        done["swept"] = sweep(house, moment)
    return done


def _sorted_files(house: Places) -> int:
    """Fresh files of a day to sorted ones, a million rows at a time."""
    fresh = m.DataFile.objects.filter(kind=m.DataFile.EVENTS, level=0).order_by("first_day", "seq")
    groups: list[list[m.DataFile]] = []
    for row in fresh:
        if (
            groups
            and groups[-1][0].first_day == row.first_day
            and groups[-1][0].merged == row.merged  # its events are among the findings, or not
            and sum(one.rows for one in groups[-1]) + row.rows <= TOGETHER
        ):
            groups[-1].append(row)
        else:
            groups.append([row])
    for group in groups:
        _together(house, group)
    return sum(map(len, groups))


def _together(house: Places, group: list[m.DataFile]) -> None:
    frames = [columns.scan(house.store(str(row.pk)), row.constants) for row in group]
    events = pl.concat(frames).sort("route_set", "src_ip4", "src_ip6_hi").collect()
    replace_with(house, group, events)


def replace_with(
    house: Places, group: list[m.DataFile], events: pl.DataFrame, *, at_once: bool = False
) -> None:
    """Put a sorted file in the place of others, in one transaction. `at_once`: the others leave the
    disk now, for what is deleted must be gone; else the sweep takes them, when no reader can have
    just been told of them.
    """
    names = [str(row.pk) for row in group]
    name = ids.new()
    fields: dict[str, object] = {}
    if events.height:
        path = house.store(str(name))
        constants = columns.write(events.select(list(STORED)), path, sorted_=True)
        days = (events["time_source"].to_physical() // batch.DAY).to_numpy()
        known = batch.held(events, days, path.stat().st_size)
        fields = {field: getattr(known, field) for field in known.__slots__}
        fields["constants"] = constants
    with transaction.atomic():
        ledger.hold()
        gone, _ = m.DataFile.objects.filter(pk__in=[row.pk for row in group]).delete()
        if gone != len(group):  # a file went meanwhile: leave all as it is
            transaction.set_rollback(True)
            house.store(str(name)).unlink(missing_ok=True)
            return
        if fields:
            seq = (m.DataFile.objects.aggregate(last=Max("seq"))["last"] or 0) + 1
            m.DataFile.objects.create(
                id=name,
                kind=m.DataFile.EVENTS,
                level=1,
                committed=timezone.now(),
                seq=max(seq, max(row.seq for row in group) + 1),
                merged=all(row.merged for row in group),
                **fields,  # type: ignore[arg-type]
            )
    if at_once:
        for one in names:
            house.store(one).unlink(missing_ok=True)


def _packed(house: Places) -> int:
    """Raw files whose events are stored lie packed."""
    done = 0
    waiting = m.Intake.objects.filter(state=m.Intake.WAITING).values("raw")
    for raw in m.RawFile.objects.filter(removed=None).exclude(pk__in=waiting):
        if house.spool(raw.sha256).exists():
            kept = spool.pack(house, raw.sha256)
            m.RawFile.objects.filter(pk=raw.pk).update(kept=kept)
            done += 1
    return done


def sweep(house: Places, now: float, *, grace: float = GRACE) -> int:
    """Remove files that no manifest names: of dead writers, of what was merged or replaced."""
    named = {str(pk) for pk in m.DataFile.objects.values_list("pk", flat=True)}
    runs = {str(pk) for pk in m.KeyRun.objects.values_list("pk", flat=True)}
    runs |= {str(pk) for pk in m.Snapshot.objects.values_list("file", flat=True)}
    raws = set(m.RawFile.objects.values_list("sha256", flat=True))
    waiting = m.Intake.objects.filter(state=m.Intake.WAITING).values_list("pk", flat=True)
    listing = tuple(f"{pk}-" for pk in waiting)
    swept = 0
    for path in _every(house):
        kinds = {".parquet": named, "": raws, spool.PACKED: raws}
        known = path.stem in kinds.get(path.suffix, runs)
        if known or (path.stem.startswith(listing) if listing else False):
            continue
        try:
            if now - path.stat().st_mtime >= grace:
                path.unlink()
                swept += 1
        except FileNotFoundError:
            continue
    return swept


def _every(house: Places) -> Iterable[Path]:
    for folder in ("store", "runs"):
        yield from (house.root / folder).iterdir()
    yield from (house.root / "tables").rglob(f"*{PARTIAL}")
    yield from (path for path in (house.root / "spool").rglob("*") if path.is_file())
