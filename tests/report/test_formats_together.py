"""Three renderings of one tree: the same figures, the same bytes each time, and no words that
break or become anything but words."""

from __future__ import annotations

import hashlib
import io
import os
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from pypdf import PdfReader

from comity.report.formats.docx import write_docx
from comity.report.formats.html import fragment, write_html
from comity.report.formats.notes import figures, numbered
from comity.report.formats.pdf import fonts, write_pdf
from comity.report.formats.plain import clean
from comity.report.types.tree import (
    Align,
    Break,
    Code,
    Column,
    Contents,
    Document,
    Emphasis,
    FigureNote,
    FigureRef,
    Foreign,
    Link,
    Notice,
    Paragraph,
    Picture,
    Quote,
    QuoteLine,
    Row,
    Run,
    Section,
    Series,
    Strong,
    Table,
    Text,
)

from .reading import (
    by_python_docx,
    figures_of_docx,
    figures_of_html,
    mentions,
    parse,
    plain,
    text_of,
    text_of_pdf,
)
from .sample import LANGUAGES, MOMENT, WORDS, sample

ROOT = Path(__file__).parents[2]
WRITERS: dict[str, Callable[[Document], bytes]] = {
    "html": lambda document: write_html(document, sheet=""),
    "docx": write_docx,
    "pdf": write_pdf,
}


@pytest.mark.parametrize("language", ["en", "fr", "ru", "es", "zh"])
def test_the_figures_are_equal_in_the_three_formats(language: str) -> None:
    """Each format is read by another maker's reader; in the PDF a figure is known by its note."""
    document = sample(language)
    html = figures_of_html(fragment(document))
    assert html == figures_of_docx(write_docx(document)) == mentions(document)
    text = re.sub(r"\s", "", text_of_pdf(write_pdf(document)))
    at = 0
    for value, run in zip(html, figures(document), strict=True):
        number = numbered(document)[run.figure].number
        found = re.compile(re.escape(re.sub(r"\s", "", value)) + rf"\*?{number}").search(text, at)
        assert found, value
        at = found.end()


# --- the same bytes -----------------------------------------------------------------------


