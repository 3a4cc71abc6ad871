"""The file of findings: what is known of each over all events that were put into it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import polars as pl
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from comity.events import models as m
from comity.events.rules import findings
from comity.events.store import columns
from comity.events.store.places import Places
from comity.kit import ids
from comity.ledger import actions as ledger

TOGETHER = 5_000_000
"""Events put in at once: 1 GB."""
LAYOUT = m.DataFile.FINDINGS_LAYOUT


def merge(house: Places, today: int) -> int:
    """Events not yet in the file, put into it; how many findings it then holds. A file as an
    earlier version of this gateway wrote it is made anew from all events."""
    old = m.DataFile.objects.filter(kind=m.DataFile.FINDINGS).order_by("-seq").first()
    if old is not None and old.level != LAYOUT:
        with transaction.atomic():
            ledger.hold()
            m.DataFile.objects.filter(kind=m.DataFile.FINDINGS).delete()
            m.DataFile.objects.filter(kind=m.DataFile.EVENTS).update(merged=False)
        old = None
    fresh = m.DataFile.objects.filter(kind=m.DataFile.EVENTS, merged=False).order_by("seq")
    made = 0
    for group in _groups(fresh):
        made, old = _merged(house, old, group, today)
        if old is None:  # somebody replaced a file meanwhile: the next round takes it
            break
    return made


def _groups(rows: Iterable[m.DataFile]) -> Iterator[list[m.DataFile]]:
    group: list[m.DataFile] = []
    for row in rows:
        if group and sum(one.rows for one in group) + row.rows > TOGETHER:
            yield group
            group = []
        group.append(row)
    if group:
        yield group


def _merged(
    house: Places, old: m.DataFile | None, group: list[m.DataFile], today: int
) -> tuple[int, m.DataFile | None]:
    before = int(old.constants["until"]) if old is not None else 0
    until = max(before, min(today, max(row.last_day for row in group)))
    parts = [findings.folded(_sightings(house, row, until)).collect() for row in group]
    fresh = pl.concat(parts)
    if old is not None:
        held = read(house, old).collect()
        late = held.filter(before < findings.DAY)["finding_key"] if until > before else None
        if late is not None and len(late):
            # Seen on days that were to come: of those there are no bits yet.
            held = held.filter(~_among(late))
            fresh = fresh.filter(~_among(late))
            parts = [fresh, anew(house, late, until, group)]
        held = findings.moved(held.lazy(), until - before).collect()
        keys = pl.concat([part["finding_key"] for part in parts]).unique()
        same, mine = held.filter(~_among(keys)), held.filter(_among(keys))
        parts = [mine, *parts]
    else:
        same = pl.DataFrame(schema=findings.FINDING)
    changed = findings.folded(pl.concat(parts).lazy()).collect()
    made = findings.laid_out(pl.concat([same, changed]), until)
    with transaction.atomic():
        ledger.hold()
        marked = m.DataFile.objects.filter(pk__in=[row.pk for row in group], merged=False)
        if marked.update(merged=True) != len(group):
            transaction.set_rollback(True)
            return 0, None
        return made.height, put(house, old, made)


def _among(keys: pl.Series) -> pl.Expr:
    return pl.col("finding_key").is_in(keys.implode())


def _sightings(house: Places, row: m.DataFile, until: int) -> pl.LazyFrame:
    events = columns.scan(house.store(str(row.pk)), row.constants, findings.WANTED)
    return findings.sightings(events, until)


def read(house: Places, row: m.DataFile) -> pl.LazyFrame:
    """The findings of the file, without what the file adds to them."""
    whole = columns.scan(house.store(str(row.pk)), row.constants, findings.HELD)
    return whole.select(*findings.FINDING)


def anew(
    house: Places, keys: pl.Series, until: int, more: Iterable[m.DataFile] = ()
) -> pl.DataFrame:
    """These findings over the events that are in the file now, and in `more`."""
    rows = m.DataFile.objects.filter(kind=m.DataFile.EVENTS, merged=True)
    parts = [
        findings.folded(_sightings(house, row, until).filter(_among(keys))).collect()
        for row in (*rows, *more)
    ]
    empty = pl.DataFrame(schema=findings.FINDING)
    return findings.folded(pl.concat([empty, *parts]).lazy()).collect()


def put(house: Places, old: m.DataFile | None, made: pl.DataFrame) -> m.DataFile:
    """The file in the place of the one before; in a transaction of the caller."""
    name = ids.new()
    path = house.store(str(name))
    constants = columns.write(made, path, sorted_=True)
    if old is not None:
        old.delete()
    seq = (m.DataFile.objects.aggregate(last=Max("seq"))["last"] or 0) + 1
    return m.DataFile.objects.create(
        id=name,
        kind=m.DataFile.FINDINGS,
        level=LAYOUT,
        committed=timezone.now(),
        seq=seq,
        rows=made.height,
        size=path.stat().st_size,
        constants=constants,
    )


def remake(house: Places, keys: pl.Series) -> int:
    """After events were deleted: these findings over what is left of them. What is replaced leaves
    the disk as the transaction commits, not at the next sweep; in a transaction of the caller.
    Returns how many are left in the file."""
    old = m.DataFile.objects.filter(kind=m.DataFile.FINDINGS).order_by("-seq").first()
    if old is None or not len(keys):
        return old.rows if old else 0
    path = house.store(str(old.pk))
    transaction.on_commit(lambda: path.unlink(missing_ok=True))
    if old.level != LAYOUT:  # of an earlier version: `merge` makes it from all events
        m.DataFile.objects.filter(kind=m.DataFile.EVENTS).update(merged=False)
        old.delete()
        return 0
    until = int(old.constants["until"])
    others = read(house, old).filter(~_among(keys)).collect()
    made = findings.laid_out(pl.concat([others, anew(house, keys, until)]), until)
    if made.height:
        put(house, old, made)
    else:
        old.delete()
    return made.height
