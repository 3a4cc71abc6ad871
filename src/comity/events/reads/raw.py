"""The row a source sent, from the file that is kept once."""

from __future__ import annotations

from dataclasses import dataclass

from comity.events.formats import delimited, encoding, reading
from comity.events.reads.house import feeds, places
from comity.events.store import spool
from comity.events.types import chunks as text_of
from comity.events.types import schema
from comity.events.types.sources import EventsError, Framing, Source


@dataclass(frozen=True, slots=True)
class Raw:
    """The text of a row, empty where the file is no longer kept; the columns of a CSV file."""

    text: str = ""
    header: tuple[str, ...] = ()


def raw_row(sha256: str, number: int, feed: str) -> Raw:
    source = feeds().get(feed)
    if source is None:
        return Raw()
    try:
        found = _on_the_way(sha256, number, source) if source.framing is Framing.CSV else None
        return found or _in_all(sha256, number, source)
    except EventsError:
        return Raw()


def _on_the_way(sha256: str, number: int, source: Source) -> Raw | None:
    """The line on which a row of CSV begins, for rows are numbered by lines: the file goes by as
    far as that and is never in memory whole. None where it is no text as it lies."""
    header: tuple[str, ...] = ()
    before = -1  # lines that end before it, from here on
    line = b""
    for block in spool.blocks(places(), sha256):
        if before < 0:
            head = bytes(block)
            if encoding.as_utf8(head) is not head:
                return None
            layout = delimited.layout(head, source)
            header, before = layout.names, layout.lines + number - 1
        at = 0
        if before:
            count = text_of.byte_count(block, 10)
            if count < before:
                before -= count
                continue
            at, before = int(text_of.places(block, 10)[before - 1]) + 1, 0
        line += bytes(block[at : at + schema.RAW_LIMIT])
        if b"\n" in line or len(line) >= schema.RAW_LIMIT:
            break
    line = line.partition(b"\n")[0][: schema.RAW_LIMIT]
    return Raw(encoding.repaired(line)[0].decode("utf-8", "replace").rstrip("\r"), header)


def _in_all(sha256: str, number: int, source: Source) -> Raw:
    text = reading.as_utf8(spool.get(places(), sha256))
    for chunk in reading.chunks(text, source):
        if chunk.first_row <= number < chunk.first_row + len(chunk.offsets) - 1:
            return Raw(chunk.text(number), reading.header(text, source))
    return Raw()