@pytest.mark.parametrize("form", WRITERS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_tree_gives_the_same_bytes(language: str, form: str) -> None:
    assert WRITERS[form](sample(language)) == WRITERS[form](sample(language))


def test_another_moment_gives_other_bytes_and_the_same_words() -> None:
    document = sample("en")
    later = replace(document, moment=MOMENT.replace(year=2016))
    for form in ("docx", "pdf"):
        assert WRITERS[form](document) != WRITERS[form](later)


HASHES = """
import hashlib, sys
from tests.report.test_formats_together import WRITERS
from tests.report.sample import sample
for form, write in WRITERS.items():
    print(form, hashlib.sha256(write(sample("ar"))).hexdigest())
"""


@pytest.mark.slow
def test_two_processes_give_the_same_bytes() -> None:
    """Nothing hangs on the order of a set, on the clock, the zone or the locale."""
    said = []
    for seed, zone in (("0", "UTC"), ("4711", "Pacific/Kiritimati")):
        ran = subprocess.run(
            [sys.executable, "-c", HASHES],
            env={
                **os.environ,
                "PYTHONHASHSEED": seed,
                "TZ": zone,
                "LANG": "C",
                "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
            },
            capture_output=True,
            text=True,
            check=True,
        )
        said.append(ran.stdout)
    assert said[0] == said[1] and len(said[0].splitlines()) == 3
    here = {
        form: hashlib.sha256(write(sample("ar"))).hexdigest() for form, write in WRITERS.items()
    }
    assert dict(line.split() for line in said[0].splitlines()) == here


# --- hostile words ------------------------------------------------------------------------

HOSTILE = [
    '#import "/etc/passwd": *',
    '#panic("x") #eval("1+1") $ x^2 $ \\ \\u{1} `raw` *b* _i_ <label> @ref // c /* c */ = h',
    '"); #read("document.json") ("',
    "<script>alert(1)</script><img src=x onerror=alert(1)> & &amp; &#0; ]]> <!-- --> <?xml?>",
    "</w:t></w:r><w:r><w:fldChar/> {page} {pages} %s {0} \\n",
    "\x00\x01\x08\x0b\x0c\x1b\x7f\x80\x9f\ufffe\uffff\U0001fffe\ufdd0",
    "\ud800 alone \udfff",
    "\u202eevil\u202c \u2066open \u2069\u2069\u202c \u202a\u2067\u2068",
    "line\none\r\ntwo\ttab\u2028sep\u2029par\x85nel",
    "😀 👩‍👩‍👧 🇨🇭 हिन्दी ไทย 日本語 한국어 አማርኛ עברית ᠮᠣᠩᠭᠣᠯ 𒀀 \U000e0041 \ue000 \u0378",
    "\ufeff\u00ad\u200b\u200d\u034f\u2060",
    "ﷺ ﷽ ـــ ١٢٣ ۱۲۳ لَا إِلٰهَ",
    "",
    " ",
    "\u3000　全角",
]

LONG = ["x" * 10_000, "https://a.example/" + "very-long/" * 900, "a" + "\u0301" * 500, "（" * 3000]


def everywhere(words: str, language: str) -> Document:
    """A document that has these words in every place that takes words."""
    ref = FigureRef(words, "f", changed=True)
    runs: tuple[Run, ...] = (
        Text(words),
        Strong(words),
        Emphasis(words),
        Code(words),
        Link(words, words),
        Link(words, "https://a.example/" + words[:50]),
        ref,
        ref,
        *(Foreign(words, each) for each in LANGUAGES),
        Break(),
    )
    table = Table(
        words,
        (Column(words), Column(words, 0.2, Align.NUMBER)),
        ((runs, (ref,)), ((Text(words),), ())),
        total=True,
        source=runs,
    )
    picture = Picture(words, words.strip() or "x", words, (words,), (Series(words, (3,)),), runs)
    blocks = (
        Contents(),
        Paragraph(runs, words),
        Quote((QuoteLine(words, words, 9),), "ar", words, runs),
        table,
        Notice(runs, heading=words),
        picture,
    )
    note = FigureNote("f", words, words, words, words, words)
    base = sample(language)
    return replace(
        base,
        title=words if words.strip() else "T",
        author=words,
        blocks=(Section("s", words if words.strip() else "S", blocks, words),),
        figures=(note,),
        masthead=base.masthead
        and replace(base.masthead, meeting=words, place=words, start=(Row(words, words),)),
        box=tuple(replace(part, heading=words, paragraphs=(runs,)) for part in base.box),
        identifier=words,
        state=words,
        subject=words,
        publisher=words,
    )


@pytest.mark.parametrize("language", ["en", "ar", "zh"])
@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_stay_words(words: str, language: str) -> None:
    document = everywhere(words, language)
    html = fragment(document)
    root = parse(re.sub(r"[\x7f-\x9f]", "?", html))
    assert root.find(".//script") is None and root.find(".//img") is None
    assert not root.xpath("//@*[starts-with(name(), 'on')]")
    said = [plain(" ".join(each.split())) for each in by_python_docx(write_docx(document))]
    wanted = plain(clean(words))
    assert not wanted or any(wanted in each for each in said)
    assert not wanted or wanted in text_of(root)
    pdf = write_pdf(document)
    assert pdf.startswith(b"%PDF-")


@pytest.mark.slow
@pytest.mark.parametrize("words", LONG, ids=range(len(LONG)))
def test_a_word_longer_than_a_page_is_written(words: str) -> None:
    """In headings of tables too, where typst would seek a page that holds them without end."""
    table = Table(words, (Column(words), Column("b", 0.2)), (((Text(words),), (Code(words),)),))
    blocks = (
        Contents(),
        Paragraph((Text(words),), words),
        Section("s", words, (table, Notice((Strong(words),), heading=words))),
    )
    document = Document("en", words, MOMENT, blocks, state=words)
    assert words in by_python_docx(write_docx(document))
    assert fragment(document).count(words) >= 10
    assert write_pdf(document).startswith(b"%PDF-")


def test_typst_code_is_set_as_words() -> None:
    words = '#import "x": y $ a^2 $ #eval("1+1") *bold* @ref'
    document = Document("en", "T", MOMENT, (Paragraph((Text(words),)),))
    assert words.replace(" ", "") in text_of_pdf(write_pdf(document)).replace(" ", "")


def test_what_no_font_shows_is_marked_in_the_pdf_and_kept_elsewhere() -> None:
    document = Document("en", "T", MOMENT, (Paragraph((Text("a 😀 b"),)),))
    assert "a � b" in text_of_pdf(write_pdf(document))
    assert "a 😀 b" in fragment(document)
    assert "a 😀 b" in by_python_docx(write_docx(document))


def test_directions_end_where_their_words_end() -> None:
    assert clean("\u202aa") == "\u202aa\u202c" and clean("b\u202c") == "b"
    assert clean("\u2067a\u202bb\u2069c") == "\u2067a\u202bbc\u202c\u2069"
    assert clean("\u202ea\u202c") == "\ufffda"  # an override is no honest word


@given(st.text(max_size=200))
def test_cleaning_twice_is_cleaning_once_and_fits_xml(words: str) -> None:
    once = clean(words)
    assert clean(once) == once
    etree.Element("x").text = once  # raises for what XML cannot hold
    once.encode()


texts = st.text(st.characters(), max_size=60) | st.text(max_size=20)
runs = st.lists(
    st.builds(Text, texts)
    | st.builds(Strong, texts)
    | st.builds(Emphasis, texts)
    | st.builds(Code, texts)
    | st.builds(Link, texts, texts | texts.map("https://a.example/{}".format))
    | st.builds(FigureRef, texts, st.just("f"), st.booleans())
    | st.builds(Foreign, texts, st.sampled_from(LANGUAGES))
    | st.just(Break()),
    max_size=8,
).map(tuple)


@cache
def _note() -> FigureNote:
    return FigureNote("f", "Label", "filter", "date", "/f")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(runs, min_size=1, max_size=4), st.sampled_from(LANGUAGES), texts)
