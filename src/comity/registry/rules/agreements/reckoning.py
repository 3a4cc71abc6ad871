"""From a history to where an agreement stands: fold the events, then look at its term."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from comity.kit.dates import BadDate, PartialDate
from comity.kit.languages import gettext_noop
from comity.registry.rules.agreements.doubts import doubts_of
from comity.registry.rules.agreements.history import (
    BRINGS,
    ENDED,
    ENDS,
    LIVES,
    RANK,
    RESTORES,
    REVIVES,
    RUNS,
    SOON,
    STAGE,
    STALE_AFTER,
    TERM_FROM,
    AgreementError,
    AgreementEvent,
    Flag,
    Ground,
    Happening,
    Numbered,
    Standing,
    State,
)


@dataclass(frozen=True, slots=True)
class _Reached:
    """What a part of the rules found so far. `decider` is the happening that made the state."""

    state: State
    presumed: bool = False
    since: PartialDate | None = None
    decider: Numbered | None = None
    why: tuple[Ground, ...] = ()


def standing(
    happenings: Sequence[Happening],
    *,
    today: dt.date,
    term_months: int | None = None,
    auto_renews: bool = False,
    union_party: bool = False,
) -> Standing:
    """Where the agreement stands today, with the rules and happenings that say so.

    A term runs from the last renewal, else the entry into force, else the signature, unless a
    happening says until when. Raises `AgreementError` for a term below one month.
    """
    if term_months is not None and term_months < 1:
        raise AgreementError(
            gettext_noop("A term has at least one month"),
            str(term_months),
            gettext_noop("Leave it out where the source gives none."),
        )
    numbered = list(enumerate(happenings))
    ahead = [(i, h) for i, h in numbered if h.date is not None and h.date.first > today]
    past = _in_order([row for row in numbered if row not in ahead])
    doubts = doubts_of(past, union_party=union_party)
    ends, from_ = _end(past, ahead, term_months)
    reached = _disputed(_with_presumed(_reported(past), past), doubts)
    reached = _at_the_end(_suspension_over(reached, today), past, ends, from_, today, auto_renews)
    heard = {i: min(h.date.last, today) for i, h in past if h.date and not h.presumed}
    latest = max(heard.values(), default=None)
    silent = None if latest is None else today - latest
    # The doubts that need the state.
    if reached.since is None and (reached.decider is None or reached.decider[1].date is None):
        doubts.append((Flag.NO_DATE, _ground("no_date", reached.decider)))
    if ends and reached.state in RUNS and ends.last >= today and ends.first <= today + SOON:
        doubts.append((Flag.ENDS_SOON, Ground("ends_soon", from_)))
    if silent is not None and silent > STALE_AFTER and reached.state not in ENDED:
        newest = tuple(sorted(i for i, day in heard.items() if day == latest))
        doubts.append((Flag.STALE, Ground("stale", newest)))
    coming = (Ground("ahead", tuple(i for i, _ in ahead)),) if ahead else ()
    return Standing(
        reached.state,
        reached.presumed,
        reached.since,
        ends,
        None if silent is None else silent.days,
        frozenset(flag for flag, _ in doubts),
        (*reached.why, *coming, *(ground for _, ground in doubts)),
    )


def _ground(rule: str, *rows: Numbered | None) -> Ground:
    return Ground(rule, tuple(row[0] for row in rows if row is not None))


def _in_order(rows: Sequence[Numbered]) -> list[Numbered]:
    """By date; what has none stands before the first dated event of a later rank."""
    dated = [(h.date.sort_key, RANK[h.event], i, h) for i, h in rows if h.date is not None]
    found = [(i, h) for _, _, i, h in sorted(dated, key=lambda row: row[:3])]
    undated = [row for row in rows if row[1].date is None]
    for row in sorted(undated, key=lambda row: (RANK[row[1].event], row[0])):
        rank = RANK[row[1].event]
        later = (n for n, (_, other) in enumerate(found) if RANK[other.event] > rank)
        found.insert(next(later, len(found)), row)
    return found


# --- the events ---------------------------------------------------------------------------


def _after(state: State, event: AgreementEvent) -> State | None:
    """The state that an event makes of a state; None when it leaves it as it is."""
    brings = BRINGS[event]
    if brings is None:
        return None
    if state in ENDED or state is State.EXPIRED_PRESUMED:
        # Two reports of an end: the later one counts. Nothing else but a new life changes it.
        return brings if event in ENDS | REVIVES else None
    if event in ENDS or event is AgreementEvent.SUSPENDED:
        return brings
    if state is State.SUSPENDED:
        return brings if event in RESTORES else None
    return brings if STAGE[brings] > STAGE[state] else None


def _reported(past: Sequence[Numbered]) -> _Reached:
    """The state after all that sources report."""
    reached = _Reached(State.UNKNOWN, why=(Ground("nothing"),))
    for row in past:
        state = None if row[1].presumed else _after(reached.state, row[1].event)
        if state is not None:
            reported = (_ground("reported", row),)
            reached = _Reached(state, False, row[1].date, row, reported)
    if reached.decider is None:
        return reached
    events = {h.event for _, h in past if not h.presumed}
    event, why = reached.decider[1].event, reached.why
    if event is AgreementEvent.RENEWED and AgreementEvent.IN_FORCE not in events:
        why += (_ground("renewed", reached.decider),)
        return _Reached(State.IN_FORCE_PRESUMED, True, reached.since, reached.decider, why)
    if event is AgreementEvent.DENOUNCED:
        why += (_ground("denounced", reached.decider),)
        return _Reached(reached.state, True, reached.since, reached.decider, why)
    applied = [r for r in past if r[1].event is AgreementEvent.PROVISIONALLY_APPLIED]
    if reached.state is State.SIGNED and applied:
        why += (_ground("provisional", *applied),)
    return _Reached(reached.state, False, reached.since, reached.decider, why)


_PRESUMED = {State.IN_FORCE: State.IN_FORCE_PRESUMED, State.LAPSED: State.EXPIRED_PRESUMED}


def _with_presumed(reached: _Reached, past: Sequence[Numbered]) -> _Reached:
    """What is presumed counts where no report is later or says that all is over."""
    for row in past:
        happening, last = row[1], reached.decider and reached.decider[1]
        state = _after(reached.state, happening.event) if happening.presumed else None
        if state is None or reached.state in ENDED:
            continue
        if last and happening.date and last.date and happening.date.certainly_before(last.date):
            continue
        # Without dates the order of a life decides: presumed ends come after reported beginnings.
        undated = last and not (happening.date and last.date)
        if last and undated and RANK[happening.event] < RANK[last.event]:
            continue
        why = (*reached.why, _ground("presumed", row))
        kept = tuple(ground for ground in why if ground.rule != "nothing")
        reached = _Reached(_PRESUMED.get(state, state), True, happening.date, row, kept)
    return reached


def _disputed(reached: _Reached, doubts: Sequence[tuple[Flag, Ground]]) -> _Reached:
    """Where sources contradict each other on what decides, nobody's word is taken."""
    if reached.decider is None:
        return reached
    number = reached.decider[0]
    of = {flag: {i for f, g in doubts if f is flag for i in g.rests_on} for flag in Flag}
    if number in of[Flag.DISPUTED]:
        return _Reached(State.UNKNOWN, False, None, reached.decider, reached.why)
    if number in of[Flag.DATES_DIFFER]:
        return _Reached(reached.state, reached.presumed, None, reached.decider, reached.why)
    return reached


