"""Needs and offers: the money and the help in kind that entries state, with who says so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import QuerySet

from comity.kit.sayings import Voice
from comity.kit.tlp import Viewer
from comity.people.reads import visible_handlings
from comity.registry.models import Entry, Facet, Statement
from comity.registry.rules import needs as rules
from comity.registry.rules.needs import FIELDS, KINDS, Figure, Row

IN_KIND = "in_kind"


@dataclass(frozen=True, slots=True)
class Line:
    """One entry with all that it states. Field to statements; a field nobody reported is absent."""

    entry: Entry
    countries: tuple[str, ...]
    said: Mapping[str, tuple[Statement, ...]]
    otherwise: frozenset[int] = frozenset()  # statements that are shown and not counted


@dataclass(frozen=True, slots=True)
class Needs:
    """All of it, as the viewer may see it; `lines` are those of the part asked for."""

    lines: tuple[Line, ...] = ()
    total: int = 0  # entries
    totals: Mapping[tuple[str, str], Row] = field(default_factory=dict)
    countries: Mapping[tuple[str, str, str], Row] = field(default_factory=dict)
    currencies: tuple[str, ...] = ()
    places: tuple[str, ...] = ()  # countries that any of the entries names
    labels: frozenset[str] = frozenset()  # of all that went into the figures
    uncounted: int = 0  # figures of a second speaker


_COLUMNS = (
    "pk",
    "entry_id",
    "entry__kind",
    "entry__key",
    "field",
    "value",
    "source__voice",
    "source__body_id",
    "source__by",
    "source__evidence_title",
    "handling__label",
    "entry__handling__label",
)


def needs(
    viewer: Viewer,
    *,
    country: str = "",
    kind: str = "",
    currency: str = "",
    start: int = 0,
    size: int = 50,
) -> Needs:
    """What is needed and given, newest entries first: of one country, kind or currency if asked.

    With a country, all that names it is listed and summed; what is for several stands apart.
    Figures are weighed as plain rows; whole statements are fetched for `size` entries only.
    """
    visible = visible_handlings(viewer)
    asked = [kind] if kind in KINDS else list(KINDS)
    rows = Statement.objects.filter(
        field__in=(*FIELDS, IN_KIND),
        ended__isnull=True,
        handling__in=visible,
        entry__kind__in=asked,
        entry__counted__in=visible,
    )
    stated: dict[int, set[str]] = defaultdict(set)  # entry to the currencies that it states
    labels: set[tuple[int, str]] = set()
    figures: list[tuple[int, Figure]] = []
    for pk, place, kind_, key, name, value, *who, label, own in rows.order_by().values_list(
        *_COLUMNS
    ):
        stated[place] |= set()
        labels |= {(place, label), (place, own)}
        amount = _amount(value) if name in FIELDS else None
        if amount is None:
            continue
        stated[place].add(amount[1])
        voice, body, by, title = who
        speaker = str(body or by or title)
        figure = Figure(f"{kind_}/{key}", name, *amount, Voice(voice), speaker, pk)
        figures.append((place, figure))
    places = _countries(rows, visible)
    kept = {p for p in stated if not country or country in places.get(p, ())}
    currencies = {code for place in kept for code in stated[place]}
    if currency:
        kept = {place for place in kept if currency in stated[place]}
    weighed = rules.weigh(
        figure
        for place, figure in figures
        if place in kept and (not currency or figure.currency == currency)
    )
    named = {figure.entry: places.get(place, ()) for place, figure in figures}
    apart = frozenset(f.ref for f in (*weighed.otherwise, *weighed.repeated))
    shown = sorted(kept, reverse=True)[start : start + size]
    return Needs(
        tuple(_lines(rows, shown, places, apart)),
        len(kept),
        rules.totals(weighed.counted),
        rules.by_country(weighed.counted, named),
        tuple(sorted(currencies)),
        tuple(sorted({code for codes in places.values() for code in codes})),
        frozenset(label for place, label in labels if place in kept),
        len(weighed.otherwise),
    )


def _lines(
    rows: QuerySet[Statement],
    shown: Sequence[int],
    places: Mapping[int, tuple[str, ...]],
    apart: frozenset[int],
) -> Iterable[Line]:
    said: dict[int, dict[str, list[Statement]]] = defaultdict(lambda: defaultdict(list))
    whole = rows.filter(entry__in=shown).select_related("source", "source__body", "handling")
    for row in whole.order_by("position", "pk"):
        said[row.entry_id][row.field].append(row)
    found = Entry.objects.filter(pk__in=shown).select_related("handling", "owner")
    entries = {entry.pk: entry for entry in found}
    for place in shown:
        fields = {name: tuple(values) for name, values in said[place].items()}
        yield Line(entries[place], places.get(place, ()), fields, apart)


def _countries(rows: QuerySet[Statement], visible: tuple[int, ...]) -> dict[int, tuple[str, ...]]:
    """The countries each entry names, as far as the viewer may see that it does."""
    found: dict[int, list[str]] = defaultdict(list)
    facets = Facet.objects.filter(
        facet="country", handling__in=visible, entry__in=rows.order_by().values("entry")
    )
    for place, code in facets.order_by("entry", "pk").values_list("entry", "value"):
        found[place].append(code)
    return {place: tuple(codes) for place, codes in found.items()}


def _amount(value: Any) -> tuple[Decimal, str] | None:
    """The amount and its currency; nothing for one that no rule let in."""
    try:
        return Decimal(str(value["amount"])), str(value["currency"])
    except (InvalidOperation, KeyError, TypeError):
        return None
