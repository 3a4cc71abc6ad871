"""Requests for assistance as event histories: what was asked, who answered, how long it took.

BDT acts "upon request" (Resolution 130 (Rev. Busan, 2014), instructs the Director of BDT 2), so
every request is counted from the day it was made, and a silence is shown as long as it lasts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from comity.kit.errors import KitError
from comity.kit.languages import gettext_noop


class RequestError(KitError, ValueError):
    """An act that cannot follow, or a history that contradicts itself."""


class State(StrEnum):
    """Where a request stands."""

    OPEN = "open"
    MATCHED = "matched"  # a helper is named; whether help comes is not yet sure
    UNDER_WAY = "under_way"
    DONE = "done"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


CLOSED = frozenset({State.DONE, State.DECLINED, State.WITHDRAWN})


class Act(StrEnum):
    """What can be done to a request."""

    ASK = "ask"
    ADD = "add"  # the asking body says more, or reminds
    ANSWER = "answer"
    MATCH = "match"
    UNMATCH = "unmatch"
    BEGIN = "begin"
    STOP = "stop"
    FINISH = "finish"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    ASK_AGAIN = "ask_again"


class Party(StrEnum):
    ASKING = "asking"  # the body that needs help
    SECRETARIAT = "secretariat"
    HELPER = "helper"  # who is named to help, or offers to


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table. `source` None: there is no request yet."""

    source: State | None
    act: Act
    target: State
    who: frozenset[Party]


def _rows(sources: Iterable[State | None], act: Act, target: State, *who: Party) -> tuple[Row, ...]:
    return tuple(Row(source, act, target, frozenset(who)) for source in sources)


_S, _A, _P = State, Act, Party
_LIVE = (State.OPEN, State.MATCHED, State.UNDER_WAY)
TABLE: tuple[Row, ...] = (
    *_rows([None], _A.ASK, _S.OPEN, _P.ASKING),
    *(row for state in _LIVE for row in _rows([state], _A.ADD, state, _P.ASKING)),
    *(
        row
        for state in _LIVE
        for row in _rows([state], _A.ANSWER, state, _P.SECRETARIAT, _P.HELPER)
    ),
    *_rows([_S.OPEN], _A.MATCH, _S.MATCHED, _P.SECRETARIAT),
    *_rows([_S.MATCHED], _A.UNMATCH, _S.OPEN, _P.ASKING, _P.SECRETARIAT, _P.HELPER),
    *_rows([_S.MATCHED], _A.BEGIN, _S.UNDER_WAY, _P.SECRETARIAT, _P.HELPER),
    *_rows([_S.UNDER_WAY], _A.STOP, _S.OPEN, _P.ASKING, _P.SECRETARIAT, _P.HELPER),
    # Who asked says whether it was helped; who helped does not.
    *_rows([_S.UNDER_WAY], _A.FINISH, _S.DONE, _P.ASKING),
    # Only what nobody was named for is declined: a match is undone first, with its reason.
    *_rows([_S.OPEN], _A.DECLINE, _S.DECLINED, _P.SECRETARIAT),
    *_rows(_LIVE, _A.WITHDRAW, _S.WITHDRAWN, _P.ASKING),
    *_rows([_S.DONE, _S.DECLINED, _S.WITHDRAWN], _A.ASK_AGAIN, _S.OPEN, _P.ASKING),
)
_BY_STEP: Mapping[tuple[State | None, Act], Row] = {(row.source, row.act): row for row in TABLE}
_OPENING = frozenset({Act.ASK, Act.ASK_AGAIN})

NEEDS_REASON = frozenset({Act.UNMATCH, Act.STOP, Act.DECLINE})


@dataclass(frozen=True, slots=True)
class Event:
    """One act of the history. `at` knows its time zone."""

    act: Act
    party: Party
    at: dt.datetime
    reason: str = ""

    def __post_init__(self) -> None:
        if self.at.utcoffset() is None:
            raise RequestError("an event without time zone", self.act, "Give the moment in UTC.")


