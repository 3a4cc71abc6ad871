"""Interned handlings: equal ones are one row, and SQL says who sees exactly as the kit does."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from comity.kit.tlp import ANONYMOUS, DEFAULT_COMMUNITY, Handling, Label, Marking, Viewer, may_see
from comity.people import actions, reads
from comity.people.models import Handling as Row

some_ids = st.frozensets(st.integers(1, 5).map(lambda n: UUID(int=n)), max_size=3)


@st.composite
def markings(draw) -> Marking:
    label = draw(st.sampled_from(list(Label)))
    named: dict[str, object] = {"sharing_groups": draw(some_ids), "defaulted": draw(st.booleans())}
    if label is Label.RED:
        named["persons"] = draw(some_ids)
    elif label >= Label.AMBER:
        named["bodies"] = draw(some_ids)
    elif label is Label.GREEN:
        named["community"] = draw(st.sampled_from([None, UUID(int=1), UUID(int=2)]))
    return Marking(label, **named)  # type: ignore[arg-type]


handlings = st.builds(
    Handling,
    st.lists(markings(), min_size=1, max_size=3).map(tuple),
    st.one_of(st.none(), st.integers(1, 5).map(lambda n: UUID(int=n))),
)
viewers = st.builds(
    Viewer,
    person=st.one_of(st.none(), st.integers(1, 5).map(lambda n: UUID(int=n))),
    bodies=some_ids,
    clients_of=some_ids,
    groups=some_ids.map(lambda ids: ids | {DEFAULT_COMMUNITY} if len(ids) > 1 else ids),
    second_factor=st.booleans(),
)


class TestSql(TestCase):
    @settings(max_examples=60)
    @given(st.lists(handlings, max_size=6), st.lists(viewers, max_size=4))
    def test_sql_and_the_kit_agree(self, things: list[Handling], who: list[Viewer]) -> None:
        numbers = [actions.intern(thing) for thing in things]
        for viewer in (*who, ANONYMOUS):
            wanted = {n for n, thing in zip(numbers, things, strict=True) if may_see(viewer, thing)}
            assert set(reads.visible_handlings(viewer)) & set(numbers) == wanted

    @settings(max_examples=60)
    @given(handlings)
    def test_what_is_interned_comes_back(self, thing: Handling) -> None:
        number = actions.intern(thing)
        assert actions.intern(thing) == number
        back = reads.handling(number)
        assert [(m.label, m.audience, m.sharing_groups, m.defaulted) for m in back.markings] == [
            (m.label, m.audience, m.sharing_groups, m.defaulted) for m in thing.markings
        ]


@pytest.mark.django_db
def test_all_that_is_clear_has_one_number() -> None:
    ours = Handling((Marking(Label.CLEAR),), UUID(int=1))
    assert actions.intern(ours) == actions.clear()
    assert Row.objects.count() == 1


@pytest.mark.django_db
def test_a_handling_without_marking_is_nobodys() -> None:
    Row.objects.create(key="x", label="CLEAR")
    assert reads.visible_handlings(ANONYMOUS) == ()
