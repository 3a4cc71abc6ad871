"""A tree that cannot be a document is refused when it is made, with its place."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from comity.kit.errors import UnknownLanguage
from comity.report.formats.notes import numbered
from comity.report.formats.pdf import write_pdf
from comity.report.types.tree import (
    BadTree,
    Column,
    Document,
    FigureRef,
    Paragraph,
    Picture,
    Quote,
    Section,
    Series,
    Table,
    Text,
    Words,
)

from .sample import MOMENT, sample


def document(*blocks: Section | Paragraph) -> Document:
    return Document("en", "Title", MOMENT, blocks)


def test_a_section_stands_once_and_has_an_identifier() -> None:
    with pytest.raises(BadTree, match="stands twice"):
        document(Section("a", "A", (Section("a", "B", ()),)))
    with pytest.raises(BadTree, match="no identifier"):
        document(Section("Annex A", "A", ()))
    with pytest.raises(BadTree, match="no heading"):
        document(Section("a", " ", ()))


def test_a_moment_has_a_zone_and_a_document_a_title_in_a_language() -> None:
    with pytest.raises(BadTree, match="zone"):
        Document("en", "Title", dt.datetime(2015, 1, 1), ())  # noqa: DTZ001
    with pytest.raises(BadTree, match="title"):
        Document("en", " ", MOMENT, ())
    with pytest.raises(UnknownLanguage):
        Document("de", "Titel", MOMENT, ())


def test_a_row_has_a_cell_for_each_column() -> None:
    with pytest.raises(BadTree, match="1 cells under 2 columns at table 'T', row 2"):
        Table("T", (Column("a"), Column("b")), (((), ()), ((),)))
    with pytest.raises(BadTree, match="width"):
        Table("T", (Column("a", 0),), ())


def test_an_official_text_is_there_or_said_to_be_missing() -> None:
    with pytest.raises(BadTree, match="missing"):
        Quote((), "en")


def test_a_picture_says_what_it_shows_and_has_a_value_or_none_for_each_period() -> None:
    with pytest.raises(BadTree, match="what it shows"):
        Picture("P", "", "Year", ("2014",), (Series("s", (1,)),))
    with pytest.raises(BadTree, match="each period"):
        Picture("P", "alt", "Year", ("2013", "2014"), (Series("s", (1,)),))
    with pytest.raises(BadTree, match="below 0"):
        Picture("P", "alt", "Year", ("2014",), (Series("s", (-1,)),))


def test_a_figure_without_its_note_is_not_shown() -> None:
    with pytest.raises(BadTree, match="'ghost' has no note") as caught:
        write_pdf(document(Paragraph((FigureRef("7", "ghost"),))))
    assert "FigureNote" in caught.value.remedy


def test_notes_are_numbered_by_first_mention_box_before_text() -> None:
    found = numbered(sample("en"))
    assert [(n, key) for key, (n, _note) in found.items()] == [
        (1, "teams"),
        (2, "share"),
        (3, "teams-2013"),
        (4, "people"),
        (5, "region-1"),
    ]


def test_sections_know_their_level_by_their_place() -> None:
    levels = [(level, section.id) for level, section in sample("en").sections()]
    assert levels == [(1, "introduction"), (1, "technical"), (2, "readiness"), (1, "annex-a")]


def test_the_words_of_renderers_are_translated_one_by_one() -> None:
    words = Words.translated(str.upper)
    assert words == replace(words, contents="CONTENTS", page="PAGE {PAGE} OF {PAGES}")
    assert document(Paragraph((Text("x"),))).words == Words()
