"""Events as files: CSV, JSON lines, Parquet, STIX 2.1. What a spreadsheet would run is guarded."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from collections.abc import Iterator
from typing import Any

import polars as pl

from comity.events.formats import csv_out, stix_out
from comity.kit import ids

SINCE = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
"""Of the gateway's identity in STIX: it must not change."""
MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/x-ndjson",
    "parquet": "application/vnd.apache.parquet",
    "stix": "application/stix+json;version=2.1",
}
ENDINGS = {"csv": "csv", "jsonl": "jsonl", "parquet": "parquet", "stix": "json"}
INSIDE = (
    *("src_ip4", "dst_ip4", "src_ip6_hi", "src_ip6_lo", "dst_ip6_hi", "dst_ip6_lo"),
    *("row_key", "row_check", "route_set"),
)
"""Columns that are of use inside the house alone. The finding's key stays: it joins sightings."""


def outside(events: pl.DataFrame) -> pl.DataFrame:
    """The columns that leave the house."""
    return events.drop(INSIDE, strict=False)


def as_csv(events: pl.DataFrame) -> bytes:
    frame = outside(events)
    return csv_out.head(frame) + (csv_out.lines(csv_out.cells(frame)) if frame.height else b"")


def csv_each(events: pl.DataFrame, by: str) -> Iterator[tuple[Any, bytes]]:
    """A file for each value of a column (a recipient), header included. Sorted and rendered once,
    then cut: a writer for each of ten thousand recipients is eight times slower."""
    if not events.height:
        return
    order = _ranked(events[by]).to_frame().select(pl.arg_sort_by(by, maintain_order=True))
    rows = order.to_series()
    lengths, values = events[by].gather(rows).rle().struct.unnest().get_columns()
    frame = outside(events)
    cells = csv_out.cells(frame, rows)
    # Where to cut: a word that no source can write into a cell, for ids hang on the house's secret.
    word = hashlib.sha256("".join(frame["event_id"].to_list()).encode()).hexdigest()
    first = pl.int_range(pl.len()).is_in((lengths.cum_sum() - lengths).to_list())
    start = pl.when(first).then(pl.lit(word)).otherwise(pl.lit(""))
    cells = cells.with_columns((start + pl.col("0")).alias("0"))
    _, *parts = csv_out.lines(cells).split(word.encode())
    head = csv_out.head(frame)
    for value, part in zip(values.to_list(), parts, strict=True):
        yield value, head + part


def _ranked(column: pl.Series) -> pl.Series:
    """In the same order, sorted sooner."""
    if column.dtype != pl.String:
        return column
    return column.cast(pl.Enum(column.drop_nulls().unique().sort()))


def as_jsonl(events: pl.DataFrame) -> bytes:
    out = io.BytesIO()
    outside(events).write_ndjson(out)
    return out.getvalue()


def as_parquet(events: pl.DataFrame) -> bytes:
    out = io.BytesIO()
    outside(events).write_parquet(out, compression="zstd")
    return out.getvalue()


def as_stix(events: pl.DataFrame, gateway: str, since: dt.datetime) -> bytes:
    """A bundle; its id follows from which events it holds, and who says so."""
    said = stix_out.identity(gateway, since)
    held = hashlib.sha256(",".join(events["event_id"].to_list()).encode()).hexdigest()
    head = f'{{"type":"bundle","id":"bundle--{ids.derived("bundle", said["id"], held)}","objects":['
    texts = stix_out.objects(events, said)
    # Joined once, ends included: a copy of a hundred megabytes takes as long as their observables.
    texts[0] = head + texts[0]
    texts[-1] = texts[-1] + "]}"
    return texts.str.join(",").cast(pl.Binary).item()  # type: ignore[no-any-return]
