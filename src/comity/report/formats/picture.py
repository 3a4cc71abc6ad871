"""Stacked bars, measured once for every renderer, and the table of their values."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from babel.numbers import format_decimal

from comity.kit.languages import by_code
from comity.report.types.tree import Align, Column, Picture, Runs, Table, Text, Tone


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of a bar: in parts of 1, `at` from the foot, as high as `size`."""

    at: float
    size: float
    tone: Tone
    words: str  # the value, where it fits into the piece


@dataclass(frozen=True, slots=True)
class Bar:
    period: str
    pieces: tuple[Piece, ...]  # none where no series reports
    total: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """Bars and the lines of the scale behind them, each in parts of 1 from the foot."""

    bars: tuple[Bar, ...]
    scale: tuple[tuple[float, str], ...]
    key: tuple[tuple[Tone, str], ...]


# A value is written into its piece only where a line of small print is no higher than the piece
# (the drawing is 6 cm high, the print about 3 mm).
_ROOM = 0.06


def drawn(picture: Picture, language: str, unknown: str) -> Drawing:
    """Where each piece of each bar stands. A bar with nothing reported says so."""
    locale = _locale(language)
    columns = list(zip(*(series.values for series in picture.series), strict=True))
    sums = [sum((Decimal(v) for v in column if v is not None), Decimal()) for column in columns]
    step, top = _scale(max(sums), whole=all(total == int(total) for total in sums))
    bars = []
    for period, column, total in zip(picture.periods, columns, sums, strict=True):
        pieces, at = [], Decimal()
        for series, value in zip(picture.series, column, strict=True):
            if value:
                size = Decimal(value) / top
                said = format_decimal(value, locale=locale) if size >= _ROOM else ""
                pieces.append(Piece(float(at), float(size), series.tone, said))
                at += size
        known = any(value is not None for value in column)
        bars.append(Bar(period, tuple(pieces), _number(total if known else None, locale, unknown)))
    lines = [step * n for n in range(int(top / step) + 1)]
    return Drawing(
        tuple(bars),
        tuple((float(line / top), format_decimal(line, locale=locale)) for line in lines),
        tuple((series.tone, series.name) for series in picture.series),
    )


def values(picture: Picture, language: str, unknown: str) -> Table:
    """The same values as a table, which is what a picture is for those who cannot see it."""
    locale = _locale(language)
    columns = [Column(picture.period)]
    columns += [Column(series.name, align=Align.NUMBER) for series in picture.series]
    rows: list[tuple[Runs, ...]] = []
    for at, period in enumerate(picture.periods):
        said = [_number(series.values[at], locale, unknown) for series in picture.series]
        rows.append(((Text(period),), *((Text(words),) for words in said)))
    return Table("", tuple(columns), tuple(rows), keep=len(rows) <= 8)


def _number(value: Decimal | int | None, locale: str, unknown: str) -> str:
    return unknown if value is None else format_decimal(value, locale=locale)


def _locale(language: str) -> str:
    return by_code(language).bcp47.replace("-", "_")


def _scale(most: Decimal, *, whole: bool) -> tuple[Decimal, Decimal]:
    """A round step (1, 2 or 5 times a power of ten) and the top of the scale, at most 5 steps
    up. What is counted in whole numbers has no half steps."""
    if most <= 0:
        return Decimal(1), Decimal(1)
    power = Decimal(10) ** (most.adjusted() - 1)
    for step in (power * n for n in (1, 2, 5, 10, 20, 50)):
        steps = (most / step).to_integral_value(ROUND_CEILING)
        if steps <= 5 and (not whole or step >= 1):
            return step, step * steps
    raise AssertionError(most)  # 100 / 50 is 2
