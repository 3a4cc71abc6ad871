"""What waits for one person, what is their body's, and the searches they keep."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import parse_qsl
from uuid import UUID

from django.db.models import Max, Q

from comity.kit.sayings import Voice
from comity.kit.tlp import Viewer
from comity.people.reads import visible_handlings
from comity.people.rules import may
from comity.registry.models import Batch, Entry, SavedSearch, Submission
from comity.registry.reads.answering import contested
from comity.registry.reads.entries import LISTED, Question, in_order
from comity.registry.reads.kinds import kinds
from comity.registry.reads.submissions import parties
from comity.registry.rules import submissions as rules
from comity.registry.rules.submissions import Act, State

REVIEW_AFTER = dt.timedelta(days=365)
"""An entry that its body has neither changed nor confirmed for so long is due for review."""
MOST = 100


class What(StrEnum):
    """Why something waits for somebody."""

    FINISH = "finish"  # a draft
    MEND = "mend"  # asked back
    AGREE = "agree"  # other words are proposed
    SIGN = "sign"  # accepted, not signed off
    REVIEW = "review"
    ROWS = "rows"  # of a batch
    ANSWER = "answer"  # an entry of the body is contested
    CONFIRM = "confirm"  # an entry not looked at for a year


@dataclass(frozen=True, slots=True)
class Task:
    """One thing that waits, since when, and what it is about."""

    what: What
    since: dt.datetime
    submission: Submission | None = None
    batch: Batch | None = None
    entry: Entry | None = None
    count: int = 0


# Which state waits for whom: the first act of these that the viewer can do names the task.
_WAITS = {
    State.DRAFT: (What.FINISH, Act.SUBMIT),
    State.RETURNED: (What.MEND, Act.EDIT),
    State.AMENDED: (What.AGREE, Act.AGREE),
    State.ACCEPTED: (What.SIGN, Act.SIGN_OFF),
    State.SUBMITTED: (What.REVIEW, Act.ACCEPT),
}


def tasks(viewer: Viewer, now: dt.datetime) -> list[Task]:
    """What waits for the viewer, the oldest first."""
    found = [*_submissions(viewer)]
    if may(viewer, "registry.submit") and viewer.bodies:
        found += _batches(viewer)
        found += [
            Task(What.ANSWER, entry.changed, entry=entry)
            for entry in contested(viewer, viewer.bodies)
        ]
        found += [
            Task(What.CONFIRM, entry.changed, entry=entry)
            for entry in review_due(viewer, viewer.bodies, now)
        ]
    return sorted(found, key=lambda task: task.since)


def _submissions(viewer: Viewer) -> Iterable[Task]:
    rows = Submission.objects.filter(
        handling__in=visible_handlings(viewer), state__in=[state.value for state in _WAITS]
    )
    own = Q(body__in=viewer.bodies)
    rows = rows if may(viewer, "registry.review") else rows.filter(own)
    rows = rows.select_related("body", "entry", "handling").prefetch_related("steps")
    for row in rows.order_by("changed")[:MOST]:
        what, act = _WAITS[State(row.state)]
        if act in rules.allowed(State(row.state), parties(viewer, row)):
            yield Task(what, row.changed, submission=row)


def _batches(viewer: Viewer) -> Iterable[Task]:
    rows = Batch.objects.filter(
        handling__in=visible_handlings(viewer),
        body__in=viewer.bodies,
        waiting__state="waiting",
    ).distinct()
    for row in rows.select_related("handling").order_by("made")[:MOST]:
        count = row.waiting.filter(state="waiting").count()
        yield Task(What.ROWS, row.made, batch=row, count=count)


# --- my body ------------------------------------------------------------------------------


def entries_of(viewer: Viewer, body: UUID, limit: int = MOST) -> list[Entry]:
    """The entries that a body owns, newest change first."""
    rows = Entry.objects.filter(
        owner=body, state__in=LISTED, handling__in=visible_handlings(viewer)
    )
    return list(rows.select_related("handling", "owner").order_by("-changed")[:limit])


def entries_count(viewer: Viewer, body: UUID) -> dict[str, int]:
    """How many entries of each kind a body owns, as far as the viewer sees."""
    rows = Entry.objects.filter(
        owner=body, state__in=LISTED, handling__in=visible_handlings(viewer)
    )
    held: dict[str, int] = {}
    for kind in rows.values_list("kind", flat=True):
        held[kind] = held.get(kind, 0) + 1
    return {key: held[key] for key in kinds() if key in held}


def review_due(viewer: Viewer, bodies: Iterable[UUID], now: dt.datetime) -> list[Entry]:
    """Entries of these bodies that were neither changed nor confirmed for a year."""
    before = now - REVIEW_AFTER
    rows = Entry.objects.filter(
        owner__in=list(bodies),
        state__in=LISTED,
        handling__in=visible_handlings(viewer),
        changed__lt=before,
    )
    mine = Q(statements__source__voice=Voice.OWN, statements__ended__isnull=True)
    rows = rows.annotate(confirmed=Max("statements__verified_on", filter=mine))
    rows = rows.filter(Q(confirmed__isnull=True) | Q(confirmed__lt=before.date()))
    return list(rows.select_related("handling", "owner").order_by("changed")[:MOST])


# --- searches -----------------------------------------------------------------------------

TEXT, KIND = "q", "kind"  # the parameters of the search page; all others are facets


def question_of(query: str) -> Question:
    """What the query string of the search page asks."""
    facets: dict[str, tuple[str, ...]] = {}
    text = kind = ""
    for name, value in parse_qsl(query, max_num_fields=60):
        if name == TEXT:
            text = value
        elif name == KIND:
            kind = value
        elif value:
            facets[name] = (*facets.get(name, ()), value)
    return Question(kind if kind in kinds() else "", text, facets)


@dataclass(frozen=True, slots=True)
class Kept:
    """A saved search, how many entries answer it, and how many of them are new to the person."""

    row: SavedSearch
    question: Question
    total: int
    new: int


def searches(viewer: Viewer) -> list[Kept]:
    """The viewer's saved searches by name, counted among what the viewer may see."""
    if viewer.person is None:
        return []
    found = []
    for row in SavedSearch.objects.filter(person=viewer.person).order_by("name"):
        question = question_of(row.query)
        answers = in_order(viewer, question).order_by()
        new = answers.filter(changed__gt=row.seen).count()
        found.append(Kept(row, question, answers.count(), new))
    return found
