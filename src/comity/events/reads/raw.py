"""The row a source sent, from the file that is kept once."""

from __future__ import annotations

from dataclasses import dataclass

from comity.events.formats import reading
from comity.events.reads.house import feeds, places
from comity.events.store import spool
from comity.events.types.sources import EventsError, Framing

STEP = 1 << 20
"""Bytes of the file that are read as rows to find one of them."""


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
        text = reading.as_utf8(spool.get(places(), sha256))
        span = None
        if source.framing in (Framing.CSV, Framing.JSONL):
            for one in reading.spans(text, source, size=STEP):
                if one.first_row > number:
                    break
                span = one
        for chunk in reading.chunks(text, source, span=span):
            if chunk.first_row <= number < chunk.first_row + len(chunk.offsets) - 1:
                return Raw(chunk.text(number), reading.header(text, source))
    except EventsError:
        return Raw()
    return Raw()
