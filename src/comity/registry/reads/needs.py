"""Needs and offers: the money and the help in kind that entries state, with who says so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from comity.kit.sayings import Voice
from comity.kit.tlp import Viewer
from comity.people.reads import visible_handlings
from comity.registry.models import Entry, Statement
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
    """All of it, as the viewer may see it."""

    lines: tuple[Line, ...] = ()
    totals: Mapping[tuple[str, str], Row] = field(default_factory=dict)
    countries: Mapping[tuple[str, str, str], Row] = field(default_factory=dict)
    currencies: tuple[str, ...] = ()
    uncounted: int = 0  # figures of a second speaker


def needs(viewer: Viewer, *, country: str = "", kind: str = "", currency: str = "") -> Needs:
    """What is needed and given, newest entries first: of one country, kind or currency if asked.

    With a country, all that names it is listed and summed; what is for several stands apart.
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
    said: dict[int, dict[str, list[Statement]]] = defaultdict(lambda: defaultdict(list))
    for row in rows.select_related("source", "source__body", "handling").order_by("position", "pk"):
        said[row.entry_id][row.field].append(row)
    entries = _entries(list(said))
    places = _countries(list(said), visible)
    figures = [
        figure
        for place, fields in said.items()
        for name in FIELDS
        for row in fields.get(name, ())
        for figure in _figures(entries[place], row)
    ]
    if country:
        kept = {place for place in said if country in places.get(place, ())}
        names = {entries[place].name for place in kept}
        figures = [figure for figure in figures if figure.entry in names]
    else:
        kept = set(said)
    currencies = tuple(sorted({figure.currency for figure in figures}))
    if currency:
        figures = [figure for figure in figures if figure.currency == currency]
        stated = {figure.entry for figure in figures}
        kept = {place for place in kept if entries[place].name in stated}
    weighed = rules.weigh(figures)
    named = {entries[place].name: places.get(place, ()) for place in kept}
    apart = frozenset(f.ref for f in (*weighed.otherwise, *weighed.repeated))
    lines = [
        Line(
            entries[place],
            places.get(place, ()),
            {name: tuple(values) for name, values in said[place].items()},
            apart,
        )
        for place in sorted(kept, reverse=True)
    ]
    return Needs(
        tuple(lines),
        rules.totals(weighed.counted),
        rules.by_country(weighed.counted, named),
        currencies,
        len(weighed.otherwise),
    )


def _entries(places: list[int]) -> dict[int, Entry]:
    found: dict[int, Entry] = {}
    for start in range(0, len(places), 500):
        rows = Entry.objects.filter(pk__in=places[start : start + 500])
        found |= {row.pk: row for row in rows.select_related("handling", "owner")}
    return found


def _countries(places: list[int], visible: tuple[int, ...]) -> dict[int, tuple[str, ...]]:
    """The countries each entry names, as far as the viewer may see that it does."""
    found: dict[int, list[str]] = defaultdict(list)
    for start in range(0, len(places), 500):
        rows = Statement.objects.filter(
            entry__in=places[start : start + 500],
            field="country",
            ended__isnull=True,
            handling__in=visible,
        )
        for place, code in rows.order_by("position", "pk").values_list("entry", "value"):
            if code not in found[place]:
                found[place].append(code)
    return {place: tuple(codes) for place, codes in found.items()}


def _figures(one: Entry, row: Statement) -> list[Figure]:
    """The statement as a figure; none for an amount that no rule let in."""
    try:
        amount = Decimal(str(row.value["amount"]))
        currency = str(row.value["currency"])
    except (InvalidOperation, KeyError, TypeError):
        return []
    source = row.source
    speaker = str(source.body_id or source.by or source.evidence_title)
    return [Figure(one.name, row.field, amount, currency, Voice(source.voice), speaker, row.pk)]
