"""Claims to a table. The longest prefix is painted on top, so it costs nothing at a look-up."""

from __future__ import annotations

import ipaddress
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt

from comity.directory.types import HoldingKind
from comity.events.rules.enrich.painting import settle
from comity.events.rules.enrich.table import direct
from comity.events.rules.route.table import LOW_AS, RouteTable, country_place
from comity.events.types.routing import Claim, RouteSet

Array = npt.NDArray[Any]
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def route_sets(
    claims: Iterable[Claim], informing: Collection[UUID] = frozenset()
) -> tuple[RouteSet, ...]:
    """Every set an event can go to. `informing`: teams that want to be told of what others, nearer,
    answer for; of an AS number or a country they are a set of their own beside its owners. A sector
    chooses nobody."""
    teams: dict[tuple[HoldingKind, str], set[UUID]] = defaultdict(set)
    for claim in claims:
        if claim.kind is not HoldingKind.SECTOR:
            teams[claim.kind, claim.value].add(claim.team)
    around = _around(teams, frozenset(informing))
    sets = []
    for (kind, value), owners in teams.items():
        told = around.get((kind, value), frozenset()) - owners
        sets.append(RouteSet(kind.value, value, tuple(sorted(owners)), tuple(sorted(told))))
        chosen = owners & frozenset(informing)
        if chosen and kind in (HoldingKind.ASN, HoldingKind.COUNTRY):
            sets.append(RouteSet(kind.value, value, (), tuple(sorted(chosen))))
    return tuple(sorted(sets))


def _around(
    teams: Mapping[tuple[HoldingKind, str], set[UUID]], informing: frozenset[UUID]
) -> dict[tuple[HoldingKind, str], frozenset[UUID]]:
    """For each prefix and domain, who wants to be told of those that claim what lies around it."""
    found: dict[tuple[HoldingKind, str], frozenset[UUID]] = {}
    if not informing:
        return found
    nets = [ipaddress.ip_network(v) for kind, v in teams if kind is HoldingKind.PREFIX]
    stack: list[tuple[Network, frozenset[UUID]]] = []
    for net in sorted(nets, key=lambda n: (n.version, int(n[0]), n.prefixlen)):
        while stack and not _inside(net, stack[-1][0]):
            stack.pop()
        told = stack[-1][1] if stack else frozenset()
        key = (HoldingKind.PREFIX, str(net))
        found[key] = told
        stack.append((net, told | (teams[key] & informing)))
    for kind, name in teams:
        if kind is HoldingKind.DOMAIN:
            labels = name.split(".")
            above = (".".join(labels[at:]) for at in range(1, len(labels) - 1))
            who = (teams.get((kind, parent), set()) & informing for parent in above)
            found[kind, name] = frozenset[UUID]().union(*who)
    return found


def _inside(net: Network, other: Network) -> bool:
    return net.version == other.version and net.subnet_of(other)  # type: ignore[arg-type]


def build(sets: Sequence[RouteSet], numbers: Mapping[str, int]) -> RouteTable:
    """The table of these sets; `numbers` has the number of each by its key."""
    by_kind: dict[str, list[tuple[RouteSet, int]]] = defaultdict(list)
    owned: dict[str, int] = {}
    for one in sets:
        if one.owners:
            by_kind[one.kind].append((one, numbers[one.key]))
            owned[one.reason] = numbers[one.key]
    told = sorted((owned[one.reason], numbers[one.key]) for one in sets if not one.owners)
    prefixes = by_kind[HoldingKind.PREFIX.value]
    v4_starts, v4_sets = _painted(prefixes, 4)
    v6_starts, v6_sets = _painted(prefixes, 6)
    low, high, high_sets = _as_numbers(by_kind[HoldingKind.ASN.value])
    countries = np.zeros(1 << 16, np.uint32)
    for one, number in by_kind[HoldingKind.COUNTRY.value]:
        countries[country_place(one.value)] = number
    domains = by_kind[HoldingKind.DOMAIN.value]
    return RouteTable(
        version="",
        v4_starts=v4_starts,
        v4_direct=direct(v4_starts),
        v4_sets=v4_sets,
        v6_starts=v6_starts,
        v6_sets=v6_sets,
        low_as=low,
        high_as=high,
        high_as_sets=high_sets,
        countries=countries,
        told=np.array([number for number, _ in told], np.uint32),
        told_sets=np.array([number for _, number in told], np.uint32),
        domains=tuple(one.value for one, _ in domains),
        domain_sets=np.array([number for _, number in domains], np.uint32),
        prefixes=tuple(one.value for one, _ in prefixes),
        prefix_sets=np.array([number for _, number in prefixes], np.uint32),
    )


def _painted(prefixes: Sequence[tuple[RouteSet, int]], version: int) -> tuple[Array, Array]:
    nets = [(ipaddress.ip_network(one.value), number) for one, number in prefixes]
    mine = [(net, number) for net, number in nets if net.version == version]
    values = np.array([number for _, number in mine], np.uint32)
    first = [int(net.network_address) for net, _ in mine]
    after = [int(net.broadcast_address) + 1 for net, _ in mine]
    if version == 4:
        starts, sets = settle(np.array(first, np.int64), np.array(after, np.int64), values, 0)
        return starts.astype(np.uint32), sets
    low = np.array([number.to_bytes(16, "big") for number in first], "S16")
    high = [number.to_bytes(16, "big") if number < 1 << 128 else b"" for number in after]
    return settle(low, np.array(high, "S16"), values, b"")


def _as_numbers(sets: Sequence[tuple[RouteSet, int]]) -> tuple[Array, Array, Array]:
    pairs = sorted((int(one.value.removeprefix("AS")), number) for one, number in sets)
    low = np.zeros(LOW_AS, np.uint32)
    high = [(asn, number) for asn, number in pairs if asn >= LOW_AS]
    for asn, number in pairs:
        if asn < LOW_AS:
            low[asn] = number
    return (
        low,
        np.array([asn for asn, _ in high], np.uint32),
        np.array([number for _, number in high], np.uint32),
    )
