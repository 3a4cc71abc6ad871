"""A frame of events in, the same with what the tables say of its addresses.

The tables' AS number replaces the source's, which is kept where it was another. The country that
routing uses is the one of registration: who answers for an address is who it is registered to
(certtools/intelmq#1344: geolocation sent satellite customers to the wrong nation). Where that is
not known the geolocated one stands in, then the source's, if it names a country at all.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from comity.events.rules.enrich.table import RECORD, Table, places4, places6
from comity.events.types.schema import Flag

Array = npt.NDArray[Any]


def enrich(events: pl.DataFrame, table: Table | None) -> pl.DataFrame:
    """The enriched columns added (`schema.Stage.ENRICH`), `src_asn` and `dst_asn` decided,
    `src_prefix_len` filled for single addresses."""
    feed_cc = (
        pl.when((pl.col("flags") & int(Flag.COUNTRY_UNREAL)) == 0)
        .then(pl.col("cc_feed"))
        .otherwise(None)
    )
    if table is None:
        return events.with_columns(
            *(pl.lit(None, pl.String).alias(name) for name in _UNKNOWN),
            *(pl.lit(None, pl.UInt32).alias(name) for name in ("src_asn_feed", "dst_asn_feed")),
            feed_cc.alias("cc_used"),
        )
    src, dst = lookup(table, events, "src"), lookup(table, events, "dst")
    registered = table.countries.gather(src["registered"])
    geo = table.countries.gather(src["geo"])
    columns = [
        *_as_number(events, table, src, "src"),
        *_as_number(events, table, dst, "dst"),
        table.as_names.gather(src["asn"]).alias("src_as_name"),
        registered.alias("cc_registered"),
        geo.alias("cc_geo"),
        table.countries.gather(dst["registered"]).alias("dst_cc"),
        _length(events, src),
    ]
    return events.with_columns(*columns).with_columns(
        pl.coalesce("cc_registered", "cc_geo", feed_cc).alias("cc_used"),
    )


_UNKNOWN = ("src_as_name", "cc_registered", "cc_geo", "dst_cc")


def lookup(table: Table, events: pl.DataFrame, end: str) -> Array:
    """The record of each row's address, zeros where there is none."""
    column = events[f"{end}_ip4"]
    if not column.null_count():
        return table.v4_records[places4(table.v4_direct, table.v4_starts, column.to_numpy())]
    found = np.zeros(events.height, RECORD)
    have = np.flatnonzero(column.is_not_null().to_numpy())
    if len(have):
        four = column.drop_nulls().to_numpy()
        found[have] = table.v4_records[places4(table.v4_direct, table.v4_starts, four)]
    wide = events[f"{end}_ip6_hi"]
    if wide.null_count() < len(wide):
        have = np.flatnonzero(wide.is_not_null().to_numpy())
        low = events[f"{end}_ip6_lo"].gather(have)
        six = places6(table.v6_starts, wide.gather(have).to_numpy(), low.to_numpy())
        found[have] = table.v6_records[six]
    return found


def _as_number(events: pl.DataFrame, table: Table, found: Array, end: str) -> list[pl.Series]:
    """The tables' number where they have one, and the source's where it differs."""
    known = table.as_numbers[found["asn"]]
    theirs = events[f"{end}_asn"].fill_null(0).to_numpy()
    other = np.where((known != 0) & (theirs != 0) & (theirs != known), theirs, 0)
    used = np.where(known != 0, known, theirs)
    return [
        _nulls(used, f"{end}_asn"),
        _nulls(other, f"{end}_asn_feed"),
    ]


def _nulls(numbers: Array, name: str) -> pl.Series:
    series = pl.Series(name, numbers.astype(np.uint32))
    if numbers.all():
        return series
    return pl.select(
        pl.when(pl.Series(numbers != 0)).then(series).otherwise(None).alias(name)
    ).to_series()


def _length(events: pl.DataFrame, found: Array) -> pl.Series:
    said = events["src_prefix_len"]
    looked = _nulls(found["length"], "src_prefix_len").cast(pl.UInt8)
    return said.fill_null(looked) if said.null_count() < len(said) else looked
