"""Statements are written one way: ended, never overwritten; each speaker's own; one act a call."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from comity.kit.sayings import Voice
from comity.kit.tlp import ANONYMOUS, DEFAULT_COMMUNITY, Label, Viewer
from comity.people.actions import add_body
from comity.registry import reads
from comity.registry.actions import RegistryError, Speaker, index, store
from comity.registry.models import Block, Entry, Facet, FacetCount, SearchRow, Statement
from comity.registry.types import Given, Outcome, Record

PRESS = Speaker(Voice.SOURCE, "The Herald")
UNION = Speaker(Voice.SOURCE, "Council report")


def tool(key: str = "t-1", *more: Given, title: str = "A tool") -> Record:
    return Record("tool", key, "", (Given("title", title, "en"), *more))


def country(code: str, label: Label | None = None) -> Given:
    return Given("country", code, label=label)


@pytest.mark.django_db
def test_created_then_unchanged_then_updated() -> None:
    first = store([tool()], PRESS, act="load")
    again = store([tool()], PRESS, act="load")
    other = store([tool(title="Another name")], PRESS, act="load")
    assert [r[0].outcome for r in (first, again, other)] == [
        Outcome.CREATED,
        Outcome.UNCHANGED,
        Outcome.UPDATED,
    ]
    said = [(row.value, row.ended is None) for row in Statement.objects.order_by("pk")]
    assert said == [("A tool", False), ("Another name", True)], "ended, not overwritten"
    assert Entry.objects.get().title == "Another name"


@pytest.mark.django_db
def test_what_changes_nothing_is_no_act() -> None:
    store([tool()], PRESS, act="load")
    seq = Entry.objects.get().act
    store([tool()], PRESS, act="load")
    store([tool("t-2")], PRESS, act="load")
    assert Entry.objects.get(key="t-1").act == seq
    assert Entry.objects.get(key="t-2").act == seq + 1


@pytest.mark.django_db
def test_two_speakers_stand_side_by_side_and_differ() -> None:
    store([tool(title="One name")], PRESS, act="load")
    store([tool(title="Other name")], UNION, act="load")
    entry = reads.entry(ANONYMOUS, "tool", "t-1")
    titles = reads.values_of(ANONYMOUS, entry)[0]
    assert {v.row.value for v in titles.values} == {"One name", "Other name"}
    assert titles.disputed
    store([tool(title="One name, mended")], PRESS, act="load")
    titles = reads.values_of(ANONYMOUS, entry)[0]
    assert {v.row.value for v in titles.values} == {"One name, mended", "Other name"}


@pytest.mark.django_db
def test_two_rows_of_one_key_in_a_file_are_told() -> None:
    results = store([tool(), tool(title="Again")], PRESS, act="load")
    assert [r.outcome for r in results] == [Outcome.CREATED, Outcome.REJECTED]
    assert results[1].problems[0].field == "key"


@pytest.mark.django_db
def test_amber_needs_a_body_and_red_is_never_an_entry() -> None:
    for label in (Label.AMBER, Label.RED):
        with pytest.raises(RegistryError):
            store([tool()], PRESS, act="load", label=label)
    assert not Entry.objects.exists(), "nothing half-written"


@pytest.mark.django_db
def test_a_withdrawn_entry_is_in_no_count_and_no_search() -> None:
    store([tool("t-1", country("KE"))], PRESS, act="load")
    entry = Entry.objects.get()
    entry.state = "withdrawn"
    entry.save()
    index([entry], today=dt.date(2026, 11, 22))
    assert reads.listing(ANONYMOUS, reads.Question("tool")).total == 0
    assert not Facet.objects.exists() and not SearchRow.objects.exists()
    assert not FacetCount.objects.filter(n__gt=0).exists()


@pytest.mark.django_db
def test_a_request_of_nobody_cannot_be_confidential_and_is_green() -> None:
    body = add_body("Ministry")
    said = (Given("title", "Need a CIRT", "en"), country("KE"))
    speaker = Speaker(Voice.OWN, "Ministry", body.pk)
    store([Record("request", "r-1", "", said)], speaker, act="ask", owner=body.pk)
    with pytest.raises(reads.NotHeld):
        reads.entry(ANONYMOUS, "request", "r-1")
    member = Viewer(person=UUID(int=1), bodies=frozenset({body.pk}), second_factor=True)
    assert reads.entry(member, "request", "r-1").handling.label == "AMBER"


# --- nothing leaks ------------------------------------------------------------------------

labels = st.sampled_from([Label.CLEAR, Label.GREEN, Label.AMBER, Label.AMBER_STRICT])
CODES = ("KE", "UG", "TZ")
entries = st.lists(
    st.tuples(
        st.integers(0, 1),  # the owner
        labels,  # of the entry
        st.lists(st.tuples(st.sampled_from(CODES), labels), max_size=3, unique_by=lambda c: c[0]),
        st.tuples(st.sampled_from(["alpha", "beta", "网络安全"]), labels),  # a summary
    ),
    min_size=1,
    max_size=5,
)


class TestNothingLeaks(TestCase):
    @settings(max_examples=25)
    @given(entries)
    def test_lists_counts_facets_and_searches_hold_what_may_be_seen(self, made: list) -> None:
        owners = [add_body("One"), add_body("Two")]
        for n, (owner, label, countries, (word, under)) in enumerate(made):
            said = (
                Given("title", f"Tool {n}", "en"),
                Given("summary", word, "en", label=under),
                *(country(code, stricter) for code, stricter in countries),
            )
            body = owners[owner].pk
            speaker = Speaker(Voice.OWN, f"Body {owner}", body)
            record = Record("tool", f"t-{n}", "", said)
            store([record], speaker, act="load", owner=body, label=label)
        for viewer in self.viewers([body.pk for body in owners]):
            self.holds(viewer, made, [body.pk for body in owners])

    def viewers(self, bodies: list[UUID]) -> list[Viewer]:
        community = frozenset({DEFAULT_COMMUNITY})
        return [
            ANONYMOUS,
            Viewer(groups=community),
            Viewer(bodies=frozenset(bodies[:1]), second_factor=True),
            Viewer(bodies=frozenset(bodies[:1])),
            Viewer(bodies=frozenset(bodies), groups=community, second_factor=True),
        ]

    def holds(self, viewer: Viewer, made: list, bodies: list[UUID]) -> None:
        def sees(label: Label, owner: int) -> bool:
            if label is Label.CLEAR:
                return True
            mine = bodies[owner] in viewer.bodies
            if label is Label.GREEN:
                return mine or DEFAULT_COMMUNITY in viewer.groups
            return mine and viewer.second_factor

        visible = {n for n, row in enumerate(made) if sees(row[1], row[0])}
        seen = reads.listing(viewer, reads.Question("tool"), facets=("country",))
        assert {int(e.key[2:]) for e in seen.entries} == visible
        assert seen.total == len(visible) == reads.kind_totals(viewer).get("tool", 0)
        counted: dict[str, int] = {}
        for code in CODES:
            having = {
                n
                for n in visible
                for c, label in made[n][2]
                if c == code and sees(max(label, made[n][1]), made[n][0])
            }
            counted[code] = len(having)
            found = reads.listing(viewer, reads.Question("tool", facets={"country": (code,)}))
            assert {int(e.key[2:]) for e in found.entries} == having
            assert found.total == len(having)
        assert dict(seen.facets.get("country", ())) == {c: n for c, n in counted.items() if n}
        for word in ("alpha", "beta", "网络"):
            having = {
                n
                for n in visible
                for said, label in [made[n][3]]
                if said.startswith(word) and sees(max(label, made[n][1]), made[n][0])
            }
            found = reads.listing(viewer, reads.Question("", word))
            assert {int(e.key[2:]) for e in found.entries} == having and found.total == len(having)
        for n, row in enumerate(made):
            if n not in visible:
                with pytest.raises(reads.NotHeld):
                    reads.entry(viewer, "tool", f"t-{n}")
                continue
            data = reads.as_data(viewer, reads.entry(viewer, "tool", f"t-{n}"))
            summary = [s["value"] for s in data["statements"] if s["field"] == "summary"]
            assert bool(summary) == sees(max(row[3][1], row[1]), row[0])


@pytest.mark.django_db
def test_blocks_go_with_their_entry() -> None:
    store([tool()], PRESS, act="load")
    assert Block.objects.exists()
    Entry.objects.get().delete()
    assert not Block.objects.exists()
