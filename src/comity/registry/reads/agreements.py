"""One agreement in the three words of Resolution 130 (status, scope, application), and which end.

The state is that of the index: worked out from what everybody who sees the entry may see. The
history shows every event that this viewer may see, each with who says so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from comity.kit.dates import PartialDate
from comity.kit.sayings import Saying, Voice
from comity.kit.tlp import Viewer
from comity.people.reads import visible_handlings
from comity.registry.models import Entry, Statement
from comity.registry.reads.application import Application, application
from comity.registry.reads.entries import FieldValues, entries_named, statements, values_of
from comity.registry.reads.kinds import kinds
from comity.registry.rules.agreements import Standing, State
from comity.registry.rules.made import PRESUMED, standing_of
from comity.registry.types import FieldType
from comity.registry.types import Statement as Said

LIVE = (State.SIGNED, State.IN_FORCE, State.IN_FORCE_PRESUMED, State.SUSPENDED)
YEAR = dt.timedelta(days=365)
PIECE, MOST_TURNS = 40, 2_000  # agreements looked at, of those that turn within the time asked
EVENT = "event"  # the field that holds the history


@dataclass(frozen=True, slots=True)
class Told:
    """One event as one source tells it. `number` is its place in the grounds of the standing;
    None where it is not counted there, being marked stricter than the entry."""

    row: Statement
    number: int | None
    presumed: bool


@dataclass(frozen=True, slots=True)
class Ground:
    """A rule and the events that it rests on."""

    rule: str
    events: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Agreement:
    """All that a page tells of it."""

    entry: Entry
    standing: Standing
    events: tuple[Told, ...]  # newest first, undated last
    why: tuple[Ground, ...]
    fields: dict[str, FieldValues]  # what is said, by field
    related: tuple[tuple[str, Entry], ...]  # relation and the entry it names, as far as visible
    naming: tuple[tuple[str, Entry], ...]  # agreements that name this one, with their relation
    application: Application


RELATIONS = ("amends", "renews", "implements", "succeeds")


def agreement(
    viewer: Viewer, one: Entry, today: dt.date, values: Sequence[FieldValues] | None = None
) -> Agreement:
    """An agreement that the viewer was given by `reads.entry`; `values` are what `values_of` gave
    the viewer of it, where that was asked before."""
    values = values_of(viewer, one) if values is None else values
    fields = {each.field.key: each for each in values}
    rows = [value.row for each in values for value in each.values]
    common = _common(one, rows)
    found = _standing(one, common, today)
    counted = [row for row in common if row.field == EVENT]
    numbers = {row.pk: n for n, row in enumerate(counted)}
    history = [row for row in rows if row.field == EVENT]
    told = [
        Told(row, numbers.get(row.pk), str(row.value["note"]).startswith(PRESUMED))
        for row in sorted(history, key=_when, reverse=True)
    ]
    why = tuple(
        Ground(ground.rule, tuple(counted[n] for n in ground.rests_on)) for ground in found.why
    )
    return Agreement(
        one,
        found,
        tuple(told),
        why,
        fields,
        _related(viewer, fields),
        _naming(viewer, one),
        application(viewer, one, fields, today),
    )


def _common(one: Entry, rows: Iterable[Statement]) -> list[Statement]:
    """What everybody who sees the entry may see, in the order in which the index reads it: whom it
    is about first. So the state is the index's, and the grounds point to the same events."""
    said = [row for row in rows if row.handling_id == one.handling_id]
    return sorted(said, key=lambda row: (Voice(row.source.voice).rank, row.position, row.pk))


def _standing(one: Entry, common: Iterable[Statement], today: dt.date) -> Standing:
    kind = kinds()[one.kind]
    # What is done under an agreement has events of its own that tell nothing of its life.
    other = {field.key for field in kind.fields if field.type is FieldType.EVENT} - {EVENT}
    said = [
        Said(row.field, row.value, row.language, said=Saying(by=row.source.by))
        for row in common
        if row.field not in other
    ]
    return standing_of(kind, said, today)


def _when(row: Statement) -> tuple[dt.date, int, int]:
    text = row.value["date"]
    if not text:
        return dt.date.min, 0, -row.pk
    day, fineness = PartialDate.parse(text).sort_key
    return day, fineness, -row.pk


def _related(viewer: Viewer, fields: dict[str, FieldValues]) -> tuple[tuple[str, Entry], ...]:
    named = [
        (relation, str(value.row.value))
        for relation in RELATIONS
        if relation in fields
        for value in fields[relation].values
    ]
    held = entries_named(viewer, [name for _relation, name in named])
    unique = dict.fromkeys(named)
    return tuple((relation, held[name]) for relation, name in unique if name in held)


def _naming(viewer: Viewer, one: Entry) -> tuple[tuple[str, Entry], ...]:
    visible = visible_handlings(viewer)
    rows = Statement.objects.filter(
        field__in=RELATIONS,
        value=one.name,
        ended__isnull=True,
        handling__in=visible,
        entry__in=_naming_it(one, visible),
    )
    found = rows.select_related("entry").order_by("entry", "field")
    return tuple(dict.fromkeys((row.field, row.entry) for row in found))


def _naming_it(one: Entry, visible: Sequence[int]) -> QuerySet[Entry]:
    """By the facet, which is indexed; the field is looked at among the few that are left."""
    return Entry.objects.filter(
        facets__facet="entry",
        facets__value=one.name,
        facets__handling__in=visible,
        counted__in=visible,
    )


def ending(
    viewer: Viewer, today: dt.date, *, within: dt.timedelta = YEAR, limit: int = 20
) -> list[Entry]:
    """Agreements that end within so many days, the first to end first.

    `standing_until` is the day after the last one of the term, or an earlier one on which
    something that is announced happens: what ends in time is among those that turn in time.
    """
    latest = today + within
    turning = Entry.objects.filter(
        kind="agreement",
        counted__in=visible_handlings(viewer),
        standing__in=LIVE,
        standing_until__gt=today,
        standing_until__lte=latest + dt.timedelta(days=1),
    )
    rows = turning.select_related("handling", "owner").order_by("standing_until", "place")
    found: list[tuple[dt.date, int, Entry]] = []
    # Piece by piece: on the first page, a few are wanted of what may be thousands.
    for start in range(0, MOST_TURNS, PIECE):
        piece = list(rows[start : start + PIECE])
        said = statements(viewer, piece)
        for row in piece:
            ends = _standing(row, _common(row, said[row.pk]), today).ends
            if ends is not None and today <= ends.last <= latest:
                found.append((ends.last, row.pk, row))
        if len(piece) < PIECE or len(found) >= limit:
            break
    return [row for _last, _place, row in sorted(found, key=lambda each: each[:2])][:limit]
