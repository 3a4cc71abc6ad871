"""Why an event went where it went, and what another table would change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import polars as pl

from comity.directory.types import HoldingKind
from comity.events.rules.route.deciding import country_set, domain_set, route
from comity.events.rules.route.table import RouteTable
from comity.events.types.routing import Change, RouteSet


@dataclass(frozen=True, slots=True)
class Explained:
    """What each rule said of one event, in the order in which they are asked; the first decides."""

    steps: tuple[tuple[str, str, int], ...]  # kind, what was looked up, number of the set
    number: int
    informed: int


def explain(event: pl.DataFrame, table: RouteTable) -> Explained:
    """The routing of one enriched event, step by step. It is the same function that routes."""
    row = event.row(0, named=True)
    routed = route(event, table).row(0, named=True)
    bare = event.with_columns(
        *(pl.lit(None, event.schema[name]).alias(name) for name in ("fqdn", "url", "cc_used")),
        src_asn=pl.lit(None, pl.UInt32),
    )
    by_prefix = int(route(bare, table)["route_set"][0])
    address = row["src_ip"] or row["src_prefix"] or ""
    name = row["fqdn"] or ""
    by_as = event.with_columns(
        *(pl.lit(None, event.schema[n]).alias(n) for n in ("fqdn", "url", "cc_used")),
        *(pl.lit(None, event.schema[n]).alias(n) for n in ("src_ip4", "src_ip6_hi", "src_prefix")),
    )
    steps = (
        (HoldingKind.PREFIX.value, address, by_prefix),
        (HoldingKind.DOMAIN.value, name, domain_set(table, name) if name else 0),
        (
            HoldingKind.ASN.value,
            f"AS{row['src_asn']}" if row["src_asn"] else "",
            int(route(by_as, table)["route_set"][0]),
        ),
        (HoldingKind.COUNTRY.value, row["cc_used"] or "", country_set(table, row["cc_used"])),
    )
    return Explained(steps, int(routed["route_set"]), int(routed["informed_set"]))


def changes(
    events: pl.DataFrame,
    table: RouteTable,
    sets: Mapping[int, RouteSet],
    after: Mapping[int, RouteSet] | None = None,
) -> tuple[Change, ...]:
    """Which teams would gain and lose events that were routed before (`route_set` as stored, the
    numbers of `sets`), were they routed by this table (the numbers of `after`)."""
    later = sets if after is None else after
    before = events["route_set"].alias("before")
    again = route(events.drop("route_set", "informed_set", strict=False), table)
    told = events["informed_set"].alias("told")
    pairs = pl.DataFrame([before, told, again["route_set"], again["informed_set"]])
    counts: dict[str, Counter[UUID]] = {name: Counter() for name in _COUNTED}
    for old, old_told, new, new_told, count in pairs.group_by(pairs.columns).len().iter_rows():
        had, has = _owners(sets, old), _owners(later, new)
        heard, hears = _informed(sets, old, old_told), _informed(later, new, new_told)
        moved = (has - had, had - has, had & has, hears - heard, heard - hears)
        for name, some in zip(_COUNTED, moved, strict=True):
            counts[name].update(dict.fromkeys(some, count))
    teams = sorted(frozenset[UUID]().union(*counts.values()))
    return tuple(Change(team, *(counts[name][team] for name in _COUNTED)) for team in teams)


_COUNTED = ("gains", "loses", "keeps", "told_gains", "told_loses")


def _owners(sets: Mapping[int, RouteSet], number: int) -> frozenset[UUID]:
    return frozenset(sets[number].owners) if number in sets else frozenset()


def _informed(sets: Mapping[int, RouteSet], *numbers: int) -> frozenset[UUID]:
    return frozenset(team for n in numbers if n in sets for team in sets[n].informed)
