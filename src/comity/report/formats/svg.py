"""Stacked bars inside an `<svg class="plot">`: classes only, the colours are in the sheet."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from comity.report.formats.picture import Drawing
from comity.report.formats.plain import clean


def bars(drawing: Drawing, *, rtl: bool) -> Iterator[str]:
    """In percent and without a viewBox, so that words keep their size on a phone."""
    side, foot, head = 8.0, 10.0, 8.0

    def x(at: float, wide: float) -> float:
        return 100 - at - wide if rtl else at

    def y(at: float) -> float:
        return 100 - foot - at * (100 - foot - head)

    for at, said in drawing.scale:
        line, start = y(at), x(side, 100 - side)
        yield (
            f'<line class="ax" x1="{start:.2f}%" x2="{start + 100 - side:.2f}%" '
            f'y1="{line:.2f}%" y2="{line:.2f}%"/>'
            f'<text x="{x(side / 2, 0):.2f}%" y="{line:.2f}%" dy=".3em">{escape(said)}</text>\n'
        )
    slot = (100 - side) / len(drawing.bars)
    for n, bar in enumerate(drawing.bars):
        start, top = side + slot * n, 0.0
        middle = x(start + slot / 2, 0)
        for piece in bar.pieces:
            low, high = y(piece.at), y(piece.at + piece.size)
            top = piece.at + piece.size
            yield (
                f'<rect class="{piece.tone}" x="{x(start + slot * 0.2, slot * 0.6):.2f}%" '
                f'y="{high:.2f}%" width="{slot * 0.6:.2f}%" height="{low - high:.2f}%"/>'
            )
            if piece.words:
                said = escape(piece.words)
                place = f'x="{middle:.2f}%" y="{(low + high) / 2:.2f}%" dy=".35em"'
                yield f'<text class="on-{piece.tone}" {place}>{said}</text>'
        total, period = escape(clean(bar.total)), escape(clean(bar.period))
        yield (
            f'<text class="val" x="{middle:.2f}%" y="{y(top):.2f}%" dy="-.4em">{total}</text>'
            f'<text x="{middle:.2f}%" y="100%" dy="-.6em">{period}</text>\n'
        )
