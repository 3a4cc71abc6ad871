"""Stored rows as people and programs see them: addresses in words, who must act and why."""

from __future__ import annotations

import ipaddress
import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
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
    found = _owners(viewer, _addresses(rows)).with_columns(_ids(rows))
    return found.select("event_id", *schema.schema(), "network", "repeats", "route_set")


def _ids(rows: pl.DataFrame) -> pl.Series:
    """The 128 bits of a row in the shape of a UUID."""
    both = np.empty((rows.height, 2), ">u8")
    both[:, 0], both[:, 1] = rows["row_key"].to_numpy(), rows["row_check"].to_numpy()
    digits = np.frombuffer(both.tobytes().hex().encode(), "S32").tolist()
    text = pl.col("event_id").str
    parts = (text.slice(0, 8), text.slice(8, 4), text.slice(12, 4), text.slice(16, 4))
    frame = pl.Series("event_id", digits, pl.Binary).cast(pl.String).to_frame()
    return frame.select(pl.concat_str(*parts, text.slice(20), separator="-")).to_series()


def _addresses(rows: pl.DataFrame) -> pl.DataFrame:
    found = rows.with_columns(_texts(rows, "src"), _texts(rows, "dst"), _prefixes(rows))
    return found.with_columns(
        pl.when(pl.col("network")).then(None).otherwise(pl.col("src_ip")).alias("src_ip")
    )


def network4() -> pl.Expr:
    """The first address of the network around an IPv4 address."""
    free = 32 - pl.col("src_prefix_len").cast(pl.Int64).clip(0, 32)
    address = pl.col("src_ip4").cast(pl.Int64)
    return address - address % pl.lit(2, pl.Int64).pow(free)


def _texts(rows: pl.DataFrame, end: str) -> pl.Series:
    name = f"{end}_ip"
    four = rows.select(iptools.numeric_to_ipv4(pl.col(f"{end}_ip4")).alias(name)).to_series()
    wide = _wide(rows, [f"{end}_ip6_hi", f"{end}_ip6_lo"], _six)
    return four if wide is None else four.fill_null(wide).alias(name)


def _prefixes(rows: pl.DataFrame) -> pl.Series:
    """The network around the address."""
    first = iptools.numeric_to_ipv4(network4().cast(pl.UInt32))
    text = pl.concat_str(first, pl.lit("/"), "src_prefix_len")
    four = rows.select(text.alias("src_prefix")).to_series()
    columns = ["src_ip6_hi", "src_ip6_lo", "src_prefix_len"]
    wide = _wide(rows, columns, _six_net)
    return four if wide is None else four.fill_null(wide).alias("src_prefix")


def _six_net(high: int, low: int, length: int) -> str:
    return str(ipaddress.IPv6Network((high << 64 | low, length), strict=False))


def _six(high: int, low: int) -> str:
    return str(ipaddress.IPv6Address(high << 64 | low))


def _wide(rows: pl.DataFrame, columns: list[str], said: Callable[..., str]) -> pl.Series | None:
    """What is said of each IPv6 address, once for equal ones; None where there are none."""
    if rows[columns[0]].null_count() == rows.height:
        return None
    each = rows.select(columns).unique().drop_nulls()
    each = each.with_columns(pl.Series("said", [said(*row) for row in each.iter_rows()], pl.String))
    return rows.select(columns).join(each, on=columns, how="left", maintain_order="left")["said"]


def _owners(viewer: Viewer | None, rows: pl.DataFrame) -> pl.DataFrame:
    numbers = rows["route_set"].unique().to_list()
    said = reasons(viewer, numbers)
    teams, why = ({n: both[at] for n, both in said.items()} for at in (0, 1))
    countries = rows["cc_used"].unique().to_list()
    known = directory.national_teams(viewer, timezone.now())
    national = {code: list(known.get(code, ())) for code in countries}  # several where it has them
    return rows.with_columns(
        _lists("owner_org", rows["route_set"], teams),
        _lists("owner_reason", rows["route_set"], why),
        _lists("owner_cirt", rows["cc_used"], national),
    )


def _lists(name: str, column: pl.Series, said: Mapping[Any, list[str]]) -> pl.Series:
    """For each value of the column what is said of it."""
    each = pl.DataFrame({column.name: column.unique()}).with_row_index("at")
    texts = pl.Series(name, [said[v] for v in each[column.name].to_list()], pl.List(pl.String))
    at = column.to_frame().join(
        each, on=column.name, how="left", nulls_equal=True, maintain_order="left"
    )
    return texts.gather(at["at"])


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