def acts_open_to(state: State | None, parties: Collection[Party]) -> list[Act]:
    """The acts that somebody who is any of `parties` can do now, in the table's order."""
    return [row.act for row in TABLE if row.source == state and not row.who.isdisjoint(parties)]


def may_follow(state: State | None, act: Act, party: Party) -> bool:
    """Whether this party can do this act to a request in this state."""
    row = _BY_STEP.get((state, act))
    return row is not None and party in row.who


def next_state(state: State | None, act: Act, party: Party, reason: str) -> State:
    """Where the act leads. Raises `RequestError` with the remedy when it cannot be done."""
    row = _BY_STEP.get((state, act))
    if row is None:
        raise RequestError(
            gettext_noop("This cannot be done to a request in this state"),
            f"{act}, {state or 'none'}",
            gettext_noop("Load the page again: somebody may have acted in the meantime."),
        )
    if party not in row.who:
        raise RequestError(
            gettext_noop("This is for another party to do"),
            f"{act}, {party}",
            gettext_noop("Ask the body that needs help, the secretariat or the helper."),
        )
    if act in NEEDS_REASON and not reason.strip():
        raise RequestError(
            gettext_noop("This needs a reason"),
            act,
            gettext_noop("Say in a sentence or two why, so that the other side can answer."),
        )
    return row.target


def states(events: Sequence[Event]) -> list[State]:
    """The state after each event. Raises `RequestError`, with the number of the first event that
    cannot follow or that lies before the one that it follows."""
    found: list[State] = []
    state: State | None = None
    for number, event in enumerate(events, start=1):
        if number > 1 and event.at < events[number - 2].at:
            raise RequestError(
                gettext_noop("The events are not in the order in which they happened"),
                f"event {number}",
                gettext_noop("Order them by their moment."),
            )
        try:
            state = next_state(state, event.act, event.party, event.reason)
        except RequestError as error:
            place = f"event {number}, {error.place}"
            raise RequestError(error.message, place, error.remedy) from None
        found.append(state)
    return found


def state_of(events: Sequence[Event]) -> State:
    """Where the request stands. Raises `RequestError` as `states` does, and for no events."""
    found = states(events)
    if not found:
        raise RequestError(
            gettext_noop("This request has no history"),
            "events",
            gettext_noop("It begins with the body that asks."),
        )
    return found[-1]


# --- ages ---------------------------------------------------------------------------------


def age_days(events: Sequence[Event], now: dt.datetime) -> int:
    """Whole days from the asking to the closing, or to now. Asked again, it counts from then.

    A match that comes to nothing does not make a request young again.
    """
    closed = state_of(events) in CLOSED
    asked = next(event.at for event in reversed(events) if event.act in _OPENING)
    return max(((events[-1].at if closed else now) - asked).days, 0)


def unanswered_since(events: Sequence[Event]) -> dt.datetime | None:
    """Since when the asking body waits for a word of anybody else; None when nobody waits.

    Reminders do not shorten the wait: it counts from the first word that was not answered.
    """
    if state_of(events) in CLOSED:
        return None
    since = None
    for event in events:
        if event.party is not Party.ASKING:
            since = None
        elif since is None or event.act in _OPENING:
            since = event.at
    return since


class Band(StrEnum):
    """Ages as they are counted in tables."""

    UNDER_30 = "under_30"
    FROM_30 = "from_30"  # 30 to 89 days
    FROM_90 = "from_90"  # 90 to 180 days
    OVER_180 = "over_180"


_UPPER = ((Band.UNDER_30, 29), (Band.FROM_30, 89), (Band.FROM_90, 180))


def band(days: int) -> Band:
    """The band of an age in days."""
    return next((found for found, last in _UPPER if days <= last), Band.OVER_180)


def counted(ages: Iterable[int]) -> dict[Band, int]:
    """How many requests are in each band; a band without any is there, with 0."""
    found = dict.fromkeys(Band, 0)
    for days in ages:
        found[band(days)] += 1
    return found
