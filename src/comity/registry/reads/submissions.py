"""Submissions, their steps and batches, as one viewer may see them; who the viewer is to each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet

from comity.kit.paging import MAX_SEQUENCE, clamp_limit, decode_cursor, encode_cursor
from comity.kit.sayings import Voice
from comity.kit.tlp import Label, Viewer
from comity.people.reads import actor_of, visible_handlings
from comity.people.rules import may
from comity.registry.models import Batch, Entry, Statement, Step, Submission, WaitingRow
from comity.registry.reads.entries import NotHeld
from comity.registry.rules import submissions as rules
from comity.registry.rules.filling import by_field, content_of
from comity.registry.rules.submissions import Act, Change, Party, State
from comity.registry.types import EntryState, Given, Origin, Record

OPEN = frozenset(State) - rules.FINAL - rules.PUBLIC - {State.REJECTED}


def _visible(viewer: Viewer) -> QuerySet[Submission]:
    return Submission.objects.filter(handling__in=visible_handlings(viewer))


def _joined(rows: QuerySet[Submission]) -> QuerySet[Submission]:
    return rows.select_related("body", "entry", "handling", "batch")


@dataclass(frozen=True, slots=True)
class Page:
    """Some submissions, newest first, and the cursor of what follows."""

    rows: tuple[Submission, ...]
    next: str | None
    total: int


def submissions(
    viewer: Viewer,
    *,
    states: Collection[str] = (),
    kind: str = "",
    bodies: Collection[UUID] | None = None,
    batch: UUID | None = None,
    after: str = "",
    limit: int | None = None,
) -> Page:
    """A page of the submissions that the viewer may see. Raises `BadCursor`."""
    rows = _visible(viewer)
    if states:
        rows = rows.filter(state__in=states)
    if kind:
        rows = rows.filter(kind=kind)
    if bodies is not None:
        rows = rows.filter(body__in=bodies)
    if batch is not None:
        rows = rows.filter(batch=batch)
    total = rows.count()
    question = ["submissions", sorted(states), kind, str(batch or ""), bodies is None]
    if after:
        rows = rows.filter(place__lt=MAX_SEQUENCE - decode_cursor(after, question))
    size = clamp_limit(limit)
    found = list(_joined(rows).order_by("-place")[: size + 1])
    more = None
    if len(found) > size:
        more = encode_cursor(MAX_SEQUENCE - found[size - 1].place, question)
    return Page(tuple(found[:size]), more, total)


def submission(viewer: Viewer, id_: UUID) -> Submission:
    """One of them. Raises `NotHeld`."""
    found = _joined(_visible(viewer)).filter(id=id_).first()
    if found is None:
        raise NotHeld(str(id_))
    return found


def queues(viewer: Viewer) -> dict[str, tuple[int, dt.datetime]]:
    """State to how many the viewer may see there and since when the oldest stands."""
    rows = _visible(viewer).values_list("state").annotate(n=Count("place"), oldest=Min("changed"))
    return {state: (n, oldest) for state, n, oldest in rows}


def steps(viewer: Viewer, row: Submission) -> list[Step]:
    """What was done to a submission, oldest first."""
    if row.handling_id not in visible_handlings(viewer):
        raise NotHeld(str(row.id))
    return list(row.steps.all())


# --- who the viewer is to a submission ----------------------------------------------------


def parties(viewer: Viewer, row: Submission) -> frozenset[Party]:
    """As whom the viewer can act on it."""
    found = set()
    if row.body_id in viewer.bodies:
        if may(viewer, "registry.submit"):
            found.add(Party.AUTHOR)
        if may(viewer, "registry.sign_off"):
            found.add(Party.STATE)
    if may(viewer, "registry.review"):
        found.add(Party.REVIEWER)
    return frozenset(found)


def done_as(viewer: Viewer, row: Submission) -> frozenset[Party]:
    """As whom the viewer has acted on it before: four eyes are two persons."""
    held = row.steps.filter(actor=actor_of(viewer)).values_list("party", flat=True)
    return frozenset(Party(party) for party in held)


def open_acts(viewer: Viewer, row: Submission) -> list[Act]:
    """What the viewer can do to it now, in the table's order."""
    return rules.allowed(State(row.state), parties(viewer, row), done_as(viewer, row))


# --- against the entry it changes ---------------------------------------------------------


