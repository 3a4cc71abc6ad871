"""What of an event is kept on disk, and how a file of events looks from outside.

Addresses are kept as numbers alone: their text costs 80 ns a row to write and follows from them.
Who answers for an event is the number of a route set; the set is a row of a small table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from comity.events.types import schema

_MADE_AGAIN = frozenset(
    {"src_ip", "dst_ip", "src_prefix", "owner_org", "owner_reason", "owner_cirt"}
)
OURS: Final[dict[str, pl.DataType]] = {
    "network": pl.Boolean(),  # the row is about a network, not an address
    "route_set": pl.UInt32(),  # number of the set of who must act; 0: nobody answers for it
    "informed_set": pl.UInt32(),  # number of the set of those around who chose to be told
    "repeats": pl.UInt32(),  # how often the same row stood in its file again
}
STORED: Final[dict[str, pl.DataType]] = {
    **{name: dtype for name, dtype in schema.schema().items() if name not in _MADE_AGAIN},
    **OURS,
}
"""Columns of a file of events, in order."""


@dataclass(frozen=True, slots=True)
class Held:
    """What the manifest says of a file of events, so that a question need not open it."""

    rows: int
    size: int
    first_day: int  # days since 1970-01-01, of time_source
    last_day: int
    route_min: int
    route_max: int
    ip4_min: int
    ip4_max: int
    wide: bool  # holds addresses that are not IPv4, or none
    unrouted: int
