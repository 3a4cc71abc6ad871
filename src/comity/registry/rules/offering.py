"""Entries as the nouns of matching: what a request asks for, what a tool or project offers.

Which field of which kind means what for a match is said here once, as a table.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from comity.kit import countries
from comity.kit.dates import BadDate, PartialDate
from comity.kit.errors import UnknownCountry
from comity.registry.rules.matching import Cost, Need, Offer

Said = Iterable[tuple[str, Any]]  # field and value of the statements that stand

# Subjects by which the offers that share one are found: the field of the need is the facet too.
SUBJECTS: Mapping[str, str] = {
    "area": "areas",
    "service": "services",
    "phase": "phase",
    "sector": "sectors",
}
_COSTS = {"free": Cost.FREE, "some_free": Cost.SHARED, "paid": Cost.PAID}


def _values(said: Said) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for field, value in said:
        if value not in found[field]:
            found[field].append(value)
    return found


def need_of(said: Said, today: dt.date) -> Need:
    """What a request asks for. Of several countries the first in its order is the one; all their
    groups count."""
    values = _values(said)
    codes = [code for code in values["country"] if _region(code, today) is not None]
    country = codes[0] if codes else ""
    return Need(
        areas=frozenset(values["area"]),
        phase=next(iter(values["phase"]), ""),
        languages=frozenset(values["language"]),
        country=country,
        region=(_region(country, today) or "") if country else "",
        groups=frozenset(group for code in codes for group in _groups(code, today)),
        services=frozenset(values["service"]),
        sectors=frozenset(values["sector"]),
    )


def offer_of(id_: str, kind: str, said: Said) -> Offer:
    """What is on record of one entry as an offer.

    A tool or training names the countries it is for; a project those it worked for, which is
    both experience and as far as it is known to reach; a practice is for all, and those States
    have experience that say they apply it (`applied` below gives these as countries).
    """
    values = _values(said)
    named = frozenset(values["country"])
    limits, done = _REACH[kind](values, named)
    return Offer(
        id_,
        kind,
        areas=frozenset(values["area"]),
        phases=frozenset(values["phase"]),
        languages=frozenset(values["language"]),
        cost=_cost(values["cost"]),
        countries=limits,
        regions=_NONE if kind == "practice" else frozenset(values["region"]) - {"GLOBAL"},
        services=frozenset(values["service"]),
        sectors=frozenset(values["sector"]),
        done_for=done,
        checked=max((day for day in map(_day, values["link_checked"]) if day), default=None),
    )


_NONE: frozenset[str] = frozenset()
Reach = tuple[frozenset[str], frozenset[str]]
APPLIED = "applied"  # countries whose bodies say they apply a practice: given beside the fields


def _limited(_values: Mapping[str, list[Any]], named: frozenset[str]) -> Reach:
    return named, _NONE


def _worked(_values: Mapping[str, list[Any]], named: frozenset[str]) -> Reach:
    return named, named


def _open(values: Mapping[str, list[Any]], _named: frozenset[str]) -> Reach:
    return _NONE, frozenset(values.get(APPLIED, ()))


_REACH: Mapping[str, Callable[[Mapping[str, list[Any]], frozenset[str]], Reach]] = {
    "tool": _limited,
    "training": _limited,
    "project": _worked,
    "practice": _open,
}
OFFERED_KINDS = tuple(_REACH)


def _cost(said: list[str]) -> Cost:
    """What it costs; where speakers differ nobody's word is taken."""
    return _COSTS.get(said[0], Cost.UNKNOWN) if len(said) == 1 else Cost.UNKNOWN


def _day(text: str) -> dt.date | None:
    try:
        return PartialDate.parse(text).first
    except BadDate:
        return None


def _region(code: str, today: dt.date) -> str | None:
    try:
        return countries.membership(code, max(today, countries.RECORD_FROM)).region
    except UnknownCountry:
        return None


def _groups(code: str, today: dt.date) -> list[str]:
    groups = countries.groups_on(code, max(today, countries.RECORD_FROM))
    return [group.value.upper() for group in groups]
