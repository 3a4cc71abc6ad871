"""A footnote mark is a field, and pages show it where the source has it."""

from __future__ import annotations

from django.test import Client

from comity.mandate.formats.page import parse_page
from tests.mandate.conftest import Shelf, source


def test_the_mark_knows_where_it_stood() -> None:
    text = parse_page(source("2014.json"))
    (marked,) = [p for p in text.provisions if p.footnotes]
    assert marked.footnotes == ("1",)
    assert marked.text[: marked.marks_at[0]].endswith("particularly for developing countries")
    assert all(len(p.footnotes) == len(p.marks_at) for p in text.provisions)


def test_pages_show_the_mark_in_its_place(shelf: Shelf) -> None:
    for page in ("2014/", "2014/p/recalling/j"):
        shown = Client().get(f"/en/mandate/itu-pp/res-130/{page}").content.decode()
        before = shown.split("<sup>1</sup>")[0]
        assert before.removesuffix("</a>").endswith("countries"), page
