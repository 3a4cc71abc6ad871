"""The way of a State's submission from draft to publication and after, as one table.

Nothing is published before a reviewer has accepted it and the State has signed it off, and
nobody but its author changes a word: what a reviewer would rather read is shown as a difference,
and counts once the State agrees. The pages, the API and the tests read the same rows.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from comity.kit.errors import KitError
from comity.kit.languages import gettext_noop


class SubmissionError(KitError, ValueError):
    """An act that cannot be done now, or by this party, or without its reason."""


class State(StrEnum):
    """Where a submission stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    AMENDED = "amended"  # a reviewer's words lie beside the State's; the State's still count
    ACCEPTED = "accepted"
    PUBLISHED = "published"
    CONTESTED = "contested"  # published, and the State says that something in it is wrong
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


FINAL = frozenset({State.WITHDRAWN})
PUBLIC = frozenset({State.PUBLISHED, State.CONTESTED})


class Act(StrEnum):
    """What can be done to a submission."""

    BEGIN = "begin"
    EDIT = "edit"
    SUBMIT = "submit"
    TAKE_BACK = "take_back"
    ASK_BACK = "ask_back"
    AMEND = "amend"
    RETRACT = "retract"  # the reviewer takes the proposed words away again
    AGREE = "agree"
    KEEP_WORDS = "keep_words"  # the State does not agree; its words stand as they were
    ACCEPT = "accept"
    REJECT = "reject"
    TAKE_UP = "take_up"
    SIGN_OFF = "sign_off"
    HOLD_BACK = "hold_back"  # the State does not sign; it goes back to its author
    REPLY = "reply"
    CONTEST = "contest"
    SETTLE = "settle"
    WITHDRAW = "withdraw"


class Party(StrEnum):
    """As whom somebody acts on one submission. A person may be several."""

    AUTHOR = "author"  # of the body that submits
    REVIEWER = "reviewer"
    STATE = "state"  # who signs for the State whose entry it is
    GATEWAY = "gateway"  # a batch or an import, on the author's behalf


