"""Where a large CSV file is cut, seen while it goes by: the parts that `delimited.spans` makes,
without the file in memory. What is out of the ordinary is left to that.
"""

from __future__ import annotations

from comity.events.formats import delimited, encoding, packing
from comity.events.types.chunks import Span, byte_count
from comity.events.types.sources import BadFile, Framing, Source


class Cutter:
    """Is fed a file of `total` bytes, block by block, the header in the first."""

    def __init__(self, source: Source, total: int, size: int) -> None:
        self.source, self.total, self.size = source, total, size
        self.fits = source.framing is Framing.CSV
        self.seen = 0  # bytes fed
        self.made: list[Span] = []
        self.at, self.number = 0, 1  # where the next part begins, and its first row
        self.lines = self.quotes = 0  # of it so far

    def feed(self, block: memoryview) -> None:
        if not self.seen:
            self.fits = self.fits and self._begins(bytes(block))
        here, self.seen = self.seen, self.seen + len(block)
        place = max(self.at - here, 0)
        while self.fits and place < len(block):
            end, over = self._end(block, here, place)
            self.lines += byte_count(block[place:end], 10)
            self.quotes += byte_count(block[place:end], 34)
            place = end
            if over and here + end < self.total:
                self._cut(here + end)

    def spans(self) -> tuple[Span, ...] | None:
        """The parts; None where the file wants to be looked at as a whole."""
        if not self.fits or self.seen != self.total:
            return None
        return (*self.made, Span(self.at, self.total, self.number))

    def _begins(self, head: bytes) -> bool:
        """Whether it is text as it lies, under a header of its feed."""
        try:
            if not packing.is_plain(head) or encoding.as_utf8(head) is not head:
                return False
            found = delimited.layout(head, self.source)
            delimited.check_header(found.names, self.source)
        except BadFile:
            return False
        self.at = found.body
        return found.body < len(head)

    def _end(self, block: memoryview, here: int, place: int) -> tuple[int, bool]:
        """How far the part goes in this block, and whether it ends there: at a line's end."""
        wanted = self.at + self.size
        start = max(wanted - 1 - here, place)
        if wanted >= self.total or start >= len(block):
            return len(block), False
        found = bytes(block[start:]).find(b"\n")
        return (len(block), False) if found < 0 else (start + found + 1, True)

    def _cut(self, end: int) -> None:
        if self.quotes & 1:  # inside a cell
            self.fits = False
            return
        self.made.append(Span(self.at, end, self.number))
        self.at, self.number = end, self.number + self.lines
        self.lines = self.quotes = 0
