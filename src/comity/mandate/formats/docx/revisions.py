"""Paragraphs and their tracked changes as WordprocessingML (ECMA-376-1, 17.13.5).

A paragraph that exists in one reading only carries the change on its mark too (`w:rPr` in
`w:pPr`): rejecting an insertion, or accepting a deletion, then leaves no empty paragraph.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from lxml import etree

NS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W = f"{{{NS}}}"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"

# XML 1.0 has no place for these, not even escaped.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LAST_WORD = re.compile(r"\S+\s*$")
_BREAKS = re.compile("([\t\n])")

SAME, DEL, INS = "same", "del", "ins"
PASSED = "passed"  # inserted and struck again: in neither reading, but visible as a change


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a paragraph in both readings ("same"), the old ("del") or the new ("ins").

    `note` is the index of a note of the line whose comment hangs on these words only; `author`
    is who changed them, where that is not the author of the line.
    """

    op: str
    text: str
    emphasis: bool = False
    note: int | None = None
    author: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A comment: by whom, and what it says."""

    author: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph of a document. `was` is its style in the old reading, where that differs."""

    style: str
    pieces: tuple[Piece, ...]
    author: str = ""
    notes: tuple[Note, ...] = ()
    was: str = ""

    @property
    def op(self) -> str:
        """ "ins" or "del" where the paragraph stands in one reading only, else "same"."""
        ops = {piece.op for piece in self.pieces if piece.text and piece.op != PASSED}
        return ops.pop() if len(ops) == 1 else SAME

    def reading(self, op: str) -> str:
        """The words when all is accepted (op "ins") or rejected (op "del")."""
        return "".join(p.text for p in self.pieces if p.op in (SAME, op))


