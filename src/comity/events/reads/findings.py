"""Findings as they stand on a day, as far as a viewer may know of them: what the compactor put into
the file of findings, and the events that came since.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl
from django.db.models import Q

from comity.events import models as m
from comity.events.reads import scoping
from comity.events.reads.house import places
from comity.events.rules import findings
from comity.events.store import columns
from comity.events.types.asking import Question
from comity.kit.tlp import Viewer

LAYOUT = m.DataFile.FINDINGS_LAYOUT
_SHORT = ("finding_key", "severity", *findings.SEEN, "alone")
"""What decides how a finding stands, and which come first."""
_DAY = dt.timedelta(days=1)
_GAP = findings.GONE_AFTER + 1  # days before a day that decide about it


@dataclass(frozen=True, slots=True)
class Standing:
    """The findings that were seen on a day or the day before: `new`, `reopened`, `gone`, each in
    the columns of `findings.SEEN` with `finding_key` and `severity`."""

    new: pl.DataFrame
    reopened: pl.DataFrame
    gone: pl.DataFrame
    found: _Found

    def whole(self, keys: Sequence[int]) -> pl.DataFrame:
        """All that is kept of these findings."""
        mine = pl.col("finding_key").is_in(pl.Series(keys, dtype=pl.UInt64).implode())
        parts = [self.found.held, *([] if self.found.tail is None else [self.found.tail.lazy()])]
        some = pl.concat([part.filter(mine).select(*findings.FINDING) for part in parts])
        return findings.folded(some, ("finding_key",)).collect()


@dataclass(frozen=True, slots=True)
class _Found:
    """Rows that the viewer may see and the question wants."""

    held: pl.LazyFrame  # of the file of findings, of any day
    until: int  # of their bits
    tail: pl.DataFrame | None  # of events that came since, bits back from the day asked for
    ahead: bool  # the file holds events of days after `until`


def standing(viewer: Viewer | None, question: Question, day: dt.date) -> Standing:
    """How the findings asked for stand on a day; the days of the question are of no account."""
    asked = replace(question, since=None, until=None, after=0)
    number = (day - scoping.EPOCH).days
    found = _found(viewer, asked, number)
    lately = pl.col("latest") >= dt.datetime.combine(day - _DAY, dt.time(), dt.UTC)
    known = findings.moved(
        found.held.filter(lately).select(*_SHORT), number - found.until
    ).collect()
    rows = _joined(known, found, number)
    back = found.until - number
    if back > findings.REMEMBERED - _GAP or (back < 0 and found.ahead):
        rows = _looked_up(viewer, asked, day, rows)
    return Standing(
        new=rows.filter(findings.new(number)),
        reopened=rows.filter(findings.reopened(number)),
        gone=rows.filter(findings.gone()),
        found=found,
    )


def _found(viewer: Viewer | None, question: Question, day: int) -> _Found:
    """One look into the manifest, so that nothing is missed while the compactor merges."""
    house = places()
    every = Q(kind=m.DataFile.FINDINGS, level=LAYOUT) | Q(kind=m.DataFile.EVENTS)
    files = list(m.DataFile.objects.filter(every).order_by("seq"))
    pieces = [row for row in files if row.kind == m.DataFile.FINDINGS]
    events = [row for row in files if row.kind == m.DataFile.EVENTS]
    fresh = [row for row in events if not pieces or not row.merged]
    mine = scoping.admitted(viewer, question)
    tails = [
        findings.folded(
            findings.sightings(
                columns.scan(house.store(str(row.pk)), row.constants, findings.WANTED).filter(mine),
                day,
            )
        )
        for row in fresh
    ]
    held = [
        columns.scan(house.store(str(row.pk)), row.constants, findings.HELD).filter(mine)
        for row in pieces
    ]
    until = max((int(row.constants["until"]) for row in pieces), default=day)
    tail = pl.concat(pl.collect_all(tails)) if tails else None
    return _Found(
        held=pl.concat(held) if held else pl.LazyFrame(schema=findings.HELD),
        until=until,
        tail=tail if tail is not None and tail.height else None,
        ahead=any(row.merged and row.last_day > until for row in events),
    )


def _joined(known: pl.DataFrame, found: _Found, day: int) -> pl.DataFrame:
    """One row a finding. Most have only one as it is."""
    short = _SHORT[:-1]
    several = [known.filter(~pl.col("alone")).select(short)]
    if found.tail is not None:
        fresh = pl.col("finding_key").is_in(found.tail["finding_key"].unique().implode())
        older = findings.moved(found.held.filter(fresh).select(short), day - found.until)
        known = known.filter(~fresh)
        several = [
            known.filter(~pl.col("alone")).select(short),
            older.collect(),
            found.tail.select(short),
        ]
    once = known.filter(pl.col("alone")).select(short)
    return pl.concat([once, _folded(pl.concat(several))])


def _folded(rows: pl.DataFrame) -> pl.DataFrame:
    newest = pl.col("last_seen").arg_max()
    return (
        rows.group_by("finding_key")
        .agg(
            pl.col("severity").get(newest),
            pl.col("first_seen").min(),
            pl.col("last_seen").max(),
            pl.col("count").sum(),
            pl.col("seen").bitwise_or(),
        )
        .select(rows.columns)
    )


def _looked_up(
    viewer: Viewer | None, question: Question, day: dt.date, rows: pl.DataFrame
) -> pl.DataFrame:
    """The bits of a day too far back, or ahead, for those that are kept: from the events of the
    days that decide."""
    span = replace(question, since=day - _GAP * _DAY, until=day)
    number = (day - scoping.EPOCH).days
    events = scoping.events(viewer, span)
    bits = (
        findings.sightings(events, number)
        .group_by("finding_key")
        .agg(pl.col("seen").bitwise_or())
        .collect()
    )
    joined = rows.drop("seen").join(bits, on="finding_key", how="left")
    return joined.with_columns(pl.col("seen").fill_null(0)).select(rows.columns)
