"""What stands under a paragraph: the entries that name it, and those whose kind belongs there.

Which kinds belong to a paragraph is not the registry's to say: whoever asks gives them. Counted in
the database, by kind and year, because a paragraph may gather tens of thousands of entries.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, TextField
from django.db.models.functions import Cast, Substr

from comity.kit.tlp import Viewer
from comity.people.reads import visible_handlings
from comity.registry.models import Entry, Facet
from comity.registry.reads.kinds import vocabularies

NEWEST = 8  # entries named; the lists of the registry hold the rest


@dataclass(frozen=True, slots=True)
class Under:
    """What the viewer may see under one paragraph."""

    total: int
    named: int  # of these, those that name the paragraph themselves
    by_kind: Mapping[str, Mapping[int | None, int]]  # kind to year to number; None: undated
    newest: tuple[Entry, ...]
    last: dt.date | None  # the last day that the newest of them can mean, up to today
    since: str  # the same as its source gives it: a year stays a year
    regions: frozenset[str]
    threats: frozenset[str]  # codes of the practices among all that the viewer may see


def under(
    viewer: Viewer, provision: str, kinds: Collection[tuple[str, str]], today: dt.date
) -> Under:
    """All that stands under "itu-pp/res-130/2014/resolves/3". `kinds` are (kind, subtype) that
    belong there by their nature; an empty subtype means the whole kind."""
    visible = visible_handlings(viewer)
    naming = Facet.objects.filter(facet="provision", value=provision, handling__in=visible)
    held = Entry.objects.filter(counted__in=visible)
    whole = sorted({kind for kind, subtype in kinds if not subtype})
    parts = [each for each in kinds if each[0] not in whole]
    rest = held.exclude(kind__in=whole).filter(belonging(naming, parts, visible))
    # Whole kinds are asked by themselves: their index answers without a look at the entries.
    pieces = [*(held.filter(kind=kind) for kind in whole), rest]
    by_kind: dict[str, dict[int | None, int]] = defaultdict(dict)
    for piece in pieces:
        year = Substr(Cast("first", TextField()), 1, 4)
        counted = piece.order_by().values("kind").annotate(of=year, n=Count("place"))
        for kind, of, number in counted.values_list("kind", "of", "n"):
            by_kind[kind][int(of) if of else None] = number
    newest = _newest(pieces, today)
    return Under(
        sum(number for years in by_kind.values() for number in years.values()),
        held.filter(place__in=naming.values("entry")).count(),
        {kind: dict(years) for kind, years in by_kind.items()},
        newest,
        max((min(each.last or today, today) for each in newest), default=None),
        _as_given(newest[0]) if newest else "",
        _regions(whole, rest, visible),
        _threats(visible),
    )


def belonging(
    naming: QuerySet[Facet], kinds: Collection[tuple[str, str]], visible: tuple[int, ...]
) -> Q:
    """Entries that name it, and those of the kinds and subtypes that belong there."""
    wanted = Q(place__in=naming.values("entry"))
    whole = [kind for kind, subtype in kinds if not subtype]
    if whole:
        wanted |= Q(kind__in=whole)
    parts: dict[str, list[str]] = defaultdict(list)
    for kind, subtype in kinds:
        if subtype and kind not in whole:
            parts[kind].append(subtype)
    for kind, subtypes in parts.items():
        wanted |= Q(
            place__in=Facet.objects.filter(
                facet="subtype", kind=kind, value__in=subtypes, handling__in=visible
            ).values("entry")
        )
    return wanted


def _newest(pieces: Iterable[QuerySet[Entry]], today: dt.date) -> tuple[Entry, ...]:
    """The newest of each piece, then of all; whole rows are read of those only."""
    found: list[tuple[dt.date, int]] = []
    for piece in pieces:
        rows = piece.filter(first__lte=today).order_by("-first", "-place")
        found += rows.values_list("first", "place")[:NEWEST]
    found.sort(reverse=True)
    places = [place for _first, place in found[:NEWEST]]
    held = Entry.objects.select_related("handling").in_bulk(places)
    return tuple(held[place] for place in places)


def _regions(
    whole: Collection[str], rest: QuerySet[Entry], visible: tuple[int, ...]
) -> frozenset[str]:
    """One short look for each region: is there any? Listing the regions of all would read all."""
    table = vocabularies().get("regions")
    inside = Q(kind__in=whole) | Q(entry__in=rest.order_by().values("place"))
    facets = Facet.objects.filter(
        inside, facet="region", handling__in=visible, entry__counted__in=visible
    )
    codes = table.terms if table else ()
    return frozenset(code for code in codes if facets.filter(value=code).exists())


def _as_given(entry: Entry) -> str:
    """The end of its days as its card gives them; empty where it gives none."""
    for key in ("period", "date", "adopted", "approved", "issued"):
        for value in entry.card.get(key, ()):
            return str(value).rpartition("/")[2].replace("..", "")
    return ""


def _threats(visible: tuple[int, ...]) -> frozenset[str]:
    codes = Facet.objects.filter(facet="rsit", kind="practice", handling__in=visible)
    return frozenset(codes.order_by().values_list("value", flat=True).distinct())
