"""Addresses to network, AS and countries: the fast way says what the plain way says."""

from __future__ import annotations

import ipaddress
import random
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.events.rules import enrich as e
from comity.events.rules import packed
from comity.events.types import schema

COUNTRY = b"""192.0.2.0,192.0.2.255,KE
198.51.100.0,198.51.100.127,FR
198.51.100.128,198.51.100.255,NA
2001:db8::,2001:db8:0:ffff:ffff:ffff:ffff:ffff,KE
2001:db8:1::5,2001:db8:1::7,FR
"""
ASN = b"""192.0.2.0,192.0.2.127,64500,First network
192.0.2.128,192.0.2.191,64501,"Second, with comma"
2001:db8::,2001:db8::ffff,64500,First network
"""


def frame(*addresses: str, **columns: Any) -> pl.DataFrame:
    """Events about addresses, with the columns a reader gives."""
    rows: dict[str, list[Any]] = {
        name: [] for name in ("src_ip", "src_ip4", "src_ip6_hi", "src_ip6_lo")
    }
    for text in addresses:
        ip = ipaddress.ip_address(text)
        four = ip.version == 4
        rows["src_ip"].append(text)
        rows["src_ip4"].append(int(ip) if four else None)
        rows["src_ip6_hi"].append(None if four else int(ip) >> 64)
        rows["src_ip6_lo"].append(None if four else int(ip) & (2**64 - 1))
    made = schema.empty(schema.Stage.PARSE)
    whole = rows | {"flags": [0] * len(addresses)} | columns
    return pl.concat([made, pl.DataFrame(whole, schema_overrides=schema.PARSED)], how="diagonal")


def table(*, geo: bytes = b"") -> e.Table:
    return e.build(
        [e.read(COUNTRY)], [e.read(geo)] if geo else [], [e.read(ASN)], made="2026-11-01"
    )


def test_an_address_gets_its_network_as_and_country() -> None:
    found = e.enrich(frame("192.0.2.130", "198.51.100.200", "2001:db8::1", "203.0.113.9"), table())
    said = found.select("src_asn", "src_as_name", "src_prefix_len", "cc_registered", "cc_used")
    assert said.rows() == [
        (64501, "Second, with comma", 26, "KE", "KE"),
        (None, None, None, "NA", "NA"),
        (64500, "First network", 112, "KE", "KE"),
        (None, None, None, None, None),
    ]


def test_ipv6_is_compared_in_all_128_bits() -> None:
    found = e.enrich(frame(*(f"2001:db8:1::{n}" for n in "4578")), table())
    assert found["cc_registered"].to_list() == [None, "FR", "FR", None]


def test_the_tables_number_replaces_the_sources_which_is_kept() -> None:
    found = e.enrich(frame("192.0.2.1", "192.0.2.1", "203.0.113.1", src_asn=[1, 64500, 7]), table())
    assert found["src_asn"].to_list() == [64500, 64500, 7]
    assert found["src_asn_feed"].to_list() == [1, None, None]


def test_the_country_of_registration_goes_before_the_place_and_before_what_the_source_says() -> (
    None
):
    geo = b"192.0.2.0,192.0.2.255,US\n203.0.113.0,203.0.113.255,US\n"
    rows = frame("192.0.2.1", "203.0.113.1", "233.252.0.1", "233.252.0.1", cc_feed=["DE"] * 4)
    unreal = int(schema.Flag.COUNTRY_UNREAL)
    rows = rows.with_columns(flags=pl.Series([0, 0, 0, unreal], dtype=pl.UInt32))
    found = e.enrich(rows, table(geo=geo))
    assert found["cc_used"].to_list() == ["KE", "US", "DE", None]


def test_without_a_table_the_sources_word_stands() -> None:
    found = e.enrich(frame("192.0.2.1", src_asn=[7], cc_feed=["DE"]), None)
    assert found.select("src_asn", "cc_used", "cc_registered").row(0) == (7, "DE", None)


def test_lines_that_say_nothing_are_told_with_their_number() -> None:
    layer = e.read(COUNTRY + b"192.0.2.9,192.0.2.1,KE\n1.2.3,1.2.4,KE\n192.0.2.1,192.0.2.2,\n")
    assert [line for line, _ in layer.refused] == [6, 7, 8]
    assert layer.refused_count == 3 and len(layer) == 5


@pytest.mark.parametrize("junk", [b"", b"a,b\n", b"<html>\n", b"a,b,c\n", b"\xff\xfe,\x00,\n"])
def test_what_is_no_table_is_refused_with_a_remedy(junk: bytes) -> None:
    with pytest.raises(e.reading.BadTable) as told:  # type: ignore[attr-defined]
        e.read(junk)
    assert told.value.remedy


def test_a_table_that_ends_within_a_line_is_refused() -> None:
    with pytest.raises(e.BadTable, match="middle of a line"):
        e.read(COUNTRY + b"192.0.2.9,192.")
    assert len(e.read(COUNTRY.rstrip())) == len(e.read(COUNTRY))


