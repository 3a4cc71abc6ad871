"""CSV to chunks of text columns: as fast as Polars reads where a piece is plain, carefully where
it is not.

Whether a piece is plain is decided after reading it, by arithmetic over its bytes: as many rows as
lines, and no cell missing. Polars raises on its own when there are too many cells, a quote stays
open or the text is not UTF-8. Only a piece that fails is cut again by `framing`; the pieces
beside it stay fast. A property test holds both ways equal.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from comity.events.formats import encoding, framing
from comity.events.types import schema
from comity.events.types.chunks import (
    FLAGS,
    ROW,
    Offsets,
    RawChunk,
    Span,
    Text,
    byte_count,
    line_ends,
    signs,
)
from comity.events.types.sources import BadFile, Header, Source

PIECE_LIMIT = 33 << 20
"""Bytes read at once, whatever `rows` asks: a part of a large file is one piece. Each piece costs
80 queries of Polars, whatever it holds; larger ones cost memory."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a file and where its rows begin."""

    names: tuple[str, ...]
    body: int
    lines: int  # lines before the first row

    @property
    def types(self) -> dict[str, pl.DataType]:
        return dict.fromkeys(self.names, schema.TEXT)


def layout(text: Text, source: Source) -> Layout:
    """Reads the header, behind a banner or inside it. Raises `BadFile` when there is none."""
    at = lines = 0
    comment = source.comment.encode()
    said = b""
    while at < len(text):
        end = text.find(b"\n", at)
        end = len(text) if end < 0 else end
        line = text[at:end].strip()
        if line and not (comment and line.startswith(comment)):
            break
        if line:
            said = line.lstrip(comment).strip() or said
        at, lines = end + 1, lines + 1
    else:
        raise BadFile("the file holds comments and no row", source.name, "Fetch it again.")
    if source.header is Header.NONE:
        return Layout(source.columns, at, lines)
    names = header_names(line, source)
    if source.header is Header.COMMENT and not _is_header(names, source):
        return Layout(header_names(said, source), at, lines)
    return Layout(names, min(end + 1, len(text)), lines + 1)


def header_names(line: bytes, source: Source) -> tuple[str, ...]:
    """Names of columns: without blanks around them, none empty, none twice."""
    fixed, _ = encoding.repaired(line)
    try:
        cells = next(csv.reader([fixed.decode()], delimiter=source.separator), [])
    except csv.Error:
        cells = []
    names: list[str] = []
    taken: set[str] = set()
    for number, cell in enumerate(cells, 1):
        name = cell.strip().lstrip("#") or f"column {number}"
        while name in taken:
            name += " again"
        taken.add(name)
        names.append(name)
    if not names or len(line) > 1 << 20:
        raise BadFile("the file has no header", source.name, "Hand in the report as it was sent.")
    return tuple(names)


def _is_header(names: tuple[str, ...], source: Source) -> bool:
    wanted = source.requires or source.columns
    return not wanted or bool({*wanted} & {name.lower() for name in names})


def check_header(names: tuple[str, ...], source: Source) -> None:
    """Raises `BadFile` for a header that is not this feed's."""
    if not _is_header(names, source):
        shown = ", ".join(names[:6])
        raise BadFile(
            f"the header ({shown[:120]}) has none of {', '.join(source.requires)}",
            source.name,
            "Check which feed the file is of.",
        )


def chunks(
    text: Text, source: Source, *, rows: int, span: Span | None = None
) -> Iterator[RawChunk]:
    """The rows of a file, or of a span of it, `rows` at a time, more or less."""
    head = layout(text, source)
    check_header(head.names, source)
    at, end = (span.start, span.end) if span else (head.body, len(text))
    number = span.first_row if span else 1
    step = min(_row_bytes(text, at, end) * rows, PIECE_LIMIT)
    while at < end:
        cut = _cut(text, at, min(at + step, end), end)
        piece = text[at:cut]
        found = _plain(piece, head, source)
        if found is not None:
            chunk = _numbered(found, piece, at, number, head)
            lines = chunk.rows
        else:
            if cut < end:
                ahead = text[at : min(cut + framing.ROW_LIMIT, end)]
                cut = at + framing.even_cut(ahead, 0, cut - at)
            piece = text[at:cut]
            chunk, lines = careful(piece, head, source, at, number, last=cut == len(text))
        if chunk.rows:
            yield chunk
        at, number = cut, number + lines


