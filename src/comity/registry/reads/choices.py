"""What a list may be narrowed to beyond what is left of it, and what is near an entry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.db.models import Count, Q, Sum

from comity.kit.tlp import Viewer
from comity.people.reads import visible_handlings
from comity.registry.models import Entry, Facet, FacetCount
from comity.registry.reads.entries import EXACT, Question, looked_at

SHARED = 12  # countries or paragraphs: an entry of all States is near to none of them
CANDIDATES = 300


def other_values(viewer: Viewer, kind: str, facets: Sequence[str]) -> dict[str, list[str]]:
    """All values that the viewer may see of some facets, most first: one query.

    A list that is narrowed to Kenya leaves Kenya alone to choose; its form offers the others too.
    """
    if not facets:
        return {}
    visible = visible_handlings(viewer)
    rows = FacetCount.objects.filter(
        facet__in=facets, entry_handling__in=visible, value_handling__in=visible, n__gt=0
    )
    if kind:
        rows = rows.filter(kind=kind)
    found: dict[str, list[str]] = {name: [] for name in facets}
    totals = rows.values_list("facet", "value").annotate(total=Sum("n")).order_by("-total", "value")
    for facet, value, _total in totals:
        found[facet].append(value)
    return found


def kinds_found(viewer: Viewer, question: Question) -> dict[str, int] | None:
    """How many of each kind answer a question; None where there are too many to count now."""
    places = looked_at(viewer, question).values("place")[: EXACT + 1]
    rows = Entry.objects.filter(place__in=places).order_by().values_list("kind")
    totals = dict(rows.annotate(total=Count("place")))
    return totals if sum(totals.values()) <= EXACT else None


def related(viewer: Viewer, one: Entry, limit: int = 5) -> list[Entry]:
    """Entries of the same kind that share most countries and paragraphs with one, of the newest
    that share any: three queries, however many entries a country has."""
    visible = visible_handlings(viewer)
    mine: dict[str, list[str]] = {"country": [], "provision": []}
    facets = one.facets.filter(handling__in=visible, facet__in=mine).order_by("value")
    for facet, value in facets.values_list("facet", "value"):
        mine[facet].append(value)
    wanted = Q()
    for facet, values in mine.items():
        if 0 < len(values) <= SHARED:
            wanted |= Q(facet=facet, value__in=values)
    if not wanted:
        return []
    near = Facet.objects.filter(wanted, kind=one.kind).exclude(entry=one.pk)
    pairs = near.order_by("-entry").values_list("entry", "handling")[:CANDIDATES]
    shared = Counter(place for place, handling in pairs if handling in visible)
    best = [place for place, _n in sorted(shared.items(), key=lambda row: (-row[1], -row[0]))]
    rows = Entry.objects.filter(place__in=best[: limit * 4], counted__in=visible)
    found = sorted(rows.select_related("handling"), key=lambda row: best.index(row.pk))
    return found[:limit]
