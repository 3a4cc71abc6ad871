"""A draft's marks survive Akoma Ntoso: proposals, strikes, options and brackets come back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.mandate.formats.akn import read_akn, write_akn
from comity.mandate.formats.redline import parse_redline
from comity.mandate.rules.fates import is_proposal
from comity.mandate.types import Passage, Run, Span, State, Text

from .conftest import source

BARE = (
    '<akomaNtoso xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0"><statement name="{name}">'
    '<preamble><recitals eId="r"><heading>recalling</heading>{body}</recitals></preamble>'
    "</statement></akomaNtoso>"
)
BODY = (
    '<recital eId="a"><num>a)</num><p>old <del>words</del><ins>signs</ins> kept</p></recital>'
    '<recital eId="b"><num>b)</num><p><del>all gone</del></p></recital>'
    '<recital eId="c" alternativeTo="b"><num>c)</num><p><ins>all <b>new</b></ins></p></recital>'
    '<recital eId="d"><num>d)</num><p>plain</p></recital>'
)


@pytest.fixture(scope="module")
def draft() -> Text:
    return parse_redline(source("2014-10-28.txt"), name="d.txt", proposers={})


def groups(text: Text) -> list[list[int]]:
    known = sorted({p.group for p in text.passages if p.group is not None})
    return [[i for i, p in enumerate(text.passages) if p.group == group] for group in known]


def told(passage: Passage) -> tuple[object, ...]:
    """What a passage says, without its place in the text file and the cut of its runs."""
    left_out = replace(
        passage, runs=(), lines=(), span=Span(0, 0), group=None, within=None, at=None
    )
    return left_out, passage.text, passage.clean


def test_every_passage_of_the_draft_comes_back_with_all_that_is_said_of_it(draft: Text) -> None:
    back = read_akn(write_akn(draft, key="itu-pp/res-130", version="2014-10-28"))
    assert [told(p) for p in back.passages] == [told(p) for p in draft.passages]
    assert groups(back) == groups(draft) != []
    assert sum(map(is_proposal, back.passages)) == 29
    assert back.findings == ()


def test_marks_of_another_house_are_read() -> None:
    text = read_akn(BARE.format(name="resolutionDraft", body=BODY).encode())
    assert [(p.num, p.state, p.explicit) for p in text.passages] == [
        ("a)", State.KEPT, False),
        ("b)", State.STRUCK, True),
        ("c)", State.INSERTED, True),
        ("d)", State.KEPT, False),
    ]
    assert [(p.text, p.clean) for p in text.passages[:3]] == [
        ("old wordssigns kept", "old signs kept"),
        ("all gone", ""),
        ("all new", "all new"),
    ]
    assert groups(text) == [[1, 2]]
    assert [p.path for p in text.provisions] == ["a", "c", "d"]


def test_struck_words_in_an_adopted_text_are_a_finding() -> None:
    text = read_akn(BARE.format(name="resolution", body=BODY).encode())
    assert text.passages == ()
    (finding,) = text.findings
    assert finding.code == "struck-words" and "2 stretches" in finding.message and finding.remedy


WORDS = st.text(st.characters(codec="utf-8", categories=("L", "Zs", "P")), min_size=1, max_size=12)


@given(st.lists(st.tuples(WORDS, st.sampled_from(["kept", "struck", "inserted"])), max_size=8))
def test_any_row_of_marks_comes_back_with_its_words(stretches: list[tuple[str, str]]) -> None:
    runs = tuple(
        Run(words, how == "struck", Span(0, 0), inserted=how == "inserted")
        for words, how in (("new ", "inserted"), *stretches)
    )
    passage = Passage(
        "recalling", "a", "a)", "a)", runs, State.KEPT, False, "", "", "", "", None, (), Span(0, 0)
    )
    text = Text("", "", "", (), (passage,), status="draft")
    (back,) = read_akn(write_akn(text, key="a/b-1", version="2014")).passages
    assert (back.text, back.clean) == (passage.text, passage.clean)
