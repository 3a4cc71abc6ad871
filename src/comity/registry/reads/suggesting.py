"""Which offers on record may answer a request: those the viewer may see, compared by rule."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count

from comity.kit.tlp import Viewer
from comity.people.reads import visible_handlings
from comity.registry.models import Entry, Facet, Statement
from comity.registry.reads.entries import statements
from comity.registry.rules import matching
from comity.registry.rules.offering import APPLIED, OFFERED_KINDS, SUBJECTS, need_of, offer_of

COMPARED = 400  # offers weighed one by one: about 60 ms; those that share the most come first
_APPLIES = frozenset({"applies", "applies_in_part"})


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One offer with its reasons, best first."""

    entry: Entry
    match: matching.Match


@dataclass(frozen=True, slots=True)
class Suggestions:
    """The best offers; `compared` of `sharing` that share a subject were weighed."""

    rows: tuple[Suggestion, ...]
    need: matching.Need
    compared: int
    sharing: int


def suggestions(viewer: Viewer, one: Entry, *, today: dt.date, limit: int = 10) -> Suggestions:
    """The offers that may answer this request, as one may see them; none for a request that one
    may not see."""
    if one.handling_id not in visible_handlings(viewer):
        return Suggestions((), matching.Need(), 0, 0)
    need = need_of(_pairs(statements(viewer, [one])[one.pk]), today)
    places, sharing = _sharing(viewer, need)
    rows = Entry.objects.filter(pk__in=places).select_related("handling", "owner")
    entries = {row.name: row for row in rows if row.pk != one.pk}
    said = statements(viewer, list(entries.values()))
    offers = [
        offer_of(name, row.kind, (*_pairs(said[row.pk]), *_applied(said[row.pk])))
        for name, row in entries.items()
    ]
    found = matching.match(need, offers, limit)
    shown = tuple(Suggestion(entries[match.id], match) for match in found)
    return Suggestions(shown, need, len(offers), sharing)


def _pairs(rows: Iterable[Statement]) -> list[tuple[str, object]]:
    return [(row.field, row.value) for row in rows]


def _applied(rows: Iterable[Statement]) -> list[tuple[str, str]]:
    """The countries of the bodies that say they apply it."""
    bodies = [
        row.source.body
        for row in rows
        if row.field == "applied_since" and row.value["event"] in _APPLIES
    ]
    return [(APPLIED, body.country) for body in bodies if body and body.country]


def _sharing(viewer: Viewer, need: matching.Need) -> tuple[Sequence[int], int]:
    """The places of the offers that share most values with the need, and how many share any."""
    wanted: dict[str, list[str]] = {}
    for facet, name in SUBJECTS.items():
        value = getattr(need, name)
        values = sorted(value) if isinstance(value, frozenset) else [value] if value else []
        if values:
            wanted[facet] = values
    visible = visible_handlings(viewer)
    listed = Entry.objects.filter(kind__in=OFFERED_KINDS, counted__in=visible)
    if not wanted:  # a need without subject is answered by all
        return list(listed.order_by("-place").values_list("pk", flat=True)[:COMPARED]), (
            listed.count()
        )
    rows = Facet.objects.filter(
        facet__in=wanted,
        value__in={value for values in wanted.values() for value in values},
        kind__in=OFFERED_KINDS,
        handling__in=visible,
        entry__counted__in=visible,
    )
    shared = rows.values("entry").annotate(shared=Count("id")).order_by("-shared", "-entry")
    return [row["entry"] for row in shared[:COMPARED]], shared.count()