class Words(StrEnum):
    """What an act does to the State's words."""

    KEPT = "kept"
    WRITTEN = "written"  # by their author
    PROPOSED = "proposed"  # beside them, as a difference; they themselves stay
    AGREED = "agreed"  # the proposed ones take their place


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table. `source` None: there is no submission yet."""

    source: State | None
    act: Act
    target: State
    who: frozenset[Party]
    words: Words = Words.KEPT


def _rows(
    sources: Collection[State | None],
    act: Act,
    target: State | None,
    *who: Party,
    words: Words = Words.KEPT,
) -> tuple[Row, ...]:
    """A row for each source; without target the state stays."""
    found = []
    for source in sources:
        end = target if target is not None else source
        if end is None:
            raise SubmissionError("a row without a target needs a source", act, "Name one.")
        found.append(Row(source, act, end, frozenset(who), words))
    return tuple(found)


_S, _A, _P = State, Act, Party
TABLE: tuple[Row, ...] = (
    *_rows([None], _A.BEGIN, _S.DRAFT, _P.AUTHOR, _P.GATEWAY, words=Words.WRITTEN),
    *_rows([_S.DRAFT, _S.RETURNED], _A.EDIT, None, _P.AUTHOR, words=Words.WRITTEN),
    *_rows([_S.DRAFT, _S.RETURNED], _A.SUBMIT, _S.SUBMITTED, _P.AUTHOR),
    *_rows([_S.SUBMITTED], _A.TAKE_BACK, _S.DRAFT, _P.AUTHOR),
    *_rows([_S.SUBMITTED, _S.ACCEPTED], _A.ASK_BACK, _S.RETURNED, _P.REVIEWER),
    *_rows([_S.SUBMITTED], _A.AMEND, _S.AMENDED, _P.REVIEWER, words=Words.PROPOSED),
    *_rows([_S.AMENDED], _A.RETRACT, _S.SUBMITTED, _P.REVIEWER),
    # What the State agreed to goes back to review: it is read once more before it is accepted.
    *_rows([_S.AMENDED], _A.AGREE, _S.SUBMITTED, _P.STATE, words=Words.AGREED),
    *_rows([_S.AMENDED], _A.KEEP_WORDS, _S.SUBMITTED, _P.STATE),
    *_rows([_S.SUBMITTED], _A.ACCEPT, _S.ACCEPTED, _P.REVIEWER),
    *_rows([_S.SUBMITTED], _A.REJECT, _S.REJECTED, _P.REVIEWER),
    *_rows([_S.REJECTED], _A.TAKE_UP, _S.DRAFT, _P.AUTHOR),
    *_rows([_S.ACCEPTED], _A.SIGN_OFF, _S.PUBLISHED, _P.STATE),
    *_rows([_S.ACCEPTED], _A.HOLD_BACK, _S.RETURNED, _P.STATE),
    *_rows([_S.PUBLISHED, _S.CONTESTED], _A.REPLY, None, _P.STATE),
    *_rows([_S.PUBLISHED], _A.CONTEST, _S.CONTESTED, _P.STATE),
    # Only who contested can say that it is settled. A correction is a submission of its own.
    *_rows([_S.CONTESTED], _A.SETTLE, _S.PUBLISHED, _P.STATE),
    *_rows(
        [_S.DRAFT, _S.SUBMITTED, _S.RETURNED, _S.AMENDED, _S.ACCEPTED, _S.REJECTED],
        _A.WITHDRAW,
        _S.WITHDRAWN,
        _P.AUTHOR,
        _P.STATE,
    ),
    # Published words are the State's: its author alone cannot take them away.
    *_rows([_S.PUBLISHED, _S.CONTESTED], _A.WITHDRAW, _S.WITHDRAWN, _P.STATE),
)
_BY_STEP: Mapping[tuple[State | None, Act], Row] = {(row.source, row.act): row for row in TABLE}

NEEDS_REASON = frozenset({Act.ASK_BACK, Act.AMEND, Act.REJECT, Act.HOLD_BACK, Act.CONTEST})
LONGEST_REASON = 2000  # characters: a page; more belongs into a reply

# Four eyes. Who acts, or has acted on this submission, as one of these parties does not do the
# act, whatever else they are: a reviewer is never the State's word, nobody accepts own words.
BARRED: Mapping[Act, frozenset[Party]] = {
    Act.ACCEPT: frozenset({Party.AUTHOR}),
    Act.AGREE: frozenset({Party.REVIEWER}),
    Act.KEEP_WORDS: frozenset({Party.REVIEWER}),
    Act.SIGN_OFF: frozenset({Party.REVIEWER}),
    Act.SETTLE: frozenset({Party.REVIEWER}),
}


def allowed(
    state: State | None, parties: Collection[Party], done_as: Collection[Party] = ()
) -> list[Act]:
    """The acts open to somebody who is all of `parties`, in the table's order.

    `done_as`: as whom the same person has acted on this submission before.
    """
    held = frozenset(parties)
    return [
        row.act
        for row in TABLE
        if row.source == state and row.who & held and not _barred(row.act, held, done_as)
    ]


def next_state(
    state: State | None, act: Act, party: Party, done_as: Collection[Party] = ()
) -> State:
    """Where the act leads. Raises `SubmissionError` with the remedy when it leads nowhere."""
    row = _row(state, act)
    if party not in row.who:
        raise _for_another(act, party)
    if _barred(act, frozenset({party}), done_as):
        raise SubmissionError(
            gettext_noop("Review, authorship and the State's word are for different persons"),
            f"{act}, {party}",
            gettext_noop("Ask a colleague who has not acted in the other role."),
        )
    return row.target


def take(
    state: State | None,
    act: Act,
    parties: Collection[Party],
    reason: str = "",
    done_as: Collection[Party] = (),
) -> tuple[State, Party]:
    """One act with everything checked: the new state, and as which party it was done.

    Raises `SubmissionError` as `next_state` does, and for a reason that is missing or too long.
    """
    row = _row(state, act)
    party = next((party for party in Party if party in parties and party in row.who), None)
    if party is None:
        raise _for_another(act, *sorted(parties))
    found = next_state(state, act, party, {*done_as, *parties})
    check_reason(act, reason)
    return found, party


def _row(state: State | None, act: Act) -> Row:
    row = _BY_STEP.get((state, act))
    if row is None:
        raise SubmissionError(
            gettext_noop("This cannot be done to a submission in this state"),
            f"{act}, {state or 'none'}",
            gettext_noop("Load the page again: somebody may have acted in the meantime."),
        )
    return row


def _for_another(act: Act, *parties: Party) -> SubmissionError:
    return SubmissionError(
        gettext_noop("This is for another party to do"),
        ", ".join((act, *parties)),
        gettext_noop("Ask whoever acts for the State, for its author or for the review."),
    )


def check_reason(act: Act, reason: str) -> None:
    """Raises `SubmissionError` for an act that needs a reason and has none, or one too long."""
    if act in NEEDS_REASON and not reason.strip():
        raise SubmissionError(
            gettext_noop("This needs a reason"),
            act,
            gettext_noop("Say in a sentence or two why, so that the other side can answer."),
        )
    if len(reason) > LONGEST_REASON:
        raise SubmissionError(
            gettext_noop("The reason is too long"),
            act,
            gettext_noop("Say it in 2000 characters; attach the rest."),
        )


def _barred(act: Act, held: frozenset[Party], done_as: Collection[Party]) -> bool:
    return not BARRED.get(act, frozenset()).isdisjoint(held | frozenset(done_as))


# --- differences --------------------------------------------------------------------------

Values = Mapping[str, Sequence[object]]
"""The values of each field, in the order in which they were given."""


class ChangeKind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """What is different in one field. No values is "not reported", which is not 0."""

    field: str
    kind: ChangeKind
    before: tuple[object, ...]
    after: tuple[object, ...]


def differences(old: Values, new: Values) -> list[Change]:
    """What `new` says otherwise than `old`: fields of `old` in its order, then those it lacks.

    The order of values counts (the first partner leads), and so does their type: "1" is not 1,
    and 1 is not True. A field without values is a field that is absent.
    """
    found = []
    for field in dict.fromkeys([*old, *new]):
        before, after = tuple(old.get(field, ())), tuple(new.get(field, ()))
        if _typed(before) == _typed(after):
            continue
        kind = ChangeKind.CHANGED
        if not before:
            kind = ChangeKind.ADDED
        elif not after:
            kind = ChangeKind.REMOVED
        found.append(Change(field, kind, before, after))
    return found


def applied(old: Values, changes: Sequence[Change]) -> dict[str, tuple[object, ...]]:
    """The values after changes to which the State has agreed; fields without values left out.

    Raises `SubmissionError` when a field no longer says what its change was proposed for.
    """
    values = {field: tuple(given) for field, given in old.items()}
    for change in changes:
        if _typed(values.get(change.field, ())) != _typed(change.before):
            raise SubmissionError(
                gettext_noop("The words changed after the difference was shown"),
                change.field,
                gettext_noop("Look at the difference again before you agree."),
            )
        values[change.field] = change.after
    return {field: given for field, given in values.items() if given}


def _typed(values: Sequence[object]) -> list[tuple[type, object]]:
    return [(type(value), value) for value in values]
