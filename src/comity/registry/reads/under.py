"""What stands under a paragraph: the entries that name it, and those whose kind belongs there.

Which kinds belong to a paragraph is not the registry's to say: whoever asks gives them. Counted in
the database, by kind and year, because a paragraph may gather tens of thousands of entries.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import ExtractYear

from comity.kit.tlp import Viewer
from comity.people.reads import visible_handlings
from comity.registry.models import Entry, Facet

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
    rows = Entry.objects.filter(counted__in=visible).filter(_belonging(naming, kinds, visible))
    by_kind: dict[str, dict[int | None, int]] = defaultdict(dict)
    counted = rows.order_by().annotate(of=ExtractYear("first")).values_list("kind", "of")
    for kind, year, number in counted.annotate(n=Count("place")):
        by_kind[kind][year] = number
    facets = Facet.objects.filter(entry__in=rows.order_by().values("place"), handling__in=visible)
    newest = _newest(rows, today)
    regions = facets.filter(facet="region").order_by().values_list("value", flat=True).distinct()
    return Under(
        sum(number for years in by_kind.values() for number in years.values()),
        rows.filter(place__in=naming.values("entry")).count(),
        {kind: dict(years) for kind, years in by_kind.items()},
        newest,
        max((min(each.last or today, today) for each in newest), default=None),
        _as_given(newest[0]) if newest else "",
        frozenset(regions),
        _threats(visible),
    )


def _belonging(
    naming: QuerySet[Facet], kinds: Collection[tuple[str, str]], visible: tuple[int, ...]
) -> Q:
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


def _newest(rows: QuerySet[Entry], today: dt.date) -> tuple[Entry, ...]:
    found = rows.filter(first__lte=today).select_related("handling")
    return tuple(found.order_by("-first", "-place")[:NEWEST])


def _as_given(entry: Entry) -> str:
    """The end of its days as its card gives them; empty where it gives none."""
    for key in ("period", "date", "adopted", "approved", "issued"):
        for value in entry.card.get(key, ()):
            return str(value).rpartition("/")[2].replace("..", "")
    return ""


def _threats(visible: tuple[int, ...]) -> frozenset[str]:
    codes = Facet.objects.filter(facet="rsit", kind="practice", handling__in=visible)
    return frozenset(codes.order_by().values_list("value", flat=True).distinct())
