"""TLP as audiences: who sees what, by example, by property, and once more in SQL."""

from __future__ import annotations

import dataclasses
import sqlite3
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.kit.errors import BadMarking, UnknownLabel
from comity.kit.tlp import (
    ANONYMOUS,
    DEFAULT_COMMUNITY,
    STIX_IDS,
    Handling,
    Label,
    Marking,
    Viewer,
    VisibilityTerms,
    from_stix,
    may_relay,
    may_see,
    parse,
    strictest,
    subject_prefix,
    to_stix,
    visibility_terms,
)


def ids(*numbers: int) -> frozenset[UUID]:
    return frozenset(UUID(int=n) for n in numbers)


ANA, BEN = UUID(int=1), UUID(int=2)
CIRT, BANK, OTHER = UUID(int=3), UUID(int=4), UUID(int=5)
CLUB, RING = UUID(int=6), UUID(int=7)


def member(**changes: object) -> Viewer:
    """Ana of the CIRT, with a second factor, in the default community."""
    usual: dict[str, object] = {
        "person": ANA,
        "bodies": frozenset({CIRT}),
        "groups": frozenset({DEFAULT_COMMUNITY}),
        "second_factor": True,
    }
    return Viewer(**(usual | changes))  # type: ignore[arg-type]


def handling(*markings: Marking, owner: UUID | None = OTHER) -> Handling:
    return Handling(markings, owner)


RED = Marking(Label.RED, persons=frozenset({ANA}))
STRICT = Marking(Label.AMBER_STRICT, bodies=frozenset({CIRT}))
AMBER = Marking(Label.AMBER, bodies=frozenset({CIRT}))
GREEN = Marking(Label.GREEN)
CLEAR = Marking(Label.CLEAR)
CLIENT = member(person=BEN, bodies=frozenset({BANK}), clients_of=frozenset({CIRT}))


@pytest.mark.parametrize(
    ("marking", "ana", "colleague", "client", "stranger", "anonymous"),
    [
        (RED, True, False, False, False, False),
        (STRICT, True, True, False, False, False),
        (AMBER, True, True, True, False, False),
        (GREEN, True, True, True, False, False),
        (CLEAR, True, True, True, True, True),
    ],
    ids=lambda value: str(value.label) if isinstance(value, Marking) else "",
)
def test_each_label_opens_to_its_audience_and_no_further(
    marking: Marking, ana: bool, colleague: bool, client: bool, stranger: bool, anonymous: bool
) -> None:
    outsider = Viewer(person=BEN, bodies=frozenset({BANK}), second_factor=True)
    viewers = (member(), member(person=BEN), CLIENT, outsider, ANONYMOUS)
    seen = [may_see(viewer, handling(marking)) for viewer in viewers]
    assert seen == [ana, colleague, client, stranger, anonymous]


def test_amber_and_above_need_a_second_factor_even_for_the_owner() -> None:
    weak = member(second_factor=False)
    for marking in (RED, STRICT, AMBER):
        assert not may_see(weak, handling(marking))
        assert not may_see(weak, handling(marking, owner=CIRT))
    assert may_see(weak, handling(GREEN))
    assert may_see(weak, handling(CLEAR))


def test_the_owners_members_see_their_own_except_red() -> None:
    elsewhere = Marking(Label.AMBER_STRICT, bodies=frozenset({BANK}), sharing_groups=ids(99))
    colleague = member(person=BEN)
    assert may_see(colleague, handling(elsewhere, owner=CIRT))
    assert not may_see(colleague, handling(RED, owner=CIRT))
    assert not may_see(colleague, handling(elsewhere, RED, owner=CIRT))


def test_the_owners_clients_are_not_recipients_of_amber() -> None:
    for_bank = Marking(Label.AMBER, bodies=frozenset({OTHER}))
    assert not may_see(CLIENT, handling(for_bank, owner=CIRT))


def test_green_names_its_community() -> None:
    of_club = Marking(Label.GREEN, community=CLUB)
    assert not may_see(member(), handling(of_club))
    assert may_see(member(groups=frozenset({CLUB})), handling(of_club))
    assert not may_see(member(groups=frozenset({CLUB})), handling(GREEN))


@pytest.mark.parametrize("marking", [RED, STRICT, AMBER, GREEN, CLEAR])
def test_a_sharing_group_narrows_every_label(marking: Marking) -> None:
    limited = dataclasses.replace(marking, sharing_groups=frozenset({RING}))
    assert not may_see(member(), handling(limited))
    assert may_see(member(groups=frozenset({RING, DEFAULT_COMMUNITY})), handling(limited))


