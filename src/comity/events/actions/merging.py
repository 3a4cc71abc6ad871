"""The file of findings: what is known of each over all events that were put into it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

import polars as pl
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from comity.events import models as m
from comity.events.rules import findings
from comity.events.store import columns
from comity.events.store.places import Places
from comity.ledger import actions as ledger

TOGETHER = 2_000_000
"""Events put in at once."""
PIECE = 500_000
"""Findings of a piece of the file: 0.6 GB while it is put together. A piece holds the findings
whose keys begin with the same bits: of piece 1 all of them, of 2 and 3 one bit, of 4 to 7 two."""
LAYOUT = m.DataFile.FINDINGS_LAYOUT
Pieces = list[m.DataFile]
_NONE = pl.Series("finding_key", [], pl.UInt64)


def merge(house: Places, today: int) -> int:
    """Events not yet in the file, put into it; how many findings it then holds. A file as an
    earlier version of this gateway wrote it is made anew from all events."""
    old = _pieces()
    if any(row.level != LAYOUT for row in old):
        with transaction.atomic():
            ledger.hold()
            m.DataFile.objects.filter(kind=m.DataFile.FINDINGS).delete()
            m.DataFile.objects.filter(kind=m.DataFile.EVENTS).update(merged=False)
        old = []
    fresh = m.DataFile.objects.filter(kind=m.DataFile.EVENTS, merged=False).order_by("seq")
    made = 0
    for group in _groups(fresh):
        if not _merged(house, old, group, today):
            return 0  # somebody replaced a file meanwhile: the next round takes it
        old = _pieces()
        made = sum(row.rows for row in old)
    return made


def _pieces() -> Pieces:
    return list(m.DataFile.objects.filter(kind=m.DataFile.FINDINGS).order_by("part"))


def _groups(rows: Iterable[m.DataFile]) -> Iterator[Pieces]:
    group: Pieces = []
    for row in rows:
        if group and sum(one.rows for one in group) + row.rows > TOGETHER:
            yield group
            group = []
        group.append(row)
    if group:
        yield group


def _merged(house: Places, old: Pieces, group: Pieces, today: int) -> bool:
    before = until_of(old)
    until = max(before, min(today, max(row.last_day for row in group)))
    fresh = pl.concat([findings.folded(_sightings(house, row, until)).collect() for row in group])
    late = _NONE
    if old and until > before:
        # Seen on days that were to come: of those there are no bits yet.
        coming = [read(house, row).filter(before < findings.DAY) for row in old]
        late = pl.concat(coming).select("finding_key").unique().collect().to_series()
    if len(late):
        fresh = pl.concat([fresh.filter(~_among(late)), anew(house, late, until, group)])
    made: Pieces = []
    gone = {row.pk: row for row in old}
    for number in _numbers(old, fresh.height):
        mine, some = _within(number), fresh.filter(_within(number))
        same = next((row for row in old if row.part == number), None)
        if same and until == before and not some.height:
            del gone[same.pk]
            continue
        parts = [read(house, row) for row in old if _holds(row.part, number)]
        held = pl.concat([pl.LazyFrame(schema=findings.FINDING), *parts]).filter(mine)
        held = held.filter(~_among(late)) if len(late) else held
        held = findings.moved(held, until - before) if old else held
        made += _written(house, number, _joined(held.collect(), some), until)
    with transaction.atomic():
        ledger.hold()
        marked = m.DataFile.objects.filter(pk__in=[row.pk for row in group], merged=False)
        if marked.update(merged=True) != len(group):
            transaction.set_rollback(True)
            return False
        _replaced(gone, made)
    return True


def _joined(held: pl.DataFrame, fresh: pl.DataFrame) -> pl.DataFrame:
    keys = fresh["finding_key"].unique()
    changed = pl.concat([held.filter(_among(keys)), fresh]).lazy()
    return pl.concat([held.filter(~_among(keys)), findings.folded(changed).collect()])


def _numbers(old: Pieces, fresh: int) -> range:
    """The pieces that the file is to have: never fewer than it has."""
    wanted = max(sum(row.rows for row in old) + fresh - 1, 0) // PIECE
    bits = max([wanted.bit_length(), *(row.part.bit_length() - 1 for row in old)])
    return range(1 << bits, 2 << bits)


def _holds(one: int, other: int) -> bool:
    """Whether a piece holds the findings of another."""
    return other >> (other.bit_length() - one.bit_length()) == one


def _within(number: int) -> pl.Expr:
    """Of the findings those of a piece."""
    free = 65 - number.bit_length()
    first = (number << free) & (2**64 - 1)
    ends = (pl.lit(edge, pl.UInt64) for edge in (first, first + (1 << free) - 1))
    return pl.col("finding_key").is_between(*ends)


def _among(keys: pl.Series) -> pl.Expr:
    return pl.col("finding_key").is_in(keys.implode())


def _sightings(house: Places, row: m.DataFile, until: int) -> pl.LazyFrame:
    events = columns.scan(house.store(str(row.pk)), row.constants, findings.WANTED)
    return findings.sightings(events, until)


def until_of(pieces: Pieces) -> int:
    """The day of bit 0 of a file."""
    return max((int(row.constants["until"]) for row in pieces), default=0)


def read(house: Places, row: m.DataFile) -> pl.LazyFrame:
    """The findings of a piece, without what the file adds to them."""
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


def _written(house: Places, number: int, made: pl.DataFrame, until: int) -> Pieces:
    """The row of a piece whose file is on disk; none where it would be empty."""
    if not made.height:
        return []
    row = m.DataFile(kind=m.DataFile.FINDINGS, level=LAYOUT, part=number, rows=made.height)
    path = house.store(str(row.pk))
    row.constants = columns.write(findings.laid_out(made, until), path, sorted_=True)
    row.size = path.stat().st_size
    return [row]


def _replaced(gone: Mapping[UUID, m.DataFile], made: Pieces) -> None:
    """Pieces in the place of others; in a transaction of the caller."""
    m.DataFile.objects.filter(pk__in=gone).delete()
    seq = m.DataFile.objects.aggregate(last=Max("seq"))["last"] or 0
    for number, row in enumerate(made, seq + 1):
        row.seq, row.committed = number, timezone.now()
        row.save(force_insert=True)


def remake(house: Places, keys: pl.Series) -> int:
    """After events were deleted: these findings over what is left of them. What is replaced leaves
    the disk as the transaction commits, not at the next sweep; in a transaction of the caller.
    Returns how many are left in the file."""
    old = _pieces()
    if not old or not len(keys):
        return sum(row.rows for row in old)
    touched = [row for row in old if keys.to_frame("finding_key").filter(_within(row.part)).height]
    if any(row.level != LAYOUT for row in old):  # `merge` makes it from all events
        m.DataFile.objects.filter(kind=m.DataFile.EVENTS).update(merged=False)
        touched, made = old, []
    else:
        until = until_of(old)
        again = anew(house, keys, until)
        made = []
        for row in touched:
            others = read(house, row).filter(~_among(keys)).collect()
            whole = pl.concat([others, again.filter(_within(row.part))])
            made += _written(house, row.part, whole, until)
    paths = [house.store(str(row.pk)) for row in touched]
    transaction.on_commit(lambda: [path.unlink(missing_ok=True) for path in paths])
    _replaced({row.pk: row for row in touched}, made)
    return sum(row.rows for row in _pieces())
