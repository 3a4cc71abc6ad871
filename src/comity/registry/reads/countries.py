"""What is recorded of each country: for the map, the table beside it, and the profile."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import F, Sum, Window
from django.db.models.functions import RowNumber

from comity.kit.tlp import Viewer
from comity.people.reads import visible_handlings
from comity.registry.models import Entry, Facet, FacetCount


def by_country(viewer: Viewer) -> dict[str, dict[str, int]]:
    """How many entries of each kind name a country: country to kind to count, one query."""
    visible = visible_handlings(viewer)
    rows = FacetCount.objects.filter(
        facet="country", entry_handling__in=visible, value_handling__in=visible, n__gt=0
    )
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for country, kind, total in rows.values_list("value", "kind").annotate(total=Sum("n")):
        found[country][kind] = total
    return dict(found)


def newest_of(viewer: Viewer, country: str, each: int = 3) -> dict[str, list[Entry]]:
    """The newest entries of every kind that name a country: kind to entries, one query."""
    visible = visible_handlings(viewer)
    having = Facet.objects.filter(facet="country", value=country, handling__in=visible)
    rows = Entry.objects.filter(place__in=having.values("entry"), counted__in=visible)
    ranked = rows.annotate(
        rank=Window(RowNumber(), partition_by=F("kind"), order_by=F("place").desc())
    ).filter(rank__lte=each)
    found: dict[str, list[Entry]] = defaultdict(list)
    for row in ranked.select_related("handling").order_by("-place"):
        found[row.kind].append(row)
    return dict(found)


def of_kinds(
    viewer: Viewer, country: str, kinds: Sequence[str], limit: int = 50
) -> dict[str, list[Entry]]:
    """The entries of some kinds that name a country, newest first."""
    visible = visible_handlings(viewer)
    having = Facet.objects.filter(
        facet="country", value=country, handling__in=visible, kind__in=kinds
    )
    rows = Entry.objects.filter(
        place__in=having.values("entry"), kind__in=kinds, counted__in=visible
    )
    ranked = rows.annotate(
        rank=Window(RowNumber(), partition_by=F("kind"), order_by=F("place").desc())
    ).filter(rank__lte=limit)
    found: dict[str, list[Entry]] = {kind: [] for kind in kinds}
    for row in ranked.select_related("handling").order_by("-place"):
        found[row.kind].append(row)
    return found
