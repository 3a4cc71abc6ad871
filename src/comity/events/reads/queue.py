"""How the work stands: files with their counts, rows held back, the unrouted."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

import polars as pl

from comity.events import models as m
from comity.events.reads import scoping
from comity.events.reads.house import places
from comity.events.store import columns
from comity.events.types import schema
from comity.events.types.asking import Question
from comity.kit.tlp import Viewer
from comity.people.rules import may


@dataclass(frozen=True, slots=True)
class Ledger:
    """What came of a file: rows = stored + duplicate + rejected."""

    id: UUID
    name: str
    feed: str
    report_type: str
    received: dt.datetime
    state: str
    rows: int
    stored: int
    duplicate: int
    rejected: int
    findings_new: int
    unrouted: int
    error: str


_FIELDS = tuple(Ledger.__dataclass_fields__)


def intakes(viewer: Viewer, most: int = 100) -> list[Ledger]:
    """The last files, newest first, for who oversees the house."""
    if not may(viewer, "events.oversee"):
        return []
    found = m.Intake.objects.order_by("-received")[:most]
    return [Ledger(*row) for row in found.values_list(*_FIELDS)]


def refused(viewer: Viewer | None, intake: UUID | None = None, most: int = 1_000) -> pl.DataFrame:
    """Rows held back with file, line, field, reason and raw text."""
    kept: list[pl.DataFrame] = []
    if viewer is None or may(viewer, "events.oversee"):
        found = m.DataFile.objects.filter(kind=m.DataFile.REJECTED).select_related("intake")
        if intake is not None:
            found = found.filter(intake=intake)
        for row in found.order_by("-seq"):
            kept.append(_refused(row))
            if sum(part.height for part in kept) >= most:
                break
    empty = schema.no_rejects().with_columns(
        *(pl.lit("").alias(name) for name in ("file", "feed", "intake"))
    )
    return pl.concat([empty, *kept], how="diagonal").head(most)


def _refused(row: m.DataFile) -> pl.DataFrame:
    path = places().store(str(row.pk))
    rows = columns.scan(path, columns.notes(path), schema.REJECTED).collect()
    intake = row.intake
    assert intake is not None  # noqa: S101 - rows held back are of one file
    return rows.with_columns(
        pl.lit(intake.name).alias("file"),
        pl.lit(intake.feed).alias("feed"),
        pl.lit(str(intake.pk)).alias("intake"),
    )


def unrouted(viewer: Viewer, question: Question, by: str = "cc_used") -> pl.DataFrame:
    """The queue of what nobody answers for, with counts by country or AS, for who oversees the
    house. The duty desk has `unanswered`."""
    if not may(viewer, "events.oversee"):
        return pl.DataFrame(schema={by: pl.String(), "events": pl.UInt32()})
    every = scoping.scanned(question).filter(pl.col("route_set") == 0)
    found = every.group_by(by).agg(pl.len().alias("events"))
    return found.sort("events", descending=True).collect()