def test_red_that_names_nobody_is_seen_by_nobody() -> None:
    assert not may_see(member(), handling(Marking(Label.RED), owner=CIRT))
    assert not may_see(Viewer(second_factor=True), handling(Marking(Label.RED)))


def test_unmarked_cannot_be_and_gets_a_recorded_default() -> None:
    with pytest.raises(BadMarking, match=r"Handling\.unmarked"):
        Handling((), CIRT)
    given_default = Handling.unmarked(CIRT)
    assert given_default.label is Label.AMBER
    assert given_default.markings[0].defaulted
    assert may_see(member(), given_default)
    assert may_see(CLIENT, given_default)
    assert not may_see(ANONYMOUS, given_default)
    assert Handling.unmarked(CIRT, Label.CLEAR).markings[0].audience == frozenset()
    with pytest.raises(BadMarking, match="names persons"):
        Handling.unmarked(CIRT, Label.RED)


@pytest.mark.parametrize(
    ("label", "field"),
    [
        (Label.RED, "bodies"),
        (Label.AMBER, "persons"),
        (Label.AMBER_STRICT, "community"),
        (Label.GREEN, "bodies"),
        (Label.CLEAR, "persons"),
    ],
)
def test_an_audience_the_label_would_ignore_is_refused(label: Label, field: str) -> None:
    value = CLUB if field == "community" else ids(8)
    with pytest.raises(BadMarking, match=field):
        Marking(label, **{field: value})  # type: ignore[arg-type]


# --- spelling and order -------------------------------------------------------------------


@pytest.mark.parametrize("label", list(Label))
def test_labels_survive_text_and_stix(label: Label) -> None:
    assert parse(str(label)) is parse(f" {label.value.lower()} ") is label
    assert from_stix(to_stix(label)) is label
    assert subject_prefix(label) == f"[TLP:{label.value}] "


def test_tlp_1_white_is_clear_and_amber_is_not_strict() -> None:
    assert parse("tlp:white") is Label.CLEAR
    assert from_stix("marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9") is Label.CLEAR
    assert from_stix("marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da") is Label.GREEN
    assert from_stix("marking-definition--f88d31f6-486f-44da-b317-01333bde0b82") is Label.AMBER
    assert from_stix("marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed") is Label.RED


@given(st.text())
def test_junk_is_no_label_and_says_so(text: str) -> None:
    for read in (parse, from_stix):
        try:
            assert read(text) in Label
        except UnknownLabel as error:
            assert error.remedy and len(str(error)) < 600


def test_what_names_no_label_is_refused() -> None:
    for text in ("", "TLP:", "TLP:EX:CHR", "TLP:PURPLE", "AMBER STRICT", "TLP:GREEN\x00"):
        with pytest.raises(UnknownLabel):
            parse(text)


def test_labels_order_from_clear_to_red() -> None:
    assert sorted(Label, reverse=True) == [
        Label.RED,
        Label.AMBER_STRICT,
        Label.AMBER,
        Label.GREEN,
        Label.CLEAR,
    ]
    assert Label.GREEN < Label.AMBER <= Label.AMBER < Label.AMBER_STRICT
    with pytest.raises(TypeError):
        assert Label.RED < "TLP:RED"  # type: ignore[operator]
    with pytest.raises(BadMarking):
        strictest([])


@given(st.lists(st.sampled_from(Label), min_size=1), st.sampled_from(Label))
def test_the_strictest_binds_and_more_labels_never_loosen(labels: list[Label], one: Label) -> None:
    assert all(label <= strictest(labels) for label in labels)
    assert strictest([*labels, one]) >= strictest(labels)


def test_scopes_bind_a_token_and_not_a_session() -> None:
    assert Viewer().in_scope("registry:write")
    token = Viewer(scopes=frozenset({"registry:read"}))
    assert token.in_scope("registry:read")
    assert not token.in_scope("registry:write")


# --- properties ---------------------------------------------------------------------------

some_ids = st.frozensets(st.sampled_from([UUID(int=n) for n in range(1, 5)]), max_size=3)
one_id = st.sampled_from([*(UUID(int=n) for n in range(1, 5)), DEFAULT_COMMUNITY])


@st.composite
def markings(draw: st.DrawFn) -> Marking:
    label = draw(st.sampled_from(Label))
    return Marking(
        label,
        persons=draw(some_ids) if label is Label.RED else frozenset(),
        bodies=draw(some_ids) if label in (Label.AMBER, Label.AMBER_STRICT) else frozenset(),
        community=draw(st.none() | one_id) if label is Label.GREEN else None,
        sharing_groups=draw(some_ids),
    )


