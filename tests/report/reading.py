"""What a tree says, line by line, and what readers of other makers find in the three formats."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import docx
import html5lib
from docx2python import docx2python
from lxml import etree
from pypdf import PdfReader

from comity.report.formats.notes import figures
from comity.report.types.tree import (
    Block,
    Break,
    Definitions,
    Document,
    FigureRef,
    ListBlock,
    Notice,
    Paragraph,
    Picture,
    Quote,
    Runs,
    Section,
    Table,
    Timeline,
)

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MARKS = re.compile("[\u200b\u200e\u200f\u2060\u2066-\u2069]")


def plain(words: str) -> str:
    """Without marks of direction and of where a word may break; one blank between words."""
    return re.sub(r"\s+", " ", _MARKS.sub("", words)).strip()


def line(runs: Runs) -> str:
    """The runs of a paragraph or a cell as one line."""
    return plain("".join(" " if isinstance(run, Break) else _said(run) for run in runs))


def _said(run: Any) -> str:
    return run.words + ("*" if isinstance(run, FigureRef) and run.changed else "")


def lines(document: Document) -> list[str]:
    """Every paragraph and every cell of the text, in reading order; empty ones left out."""
    out = [document.title, document.author]
    for part in document.box:
        out += [part.heading, *map(line, part.paragraphs)]
    out += _lines(document.blocks)
    return [plain(words) for words in out if plain(words)]


def _lines(blocks: tuple[Block, ...]) -> Iterator[str]:
    for block in blocks:
        match block:
            case Section():
                yield f"{block.number} {block.heading}"
                yield from _lines(block.blocks)
            case Paragraph():
                yield f"{block.number} {line(block.runs)}"
            case Notice():
                yield f"{block.heading} {line(block.runs)}"
            case Quote():
                yield block.notice
                yield from (f"{each.number} {each.words}" for each in block.lines)
                yield line(block.source)
            case ListBlock():
                yield from map(line, block.items)
            case Table():
                yield block.caption
                yield from (column.heading for column in block.columns)
                yield from (line(cell) for row in block.rows for cell in row)
                yield line(block.source)
            case Definitions():
                yield from (f"{line(term)} {line(said)}" for term, said in block.items)
            case Timeline():
                for m in block.moments:
                    yield f"{m.date} {line(m.runs)} {line(m.source)}"
            case Picture():
                yield block.caption
                yield from (series.name for series in block.series)
                yield line(block.source)
            case _:
                pass


def mentions(document: Document) -> list[str]:
    """The values of the figures, in reading order."""
    return [plain(run.words) for run in figures(document)]


# --- DOCX ---------------------------------------------------------------------------------


def by_python_docx(data: bytes) -> list[str]:
    """Every paragraph and cell that python-docx reads, in the order of the file."""
    document = docx.Document(io.BytesIO(data))
    out: list[str] = []
    for block in document.iter_inner_content():
        if isinstance(block, docx.table.Table):
            # Not row.cells: it looks up each cell again, which takes minutes on 5,000 rows.
            out += [
                " ".join(docx.text.paragraph.Paragraph(p, None).text for p in cell.p_lst)
                for row in block._tbl.tr_lst
                for cell in row.tc_lst
            ]
        else:
            out.append(block.text)
    return [plain(words) for words in out if plain(words)]


def by_docx2python(data: bytes) -> tuple[str, list[str]]:
    """The whole text, and the endnotes, as docx2python reads them."""
    with docx2python(io.BytesIO(data)) as read:
        notes = [plain("".join(part)) for row in read.endnotes for cell in row for part in cell]
        return plain(read.text), [note for note in notes if note]


def figures_of_docx(data: bytes) -> list[str]:
    """What stands before each endnote and each reference to one."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        root = etree.fromstring(package.read("word/document.xml"))
    out = []
    last = ""
    for element in root.iter(W + "t", W + "endnoteReference", W + "fldSimple"):
        if element.tag == W + "t":
            last = element.text or ""
        elif element.tag == W + "endnoteReference" or "NOTEREF" in element.get(W + "instr", ""):
            out.append(plain(last).removesuffix("*"))
    return out


# --- HTML and PDF -------------------------------------------------------------------------


def parse(html: str) -> etree._Element:
    """A fragment as HTML5, or the error of a parser that forgives nothing."""
    parser = html5lib.HTMLParser(
        tree=html5lib.getTreeBuilder("lxml"), namespaceHTMLElements=False, strict=True
    )
    page = f"<!DOCTYPE html><html lang='en'><head><title>t</title></head><body>{html}</body></html>"
    return parser.parse(page).getroot()


def text_of(element: etree._Element) -> str:
    """All words under an element, a line break and the edge of a part being blanks."""
    return plain(" ".join("".join(_words(element)).split()))


def _words(element: etree._Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag in ("br", "div", "dt", "dd", "td", "th", "p", "li", "span"):
            yield " " if child.tag != "span" or child.get("class") == "src" else ""
        yield from _words(child)
        yield child.tail or ""


def figures_of_html(html: str) -> list[str]:
    found = parse(html).iterfind(".//span[@class='num']")
    return [plain("".join(each.itertext())) for each in found]


def text_of_pdf(data: bytes, pages: int = 1000) -> str:
    read = PdfReader(io.BytesIO(data)).pages[:pages]
    return plain(" ".join(page.extract_text() for page in read))
