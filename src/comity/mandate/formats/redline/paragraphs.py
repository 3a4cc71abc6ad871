"""From lines to paragraphs: what is a heading, a tag, a page mark, and what belongs together.

A paragraph of the draft may run over a page break, or be cut in two by an insertion of somebody
else. Both are joined here, by how the first part ends and how the second begins.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from comity.mandate.formats.redline.cover import Cover, cut, part
from comity.mandate.formats.redline.doubts import Doubts
from comity.mandate.formats.redline.labels import Label, is_remark, read_label
from comity.mandate.formats.redline.numbers import Lists, Place, Printed, read_start
from comity.mandate.formats.redline.tokens import Line, Piece
from comity.mandate.rules.sections import fold_heading
from comity.mandate.types import ArtefactKind, Mark, MarkKind, Span

_PAGE_NUMBER = re.compile(r"\s*(?:[-–]\s*)?\d{1,4}(?:\s*[-–])?\s*")
_STRAY = re.compile(r"[\u2080-\u2089]+")  # subscript digits: footnote signs and page numbers
_STRAY_END = re.compile(r"(?<=[;.,:)])\s*[-–—]+\s*$")
# A paragraph that ends on one of these goes on behind the page break.
_OPEN_WORD = re.compile(
    r"\b(?:a|an|and|as|at|between|by|for|from|in|including|its|nor|of|on|or|such|that|the|their|"
    r"this|to|which|with)$"
)
LONGEST_ENDING = 20  # characters; "; and" and the longest open word fit in
_CLOSED = re.compile(r"(?:[;:.,]|[;,] (?:and|or))$")


@dataclass(slots=True)
class Paragraph:
    """One paragraph as it is being put together. `label` is set when a tag or option line stands
    directly before it."""

    section: str
    ordinal: int  # of the section in the source: two sections may have the same heading
    printed: Printed
    start: int
    pieces: list[Piece] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    labels: tuple[Label, ...] = ()
    place: Place = field(default_factory=Place)
    cuts: int = -1  # index of the paragraph that this insertion cuts in two
    cuts_at: int = 0  # how many characters of its pieces had been read by then

    @property
    def plain(self) -> str:
        return "".join(p.text for p in self.pieces).strip()

    @property
    def ending(self) -> str:
        """The last words, enough to see how the paragraph ends."""
        words: list[str] = []
        for piece in reversed(self.pieces):
            words.append(piece.text)
            if sum(map(len, words)) > LONGEST_ENDING:
                break
        return "".join(reversed(words)).rstrip()

    @property
    def struck(self) -> bool:
        """All words struck. Signs alone (";") outside the strike do not keep a passage."""
        words = [p for p in self.pieces if any(c.isalnum() for c in p.text)]
        return bool(words) and all(p.struck for p in words)


class Reader:
    """Reads the lines behind the head in order; `paragraphs` and `cover` are the result."""

    def __init__(self, text: str, cover: Cover, doubts: Doubts) -> None:
        self._text, self.cover, self._doubts = text, cover, doubts
        self.paragraphs: list[Paragraph] = []
        self._section, self._ordinal = "", 0
        self._labels: list[Label] = []
        self._lists = Lists()
        self._last: Paragraph | None = None  # the paragraph that a line could continue

    def read(self, line: Line) -> None:
        plain = line.plain
        if not plain.strip():
            self.cover.name(ArtefactKind.BLANK, line.pieces)
        elif line.heading:
            self.cover.name(ArtefactKind.HEADING, line.pieces)
            self._section, self._ordinal = fold_heading(plain), self._ordinal + 1
            self._labels, self._lists, self._last = [], Lists(), None
        elif label := read_label(plain):
            self._read_label(line, label)
        elif is_remark(plain):
            self.cover.name(ArtefactKind.REMARK, line.pieces)
        elif line.fresh and _PAGE_NUMBER.fullmatch(plain):
            self.cover.name(ArtefactKind.PAGE_MARK, line.pieces)
        else:
            self._read_words(line)

    def _read_label(self, line: Line, label: Label) -> None:
        if label.tag:
            remark, tag = cut(line.pieces, label.tag_start)
            self.cover.name(ArtefactKind.REMARK, remark)
            self.cover.name(ArtefactKind.TAG, tag)
        else:
            self.cover.name(ArtefactKind.OPTION, line.pieces)
        self._labels.append(label)

    def _read_words(self, line: Line) -> None:
        printed = read_start(line.plain)
        target = self._continued(line, printed)
        if target:
            self._join(target, line)
            return
        head, words = cut(line.pieces, max(printed.end, printed.dash + 1, printed.after + 1, 0))
        self._name_start(head, printed)
        lead = next((p for p in line.pieces if p.text.strip()), line.pieces[0])
        cuts = self._cut_by_insertion(line, printed)
        paragraph = Paragraph(
            self._section,
            self._ordinal,
            printed,
            lead.start + len(lead.text) - len(lead.text.lstrip()),
            labels=tuple(self._labels),
            cuts=cuts,
            cuts_at=sum(len(p.text) for p in self.paragraphs[cuts].pieces) if cuts >= 0 else 0,
        )
        self._take(paragraph, words, line.number)
        opens = self._last is not None and self._last.ending.endswith(":")
        paragraph.place = self._lists.put(
            len(self.paragraphs), printed, opens=opens, live=not paragraph.struck
        )
        self._labels = []
        self.paragraphs.append(paragraph)
        self._last = paragraph

    def _continued(self, line: Line, printed: Printed) -> Paragraph | None:
        """The paragraph that this line goes on with, if any."""
        last = self._last
        if last is None or self._labels or printed.dash >= 0 or printed.letters:
            return None
        plain = line.plain.strip()
        before = last.ending
        open_word = bool(_OPEN_WORD.search(before)) and not _CLOSED.search(before)
        if printed.digits:
            after_number = line.plain[printed.end :].lstrip()
            expected = self._lists.expects(printed.digits) and not after_number.startswith("(")
            wrapped = open_word and not line.fresh
            return last if wrapped or not (expected or _CLOSED.search(before)) else None
        if not line.fresh or open_word:
            return last
        if last.cuts >= 0 and plain[0].islower():
            return self.paragraphs[last.cuts]
        in_bracket = next((p.bracket for p in line.pieces if p.text.strip()), -1) >= 0
        if in_bracket or not plain[0].islower():
            return None
        after_comma = before.endswith(",") and bool(last.printed.text)
        return last if after_comma or not _CLOSED.search(before) else None

    def _cut_by_insertion(self, line: Line, printed: Printed) -> int:
        """Index of the paragraph that a tagged, unnumbered line stands in the middle of, or -1."""
        last, plain = self._last, line.plain.strip()
        if last is None or not self._labels or printed.text or not plain[0].islower():
            return -1
        bracketed = any(p.bracket >= 0 for p in line.pieces)
        if bracketed or any(lb.option for lb in self._labels) or _ends(last.ending):
            return -1
        return len(self.paragraphs) - 1

    def _join(self, paragraph: Paragraph, line: Line) -> None:
        if paragraph is not self._last and self._last is not None:
            insertion = self._last
            self._doubts.add(
                "interrupted-paragraph",
                f"The paragraph of line {paragraph.lines[0]} is taken to go on at line "
                f"{line.number}, behind an insertion.",
                insertion.start,
                "Check in the published document where the inserted words end.",
            )
            self._last = paragraph
        elif line.fresh:
            end = paragraph.pieces[-1].end if paragraph.pieces else paragraph.start
            first = next(p for p in line.pieces if p.text.strip())
            self.cover.page_breaks.append(Span(end, first.end))
        self._take(paragraph, list(line.pieces), line.number)

    def _name_start(self, head: list[Piece], printed: Printed) -> None:
        """Dash, number and dash of a paragraph's start; the blanks between."""
        at = 0
        for piece in head:
            for offset, char in enumerate(piece.text):
                if at + offset in (printed.dash, printed.after) and not char.isspace():
                    self.cover.name(ArtefactKind.LIST_DASH, [part(piece, offset, offset + 1)])
            at += len(piece.text)
        rest, inside = cut(head, printed.start if printed.text else len(head) and at)
        number, behind = cut(inside, len(printed.text))
        self.cover.marks += [
            Mark(MarkKind.NUMBER, Span(p.start, p.end), p.text) for p in number if p.text
        ]
        for piece in (*rest, *behind):
            for run in re.finditer(r"\s+", piece.text):
                self.cover.name(ArtefactKind.BLANK, [part(piece, run.start(), run.end())])

    def _take(self, paragraph: Paragraph, pieces: list[Piece], number: int) -> None:
        """Add the words of one line; blanks at its edges and stray signs are named, not kept."""
        words: list[Piece] = []
        for piece in pieces:
            at = 0
            for stray in _STRAY.finditer(piece.text):
                words.append(part(piece, at, stray.start()))
                self.cover.name(ArtefactKind.PAGE_MARK, [part(piece, stray.start(), stray.end())])
                at = stray.end()
            words.append(part(piece, at, len(piece.text)))
        words = [p for p in words if p.text]
        plain = "".join(p.text for p in words)
        lead, words = cut(words, len(plain) - len(plain.lstrip()))
        words, trail = cut(words, len(plain.strip()))
        self.cover.name(ArtefactKind.BLANK, (*lead, *trail))
        if paragraph.pieces and words:
            words.insert(0, replace(words[0], end=words[0].start, text=" "))  # for the line end
        paragraph.pieces += words
        if words or not paragraph.lines:
            paragraph.lines.append(number)

    def trim_ends(self) -> None:
        """Take stray dashes behind the last stop off every paragraph."""
        for paragraph in self.paragraphs:
            text = "".join(p.text for p in paragraph.pieces)
            found = _STRAY_END.search(text)
            keep = found.start() if found else len(text)
            if not found and paragraph.pieces:
                last = paragraph.pieces[-1]
                if last.text.strip() in ("-", "–") and self._text[last.start - 1] == "]":
                    keep = len(text) - len(last.text)
            paragraph.pieces, stray = cut(paragraph.pieces, keep)
            self.cover.name(ArtefactKind.PAGE_MARK, stray)


def _ends(ending: str) -> bool:
    """Does a paragraph end for good: on a stop other than a comma?"""
    return ending.endswith((";", ".", ":")) or bool(re.search(r"[;,] (?:and|or)$", ending))
