"""Shares of a country's routed space, against counting by hand."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from comity.directory.rules.constituency import range_of
from comity.directory.rules.coverage import Share, coverage
from comity.directory.types import AddressRange


def test_overlapping_claims_count_once() -> None:
    routed = [range_of("192.0.2.0/24"), range_of("2001:db8::/32")]
    claims = {
        "a": [range_of("192.0.2.0/25"), range_of("192.0.2.64/26")],
        "b": [range_of("192.0.2.0/26"), range_of("2001:db8:1::/48"), range_of("198.51.100.0/24")],
        "c": [],
    }
    found = coverage(routed, claims)
    assert (found.v4_addresses, found.v4_covered) == (256, 128)
    assert (found.v6_48s, found.v6_covered) == (65536, 1)
    assert found.by_team == {"a": Share(128, 0), "b": Share(64, 1), "c": Share(0, 0)}


def test_the_whole_address_space_is_counted_exactly() -> None:
    everything = [range_of("0.0.0.0/0"), range_of("::/0")]
    found = coverage(everything, {"a": everything})
    assert found.v4_covered == found.v4_addresses == 2**32
    assert found.v6_covered == found.v6_48s == 2**48


def test_nothing_routed_is_nothing() -> None:
    found = coverage([], {"a": [range_of("192.0.2.0/24")]})
    assert (found.v4_addresses, found.v4_covered, found.v6_48s, found.v6_covered) == (0, 0, 0, 0)


@st.composite
def ranges(draw: st.DrawFn) -> AddressRange:
    version = draw(st.sampled_from([4, 6]))
    unit = 1 if version == 4 else 2**78  # quarters of a /48
    first = draw(st.integers(0, 60))
    last = first + draw(st.integers(0, 20))
    return AddressRange(version, first * unit, (last + 1) * unit - 1)


@given(
    st.lists(ranges(), max_size=6),
    st.dictionaries(st.integers(0, 3), st.lists(ranges(), max_size=4)),
)
def test_coverage_agrees_with_counting(
    routed: list[AddressRange], claims: dict[int, list[AddressRange]]
) -> None:
    def units(items: list[AddressRange], version: int) -> set[int]:
        unit = 1 if version == 4 else 2**78
        return {
            n
            for r in items
            if r.version == version
            for n in range(r.first // unit, r.last // unit + 1)
        }

    found = coverage(routed, claims)
    every = [r for items in claims.values() for r in items]
    assert found.v4_addresses == len(units(routed, 4))
    assert found.v4_covered == len(units(routed, 4) & units(every, 4))
    assert found.v6_48s == len({n // 4 for n in units(routed, 6)})
    assert found.v6_covered == len({n // 4 for n in units(routed, 6) & units(every, 6)})
    for team, items in claims.items():
        own = Share(
            len(units(routed, 4) & units(items, 4)),
            len({n // 4 for n in units(routed, 6) & units(items, 6)}),
        )
        assert found.by_team[team] == own
