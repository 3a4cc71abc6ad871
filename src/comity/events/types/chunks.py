"""What a reader hands on: some rows of a file as text, and where each of them stands in it.

A row's number is that of the line it begins on, counted from 1 after the header. So the number
leads to the line and the line to the number, whatever was skipped or refused before it, and two
workers can number two halves of one file without asking each other. In a file without blank lines
and without line breaks inside cells it is the count of rows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from comity.events.types import schema

ROW = "#row"
FLAGS = "#flags"
"""Names of columns that a reader adds; no header can hold them, for "#" begins a comment."""

Offsets = npt.NDArray[np.uint64]


class Stretch:
    """A part of a file and the file's beginning, asked as the whole file would be."""

    def __init__(self, head: bytes, part: bytes, start: int, size: int) -> None:
        self.head, self.part, self.start, self.size = head, part, start, size

    def __len__(self) -> int:
        return self.size

    def __getitem__(self, asked: slice) -> bytes:
        start, stop, _ = asked.indices(self.size)
        if start < self.start:
            return self._within(self.head, start, stop, 0)
        return self._within(self.part, start, stop, self.start)

    def find(self, what: bytes, start: int = 0, end: int | None = None) -> int:
        """Where it is; -1 where it is not in the part that was read."""
        stop = self.size if end is None else end
        if start < self.start:
            return self.head.find(what, start, stop)
        at = self.part.find(what, start - self.start, max(stop - self.start, 0))
        return at if at < 0 else at + self.start

    @staticmethod
    def _within(held: bytes, start: int, stop: int, origin: int) -> bytes:
        if stop > origin + len(held) and start < stop:
            raise IndexError("bytes outside the part that was read")
        return held if stop - start == len(held) else held[start - origin : stop - origin]


Text = bytes | Stretch
"""A file as UTF-8 without its mark, or as much of it as a task needs."""


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a file that begins and ends between two rows: what a task is given.

    Offsets are into the text as UTF-8 without its mark, header included; `first_row` is the number
    of the line at `start`.
    """

    start: int
    end: int
    first_row: int = 1


@dataclass(frozen=True)
class RawChunk:
    """Rows `frame[ROW]` as text columns, the rows held back, and the bytes both came from."""

    first_row: int
    frame: pl.DataFrame
    rejected: pl.DataFrame
    start: int  # of `data` in the file
    header_lines: int  # lines before row 1
    data: bytes = field(repr=False)
    plain: bool = False  # no cell holds a quote, a backslash or a control character
    ends: Offsets | None = field(default=None, repr=False)  # in `data`, of each line, if known

    @property
    def rows(self) -> int:
        """Rows seen: those in the frame and those held back."""
        return self.frame.height + self.rejected.height

    @cached_property
    def offsets(self) -> Offsets:
        """Offset in the file of each line of the chunk, and of the end; row `first_row` is at 0."""
        ends = self.ends if self.ends is not None else line_ends(self.data)
        return np.concatenate([np.zeros(1, np.uint64), ends]) + np.uint64(self.start)

    def text(self, row: int) -> str:
        """The raw text of a row's first line; `rows.row_at` has the rest of a row of several."""
        at = row - self.first_row
        begin, end = (int(o) - self.start for o in self.offsets[at : at + 2])
        cut = self.data[begin : min(end, begin + schema.RAW_LIMIT)]
        return cut.decode("utf-8", "replace").rstrip("\r\n")

    def place(self, rejected: pl.DataFrame) -> pl.DataFrame:
        """Rows held back by normalising, with line and raw text, in columns of REJECTED."""
        rows = rejected["row"].to_list()
        return rejected.with_columns(
            pl.Series("line", [row + self.header_lines for row in rows], pl.UInt32),
            pl.Series("raw", [self.text(row) for row in rows], pl.String),
        ).select(pl.col(name).cast(dtype) for name, dtype in schema.REJECTED.items())


_BLOCK = 1 << 18  # a quarter of a megabyte stays in the cache of a core


def byte_count(data: bytes | memoryview, value: int) -> int:
    """How many bytes are `value`: a block at a time, three times as fast as `bytes.count`."""
    text = np.frombuffer(data, np.uint8)
    found = np.empty(min(_BLOCK, len(text)), np.bool_)
    total = 0
    for at in range(0, len(text), _BLOCK):
        block = text[at : at + _BLOCK]
        total += int(np.count_nonzero(np.equal(block, value, out=found[: len(block)])))
    return total


def places(data: bytes | memoryview, value: int) -> Offsets:
    """Where bytes are `value`."""
    text = np.frombuffer(data, np.uint8)
    mask = np.empty(min(_BLOCK, len(text)), np.bool_)
    found = [np.empty(0, np.uint64)]
    for at in range(0, len(text), _BLOCK):
        block = text[at : at + _BLOCK]
        hits = np.flatnonzero(np.equal(block, value, out=mask[: len(block)]))
        found.append(hits.astype(np.uint64) + np.uint64(at))
    return np.concatenate(found)


@dataclass(frozen=True, slots=True)
class Signs:
    """What a text holds besides ordinary characters."""

    controls: Offsets  # where bytes below 32 are
    quotes: int
    backslash: bool


def signs(data: bytes) -> Signs:
    """Looked for together, while a block is in the cache."""
    text = np.frombuffer(data, np.uint8)
    mask = np.empty(min(_BLOCK, len(text)), np.bool_)
    found, quotes, backslash = [np.empty(0, np.uint64)], 0, False
    for at in range(0, len(text), _BLOCK):
        block = text[at : at + _BLOCK]
        here = mask[: len(block)]
        hits = np.flatnonzero(np.less(block, 32, out=here))
        found.append(hits.astype(np.uint64) + np.uint64(at))
        quotes += int(np.count_nonzero(np.equal(block, 34, out=here)))
        backslash = backslash or bool(np.equal(block, 92, out=here).any())
    return Signs(np.concatenate(found), quotes, backslash)


def line_ends(data: bytes, newlines: Offsets | None = None) -> Offsets:
    """Where each line ends, its newline included; a last line without one counts."""
    ends = (places(data, 10) if newlines is None else newlines) + np.uint64(1)
    if data and not data.endswith(b"\n"):
        ends = np.append(ends, np.uint64(len(data)))
    return ends
