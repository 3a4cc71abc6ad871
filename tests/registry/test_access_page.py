"""For whom nothing accessible exists: counted from what the viewer may see, limits respected."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from comity.kit.tlp import ANONYMOUS, Label
from comity.registry.reads.access import access
from comity.registry.rules.access import Gap, Item, Reader, gaps
from comity.registry.rules.reaching import KINDS, Limited, bare, gaps_within, item_of, worst_first
from tests.registry.desk_world import part, somebody, text_of, written

TODAY = dt.date(2026, 11, 22)
MAYBE = st.sampled_from([True, False, None])
LANGUAGES = st.frozensets(st.sampled_from(["ar", "en", "fr", "sw"]), max_size=3)
ITEMS = st.builds(Item, st.sampled_from(KINDS), LANGUAGES, MAYBE, MAYBE, MAYBE)
CODES = ("KE", "TD", "FR", "TV")
THINGS = st.lists(
    st.builds(Limited, ITEMS, st.frozensets(st.sampled_from(CODES), max_size=2)), max_size=8
)
READERS = st.lists(
    st.builds(Reader, st.sampled_from(CODES), LANGUAGES, ldc=st.booleans(), sids=st.booleans()),
    max_size=4,
    unique_by=lambda reader: reader.country,
)


@given(THINGS, READERS)
def test_each_country_stands_where_it_would_by_itself(
    things: list[Limited], readers: list[Reader]
) -> None:
    """The oracle: each reader alone with the things that admit it."""
    together = gaps_within(things, readers)
    alone = {
        (gap.kind, gap.language, reader.country): gap
        for reader in readers
        for gap in gaps(
            [t.item for t in things if not t.countries or reader.country in t.countries],
            [reader],
            KINDS,
        )
    }
    told = {
        (gap.kind, gap.language, code)
        for gap in together
        for code in (*gap.without, *gap.unclear, *gap.elsewhere)
    }
    assert told == set(alone)
    for gap in together:
        for name in ("without", "ldcs_without", "unclear", "ldcs_unclear", "elsewhere"):
            for code in getattr(gap, name):
                assert getattr(alone[gap.kind, gap.language, code], name) == (code,)


@pytest.mark.parametrize(
    ("said", "free", "offline", "link"),
    [
        ([], None, None, None),
        ([("cost", "free"), ("offline_copy", True)], True, True, None),
        ([("cost", "paid"), ("offline_copy", False)], False, False, None),
        ([("cost", "some_free")], None, None, None),
        ([("cost", "free"), ("cost", "paid")], None, None, None),
        ([("link_checked", "2026-03")], None, None, True),
        ([("link_checked", "2024")], None, None, None),
    ],
)
def test_what_nobody_said_is_not_known(said: Any, free: Any, offline: Any, link: Any) -> None:
    item = item_of("tool", said, TODAY).item
    assert (item.free, item.offline, item.link_ok) == (free, offline, link)


def test_subtitles_are_read_and_limits_kept() -> None:
    thing = item_of(
        "training", [("language", "en"), ("subtitle_language", "ar"), ("country", "TD")], TODAY
    )
    assert thing.item.languages == {"en", "ar"} and thing.countries == {"TD"}


def test_most_ldcs_come_first_and_the_bare_are_summed() -> None:
    few = Gap("tool", "fr", ("FR",), (), (), (), ())
    many = Gap("tool", "ar", ("TD", "SD"), ("TD", "SD"), (), (), ())
    assert worst_first([few, many]) == [many, few]
    assert bare([few, many]) == {"tool": ({"FR", "TD", "SD"}, {"TD", "SD"})}


# --- from the database --------------------------------------------------------------------


def tool(title: str, owner: Any = None, label: Label | None = None, **values: Any) -> None:
    first = {"title": title, "language": ["fr"], "cost": "free", "offline_copy": True}
    written("tool", first | values, owner=owner, label=label)


def without(viewer: Any, language: str, kind: str = "tool") -> set[str]:
    rows = [r for r in access(viewer, TODAY).rows if (r.kind, r.language) == (kind, language)]
    return set(rows[0].without) if rows else set()


def test_a_tool_in_french_serves_who_reads_french(db: None) -> None:
    before = without(ANONYMOUS, "fr")
    assert {"FR", "TD"} <= before
    tool("Kit")
    assert without(ANONYMOUS, "fr") == set()
    assert "ET" in without(ANONYMOUS, "am"), "Amharic is read there, French is not"
    assert "FR" in without(ANONYMOUS, "fr", "training"), "a tool is no training"


def test_what_one_may_not_see_does_not_serve(db: None) -> None:
    owner = somebody("Owner", "focal_point")
    tool("Kit", owner=owner.body, label=Label.AMBER)
    assert "TD" in without(ANONYMOUS, "fr")
    assert "TD" not in without(owner.viewer, "fr")
    assert access(ANONYMOUS, TODAY).known["tool"].total == 0


def test_what_is_for_one_country_serves_it_alone(db: None) -> None:
    tool("Kit", country=["TD"])
    assert "TD" not in without(ANONYMOUS, "fr") and "FR" in without(ANONYMOUS, "fr")


def test_only_states_are_asked_about(db: None) -> None:
    found = access(ANONYMOUS, TODAY)
    assert found.readers == 195 and found.ldcs == 44
    assert "GP" not in found.bare["tool"][0], "a territory reads with its State"


def test_a_graduation_counts_from_its_day(db: None) -> None:
    """Bangladesh, Lao PDR and Nepal left the group on 24 November 2026."""
    assert access(ANONYMOUS, dt.date(2026, 11, 23)).ldcs == 44
    assert access(ANONYMOUS, dt.date(2026, 11, 24)).ldcs == 41


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_page_names_ldcs_and_what_the_answer_rests_on(
    language: str, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("comity.registry.pages.access.today", lambda: TODAY)
    tool("Kit", cost="unknown", offline_copy=False, link_checked="2026-11")
    answer = Client().get(f"/{language}/registry/access/")
    assert answer.status_code == 200
    if language == "en":
        page = text_of(answer.content)
        assert "195 States are asked about; 44 of them are least developed countries" in page
        assert "languages 1 · cost 0 · offline copy 1 · link found within 400 days 1" in page
        assert "Chad" in page


def test_the_page_of_a_tool_tells_what_access_needs(db: None) -> None:
    written(
        "tool",
        {"title": "Kit", "language": ["fr"], "cost": "free", "licence": "MIT"},
        key="kit",
        evidence_title="Its own page",
    )
    page = text_of(part("_access", "tool", "kit"))
    assert "Can it be used here?" in page
    assert "Offline copy not reported" in page and "French" in page and "MIT" in page
