"""Gaps of access where some things are for some countries only: each country with what admits it.

`rules/access.py` weighs things that are for all alike. Countries that are admitted to the same
limited things form one group, and each group is weighed by itself.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from comity.kit.dates import BadDate, PartialDate
from comity.registry.rules.access import Gap, Item, Reader, gaps

KINDS = ("tool", "training")
FIELDS = (
    "language",
    "subtitle_language",
    "cost",
    "offline_copy",
    "link_checked",
    "link_gone",
    "country",
)
# Links die: of four African CERT sites on a list of 2014 a press test of that year reached one. A
# page that was found somewhat more than a year ago, a yearly look and a month late, is not known
# to be there.
FRESH = dt.timedelta(days=400)
_FREE = {"free": True, "paid": False}


@dataclass(frozen=True, slots=True)
class Limited:
    """One thing and the countries it is for. None named: it is for all."""

    item: Item
    countries: frozenset[str] = frozenset()


def item_of(kind: str, said: Iterable[tuple[str, Any]], today: dt.date) -> Limited:
    """A tool or training from its statements. Where speakers differ on a yes or no, nobody's word
    is taken; languages and countries that anybody names count."""
    values: dict[str, list[Any]] = defaultdict(list)
    for field, value in said:
        if value not in values[field]:
            values[field].append(value)
    found = max(filter(None, map(_day, values["link_checked"])), default=None)
    gone = max(filter(None, map(_day, values["link_gone"])), default=None)
    return Limited(
        Item(
            kind,
            frozenset(values["language"]) | frozenset(values["subtitle_language"]),
            _one(_FREE.get(cost) for cost in values["cost"]),
            _one(copy is True for copy in values["offline_copy"]),
            _opens(found, gone, today),
            found,
        ),
        frozenset(values["country"]),
    )


def _opens(found: dt.date | None, gone: dt.date | None, today: dt.date) -> bool | None:
    """Dead where that was seen last; there where it was found within `FRESH`; else not known."""
    if gone and (found is None or gone > found):
        return False
    return True if found and found >= today - FRESH else None


def _one(said: Iterable[bool | None]) -> bool | None:
    """The answer, where there is one and no other."""
    answers = set(said)
    return answers.pop() if len(answers) == 1 else None


def _day(text: Any) -> dt.date | None:
    try:
        return PartialDate.parse(str(text)).last
    except BadDate:
        return None


def gaps_within(
    things: Collection[Limited], readers: Collection[Reader], kinds: Sequence[str] = KINDS
) -> list[Gap]:
    """As `access.gaps`, with what is for some countries counted for these alone."""
    for_all = {_plain(thing.item) for thing in things if not thing.countries}
    limited = {(_plain(thing.item), thing.countries) for thing in things if thing.countries}
    groups: dict[frozenset[Item], list[Reader]] = defaultdict(list)
    for reader in readers:
        admitted = frozenset(item for item, countries in limited if reader.country in countries)
        groups[admitted - for_all].append(reader)
    found: dict[tuple[str, str], list[Gap]] = defaultdict(list)
    for admitted, members in groups.items():
        for gap in gaps(for_all | admitted, members, kinds):
            found[gap.kind, gap.language].append(gap)
    order = {kind: n for n, kind in enumerate(kinds)}
    return [_joined(found[key]) for key in sorted(found, key=lambda k: (order[k[0]], k[1]))]


def _plain(item: Item) -> Item:
    """What decides access: two of equal access need one look."""
    return replace(item, checked=None)


def _joined(rows: Sequence[Gap]) -> Gap:
    def all_of(name: str) -> tuple[str, ...]:
        return tuple(sorted(code for row in rows for code in getattr(row, name)))

    return Gap(
        rows[0].kind,
        rows[0].language,
        all_of("without"),
        all_of("ldcs_without"),
        all_of("unclear"),
        all_of("ldcs_unclear"),
        all_of("elsewhere"),
    )


def worst_first(rows: Iterable[Gap]) -> list[Gap]:
    """Those of most LDCs without first, then of most countries without, then unclear."""
    return sorted(
        rows,
        key=lambda row: (
            -len(row.ldcs_without),
            -len(row.without),
            -len(row.ldcs_unclear),
            -len(row.unclear),
            row.language,
        ),
    )


def bare(rows: Iterable[Gap]) -> Mapping[str, tuple[frozenset[str], frozenset[str]]]:
    """By kind: the countries without in every language they read, and the LDCs among them."""
    found: dict[str, tuple[frozenset[str], frozenset[str]]] = {}
    for row in rows:
        every, ldcs = found.get(row.kind, (frozenset(), frozenset()))
        found[row.kind] = (every | set(row.without), ldcs | set(row.ldcs_without))
    return found
