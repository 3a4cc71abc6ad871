"""What one viewer may take away: entries with their statements, walked in pieces of even size.

Moments and tags are made from what the viewer sees. The moment an entry as a whole was changed
is not used: it would tell of a change in something hidden.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Max

from comity.kit.canonical import digest
from comity.kit.sayings import Saying, Voice
from comity.kit.tlp import Label, Viewer
from comity.people.reads import visible_handlings
from comity.registry.formats.exported import Exported
from comity.registry.models import Entry, SavedSearch, Source, Statement
from comity.registry.reads.entries import Question, changed_lately, in_order
from comity.registry.reads.kinds import kinds
from comity.registry.types import EntryState, Origin
from comity.registry.types import Statement as Said

PIECE = 500  # entries at a time: what they say fits in memory


@dataclass(frozen=True, slots=True)
class Outline:
    """What an answer holds, before it is walked: for its name, its head and its tag."""

    entries: int
    label: Label  # the strictest in it
    languages: tuple[str, ...]
    changed: dt.datetime | None
    tag: str  # the same as long as the viewer would get the same


def outline(viewer: Viewer, question: Question) -> Outline:
    """Of all that a walk of the same question gives. Three queries."""
    found = in_order(viewer, question).order_by()
    by_state = sorted(
        found.values_list("state", "standing", "handling__label").annotate(n=Count("place")),
        key=str,
    )
    said = Statement.objects.filter(
        entry__in=found.values("place"),
        ended__isnull=True,
        handling__in=visible_handlings(viewer),
    )
    rows = list(
        said.order_by()
        .values_list("language", "handling__label")
        .annotate(n=Count("id"), act=Max("act"), made=Max("made"))
    )
    labels = [Label(row[2]) for row in by_state] + [Label(row[1]) for row in rows]
    changed = max((row[4] for row in rows), default=None)
    parts = [question.as_data(), [list(row) for row in by_state], sorted(row[:4] for row in rows)]
    return Outline(
        sum(row[3] for row in by_state),
        max(labels, default=Label.CLEAR),
        tuple(sorted({row[0] for row in rows} - {""})),
        changed,
        digest(parts)[:32],
    )


def walk(
    viewer: Viewer, question: Question, *, after: int = 0, until: int | None = None
) -> Iterator[Exported]:
    """All entries of a question, oldest first. `after` and `until` are places in that order, to
    share the work among processes.

    The places are read first and the entries by ranges of them: cutting each piece from the rest
    would sort the rest anew for each.
    """
    rows = in_order(viewer, question)
    if until is not None:
        rows = rows.filter(place__lte=until)
    found = list(rows.filter(place__gt=after).values_list("place", flat=True))
    for start in range(0, len(found), PIECE):
        piece = found[start : start + PIECE]
        yield from exported(viewer, list(rows.filter(place__gte=piece[0], place__lte=piece[-1])))


def places(viewer: Viewer, question: Question) -> list[int]:
    """Where the entries of a walk stand, for those who share it out."""
    return list(in_order(viewer, question).values_list("place", flat=True))


def latest(viewer: Viewer, question: Question, limit: int = 50) -> list[Exported]:
    """The entries that changed last, newest first, for feeds."""
    found = exported(viewer, changed_lately(viewer, question, limit))
    return sorted(found, key=lambda entry: entry.changed, reverse=True)


def exported(viewer: Viewer, entries: Sequence[Entry]) -> list[Exported]:
    """Entries that a read gave to this viewer, with what the viewer may see of them."""
    said = _said_of(viewer, entries)
    return [_exported(entry, *said.get(entry.pk, ((), None))) for entry in entries]


def _exported(entry: Entry, said: Sequence[Said], changed: dt.datetime | None) -> Exported:
    return Exported(
        kinds()[entry.kind],
        entry.key,
        entry.id,
        Label(entry.handling.label),
        tuple(said),
        entry.created,
        changed or entry.created,
        entry.subtype,
        EntryState(entry.state),
        entry.standing,
        entry.owner.name if entry.owner else "",
        entry.sample,
    )


_COLUMNS = (
    "entry", "field", "value", "language", "origin", "since", "verified_on", "verified_by",
    "source", "handling", "handling__label", "act", "made",
)  # fmt: skip


def _said_of(
    viewer: Viewer, entries: Sequence[Entry]
) -> dict[int, tuple[list[Said], dt.datetime | None]]:
    """What stands and when the newest of it was made, by the place of the entry.

    `reads.statements` as nouns instead of rows: a whole gateway has a million of them, and sources
    repeat.
    """
    visible = visible_handlings(viewer)
    places_ = [entry.pk for entry in entries if entry.handling_id in visible]
    rows = Statement.objects.filter(entry__in=places_, ended__isnull=True, handling__in=visible)
    found: dict[int, tuple[list[Said], dt.datetime | None]] = {}
    taken = list(rows.order_by("entry", "position", "pk").values_list(*_COLUMNS))
    sources = Source.objects.select_related("body").in_bulk({row[8] for row in taken})
    sayings: dict[tuple[Any, ...], Saying] = {}
    for row in taken:
        place, key, value, language, origin, since, on, by, source, handling, label, act, made = row
        of = (source, since, language, on, by)
        saying = sayings.get(of)
        if saying is None:
            saying = sayings[of] = _saying(sources[source], since, language, on, by)
        mark, how = Label(label), Origin(origin)
        said, newest = found.get(place, ([], None))
        said.append(Said(key, value, language, how, saying, mark, handling, act))
        found[place] = (said, made if newest is None else max(newest, made))
    return found


def _saying(
    source: Source, since: str, language: str, verified_on: dt.date | None, verified_by: str
) -> Saying:
    return Saying(
        Voice(source.voice),
        source.body_id,
        source.body.name if source.body else source.by,
        since,
        source.evidence_title,
        source.evidence_url,
        source.evidence_date,
        source.licence,
        language,
        verified_on,
        verified_by,
    )


def saved_search(viewer: Viewer, id_: UUID) -> SavedSearch | None:
    """A search that this viewer keeps; of nobody else."""
    if viewer.person is None:
        return None
    return SavedSearch.objects.filter(pk=id_, person=viewer.person).first()


__all__ = ["PIECE", "Outline", "exported", "latest", "outline", "places", "saved_search", "walk"]
