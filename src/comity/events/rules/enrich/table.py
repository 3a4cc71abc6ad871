"""The table of addresses as it is kept and mapped: made by `building`, asked by `looking`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from comity.events.rules import packed

Array = npt.NDArray[Any]
EXCEPTION = np.uint32(1 << 31)
"""A /24 that is not all one piece: the address itself must be looked up."""

# What a piece says: place of the AS and of the two countries in their lists, length of the prefix.
RECORD = np.dtype([("asn", "<u4"), ("registered", "<u2"), ("geo", "<u2"), ("length", "<u4")])


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Pieces of address space in order. Places count from 1; 0 is not known."""

    version: str
    made: str  # ISO date of the newest source
    sources: tuple[Mapping[str, Any], ...]
    v4_starts: Array  # uint32
    v4_direct: Array  # uint32, one a /24: the piece it lies in, or EXCEPTION too where more are
    v4_records: Array  # RECORD
    v6_starts: Array  # S16
    v6_records: Array
    as_numbers: Array  # uint32, [0] is 0
    as_names: pl.Series  # [0] is null
    countries: pl.Series  # [0] is null


def pack(table: Table) -> bytes:
    """The table as one block. Its version is no part of it: it follows from the bytes."""
    names = packed.texts([name or "" for name in table.as_names.to_list()])
    return packed.pack(
        {
            "v4_starts": table.v4_starts,
            "v4_direct": table.v4_direct,
            "v4_records": table.v4_records,
            "v6_starts": table.v6_starts,
            "v6_records": table.v6_records,
            "as_numbers": table.as_numbers,
            "as_names_bytes": names["bytes"],
            "as_names_ends": names["ends"],
        },
        {
            "kind": "addresses",
            "made": table.made,
            "sources": [dict(source) for source in table.sources],
            "countries": table.countries.to_list(),
        },
    )


def unpack(block: bytes | memoryview, version: str, *, check: bool = True) -> Table:
    """The table of a block. Raises `packed.DamagedTable`."""
    arrays, about = packed.unpack(block, check=check)
    if about.get("kind") != "addresses":
        raise packed.DamagedTable("the file is another kind of table")
    names = packed.from_texts(arrays["as_names_bytes"], arrays["as_names_ends"])
    return Table(
        version=version,
        made=about["made"],
        sources=tuple(about["sources"]),
        v4_starts=arrays["v4_starts"],
        v4_direct=arrays["v4_direct"],
        v4_records=arrays["v4_records"],
        v6_starts=arrays["v6_starts"],
        v6_records=arrays["v6_records"],
        as_numbers=arrays["as_numbers"],
        as_names=pl.Series("as_names", [name or None for name in names], pl.String),
        countries=pl.Series("countries", about["countries"], pl.String),
    )


FEW = 4_096
"""Pieces that a search finds as fast as a step through 64 MB does: a small table stays small."""


def direct(starts: Array) -> Array:
    """For each /24 the piece its first address lies in, with EXCEPTION where a piece begins
    inside it. 64 MB, of which the kernel holds what is used; nothing where pieces are FEW."""
    if len(starts) <= FEW:
        return np.empty(0, np.uint32)
    begins = (starts.astype(np.int64) + 255) >> 8  # the first /24 that begins in the piece
    counts = np.diff(np.append(begins, 1 << 24))
    found = np.repeat(np.arange(len(starts), dtype=np.uint32), counts)
    inside = starts[(starts & np.uint32(255)) != 0] >> np.uint32(8)
    found[inside] |= EXCEPTION
    return found


def places4(direct_: Array, starts: Array, address: Array) -> Array:
    """The piece of each IPv4 address."""
    if not len(direct_):
        return np.searchsorted(starts, address, side="right") - 1
    found: Array = direct_[address >> np.uint32(8)]
    odd = np.flatnonzero(found & EXCEPTION)
    if len(odd):
        found[odd] = np.searchsorted(starts, address[odd], side="right") - 1
    return found


def places6(starts: Array, high: Array, low: Array) -> Array:
    """The piece of each IPv6 address, compared in all 128 bits."""
    return np.searchsorted(starts, bytes16(high, low), side="right") - 1


def bytes16(high: Array, low: Array) -> Array:
    """Addresses as 16 bytes, most significant first."""
    both = np.empty((len(high), 2), ">u8")
    both[:, 0], both[:, 1] = high, low
    return both.view("S16").reshape(len(high))
