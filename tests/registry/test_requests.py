"""A request's state follows from its history, and no waiting is forgotten."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.registry.rules import requests as r
from comity.registry.rules.requests import Act, Band, Event, Party, RequestError, State

START = dt.datetime(2026, 1, 1, 8, tzinfo=dt.UTC)


def history(*steps: tuple[Act, Party, int]) -> list[Event]:
    return [
        Event(act, party, START + dt.timedelta(days=day), "Because.") for act, party, day in steps
    ]


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    """Any walk through the table."""
    events: list[Event] = []
    state: State | None = None
    day = 0
    for _ in range(draw(st.integers(1, 12))):
        row = draw(st.sampled_from([row for row in r.TABLE if row.source == state]))
        day += draw(st.integers(0, 90))
        party = draw(st.sampled_from(sorted(row.who)))
        events += history((row.act, party, day))
        state = row.target
    return events


@given(histories())
def test_a_walk_through_the_table_has_a_state_and_an_age(events: list[Event]) -> None:
    state = r.state_of(events)
    now = events[-1].at + dt.timedelta(days=3)
    age = r.age_days(events, now)
    assert 0 <= age <= (now - events[0].at).days
    since = r.unanswered_since(events)
    if state in r.CLOSED:
        assert since is None
        assert age == r.age_days(events, now + dt.timedelta(days=99))
    else:
        assert r.age_days(events, now + dt.timedelta(days=99)) == age + 99
        assert (since is not None) == (events[-1].party is Party.ASKING)
    if since is not None:
        assert all(event.party is Party.ASKING for event in events if event.at > since)


@given(histories(), st.sampled_from(Act), st.sampled_from(Party))
def test_the_table_decides_what_follows(events: list[Event], act: Act, party: Party) -> None:
    state = r.state_of(events)
    may = r.may_follow(state, act, party)
    assert may == (act in r.acts_open_to(state, {party}))
    more = [*events, Event(act, party, events[-1].at, "Because.")]
    if may:
        assert r.states(more)[:-1] == r.states(events)
    else:
        with pytest.raises(RequestError, match=f"event {len(more)}") as caught:
            r.state_of(more)
        assert caught.value.remedy


def test_every_state_is_reached_and_has_a_way_on() -> None:
    reached: set[State | None] = {None}
    while more := {row.target for row in r.TABLE if row.source in reached} - reached:
        reached |= more
    assert reached - {None} == set(State)
    assert len({(row.source, row.act) for row in r.TABLE}) == len(r.TABLE)
    for state in State:
        assert any(row.target != state for row in r.TABLE if row.source == state)
        acts = r.acts_open_to(state, set(Party))
        assert (Act.ASK_AGAIN in acts) == (state in r.CLOSED)


def test_who_helps_does_not_say_that_it_is_done() -> None:
    done = [row for row in r.TABLE if row.target is State.DONE]
    assert [row.who for row in done] == [frozenset({Party.ASKING})]
    assert not r.may_follow(State.UNDER_WAY, Act.FINISH, Party.HELPER)


def test_a_request_from_asking_to_done() -> None:
    events = history(
        (Act.ASK, Party.ASKING, 0),
        (Act.ANSWER, Party.SECRETARIAT, 10),
        (Act.MATCH, Party.SECRETARIAT, 20),
        (Act.UNMATCH, Party.HELPER, 40),
        (Act.MATCH, Party.SECRETARIAT, 100),
        (Act.BEGIN, Party.HELPER, 120),
        (Act.FINISH, Party.ASKING, 200),
    )
    assert r.states(events) == [
        State.OPEN, State.OPEN, State.MATCHED, State.OPEN, State.MATCHED, State.UNDER_WAY, State.DONE,
    ]  # fmt: skip
    assert r.age_days(events[:4], START + dt.timedelta(days=60)) == 60
    assert r.age_days(events, START + dt.timedelta(days=900)) == 200
    again = [*events, *history((Act.ASK_AGAIN, Party.ASKING, 300))]
    assert r.age_days(again, START + dt.timedelta(days=310)) == 10
    assert r.unanswered_since(again) == again[-1].at


def test_a_reminder_does_not_make_a_silence_shorter() -> None:
    asked = history((Act.ASK, Party.ASKING, 0), (Act.ADD, Party.ASKING, 50))
    assert r.unanswered_since(asked) == START
    answered = [*asked, *history((Act.ANSWER, Party.HELPER, 60))]
    assert r.unanswered_since(answered) is None
    waiting = [*answered, *history((Act.ADD, Party.ASKING, 70), (Act.ADD, Party.ASKING, 80))]
    assert r.unanswered_since(waiting) == START + dt.timedelta(days=70)


@pytest.mark.parametrize("act", sorted(r.NEEDS_REASON))
def test_a_disappointment_has_its_reason(act: Act) -> None:
    row = next(row for row in r.TABLE if row.act is act)
    party = sorted(row.who)[0]
    with pytest.raises(RequestError, match="reason"):
        r.next_state(row.source, act, party, " ")
    assert r.next_state(row.source, act, party, "No funds this year.") is row.target


def test_a_history_out_of_order_or_without_zone_is_refused() -> None:
    with pytest.raises(RequestError, match="event 2"):
        r.state_of(history((Act.ASK, Party.ASKING, 5), (Act.ADD, Party.ASKING, 4)))
    with pytest.raises(RequestError, match="no history"):
        r.state_of([])
    with pytest.raises(RequestError, match="time zone"):
        Event(Act.ASK, Party.ASKING, dt.datetime(2026, 1, 1))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("days", "band"),
    [(0, Band.UNDER_30), (29, Band.UNDER_30), (30, Band.FROM_30), (89, Band.FROM_30),
     (90, Band.FROM_90), (180, Band.FROM_90), (181, Band.OVER_180), (9_999, Band.OVER_180)],
)  # fmt: skip
def test_bands_of_age(days: int, band: Band) -> None:
    assert r.band(days) is band


@given(st.lists(st.integers(0, 4000)))
def test_no_request_is_counted_twice_or_left_out(ages: list[int]) -> None:
    counts = r.counted(ages)
    assert list(counts) == list(Band)
    assert sum(counts.values()) == len(ages)
