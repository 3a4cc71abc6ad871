"""A named query: data that says what is counted, and a pure function that counts.

`run` is the only way a figure comes to be. A query that raises gives a figure that says so: the
page and the report name it, and nobody reads 0 where nothing was counted.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from comity.report.rules.classing import Classed, Classes, classed
from comity.report.types.figures import (
    Chapter,
    Count,
    Facts,
    Figure,
    FigureType,
    Scope,
    Share,
    Total,
    Value,
)

FEW = 5  # fewer persons than this can be recognised in a total


@dataclass(frozen=True)
class Ground:
    """The facts, with each entry put in its places once."""

    facts: Facts
    classes: Classes

    @property
    def scope(self) -> Scope:
        return self.facts.scope

    @cached_property
    def entries(self) -> tuple[Classed, ...]:
        return tuple(classed(told, self.classes) for told in self.facts.entries)

    @cached_property
    def of_kind(self) -> Mapping[str, tuple[Classed, ...]]:
        found: dict[str, list[Classed]] = {}
        for entry in self.entries:
            found.setdefault(entry.told.kind, []).append(entry)
        return {kind: tuple(rows) for kind, rows in found.items()}

    def kind(self, key: str) -> tuple[Classed, ...]:
        return self.of_kind.get(key, ())

    @cached_property
    def activities(self) -> tuple[Classed, ...]:
        """What was done in the year, as far as a source says that it was: an announcement is
        none, a total is none, and what lies outside the core mandate is counted apart."""
        return tuple(
            entry
            for entry in self.kind("activity")
            if within(entry, self.scope)
            and entry.told.subtype != "cumulative_figure"
            and entry.told.first_of("status") != "announced"
            and not entry.outside
        )


def within(entry: Classed, scope: Scope) -> bool:
    """Whether its days touch the year, no later than the last day reported on."""
    told = entry.told
    first = told.first or told.last
    if first is None or first > scope.day:
        return False
    return told.last is None or told.last >= scope.start


def entries_under(ground: Ground) -> defaultdict[str, list[Classed]]:
    """The entries of the year under each paragraph."""
    found: defaultdict[str, list[Classed]] = defaultdict(list)
    for entry in ground.entries:
        if not entry.outside and within(entry, ground.scope):
            for key in entry.paragraphs:
                found[key].append(entry)
    return found


def dated(text: str, scope: Scope) -> bool:
    """Whether a date as a source gives it ("2014", "2014-05") lies in the part told of the year."""
    return text[:4] == f"{scope.year:04d}" and text <= scope.day.isoformat()


@dataclass(frozen=True, slots=True)
class Found:
    """What a query found. No value: nothing is recorded, which is "not reported"."""

    value: Value
    records: tuple[str, ...] = ()
    as_of: str = ""


def counted(entries: Iterable[Classed]) -> Found:
    """So many entries; not reported where there is none."""
    names = tuple(entry.told.name for entry in entries)
    return Found(Count(len(names)) if names else None, names)


def totalled(entries: Iterable[Classed], scope: Scope) -> Found:
    names = tuple(entry.told.name for entry in entries)
    return Found(Total(len(names), scope.day.isoformat()) if names else None, names)


def shared(part: frozenset[str], whole: frozenset[str], names: Iterable[str] = ()) -> Found:
    """A share of known things; not reported where there is nothing to be a share of."""
    records = tuple(names)
    if not whole or not records:
        return Found(None, records)
    return Found(Share(len(part & whole), len(whole)), records)


@dataclass(frozen=True, slots=True)
class Query:
    """One named query. `label`, `unit` and `filter` are English, marked for the catalogues."""

    id: str
    label: str
    unit: str
    type: FigureType
    chapter: Chapter
    filter: str
    find: Callable[[Ground], Found]
    paragraphs: tuple[str, ...] = ()
    personal: bool = False
    given: Mapping[str, str] = field(default_factory=dict)
    quoted: str = ""


def run(query: Query, ground: Ground) -> Figure:
    """The figure of a query: its value, that nothing is reported, or that it failed."""
    failed, found = "", Found(None)
    try:
        found = query.find(ground)
    except Exception as error:  # whatever it is, the figure must say that it has none
        failed = type(error).__name__
    few = query.personal and _number(found.value) is not None and (_number(found.value) or 0) < FEW
    scope = ground.scope
    return Figure(
        query.id,
        query.label,
        query.unit,
        query.type,
        query.chapter,
        query.filter,
        None if few else found.value,
        found.as_of or (str(scope.year) if query.type is FigureType.COUNT else _day(scope.day)),
        query.paragraphs,
        () if few else found.records,
        query.given,
        query.quoted,
        failed,
        few,
    )


def _number(value: Value) -> int | None:
    if isinstance(value, Count | Total):
        return int(value.n)
    return value.numerator if value else None


def _day(day: dt.date) -> str:
    return day.isoformat()


Many = Callable[[Ground], Iterator[Query]]
"""A family of queries that depends on what there is, as one for each reported total."""
