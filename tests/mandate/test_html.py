"""The HTML file: one text, whole, by itself, readable without seeing its marks."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from comity.kit.tlp import ANONYMOUS
from comity.mandate import reads
from comity.mandate.formats.export import export
from comity.mandate.formats.html import write_html
from comity.mandate.types import Provision, Text

from .conftest import KEY, Shelf

TEXT = Text(
    "Resolution 1",
    "On words",
    "The Conference,",
    (Provision("recalling", "a", "a)", "words noted", footnotes=("1",), marks_at=(5,)),),
)


def written(version: object) -> lxml_html.HtmlElement:
    data = export(reads.bundle(ANONYMOUS, version), "text.html")  # type: ignore[arg-type]
    return lxml_html.document_fromstring(data.decode())


def test_every_paragraph_stands_once_in_order_under_its_eid(shelf: Shelf) -> None:
    page = written(shelf.adopted)
    rows = list(shelf.adopted.provisions.all())
    shown = [p for p in page.iter("p") if p.get("id")]
    assert [p.get("id") for p in shown] == [row.eid for row in rows]
    for p, row in zip(shown, rows, strict=True):
        for note in p.findall("sup"):
            note.text = ""
        assert p.text_content().strip() == f"{row.num} {row.text}".strip()
    assert len(page.findall(".//h1")) == 1
    headings = [h.text_content() for h in page.iter("h2")]
    assert headings == list(dict.fromkeys(row.section for row in rows))


def test_the_file_says_its_language_its_text_and_its_source(shelf: Shelf) -> None:
    page = written(shelf.adopted)
    assert (page.get("lang"), page.get("dir")) == ("en", "ltr")
    said = page.find(".//dl").text_content()
    for words in (KEY, "2014, adopted", "International Telecommunication Union (ITU)"):
        assert words in said
    assert shelf.adopted.source_sha256 in said


def test_a_draft_keeps_its_marks_and_says_them_in_words(shelf: Shelf) -> None:
    page = written(shelf.draft)
    ids = [p.get("id") for p in page.iter("p") if p.get("id")]
    assert ids == [p.eid for p in shelf.draft.passages.all()]
    struck = list(page.iter("del"))
    assert len(struck) > 20
    assert all(mark.text_content().startswith("removed: ") for mark in struck)
    assert all(mark.text_content().startswith("added: ") for mark in page.iter("ins"))


@pytest.mark.parametrize("name", ["draft", "adopted"])
def test_nothing_in_the_file_asks_for_anything_outside_it(shelf: Shelf, name: str) -> None:
    data = export(reads.bundle(ANONYMOUS, getattr(shelf, name)), "text.html").decode()
    assert not re.search(r"<(script|link|img|iframe|object|a)\b|url\(|@import|https?:", data)


def test_a_footnote_mark_stands_where_it_stood() -> None:
    assert b'<p id="recs_recalling__rec_a">a) words<sup>1</sup> noted</p>' in write_html(
        TEXT, key="itu-pp/res-1", label="2014"
    )


def test_a_right_to_left_text_says_so() -> None:
    data = write_html(replace(TEXT, language="ar"), key="itu-pp/res-1", label="2014")
    assert b'<html lang="ar" dir="rtl">' in data


@given(st.text(), st.text(), st.text())
def test_words_of_any_kind_stay_words(title: str, heading: str, words: str) -> None:
    provision = Provision(heading, "a", "a)", words, footnotes=("<1>",))
    text = Text(title, "", "", (provision,))
    data = write_html(text, key="itu-pp/res-1", label="2014")
    tags = set(re.findall(rb"<(\w+)", data))
    assert tags <= set(
        b"html head meta title style body header h1 dl dt dd p main section h2 sup".split()
    )
