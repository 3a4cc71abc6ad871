"""The table of networks, against the library's own arithmetic."""

from __future__ import annotations

import contextlib
import gzip
import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.directory.formats import ranges as r
from comity.directory.types import AddressRange, DirectoryError

TABLE = b"""first,last,country,asn
# a comment
192.0.2.0,192.0.2.255,KE,64500
198.51.100.0/24,NA,AS64501 64502
198.51.100.128/25,,64503
2001:db8::/32,KE,64500
2001:db8:1::,2001:db8:1:ffff:ffff:ffff:ffff:ffff,UK
203.0.113.0/24,EU,0
"""


def test_lookups() -> None:
    table, findings = r.read(TABLE)
    assert [(f.where, f.what) for f in findings] == [
        ("column country", "EU"),
    ]
    assert r.lookup(table, "192.0.2.7") == ("KE", (64500,))
    assert r.lookup(table, "198.51.100.200") == ("NA", (64503,))
    assert r.lookup(table, "203.0.113.1") == ("", ())
    assert r.lookup(table, "2001:db8::1") == ("KE", (64500,))
    assert r.lookup(table, "2001:db8:1::1") == ("GB", (64500,))
    assert r.lookup(table, "2001:db8:2::1") == ("KE", (64500,))
    assert r.lookup(table, "::ffff:192.0.2.7") == ("KE", (64500,))
    for nowhere in ("8.8.8.8", "0.0.0.0", "255.255.255.255", "::", "ffff::"):
        assert r.lookup(table, nowhere) == ("", ())


def test_ranges_of_a_country_and_of_an_as() -> None:
    table, _ = r.read(TABLE)
    net = ipaddress.ip_network("192.0.2.0/24")
    assert r.ranges_of(table, "KE")[0] == AddressRange(4, int(net[0]), int(net[-1]))
    assert len(r.ranges_of(table, "KE")) == 3  # 2001:db8::/32 around its own /48
    assert r.ranges_of(table, "XX") == r.ranges_of(table, "") == ()
    assert [x.version for x in r.ranges_of_asn(table, "AS64502")] == [4]
    assert r.ranges_of_asn(table, 64999) == ()


def test_gzip_and_npz_say_the_same() -> None:
    plain, _ = r.read(TABLE)
    packed, _ = r.read(gzip.compress(TABLE))
    kept = r.load(r.save(plain))
    for table in (packed, kept):
        assert r.ranges_of(table, "KE") == r.ranges_of(plain, "KE")
        assert r.lookup(table, "198.51.100.1") == ("NA", (64501, 64502))
        assert len(table) == len(plain)
    empty, _ = r.read(b"")
    assert len(r.load(r.save(empty))) == 0 and r.lookup(empty, "::1") == ("", ())


@pytest.mark.parametrize(
    "line",
    [
        "192.0.2.9,192.0.2.1,KE",
        "192.0.2.0,2001:db8::1,KE",
        "192.0.2.7/24,KE",
        "192.0.2.0/33,KE",
        "192.0.2.0/,KE",
        "192.0.02.0/24,KE",
        "192.0.2.0/24",
        "192.0.2.0/24,KE,1,2",
        "192.0.2.0/24,Atlantis",
        "192.0.2.0/24,KE,AS99999999999",
        "x,y,z",
        ",,",
    ],
)
def test_bad_lines_are_told_by_number(line: str) -> None:
    table, findings = r.read(f"8.8.8.0/24,US,15169\n{line}\n1.1.1.0/24,AU\n".encode())
    assert [f.where for f in findings] == ["line 2"] and findings[0].remedy
    assert len(table) == 2


def test_the_same_range_for_two_countries_is_told() -> None:
    table, findings = r.read(b"192.0.2.0/24,KE,1\n192.0.2.0/24,TZ,2\n")
    assert r.lookup(table, "192.0.2.1") == ("TZ", (1, 2))
    assert "two countries" in findings[0].why


def test_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DirectoryError, match="whole gzip"):
        r.read(gzip.compress(TABLE)[:-9])
    monkeypatch.setattr(r, "LARGEST_TEXT", 1000)
    with pytest.raises(DirectoryError, match="unpacks beyond"):
        r.read(gzip.compress(b"\n" * 100_000))
    monkeypatch.setattr(r, "LINES", 3)
    with pytest.raises(DirectoryError, match="lines"):
        r.read(TABLE)
    monkeypatch.setattr(r, "TOLD", 1)
    monkeypatch.setattr(r, "LINES", 9)
    assert "2 more" in r.read(b"a\nb\nc\n")[1][-1].why


@given(st.binary(max_size=200), st.integers(0, 400))
def test_junk_raises_nothing_else(junk: bytes, at: int) -> None:
    saved = r.save(r.read(TABLE)[0])
    for data in (junk, TABLE[:at] + junk, b"\x1f\x8b" + junk, gzip.compress(TABLE)[:at] + junk):
        with contextlib.suppress(DirectoryError):
            r.read(data)
    for data in (junk, saved[:at] + junk + saved[at + len(junk) :]):
        with contextlib.suppress(DirectoryError):
            r.load(data)


networks = st.tuples(st.integers(0, 255), st.integers(24, 32)).map(
    lambda pair: ipaddress.ip_network(f"192.0.2.{pair[0]}/{pair[1]}", strict=False)
)
networks6 = st.tuples(st.integers(0, 255), st.integers(120, 128)).map(
    lambda pair: ipaddress.ip_network(f"2001:db8::{pair[0]:x}/{pair[1]}", strict=False)
)


@given(
    st.lists(
        st.tuples(networks | networks6, st.sampled_from(["KE", "NA", "GB"]), st.integers(1, 5))
    ),
    st.lists(st.integers(0, 255), min_size=1, max_size=20),
)
def test_the_innermost_range_answers(
    lines: list[tuple[ipaddress.IPv4Network, str, int]], hosts: list[int]
) -> None:
    text = "".join(f"{net},{country},{asn}\n" for net, country, asn in lines)
    table, _ = r.read(text.encode())
    for host in hosts:
        for address in (
            ipaddress.ip_address(f"192.0.2.{host}"),
            ipaddress.ip_address(f"2001:db8::{host:x}"),
        ):
            around = [line for line in lines if address in line[0]]
            longest = max((net.prefixlen for net, *_ in around), default=None)
            nearest = [line for line in around if line[0].prefixlen == longest]
            expected = (nearest[-1][1] if nearest else "", tuple(sorted({n for *_, n in nearest})))
            assert r.lookup(table, str(address)) == expected


@given(st.ip_addresses(), st.text("0123456789abcdefABCDEF.:", max_size=20))
def test_the_fast_reading_of_addresses_is_the_librarys(
    address: ipaddress.IPv4Address, text: str
) -> None:
    assert r._number(str(address)) == (address.version, int(address))
    try:
        expected = int(ipaddress.ip_address(text))
    except ValueError:
        with pytest.raises(OSError):
            r._number(text)
    else:
        assert r._number(text)[1] == expected
