"""One act on a submission, by whoever may: review, the State's word, publication, withdrawal.

The table of `rules.submissions` decides who may do what when; here it is done, with its line in the
ledger. Publication is the State's sign-off and nothing else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from comity.kit.languages import gettext_noop
from comity.kit.sayings import Voice
from comity.kit.tlp import Label, Viewer
from comity.ledger.actions import hold, record
from comity.people.actions import intern
from comity.people.reads import actor_of
from comity.registry.actions.audience import of_entry
from comity.registry.actions.desk import ask
from comity.registry.actions.indexing import index
from comity.registry.actions.loading import kind_named
from comity.registry.actions.replying import answer, settle_by_change, take_back_contests
from comity.registry.actions.submitting import (
    checked_again,
    demand_second_factor,
    keep_step,
    title_of,
    write_words,
)
from comity.registry.actions.writing import Clash, Speaker, store
from comity.registry.models import Entry, Reply, Statement, Submission
from comity.registry.reads import submissions as reads
from comity.registry.rules.filling import (
    Filled,
    by_field,
    content_of,
    label_from,
    record_from,
    with_fields,
)
from comity.registry.rules.own import chosen_label, label_of, strictest_of
from comity.registry.rules.submissions import (
    TABLE,
    Act,
    Party,
    State,
    SubmissionError,
    applied,
    differences,
    take,
)
from comity.registry.types import (
    BadSubmission,
    BadValue,
    EntryState,
    Problem,
    Record,
)


@dataclass(frozen=True, slots=True)
class Words:
    """The words that an author writes or a reviewer proposes, as the checks read them."""

    record: Record
    label: Label | None = None
    problems: tuple[Problem, ...] = ()
    typed: Filled | None = None


def act_on(
    viewer: Viewer,
    id_: UUID,
    act: Act,
    *,
    reason: str = "",
    seen: int | None = None,
    words: Words | None = None,
) -> Submission:
    """Do one act. `seen` is the act that the viewer saw last: had somebody acted since, `Clash`.

    Raises `NotHeld`, `PermissionDenied` for what another party does, `SubmissionError` for what
    cannot be done now, `BadSubmission` for words with problems, `Clash` for a stale base.
    """
    with transaction.atomic():
        hold()
        row = reads.submission(viewer, id_)
        if seen is not None and seen != row.act:
            raise Clash(
                gettext_noop("Somebody acted on this submission in the meantime"),
                str(row.id),
                gettext_noop("Look at what stands here now, and act again if it still fits."),
            )
        held = reads.parties(viewer, row)
        state = State(row.state)
        _demand(held, act)
        reason = reason.strip()
        after, party = take(state, act, held, reason, reads.done_as(viewer, row))
        actor = actor_of(viewer)
        work = _Work(viewer, row, actor, reason, words)
        if act in _BEFORE:
            _BEFORE[act](work)
        if party is Party.REVIEWER:
            row.reviewer = viewer.person
        keep_step(row, act, state, after, party, actor, reason=reason, strict=strictness(row))
    return row


@dataclass(frozen=True, slots=True)
class _Work:
    viewer: Viewer
    row: Submission
    actor: str
    reason: str
    words: Words | None

    @property
    def body(self) -> UUID:
        if self.row.body_id is None:
            raise PermissionDenied("registry.submit")
        return self.row.body_id


def _demand(held: frozenset[Party], act: Act) -> None:
    """What none of the viewer's parties ever does is not allowed, whatever the state."""
    who = {party for row in TABLE if row.act is act for party in row.who}
    if who.isdisjoint(held):
        raise PermissionDenied(f"registry.{act}")


def strictness(row: Submission) -> Label:
    """The label under which a submission as a whole is kept. What cannot be published as it stands
    is kept as the kind is by default."""
    kind = kind_named(row.kind)
    found = []
    for content in (row.content, row.amended):
        if content is None:
            continue
        item = record_from(row.kind, content)
        try:
            label = label_of(kind, item, label_from(content))
        except BadValue:
            label = Label(kind.default_label)
        found.append(strictest_of(item, label))
    return min(max(found), Label.AMBER_STRICT)


# --- words --------------------------------------------------------------------------------


def _edit(work: _Work) -> None:
    """The author writes; a change of an entry is from now on one of the entry as it is now."""
    row, words = work.row, work.words
    if words is None:
        raise SubmissionError(
            gettext_noop("No words were given"), Act.EDIT, gettext_noop("Write them.")
        )
    item = replace(words.record, key=row.content["key"])
    held = Label(row.entry.handling.label) if row.entry else None
    label = chosen_label(kind_named(row.kind), item, words.label, held)
    write_words(row, item, label, words.typed if words.problems else None)
    demand_second_factor(work.viewer, strictness(row))
    if row.entry is not None:
        row.base_act = row.entry.act


def _submit(work: _Work) -> None:
    problems = list(checked_again(work.row))
    if not problems:
        problems += _label_problems(work.row)
    if problems:
        raise BadSubmission(tuple(problems))
    _demand_fresh(work)
    work.row.typed = None


def _label_problems(row: Submission) -> list[Problem]:
    try:
        label_of(kind_named(row.kind), record_from(row.kind, row.content), label_from(row.content))
    except BadValue as error:
        return [Problem("tlp", error.message, error.remedy)]
    return []


