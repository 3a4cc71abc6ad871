"""Small pieces of pages made from rows: linked text, one comparison, the four readings."""

from __future__ import annotations

from dataclasses import dataclass, replace

from comity.mandate import models as m
from comity.mandate.pages import wording
from comity.mandate.reads import ChangeRow
from comity.mandate.rules.terms import find_terms
from comity.mandate.rules.words import Count, explain, redline
from comity.mandate.types import WordOp


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a provision's text: plain, a citation, or a term of the glossary."""

    text: str
    citation: m.Citation | None = None
    term: str = ""
    mark: str = ""  # of a footnote, behind the words


def linked(row: m.Provision, citations: list[m.Citation]) -> list[Piece]:
    """The text cut at its citations and terms; where they overlap the citation wins."""
    marks: list[tuple[int, int, m.Citation | None, str]] = [
        (c.start, c.end, c, "") for c in citations
    ]
    marks += [(start, end, None, key) for key, start, end in find_terms(row.text)]
    marks.sort(key=lambda mark: (mark[0], mark[2] is None, -mark[1]))
    pieces, at = [], 0
    for start, end, citation, term in marks:
        if start < at:
            continue
        if start > at:
            pieces.append(Piece(row.text[at:start]))
        pieces.append(Piece(row.text[start:end], citation, term))
        at = end
    if at < len(row.text):
        pieces.append(Piece(row.text[at:]))
    return _noted(pieces, row.marked)


def _noted(pieces: list[Piece], marked: list[tuple[str, str]]) -> list[Piece]:
    """The same pieces, cut where footnote marks stand."""
    made: list[Piece] = []
    for words, mark in marked:
        left = len(words)
        while pieces and left:
            piece = pieces.pop(0)
            made.append(replace(piece, text=piece.text[:left]))
            if len(piece.text) > left:
                pieces.insert(0, replace(piece, text=piece.text[left:]))
            left -= len(made[-1].text)
        if mark:
            made.append(Piece("", mark=mark))
    return made


@dataclass(frozen=True, slots=True)
class Comparison:
    """One change beside its words: redline, count, and where the old words stood."""

    change: ChangeRow
    chip: wording.Chip
    confidence: wording.Words
    ops: tuple[WordOp, ...]
    old_text: str
    new_text: str
    count: Count


def compared(change: ChangeRow, row: m.Provision) -> Comparison:
    """A change as the page of one provision shows it: its own words as the newer text."""
    old = " ".join(unit.text for unit in change.old)
    return Comparison(
        change,
        wording.CHANGES[change.kind],
        wording.CONFIDENCE[change.confidence],
        redline(old, row.text, signs=False) if old else (),
        old,
        row.text,
        explain(old, row.text),
    )


def redlined(change: ChangeRow) -> tuple[WordOp, ...]:
    """The redline of a change's two sides; empty when one side is."""
    old = " ".join(unit.text for unit in change.old)
    new = " ".join(unit.text for unit in change.new)
    return redline(old, new, signs=False) if old and new else ()
