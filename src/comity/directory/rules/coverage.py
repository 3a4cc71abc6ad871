"""What share of a country's routed address space some team answers for.

Exact arithmetic on whole numbers: overlapping claims count once, IPv4 by address, IPv6 by /48,
the size a site gets (RFC 6177), because single IPv6 addresses measure nothing.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVar

from comity.directory.types import AddressRange

Span = tuple[int, int]
Team = TypeVar("Team", bound=Hashable)

_UNIT_BITS = {4: 0, 6: 80}  # how many low bits of an address do not count


@dataclass(frozen=True, slots=True)
class Share:
    """What one team answers for of the routed space."""

    v4_addresses: int
    v6_48s: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """`by_team` counts each team by itself: where two claim the same the sum exceeds the whole."""

    v4_addresses: int
    v4_covered: int
    v6_48s: int
    v6_covered: int
    by_team: Mapping[Hashable, Share]


def coverage(
    routed: Iterable[AddressRange], claims: Mapping[Team, Iterable[AddressRange]]
) -> Coverage:
    """How much of the routed ranges the claims cover. A claim is a team's prefixes and the
    networks of its AS numbers (`formats.ranges`); what it claims beyond the routed does not
    count. A /48 counts as soon as a part of it is routed, and as covered once a part is."""
    space = {version: _union(_spans(routed_, version)) for version, routed_ in _both(routed)}
    by_team: dict[Hashable, Share] = {}
    covered: dict[int, list[Span]] = {4: [], 6: []}
    for team, ranges in claims.items():
        counts = {}
        for version, own in _both(ranges):
            common = _meet(space[version], _union(_spans(own, version)))
            counts[version] = _count(_in_units(common, version))
            covered[version] += common
        by_team[team] = Share(counts[4], counts[6])
    return Coverage(
        v4_addresses=_count(_in_units(space[4], 4)),
        v4_covered=_count(_in_units(_union(covered[4]), 4)),
        v6_48s=_count(_in_units(space[6], 6)),
        v6_covered=_count(_in_units(_union(covered[6]), 6)),
        by_team=MappingProxyType(by_team),
    )


def _both(ranges: Iterable[AddressRange]) -> list[tuple[int, list[AddressRange]]]:
    known = list(ranges)
    return [(4, known), (6, known)]


def _spans(ranges: Iterable[AddressRange], version: int) -> list[Span]:
    return [(r.first, r.last) for r in ranges if r.version == version]


def _union(spans: Iterable[Span]) -> list[Span]:
    """The same numbers as spans in order that neither overlap nor touch."""
    joined: list[Span] = []
    for first, last in sorted(spans):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return joined


def _meet(one: list[Span], other: list[Span]) -> list[Span]:
    """What lies in both; both in order and without overlaps."""
    common: list[Span] = []
    i = j = 0
    while i < len(one) and j < len(other):
        first, last = max(one[i][0], other[j][0]), min(one[i][1], other[j][1])
        if first <= last:
            common.append((first, last))
        if one[i][1] < other[j][1]:
            i += 1
        else:
            j += 1
    return common


def _in_units(spans: Iterable[Span], version: int) -> list[Span]:
    bits = _UNIT_BITS[version]
    return _union((first >> bits, last >> bits) for first, last in spans)


def _count(spans: Iterable[Span]) -> int:
    return sum(last - first + 1 for first, last in spans)
