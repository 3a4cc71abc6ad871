"""Events as files: CSV, JSON lines, Parquet, STIX 2.1. What a spreadsheet would run is guarded."""

from __future__ import annotations

import datetime as dt
import io
import json
import uuid

import polars as pl

from comity.events.formats import stix_out
from comity.kit.sheets import guard
from comity.kit.sheets.guard import runs

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
    flat = outside(events)
    lists = [name for name, kind in flat.schema.items() if isinstance(kind, pl.List)]
    if lists:
        flat = flat.with_columns(pl.col(lists).list.join(";"))
    texts = [name for name, kind in flat.schema.items() if kind == pl.String()]
    # Few columns hold such a word: only those are looked through cell by cell.
    guarded = [_guarded(flat[name]) for name in texts]
    return flat.with_columns(guarded).write_csv().encode()


def _guarded(column: pl.Series) -> pl.Series:
    odd = column.unique().drop_nulls()
    changed = {text: guard(text) for text in odd.to_list() if runs(text)}
    if not changed:
        return column
    return column.replace(list(changed), list(changed.values()))


def as_jsonl(events: pl.DataFrame) -> bytes:
    out = io.BytesIO()
    outside(events).write_ndjson(out)
    return out.getvalue()


def as_parquet(events: pl.DataFrame) -> bytes:
    out = io.BytesIO()
    outside(events).write_parquet(out, compression="zstd")
    return out.getvalue()


def as_stix(events: pl.DataFrame, gateway: str, since: dt.datetime) -> bytes:
    """A bundle; its id follows from what it holds."""
    identity = stix_out.identity(gateway, since)
    lines = list(stix_out.objects(events, identity))
    made = uuid.uuid5(stix_out.SCO, "\n".join(lines))
    head = json.dumps({"type": "bundle", "id": f"bundle--{made}"})[:-1]
    return f'{head}, "objects": [{", ".join(lines)}]}}'.encode()