def _amend(work: _Work) -> None:
    """A reviewer's other words lie beside the State's. The label and the name stay the State's."""
    row, words = work.row, work.words
    if words is None or words.problems:
        raise BadSubmission(
            words.problems
            if words and words.problems
            else (
                Problem("title", gettext_noop("No words were given"), gettext_noop("Write them.")),
            )
        )
    amended = content_of(words.record, label_from(row.content)) | {"key": row.content["key"]}
    if not differences(by_field(row.content), by_field(amended)):
        raise SubmissionError(
            gettext_noop("These are the words that stand here already"),
            Act.AMEND,
            gettext_noop("Change what you would rather read, or accept them."),
        )
    row.amended = amended


def _agree(work: _Work) -> None:
    row = work.row
    old = by_field(row.content)
    changes = differences(old, by_field(row.amended or row.content))
    row.content = with_fields(row.content, applied(old, changes))
    row.title = title_of(record_from(row.kind, row.content))
    row.amended = None


def _keep_words(work: _Work) -> None:
    work.row.amended = None


# --- publication --------------------------------------------------------------------------


def _demand_fresh(work: _Work) -> None:
    """What was written against words that stand no more is not let through."""
    if reads.stale(work.row):
        raise Clash(
            gettext_noop("The entry was changed after this was written"),
            work.row.entry.name if work.row.entry else "",
            gettext_noop(
                "See the difference below, send it back, and write it anew on what stands."
            ),
        )


def _publish(work: _Work) -> None:
    """The State's sign-off: its words become statements of its own."""
    row, kind = work.row, kind_named(work.row.kind)
    problems = [*checked_again(row), *_label_problems(row)]
    if problems:
        raise BadSubmission(tuple(problems))
    _demand_fresh(work)
    item = record_from(row.kind, row.content)
    label = label_of(kind, item, label_from(row.content))
    held = Entry.objects.filter(kind=row.kind, key=item.key).first() if item.key else None
    if held is not None and (held.pk != row.entry_id or held.owner_id != work.body):
        raise Clash(
            gettext_noop("An entry of this name was made in the meantime"),
            item.key,
            gettext_noop("Withdraw this, and propose the change of that entry."),
        )
    speaker = Speaker(Voice.OWN, row.body.name if row.body else "", work.body)
    (result,) = store(
        [_unlabelled(item, label)],
        speaker,
        act="publish_submission",
        actor=work.actor,
        owner=work.body,
        label=label,
    )
    entry = Entry.objects.select_related("owner", "handling").get(id=result.entry)
    _mark(entry, intern(of_entry(label, work.body)), work.actor)
    if row.kind in ("request", "situation"):  # they are addressed to the secretariat's desk
        entry = ask(entry, actor=work.actor)
    settle_by_change(entry, work.actor)
    row.entry = entry
    row.base_act = Entry.objects.values_list("act", flat=True).get(pk=entry.pk)


def _unlabelled(item: Record, label: Label) -> Record:
    """Values that only repeat the entry's label follow it."""
    rows = (
        replace(given, label=None) if given.label and given.label <= label else given
        for given in item.values
    )
    return replace(item, values=tuple(rows))


def _mark(entry: Entry, number: int, actor: str) -> None:
    """Put an entry under another handling, with the statements that were under the old one."""
    if entry.handling_id == number:
        return
    now = timezone.now()
    content = {"before": entry.handling_id, "after": number}
    seq = record("mark_entry", f"registry/{entry.name}", actor=actor, content=content, now=now)
    for table in (Statement, Reply):
        table.objects.filter(entry=entry, handling=entry.handling_id).update(handling=number)
    entry.handling_id, entry.act, entry.changed = number, seq, now
    entry.save(update_fields=["handling", "act", "changed"])
    index([entry], today=now.astimezone(dt.UTC).date())


def _withdraw(work: _Work) -> None:
    """Withdrawing published words withdraws the entry; only those published last can be."""
    row = work.row
    if State(row.state) not in (State.PUBLISHED, State.CONTESTED) or row.entry is None:
        return
    if reads.stale(row) or row.entry.owner_id != work.body:
        raise Clash(
            gettext_noop("The entry was changed after this was written"),
            row.entry.name,
            gettext_noop("Withdraw the change that was published last."),
        )
    now = timezone.now()
    entry = row.entry
    seq = record("withdraw_entry", f"registry/{entry.name}", actor=work.actor, now=now)
    entry.state, entry.act, entry.changed = EntryState.WITHDRAWN, seq, now
    entry.save(update_fields=["state", "act", "changed"])
    index([entry], today=now.astimezone(dt.UTC).date())


def _answer(work: _Work) -> None:
    if work.row.entry is not None:
        answer(work.viewer, work.row.entry, work.reason, body=work.body)


def _contest(work: _Work) -> None:
    if work.row.entry is not None:
        answer(work.viewer, work.row.entry, work.reason, body=work.body, contests=True)


def _settle(work: _Work) -> None:
    if work.row.entry is not None:
        take_back_contests(work.row.entry, work.body, work.actor)


_BEFORE: Mapping[Act, Callable[[_Work], None]] = {
    Act.EDIT: _edit,
    Act.SUBMIT: _submit,
    Act.AMEND: _amend,
    Act.RETRACT: _keep_words,
    Act.AGREE: _agree,
    Act.KEEP_WORDS: _keep_words,
    Act.ACCEPT: _demand_fresh,
    Act.SIGN_OFF: _publish,
    Act.WITHDRAW: _withdraw,
    Act.CONTEST: _contest,
    Act.SETTLE: _settle,
    Act.REPLY: _answer,
}
