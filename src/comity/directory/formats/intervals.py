"""Ranges of addresses as columns of numbers, in order and without overlaps."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

U32 = npt.NDArray[np.uint32]
U64 = npt.NDArray[np.uint64]

LOW = 2**64 - 1


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """The ranges of one version in order, without overlaps. IPv4 has `high` all zero."""

    first_high: U64
    first_low: U64
    last_high: U64
    last_low: U64
    country: U32  # place in `Ranges.countries`
    asns: U32  # place in `Ranges.asns`


@dataclass(slots=True)
class Rows:
    """Lines as they are read: two columns of 64 bits for each end."""

    first_high: array[int] = field(default_factory=lambda: array("Q"))
    first_low: array[int] = field(default_factory=lambda: array("Q"))
    last_high: array[int] = field(default_factory=lambda: array("Q"))
    last_low: array[int] = field(default_factory=lambda: array("Q"))
    country: array[int] = field(default_factory=lambda: array("I"))
    asns: array[int] = field(default_factory=lambda: array("I"))


def settled(rows: Rows, sets: list[tuple[int, ...]], disputed: Counter[str]) -> Column:
    """The rows in order, cut so that each address is in one: the innermost range speaks for it,
    and what it leaves open, country or AS number, the range around it says."""
    column = Column(
        np.array(rows.first_high, np.uint64),
        np.array(rows.first_low, np.uint64),
        np.array(rows.last_high, np.uint64),
        np.array(rows.last_low, np.uint64),
        np.array(rows.country, np.uint32),
        np.array(rows.asns, np.uint32),
    )
    # By first address; of those with the same, the larger first.
    order = np.lexsort((~column.last_low, ~column.last_high, column.first_low, column.first_high))
    column = pick(column, order)
    if not _overlaps(column):
        return column
    return _columns(_cut(column, sets, disputed))


def pick(c: Column, order: npt.NDArray[np.intp]) -> Column:
    return Column(
        c.first_high[order],
        c.first_low[order],
        c.last_high[order],
        c.last_low[order],
        c.country[order],
        c.asns[order],
    )


def _overlaps(c: Column) -> bool:
    high, low = c.first_high[1:], c.first_low[1:]
    same = high == c.last_high[:-1]
    return bool(np.any((high < c.last_high[:-1]) | (same & (low <= c.last_low[:-1]))))


Segment = tuple[int, int, int, int]  # first, last, country, AS numbers


def _cut(c: Column, sets: list[tuple[int, ...]], disputed: Counter[str]) -> Iterator[Segment]:
    places = {numbers: place for place, numbers in enumerate(sets)}
    stack: list[Segment] = []
    at = 0  # the first address that no segment has yet

    def united(one: int, other: int) -> int:
        numbers = tuple(sorted({*sets[one], *sets[other]}))
        if numbers not in places:
            places[numbers] = len(sets)
            sets.append(numbers)
        return places[numbers]

    for first, last, country, asns in segments(c):
        while stack and stack[-1][1] < first:
            top = stack.pop()
            if at <= top[1]:
                yield (at, top[1], top[2], top[3])
                at = top[1] + 1
        if stack:
            around = stack[-1]
            if at < first:
                yield (at, first - 1, around[2], around[3])
            if around[:2] == (first, last):  # the same range twice: all its AS numbers hold
                stack.pop()
                asns = united(around[3], asns)
                disputed["range"] += bool(country and around[2] and country != around[2])
                country = country or around[2]
            else:
                country, asns = country or around[2], asns or around[3]
        at = max(at, first)
        stack.append((first, last, country, asns))
    while stack:
        top = stack.pop()
        if at <= top[1]:
            yield (at, top[1], top[2], top[3])
            at = top[1] + 1


def segments(c: Column) -> Iterator[Segment]:
    columns = (c.first_high, c.first_low, c.last_high, c.last_low, c.country, c.asns)
    for at in range(0, len(c.country), 65_536):
        parts = [column[at : at + 65_536].tolist() for column in columns]
        for first_high, first_low, last_high, last_low, country, asns in zip(*parts, strict=True):
            yield first_high << 64 | first_low, last_high << 64 | last_low, country, asns


def _columns(segments: Iterator[Segment]) -> Column:
    rows = Rows()
    for first, last, country, asns in segments:
        rows.first_high.append(first >> 64)
        rows.first_low.append(first & LOW)
        rows.last_high.append(last >> 64)
        rows.last_low.append(last & LOW)
        rows.country.append(country)
        rows.asns.append(asns)
    return settled(rows, [], Counter())
