"""Lists of entries and one entry, as one viewer may see them.

Everything is filtered by the handlings that admit the viewer before it is counted, cut into pages
or shown: entry and value both. There is no other way to an entry than these functions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet, Sum

from comity.kit.errors import BadCursor
from comity.kit.paging import MAX_SEQUENCE, clamp_limit, decode_cursor, encode_cursor
from comity.kit.sayings import Voice
from comity.kit.tlp import Label, Viewer
from comity.people.reads import visible_handlings
from comity.registry.models import Entry, Facet, FacetCount, Reply, Statement
from comity.registry.reads.kinds import kinds
from comity.registry.reads.search import found_by
from comity.registry.rules.words import Query, parse_query
from comity.registry.types import EntryState, Field

EXACT = 2_000  # entries counted one by one; past that the page says "more than"
LISTED = (EntryState.PUBLISHED, EntryState.CONTESTED)
COUNTED_FACETS = 1_000  # entries among which facets are counted live, when filters are set


class NotHeld(LookupError):
    """There is no such entry, or not for this viewer: the two look the same."""


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody looks for. Values of one facet are alternatives, facets must all hold."""

    kind: str = ""
    text: str = ""
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sample: bool = True

    def as_data(self) -> dict[str, Any]:
        """What decides the list, for cursors and saved searches."""
        chosen = {name: sorted(values) for name, values in sorted(self.facets.items())}
        return {"kind": self.kind, "text": self.text, "facets": chosen}


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list, with what there is in all."""

    entries: tuple[Entry, ...]
    next: str | None
    total: int
    more_than: bool  # `total` is a lower bound
    facets: Mapping[str, tuple[tuple[str, int | None], ...]]  # values with counts, most first
    cut: bool = False  # part of the question was not searched


# --- lists --------------------------------------------------------------------------------


def listing(
    viewer: Viewer,
    question: Question,
    *,
    after: str = "",
    limit: int | None = None,
    facets: Iterable[str] = (),
) -> Listing:
    """A page of the entries that answer the question, newest first; where words are asked, those
    that hold them in their title come first. Raises `BadCursor` for a cursor of another list."""
    visible = visible_handlings(viewer)
    size = clamp_limit(limit)
    query = parse_query(question.text)
    found = _matching(question, visible, query, _most(question))
    tiers = _tiers(question, found, visible, query)
    entries, cursor = _page(tiers, after, size, question.as_data())
    total, more = _total(question, found, visible, query)
    counts = _facets(question, found, visible, query, total, more, tuple(facets))
    return Listing(entries, cursor, total, more, counts, query.cut)


def _visible(visible: Sequence[int], kind: str = "") -> QuerySet[Entry]:
    # `counted` is the handling of an entry that is listed, and empty for one that is not.
    rows = Entry.objects.filter(counted__in=visible)
    return rows.filter(kind=kind) if kind else rows


def _matching(
    question: Question, visible: Sequence[int], query: Query, most: int = 0
) -> QuerySet[Entry]:
    rows = _visible(visible, question.kind)
    if question.text.strip() and not query:
        return rows.none()  # only signs were typed: nothing holds them
    if query:
        rows = rows.filter(place__in=found_by(query, visible, kind=question.kind, most=most))
    for name, values in question.facets.items():
        having = Facet.objects.filter(facet=name, value__in=values, handling__in=visible)
        if question.kind:
            having = having.filter(kind=question.kind)
        rows = rows.filter(place__in=having.values("entry"))
    return rows


def _most(question: Question) -> int:
    """How many entries a search of words alone looks at. With a facet chosen, all of them."""
    return 0 if question.facets else EXACT + 1


def _tiers(
    question: Question, found: QuerySet[Entry], visible: Sequence[int], query: Query
) -> list[tuple[str, QuerySet[Entry]]]:
    if not query:
        return [("", found)]
    in_title = found_by(query, visible, kind=question.kind, title_only=True, most=_most(question))
    return [("t", found.filter(place__in=in_title)), ("w", found.exclude(place__in=in_title))]


def _page(
    tiers: list[tuple[str, QuerySet[Entry]]], after: str, size: int, question: Any
) -> tuple[tuple[Entry, ...], str | None]:
    """Newest first: the cursor holds how far from the end of time a row stands."""
    begun, mark = not after, after
    found: list[tuple[str, Entry]] = []
    for name, rows in tiers:
        if not begun:
            if name and not after.startswith(name):
                continue
            begun, mark = True, after[len(name) :]
            rows = rows.filter(place__lt=MAX_SEQUENCE - decode_cursor(mark, [question, name]))
        wanted = size + 1 - len(found)
        if wanted > 0:
            ordered = rows.select_related("handling", "owner").order_by("-place")
            found += [(name, entry) for entry in ordered[:wanted]]
    if not begun:
        raise BadCursor("the cursor belongs to another question", remedy="Start again.")
    cursor = None
    if len(found) > size:
        name, last = found[size - 1]
        cursor = name + encode_cursor(MAX_SEQUENCE - last.place, [question, name])
    return tuple(entry for _name, entry in found[:size]), cursor


def _total(
    question: Question, found: QuerySet[Entry], visible: Sequence[int], query: Query
) -> tuple[int, bool]:
    """How many there are: from the kept counts where they can tell, else counted up to EXACT."""
    chosen = [(name, value) for name, values in question.facets.items() for value in values]
    none = not all(question.facets.values())  # a facet of which no value is taken
    if not query and not question.text.strip() and len(chosen) <= 1 and not none:
        facet, value = chosen[0] if chosen else ("", "")
        rows = _counts(visible, question.kind).filter(facet=facet, value=value)
        return rows.aggregate(n=Sum("n"))["n"] or 0, False
    counted = found.order_by().values("place")[: EXACT + 1].count()
    return min(counted, EXACT), counted > EXACT


def _counts(visible: Sequence[int], kind: str = "") -> QuerySet[FacetCount]:
    rows = FacetCount.objects.filter(
        entry_handling__in=visible, value_handling__in=visible, n__gt=0
    )
    return rows.filter(kind=kind) if kind else rows


def _facets(
    question: Question,
    found: QuerySet[Entry],
    visible: Sequence[int],
    query: Query,
    total: int,
    more: bool,
    names: tuple[str, ...],
) -> dict[str, tuple[tuple[str, int | None], ...]]:
    """The values one may choose next. With filters set, counted among what they leave; among too
    many the values are given without counts rather than with wrong ones."""
    if not names:
        return {}
    plain = not query and not question.text.strip() and not question.facets
    rows: Iterable[tuple[str, str, int | None]]
    if plain or more or total > COUNTED_FACETS:
        kept = _counts(visible, question.kind).filter(facet__in=names)
        rows = kept.values_list("facet", "value").annotate(total=Sum("n"))
        if not plain:
            rows = [(facet, value, None) for facet, value, _n in rows]
    else:
        # As numbers: each is looked up by its own rows, not all rows by their facet.
        places = list(found.order_by().values_list("place", flat=True))
        live = Facet.objects.filter(entry__in=places, handling__in=visible)
        rows = [
            row
            for row in live.values_list("facet", "value").annotate(total=Count("id"))
            if row[0] in names
        ]
    grouped: dict[str, list[tuple[str, int | None]]] = defaultdict(list)
    for facet, value, n in rows:
        grouped[facet].append((value, n))
    return {
        name: tuple(sorted(grouped[name], key=lambda row: (-(row[1] or 0), row[0])))
        for name in names
        if grouped[name]
    }


def kind_totals(viewer: Viewer, facets: Mapping[str, str] | None = None) -> dict[str, int]:
    """How many entries of each kind the viewer may see, of all or with one (facet, value)."""
    facet, value = next(iter((facets or {}).items()), ("", ""))
    rows = _counts(visible_handlings(viewer)).filter(facet=facet, value=value)
    totals = dict(rows.values_list("kind").annotate(total=Sum("n")))
    return {key: totals[key] for key in kinds() if totals.get(key)}


def facet_totals(viewer: Viewer, facet: str, kind: str = "") -> dict[str, int]:
    """How many entries the viewer may see for each value of a facet: the map, the matrix."""
    rows = _counts(visible_handlings(viewer), kind).filter(facet=facet)
    return dict(rows.values_list("value").annotate(total=Sum("n")))


def newest_change(viewer: Viewer, kind: str = "") -> Any:
    """When something the viewer may see last changed; None when there is nothing."""
    rows = _visible(visible_handlings(viewer), kind).order_by("-changed")
    return rows.values_list("changed", flat=True).first()


def changed_lately(viewer: Viewer, question: Question, limit: int = 50) -> list[Entry]:
    """The entries of a question that changed last, for feeds."""
    visible = visible_handlings(viewer)
    rows = _matching(question, visible, parse_query(question.text))
    return list(rows.select_related("handling", "owner").order_by("-changed", "-place")[:limit])


def looked_at(viewer: Viewer, question: Question) -> QuerySet[Entry]:
    """The entries that `listing` looks at, in no order: for counts beside a list."""
    visible = visible_handlings(viewer)
    return _matching(question, visible, parse_query(question.text), _most(question)).order_by()


def in_order(viewer: Viewer, question: Question) -> QuerySet[Entry]:
    """All entries of a question, oldest first, for exports: a query to be walked in pieces."""
    visible = visible_handlings(viewer)
    rows = _matching(question, visible, parse_query(question.text))
    return rows.select_related("handling", "owner").order_by("place")


# --- one entry ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Value:
    """One statement as a page shows it."""

    row: Statement
    label: Label  # to print before it, where it is not CLEAR
    differs: bool = False  # another speaker says otherwise of a field that has one value


@dataclass(frozen=True, slots=True)
class FieldValues:
    """What is said in one field, in the kind's order."""

    field: Field
    values: tuple[Value, ...]

    @property
    def disputed(self) -> bool:
        return any(value.differs for value in self.values)


