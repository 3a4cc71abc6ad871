"""The provisions of a text as Akoma Ntoso: recitals first, then the operative part.

A draft is written with its marks: struck words as `del`, inserted ones as `ins`, options as
alternatives to the first of their group.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from lxml import etree

from comity.mandate.formats.akn.names import LEVELS, akn, own
from comity.mandate.rules.citations import UNKNOWN
from comity.mandate.rules.identifiers import section_eid, section_names, with_ids
from comity.mandate.rules.sections import is_operative
from comity.mandate.types import Citation, Passage, Provision, Text


@dataclass(frozen=True, slots=True)
class Piece:
    """Words under one inline element: "" for none, else "del", "ins" or "ref"."""

    element: str
    text: str
    href: str = ""


@dataclass(slots=True)
class Row:
    """One provision to write, with the rows below it."""

    provision: Provision
    pieces: Sequence[Piece]
    alternative_to: str = ""
    printed: str = ""  # the number as the draft prints it, where it was read otherwise
    children: list[Row] = field(default_factory=list)


def rows_of(text: Text, citations: Iterable[Citation]) -> list[Row]:
    """The rows of a text in order: its passages where it has marks, else its provisions."""
    if text.passages:
        return _passage_rows(text)
    if not all(p.eid for p in text.provisions):
        text = with_ids(text)
    cited: dict[tuple[str, str], list[Citation]] = {}
    for citation in citations:
        cited.setdefault((citation.section, citation.path), []).append(citation)
    return [Row(p, _cite(p.text, cited.get((p.section, p.path), ()))) for p in text.provisions]


def _passage_rows(text: Text) -> list[Row]:
    known = {(p.section, p.path): p for p in text.provisions}
    bare = tuple(Provision(p.section, p.path, p.num, p.clean) for p in text.passages)
    first: dict[int, str] = {}
    rows: list[Row] = []
    for passage, provision in zip(
        text.passages, with_ids(replace(text, provisions=bare)).provisions, strict=True
    ):
        own_one = known.get((passage.section, passage.path))
        if own_one is not None:
            wid = own_one.wid or provision.wid
            provision = replace(provision, wid=wid, footnotes=own_one.footnotes)
        other = first.setdefault(passage.group, provision.eid) if passage.group is not None else ""
        rows.append(
            Row(
                provision,
                _marked(passage),
                alternative_to=other if other != provision.eid else "",
                printed=passage.num_printed if passage.num_printed != passage.num else "",
            )
        )
    return rows


def _marked(passage: Passage) -> list[Piece]:
    return [
        Piece("del" if run.struck else "ins" if run.inserted else "", run.text)
        for run in passage.runs
        if run.text
    ]


def citation_href(citation: Citation) -> str:
    """Where a `ref` points: the work where its year is known, else the series; "" for nowhere."""
    series, _, number = citation.key.partition("/")
    if not number or series == UNKNOWN:
        return ""
    if citation.year is None:
        return f"/ontology/instrument/un/{series}/{number}"
    return f"/akn/un/statement/deliberation/{series}/{citation.year}/{number}"


def _cite(text: str, citations: Iterable[Citation]) -> list[Piece]:
    """Cut a text at its citations. Of two that overlap, the later begins where the first ends."""
    pieces: list[Piece] = []
    at = 0
    for citation in sorted(citations, key=lambda c: (c.start, c.end)):
        start, end = max(at, citation.start), min(citation.end, len(text))
        href = citation_href(citation)
        if start >= end or not href:
            continue
        if start > at:
            pieces.append(Piece("", text[at:start]))
        pieces.append(Piece("ref", text[start:end], href))
        at = end
    if at < len(text):
        pieces.append(Piece("", text[at:]))
    return pieces


# --- elements -----------------------------------------------------------------------------


@dataclass(slots=True)
class Section:
    heading: str
    eid: str
    operative: bool
    rows: list[Row]  # the outermost ones


def sections_of(rows: Sequence[Row]) -> list[Section]:
    """Group rows under their headings and nest them by path; every section has its own eid."""
    names = section_names([row.provision for row in rows])
    used: dict[str, int] = {}
    sections: list[Section] = []
    above: list[Row] = []
    for row in rows:
        heading = row.provision.section
        if not sections or sections[-1].heading != heading:
            operative = is_operative(heading)
            eid = section_eid(names[heading], operative=operative)
            used[eid] = used.get(eid, 0) + 1
            again = f"_{used[eid]}" if used[eid] > 1 else ""
            sections.append(Section(heading, eid + again, operative, []))
            above = []
        while above and not row.provision.path.startswith(above[-1].provision.path + "/"):
            above.pop()
        (above[-1].children if above else sections[-1].rows).append(row)
        above.append(row)
    return sections


def write_recitals(parent: etree._Element, section: Section) -> None:
    recitals = etree.SubElement(parent, akn("recitals"), eId=section.eid, wId=section.eid)
    _heading(recitals, section.heading)
    rows = section.rows
    if len(rows) > 1 and _is_opening(rows[0]):
        _paragraph(_element(recitals, "intro", rows[0]), rows[0])
        rows = rows[1:]
    for row in rows:
        _item(recitals, "recital", row)


def write_container(parent: etree._Element, section: Section) -> None:
    container = etree.SubElement(
        parent, akn("hcontainer"), name="section", eId=section.eid, wId=section.eid
    )
    _heading(container, section.heading)
    rows = section.rows
    if _is_opening(rows[0]):
        _paragraph(_element(container, "intro", rows[0]), rows[0])
        rows = rows[1:]
    for row in rows:
        _level(container, row, 0)


def _is_opening(row: Row) -> bool:
    return row.provision.path == "chapeau" and not row.provision.num and not row.children


def _heading(parent: etree._Element, heading: str) -> None:
    if heading:
        etree.SubElement(parent, akn("heading")).text = heading


def _item(parent: etree._Element, name: str, row: Row) -> None:
    """A recital or a list item; its lower rows become a list of their own."""
    item = _element(parent, name, row)
    _number(item, row)
    if not row.children:
        _paragraph(item, row)
        return
    block = etree.SubElement(item, akn("blockList"), eId=f"{row.provision.eid}__list_1")
    _inline(etree.SubElement(block, akn("listIntroduction")), row)
    for child in row.children:
        _item(block, "item", child)


def _level(parent: etree._Element, row: Row, depth: int) -> None:
    """A paragraph of the operative part and what stands below it."""
    element = _element(parent, LEVELS[min(depth, len(LEVELS) - 1)], row)
    _number(element, row)
    _paragraph(etree.SubElement(element, akn("intro" if row.children else "content")), row)
    for child in row.children:
        _level(element, child, depth + 1)


def _element(parent: etree._Element, name: str, row: Row) -> etree._Element:
    provision = row.provision
    element = etree.SubElement(parent, akn(name), eId=provision.eid)
    element.set("wId", provision.wid or provision.eid)
    if row.alternative_to:
        element.set("alternativeTo", row.alternative_to)
    element.set(own("path"), provision.path)
    if row.printed:
        element.set(own("printed"), row.printed)
    return element


def _number(element: etree._Element, row: Row) -> None:
    if row.provision.num:
        etree.SubElement(element, akn("num")).text = row.provision.num


def _paragraph(parent: etree._Element, row: Row) -> None:
    _inline(etree.SubElement(parent, akn("p")), row)


def _inline(block: etree._Element, row: Row) -> None:
    """The words with their marks and references; a footnote's note where its mark stood."""
    last: etree._Element | None = None
    notes = _notes(row)
    at = 0
    for piece in row.pieces:
        for part, note in _cut(piece.text, at, notes):
            if piece.element:
                last = etree.SubElement(block, akn(piece.element))
                last.text = part
                if piece.href:
                    last.set("href", piece.href)
            elif last is None:
                block.text = (block.text or "") + part
            else:
                last.tail = (last.tail or "") + part
            if note:
                last = _note(block, row, *note)
        at += len(piece.text)
    for _at, number, mark in notes:
        _note(block, row, number, mark)


def _notes(row: Row) -> list[tuple[int, int, str]]:
    """Place, number and mark of each footnote, in order; what has no place goes to the end."""
    marks = row.provision.footnotes
    places = row.provision.marks_at or (-1,) * len(marks)
    end = sum(len(piece.text) for piece in row.pieces)
    known = (end if at < 0 else at for at in places)
    return sorted((at, n, mark) for n, (at, mark) in enumerate(zip(known, marks, strict=True), 1))


def _cut(
    text: str, at: int, notes: list[tuple[int, int, str]]
) -> Iterator[tuple[str, tuple[int, str] | None]]:
    """A piece that begins at `at`, cut behind which notes stand; uses these notes up."""
    start = 0
    while notes and at < notes[0][0] <= at + len(text):
        place, number, mark = notes.pop(0)
        yield text[start : place - at], (number, mark)
        start = place - at
    if start < len(text):
        yield text[start:], None


def _note(block: etree._Element, row: Row, number: int, mark: str) -> etree._Element:
    """The note's own words are in neither source: an empty note."""
    eid = f"{row.provision.eid}__authorialNote_{number}"
    note = etree.SubElement(block, akn("authorialNote"), marker=mark, eId=eid)
    etree.SubElement(note, akn("p"))
    return note
