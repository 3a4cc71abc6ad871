"""What makes two rows the same row, and two events the same finding.

**The row**: the bytes of the line as the source sent them, feed and type of report, and the day
where the row had no time of its own (the same list tomorrow is another word of the source; the same
file handed in twice is not). What our mapping makes of it is no part: a mapping improved tomorrow
makes no row new.

**The finding**: what is wrong, and whose it is: type, the source's name of the problem, and the
address. Feed and day are no part of it: the same host tomorrow, or in a second feed that names the
problem alike, is the same finding. The port belongs to it only where it is the service that is
wrong: the source port of an infected machine is another one each time.
"""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from comity.events.rules.constant import constant
from comity.events.rules.dedup.mixing import mix, seed, stirred
from comity.events.types.chunks import ROW, RawChunk
from comity.events.types.schema import Flag

Array = npt.NDArray[Any]
SERVICES = frozenset({"vulnerable", "information-gathering-exposed"})
"""RSIT classes in which the port is the service that is wrong."""
SERVICE_TYPES = frozenset(
    {"c2-server", "malware-distribution", "phishing", "malware-configuration"}
)
_LINE_FEED, _RETURN = 10, 13
_DAY = 86_400 * 10**6  # microseconds


def row_keys(
    chunk: RawChunk, events: pl.DataFrame, secret: bytes, *, feed: str, kind: str
) -> tuple[Array, Array, Array]:
    """The key and the check of each event, from the bytes it came from; and a key of its bytes
    alone, by which a snapshot feed's row is compared with that of the day before."""
    one, two = _bytes(chunk, secret)
    place = _places(chunk.frame[ROW].to_numpy(), events["feed_row"].to_numpy())
    said = seed(secret, feed, kind)
    one, two = one[place] + said, two[place] ^ said
    content = stirred(one)
    flags = events["flags"].to_numpy()
    undated = np.flatnonzero(flags & int(Flag.TIME_MISSING))
    if len(undated):
        at = events["time_source"].to_physical().gather(undated).to_numpy()
        moment = (at // _DAY * _DAY + _DAY // 2).astype(np.uint64)  # noon, as of a dated report
        one[undated] += stirred(moment)
        two[undated] += stirred(moment ^ said)
    return stirred(one), stirred(two), content


def _places(rows: Array, wanted: Array) -> Array:
    return np.searchsorted(rows, wanted) if len(rows) != len(wanted) else np.arange(len(rows))


def _bytes(chunk: RawChunk, secret: bytes) -> tuple[Array, Array]:
    """The bytes of each row of the frame: from the line it begins on to the one the next begins
    on, without line ends. Where several rows stand on a line their cells are taken instead."""
    rows = chunk.frame[ROW].to_numpy().astype(np.int64)
    lines = (chunk.offsets - np.uint64(chunk.start)).astype(np.int64)
    fits = len(rows) and np.all(np.diff(rows) > 0) and rows[-1] - chunk.first_row < len(lines) - 1
    if not fits:
        return _cells(chunk.frame.drop(ROW), secret)
    starts = lines[rows - chunk.first_row]
    held = chunk.rejected["row"].to_numpy().astype(np.int64)
    begins = rows if not len(held) else np.sort(np.concatenate([rows, held]))
    following = np.searchsorted(begins, rows, side="right")
    last = np.append(begins, len(lines) - 1 + chunk.first_row)[following]
    ends = lines[last - chunk.first_row]
    text = np.frombuffer(chunk.data, np.uint8)
    for sign in (_LINE_FEED, _RETURN):
        ends = ends - ((ends > starts) & (text[ends - 1] == sign))
    return mix(chunk.data, starts, ends - starts, secret)


def _cells(frame: pl.DataFrame, secret: bytes) -> tuple[Array, Array]:
    key = hashlib.blake2b(secret, digest_size=32).digest()
    names = "\x1f".join(frame.columns)
    found = b"".join(
        hashlib.blake2b(repr((names, row)).encode(), digest_size=16, key=key).digest()
        for row in frame.iter_rows()
    )
    both = np.frombuffer(found, "<u8").reshape(-1, 2)
    return both[:, 0].copy(), both[:, 1].copy()


def finding_keys(events: pl.DataFrame, secret: bytes) -> Array:
    """64 bits of the problem on the asset."""
    total = _words(events, "class_type", secret, 1)
    problem = pl.coalesce("class_id", "malware_name", "report_type")
    total = total + _words(events.select(problem=problem), "problem", secret, 2)
    for name, turn in (("src_ip4", 3), ("src_ip6_hi", 4), ("src_ip6_lo", 5)):
        total = total + _number(events[name], turn)
    nobody = events["src_ip4"].is_null() & events["src_ip6_hi"].is_null()
    network = events["src_ip"].is_null() & events["src_prefix_len"].is_not_null()
    if network.any():
        length = events["src_prefix_len"].set(~network, None)
        total = total + _number(length.cast(pl.UInt32), 6)
    if nobody.any():
        named = pl.coalesce("url", "fqdn", "dst_url", "account", pl.col("src_asn").cast(pl.String))
        asset = events.select(asset=pl.when(pl.Series(nobody)).then(named).otherwise(None))
        total = total + _words(asset, "asset", secret, 7)
    return stirred(total + _service(events))


def _service(events: pl.DataFrame) -> Array:
    """The port, where it is the service that is wrong."""
    kinds = events.select("class_taxonomy", "class_type")
    kinds = kinds.head(1) if all(constant(column) for column in kinds) else kinds.unique()
    wanted = kinds.filter(
        pl.col("class_taxonomy").is_in(list(SERVICES)) | pl.col("class_type").is_in(SERVICE_TYPES)
    )
    if not wanted.height:
        return np.zeros(events.height, np.uint64)
    port = _number(events["src_port"], 8)
    if wanted.height == kinds.height:
        return port
    serves = events.select(
        pl.col("class_taxonomy").is_in(list(SERVICES)).fill_null(False)
        | pl.col("class_type").is_in(SERVICE_TYPES).fill_null(False)
    ).to_series()
    return np.where(serves.to_numpy(), port, np.uint64(0))


def _number(column: pl.Series, turn: int) -> Array:
    if column.null_count() == len(column):
        return np.zeros(len(column), np.uint64)
    salt = np.uint64(turn * 0x9E3779B97F4A7C15 % 2**64)
    numbers = column.fill_null(0).to_numpy().astype(np.uint64)
    found = stirred(numbers + salt)
    if column.null_count():
        found[column.is_null().to_numpy()] = 0
    return found


def _words(frame: pl.DataFrame, name: str, secret: bytes, turn: int) -> Array:
    """64 bits of each text: of the few different ones, spread over the rows."""
    column = frame[name]
    if len(column) and constant(column):
        return np.full(len(column), seed(secret, str(turn), column[0] or ""))
    distinct = column.unique()
    keys = np.array([seed(secret, str(turn), word or "") for word in distinct.to_list()], np.uint64)
    table = pl.DataFrame({name: distinct, "key": keys})
    found = frame.select(name).join(
        table, on=name, how="left", nulls_equal=True, maintain_order="left"
    )
    return found["key"].to_numpy().copy()