def entry(viewer: Viewer, kind: str, key: str) -> Entry:
    """One entry by its name. Raises `NotHeld`. A withdrawn one is held: its page says so."""
    rows = Entry.objects.select_related("handling", "owner")
    found = rows.filter(kind=kind, key=key, handling__in=visible_handlings(viewer)).first()
    if found is None:
        raise NotHeld(f"{kind}/{key}")
    return found


def entry_by_id(viewer: Viewer, id_: UUID) -> Entry:
    """One entry by its id. Raises `NotHeld`."""
    rows = Entry.objects.select_related("handling", "owner")
    found = rows.filter(id=id_, handling__in=visible_handlings(viewer)).first()
    if found is None:
        raise NotHeld(str(id_))
    return found


def entries_named(viewer: Viewer, names: Iterable[str]) -> dict[str, Entry]:
    """Entries by "kind/key", those that the viewer may see."""
    wanted = {tuple(name.split("/", 1)) for name in names if "/" in name}
    rows = _visible(visible_handlings(viewer)).filter(
        kind__in={kind for kind, _key in wanted}, key__in={key for _kind, key in wanted}
    )
    found = rows.select_related("handling")
    return {row.name: row for row in found if (row.kind, row.key) in wanted}


def statements(viewer: Viewer, entries: Sequence[Entry]) -> dict[int, list[Statement]]:
    """What stands, by the place of the entry, in the order of showing: whom it is about first. One
    query. Only of entries the viewer may see."""
    visible = visible_handlings(viewer)
    places = [e.pk for e in entries if e.handling_id in visible]
    rows = Statement.objects.filter(entry__in=places, ended__isnull=True, handling__in=visible)
    found: dict[int, list[Statement]] = defaultdict(list)
    ordered = rows.select_related("source", "source__body", "handling")
    for row in ordered.order_by("entry", "position", "pk"):
        found[row.entry_id].append(row)
    for each in found.values():
        each.sort(key=lambda row: Voice(row.source.voice).rank)
    return found


