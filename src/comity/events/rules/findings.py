"""Findings over time: the same problem on the same asset, first and last seen, on which days, gone,
seen again. Frames in, frames out.

A finding is kept in as many rows as there are answers to who may see it and what is said of it
(`KEYS`): the marking or the owner may have changed from one report to the next, and nobody is told
of a sighting that they may not see. What a viewer sees of it is those rows folded into one.

The days of sightings are bits, so the order in which files arrive changes nothing.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from comity.events.types import schema
from comity.events.types.stored import STORED

GONE_AFTER: Final = 7
"""Days without a sighting after which a finding is gone and, seen again, reopened: daily reports
miss a day or two, and machines are off at weekends."""
REMEMBERED: Final = 64
"""Days of sightings that a finding knows, back from the day `until`."""

KEYS: Final = (
    *("finding_key", "tlp", "route_set", "informed_set", "feed_name", "report_type", "severity"),
    *("cc_used", "src_asn"),
)
"""What the visibility of an event, or a question, tells apart."""
KEPT: Final = (
    *("class_taxonomy", "class_type", "class_id", "src_ip4", "src_ip6_hi", "src_ip6_lo"),
    *("src_prefix_len", "network", "src_port", "fqdn", "src_as_name", "row_key", "row_check"),
)
"""What a finding keeps of its last event."""
SEEN: Final[dict[str, pl.DataType]] = {
    "first_seen": schema.TIME,
    "last_seen": schema.TIME,
    "count": pl.UInt32(),
    "seen": pl.UInt64(),  # bit n: on the day n days before `until`
}
FINDING: Final[dict[str, pl.DataType]] = {
    **{name: STORED[name] for name in (*KEYS, *KEPT)},
    **SEEN,
}
HELD: Final[dict[str, pl.DataType]] = FINDING | {
    "alone": pl.Boolean(),  # no other row is of the same finding
    "latest": schema.TIME,  # last_seen over all of its rows
    "until": pl.Int32(),  # the day of bit 0, since 1970-01-01; the same in all rows of a file
}
"""Columns of the file of findings."""
WANTED: Final = {name: STORED[name] for name in ("time_source", *KEYS, *KEPT)}
"""Columns of events that findings are made of."""

DAY: Final = pl.col("last_seen").dt.epoch("d")


def sightings(events: pl.LazyFrame, until: int) -> pl.LazyFrame:
    """Each event as a finding seen once."""
    ago = pl.lit(until, pl.Int32) - pl.col("time_source").dt.epoch("d")
    return events.select(
        *KEYS,
        *KEPT,
        pl.col("time_source").alias("first_seen"),
        pl.col("time_source").alias("last_seen"),
        pl.lit(1, pl.UInt32).alias("count"),
        pl.when((ago >= 0) & (ago < REMEMBERED))
        .then(pl.lit(2, pl.UInt64).pow(ago.clip(0, REMEMBERED - 1)))
        .otherwise(pl.lit(0, pl.UInt64))
        .alias("seen"),
    )


def folded(found: pl.LazyFrame, by: tuple[str, ...] = KEYS) -> pl.LazyFrame:
    """Rows of the same finding as one, what else is said of it as its last event has it."""
    newest = pl.col("last_seen").arg_max()
    return (
        found.group_by(by)
        .agg(
            pl.col("first_seen").min(),
            pl.col("last_seen").max(),
            pl.col("count").sum(),
            pl.col("seen").bitwise_or(),
            *(pl.col(name).get(newest) for name in (*KEYS, *KEPT) if name not in by),
        )
        .select(*FINDING)
    )


def moved(found: pl.LazyFrame, days: int) -> pl.LazyFrame:
    """Bits counted back from a day so much later, or earlier. What leaves the 64 is forgotten."""
    if not days:
        return found
    seen = pl.col("seen")
    if abs(days) >= REMEMBERED:
        return found.with_columns(pl.lit(0, pl.UInt64).alias("seen"))
    by = pl.lit(2 ** abs(days), pl.UInt64)
    if days < 0:
        return found.with_columns((seen // by).alias("seen"))
    kept = seen & pl.lit(2 ** (REMEMBERED - days) - 1, pl.UInt64)  # no product past 64 bits
    return found.with_columns((kept * by).alias("seen"))


def laid_out(found: pl.DataFrame, until: int) -> pl.DataFrame:
    """As the file has them: those seen last first, then by who must act. A question about a day
    opens the few row groups that hold it."""
    alone = ~found["finding_key"].is_duplicated()
    rows = found.with_columns(
        alone.alias("alone"),
        pl.col("last_seen").alias("latest"),
        pl.lit(until, pl.Int32).alias("until"),
    )
    if not alone.all():
        several = rows.filter(~pl.col("alone")).with_columns(
            pl.col("last_seen").max().over("finding_key").alias("latest")
        )
        rows = pl.concat([rows.filter(pl.col("alone")), several])
    day = pl.col("latest").dt.epoch("d")
    order = rows.sort(day, "route_set", "finding_key", descending=[True, False, False])
    return order.select(*HELD)


# --- a finding on the day of bit 0 ---------------------------------------------------------


def _bits(first: int, last: int) -> pl.Expr:
    mask = sum(1 << n for n in range(first, last + 1))
    return pl.col("seen") & pl.lit(mask, pl.UInt64)


def new(day: int) -> pl.Expr:
    """First seen on this day."""
    return pl.col("first_seen").dt.epoch("d") == day


def reopened(day: int) -> pl.Expr:
    """Seen on this day, and gone before."""
    before = pl.col("first_seen").dt.epoch("d") < day
    return before & (_bits(0, 0) != 0) & (_bits(1, GONE_AFTER) == 0)


def gone() -> pl.Expr:
    """Seen on the day before, and not on this."""
    return (_bits(0, 0) == 0) & (_bits(1, 1) != 0)
