"""The DOCX: other readers find every word, and it is Word's own way of saying each thing."""

from __future__ import annotations

import io
import zipfile
from collections import Counter

import docx
import pytest
from lxml import etree

from comity.report.formats.docx import write_docx
from comity.report.formats.notes import numbered
from comity.report.types.tree import Paragraph, Section

from .reading import (
    W,
    by_docx2python,
    by_python_docx,
    figures_of_docx,
    lines,
    mentions,
    plain,
)
from .sample import LANGUAGES, MOMENT, sample

HEAD = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


def part(data: bytes, name: str) -> etree._Element:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return etree.fromstring(package.read(name))


@pytest.mark.parametrize("language", LANGUAGES)
def test_python_docx_reads_back_every_paragraph_and_cell(language: str) -> None:
    document = sample(language)
    found = Counter(by_python_docx(write_docx(document)))
    assert not Counter(lines(document)) - found


@pytest.mark.parametrize("language", LANGUAGES)
def test_docx2python_reads_back_every_line_and_note(language: str) -> None:
    document = sample(language)
    text, notes = by_docx2python(write_docx(document))
    without_marks = plain("".join(text.replace("----", "\n").split("endnote")))
    for paragraph in (block for _n, s in document.sections() for block in s.blocks):
        if isinstance(paragraph, Paragraph):
            for run in paragraph.runs:
                assert plain(getattr(run, "words", "")) in without_marks
    expected = [" · ".join(note.parts()) for _n, note in numbered(document).values()]
    for said in expected:
        assert any(all(plain(p) in note for p in said.split(" · ")) for note in notes), said
    assert len(expected) == 5  # and none for the figure that stands nowhere
    assert "never-used" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_figure_has_its_endnote(language: str) -> None:
    document = sample(language)
    data = write_docx(document)
    assert figures_of_docx(data) == mentions(document)
    ids = {e.get(W + "id") for e in part(data, "word/endnotes.xml").iter(W + "endnote")}
    used = {e.get(W + "id") for e in part(data, "word/document.xml").iter(W + "endnoteReference")}
    assert used == ids - {"-1", "0"} == {"1", "2", "3", "4", "5"}


def test_headings_are_real_and_the_contents_are_filled_in() -> None:
    data = write_docx(sample("en"))
    document = docx.Document(io.BytesIO(data))
    styles = [p.style.name for p in document.paragraphs]
    assert styles.count("Heading 1") == 4  # three sections and the notes
    assert styles.count("Heading 2") == 1
    contents = [p.text for p in document.paragraphs if p.style.name.startswith("toc ")]
    assert contents == [
        "1\tIntroduction and mandate",
        "2\tTechnical and procedural measures",
        "2.1\tReadiness of national teams",
        "A\tParagraph by paragraph",
        "Notes on the figures",
    ]
    root = part(data, "word/document.xml")
    marks = {e.get(W + "name") for e in root.iter(W + "bookmarkStart")}
    assert {e.get(W + "anchor") for e in root.iter(W + "hyperlink")} - {None} <= marks
    assert len([e for e in root.iter(W + "fldChar") if e.get(W + "fldCharType") == "end"]) == 1


def test_tables_repeat_their_headings() -> None:
    document = docx.Document(io.BytesIO(write_docx(sample("fr"))))
    assert len(document.tables) == 3
    for table in document.tables:
        first = table._tbl.tr_lst[0]
        assert first.trPr.find(W + "tblHeader") is not None
        assert all(
            p.style.name == "Table heading" for c in table.rows[0].cells for p in c.paragraphs
        )


def test_arabic_runs_from_right_to_left_in_text_tables_and_page() -> None:
    data = write_docx(sample("ar"))
    root = part(data, "word/document.xml")
    assert all(t.find(f"{W}tblPr/{W}bidiVisual") is not None for t in root.iter(W + "tbl"))
    assert root.find(f"{W}body/{W}sectPr/{W}bidi") is not None
    turned = [p.find(f"{W}pPr/{W}bidi") for p in root.iter(W + "p")]
    left = [bidi for bidi in turned if bidi is None or bidi.get(W + "val") == "0"]
    assert len(left) == 2  # the two lines of the English text
    # Every run of words says its direction itself, codes and foreign words against it.
    said = {}
    for run in root.iter(W + "r"):
        words = "".join(t.text or "" for t in run.iter(W + "t"))
        rtl = run.find(f"{W}rPr/{W}rtl")
        if words:
            said[words] = rtl is not None and rtl.get(W + "val") != "0"
    assert said.pop("AS64500") is said.pop("2001:db8::/32") is False
    assert not said.pop("Équipe d’intervention") and not said.pop("应急响应小组")
    assert said.pop("فريق الاستجابة")


def test_foreign_words_carry_their_language() -> None:
    root = part(write_docx(sample("en")), "word/document.xml")
    said = {
        "".join(run.itertext()): dict(lang.attrib)
        for run in root.iter(W + "r")
        if (lang := run.find(f"{W}rPr/{W}lang")) is not None
    }
    assert said["Équipe d’intervention"] == {W + "val": "fr-FR"}
    assert said["فريق الاستجابة"] == {W + "bidi": "ar-SA"}
    assert said["应急响应小组"] == {W + "eastAsia": "zh-CN"}


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_package_holds_together(language: str) -> None:
    data = write_docx(sample(language))
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = set(package.namelist())
        assert {m.date_time for m in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        for name in names:
            if name.endswith((".xml", ".rels")):
                etree.fromstring(package.read(name))
    types = part(data, "[Content_Types].xml")
    assert {e.get("PartName", "")[1:] for e in types if e.get("PartName")} <= names
    for of in ("document", "endnotes"):
        rels = {e.get("Id"): e for e in part(data, f"word/_rels/{of}.xml.rels")}
        for e in rels.values():
            assert e.get("TargetMode") == "External" or f"word/{e.get('Target')}" in names
        root = part(data, f"word/{of}.xml")
        used = {v for e in root.iter() for k, v in e.attrib.items() if k.startswith(HEAD)}
        assert used <= rels.keys()
    root = part(data, "word/document.xml")
    styles = {s.get(W + "styleId") for s in part(data, "word/styles.xml").iter(W + "style")}
    for kind in ("pStyle", "rStyle", "tblStyle"):
        assert {e.get(W + "val") for e in root.iter(W + kind)} <= styles
    marks = [e.get(W + "id") for e in root.iter(W + "bookmarkStart")]
    assert len(marks) == len(set(marks))


def test_the_moment_of_the_document_is_the_only_one() -> None:
    properties = docx.Document(io.BytesIO(write_docx(sample("es")))).core_properties
    assert properties.created == properties.modified == MOMENT
    assert properties.title == sample("es").title
    assert (properties.identifier, properties.language) == ("C15/18-E", "es")


def test_what_lies_deeper_than_word_has_headings_still_has_one() -> None:
    inner = Section("s9", "Deepest", (Paragraph((), "1"),))
    for n in range(8, 0, -1):
        inner = Section(f"s{n}", f"Level {n}", (inner,))
    document = sample("en")
    deep = type(document)("en", "Deep", MOMENT, (inner,))
    styles = [p.style.name for p in docx.Document(io.BytesIO(write_docx(deep))).paragraphs]
    assert styles.count("Heading 6") == 4
