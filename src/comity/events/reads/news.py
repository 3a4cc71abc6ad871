"""What is new and what is gone since the day before, worst first: the duty officer's first look."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

import polars as pl
from django.db.models import Max, Min

from comity.events import models as m
from comity.events.reads import scoping
from comity.events.reads.assets import owned
from comity.events.types.asking import SEVERITIES, Question
from comity.kit.tlp import Viewer

FORTNIGHT = dt.timedelta(days=14)
_DAY = dt.timedelta(days=1)
KEPT = (
    *("class_taxonomy", "class_type", "class_id", "severity", "feed_name", "report_type"),
    *("src_ip4", "src_ip6_hi", "src_ip6_lo", "src_prefix_len", "network", "src_port", "cc_used"),
    *("src_asn", "src_as_name", "route_set", "fqdn", "tlp", "row_key", "row_check"),
)
RANK = pl.col("severity").replace_strict(
    list(SEVERITIES), list(range(len(SEVERITIES))), default=len(SEVERITIES), return_dtype=pl.UInt8
)


@dataclass(frozen=True, slots=True)
class News:
    """Findings of a day beside those of the fortnight before it."""

    day: dt.date
    new: list[dict[str, Any]]  # the worst of them
    gone: list[dict[str, Any]]
    new_count: int
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


def news(viewer: Viewer, question: Question, day: dt.date, most: int = 50) -> News:
    """A finding is new when the fortnight before had none; gone when the day before had it."""
    before = replace(question, since=day - FORTNIGHT, until=day)
    found = (
        scoping.events(viewer, before)
        .sort("time_source")
        .group_by("finding_key")
        .agg(
            pl.col("time_source").min().alias("first"),
            pl.col("time_source").max().alias("last"),
            pl.len().alias("events"),
            *(pl.col(name).last() for name in KEPT),
        )
        .collect()
    )
    new = found.filter(pl.col("first").dt.date() == day)
    gone = found.filter(pl.col("last").dt.date() == day - _DAY)
    counts = dict(new.group_by("severity").len().iter_rows())
    return News(
        day=day,
        new=owned(viewer, _worst(new, most)),
        gone=owned(viewer, _worst(gone, most)),
        new_count=new.height,
        gone_count=gone.height,
        by_severity={name: counts.get(name, 0) for name in SEVERITIES},
    )


def _worst(found: pl.DataFrame, most: int) -> list[dict[str, Any]]:
    ordered = found.with_columns(RANK.alias("rank")).sort(
        "rank", "events", "first", "finding_key", descending=[False, True, False, False]
    )
    return ordered.head(most).to_dicts()


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
