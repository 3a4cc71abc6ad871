"""The work on one batch, from text columns to columns as stored: one pure function.

What it must know of the world comes in: tables of addresses and routes, the secret of keys, and
which keys are known. The same batch with the same tables gives the same bytes, on any machine that
is handed the reference.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from comity.events.rules import dedup
from comity.events.rules.enrich import Table, enrich
from comity.events.rules.route import RouteTable, route
from comity.events.types import schema
from comity.events.types.chunks import RawChunk
from comity.events.types.sources import Plan
from comity.events.types.stored import STORED, Held

Array = npt.NDArray[Any]
Known = Callable[[Array, Array, Array], Array]
"""(days, keys in order, checks) -> which of them are stored already."""
DAY = 86_400 * 1_000_000


@dataclass(frozen=True, slots=True)
class World:
    """What a batch is worked against; all of it versioned."""

    addresses: Table | None
    routes: RouteTable | None
    secret: bytes
    hash_accounts: bool = True


@dataclass(frozen=True, slots=True)
class Origin:
    """What is known of the file a batch is from."""

    file: str  # SHA-256
    report_date: dt.date | None
    received: dt.datetime
    snapshot: bool = False


@dataclass(frozen=True, slots=True)
class Batch:
    """What came of it: rows = events + repeated + rejected."""

    rows: int
    events: pl.DataFrame  # STORED
    keys: dedup.Keys  # of the events, in order: looked up, kept and merged so
    days: Array  # since 1970-01-01, beside the keys
    rejected: pl.DataFrame  # schema.REJECTED
    repeated: int
    listed: tuple[Array, Array]  # of a snapshot: finding and content of every row


def work(
    chunk: RawChunk,
    plan: Plan,
    events: pl.DataFrame,
    rejected: pl.DataFrame,
    world: World,
    origin: Origin,
    known: Known,
) -> Batch:
    """A chunk, its normalised events and its rows held back, to what is stored of it."""
    events = events if events.width else schema.empty(schema.Stage.PARSE)
    kind = plan.report_type
    key, check, content = dedup.row_keys(
        chunk, events, world.secret, feed=plan.source.name, kind=kind
    )
    days = (events["time_source"].to_physical() // DAY).to_numpy().astype(np.int32)
    listed = (np.empty(0, np.uint64), np.empty(0, np.uint64))
    if origin.snapshot:
        listed = (dedup.finding_keys(events, world.secret), content)
    order = np.argsort(key)  # the only one: all that follows takes the keys in order
    kept, again = dedup.first_of(key, check, order)
    places = order[kept[order]]
    old = known(days[places], key[places], check[places])
    if old.any():
        kept[places[old]] = False
        places = places[~old]
    keys, days = dedup.Keys(key[places], check[places]), days[places]
    total = events.height
    if len(places) < total:
        events = events.filter(pl.Series(kept))
        key, check, again = key[kept], check[kept], again[kept]
    done = _finished(events, key, check, again, world, origin)
    if chunk.rows != done.height + (total - done.height) + rejected.height:
        raise AssertionError("rows of a chunk do not add up")
    return Batch(chunk.rows, done, keys, days, rejected, total - done.height, listed)


def _finished(
    events: pl.DataFrame, key: Array, check: Array, again: Array, world: World, origin: Origin
) -> pl.DataFrame:
    """Looked up, routed, keyed: the columns of STORED."""
    finding = dedup.finding_keys(events, world.secret)
    found = route(enrich(events, world.addresses), world.routes)
    account = (
        [hashed_accounts(events["account"], world.secret)]
        if world.hash_accounts and events["account"].null_count() < events.height
        else []
    )
    found = found.with_columns(
        pl.lit(origin.file).alias("feed_file"),
        pl.Series("row_key", key, pl.UInt64),
        pl.Series("row_check", check, pl.UInt64),
        pl.Series("finding_key", finding, pl.UInt64),
        pl.Series("repeats", again, pl.UInt32),
        (pl.col("src_ip").is_null() & pl.col("src_prefix").is_not_null()).alias("network"),
        *account,
    )
    return found.select(pl.col(name).cast(dtype) for name, dtype in STORED.items())


def hashed_accounts(accounts: pl.Series, secret: bytes) -> pl.Series:
    """Account names as keyed hashes: the same account is the same word, and nobody is named."""
    key = hashlib.blake2b(b"account" + secret, digest_size=32).digest()
    distinct = accounts.drop_nulls().unique()
    words = [
        "hashed:" + hashlib.blake2b(name.encode(), digest_size=16, key=key).hexdigest()
        for name in distinct.to_list()
    ]
    return accounts.replace_strict(distinct, words, default=None, return_dtype=pl.String)


def held(events: pl.DataFrame, days: Array, size: int) -> Held:
    """What the manifest will say of a file of these events."""
    routes, ip4 = events["route_set"], events["src_ip4"]

    def edge(value: Any) -> int:
        return 0 if value is None else int(value)

    return Held(
        rows=events.height,
        size=size,
        first_day=int(days.min()) if len(days) else 0,
        last_day=int(days.max()) if len(days) else 0,
        route_min=edge(routes.min()),
        route_max=edge(routes.max()),
        ip4_min=edge(ip4.min()),
        ip4_max=edge(ip4.max()),
        wide=bool(ip4.null_count()),
        unrouted=int((routes == 0).sum()),
    )


def rejects(parts: list[pl.DataFrame]) -> pl.DataFrame:
    """Held-back rows of several chunks as one."""
    return pl.concat([schema.no_rejects(), *parts])