def own_words(
    entry: Entry, body: UUID, at: int | None = None, visible: Collection[int] | None = None
) -> Record:
    """What a body itself says of its entry now, or after the act `at`, as a record; for showing,
    only what is under one of the handlings `visible`."""
    rows = Statement.objects.filter(entry=entry, source__voice=Voice.OWN, source__body=body)
    if at is None:
        rows = rows.filter(ended__isnull=True)
    else:
        rows = rows.filter(Q(ended_act__isnull=True) | Q(ended_act__gt=at), act__lte=at)
    if visible is not None:
        rows = rows.filter(handling__in=visible)
    strict = entry.handling_id
    said = rows.select_related("source", "handling").order_by("position", "pk")
    return Record(
        entry.kind,
        entry.key,
        entry.subtype,
        tuple(_given(row, row.handling_id == strict) for row in said),
    )


def _given(row: Statement, as_entry: bool) -> Given:
    return Given(
        row.field,
        row.value,
        row.language,
        Origin(row.origin),
        row.source.evidence_title,
        row.source.evidence_url,
        row.source.evidence_date,
        row.since,
        None if as_entry else Label(row.handling.label),
    )


def stale(row: Submission) -> bool:
    """Whether the body's own words changed, or the entry went, after this was written."""
    if row.entry_id is None or row.entry is None:
        return False
    if row.entry.state == EntryState.WITHDRAWN:
        return True
    own = Statement.objects.filter(
        entry=row.entry_id, source__voice=Voice.OWN, source__body=row.body_id
    )
    return own.filter(Q(act__gt=row.base_act) | Q(ended_act__gt=row.base_act)).exists()


def changes(viewer: Viewer, row: Submission) -> list[Change]:
    """What it would change: against what the body says of its entry now; all of it when new."""
    before: Mapping[str, Sequence[object]] = {}
    if row.entry is not None and row.body_id is not None:
        now = own_words(row.entry, row.body_id, visible=visible_handlings(viewer))
        before = _plain(by_field(content_of(now)))
    return rules.differences(before, _plain(by_field(row.content)))


def changes_meanwhile(viewer: Viewer, row: Submission) -> list[Change]:
    """What the body's entry says otherwise now than when this was written."""
    if row.entry is None or row.body_id is None:
        return []
    seen = visible_handlings(viewer)
    then = content_of(own_words(row.entry, row.body_id, row.base_act, seen))
    now = content_of(own_words(row.entry, row.body_id, visible=seen))
    return rules.differences(_plain(by_field(then)), _plain(by_field(now)))


def changes_proposed(row: Submission) -> list[Change]:
    """What the reviewer would rather read."""
    if row.amended is None:
        return []
    return rules.differences(_plain(by_field(row.content)), _plain(by_field(row.amended)))


def _plain(found: Mapping[str, Sequence[Any]]) -> dict[str, list[object]]:
    """Without labels that only repeat that of the entry."""
    return {
        field: [
            {k: v for k, v in said.items() if k != "tlp"} if isinstance(said, dict) else said
            for said in values
        ]
        for field, values in found.items()
    }


# --- batches ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of the rows of a batch. All of them together are the rows of the file."""

    arrived: int
    waiting: int
    dropped: int
    unchanged: int


def batches(viewer: Viewer, bodies: Collection[UUID], limit: int = 20) -> list[Batch]:
    """The newest batches of these bodies."""
    rows = Batch.objects.filter(handling__in=visible_handlings(viewer), body__in=bodies)
    return list(rows.select_related("body", "handling").order_by("-made")[:limit])


def batch(viewer: Viewer, id_: UUID) -> Batch:
    """A batch of a body. Raises `NotHeld`."""
    rows = Batch.objects.filter(handling__in=visible_handlings(viewer), body__isnull=False, id=id_)
    found = rows.select_related("body", "handling").first()
    if found is None:
        raise NotHeld(str(id_))
    return found


def tally(one: Batch) -> Tally:
    waits = dict(one.waiting.values_list("state").annotate(n=Count("id")))
    return Tally(
        one.arrived.count(), waits.get("waiting", 0), waits.get("dropped", 0), one.unchanged
    )


def waiting_rows(one: Batch, limit: int = 200) -> list[WaitingRow]:
    """The rows that wait, in the file's order."""
    return list(one.waiting.filter(state="waiting").order_by("row")[:limit])


def waiting_row(viewer: Viewer, batch_id: UUID, number: int) -> WaitingRow:
    """One row of a batch, whatever became of it. Raises `NotHeld`."""
    one = batch(viewer, batch_id)
    found = one.waiting.select_related("submission").filter(row=number).first()
    if found is None:
        raise NotHeld(f"{batch_id}/{number}")
    found.batch = one
    return found
