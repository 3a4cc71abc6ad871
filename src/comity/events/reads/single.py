"""One event with all that led to it: raw row, mapping, tables, rule, and its sightings."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import polars as pl

from comity.events import models as m
from comity.events.reads import asking, handed, scoping, tables
from comity.events.reads.house import feeds
from comity.events.reads.showing import shown
from comity.events.types.asking import Question
from comity.kit.tlp import Viewer


@dataclass(frozen=True, slots=True)
class Single:
    event: dict[str, Any]
    extra: list[tuple[str, str]]
    raw: str  # empty when retention took the file, or it may not be shown
    withheld: bool  # the raw row names an account that the store keeps hashed
    cells: list[tuple[str, str]]  # of a CSV row, under its header
    intake: m.Intake | None  # where the viewer may know of the file
    informed: list[str]  # as in `asking.One`
    informed_reason: str
    table: tables.Table | None
    sightings: int  # events of the same finding that the viewer may see
    first: dt.datetime
    last: dt.datetime


def single(viewer: Viewer, key: UUID, now: dt.datetime) -> Single:
    """One event by its id. Raises `NotHeld`."""
    found = asking.event(viewer, str(key))
    row = found.event
    version = found.intake.addresses if found.intake else ""
    seen = scoping.events(viewer, Question(finding=int(str(row["finding_key"]))))
    span = seen.select(
        pl.len().alias("n"),
        pl.col("time_source").min().alias("first"),
        pl.col("time_source").max().alias("last"),
    ).collect()
    known = handed.file(viewer, found.intake.pk) if found.intake else None
    withheld = bool(row["account"]) and not (
        found.intake and handed.opened(viewer).filter(pk=found.intake.pk).exists()
    )
    raw = "" if withheld else found.raw
    return Single(
        event=row,
        extra=_extra(row["extra"]),
        raw=raw,
        withheld=withheld,
        cells=_cells(found.header, str(row["feed_name"]), raw) if raw else [],
        intake=known,
        informed=found.informed,
        informed_reason=found.informed_reason,
        table=tables.table(version, now),
        sightings=span["n"][0],
        first=span["first"][0],
        last=span["last"][0],
    )


def _extra(text: object) -> list[tuple[str, str]]:
    if not text:
        return []
    said = json.loads(str(text))
    return [(name, str(value)) for name, value in said.items()]


def _cells(header: tuple[str, ...], feed: str, raw: str) -> list[tuple[str, str]]:
    """The cells that say something. Only CSV has a header to put them under."""
    source = feeds().get(feed)
    if source is None or not header:
        return []
    row = next(csv.reader(io.StringIO(raw), delimiter=source.separator), [])
    return [(name, cell) for name, cell in zip(header, row, strict=False) if cell.strip()]


def frame(viewer: Viewer, key: UUID) -> pl.DataFrame:
    """The event as a row of a file that leaves the house. Raises `NotHeld`."""
    return shown(viewer, asking.of_key(viewer, key))