def test_a_kept_table_says_the_same_and_a_half_written_one_is_refused() -> None:
    block = e.pack(table())
    again = e.unpack(block, "v")
    rows = frame("192.0.2.130", "2001:db8::1")
    assert e.enrich(rows, again).equals(e.enrich(rows, table()))
    for damaged in (block[:-1000], block[:40], b"", block[:-9] + b"x" + block[-8:]):
        with pytest.raises(packed.DamagedTable):
            e.unpack(damaged, "v")


def plain(ranges: list[tuple[int, int, str]], address: int) -> str | None:
    """The innermost range by looking at every one: begins last, then is shortest."""
    inside = [(low, -high, said) for low, high, said in ranges if low <= address <= high]
    return max(inside, key=lambda r: (r[0], r[1]))[2] if inside else None


@st.composite
def spaces(draw: st.DrawFn) -> tuple[int, list[tuple[int, int, str]]]:
    version = draw(st.sampled_from([4, 6]))
    top = 2**32 - 1 if version == 4 else 2**128 - 1
    near = draw(st.integers(0, top))
    number = st.one_of(
        st.integers(0, top),
        st.integers(max(0, near - 600), min(top, near + 600)),
        st.sampled_from([0, top]),
    )
    pairs = draw(st.lists(st.tuples(number, number), min_size=1, max_size=12))
    codes = ["AA", "BB", "CC", "DD"]
    ranges = {(min(p), max(p)): codes[i % 4] for i, p in enumerate(pairs)}
    return version, [(low, high, said) for (low, high), said in ranges.items()]


@given(spaces(), st.data())
def test_overlapping_ranges_say_what_the_plain_way_says(
    space: tuple[int, list[tuple[int, int, str]]], data: st.DataObject
) -> None:
    version, ranges = space
    kind = ipaddress.IPv4Address if version == 4 else ipaddress.IPv6Address
    text = "".join(f"{kind(low)},{kind(high)},{said}\n" for low, high, said in ranges)
    layer = e.read(text.encode())
    from comity.events.rules.enrich import painting

    first, after, value = layer.four if version == 4 else layer.six
    starts, values = painting.settle(first, after, value, 0 if version == 4 else b"")
    top = 2**32 - 1 if version == 4 else 2**128 - 1
    edges = [edge + step for low, high, _ in ranges for edge in (low, high) for step in (-1, 0, 1)]
    asked = [a for a in edges if 0 <= a <= top] + [data.draw(st.integers(0, top))]
    for address in asked:
        needle: Any = address if version == 4 else np.array([address.to_bytes(16, "big")], "S16")
        place = int(np.searchsorted(starts, needle, side="right").max()) - 1
        found = int(values[place])
        assert (layer.values[found - 1][0] if found else None) == plain(ranges, address)


@pytest.mark.slow
def test_a_whole_table_says_what_the_plain_way_says() -> None:
    chance = random.Random(5)
    lines, ranges = [], []
    for version, top, count in ((4, 32, 300), (6, 128, 300)):
        kind = ipaddress.IPv4Address if version == 4 else ipaddress.IPv6Address
        for number in range(count):
            low = chance.getrandbits(top)
            high = min(2**top - 1, low + chance.getrandbits(chance.randrange(1, top - 4)))
            lines.append(f"{kind(low)},{kind(high)},{64500 + number},Net {number}")
            ranges.append((version, low, high, 64500 + number))
    built = e.build([], [], [e.read("\n".join(lines).encode())], made="2026-11-01")
    asked = [
        str((ipaddress.IPv4Address if version == 4 else ipaddress.IPv6Address)(edge))
        for version, low, high, _ in ranges
        for edge in (low, high)
    ]
    found = e.enrich(frame(*asked), built)
    for text, asn, length in found.select("src_ip", "src_asn", "src_prefix_len").iter_rows():
        ip = ipaddress.ip_address(text)
        mine = [(low, high, str(said)) for v, low, high, said in ranges if v == ip.version]
        assert str(asn) == plain(mine, int(ip))
        net = ipaddress.ip_network(f"{ip}/{length}", strict=False)
        holder = next(r for r in ranges if r[3] == asn and r[0] == ip.version)
        assert holder[1] <= int(net[0]) and int(net[-1]) <= holder[2]


def test_the_direct_table_says_what_a_search_says() -> None:
    from comity.events.rules.enrich import table as t

    chance = np.random.default_rng(3)
    starts = np.unique(np.append(chance.integers(0, 2**32, 20_000, np.uint64), 0)).astype(np.uint32)
    starts = np.unique(np.concatenate([starts, starts[:500] & 0xFFFFFF00, [2**32 - 1]])).astype(
        np.uint32
    )
    asked = np.concatenate([starts, starts - 1, starts + 1, chance.integers(0, 2**32, 9_000)])
    asked = asked.astype(np.uint32)
    found = t.places4(t.direct(starts), starts, asked)
    assert len(t.direct(starts)) == 2**24
    assert (found == np.searchsorted(starts, asked, side="right") - 1).all()