def merged(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """Neighbours of one kind become one piece; empty ones fall away."""
    out: list[Piece] = []
    for piece in pieces:
        last = out[-1] if out else None
        if not piece.text:
            continue
        if last and replace(last, text="") == replace(piece, text=""):
            out[-1] = replace(piece, text=last.text + piece.text)
        else:
            out.append(piece)
    return tuple(out)


def apart(lines: Sequence[Line]) -> list[Line]:
    """No change of words touches a change of the whole next paragraph of the same kind.

    LibreOffice (7.4, seen 2026) joins the two over the mark of the paragraph that both readings
    keep, and takes that mark away with them. So the other half of a replacement goes last; where
    there is none, the last kept word is replaced together with what follows it.
    """
    out = list(lines)
    for n, (line, after) in enumerate(pairwise(lines)):
        last = line.pieces[-1] if line.pieces else None
        if not last or line.op != SAME or after.op == SAME or last.op != after.op:
            continue
        cut = max(i for i, piece in enumerate(line.pieces) if piece.op != last.op)
        head, before, tail = line.pieces[:cut], line.pieces[cut], line.pieces[cut + 1 :]
        if before.op == SAME:
            found = _LAST_WORD.search(before.text)
            word = found.group() if found else before.text
            head = (*head, replace(before, text=before.text.removesuffix(word)))
            tail = (replace(before, op=last.op, text=word), *tail)
            before = replace(before, op=DEL if last.op == INS else INS, text=word)
        out[n] = replace(line, pieces=merged([*head, *tail, before]))
    return out


def without_illegal(text: str) -> str:
    """XML cannot hold control characters: each becomes U+FFFD, so that its place stays visible."""
    return _NOT_XML.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


class Pen:
    """Writes paragraphs and comments, numbering changes as it goes."""

    def __init__(self, body: etree._Element, comments: etree._Element, *, when: dt.date | None):
        self.body, self.comments = body, comments
        self.date = f"{when:%Y-%m-%d}T00:00:00Z" if when else ""
        self.changes = 0
        self.noted = 0

    def write(self, line: Line) -> None:
        """Append the paragraph to the body and its comments to their part."""
        p = etree.SubElement(self.body, W + "p")
        self._properties(p, line)
        ids = [self._comment(note) for note in line.notes]
        on_words = [piece.note for piece in line.pieces]
        whole = [i for i in range(len(ids)) if i not in on_words]
        for i in whole:
            self._edge(p, "commentRangeStart", ids[i])
        for at, piece in enumerate(line.pieces):
            note = piece.note
            if note is not None and note not in on_words[:at]:
                self._edge(p, "commentRangeStart", ids[note])
            author = piece.author or line.author
            holder = self._holder(p, piece.op, author)
            self._run(holder, piece)
            if note is not None and note not in on_words[at + 1 :]:
                self._edge(p, "commentRangeEnd", ids[note])
                self._reference(self._holder(p, piece.op, author), ids[note])
        for i in whole:
            self._edge(p, "commentRangeEnd", ids[i])
            # Inside the change of a whole paragraph, so that the comment goes when its words go.
            self._reference(self._holder(p, line.op, line.author), ids[i])

    def _properties(self, p: etree._Element, line: Line) -> None:
        ppr = etree.SubElement(p, W + "pPr")
        etree.SubElement(ppr, W + "pStyle").set(W + "val", line.style)
        if line.op != SAME:
            mark = etree.SubElement(ppr, W + "rPr")
            self._change(mark, line.op, line.author)
        elif line.was and line.was != line.style:
            before = etree.SubElement(self._change(ppr, "pPrChange", line.author), W + "pPr")
            etree.SubElement(before, W + "pStyle").set(W + "val", line.was)

    def _change(self, parent: etree._Element, tag: str, author: str) -> etree._Element:
        self.changes += 1
        change = etree.SubElement(parent, W + tag)
        change.set(W + "id", str(self.changes))
        change.set(W + "author", without_illegal(author))
        if self.date:
            change.set(W + "date", self.date)
        return change

    def _holder(self, p: etree._Element, op: str, author: str) -> etree._Element:
        if op == PASSED:
            return self._change(self._change(p, INS, author), DEL, author)
        return p if op == SAME else self._change(p, op, author)

    def _run(self, parent: etree._Element, piece: Piece) -> None:
        run = etree.SubElement(parent, W + "r")
        if piece.emphasis:
            rpr = etree.SubElement(run, W + "rPr")
            etree.SubElement(rpr, W + "i")
            etree.SubElement(rpr, W + "iCs")
        tag = W + ("delText" if piece.op in (DEL, PASSED) else "t")
        for part in _BREAKS.split(without_illegal(piece.text)):
            if part in ("\t", "\n"):
                etree.SubElement(run, W + ("tab" if part == "\t" else "br"))
            elif part:
                words = etree.SubElement(run, tag)
                words.text = part
                words.set(SPACE, "preserve")

    def _edge(self, p: etree._Element, tag: str, note: int) -> None:
        etree.SubElement(p, W + tag).set(W + "id", str(note))

    def _reference(self, parent: etree._Element, note: int) -> None:
        run = etree.SubElement(parent, W + "r")
        rpr = etree.SubElement(run, W + "rPr")
        etree.SubElement(rpr, W + "rStyle").set(W + "val", "CommentReference")
        etree.SubElement(run, W + "commentReference").set(W + "id", str(note))

    def _comment(self, note: Note) -> int:
        number, self.noted = self.noted, self.noted + 1
        comment = etree.SubElement(self.comments, W + "comment")
        comment.set(W + "id", str(number))
        comment.set(W + "author", without_illegal(note.author))
        comment.set(W + "initials", _initials(note.author))
        if self.date:
            comment.set(W + "date", self.date)
        p = etree.SubElement(comment, W + "p")
        ppr = etree.SubElement(p, W + "pPr")
        etree.SubElement(ppr, W + "pStyle").set(W + "val", "CommentText")
        mark = etree.SubElement(p, W + "r")
        rpr = etree.SubElement(mark, W + "rPr")
        etree.SubElement(rpr, W + "rStyle").set(W + "val", "CommentReference")
        etree.SubElement(mark, W + "annotationRef")
        self._run(p, Piece(SAME, note.text))
        return number


def _initials(author: str) -> str:
    return without_illegal("".join(word[0] for word in author.split() if word[0].isalnum())[:3])