def spans(text: bytes, source: Source, size: int) -> Iterator[Span]:
    """A file cut into parts of about `size` bytes, each of whole rows, numbered."""
    head = layout(text, source)
    check_header(head.names, source)
    at, number = head.body, 1
    while at < len(text):
        cut = _cut(text, at, min(at + size, len(text)), len(text))
        if cut < len(text):
            cut = framing.even_cut(text, at, cut)
        yield Span(at, cut, number)
        number += byte_count(memoryview(text)[at:cut], 10)
        at = cut


def _row_bytes(text: Text, at: int, end: int) -> int:
    """Bytes of a row, by the first ones."""
    sample = text[at : min(end, at + (1 << 16))]
    return max(len(sample) // max(sample.count(b"\n"), 1), 16)


def _cut(text: Text, at: int, wanted: int, end: int) -> int:
    """The end of the line at `wanted`."""
    if wanted >= end:
        return end
    newline = text.find(b"\n", max(wanted - 1, at), end)
    return end if newline < 0 else newline + 1


# --- the fast way -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Plain:
    """Rows read the fast way. `nothing_odd`: no cell holds a backslash or a control character, and
    where every cell is quoted, no quote besides."""

    frame: pl.DataFrame
    nothing_odd: bool
    ends: Offsets | None = None  # of lines, where they were seen on the way


def _plain(piece: bytes, head: Layout, source: Source) -> _Plain | None:
    """The rows; None when the piece wants care."""
    if source.comment and source.comment.encode() in piece:
        return None
    seen = signs(piece)
    controls = np.frombuffer(piece, np.uint8)[seen.controls]
    if not controls.all():
        return None  # a NUL
    whole = not piece.endswith(b"\n")
    frame = _parsed(piece, head, source)
    if frame is None or not _closed(piece):
        return None
    ends = None
    if frame.height == len(controls) + whole:  # every control character ends a row
        plain, ends = not seen.backslash, line_ends(piece, seen.controls)
    elif frame.height == int(np.count_nonzero(controls == 10)) + whole:
        plain = False
    else:
        return None
    last = frame.get_column(frame.columns[-1])
    if not plain and not last.null_count():
        return _Plain(frame, False, ends)
    quotes = seen.quotes
    plain = plain and (not quotes or _framing_only(frame, len(piece) - len(controls), quotes))
    return _Plain(frame, plain, ends) if _complete(frame, piece, quotes) else None


def _parsed(piece: bytes, head: Layout, source: Source) -> pl.DataFrame | None:
    try:
        return pl.read_csv(
            piece,
            has_header=False,
            schema=head.types,
            separator=source.separator,
            raise_if_empty=False,
        )
    except (pl.exceptions.PolarsError, OSError):
        return None  # too many cells, open quotes, no UTF-8: the careful way tells which row


def _closed(piece: bytes) -> bool:
    """Whether the last line has its quotes closed: the cut may lie inside a cell."""
    return piece[piece.rfind(b"\n", 0, len(piece) - 1) + 1 :].count(b'"') % 2 == 0


def _framing_only(frame: pl.DataFrame, size: int, quotes: int) -> bool:
    """Whether each cell has two quotes around it and none inside. Each one inside makes the sum a
    byte too large, so that one cell without quotes and one that holds some do not make it right."""
    cells = frame.height * frame.width
    if quotes != 2 * cells:
        return False
    said = sum(frame.select(pl.all().str.len_bytes().sum()).row(0))
    return bool(size == said + quotes + cells - frame.height)


def _complete(frame: pl.DataFrame, piece: bytes, quotes: int) -> bool:
    """Whether no row lacks a cell. Polars fills those with null, as it does an empty last cell
    without quotes; then the bytes decide: cells, quotes, separators and line ends must add up."""
    last = frame.get_column(frame.columns[-1])
    if not last.null_count():
        return True
    if frame.width == 1:
        return False
    cells = frame.select(pl.all().str.len_bytes().sum()).row(0)
    inside = 0
    if quotes and b'""' in piece:
        marks = frame.select(pl.all().str.count_matches('"', literal=True).sum()).row(0)
        inside = sum(marks)
    carriages = piece.count(b"\r\n") + (piece.endswith(b"\r"))
    ends = piece.count(b"\n") + carriages
    return bool(
        len(piece) == sum(cells) - inside + quotes + frame.height * (frame.width - 1) + ends
    )


def _numbered(found: _Plain, piece: bytes, at: int, number: int, head: Layout) -> RawChunk:
    end = number + found.frame.height
    rows = pl.int_range(number, end, dtype=pl.UInt32, eager=True).alias(ROW)
    frame = found.frame.with_columns(rows)
    none = schema.no_rejects()
    return RawChunk(number, frame, none, at, head.lines, piece, found.nothing_odd, found.ends)


# --- the careful way ----------------------------------------------------------------------


def careful(
    piece: bytes, head: Layout, source: Source, at: int, number: int, *, last: bool
) -> tuple[RawChunk, int]:
    """The rows of any piece, those that cannot be framed held back; and how many lines it has."""
    fixed, changed = encoding.repaired(piece)
    ends = line_ends(piece)
    separator, comment = source.separator.encode(), source.comment.encode()
    rows = framing.scan(fixed, separator, comment)
    cut_short = last and not piece.endswith(b"\n")
    width = len(head.names) if cut_short and len(rows.cells) < 2 else _width(rows, len(head.names))
    if width < len(head.names):
        return _short(piece, head, source, at, number, width)
    good = rows.cells == len(head.names)
    frame = None
    if rows.balanced:
        kept = fixed if good.all() and len(good) == len(ends) else _joined(fixed, rows, good)
        frame = _parsed(kept, head, source) if kept else pl.DataFrame(schema=head.types)
    if frame is None or frame.height != int(good.sum()):
        frame, lines, refused = _singly(fixed, head, source)
    else:
        lines = rows.lines[good].tolist()
        refused = _refused(fixed, rows, good, len(head.names), cut_short)
    numbers = pl.Series(ROW, lines, pl.UInt32) + number
    frame = frame.with_columns(numbers.cast(pl.UInt32).alias(ROW))
    if changed:
        marks = [int(schema.Flag.TEXT_REPAIRED) if line in changed else 0 for line in lines]
        frame = frame.with_columns(pl.Series(FLAGS, marks, pl.UInt32))
    held = pl.DataFrame(
        [
            (line + number, line + number + head.lines, "", reason, raw[: schema.RAW_LIMIT])
            for line, reason, raw in refused
        ],
        schema=schema.REJECTED,
        orient="row",
    )
    chunk = RawChunk(number, frame, held, at, head.lines, piece, ends=ends)
    return chunk, piece.count(b"\n")


def _width(rows: framing.Rows, full: int) -> int:
    """How many cells rows have. A header is at times ahead of its rows: Shadowserver adds a column
    at the end before the scanners fill it. Then all rows are short alike, by a few; one short row
    among full ones is damage."""
    found = set(rows.cells.tolist())
    width = found.pop() if len(found) == 1 else full
    return int(width) if full - max(full // 8, 1) <= width < full and width > 2 else full


def _short(
    piece: bytes, head: Layout, source: Source, at: int, number: int, width: int
) -> tuple[RawChunk, int]:
    """Rows of a piece whose last columns are missing: null, and flagged."""
    fewer = Layout(head.names[:width], head.body, head.lines)
    chunk, lines = careful(piece, fewer, source, at, number, last=False)
    mark = pl.lit(int(schema.Flag.CELLS_MISSING), pl.UInt32)
    if FLAGS in chunk.frame.columns:
        mark = mark | pl.col(FLAGS)
    rest = [pl.lit(None, schema.TEXT).alias(name) for name in head.names[width:]]
    frame = chunk.frame.with_columns(mark.alias(FLAGS), *rest)
    return replace(chunk, frame=frame), lines


def _joined(piece: bytes, rows: framing.Rows, good: framing.Mask) -> bytes:
    pairs = zip(rows.starts[good].tolist(), rows.ends[good].tolist(), strict=True)
    return b"".join(piece[start:end] + b"\n" for start, end in pairs)


def _refused(
    piece: bytes,
    rows: framing.Rows,
    good: framing.Mask,
    width: int,
    cut_short: bool,
) -> list[tuple[int, str, str]]:
    found = []
    bad = np.flatnonzero(~good).tolist()
    for index in bad:
        few = rows.cells[index] < width
        reason = "too_few_cells" if few else "too_many_cells"
        if few and cut_short and index == len(good) - 1:
            reason = "truncated"
        raw = piece[rows.starts[index] : rows.ends[index]].decode("utf-8", "replace")
        found.append((int(rows.lines[index]), reason, raw))
    return found


def _singly(
    piece: bytes, head: Layout, source: Source
) -> tuple[pl.DataFrame, list[int], list[tuple[int, str, str]]]:
    lines: list[int] = []
    cells: list[list[str]] = []
    refused: list[tuple[int, str, str]] = []
    width = len(head.names)
    for cut in framing.one_by_one(piece.decode(), width, source.separator, source.comment):
        if cut.reason:
            refused.append((cut.line, cut.reason, cut.raw))
        else:
            lines.append(cut.line)
            cells.append(cut.cells)
    frame = pl.DataFrame(cells, schema=head.types, orient="row")
    return frame, lines, refused
