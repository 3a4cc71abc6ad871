"""Questions to the store. Every one takes the viewer first and tells nothing beyond them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from comity.events import models as m
from comity.events.reads import informed, scoping
from comity.events.reads.raw import raw_row
from comity.events.reads.showing import network4, shown
from comity.events.rules import seeing
from comity.events.types.asking import DRILL, GROUPS, Question
from comity.events.types.routing import informed_reason
from comity.events.types.sources import EventsError
from comity.kit.tlp import Viewer
from comity.people.rules import may


class NotHeld(EventsError):
    """Nothing here by that name, or nothing for this viewer: both look alike."""


def rows(viewer: Viewer | None, question: Question) -> pl.DataFrame:
    """Events, newest first, with who must act and why."""
    found = (
        scoping.events(viewer, question)
        .sort("time_source", "row_key", descending=True)
        .head(question.limit)
        .collect()
    )
    return shown(viewer, found)


def count(viewer: Viewer | None, question: Question) -> int:
    found = scoping.events(viewer, question).select(pl.len()).collect()
    return int(found.item())


def trend(viewer: Viewer | None, question: Question, by: str = "") -> pl.DataFrame:
    """Counts by day, and by one column more where asked."""
    groups = [pl.col("time_source").dt.date().alias("day"), *([by] if _known(by) else [])]
    found = scoping.events(viewer, question).group_by(groups).agg(pl.len().alias("events"))
    return found.sort("day", "events", descending=[False, True]).collect()


def counts(viewer: Viewer | None, question: Question, by: Sequence[str]) -> pl.DataFrame:
    """How many events stand in each group: by `day` and by columns of `GROUPS`."""
    groups = [
        _DAY if name == "day" else pl.col(name) for name in by if name == "day" or _known(name)
    ]
    return scoping.events(viewer, question).group_by(groups).agg(pl.len().alias("events")).collect()


_DAY = pl.col("time_source").dt.date().alias("day")


def top(viewer: Viewer | None, question: Question, by: str, most: int = 20) -> pl.DataFrame:
    """The values that stand on most events, with how many findings they are."""
    _known(by)
    found = scoping.events(viewer, question).group_by(by).agg(_COUNTS)
    return found.sort("events", by, descending=[True, False]).head(most).collect()


_COUNTS = (pl.len().alias("events"), pl.col("finding_key").n_unique().alias("findings"))


def drill(viewer: Viewer | None, question: Question, level: str, most: int = 200) -> pl.DataFrame:
    """One step from far to near: country, AS, network, address."""
    if level not in DRILL:
        raise EventsError(f"{level[:40]} is no level", remedy=f"Use one of {', '.join(DRILL)}.")
    keys = {
        "cc_used": ["cc_used"],
        "src_asn": ["src_asn", "src_as_name"],
        "prefix": ["src_net4", "src_net6", "src_prefix_len"],
        "src_ip": ["src_ip4", "src_ip6_hi", "src_ip6_lo", "src_prefix_len", "network"],
    }[level]
    found = scoping.events(viewer, question)
    if level == "prefix":
        found = found.with_columns(network4().alias("src_net4"), _network6())
    grouped = found.group_by(keys).agg(_COUNTS)
    return grouped.sort("events", descending=True).head(most).collect()


def _network6() -> pl.Expr:
    """The upper half of the network around it: announced networks are not longer than /64."""
    size = pl.lit(2, pl.UInt64).pow(64 - pl.col("src_prefix_len").cast(pl.Int64).clip(1, 64))
    address = pl.col("src_ip6_hi")
    return (address - address % size.cast(pl.UInt64)).alias("src_net6")


def _known(by: str) -> bool:
    if by and by not in GROUPS:
        raise EventsError(f"{by[:40]} makes no groups", remedy=f"Use one of {', '.join(GROUPS)}.")
    return bool(by)


def totals(viewer: Viewer, question: Question, by: str) -> pl.DataFrame:
    """For a secretariat: counts over everything, seen or not, as `seeing.total` tells them. A group
    of fewer than five has no line."""
    if not may(viewer, "events.totals"):
        raise NotHeld("there are no totals here")
    _known(by)
    what = scoping.seen(viewer)
    every = scoping.scanned(question).filter(scoping.narrowed(replace(question, own=False), what))
    told = seeing.total(scoping.predicate(what)).alias("events")
    found = every.group_by(by).agg(told).filter(pl.col("events") > 0)
    return found.sort("events", by, descending=[True, False]).collect()


@dataclass(frozen=True, slots=True)
class One:
    """One event with all that led to it."""

    event: dict[str, object]
    raw: str  # the row as the source sent it; empty when retention took the file
    mapping: str
    reason: list[str]
    informed: list[str]  # teams told beside those that must act, as far as one may hear
    informed_reason: str
    intake: m.Intake | None


def event(viewer: Viewer | None, event_id: str) -> One:
    """One event by its id. Raises `NotHeld`."""
    try:
        number = uuid.UUID(event_id).int
    except ValueError:
        raise NotHeld("no event has this id") from None
    mine = (pl.col("row_key") == pl.lit(number >> 64, pl.UInt64)) & (
        pl.col("row_check") == pl.lit(number & (2**64 - 1), pl.UInt64)
    )
    found = scoping.events(viewer, Question()).filter(mine).head(1).collect()
    if not found.height:
        raise NotHeld("no event has this id")
    row = shown(viewer, found).row(0, named=True)
    intake = m.Intake.objects.filter(raw=row["feed_file"]).order_by("received").first()
    raw = raw_row(row["feed_file"], row["feed_row"], row["feed_name"])
    told = informed.told_beside(viewer, row["route_set"], found["informed_set"][0])
    why = informed_reason(next(iter(row["owner_reason"]), "")) if told else ""
    return One(row, raw, row["mapping_version"], row["owner_reason"], told, why, intake)
