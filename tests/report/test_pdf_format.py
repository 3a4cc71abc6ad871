"""The PDF: accepted as PDF/UA-1, tagged, in its language, and every figure can be read back."""

from __future__ import annotations

import io
import re
from functools import cache

import pytest
from pypdf import PdfReader

from comity.report.formats.notes import figures, numbered
from comity.report.formats.pdf import picture_png, write_pdf
from comity.report.types.tree import Document, Paragraph, Section, Text

from .reading import lines, text_of_pdf
from .sample import LANGUAGES, MOMENT, WORDS, picture, sample


@cache
def _pdf(language: str) -> bytes:
    return write_pdf(sample(language))


@cache
def _text(language: str) -> str:
    return text_of_pdf(_pdf(language))


def reader(data: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(data))


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_pdf_ua_tagged_and_in_its_language(language: str) -> None:
    pdf = reader(_pdf(language))
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert str(root["/Lang"]).split("-")[0] == language
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data()
    assert pdf.metadata is not None and pdf.metadata.title == sample(language).title
    assert pdf.metadata.creation_date == MOMENT
    direction = root.get("/ViewerPreferences", {}).get("/Direction")
    assert direction == ("/R2L" if language == "ar" else "/L2R")


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each != "ar"])
def test_every_line_can_be_read_back(language: str) -> None:
    """Chinese without blanks: the setter puts thin ones between scripts, the reader guesses some.
    Arabic is left out here: pypdf reads its glyphs in the order in which they are painted."""
    document = sample(language)
    found = _without_digits(_text(language))
    for line in lines(document):
        # Arabic words are painted from their end, so pypdf has them turned about a line's end.
        for part in re.split(r"[\u0600-\u06ff ]{2,}", line):
            assert _without_digits(part) in found, line


def _without_digits(words: str) -> str:
    """The number of a figure's note stands right behind it."""
    return re.sub(r"[\d*]", "", _letters(words))


def _letters(words: str) -> str:
    return re.sub(r"[\s\-\u2010\u00ad]", "", words)


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each != "ar"])
def test_every_figure_stands_with_the_number_of_its_note(language: str) -> None:
    document = sample(language)
    text = _letters(_text(language))
    notes = numbered(document)
    at = 0
    for run in figures(document):
        mark = "*" if run.changed else ""
        wanted = _letters(f"{run.words}{mark}{notes[run.figure].number}")
        at = text.index(wanted, at) + len(wanted)


def test_figures_stand_in_the_arabic_text_too() -> None:
    """On the first pages only: pypdf takes seconds to put Arabic glyphs in order. It reads the
    number of the note before the value or behind it, or puts a mark between them."""
    text = text_of_pdf(_pdf("ar"), pages=2)
    for value, note in (("79", 1), ("41", 2), ("62", 3), ("12", 5)):
        assert re.search(rf"(?<!\d)({note}[*%]?{value}|{value}[*%]?{note}|{value})(?!\d)", text), (
            value
        )


def test_notes_and_contents_lead_where_they_say() -> None:
    pdf = reader(_pdf("en"))
    inside, outside = 0, set()
    for page in pdf.pages:
        for annotation in page.get("/Annots", []):
            link = annotation.get_object()
            assert link["/Contents"]  # PDF/UA-1, 7.18.5
            action = link.get("/A", {})
            if "/URI" in action:
                outside.add(str(action["/URI"]))
            else:
                inside += 1
    assert inside > 30
    assert "https://comity.example/f/teams" in outside
    assert "https://comity.example/registry?kind=team&state=in%20force" in outside
    titles = [str(each.title) for each in pdf.outline if not isinstance(each, list)]
    assert [title.split("\u200b")[-1].strip("0123456789A") for title in titles][-1] == (
        WORDS["en"]["notes"]
    )


def test_fonts_are_the_ones_of_the_wheels_and_inside() -> None:
    names = set()
    for language in ("en", "ar", "zh"):
        for page in reader(_pdf(language)).pages:
            for font in page["/Resources"]["/Font"].values():
                inner = font["/DescendantFonts"][0]
                descriptor = inner["/FontDescriptor"]
                assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor)
                names.add(re.sub(r"^/[A-Z]{6}\+", "", str(inner["/BaseFont"])).split("-")[0])
    assert names <= {"NotoSans", "NotoSerif", "NotoSansArabic", "NotoSansCJKsc", "DejaVuSansMono"}


def test_a_picture_is_a_png_too() -> None:
    png = picture_png(picture(WORDS["ar"]), "ar", WORDS["ar"]["unknown"])
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert png == picture_png(picture(WORDS["ar"]), "ar", WORDS["ar"]["unknown"])


def test_sections_may_lie_deep() -> None:
    inner = Section("s9", "Deepest", (Paragraph((Text("words"),), "1"),))
    for n in range(8, 0, -1):
        inner = Section(f"s{n}", f"Level {n}", (inner,))
    assert "Deepest" in text_of_pdf(write_pdf(Document("en", "Deep", MOMENT, (inner,))))
