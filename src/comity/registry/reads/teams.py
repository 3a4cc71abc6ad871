"""Teams of the directory that may help with a request: what they say they can do, what they did.

What a team did is read from the entries that name it (projects, activities, practices) and from
requests that it has helped to the end, as far as the viewer may see each.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from comity.directory import reads as directory
from comity.kit.tlp import Viewer
from comity.people.reads import visible_handlings
from comity.registry.models import Entry, Facet, Match
from comity.registry.reads.entries import statements
from comity.registry.rules import matching
from comity.registry.rules.offering import need_of
from comity.registry.rules.requests import State

PREFIX = "team/"
COMPARED = 400  # teams weighed; a gateway that holds more says so
DEEDS = ("project", "activity", "practice")
_NAMED_IN = ("implementer", "body", "partner")
_OVER = ("ended", "suspended")


@dataclass(frozen=True, slots=True)
class Helper:
    """A team with the reasons why it may help."""

    code: str
    name: str
    country: str
    match: matching.Match


@dataclass(frozen=True, slots=True)
class Helpers:
    """The best teams; `more`: there are teams that were not weighed."""

    rows: tuple[Helper, ...]
    more: bool = False


def helpers(viewer: Viewer, one: Entry, *, today: dt.date, limit: int = 5) -> Helpers:
    """The teams that may help with this request; none for a request that one may not see."""
    if one.handling_id not in visible_handlings(viewer):
        return Helpers(())
    said = [(row.field, row.value) for row in statements(viewer, [one])[one.pk]]
    need = need_of(said, today)
    teams, more = _teams(viewer, today)
    records = directory.records(viewer, teams)
    deeds = _deeds(viewer, [record.name for record in records])
    done = _done(viewer, [record.code for record in records])
    offers = [
        _offer(record, deeds.get(record.name, {}), done.get(record.code, frozenset()))
        for record in records
        if not set(_said(record, "operational_status")) & set(_OVER)
    ]
    by_id = {f"{PREFIX}{record.code}": record for record in records}
    found = matching.match(need, offers, limit)
    rows = tuple(
        Helper(by_id[m.id].code, by_id[m.id].name, by_id[m.id].country, _without_limit(m))
        for m in found
    )
    return Helpers(rows, more)


def held(viewer: Viewer, codes: Iterable[str]) -> dict[str, Any]:
    """The teams with these codes, those that there are."""
    found = {}
    for code in codes:
        try:
            found[code] = directory.team(viewer, code)
        except directory.NotHeld:
            continue
    return found


def _teams(viewer: Viewer, today: dt.date) -> tuple[list[Any], bool]:
    found: list[Any] = []
    cursor: str | None = None
    while len(found) < COMPARED:
        page = directory.listed(viewer, directory.Wanted(), today, cursor=cursor, limit=200)
        found += [row.team for row in page.items]
        cursor = page.next
        if cursor is None:
            return found, False
    return found, True


def _said(record: Any, field: str) -> list[str]:
    return [str(value.value) for value in record.values if value.field == field]


Facets = Mapping[str, set[str]]


def _offer(record: Any, deeds: Facets, done: frozenset[str]) -> matching.Offer:
    def of(facet: str, *said: str) -> frozenset[str]:
        return frozenset(deeds.get(facet, ())) | {v for f in said for v in _said(record, f)}

    return matching.Offer(
        f"{PREFIX}{record.code}",
        "team",
        areas=of("area", "expertise"),
        phases=of("phase"),
        languages=frozenset(_said(record, "language")),
        services=of("service", "service"),
        sectors=of("sector"),
        done_for=of("country") | done,
    )


def _without_limit(match: matching.Match) -> matching.Match:
    """A team does not offer itself to all: that nobody named a limit is no reason. Its cost is
    asked of nobody either."""
    kept = tuple(r for r in match.reasons if r.rule not in ("for_all", "cost_unknown"))
    return matching.Match(match.id, match.score, kept)


def _deeds(viewer: Viewer, names: Sequence[str]) -> dict[str, dict[str, set[str]]]:
    """By the name of a team: the facets of the entries that name it."""
    visible = visible_handlings(viewer)
    seen = {"handling__in": visible, "entry__counted__in": visible}
    naming = Facet.objects.filter(
        facet__in=_NAMED_IN, value__in=set(names), kind__in=DEEDS, **seen
    ).values_list("value", "entry")
    of_entry: dict[int, set[str]] = defaultdict(set)
    for name, place in naming:
        of_entry[place].add(name)
    rows = Facet.objects.filter(
        entry__in=list(of_entry)[:2000],
        facet__in=("area", "phase", "service", "sector", "country"),
        handling__in=visible,
    ).values_list("entry", "facet", "value")
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for place, facet, value in rows:
        for name in of_entry[place]:
            found[name][facet].add(value)
    return found


def _done(viewer: Viewer, codes: Sequence[str]) -> dict[str, frozenset[str]]:
    """By the code of a team: the countries of requests that it helped to the end."""
    visible = visible_handlings(viewer)
    rows = Match.objects.filter(
        team__in=codes,
        state="chosen",
        request__standing=State.DONE.value,
        request__handling__in=visible,
        request__facets__facet="country",
        request__facets__handling__in=visible,
    ).values_list("team", "request__facets__value")
    found: dict[str, set[str]] = defaultdict(set)
    for code, country in rows:
        found[code].add(country)
    return {code: frozenset(countries) for code, countries in found.items()}
