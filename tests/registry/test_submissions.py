"""No word of a State changes silently, and nothing is published without review and sign-off."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import event, given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from comity.registry.rules import submissions as s
from comity.registry.rules.submissions import Act, Party, State, SubmissionError, Words

PARTIES = st.sets(st.sampled_from(Party), min_size=1)
VALUES = st.dictionaries(
    st.sampled_from(["title", "lead", "figure", "countries"]),
    st.lists(st.sampled_from(["a", "b", "1", 1, 0, True, False, 1.0, None]), max_size=3),
)


class Desk(RuleBasedStateMachine):
    """Six persons with every mixture of roles try every act on one submission, at random."""

    people = {
        "author": {Party.AUTHOR},
        "reviewer": {Party.REVIEWER},
        "state": {Party.STATE},
        "both": {Party.REVIEWER, Party.STATE},
        "all": set(Party),
        "focal": {Party.AUTHOR, Party.STATE},
    }

    def __init__(self) -> None:
        super().__init__()
        self.state: State | None = None
        self.done: list[tuple[str, Act, Party]] = []
        self.words = self.proposal = 0
        self.consents: list[int] = []  # the words as they were when the State consented

    @rule(name=st.sampled_from(sorted(people)), act=st.sampled_from(Act), reason=st.booleans())
    def try_any_act(self, name: str, act: Act, reason: bool) -> None:
        if act is not Act.WITHDRAW or reason:
            self.try_an_act(name, act, reason)

    @rule(data=st.data())
    def go_on(self, data: st.DataObject) -> None:
        """An act that its row gives to somebody; withdrawing ends too many walks early."""
        rows = [row for row in s.TABLE if row.source == self.state and row.act is not Act.WITHDRAW]
        if rows:
            row = data.draw(st.sampled_from(rows))
            names = [name for name in sorted(self.people) if self.people[name] & row.who]
            self.try_an_act(data.draw(st.sampled_from(names)), row.act, True)

    def try_an_act(self, name: str, act: Act, reason: bool) -> None:
        done_as = {party for who, _, party in self.done if who == name}
        before = self.state
        told = s.allowed(before, self.people[name], done_as)
        try:
            state, party = s.take(
                before, act, self.people[name], "Because." if reason else "", done_as
            )
        except SubmissionError as error:
            assert error.remedy
            assert act not in told or (act in s.NEEDS_REASON and not reason)
            return
        assert act in told
        row = next(row for row in s.TABLE if (row.source, row.act) == (before, act))
        if row.words is Words.WRITTEN:
            assert party in {Party.AUTHOR, Party.GATEWAY}
            self.words += 1
        elif row.words is Words.PROPOSED:
            self.proposal = self.words + 1000
        elif row.words is Words.AGREED:
            assert party is Party.STATE
            self.words = self.proposal
        self.state = state
        self.done.append((name, act, party))
        if act is Act.SIGN_OFF:
            self.consents.append(self.words)

    @precondition(lambda self: self.state in s.PUBLIC)
    @invariant()
    def what_is_public_was_accepted_and_signed_off(self) -> None:
        acts = [act for _, act, _ in self.done]
        event("published")  # with --hypothesis-show-statistics: how often it gets here
        accepted = max(i for i, act in enumerate(acts) if act is Act.ACCEPT)
        signed = max(i for i, act in enumerate(acts) if act is Act.SIGN_OFF)
        assert signed == accepted + 1
        assert self.done[accepted][2] is Party.REVIEWER
        assert self.done[signed][2] is Party.STATE
        assert self.done[accepted][0] != self.done[signed][0]
        assert self.words == self.consents[-1]

    @invariant()
    def nobody_was_on_both_sides(self) -> None:
        for index, (name, act, _) in enumerate(self.done):
            before = {party for who, _, party in self.done[:index] if who == name}
            if act in {Act.SIGN_OFF, Act.AGREE}:
                assert Party.REVIEWER not in before | self.people[name]
            if act is Act.ACCEPT:
                assert Party.AUTHOR not in before | self.people[name]


TestDesk = Desk.TestCase


def paths(length: int) -> list[list[s.Row]]:
    found: list[list[s.Row]] = [[row] for row in s.TABLE if row.source is None]
    every = list(found)
    for _ in range(length - 1):
        found = [[*path, row] for path in found for row in s.TABLE if row.source == path[-1].target]
        every += found
    return every


def test_every_short_path_to_publication_goes_through_accept_and_sign_off() -> None:
    public = [path for path in paths(7) if path[-1].target in s.PUBLIC]
    assert len(public) > 10
    for path in public:
        acts = [row.act for row in path]
        assert Act.ACCEPT in acts
        assert acts.index(Act.ACCEPT) < acts.index(Act.SIGN_OFF)


def test_the_table_alone_leads_to_publication_by_one_row() -> None:
    into = [row for row in s.TABLE if row.target in s.PUBLIC and row.source not in s.PUBLIC]
    assert [(row.source, row.act, row.who) for row in into] == [
        (State.ACCEPTED, Act.SIGN_OFF, frozenset({Party.STATE}))
    ]
    accepted = [row for row in s.TABLE if row.target is State.ACCEPTED]
    assert [(row.act, row.who) for row in accepted] == [(Act.ACCEPT, frozenset({Party.REVIEWER}))]
    assert all(row.words is Words.KEPT for row in s.TABLE if row.source is State.ACCEPTED)


def test_every_state_is_reached_and_has_a_way_out_or_is_final() -> None:
    reached = {path[-1].target for path in paths(6)}
    assert reached == set(State)
    for state in State:
        out = {row.target for row in s.TABLE if row.source == state} - {state}
        assert bool(out) != (state in s.FINAL), state


def test_a_state_and_an_act_lead_to_one_place() -> None:
    steps = [(row.source, row.act) for row in s.TABLE]
    assert len(steps) == len(set(steps))
    assert {row.act for row in s.TABLE} == set(Act)


def test_only_an_author_or_an_agreement_changes_words() -> None:
    for row in s.TABLE:
        if row.words is Words.WRITTEN:
            assert row.who <= {Party.AUTHOR, Party.GATEWAY}
        if row.words is Words.AGREED:
            assert (row.source, row.who) == (State.AMENDED, frozenset({Party.STATE}))
        if Party.REVIEWER in row.who:
            assert row.words in {Words.KEPT, Words.PROPOSED}
    assert {row.words for row in s.TABLE} == set(Words)


def test_a_reviewer_is_not_the_states_word() -> None:
    assert Act.SIGN_OFF in s.allowed(State.ACCEPTED, {Party.STATE})
    assert Act.SIGN_OFF not in s.allowed(State.ACCEPTED, {Party.STATE, Party.REVIEWER})
    assert Act.SIGN_OFF not in s.allowed(State.ACCEPTED, {Party.STATE}, {Party.REVIEWER})
    with pytest.raises(SubmissionError) as caught:
        s.next_state(State.ACCEPTED, Act.SIGN_OFF, Party.STATE, {Party.REVIEWER})
    assert "colleague" in caught.value.remedy
    assert Act.ACCEPT not in s.allowed(State.SUBMITTED, {Party.AUTHOR, Party.REVIEWER})


@pytest.mark.parametrize("act", [Act.ASK_BACK, Act.AMEND, Act.REJECT, Act.CONTEST])
def test_what_troubles_the_other_side_has_a_reason(act: Act) -> None:
    row = next(row for row in s.TABLE if row.act is act)
    for reason in ("", " \n", "x" * 2001):
        with pytest.raises(SubmissionError):
            s.take(row.source, act, row.who, reason)
    assert s.take(row.source, act, row.who, "The figure has no source.")[0] is row.target


def test_nobody_is_not_the_gateway() -> None:
    with pytest.raises(SubmissionError, match="another party"):
        s.take(None, Act.BEGIN, set())
    assert s.take(None, Act.BEGIN, {Party.GATEWAY}) == (State.DRAFT, Party.GATEWAY)


@given(st.none() | st.sampled_from(State), st.sampled_from(Act), PARTIES, PARTIES | st.just(set()))
def test_what_is_offered_can_be_done_and_nothing_else(state, act, parties, done_as) -> None:
    offered = s.allowed(state, parties, done_as)
    assert len(offered) == len(set(offered))
    try:
        s.take(state, act, parties, "Because.", done_as)
    except SubmissionError as error:
        assert act not in offered
        assert error.message
        assert error.remedy
    else:
        assert act in offered


def test_after_publication_the_state_has_the_word() -> None:
    assert s.allowed(State.PUBLISHED, {Party.STATE}) == [Act.REPLY, Act.CONTEST, Act.WITHDRAW]
    assert s.allowed(State.PUBLISHED, {Party.REVIEWER, Party.AUTHOR, Party.GATEWAY}) == []


@given(VALUES, VALUES)
def test_a_difference_says_everything_and_nothing_else(old, new) -> None:
    changes = s.differences(old, new)
    told = {field: tuple(values) for field, values in new.items() if values}
    after = s.applied(old, changes)
    assert s.differences(after, told) == []
    assert len({change.field for change in changes}) == len(changes)
    assert s.differences(old, old) == []
    turned = {s.ChangeKind.ADDED: s.ChangeKind.REMOVED, s.ChangeKind.REMOVED: s.ChangeKind.ADDED}
    back = {change.field: change for change in s.differences(new, old)}
    for change in changes:
        assert back.pop(change.field) == s.Change(
            change.field, turned.get(change.kind, change.kind), change.after, change.before
        )
    assert back == {}


def test_nothing_said_is_not_zero_and_text_is_no_number() -> None:
    for a, b in itertools.permutations(([], [0], ["0"], [False], [""]), 2):
        (change,) = s.differences({"figure": a}, {"figure": b})
        assert change.kind is (
            s.ChangeKind.ADDED if not a else s.ChangeKind.REMOVED if not b else s.ChangeKind.CHANGED
        )


def test_words_that_changed_meanwhile_are_not_agreed_to() -> None:
    changes = s.differences({"title": ["A"]}, {"title": ["B"]})
    with pytest.raises(SubmissionError, match="title"):
        s.applied({"title": ["C"]}, changes)