handlings = st.builds(
    Handling,
    st.lists(markings(), min_size=1, max_size=3).map(tuple),
    st.none() | one_id,
)
viewers = st.builds(
    Viewer,
    person=st.none() | one_id,
    bodies=some_ids,
    clients_of=some_ids,
    groups=st.frozensets(one_id, max_size=3),
    second_factor=st.booleans(),
)


def as_the_words_say(viewer: Viewer, thing: Handling) -> bool:
    """The rule once more, straight from the text of TLP and the house's decisions."""
    for m in thing.markings:
        red = m.label is Label.RED
        if m.label in (Label.RED, Label.AMBER, Label.AMBER_STRICT) and not viewer.second_factor:
            return False
        if not red and thing.owner is not None and thing.owner in viewer.bodies:
            continue
        if m.sharing_groups and not m.sharing_groups & viewer.groups:
            return False
        if red and viewer.person not in m.persons:
            return False
        if m.label is Label.AMBER_STRICT and not m.bodies & viewer.bodies:
            return False
        if m.label is Label.AMBER and not m.bodies & (viewer.bodies | viewer.clients_of):
            return False
        if m.label is Label.GREEN and (m.community or DEFAULT_COMMUNITY) not in viewer.groups:
            return False
    return True


@given(viewers, handlings)
def test_the_terms_decide_as_the_words_say(viewer: Viewer, thing: Handling) -> None:
    assert may_see(viewer, thing) is as_the_words_say(viewer, thing)


@given(viewers, handlings, markings())
def test_adding_a_marking_never_widens_the_audience(
    viewer: Viewer, thing: Handling, one: Marking
) -> None:
    more = Handling((*thing.markings, one), thing.owner)
    assert may_see(viewer, thing) or not may_see(viewer, more)


@given(handlings)
def test_anonymous_sees_only_clear(thing: Handling) -> None:
    only_clear = all(m.label is Label.CLEAR and not m.sharing_groups for m in thing.markings)
    assert may_see(ANONYMOUS, thing) is only_clear


@given(viewers, viewers, handlings)
def test_belonging_to_more_never_hides(one: Viewer, two: Viewer, thing: Handling) -> None:
    both = dataclasses.replace(
        one,
        bodies=one.bodies | two.bodies,
        clients_of=one.clients_of | two.clients_of,
        groups=one.groups | two.groups,
        second_factor=one.second_factor or two.second_factor,
    )
    assert may_see(both, thing) or not may_see(one, thing)


def seen_in_sql(things: list[Handling], terms: VisibilityTerms) -> set[int]:
    """The terms as a reads layer would say them, over one row per marking and per id."""
    db = sqlite3.connect(":memory:")
    db.executescript(
        "CREATE TABLE thing(id, owner); CREATE TABLE marking(id, thing, label);"
        "CREATE TABLE audience(marking, id); CREATE TABLE reach(marking, id);"
        "CREATE TABLE owner_body(id); CREATE TABLE owner_label(label); CREATE TABLE mine(id);"
        "CREATE TABLE open_label(label); CREATE TABLE named(label, id);"
    )
    for t, thing in enumerate(things):
        db.execute(
            "INSERT INTO thing VALUES (?, ?)", (t, str(thing.owner) if thing.owner else None)
        )
        for n, m in enumerate(thing.markings):
            key = t * 10 + n
            db.execute("INSERT INTO marking VALUES (?, ?, ?)", (key, t, m.label.value))
            for table, named in (("audience", m.audience), ("reach", m.sharing_groups)):
                rows = [(key, str(i)) for i in named]
                db.executemany(f"INSERT INTO {table} VALUES (?, ?)", rows)
    db.execute("INSERT INTO thing VALUES (-1, NULL)")  # without a marking: nobody's
    one_column = {
        "owner_body": map(str, terms.owner_bodies),
        "owner_label": (label.value for label in terms.owner_labels),
        "open_label": (label.value for label in terms.open_labels),
        "mine": map(str, terms.groups),
    }
    for table, values in one_column.items():
        db.executemany(f"INSERT INTO {table} VALUES (?)", [(value,) for value in values])
    pairs = [(label.value, str(i)) for label, named in terms.named.items() for i in named]
    db.executemany("INSERT INTO named VALUES (?, ?)", pairs)
    query = """
        SELECT t.id FROM thing t
        WHERE EXISTS (SELECT 1 FROM marking m WHERE m.thing = t.id) AND NOT EXISTS (
          SELECT 1 FROM marking m WHERE m.thing = t.id AND NOT (
            (t.owner IS NOT NULL AND t.owner IN (SELECT id FROM owner_body)
              AND m.label IN (SELECT label FROM owner_label))
            OR (
              (m.label IN (SELECT label FROM open_label) OR EXISTS (
                SELECT 1 FROM audience a JOIN named n ON n.id = a.id AND n.label = m.label
                WHERE a.marking = m.id))
              AND (NOT EXISTS (SELECT 1 FROM reach r WHERE r.marking = m.id) OR EXISTS (
                SELECT 1 FROM reach r JOIN mine ON mine.id = r.id WHERE r.marking = m.id)))))
    """
    found = {row[0] for row in db.execute(query)}
    db.close()
    return found


