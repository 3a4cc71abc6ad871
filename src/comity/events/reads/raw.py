"""The row a source sent, from the file that is kept once."""

from __future__ import annotations

import csv
import io

from comity.events.formats import reading
from comity.events.reads.house import feeds, places
from comity.events.store import spool
from comity.events.types.sources import EventsError


def raw_row(sha256: str, number: int, feed: str) -> str:
    """The text of a row, empty where the file is no longer kept."""
    source = feeds().get(feed)
    if source is None:
        return ""
    try:
        text = reading.as_utf8(spool.get(places(), sha256))
        for chunk in reading.chunks(text, source):
            if chunk.first_row <= number < chunk.first_row + len(chunk.offsets) - 1:
                return chunk.text(number)
    except EventsError:
        return ""
    return ""


def cells(header: tuple[str, ...], raw: str) -> dict[str, str]:
    """A raw row of CSV under its header."""
    row = next(csv.reader(io.StringIO(raw)), [])
    return dict(zip(header, row, strict=False))
