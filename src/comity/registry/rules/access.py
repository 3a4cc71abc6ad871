"""For whom nothing accessible exists: kind of resource, language and country, LDCs counted apart.

Accessible is what a reader can open, read and afford. What nobody checked is unknown: it is
neither counted as there nor as missing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Item:
    """One tool or training. No languages: nobody said which. None: nobody checked."""

    kind: str
    languages: frozenset[str]
    free: bool | None
    offline: bool | None
    link_ok: bool | None
    checked: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """A country and what matters there. No languages: not known which are read."""

    country: str
    languages: frozenset[str]
    ldc: bool = False
    lldc: bool = False
    sids: bool = False

    @property
    def pays(self) -> bool:
        """Whether a price keeps nobody out: not in the groups that Resolution 130 names."""
        return not (self.ldc or self.lldc or self.sids)


class Access(StrEnum):
    """Whether something is accessible. The order is from worst to best."""

    NO = "no"
    UNKNOWN = "unknown"
    YES = "yes"


_ORDER = tuple(Access)


def access(item: Item, reader: Reader, language: str) -> Access:
    """Whether the reader can use the item in a language: the worst of what is known of it.

    An offline copy stands in for a dead link. Cost is a bar only where `Reader.pays` is not.
    """
    opened = {True: Access.YES, False: Access.NO, None: Access.UNKNOWN}[item.link_ok]
    if item.offline:
        opened = Access.YES
    elif opened is Access.NO and item.offline is None:
        opened = Access.UNKNOWN  # there may be a copy
    cost = {True: Access.YES, False: Access.NO, None: Access.UNKNOWN}[item.free]
    if reader.pays:
        cost = Access.YES
    read = (
        Access.YES if _spoken(language) in {_spoken(code) for code in item.languages} else Access.NO
    )
    if not item.languages:
        read = Access.UNKNOWN
    return min(opened, cost, read, key=_ORDER.index)


def _spoken(code: str) -> str:
    """The language of a tag, without script or country: "zh-Hans" and "zh" are both read."""
    return code.replace("_", "-").split("-")[0].lower()


@dataclass(frozen=True, slots=True)
class Gap:
    """One kind and one language. Countries are in the order of their codes.

    `without`: read this language and have nothing of the kind in any language that they read.
    `unclear`: the same, but something may be accessible; nobody checked enough to tell.
    `elsewhere`: nothing for certain in this language, and something in another that they read.
    """

    kind: str
    language: str  # empty: countries of which no language is known
    without: tuple[str, ...]
    ldcs_without: tuple[str, ...]
    unclear: tuple[str, ...]
    ldcs_unclear: tuple[str, ...]
    elsewhere: tuple[str, ...]


def gaps(items: Iterable[Item], countries: Collection[Reader], kinds: Iterable[str]) -> list[Gap]:
    """The gaps of each kind asked for, in its order, and of each language that is read there."""
    of_kind: dict[str, list[Item]] = {kind: [] for kind in kinds}
    for item in items:
        if item.kind in of_kind:
            of_kind[item.kind].append(item)
    readers = sorted(countries, key=lambda reader: reader.country)
    languages = sorted({code for reader in readers for code in _languages(reader)})
    rows = []
    for kind, offered in of_kind.items():
        best = {reader.country: _best(offered, reader) for reader in readers}
        for language in languages:
            row = _gap(kind, language, [r for r in readers if language in _languages(r)], best)
            if row.without or row.unclear or row.elsewhere:
                rows.append(row)
    return rows


def _languages(reader: Reader) -> frozenset[str]:
    return frozenset(map(_spoken, reader.languages)) or frozenset({""})


def _best(items: Collection[Item], reader: Reader) -> dict[str, Access]:
    """The best access of a country in each of its languages."""
    found = {}
    for language in _languages(reader):
        verdicts = [access(item, reader, language) for item in items]
        if not language:  # whether it is read is what nobody knows
            verdicts = [
                Access.UNKNOWN
                for item in items
                for code in (item.languages or {""})
                if access(item, reader, code) is not Access.NO
            ]
        found[language] = max(verdicts, key=_ORDER.index, default=Access.NO)
    return found


def _gap(
    kind: str, language: str, readers: Collection[Reader], best: dict[str, dict[str, Access]]
) -> Gap:
    placed: dict[str, list[Reader]] = {"without": [], "unclear": [], "elsewhere": []}
    for reader in readers:
        verdicts = best[reader.country]
        if verdicts[language] is Access.YES:
            continue
        overall = max(verdicts.values(), key=_ORDER.index)
        place = {Access.YES: "elsewhere", Access.UNKNOWN: "unclear", Access.NO: "without"}
        placed[place[overall]].append(reader)

    def codes(place: str, ldc: bool = False) -> tuple[str, ...]:
        return tuple(reader.country for reader in placed[place] if reader.ldc or not ldc)

    return Gap(
        kind,
        language,
        codes("without"),
        codes("without", ldc=True),
        codes("unclear"),
        codes("unclear", ldc=True),
        codes("elsewhere"),
    )
