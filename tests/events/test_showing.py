"""Stored rows in words: whole columns say what a plain walk over the rows says."""

from __future__ import annotations

import ipaddress
import uuid
from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from comity.events.reads import showing
from comity.events.types.stored import STORED

WORDS = st.integers(0, 2**64 - 1)
FOUR = st.tuples(st.integers(0, 2**32 - 1), st.none(), st.none(), st.integers(0, 32) | st.none())
SIX = st.tuples(st.none(), WORDS, WORDS, st.integers(0, 128) | st.none())
NOBODY = st.just((None, None, None, None))


def plain(four: Any, high: Any, low: Any, length: Any) -> tuple[str | None, str | None]:
    if four is None and high is None:
        return None, None
    address = (
        ipaddress.IPv6Address(high << 64 | low) if four is None else ipaddress.IPv4Address(four)
    )
    around = None
    if length is not None:
        around = str(ipaddress.ip_network(f"{address}/{length}", strict=False))
    return str(address), around


@given(st.lists(st.tuples(FOUR | SIX | NOBODY, WORDS, WORDS, st.booleans()), max_size=8))
def test_addresses_networks_and_ids(rows: list[Any]) -> None:
    names = ("src_ip4", "src_ip6_hi", "src_ip6_lo", "src_prefix_len")
    held = [
        dict.fromkeys(STORED)
        | dict(zip(names, at, strict=True))
        | {"row_key": key, "row_check": check, "network": network}
        for at, key, check, network in rows
    ]
    frame = pl.DataFrame(held, schema=STORED)
    found = showing._addresses(frame)
    said = [plain(*at) for at, *_ in rows]
    assert found["src_prefix"].to_list() == [around for _, around in said]
    assert found["src_ip"].to_list() == [
        None if network else ip for (ip, _), (*_, network) in zip(said, rows, strict=True)
    ]
    assert found["dst_ip"].to_list() == [None] * len(rows)
    ids = [str(uuid.UUID(int=key << 64 | check)) for _, key, check, _ in rows]
    assert showing._ids(frame).to_list() == ids
