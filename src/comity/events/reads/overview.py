"""A question answered at once for a list: how many, by day, by what, and a page of the rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from comity.events.reads import asking, scoping
from comity.events.reads.assets import address, prefix
from comity.events.reads.showing import shown
from comity.events.types.asking import Question
from comity.kit.errors import BadCursor
from comity.kit.tlp import Viewer

TOPS = ("class_type", "report_type", "feed_name", "severity")
MOST = 8  # of a top list
DRILLED = 12  # lines of a step from far to near
_EDGE = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Step:
    """One line on the way from far to near."""

    value: str
    words: str  # beside it: the name of an AS
    events: int
    findings: int


@dataclass(frozen=True, slots=True)
class Overview:
    events: int
    findings: int
    trend: list[tuple[dt.date, int]]  # every day from the first to the last, also those of nothing
    tops: Mapping[str, list[tuple[str, int]]]
    level: str  # what the steps are: cc_used, src_asn, prefix, src_ip; "" at the end
    steps: list[Step]


def level_of(question: Question) -> str:
    """What comes next: a country, its AS, their networks, its addresses."""
    if question.network:
        return "" if "/" not in question.network else "src_ip"
    if question.asn:
        return "prefix"
    return "src_asn" if question.country else "cc_used"


def overview(viewer: Viewer, question: Question) -> Overview:
    files = scoping.parts(viewer, question)
    level = level_of(question)
    findings = scoping.one(files).select(pl.col("finding_key").n_unique()).collect().item()
    days = asking.counted(files, ["day"]).sort("day")
    return Overview(
        events=int(days["events"].sum()),
        findings=int(findings),
        trend=_whole([(day, int(n)) for day, n in days.iter_rows()]),
        tops={name: _top(asking.counted(files, [name]), name) for name in TOPS},
        level=level,
        steps=steps(viewer, question, level) if level else [],
    )


def _top(counts: pl.DataFrame, name: str) -> list[tuple[str, int]]:
    most = counts.sort("events", name, descending=[True, False]).head(MOST)
    return [(str(value), int(n)) for value, n in most.iter_rows() if value is not None]


def _whole(days: list[tuple[dt.date, int]]) -> list[tuple[dt.date, int]]:
    """The days of nothing in between; a report dated far off does not make the list long."""
    if not days:
        return []
    last = days[-1][0]
    counts = dict(days)
    first = max(days[0][0], last - dt.timedelta(days=59))
    length = (last - first).days + 1
    every = [first + dt.timedelta(days=n) for n in range(length)]
    return [(one, counts.get(one, 0)) for one in every]


def steps(viewer: Viewer, question: Question, level: str, most: int = DRILLED) -> list[Step]:
    found = asking.drill(viewer, question, level, most)
    made = []
    for row in found.iter_rows(named=True):
        value, words = _named(level, row)
        made.append(Step(value, words, row["events"], row["findings"]))
    return made


def _named(level: str, row: dict[str, Any]) -> tuple[str, str]:
    if level == "cc_used":
        return row["cc_used"] or "", ""
    if level == "src_asn":
        return (f"AS{row['src_asn']}" if row["src_asn"] else ""), row["src_as_name"] or ""
    return (prefix(row) if level == "prefix" else address(row)), ""


# --- a page of rows -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Listed:
    """Events newest first. `next` is the cursor of what follows; None at the end."""

    rows: pl.DataFrame  # in columns of `showing.shown`
    next: str | None


def page(viewer: Viewer, question: Question, after: str = "", most: int = 50) -> Listed:
    """By time and key, never by offset: nothing is told twice, whatever arrives meanwhile."""
    files = scoping.parts(viewer, question)
    if after:
        when, key = _place(after)
        day = when.timestamp() // 86_400
        time = pl.col("time_source")
        older = (time < when) | ((time == when) & (pl.col("row_key") < pl.lit(key, pl.UInt64)))
        files = [(row, part.filter(older)) for row, part in files if row.first_day <= day]
    rows = asking.newest(files, most + 1)
    more = rows.height > most
    rows = rows.head(most)
    cursor = _cursor(rows["time_source"][-1], rows["row_key"][-1]) if more else None
    return Listed(shown(viewer, rows), cursor)


def _cursor(when: dt.datetime, key: int) -> str:
    return f"{(when - _EDGE) // dt.timedelta(microseconds=1)}-{key:016x}"


def _place(cursor: str) -> tuple[dt.datetime, int]:
    time, dash, key = cursor.rpartition("-")
    try:
        if not dash or len(key) != 16 or len(time) > 18:
            raise ValueError(cursor)
        return _EDGE + dt.timedelta(microseconds=int(time)), int(key, 16)
    except (ValueError, OverflowError):
        remedy = "Start again from the first page, without a cursor."
        raise BadCursor("This is no cursor of this list", "after", remedy) from None
