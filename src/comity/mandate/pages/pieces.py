"""Small pieces of pages made from rows: linked text, one comparison, the four readings."""

from __future__ import annotations

from dataclasses import dataclass, replace

from comity.mandate import models as m
from comity.mandate.pages import wording
from comity.mandate.reads import ChangeRow, UnitRow
from comity.mandate.rules.align import RUN
from comity.mandate.rules.terms import find_terms
from comity.mandate.rules.words import Count, explain, redline, words
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
    for stretch, mark in marked:
        left = len(stretch)
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
class Other:
    """A further passage whose words came into a provision beside those of the main source."""

    unit: UnitRow
    same: bool  # word for word what the main source says
    shared: tuple[str, ...]  # stretches of it that stand in the newer text, longest first


@dataclass(frozen=True, slots=True)
class Comparison:
    """One change beside its words: redline and count against the main source, then the others."""

    change: ChangeRow
    chip: wording.Chip
    confidence: wording.Words
    ops: tuple[WordOp, ...]
    old_text: str
    new_text: str
    count: Count
    others: tuple[Other, ...]


def compared(change: ChangeRow, row: m.Provision) -> Comparison:
    """A change as the page of one provision shows it: its own words as the newer text.

    Several sources are never joined: a passage offered twice would show words of the newer text
    as removed.
    """
    old = change.old[0].text if change.old else ""
    return Comparison(
        change,
        wording.CHANGES[change.kind],
        wording.CONFIDENCE[change.confidence],
        redline(old, row.text, signs=False) if old else (),
        old,
        row.text,
        explain(old, row.text),
        others(change, row.text),
    )


def redlined(change: ChangeRow) -> tuple[WordOp, ...]:
    """The redline of the main source and the newer side; empty when one is missing."""
    return redline(change.old[0].text, _newer(change), signs=False) if _both(change) else ()


def followed(change: ChangeRow, eid: str) -> tuple[wording.Chip, tuple[WordOp, ...], float]:
    """A change seen from one of its older units: its chip, and that unit's redline and likeness."""
    (mine,) = [unit.text for unit in change.old if unit.eid == eid]
    new = _newer(change)
    ops = redline(mine, new, signs=False) if new else ()
    return wording.CHANGES[change.kind], ops, explain(mine, new).similarity


def others(change: ChangeRow, new: str) -> tuple[Other, ...]:
    """The sources behind the main one, each with what it shares with the newer text."""
    made = []
    for unit in change.old[1:]:
        same = words(unit.text) == words(change.old[0].text)
        ops = () if same else redline(unit.text, new, signs=False)
        shared = [op.text.strip(" ,;.") for op in ops if op.op == "same"]
        long = [stretch for stretch in shared if len(words(stretch)) >= RUN]
        made.append(Other(unit, same, tuple(sorted(long, key=len, reverse=True))))
    return tuple(made)


def _newer(change: ChangeRow) -> str:
    return " ".join(unit.text for unit in change.new)


def _both(change: ChangeRow) -> bool:
    return bool(change.old and change.new)
