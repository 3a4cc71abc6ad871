"""Three ways to read an address agree: the plugin, plain Polars, and Python's `ipaddress`."""

from __future__ import annotations

import ipaddress
from contextlib import suppress

import polars as pl
from hypothesis import example, given
from hypothesis import strategies as st

from comity.events.rules.normalise import addresses

octets = st.one_of(
    st.integers(0, 300).map(str), st.sampled_from(["00", "01", "007", "", "1e1", "٣"])
)
fours = st.lists(octets, min_size=3, max_size=5).map(".".join)
groups = st.one_of(
    st.integers(0, 0x1FFFF).map("{:x}".format), st.sampled_from(["", "0000", "FFFF"])
)
sixes = st.lists(groups, min_size=2, max_size=9).map(":".join)
mixed = st.tuples(st.sampled_from(["::ffff:", "::", "64:ff9b::", "1:2:3:4:5:6:"]), fours).map(
    "".join
)
real = st.one_of(st.ip_addresses().map(str), st.ip_addresses(v=6).map(lambda a: a.exploded))
hostile = st.one_of(fours, sixes, mixed, real, st.text(max_size=12))


def oracle(text: str) -> tuple[str, int, int] | None:
    with suppress(ValueError):
        found = ipaddress.ip_address(text.strip())
        if isinstance(found, ipaddress.IPv6Address):
            if found.scope_id is not None:
                return None
            found = found.ipv4_mapped or found
        return str(found), int(found), found.version
    return None


@given(st.lists(hostile.filter(lambda t: "/" not in t), min_size=1, max_size=30))
@example(["1.2.3.4\n", "1.2.3.4 ", "::ffff:0:0", "::1.2.3.4", "0.0.0.0", "255.255.255.255", "::"])
@example(["1.2.3.4", None])  # type: ignore[list-item]
def test_columns_are_read_as_ipaddress_reads_them(texts: list[str]) -> None:
    found = addresses.read(pl.Series("ip", texts, pl.String))
    for at, text in enumerate(texts):
        expected = oracle(text) if text is not None else None
        if expected is None:
            assert found.text[at] is None
            assert found.hi is None or found.hi[at] is None
            assert found.ip4[at] is None
            continue
        spelled, number, version = expected
        assert found.text[at] == spelled
        if version == 4:
            assert found.ip4[at] == number
        else:
            assert found.ip4[at] is None
            assert found.hi is not None and found.lo is not None
            assert (found.hi[at] << 64) | found.lo[at] == number


@given(st.lists(st.one_of(fours, st.ip_addresses(v=4).map(str)), min_size=1, max_size=40))
def test_the_plugin_and_plain_polars_agree(texts: list[str]) -> None:
    column = pl.Series("ip", texts, pl.String)
    plugin = pl.select(addresses.iptools.ipv4_to_numeric(column)).to_series()
    assert plugin.to_list() == addresses.plain_ipv4(column).to_list()


@given(st.ip_addresses(), st.integers(0, 140))
def test_networks_are_read_as_ipaddress_reads_them(
    base: ipaddress.IPv4Address | ipaddress.IPv6Address, length: int
) -> None:
    found = addresses.understood(f"{base}/{length}")
    mapped = isinstance(base, ipaddress.IPv6Address) and base.ipv4_mapped
    if length > base.max_prefixlen or (mapped and length < 96):
        assert found is None
        return
    network = ipaddress.ip_network(f"{base}/{length}", strict=False)
    if mapped:
        network = ipaddress.ip_network(f"{mapped}/{length - 96}", strict=False)
    assert found is not None
    if network.prefixlen == network.max_prefixlen:
        assert (found.text, found.length) == (str(network.network_address), None)
    else:
        assert (found.text, found.length) == (str(network), network.prefixlen)
    assert found.number == int(network.network_address)


@given(st.lists(st.ip_addresses(v=4), min_size=1, max_size=40))
@example([ipaddress.IPv4Address(a) for a in ("172.15.255.255", "172.16.0.0", "172.31.255.255",
          "172.32.0.0", "223.255.255.255", "224.0.0.0", "203.0.113.0", "203.0.114.0")])  # fmt: skip
def test_special_addresses_are_those_of_the_table(ips: list[ipaddress.IPv4Address]) -> None:
    column = pl.Series([int(ip) for ip in ips], dtype=pl.UInt32)
    found = addresses.special(column)
    expected = [any(ip in n for n in addresses._SPECIAL if n.version == 4) for ip in ips]
    assert (found.to_list() if found is not None else [False] * len(ips)) == expected