@settings(max_examples=40)
@given(viewers, st.lists(handlings, max_size=6))
def test_the_terms_suffice_for_sql(viewer: Viewer, things: list[Handling]) -> None:
    visible = {i for i, thing in enumerate(things) if may_see(viewer, thing)}
    assert seen_in_sql(things, visibility_terms(viewer)) == visible


# --- passing on ---------------------------------------------------------------------------


def relayed(*given_markings: Marking, groups: frozenset[UUID], extend: bool = False) -> bool:
    extendable = groups if extend else frozenset()
    return may_relay(
        handling(*given_markings), ours=groups | ids(50), theirs=groups, extendable=extendable
    )


def test_a_gateway_passes_on_clear_and_green_inside_a_common_community() -> None:
    assert relayed(CLEAR, groups=frozenset())
    assert relayed(GREEN, groups=frozenset({DEFAULT_COMMUNITY}))
    assert not relayed(GREEN, groups=frozenset({CLUB}))
    assert not relayed(CLEAR, GREEN, groups=frozenset({CLUB}))


def test_amber_is_passed_on_only_in_an_extendable_group_of_its_marking() -> None:
    for marking in (AMBER, STRICT):
        in_ring = dataclasses.replace(marking, sharing_groups=frozenset({RING}))
        assert relayed(in_ring, groups=frozenset({RING}), extend=True)
        assert not relayed(in_ring, groups=frozenset({RING}))
        assert not relayed(in_ring, groups=frozenset({CLUB}), extend=True)
        assert not relayed(marking, groups=frozenset({RING}), extend=True)


def test_red_never_travels_by_a_link() -> None:
    in_ring = dataclasses.replace(RED, sharing_groups=frozenset({RING}))
    assert not relayed(in_ring, groups=frozenset({RING, DEFAULT_COMMUNITY}), extend=True)


def test_a_sharing_group_holds_clear_back_from_outsiders() -> None:
    in_ring = dataclasses.replace(CLEAR, sharing_groups=frozenset({RING}))
    assert relayed(in_ring, groups=frozenset({RING}))
    assert not relayed(in_ring, groups=frozenset({CLUB}))


@given(handlings, markings(), some_ids, some_ids, some_ids)
def test_adding_a_marking_never_opens_a_relay(
    thing: Handling,
    one: Marking,
    ours: frozenset[UUID],
    theirs: frozenset[UUID],
    extendable: frozenset[UUID],
) -> None:
    more = Handling((*thing.markings, one), thing.owner)
    ends = {"ours": ours, "theirs": theirs, "extendable": extendable}
    assert may_relay(thing, **ends) or not may_relay(more, **ends)


@given(handlings, some_ids, some_ids, some_ids)
def test_what_may_go_one_way_may_go_back(
    thing: Handling, one: frozenset[UUID], two: frozenset[UUID], extendable: frozenset[UUID]
) -> None:
    there = may_relay(thing, ours=one, theirs=two, extendable=extendable)
    assert there is may_relay(thing, ours=two, theirs=one, extendable=extendable)


def test_both_ends_must_be_in_the_community_or_group() -> None:
    in_ring = dataclasses.replace(AMBER, sharing_groups=frozenset({RING}))
    only_one = {"ours": frozenset({RING, DEFAULT_COMMUNITY}), "theirs": frozenset({CLUB})}
    for marking in (GREEN, in_ring):
        assert not may_relay(handling(marking), **only_one, extendable=frozenset({RING}))


def test_every_label_has_its_own_stix_id() -> None:
    assert len(set(STIX_IDS.values())) == len(Label) == len(STIX_IDS)