def values_of(viewer: Viewer, one: Entry) -> tuple[FieldValues, ...]:
    """What is said of an entry, field by field; differing speakers stand side by side."""
    by_field: dict[str, list[Statement]] = defaultdict(list)
    for row in statements(viewer, [one])[one.pk]:
        by_field[row.field].append(row)
    found = []
    for each in kinds()[one.kind].fields:
        rows = by_field.get(each.key, [])
        if rows:
            found.append(FieldValues(each, tuple(_values(each, rows))))
    return tuple(found)


def _values(each: Field, rows: list[Statement]) -> Iterable[Value]:
    by_language: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        if row.value not in by_language[row.language]:
            by_language[row.language].append(row.value)
    for row in rows:
        differs = not each.many and len(by_language[row.language]) > 1
        yield Value(row, Label(row.handling.label), differs)


def history(viewer: Viewer, one: Entry, limit: int = 200) -> list[Statement]:
    """All statements ever made of it that the viewer may see, newest first."""
    rows = Statement.objects.filter(entry=one, handling__in=visible_handlings(viewer))
    return list(rows.select_related("source", "handling").order_by("-act", "position")[:limit])


def replies(viewer: Viewer, one: Entry) -> list[Reply]:
    """What those it concerns answered, newest first."""
    rows = Reply.objects.filter(
        entry=one, withdrawn__isnull=True, handling__in=visible_handlings(viewer)
    )
    return list(rows.select_related("handling").order_by("-place"))


def pointing_here(viewer: Viewer, one: Entry, limit: int = 50) -> list[Entry]:
    """Entries of which a statement names this one, and which the viewer may see."""
    visible = visible_handlings(viewer)
    having = Facet.objects.filter(facet="entry", value=one.name, handling__in=visible)
    rows = _visible(visible).filter(place__in=having.values("entry"))
    return list(rows.select_related("handling", "owner").order_by("-place")[:limit])
