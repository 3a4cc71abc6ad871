"""What a body proposes: a new entry or other words for one of its own, one at a time.

All doors come through here: the form, the API, a row that was mended. Files are taken in
`actions/batching.py`. Nothing here publishes anything; what is taken waits for a reviewer and for
the State's sign-off (`actions/reviewing.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from comity.kit.languages import gettext_noop
from comity.kit.tlp import Label, Viewer
from comity.ledger.actions import hold, record
from comity.people.reads import Organisation, actor_of, bodies_named
from comity.people.rules import may
from comity.registry.actions.audience import handling_in
from comity.registry.actions.loading import kind_named
from comity.registry.models import Entry, Step, Submission
from comity.registry.reads.kinds import kinds, vocabularies
from comity.registry.rules import checking
from comity.registry.rules.filling import Filled, content_of, record_of
from comity.registry.rules.own import chosen_label, label_of, own_key, strictest_of
from comity.registry.rules.submissions import Act, Party, State, take
from comity.registry.types import (
    BadSubmission,
    BadValue,
    EntryState,
    Kind,
    Problem,
    Record,
    RegistryError,
)

TITLE = 300


def own_body(viewer: Viewer, body: UUID | None = None) -> Organisation:
    """The body for which the viewer speaks. Raises `PermissionDenied` for another's, and
    `RegistryError` where it is not clear which is meant."""
    if not may(viewer, "registry.submit"):
        raise PermissionDenied("registry.submit")
    if body is not None:
        if body not in viewer.bodies:
            raise PermissionDenied("registry.submit")
        return bodies_named([body])[0]
    held = bodies_named(viewer.bodies)
    if len(held) != 1:
        raise RegistryError(
            gettext_noop("It is not clear for which body this is")
            if held
            else gettext_noop("Your account belongs to no body"),
            "body",
            gettext_noop("Choose the body.")
            if held
            else gettext_noop("Ask who runs this gateway to add you to yours."),
        )
    return held[0]


def demand_second_factor(viewer: Viewer, label: Label) -> None:
    """Who could not read it afterwards does not write it. Raises `BadSubmission`."""
    if label.needs_second_factor and not viewer.second_factor:
        raise BadSubmission((NEEDS_SECOND_FACTOR,))


NEEDS_SECOND_FACTOR = Problem(
    "tlp",
    gettext_noop("What is TLP:AMBER or stricter is written and read with a second factor only"),
    gettext_noop("Set one up on your page and sign in with it."),
)


def submit_record(
    viewer: Viewer,
    item: Record,
    *,
    body: UUID | None = None,
    label: Label | None = None,
    problems: Sequence[Problem] = (),
    typed: Filled | None = None,
    send: bool = True,
) -> Submission:
    """Take one record for a body: as a draft, or sent to review.

    A key that names an entry of the body makes it a change of that entry. `problems` are those of
    the checks (`rules.checking`, `rules.filling`): with them it can be kept as a draft, with
    `typed` as it was typed, and not sent: `BadSubmission`.
    """
    speaker = own_body(viewer, body)
    if send and problems:
        raise BadSubmission(tuple(problems))
    kind = kind_named(item.kind)
    entry = own_entry(item, speaker.id)
    item = replace(item, key=entry.key if entry else own_key(item.key, speaker.id))
    held = Label(entry.handling.label) if entry else None
    label = chosen_label(kind, item, label, held)
    wanted, chosen = _label(kind, item, label, draft=not send)
    strict = strictest_of(item, wanted)
    demand_second_factor(viewer, strict)
    actor = actor_of(viewer)
    with transaction.atomic():
        hold()
        row = Submission(
            body_id=speaker.id,
            kind=item.kind,
            entry=entry,
            author=viewer.person,
            base_act=entry.act if entry else 0,
            made=timezone.now(),
        )
        write_words(row, item, chosen, typed if problems else None)
        state, party = take(None, Act.BEGIN, {Party.AUTHOR})
        keep_step(row, Act.BEGIN, None, state, party, actor, strict=strict)
        if send:
            sent, party = take(state, Act.SUBMIT, {Party.AUTHOR})
            keep_step(row, Act.SUBMIT, state, sent, party, actor, strict=strict)
    return row


def _label(
    kind: Kind, item: Record, label: Label | None, *, draft: bool
) -> tuple[Label, Label | None]:
    """The label it would have, and the one to keep as chosen. A draft may still lack the yes that
    allows publication, or hold a label that will be refused: it is then kept as strict as it is."""
    try:
        return label_of(kind, item, label), label
    except BadValue as error:
        if not draft:
            raise BadSubmission((Problem("tlp", error.message, error.remedy),)) from error
        return Label(kind.default_label), None


def own_entry(item: Record, body: UUID) -> Entry | None:
    """The entry of this body that the record's key names, by the key it has or the one it gave."""
    if not item.key:
        return None
    keys = {item.key, own_key(item.key, body)}
    rows = Entry.objects.filter(kind=item.kind, key__in=keys, owner=body)
    return rows.exclude(state=EntryState.WITHDRAWN).select_related("handling").first()


def write_words(row: Submission, item: Record, label: Label | None, typed: Filled | None) -> None:
    """Set the words of a submission, by its author."""
    row.content = content_of(item, label)
    row.typed = {name: list(texts) for name, texts in typed.items()} if typed else None
    row.title = title_of(item)


def title_of(item: Record) -> str:
    titles = {given.language: str(given.value) for given in item.values if given.field == "title"}
    return (titles.get("en") or next(iter(titles.values()), ""))[:TITLE]


def keep_step(
    row: Submission,
    act: Act,
    before: State | None,
    after: State,
    party: Party,
    actor: str,
    *,
    reason: str = "",
    strict: Label,
) -> int:
    """Record an act on a submission: the ledger's line, the state, the step."""
    assert row.body_id is not None  # noqa: S101 - whose words nobody's are is never acted upon
    now = timezone.now()
    content = {"state": after, "content": row.content, "amended": row.amended, "reason": reason}
    seq = record(
        f"{act}_submission", f"registry/submission/{row.id}", actor=actor, content=content, now=now
    )
    row.state, row.act, row.changed = after, seq, now
    row.handling_id = handling_in(after, strict, row.body_id, actor)
    row.save()
    Step.objects.create(
        submission=row,
        act_name=act,
        before=before or "",
        after=after,
        party=party,
        actor=actor,
        reason=reason,
        act=seq,
        made=now,
    )
    return seq


def checked_again(row: Submission) -> tuple[Problem, ...]:
    """The problems of a kept record by today's kinds: asked before it is sent or published."""
    kind = kinds().get(row.kind)
    if kind is None:
        return (
            Problem(
                "kind", gettext_noop("This kind is not kept here any more"), row.kind, row.kind
            ),
        )
    if row.typed is not None:  # it holds what could not be read: nothing of it is left out
        return record_of(kind, row.typed, vocabularies())[2]
    _record, problems = checking.from_json(kind, row.content, vocabularies())
    return problems
