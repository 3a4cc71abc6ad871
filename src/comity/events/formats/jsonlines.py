"""JSON to chunks of text columns: objects a line, a list, or an object that holds the list.

Nested objects become columns with dotted names (`source.ip`); lists stay JSON text, which the
columns that can hold several values read back. Truth values and numbers become their JSON text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec
import polars as pl

from comity.events.formats import encoding
from comity.events.types import schema
from comity.events.types.chunks import FLAGS, ROW, RawChunk, Span, Text, line_ends
from comity.events.types.sources import BadFile, Framing, Source

Record = dict[str, str]
WHOLE = (Framing.JSON, Framing.XARF, Framing.N6)
DEPTH = 4  # of nesting made into names; deeper stays JSON text
LINE_LIMIT = 16 << 20
_LISTS = ("events", "data", "results", "reports", "objects", "items")
_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder(order="deterministic").encode


def flat(value: Mapping[str, Any], prefix: str = "", depth: int = DEPTH) -> Record:
    """One object as columns of text; empty and null values are left out."""
    record: Record = {}
    for key, cell in value.items():
        name = prefix + str(key)
        if isinstance(cell, str):
            if cell:
                record[name] = cell
        elif isinstance(cell, dict) and depth:
            record.update(flat(cell, name + ".", depth - 1))
        elif cell is not None and cell != [] and cell != {}:
            record[name] = _encode(cell).decode()
    return record


def chunks(
    text: Text,
    source: Source,
    *,
    rows: int,
    span: Span | None = None,
    shape: Callable[[Mapping[str, Any]], Record] = flat,
) -> Iterator[RawChunk]:
    """The objects of a file, `rows` at a time; `shape` makes one of them columns."""
    if source.framing in WHOLE and (whole := _whole(text)) is not None:
        yield from _listed(whole, source, rows, shape, text)
        return
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
        chunk = _lines(piece, source, at, number, shape)
        if chunk.rows:
            yield chunk
        at, number = cut, number + piece.count(b"\n")


def spans(text: bytes, source: Source, size: int) -> Iterator[Span]:
    """Parts of about `size` bytes; one when the file is a single JSON value."""
    if source.framing in WHOLE and _whole(text) is not None:
        yield Span(0, len(text))
        return
    at, number = 0, 1
    while at < len(text):
        cut = text.find(b"\n", min(at + size, len(text)) - 1) + 1 or len(text)
        yield Span(at, cut, number)
        number += text.count(b"\n", at, cut)
        at = cut


def _whole(text: Text) -> list[Any] | None:
    """The objects of a file that is one JSON value; None when it is objects a line."""
    try:
        value = _decode(text[:])
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return None
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        for key in _LISTS:
            if isinstance(value.get(key), list) and all(isinstance(v, dict) for v in value[key]):
                return list(value[key])
        return [value]
    raise BadFile("the JSON is no object and no list", "", "Hand in events as objects.")


def _listed(
    values: list[Any],
    source: Source,
    rows: int,
    shape: Callable[[Mapping[str, Any]], Record],
    text: Text,
) -> Iterator[RawChunk]:
    """Objects of one JSON value: rows are numbered by their place in the list, and their bytes
    are their own JSON, for the list may stand on a single line."""
    for first in range(0, len(values), rows):
        part = values[first : first + rows]
        piece = b"".join(_encode(value) + b"\n" for value in part)
        yield _lines(piece, source, 0, first + 1, shape)


def _lines(
    piece: bytes,
    source: Source,
    at: int,
    number: int,
    shape: Callable[[Mapping[str, Any]], Record],
) -> RawChunk:
    fixed, changed = encoding.repaired(piece)
    comment = source.comment.encode()
    records: list[Record] = []
    lines: list[int] = []
    refused: list[tuple[int, str]] = []
    for index, line in enumerate(fixed.split(b"\n")):
        line = line.strip(b" \t\r\x1e")  # RFC 7464 begins records with RS
        if not line or (comment and line.startswith(comment)):
            continue
        try:
            value = _decode(line) if len(line) <= LINE_LIMIT else None
            if not isinstance(value, dict):
                refused.append((index, "not_json" if len(line) <= LINE_LIMIT else "too_long"))
            elif not _is_metadata(value):
                records.append(shape(value))
                lines.append(index)
        except (msgspec.MsgspecError, RecursionError, UnicodeError):
            refused.append((index, "not_json"))
        except (KeyError, TypeError, ValueError, AttributeError, IndexError):
            refused.append((index, "bad_row"))
    frame = table(records, lines, number, changed)
    chunk = RawChunk(number, frame, schema.no_rejects(), at, 0, piece, ends=line_ends(piece))
    held = pl.DataFrame(
        [(line + number, line + number, "", reason, chunk.text(line + number))
         for line, reason in refused],
        schema=schema.REJECTED,
        orient="row",
    )  # fmt: skip
    return RawChunk(number, frame, held, at, 0, piece, ends=chunk.ends)


def _is_metadata(value: Mapping[str, Any]) -> bool:
    """The last line of Spamhaus' lists counts the others."""
    return value.get("type") == "metadata" and "records" in value


def table(records: list[Record], lines: list[int], number: int, changed: set[int]) -> pl.DataFrame:
    """Records as text columns, in the order their names first appear; with the number of each
    one's line, and a flag on those that had to be repaired."""
    names: dict[str, None] = {}
    for record in records:
        names.update(dict.fromkeys(record))
    columns: list[pl.Series] = [
        pl.Series(name, [record.get(name) for record in records], pl.String)
        for name in names
        if name not in (ROW, FLAGS)
    ]
    columns.append(pl.Series(ROW, [line + number for line in lines], pl.UInt32))
    if changed:
        marks = [int(schema.Flag.TEXT_REPAIRED) if line in changed else 0 for line in lines]
        columns.append(pl.Series(FLAGS, marks, pl.UInt32))
    return pl.DataFrame(columns)
