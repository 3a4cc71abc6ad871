"""Questions to the store. Every one takes the viewer first and tells nothing beyond them."""

from __future__ import annotations

import datetime as dt
import itertools
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
from comity.events.types.stored import STORED
from comity.kit.tlp import Viewer
from comity.people.rules import may


class NotHeld(EventsError):
    """Nothing here by that name, or nothing for this viewer: both look alike."""


def rows(viewer: Viewer | None, question: Question) -> pl.DataFrame:
    """Events, newest first, with who must act and why."""
    return shown(viewer, newest(scoping.parts(viewer, question), question.limit))


def newest(files: scoping.Parts, most: int) -> pl.DataFrame:
    """So many rows by time and key, newest first. Files of days before all of them stay shut."""
    order = ("time_source", "row_key")
    found = pl.DataFrame(schema={**STORED, "seq": pl.Int64()})
    files = sorted(files, key=lambda part: part[0].last_day, reverse=True)
    for day, group in itertools.groupby(files, key=lambda part: part[0].last_day):
        if found.height == most and day < found["time_source"][-1].timestamp() // 86_400:
            break
        some = pl.concat([part for _, part in group]).top_k(most, by=order).collect()
        found = pl.concat([found, some]).sort(order, descending=True).head(most)
    return found


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
    named = [name for name in by if name == "day" or _known(name)]
    return counted(scoping.parts(viewer, question), named)


def counted(files: scoping.Parts, by: Sequence[str]) -> pl.DataFrame:
    """The same of these files."""
    found = pl.collect_all([_counted(row, part, by) for row, part in files])
    told = pl.concat([pl.DataFrame(schema={**_types(by), "events": pl.UInt32()}), *found])
    days = sorted((row.first_day, row.last_day) for row, _ in files)
    apart = all(one[1] < two[0] for one, two in itertools.pairwise(days))
    if len(files) < 2 or ("day" in by and apart):
        return told  # no two files tell of the same group
    return told.group_by(by).agg(pl.col("events").sum())


def _counted(row: m.DataFile, part: pl.LazyFrame, by: Sequence[str]) -> pl.LazyFrame:
    """The groups of a file; what it says in all rows is told once a group, not compared in each."""
    types, known = _types(by), dict(row.constants)
    if row.first_day == row.last_day:
        known["day"] = scoping.EPOCH + dt.timedelta(days=row.first_day)
    varied = [_DAY if name == "day" else pl.col(name) for name in by if name not in known]
    size = pl.len().alias("events")
    found = part.group_by(varied).agg(size) if varied else part.select(size)
    said = [pl.lit(known[name], types[name]).alias(name) for name in by if name in known]
    return found.filter(pl.col("events") > 0).with_columns(said).select(*by, "events")


def _types(by: Sequence[str]) -> dict[str, pl.DataType]:
    return {name: pl.Date() if name == "day" else STORED[name] for name in by}


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
    header: tuple[str, ...]  # of a CSV file
    mapping: str
    reason: list[str]
    informed: list[str]  # teams told beside those that must act, as far as one may hear
    informed_reason: str
    intake: m.Intake | None


def of_key(viewer: Viewer | None, key: uuid.UUID) -> pl.DataFrame:
    """The row of an event: of all files only the keys are read. Raises `NotHeld`."""
    high, low = (pl.lit(n, pl.UInt64) for n in divmod(key.int, 1 << 64))
    mine = (pl.col("row_key") == high) & (pl.col("row_check") == low)
    files = scoping.parts(viewer, Question())
    keys = [part.select("row_key", "row_check").filter(mine).head(1) for _, part in files]
    for (_, part), key in zip(files, pl.collect_all(keys), strict=True):
        if key.height:
            return part.filter(mine).head(1).collect()
    raise NotHeld("no event has this id")


def event(viewer: Viewer | None, event_id: str) -> One:
    """One event by its id. Raises `NotHeld`."""
    try:
        found = of_key(viewer, uuid.UUID(event_id))
    except ValueError:
        raise NotHeld("no event has this id") from None
    row = shown(viewer, found).row(0, named=True)
    intake = m.Intake.objects.filter(raw=row["feed_file"]).order_by("received").first()
    raw = raw_row(row["feed_file"], row["feed_row"], row["feed_name"])
    told = informed.told_beside(viewer, row["route_set"], found["informed_set"][0])
    why = informed_reason(next(iter(row["owner_reason"]), "")) if told else ""
    return One(
        row, raw.text, raw.header, row["mapping_version"], row["owner_reason"], told, why, intake
    )