# --- the term -----------------------------------------------------------------------------


def _end(
    past: Sequence[Numbered], ahead: Sequence[Numbered], term: int | None
) -> tuple[PartialDate | None, tuple[int, ...]]:
    """When it ends as far as is known, and the happenings that say so."""
    announced = [(h.date, i) for i, h in ahead if h.event in ENDS and h.date is not None]
    if announced:
        date, number = min(announced, key=lambda row: row[0].sort_key)
        return date, (number,)
    rows = [row for row in _last_life(past) if not row[1].presumed]
    longer = [
        row
        for row in rows
        if row[1].event is AgreementEvent.RENEWED
        or (row[1].event is AgreementEvent.AMENDED and row[1].until is not None)
    ]
    if longer:
        return _ends_of(longer[-1:], term)
    for event in TERM_FROM:
        found = [row for row in rows if row[1].event is event]
        if found:  # in force on an unknown day: the signature must not stand in for it
            return _ends_of(found, term)
    return None, ()


def _ends_of(
    rows: Sequence[Numbered], term: int | None
) -> tuple[PartialDate | None, tuple[int, ...]]:
    """The latest of the ends of several reports of one event: never over too early."""
    ends = [
        (end, i)
        for i, h in rows
        if (end := h.until or (_later(h.date, term) if h.date and term else None))
    ]
    if not ends:
        return None, ()
    return max((end for end, _ in ends), key=lambda end: end.last), tuple(i for _, i in ends)


