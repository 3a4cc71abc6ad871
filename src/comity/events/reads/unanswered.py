"""The queue of what nobody answers for: by country and AS, for who looks for somebody."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from comity.events.reads import scoping
from comity.events.types.asking import Question
from comity.kit.tlp import Viewer
from comity.people.rules import may


@dataclass(frozen=True, slots=True)
class Unanswered:
    """One line of the queue. Empty values: the tables know none."""

    country: str
    asn: int
    as_name: str
    events: int
    findings: int


def unanswered(viewer: Viewer, question: Question, most: int = 100) -> list[Unanswered]:
    """Counts alone: what may be seen of the rows is the marking's to say."""
    if not may(viewer, "events.watch"):
        return []
    every = scoping.scanned(question).filter(
        scoping.narrowed(question, scoping.NOBODY) & (pl.col("route_set") == 0)
    )
    found = (
        every.group_by("cc_used", "src_asn")
        .agg(
            pl.col("src_as_name").first(),
            pl.len().alias("events"),
            pl.col("finding_key").n_unique().alias("findings"),
        )
        .sort("events", "cc_used", "src_asn", descending=[True, False, False])
        .head(most)
        .collect()
    )
    return [
        Unanswered(
            row["cc_used"] or "",
            row["src_asn"] or 0,
            row["src_as_name"] or "",
            row["events"],
            row["findings"],
        )
        for row in found.iter_rows(named=True)
    ]
