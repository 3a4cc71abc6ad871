"""Plain lists: a value a line, with a remark behind a sign. Spamhaus DROP and ASN-DROP as text,
blocklist.de, lists of URLs.

The layout is data: `Source.columns` names the parts of a line, `Source.separator` parts them, and
`Source.comment` begins a remark line. A line with fewer parts than columns leaves the rest empty;
what is left over belongs to the last.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from comity.events.formats import encoding
from comity.events.formats.jsonlines import Record, table
from comity.events.types import schema
from comity.events.types.chunks import RawChunk, Span, Text, line_ends
from comity.events.types.sources import Source

LINE_LIMIT = 64 << 10


def chunks(
    text: Text, source: Source, *, rows: int, span: Span | None = None
) -> Iterator[RawChunk]:
    """The lines of a list as rows."""
    at, end = (span.start, span.end) if span else (0, len(text))
    number = span.first_row if span else 1
    while at < end:
        cut = at
        for _ in range(rows):
            cut = text.find(b"\n", cut, end) + 1
            if not cut:
                cut = end
                break
        piece = text[at:cut]
        chunk = _chunk(piece, source, at, number)
        if chunk.rows:
            yield chunk
        at, number = cut, number + piece.count(b"\n")


def _chunk(piece: bytes, source: Source, at: int, number: int) -> RawChunk:
    fixed, changed = encoding.repaired(piece)
    records: list[Record] = []
    lines: list[int] = []
    refused: list[tuple[int, int, str, str, str]] = []
    for index, line in enumerate(fixed.decode().split("\n")):
        line = line.strip()
        if not line or (source.comment and line.startswith(source.comment)):
            continue
        if len(line) > LINE_LIMIT:
            row = index + number
            refused.append((row, row, "", "too_long", line[: schema.RAW_LIMIT]))
            continue
        records.append(_parts(line, source))
        lines.append(index)
    frame = table(records, lines, number, changed)
    held = pl.DataFrame(refused, schema=schema.REJECTED, orient="row")
    return RawChunk(number, frame, held, at, 0, piece, ends=line_ends(piece))


def _parts(line: str, source: Source) -> Record:
    parts = (
        [line] if not source.separator else line.split(source.separator, len(source.columns) - 1)
    )
    cells = (part.strip() for part in parts)
    return {name: cell for name, cell in zip(source.columns, cells, strict=False) if cell}