def _later(date: PartialDate, months: int) -> PartialDate | None:
    """The end of a term; none where it lies beyond the calendar."""
    try:
        return date.plus_months(months)
    except BadDate:
        return None


def _last_life(past: Sequence[Numbered]) -> list[Numbered]:
    """The happenings since the last end that a new life followed."""
    life: list[Numbered] = []
    for number, row in enumerate(past):
        anew = row[1].event in REVIVES and not row[1].presumed
        if anew and number and past[number - 1][1].event in ENDS:
            life = []
        life.append(row)
    return life


def _suspension_over(reached: _Reached, today: dt.date) -> _Reached:
    until = reached.decider[1].until if reached.decider else None
    if reached.state is not State.SUSPENDED or until is None or until.last >= today:
        return reached
    why = (*reached.why, _ground("suspension_over", reached.decider))
    return _Reached(State.IN_FORCE_PRESUMED, True, until, reached.decider, why)


def _at_the_end(
    reached: _Reached,
    past: Sequence[Numbered],
    ends: PartialDate | None,
    from_: tuple[int, ...],
    today: dt.date,
    auto_renews: bool,
) -> _Reached:
    """What a term that has passed makes of the state."""
    if ends is None:
        return reached
    state, decider, why = reached.state, reached.decider, reached.why
    if state is State.LAPSED and decider is not None:
        lapse = decider[1].date
        if lapse is None or not lapse.certainly_before(ends):
            ground = Ground("term_ran_out", (*from_, decider[0]))
            return _Reached(State.EXPIRED, reached.presumed, reached.since, decider, (*why, ground))
    if ends.last >= today:
        return reached
    if state is State.EXPIRED_PRESUMED and reached.since is None:
        why = (*why, Ground("term_passed", from_))
        return _Reached(state, True, ends, decider, why)
    if state not in RUNS:
        return reached
    # Signed stays signed: neither news nor a clause makes an entry into force of it.
    alive = State.SIGNED if state is State.SIGNED else State.IN_FORCE_PRESUMED
    news = tuple(
        i
        for i, h in past
        if h.event in LIVES | {AgreementEvent.AMENDED}
        and not h.presumed
        and h.date is not None
        and ends.certainly_before(h.date)
    )
    if news:
        why = (*why, Ground("news_after_term", news))
        return _Reached(alive, True, reached.since, decider, why)
    if auto_renews:
        why = (*why, Ground("renews_itself", from_))
        return _Reached(alive, True, reached.since, decider, why)
    why = (*why, Ground("term_passed", from_))
    return _Reached(State.EXPIRED_PRESUMED, True, ends, decider, why)
