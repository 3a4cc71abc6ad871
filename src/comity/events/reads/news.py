"""What is new and what is gone since the day before, worst first: the duty officer's first look."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

import polars as pl
from django.db.models import Max, Min

from comity.events import models as m
from comity.events.reads import findings, scoping
from comity.events.reads.assets import owned
from comity.events.types.asking import SEVERITIES, Question
from comity.kit.tlp import Viewer

_DAY = dt.timedelta(days=1)
RANK = pl.col("severity").replace_strict(
    list(SEVERITIES), list(range(len(SEVERITIES))), default=len(SEVERITIES), return_dtype=pl.UInt8
)


@dataclass(frozen=True, slots=True)
class News:
    """Findings of a day beside what was known before it."""

    day: dt.date
    new: list[dict[str, Any]]  # the worst of them
    reopened: list[dict[str, Any]]
    gone: list[dict[str, Any]]
    new_count: int
    reopened_count: int
    gone_count: int
    by_severity: dict[str, int]  # of the new ones


def newest_day(viewer: Viewer, question: Question, today: dt.date) -> dt.date:
    """The last day, not after today, of which the viewer may see an event; else the last day of
    which anything is held; else today."""
    days = m.DataFile.objects.filter(kind=m.DataFile.EVENTS).aggregate(
        last=Max("last_day"), first=Min("first_day")
    )
    if days["last"] is None:
        return today
    last = min(today, scoping.EPOCH + dt.timedelta(days=days["last"]))
    # Most houses have something of the last days: look there before looking everywhere.
    for since in (last - _DAY, None):
        found = (
            scoping.events(viewer, replace(question, since=since, until=last))
            .select(pl.col("time_source").max())
            .collect()
            .item()
        )
        if found is not None:
            when: dt.datetime = found
            return when.date()
    return last


def news(viewer: Viewer | None, question: Question, day: dt.date, most: int = 50) -> News:
    """New is what was never seen before; reopened what was not seen for a week before; gone what
    was seen the day before and not on this."""
    found = findings.standing(viewer, question, day)
    parts = (found.new, found.reopened, found.gone)
    worst = [_worst(part, most) for part in parts]
    rows = _whole(viewer, found, [key for keys in worst for key in keys])
    new, reopened, gone = ([rows[key] for key in keys] for keys in worst)
    counts = dict(found.new.group_by("severity").len().iter_rows())
    return News(
        day=day,
        new=new,
        reopened=reopened,
        gone=gone,
        new_count=found.new.height,
        reopened_count=found.reopened.height,
        gone_count=found.gone.height,
        by_severity={name: counts.get(name, 0) for name in SEVERITIES},
    )


def _worst(found: pl.DataFrame, most: int) -> list[int]:
    ranked = found.select(
        RANK.alias("rank"), -pl.col("count").cast(pl.Int64), "first_seen", "finding_key"
    )
    return ranked.bottom_k(most, by=ranked.columns).sort(ranked.columns)["finding_key"].to_list()


def _whole(
    viewer: Viewer | None, found: findings.Standing, keys: list[int]
) -> dict[int, dict[str, Any]]:
    """The few that are shown, by their keys."""
    if not keys:
        return {}
    named = {"first_seen": "first", "last_seen": "last", "count": "events"}
    rows = owned(viewer, found.whole(keys).rename(named).to_dicts())
    return {row["finding_key"]: row for row in rows}


@dataclass(frozen=True, slots=True)
class Hours:
    """A type of report through the hours of a day."""

    feed: str
    report_type: str
    events: int
    hours: tuple[int, ...]  # 24, UTC


def by_hour(viewer: Viewer, question: Question, day: dt.date, most: int = 12) -> list[Hours]:
    """What kind of report was seen when, the most frequent first."""
    asked = replace(question, since=day, until=day)
    found = (
        scoping.events(viewer, asked)
        .group_by("feed_name", "report_type", pl.col("time_source").dt.hour().alias("hour"))
        .len()
        .collect()
    )
    hours: dict[tuple[str, str], list[int]] = {}
    for feed, kind, hour, count in found.iter_rows():
        hours.setdefault((feed, kind or ""), [0] * 24)[hour] += count
    rows = [Hours(*name, sum(counts), tuple(counts)) for name, counts in hours.items()]
    return sorted(rows, key=lambda row: (-row.events, row.feed, row.report_type))[:most]
