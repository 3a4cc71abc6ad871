"""Why an address goes where it goes, and what the directory as it is now would change.

For the operator: claims under a marking are named here too.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
from typing import Any
from uuid import UUID

import polars as pl

from comity.directory import reads as directory
from comity.directory.rules import constituency
from comity.directory.types import HoldingKind
from comity.events import models as m
from comity.events.reads import informed, scoping
from comity.events.reads.house import places
from comity.events.rules import route
from comity.events.rules.enrich import enrich
from comity.events.store import tables
from comity.events.types import schema
from comity.events.types.asking import Question
from comity.events.types.routing import Claim, RouteSet, informed_reason
from comity.events.types.sources import EventsError
from comity.kit.errors import KitError


def _newest(kind: str) -> str:
    rows = m.TableFile.objects.filter(kind=kind).order_by("-loaded").values_list("version")
    found = rows.first()
    return str(found[0]) if found else ""


def _now(informing: frozenset[UUID] | None = None) -> tuple[route.RouteTable, dict[int, RouteSet]]:
    """The directory as it is now, with numbers of this question alone."""
    told = informed.chosen() if informing is None else informing
    sets = route.route_sets((Claim(*one) for one in directory.standing_claims()), told)
    numbers = {one.key: number for number, one in enumerate(sets, 1)}
    return route.build(sets, numbers), dict(enumerate(sets, 1))


def explained(text: str, domain: str = "") -> dict[str, Any]:
    """What the tables say of an address, what each rule says of it, and who must act."""
    try:
        question = constituency.understand(text)
    except KitError as error:
        raise EventsError(error.message, error.place, error.remedy) from None
    if question.kind is not HoldingKind.PREFIX:
        raise EventsError(f"{text[:60]} is no address", remedy="Give an address or a network.")
    table, sets = _now()
    row = enrich(_event(question.value, domain), tables.addresses(places(), _newest("addresses")))
    found = route.explain(row, table)
    teams = directory.teams_named()

    def codes(some: tuple[UUID, ...]) -> list[str]:
        return [teams[team].code for team in some if team in teams]

    said = row.row(0, named=True)
    chosen = sets.get(found.number)
    told = set(codes(chosen.informed) if chosen else [])
    if found.informed:
        told |= set(codes(sets[found.informed].informed))
    steps = [
        {
            "rule": kind,
            "asked": asked,
            "matched": sets[number].value if number else "",
            "teams": codes(sets[number].owners) if number else [],
        }
        for kind, asked, number in found.steps
    ]
    return {
        "address": text,
        "prefix_length": said["src_prefix_len"],
        "asn": said["src_asn"],
        "as_name": said["src_as_name"],
        "cc_registered": said["cc_registered"],
        "cc_geo": said["cc_geo"],
        "cc_used": said["cc_used"],
        "steps": steps,
        "reason": chosen.reason if chosen else "",
        "owners": codes(chosen.owners) if chosen else [],
        "informed": sorted(told),
        "informed_reason": informed_reason(chosen.reason) if chosen and told else "",
    }


def _event(prefix: str, domain: str) -> pl.DataFrame:
    net = ipaddress.ip_network(prefix)
    alone = net.prefixlen == net.max_prefixlen
    first = int(net[0])
    four = net.version == 4
    row = {
        "src_ip": str(net[0]) if alone else None,
        "src_prefix": None if alone else prefix,
        "src_prefix_len": None if alone else net.prefixlen,
        "src_ip4": first if four else None,
        "src_ip6_hi": None if four else first >> 64,
        "src_ip6_lo": None if four else first & (2**64 - 1),
        "fqdn": domain or None,
        "flags": 0,
    }
    whole = {name: [row.get(name)] for name in schema.PARSED}
    return pl.DataFrame(whole, schema=schema.PARSED)


def dry_run(day: dt.date, informing: frozenset[UUID] | None = None) -> list[dict[str, Any]]:
    """For each team the events of a day it would gain, lose and keep, and those it would be told of
    beside others; `informing`, where given, is who would be told."""
    stored = scoping.scanned(Question(since=day, until=day))
    stored = stored.filter(pl.col("time_source").dt.date() == day)
    wanted = ("src_ip4", "src_ip6_hi", "src_ip6_lo", "src_prefix_len", "network", "fqdn", "url")
    rows = stored.select(*wanted, "src_asn", "cc_used", "route_set", "informed_set").collect()
    whole = rows.filter(pl.col("network"))
    # An address needs no text to be routed; a network does, and they are few.
    nets = [
        str(ipaddress.ip_network((a, n))) if a is not None else None
        for a, n in whole.select("src_ip4", "src_prefix_len").iter_rows()
    ]
    single = rows.filter(~pl.col("network")).with_columns(
        pl.lit("").alias("src_ip"), pl.lit(None, pl.String).alias("src_prefix")
    )
    whole = whole.with_columns(
        pl.lit(None, pl.String).alias("src_ip"), pl.Series("src_prefix", nets, pl.String)
    )
    table, now = _now(informing)
    before = {
        row.pk: RouteSet(
            row.kind, row.value, tuple(map(UUID, row.owners)), tuple(map(UUID, row.informed))
        )
        for row in m.RouteSetRow.objects.all()
    }
    teams = directory.teams_named()
    changes = route.changes(pl.concat([single, whole]), table, before, now)
    return [
        {
            "team": teams[one.team].code if one.team in teams else str(one.team),
            "gains": one.gains,
            "loses": one.loses,
            "keeps": one.keeps,
            "told_gains": one.told_gains,
            "told_loses": one.told_loses,
        }
        for one in changes
    ]
