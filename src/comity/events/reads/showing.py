"""Stored rows as people and programs see them: addresses in words, who must act and why."""

from __future__ import annotations

import ipaddress
import uuid
from collections.abc import Iterable

import polars as pl
import polars_iptools as iptools
from django.utils import timezone

from comity.directory import reads as directory
from comity.events import models as m
from comity.events.types import schema
from comity.kit.tlp import Viewer

WITHHELD = ""  # a claim that the viewer may not hear of


def shown(viewer: Viewer | None, rows: pl.DataFrame) -> pl.DataFrame:
    """The columns of `schema.COLUMNS`, `event_id` first."""
    found = _owners(viewer, _addresses(rows))
    ids = [
        str(uuid.UUID(int=key << 64 | check))
        for key, check in found.select("row_key", "row_check").iter_rows()
    ]
    found = found.with_columns(pl.Series("event_id", ids, pl.String))
    return found.select("event_id", *schema.schema(), "network", "repeats", "route_set")


def _addresses(rows: pl.DataFrame) -> pl.DataFrame:
    src, dst = _texts(rows, "src"), _texts(rows, "dst")
    found = rows.with_columns(src, dst)
    prefixes = [
        _prefix(text, length)
        for text, length in found.select("src_ip", "src_prefix_len").iter_rows()
    ]
    found = found.with_columns(pl.Series("src_prefix", prefixes, pl.String))
    return found.with_columns(
        pl.when(pl.col("network")).then(None).otherwise(pl.col("src_ip")).alias("src_ip")
    )


def _texts(rows: pl.DataFrame, end: str) -> pl.Series:
    name = f"{end}_ip"
    four = rows.select(iptools.numeric_to_ipv4(pl.col(f"{end}_ip4")).alias(name)).to_series()
    wide = rows[f"{end}_ip6_hi"]
    if wide.null_count() == len(wide):
        return four
    six = [
        None if high is None else str(ipaddress.IPv6Address(high << 64 | low))
        for high, low in zip(wide.to_list(), rows[f"{end}_ip6_lo"].to_list(), strict=True)
    ]
    return four.fill_null(pl.Series(name, six, pl.String)).alias(name)


def _prefix(address: str | None, length: int | None) -> str | None:
    if address is None or length is None:
        return None
    return str(ipaddress.ip_network(f"{address}/{length}", strict=False))


def _owners(viewer: Viewer | None, rows: pl.DataFrame) -> pl.DataFrame:
    numbers = rows["route_set"].unique().to_list()
    said = reasons(viewer, numbers)
    owners = [said[number][0] for number in rows["route_set"].to_list()]
    why = [said[number][1] for number in rows["route_set"].to_list()]
    texts = pl.List(pl.String)
    return rows.with_columns(
        pl.Series("owner_org", owners, texts),
        pl.Series("owner_reason", why, texts),
        pl.Series("owner_cirt", _national(viewer, rows["cc_used"]), texts),
    )


def _national(viewer: Viewer | None, countries: pl.Series) -> list[list[str]]:
    """The national teams of each row's country: several where a country has several."""
    known = directory.national_teams(viewer, timezone.now())
    teams = {code: list(known.get(code, ())) for code in countries.unique().to_list()}
    return [teams[code] for code in countries.to_list()]


def reasons(
    viewer: Viewer | None, numbers: Iterable[int]
) -> dict[int, tuple[list[str], list[str]]]:
    """For each set the codes of its teams, and the claim that decided. A claim under a marking that
    the viewer does not pass is not named, nor is who made it, except to the team itself."""
    wanted = [number for number in numbers if number]
    rows = list(m.RouteSetRow.objects.filter(pk__in=wanted))
    teams = directory.teams_named()
    values = [row.value for row in rows]
    open_ = directory.seen_claims(viewer, values) if viewer else set()
    found: dict[int, tuple[list[str], list[str]]] = {0: ([], [])}
    for row in rows:
        codes, why = [], []
        for text in row.owners:
            team = teams.get(uuid.UUID(text))
            if team is None:
                continue
            ours = viewer is None or (team.body is not None and team.body in viewer.bodies)
            if ours or (row.kind, row.value, team.id) in open_:
                codes.append(team.code)
                why.append(f"{row.kind} {row.value}")
        found[row.pk] = (codes, why)
    for number in wanted:
        found.setdefault(number, ([], []))
    return found
