"""What a file's name says: `2026-11-20-scan_telnet-xx-geo.csv` is a report of Shadowserver."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Container, Iterable
from fnmatch import fnmatch

from comity.events.types.sources import Arrival, Source

_PACKED = re.compile(r"(\.(gz|zip|csv|json|jsonl|ndjson|txt))+$", re.I)
_REPORT = re.compile(r"^(\d{4}-\d{2}-\d{2})-([a-z0-9_]+)(?:-|$)", re.I)
_DATE = re.compile(r"(?<!\d)(\d{4})-?(\d{2})-?(\d{2})(?!\d)")


def arrival(file_name: str, sources: Iterable[Source] = ()) -> Arrival:
    """Feed, type and date that the name tells. A source's globs are tried first, then the
    published form of Shadowserver's names."""
    bare = file_name.replace("\\", "/").rpartition("/")[2]
    stem = _PACKED.sub("", bare)
    date = _date(stem)
    for source in sources:
        if any(fnmatch(bare.lower(), pattern) for pattern in source.files):
            return Arrival(source.name, source.report_type or _type(stem), date)
    if found := _type(stem):
        return Arrival("shadowserver", found, date)
    return Arrival("", "", date)


def kind(file_name: str, known: Container[str]) -> str:
    """The type of report, where a file is called by one its feed knows: `scan_telnet.csv`,
    `scan_telnet-xx-geo.csv`."""
    bare = file_name.replace("\\", "/").rpartition("/")[2]
    name = _PACKED.sub("", bare).partition("-")[0].lower()
    return name if name in known else ""


def _type(stem: str) -> str:
    found = _REPORT.match(stem)
    return found[2].lower() if found else ""


def _date(stem: str) -> dt.date | None:
    found = _DATE.search(stem)
    try:
        return dt.date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None