def test_any_runs_can_be_written(lines: list[tuple[Run, ...]], language: str, title: str) -> None:
    blocks = (
        *(Paragraph(line) for line in lines),
        Table(title, (Column(title),), tuple((line,) for line in lines)),
    )
    document = Document(language, f"T{title}", MOMENT, blocks, figures=(_note(),))
    root = parse(re.sub(r"[\x7f-\x9f]", "?", fragment(document)))
    assert len(root.findall(".//td")) + len(root.findall(".//tbody//th")) == len(lines)
    with zipfile.ZipFile(io.BytesIO(write_docx(document))) as package:
        for name in package.namelist():
            etree.fromstring(package.read(name))
    assert write_pdf(document).startswith(b"%PDF-")


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(), max_size=100))
def test_what_is_shown_in_a_pdf_is_of_its_fonts(words: str) -> None:
    shown = fonts.shown(clean(words))
    assert len(shown) == len(clean(words))
    assert fonts.shown(shown) == shown


# --- size and speed -----------------------------------------------------------------------


def long_report() -> Document:
    """Forty pages in the PDF: fifteen sections with every part but the picture."""
    base = sample("en")
    inner = [
        block for _n, s in base.sections() for block in s.blocks if not isinstance(block, Section)
    ]
    sections = tuple(
        Section(
            f"s{n}", f"Section {n}", tuple(b for b in inner if n == 1 or not isinstance(b, Picture))
        )
        for n in range(1, 16)
    )
    return replace(base, blocks=(Contents(), *sections))


@pytest.mark.slow
@pytest.mark.parametrize("form", WRITERS)
def test_forty_pages_take_about_a_second(form: str) -> None:
    document = long_report()
    WRITERS[form](sample("fr"))  # the fonts are read once a process
    started = time.process_time()
    written = WRITERS[form](document)
    taken = time.process_time() - started
    if form == "pdf":
        assert len(PdfReader(io.BytesIO(written)).pages) >= 40
    # Of the processor, measured beside a load of seven: 0.99 s (PDF), 0.04 (DOCX), 0.03 (HTML).
    assert taken < (2 if form == "pdf" else 0.5)


@pytest.mark.slow
@pytest.mark.parametrize("form", WRITERS)
def test_a_table_of_thousands_of_rows_is_written(form: str) -> None:
    """PDF/UA's tags cost typst more than the rows do: 1,000 rows 1.1 s, 5,000 rows 13 to 32 s."""
    w, count = WORDS["ru"], 1500 if form == "pdf" else 5000
    rows = tuple(
        ((Text(f"{w['para']} {n}"),), (Text(w["quote"]),), (FigureRef(str(n), "f"),))
        for n in range(count)
    )
    columns = (Column(w["para"]), Column(w["asked"], 3), Column(w["teams"], 1, Align.NUMBER))
    blocks = (Table(w["cap"], columns, rows),)
    document = Document("ru", "T", MOMENT, blocks, figures=(_note(),))
    started = time.process_time()
    written = WRITERS[form](document)
    assert time.process_time() - started < 20
    if form == "docx":
        assert sum(w["quote"] == line for line in by_python_docx(written)) == count
