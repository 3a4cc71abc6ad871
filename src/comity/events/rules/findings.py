"""Findings over time: first and last seen, how often, reopened, gone. Frames in, frames out.

A finding is *gone* when it was not seen for longer than its feed is silent by nature, and
*reopened* when it is seen again after that. Both follow from days alone, so the order in which
files arrive changes nothing but the count of reopenings inside the gap of a late file.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from comity.events.types import schema

GONE_AFTER: Final = 7
"""Days without a sighting: daily reports miss a day or two, and machines are off at weekends."""

KEPT: Final = (
    *("class_taxonomy", "class_type", "class_id", "severity", "tlp", "feed_name", "report_type"),
    *("src_ip4", "src_ip6_hi", "src_ip6_lo", "src_prefix_len", "network", "src_port", "fqdn"),
    *("src_asn", "cc_used", "route_set", "informed_set"),
)
"""What a finding keeps of its last event."""
FINDING: Final[dict[str, pl.DataType]] = {
    "finding_key": pl.UInt64(),
    "first_seen": schema.TIME,
    "last_seen": schema.TIME,
    "count": pl.UInt32(),
    "days": pl.UInt32(),
    "reopened": pl.UInt32(),
}


def by_day(events: pl.LazyFrame) -> pl.LazyFrame:
    """Events to one row a finding and day."""
    last = pl.col("time_source").arg_max()
    return events.group_by("finding_key", day=pl.col("time_source").dt.date()).agg(
        pl.col("time_source").min().alias("first_seen"),
        pl.col("time_source").max().alias("last_seen"),
        pl.len().alias("count"),
        *(pl.col(name).get(last) for name in KEPT),
    )


def merged(held: pl.LazyFrame | None, days: pl.LazyFrame) -> pl.LazyFrame:
    """Findings as held, and days of sightings since, as findings."""
    steps = days.with_columns(
        days=pl.lit(1, pl.UInt32),
        reopened=pl.lit(0, pl.UInt32),
        count=pl.col("count").cast(pl.UInt32),
    ).select(*FINDING, *KEPT)
    every = steps if held is None else pl.concat([held.select(*FINDING, *KEPT), steps])
    ordered = every.sort("finding_key", "first_seen")
    pause = pl.col("first_seen") - pl.col("last_seen").shift(1).over("finding_key")
    again = (pause > pl.duration(days=GONE_AFTER)).fill_null(False)
    newest = pl.col("last_seen").arg_max()
    return (
        ordered.with_columns(reopened=pl.col("reopened") + again.cast(pl.UInt32))
        .group_by("finding_key", maintain_order=True)
        .agg(
            pl.col("first_seen").min(),
            pl.col("last_seen").max(),
            pl.col("count").sum(),
            pl.col("days").sum(),
            pl.col("reopened").sum(),
            *(pl.col(name).get(newest) for name in KEPT),
        )
        .select(*(pl.col(name).cast(dtype) for name, dtype in FINDING.items()), *KEPT)
    )
