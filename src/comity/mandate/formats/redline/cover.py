"""Naming everything that is not words of a passage, so that nothing of a source is lost."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import replace

from comity.mandate.formats.redline.tokens import Piece
from comity.mandate.types import Artefact, ArtefactKind, Mark, Span


class Cover:
    """Everything of a source that is not words of a passage, with its span."""

    def __init__(self) -> None:
        self.artefacts: list[Artefact] = []
        self.marks: list[Mark] = []
        self.page_breaks: list[Span] = []  # from the last word before to the first behind

    def name(self, kind: ArtefactKind, pieces: Iterable[Piece]) -> None:
        """Name pieces; blanks at their edges are blanks."""
        pieces = list(pieces)
        while pieces and not pieces[0].text.strip():
            self._add(ArtefactKind.BLANK, pieces.pop(0))
        tail = []
        while pieces and not pieces[-1].text.strip():
            tail.append(pieces.pop())
        for piece in tail:
            self._add(ArtefactKind.BLANK, piece)
        for i, piece in enumerate(pieces):
            lead = len(piece.text) - len(piece.text.lstrip()) if i == 0 else 0
            trail = len(piece.text.rstrip()) if i == len(pieces) - 1 else len(piece.text)
            for start, end, of in (
                (0, lead, ArtefactKind.BLANK),
                (lead, trail, kind),
                (trail, len(piece.text), ArtefactKind.BLANK),
            ):
                if end > start:
                    self._add(of, part(piece, start, end))

    def _add(self, kind: ArtefactKind, piece: Piece) -> None:
        self.artefacts.append(Artefact(kind, Span(piece.start, piece.end), piece.text))

    def merged(self, text: str) -> tuple[Artefact, ...]:
        """All artefacts in order; blanks that touch are one, those inside a paragraph a break."""
        spans: list[tuple[ArtefactKind, Span]] = []
        for artefact in sorted(self.artefacts, key=lambda a: a.span):
            kind, span = artefact.kind, artefact.span
            if spans and spans[-1][0] is kind is ArtefactKind.BLANK:
                before = spans[-1][1]
                if before.end == span.start:
                    spans[-1] = (kind, Span(before.start, span.end))
                    continue
            spans.append((kind, span))
        breaks = sorted(self.page_breaks)
        return tuple(
            Artefact(
                ArtefactKind.PAGE_BREAK if _is_break(kind, span, text, breaks) else kind,
                span,
                text[span.start : span.end],
            )
            for kind, span in spans
        )


def _is_break(kind: ArtefactKind, span: Span, text: str, breaks: list[Span]) -> bool:
    if kind is not ArtefactKind.BLANK or "\n" not in text[span.start : span.end]:
        return False
    at = bisect_right(breaks, Span(span.start, len(text)))
    return at > 0 and span.end <= breaks[at - 1].end


def part(piece: Piece, start: int, end: int) -> Piece:
    if end - start == len(piece.text):
        return piece
    return replace(
        piece, start=piece.start + start, end=piece.start + end, text=piece.text[start:end]
    )


def cut(pieces: Iterable[Piece], at: int) -> tuple[list[Piece], list[Piece]]:
    """Divide pieces after `at` characters of their text."""
    left: list[Piece] = []
    right: list[Piece] = []
    for piece in pieces:
        size = len(piece.text)
        if at >= size:
            left.append(piece)
        elif at <= 0:
            right.append(piece)
        else:
            left.append(part(piece, 0, at))
            right.append(part(piece, at, size))
        at -= size
    return left, right
