"""A frame of events to the numbers of their route sets.

The longest prefix decides, then the longest domain, then the AS number, then the country. The
domain is what the row is about (`fqdn`, or the host of `url`), never the PTR name: whoever holds
an address writes into that what they like.
"""

from __future__ import annotations

import ipaddress
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from comity.events.rules.enrich.table import places4, places6
from comity.events.rules.route.table import RouteTable, as_sets

Array = npt.NDArray[Any]
HOST = r"^[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#@]*@)?([^/:?#]+)"


def route(events: pl.DataFrame, table: RouteTable | None) -> pl.DataFrame:
    """`route_set` and `informed_set` added: who must act, and who around them is told.

    Of those around by AS number and country only the nearest is noted; those around by prefix or
    domain stand in the set itself.
    """
    if table is None:
        nobody = pl.lit(0, pl.UInt32)
        return events.with_columns(route_set=nobody, informed_set=nobody)
    found = _by_prefix(events, table)
    _by_domain(events, table, found)
    asn = as_sets(table, events["src_asn"].fill_null(0).to_numpy())
    country = _by_country(events["cc_used"], table)
    told = _told(table, found, asn, country)
    open_ = found == 0
    found = np.where(open_, np.where(asn != 0, asn, country), found)
    return events.with_columns(
        pl.Series("route_set", found.astype(np.uint32)),
        pl.Series("informed_set", told.astype(np.uint32)),
    )


def _told(table: RouteTable, nearer: Array, asn: Array, country: Array) -> Array:
    """The nearest set, farther than the one that answers, with somebody who wants to be told."""
    if not len(table.told):
        return np.zeros(len(asn), np.uint32)
    by_as = np.where(nearer != 0, _told_of(table, asn), 0)
    taken = (nearer != 0) | (asn != 0)
    by_country = np.where(taken, _told_of(table, country), 0)
    return np.where(by_as != 0, by_as, by_country)


def _told_of(table: RouteTable, sets: Array) -> Array:
    """Who of each set wants to be told; 0 for nobody."""
    at = np.minimum(np.searchsorted(table.told, sets), len(table.told) - 1)
    return np.where(table.told[at] == sets, table.told_sets[at], 0)


def _by_prefix(events: pl.DataFrame, table: RouteTable) -> Array:
    column = events["src_ip4"]
    if column.null_count():
        found = np.zeros(events.height, np.uint32)
        have = np.flatnonzero(column.is_not_null().to_numpy())
        four = column.drop_nulls().to_numpy()
        found[have] = table.v4_sets[places4(table.v4_direct, table.v4_starts, four)]
        wide = events["src_ip6_hi"]
        six = np.flatnonzero(wide.is_not_null().to_numpy())
        if len(six):
            low = events["src_ip6_lo"].gather(six).to_numpy()
            places = places6(table.v6_starts, wide.gather(six).to_numpy(), low)
            found[six] = table.v6_sets[places]
    else:
        places = places4(table.v4_direct, table.v4_starts, column.to_numpy())
        found = table.v4_sets[places]
    alone = events["src_ip"]
    if alone.null_count():
        _whole_networks(events, table, found)
    return found


def _whole_networks(events: pl.DataFrame, table: RouteTable, found: Array) -> None:
    """A row about a network goes to who claims all of it, not to who claims its first address."""
    rows = np.flatnonzero(events["src_ip"].is_null() & events["src_prefix"].is_not_null())
    for row, text in zip(rows.tolist(), events["src_prefix"].gather(rows).to_list(), strict=True):
        found[row] = network_set(table, text)


def network_set(table: RouteTable, text: str) -> int:
    """The set of the longest claim that holds the whole of a network."""
    net = ipaddress.ip_network(text)
    for length in range(net.prefixlen, -1, -1):
        number = table.by_prefix.get(str(net.supernet(new_prefix=length)))
        if number:
            return number
    return 0


def _by_domain(events: pl.DataFrame, table: RouteTable, found: Array) -> None:
    """Fill in what no prefix decided, by the longest suffix of the domain."""
    names, urls = events["fqdn"], events["url"]
    if not table.domains or (names.null_count() + urls.null_count() == 2 * events.height):
        return
    host = pl.coalesce(pl.col("fqdn"), pl.col("url").str.extract(HOST, 1)).str.to_lowercase()
    asked = events.select(
        host=host.str.strip_chars_end("."),
        row=pl.int_range(pl.len(), dtype=pl.UInt32),
    ).filter(pl.col("host").is_not_null() & pl.Series(found == 0))
    ends = pl.Series(sorted(table.ends_of_domains), dtype=pl.String)
    asked = asked.filter(pl.col("host").str.extract(r"([^.]+\.[^.]+)$", 1).is_in(ends.implode()))
    if not asked.height:
        return
    distinct = asked["host"].unique()
    sets = pl.DataFrame(
        {"host": distinct, "number": [domain_set(table, name) for name in distinct.to_list()]},
        schema_overrides={"number": pl.UInt32},
    )
    hit = asked.join(sets, on="host", how="left")
    found[hit["row"].to_numpy()] = hit["number"].to_numpy()


def domain_set(table: RouteTable, name: str) -> int:
    """The set of the longest domain at or above a name."""
    labels = name.split(".")
    for at in range(len(labels) - 1):
        number = table.by_domain.get(".".join(labels[at:]))
        if number:
            return number
    return 0


def _by_country(codes: pl.Series, table: RouteTable) -> Array:
    if codes.null_count() == len(codes):
        return np.zeros(len(codes), np.uint32)
    distinct = codes.unique()
    sets = [country_set(table, code) for code in distinct.to_list()]
    if not any(sets):
        return np.zeros(len(codes), np.uint32)
    return codes.replace_strict(distinct, sets, default=0, return_dtype=pl.UInt32).to_numpy()


def country_set(table: RouteTable, code: str | None) -> int:
    """The set of a country's code."""
    if code is None or len(code) != 2 or not code.isascii():
        return 0
    return int(table.countries[ord(code[0]) << 8 | ord(code[1])])
