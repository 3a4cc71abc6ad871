"""Names of works, versions and provisions: the forms agreed, unique, and kept over versions."""

from __future__ import annotations

import doctest
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.mandate.rules import identifiers
from comity.mandate.rules.identifiers import (
    Key,
    eid,
    expression_uri,
    ordinals,
    resolve,
    with_ids,
    work_uri,
)
from comity.mandate.types import MandateError, Provision, Text

TRUTH = Path(__file__).resolve().parents[1] / "examples/mandate/provisions.jsonl"
TSB = "instructs the Director of the Telecommunication Standardization Bureau"


def text(*places: tuple[str, str]) -> Text:
    """A text of provisions at (section, path); the number is the last step of the path."""
    provisions = tuple(
        Provision(s, p, "" if p in ("p", "chapeau") else p.split("/")[-1], "that")
        for s, p in places
    )
    return Text("", "", "", provisions)


def adopted() -> Text:
    lines = [json.loads(line) for line in TRUTH.read_text("utf-8").splitlines()]
    provisions = tuple(Provision(r["section"], r["path"], r["num"], r["text"]) for r in lines)
    return Text("", "", "", provisions)


def test_examples_in_the_module_hold() -> None:
    assert doctest.testmod(identifiers).failed == 0
    assert doctest.testmod(identifiers).attempted > 8


@pytest.mark.parametrize(
    ("section", "path", "num", "wanted"),
    [
        ("recalling", "a", "a)", "recs_recalling__rec_a"),
        ("recognizing", "i/ii", "ii)", "recs_recognizing__rec_i__list_1__item_ii"),
        ("bearing in mind", "p", "", "recs_bearing-in-mind__rec_1"),
        (TSB, "1/iii/a", "a)", "hcontainer_instructs-tsb__para_1__subpara_iii__point_a"),
        ("instructs the Secretary-General", "chapeau", "", "hcontainer_instructs-sg__intro"),
        ("requests the Council", "p", "", "hcontainer_requests-council__para_1"),
        ("considering", "p", "p)", "recs_considering__rec_p"),
        ("resolves", "2-2", "2", "hcontainer_resolves__para_2-2"),
    ],
)
def test_an_eid_has_the_form_agreed(section: str, path: str, num: str, wanted: str) -> None:
    assert eid(section, path, num) == wanted


def test_the_text_of_2014_has_95_eids_keys_and_wids_and_each_resolves() -> None:
    named = with_ids(adopted())
    for attribute in ("eid", "key", "wid"):
        assert len({getattr(p, attribute) for p in named.provisions}) == 95
    keys = {p.key for p in named.provisions}
    assert {"invites-ms/2", "instructs-tsb/1/iii/a", "invites-ms-sm-associates/1"} <= keys
    for provision in named.provisions:
        assert resolve(named, provision.key) is provision
        assert resolve(named, provision.eid) is provision
    assert resolve(named, "resolves/99") is None


def test_a_number_used_again_still_names_one_provision() -> None:
    named = with_ids(text(("resolves", "2"), ("resolves", "2"), ("resolves", "2-2")))
    assert len({p.eid for p in named.provisions}) == 3
    assert len({p.key for p in named.provisions}) == 3


def test_two_headings_with_one_short_name_stay_apart() -> None:
    named = with_ids(
        text(("recalling", "a"), ("Recalling", "a"), ("Recalling", "b"), ("recalling", "b"))
    )
    assert [p.key for p in named.provisions] == [
        "recalling/a",
        "recalling-2/a",
        "recalling-2/b",
        "recalling/b",
    ]


def test_renumbering_changes_the_eid_and_keeps_the_wid() -> None:
    old = with_ids(text(("recalling", "a"), ("recalling", "b")), version="2010")
    wids = [p.wid for p in old.provisions]
    # b became a; the new b is new, and the old a is gone.
    new = with_ids(
        text(("recalling", "a"), ("recalling", "b")),
        first={0: wids[1]},
        taken=wids,
        version="2014",
    )
    assert [(p.eid, p.wid) for p in new.provisions] == [
        ("recs_recalling__rec_a", "recs_recalling__rec_b"),
        ("recs_recalling__rec_b", "recs_recalling__rec_b-v2014"),
    ]


def test_of_two_heirs_the_first_keeps_the_wid() -> None:
    new = with_ids(text(("noting", "a"), ("noting", "b")), first={0: "w", 1: "w"})
    assert [p.wid for p in new.provisions] == ["w", "recs_noting__rec_b"]


steps = st.sampled_from(
    ["1", "2", "a", "i", "ii", "p", "chapeau", "2-2", "p-2", "1.1", "1bis", "é"]
)
places = st.tuples(
    st.sampled_from(["recalling", "resolves", TSB, "invites Member States", "", "Noting that?"]),
    st.lists(steps, min_size=1, max_size=4).map("/".join),
)


@given(
    st.lists(places, max_size=12),
    st.dictionaries(st.integers(-2, 14), st.sampled_from(["w1", "w2", "recs_recalling__rec_a"])),
    st.sets(st.sampled_from(["recs_recalling__rec_a", "hcontainer_resolves__para_1"])),
)
def test_ids_are_unique_and_hold_no_blank(
    found: list[tuple[str, str]], first: dict[int, str], taken: set[str]
) -> None:
    named = with_ids(text(*found), first=first, taken=taken, version="2014")
    for attribute in ("eid", "wid", "key"):
        values = [getattr(p, attribute) for p in named.provisions]
        assert len(values) == len(set(values))
        assert all(value and not any(c.isspace() for c in value) for value in values)
    assert [(p.section, p.path) for p in named.provisions] == found
    for index, provision in enumerate(named.provisions):
        assert provision.wid not in taken or provision.wid == first.get(index)


@given(st.lists(st.text(max_size=12), max_size=8))
def test_any_numbers_can_be_read(nums: list[str]) -> None:
    values = ordinals(nums)
    assert len(values) == len(nums)
    assert all(value is None or value >= 0 for value in values)


def test_roman_numbers_count() -> None:
    assert ordinals(["i)", "iv)", "ix)", "xiv)", "xl)"]) == [1, 4, 9, 14, 40]
    assert ordinals(["c)", "d)", "i)"]) == [3, 4, 9]


def test_uris_have_the_form_agreed() -> None:
    assert work_uri("itu-pp/res-130", "2014-11-07") == (
        "/akn/un/statement/deliberation/itu-pp/2014-11-07/res-130"
    )
    assert expression_uri("itu-pp/res-130", "2014", version="2014", language="zh").endswith(
        "/res-130/zho@2014"
    )


@pytest.mark.parametrize("key", ["", "res-130", "ITU/res-130", "a/b/c", "../x", "a/-b", "a" * 999])
def test_what_is_no_key_is_refused_with_an_example(key: str) -> None:
    with pytest.raises(MandateError, match="no key") as caught:
        Key.parse(key)
    assert "itu-pp/res-130" in caught.value.remedy


@pytest.mark.parametrize("date", ["", "14", "2014-1-1", "2014/../x", "2014-10-28x"])
def test_what_is_no_date_is_refused(date: str) -> None:
    with pytest.raises(MandateError, match="no date"):
        expression_uri("itu-pp/res-130", "2014", version=date)


@given(st.text(max_size=30))
def test_a_key_survives_its_writing(text: str) -> None:
    try:
        key = Key.parse(text)
    except MandateError:
        return
    assert str(key) == text
