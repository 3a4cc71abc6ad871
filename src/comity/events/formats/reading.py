"""The one way in: bytes of a file and what its feed is, to chunks of rows.

`chunks` reads a file or a span of it; `spans` cuts a large file so that several workers read it.
Both take text as `encoding.as_utf8` gives it, so that a file of 1 GB is looked at once.
"""

from __future__ import annotations

from collections.abc import Iterator

from comity.events.formats import delimited, jsonlines, lists, n6, xarf
from comity.events.formats.encoding import as_utf8
from comity.events.types.chunks import RawChunk, Span, Text
from comity.events.types.sources import BadFile, Framing, Header, Source

ROWS = 100_000
SPAN = 64 << 20

__all__ = ["ROWS", "SPAN", "as_utf8", "chunks", "header", "spans"]


def chunks(
    text: Text, source: Source, *, rows: int = ROWS, span: Span | None = None
) -> Iterator[RawChunk]:
    """Rows as text columns, in file order. A file without a single row raises `BadFile`: silence
    is never an answer. (A span may be empty.)"""
    seen = False
    for chunk in _chunks(text, source, rows, span):
        seen = True
        yield chunk
    if not seen and span is None:
        if source.framing is Framing.CSV and source.header is not Header.NONE:
            raise BadFile(
                "the file has a header and no row", source.name, "Ask the source if that is right."
            )
        raise BadFile("the file holds no row", source.name, "Ask the source if that is right.")


def _chunks(text: Text, source: Source, rows: int, span: Span | None) -> Iterator[RawChunk]:
    match source.framing:
        case Framing.CSV:
            return delimited.chunks(text, source, rows=rows, span=span)
        case Framing.LINES:
            return lists.chunks(text, source, rows=rows, span=span)
        case Framing.XARF:
            return jsonlines.chunks(text, source, rows=rows, span=span, shape=xarf.flat)
        case Framing.N6:
            return jsonlines.chunks(text, source, rows=rows, span=span, shape=n6.flat)
        case Framing.JSONL | Framing.JSON:
            return jsonlines.chunks(text, source, rows=rows, span=span)


def spans(text: bytes, source: Source, *, size: int = SPAN) -> Iterator[Span]:
    """A file in parts of about `size` bytes, none of which begins inside a row."""
    if source.framing is Framing.CSV:
        return delimited.spans(text, source, size)
    return jsonlines.spans(text, source, size)


def header(text: Text, source: Source) -> tuple[str, ...]:
    """The columns of a CSV file; of the others each chunk's own frame says them."""
    if source.framing is not Framing.CSV:
        return ()
    found = delimited.layout(text, source)
    delimited.check_header(found.names, source)
    return found.names
