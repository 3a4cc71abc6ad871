"""Careful cutting of CSV into rows, for pieces that are not plain: line breaks inside quotes, rows
of the wrong width, quotes that are never closed.

Two passes, the second only where the first does not hold. `scan` looks at all bytes at once: a
newline outside quotes ends a row, a separator outside quotes ends a cell. That is right when quotes
are balanced. Where they are not, `one_by_one` goes line by line, refuses the line at fault and
starts afresh behind it, so that one stray quote costs one row and not the rest of the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from comity.events.types.chunks import byte_count

ROW_LIMIT = 16 << 20
"""Bytes a row may have: a cell of 10 MB passes (and is cut); a file of one line does not."""
LINES_LIMIT = 1_000  # lines one row may span

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a piece: where each begins and ends (without its newline), on which line, how many
    cells. `balanced` is false when a quote stays open at the end."""

    starts: Ints
    ends: Ints
    lines: Ints
    cells: Ints
    balanced: bool


def scan(piece: bytes, separator: bytes, comment: bytes = b"") -> Rows:
    """The rows by counting quotes; blank lines and comments are no rows."""
    text = np.frombuffer(piece, np.uint8)
    outside = _outside(text)
    newlines = np.flatnonzero((text == 10) & outside).astype(np.int64)
    ends = newlines
    if not piece.endswith(b"\n") or (len(newlines) and newlines[-1] != len(piece) - 1):
        ends = np.append(newlines, len(piece))
    if not len(newlines):
        ends = np.array([len(piece)], np.int64)
    starts = np.concatenate([np.zeros(1, np.int64), ends[:-1] + 1])
    every_line = np.flatnonzero(text == 10)
    lines = np.searchsorted(every_line, starts).astype(np.int64)
    cuts = np.flatnonzero((text == separator[0]) & outside)
    cells = np.searchsorted(cuts, ends) - np.searchsorted(cuts, starts) + 1
    width = ends - starts
    carriage = (width > 0) & (text[np.maximum(ends - 1, 0)] == 13)
    ends = ends - carriage
    kept = ends > starts
    if comment:
        kept &= text[np.minimum(starts, len(text) - 1)] != comment[0]
    balanced = bool(outside[-1]) if len(outside) else True
    return Rows(starts[kept], ends[kept], lines[kept], cells[kept].astype(np.int64), balanced)


def _outside(text: npt.NDArray[np.uint8]) -> Mask:
    """Whether each byte stands outside quotes (a closing quote counts as outside)."""
    inside: Mask = (np.cumsum(text == 34, dtype=np.int64) & 1).astype(np.bool_)
    return ~inside


def even_cut(data: bytes, start: int, cut: int) -> int:
    """The first end of a line at or behind `cut` that is not inside quotes, seen from `start`;
    `cut` itself when there is none within a row's limit."""
    if not byte_count(memoryview(data)[start:cut], 34) & 1:
        return cut
    ahead = np.frombuffer(data[cut : cut + ROW_LIMIT], np.uint8)
    closed = np.flatnonzero((ahead == 10) & ~_outside(ahead))
    if len(closed):
        return cut + int(closed[0]) + 1
    return len(data) if len(data) - cut < ROW_LIMIT and not data.count(b'"', start) & 1 else cut


@dataclass(frozen=True, slots=True)
class Cut:
    """One row as `one_by_one` found it: its cells, or the reason it is refused."""

    line: int
    cells: list[str]
    reason: str
    raw: str


def one_by_one(piece: str, width: int, separator: str, comment: str = "") -> Iterator[Cut]:
    """The rows of a piece whose quotes do not add up."""
    lines = piece.split("\n")
    if lines and not lines[-1]:
        lines.pop()
        whole = True
    else:
        whole = False
    at = 0
    while at < len(lines):
        line = lines[at]
        if not line.strip("\r") or (comment and line.startswith(comment)):
            at += 1
            continue
        taken, cells = _row(lines, at, separator)
        last = at + taken == len(lines) and not whole
        reason = ""
        if cells is None:
            reason = "truncated" if last and taken == 1 else "bad_quotes"
        elif len(cells) != width:
            reason = "too_many_cells" if len(cells) > width else "too_few_cells"
            if last and len(cells) < width:
                reason = "truncated"
        raw = "" if not reason else "\n".join(lines[at : at + taken])
        yield Cut(at, cells if cells is not None and not reason else [], reason, raw)
        at += taken


def _row(lines: list[str], at: int, separator: str) -> tuple[int, list[str] | None]:
    """How many lines the row at `at` takes, and its cells; None: its quotes are wrong."""
    text = lines[at]
    taken = 1
    if text.count('"') & 1:
        size = len(text)
        for more in range(at + 1, min(at + LINES_LIMIT, len(lines))):
            size += len(lines[more])
            if size > ROW_LIMIT:
                break
            if lines[more].count('"') & 1:
                cells = _cells("\n".join(lines[at : more + 1]), separator)
                return (more + 1 - at, cells) if cells is not None else (1, _cells(text, separator))
        cells = _cells(text, separator)  # a quote in the middle of a cell opens nothing
        return 1, cells
    return taken, _cells(text, separator)


def _cells(text: str, separator: str) -> list[str] | None:
    """The cells of one row; None when its quotes are wrong. (`csv` would refuse a lone carriage
    return in a cell, which readers of the fast way take.)"""
    text = text.removesuffix("\r")
    cells: list[str] = []
    at, end = 0, len(text)
    while True:
        if text.startswith('"', at):
            close = at + 1
            while (close := text.find('"', close)) >= 0 and text.startswith('"', close + 1):
                close += 2
            if close < 0 or (close + 1 < end and text[close + 1] != separator):
                return None
            cells.append(text[at + 1 : close].replace('""', '"'))
            at = close + 1
        else:
            close = text.find(separator, at)
            close = end if close < 0 else close
            cells.append(text[at:close])
            at = close
        if at >= end:
            return cells
        at += 1
