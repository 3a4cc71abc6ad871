"""How long events and raw files are kept: by feed and by label, the shorter of the two."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import polars as pl

DAYS = 400
"""Thirteen months: a year can be compared with the year before."""
RAW_DAYS = 60


@dataclass(frozen=True, slots=True)
class Rules:
    """Days to keep. `labels` by TLP label, `feeds` by name."""

    days: int = DAYS
    raw: int = RAW_DAYS
    feeds: Mapping[str, int] = field(default_factory=dict)
    labels: Mapping[str, int] = field(default_factory=lambda: {"RED": 30, "AMBER+STRICT": 180})

    def shortest(self) -> int:
        return min(self.days, *self.feeds.values(), *self.labels.values())


@dataclass(frozen=True, slots=True)
class Held:
    """A legal hold in force: these days of this feed, or of all."""

    feed: str
    first: dt.date
    last: dt.date


def expired(rules: Rules, holds: Iterable[Held], today: dt.date) -> pl.Expr:
    """Which events are past their time and under no hold, in columns of STORED."""
    allowed = pl.lit(rules.days)
    for name, kept in ((c, t) for c, t in (("feed_name", rules.feeds), ("tlp", rules.labels)) if t):
        days = pl.col(name).replace_strict(
            list(kept), list(kept.values()), default=rules.days, return_dtype=pl.Int32
        )
        allowed = pl.min_horizontal(allowed, days)
    day = pl.col("time_source").dt.date()
    old = (pl.lit(today) - day).dt.total_days() > allowed
    for hold in holds:
        under = (day >= hold.first) & (day <= hold.last)
        if hold.feed:
            under &= pl.col("feed_name") == hold.feed
        old &= ~under
    return old.fill_null(False)
