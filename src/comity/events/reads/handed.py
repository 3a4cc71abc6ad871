"""Which files a viewer may know of: the house's own by their counts, a body's own with their rows.

A file names machines of many teams. So its rows held back are seen by the body that handed it in
and by who oversees the house; its counts also by the duty desk, where the house itself took it in.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

import polars as pl
from django.db.models import CharField, Count, Max, Min, Q, QuerySet, Sum
from django.db.models.functions import Cast

from comity.events import models as m
from comity.events.models.intake import SUMS
from comity.events.reads.house import feeds, places
from comity.events.reads.queue import Ledger
from comity.events.store import columns
from comity.events.types import schema
from comity.kit.tlp import Viewer
from comity.people.rules import may

PAGE = 50
MISSED = dt.timedelta(days=7)  # how long a report that came empty is an alarm


def counted(viewer: Viewer | None) -> QuerySet[m.Intake]:
    """Files whose counts the viewer may see; None is who sits at the machine itself."""
    every = m.Intake.objects.all()
    if viewer is None or may(viewer, "events.oversee"):
        return every
    if may(viewer, "events.watch"):
        return every.filter(Q(body=None) | Q(body__in=viewer.bodies))
    return every.none()


def opened(viewer: Viewer | None) -> QuerySet[m.Intake]:
    """Files whose rows held back the viewer may read and mend; None sits at the machine itself."""
    every = m.Intake.objects.all()
    if viewer is None or may(viewer, "events.oversee"):
        return every
    if may(viewer, "events.ingest"):
        return every.filter(body__in=viewer.bodies)
    return every.none()


@dataclass(frozen=True, slots=True)
class Files:
    """A page of files, newest first. `next` is where the following page begins."""

    rows: list[Ledger]
    next: str


def files(viewer: Viewer, *, feed: str = "", state: str = "", after: str = "") -> Files:
    found = counted(viewer)
    if feed:
        found = found.filter(feed=feed)
    if state == "rejected":
        found = found.filter(rejected__gt=0)
    elif state:
        found = found.filter(state=state)
    try:
        cursor = UUID(after) if after else None
    except ValueError:
        cursor = None
    if cursor is not None:
        found = found.filter(pk__lt=cursor)  # ids grow with time
    rows = [
        Ledger(*row)
        for row in found.order_by("-pk").values_list(*Ledger.__dataclass_fields__)[: PAGE + 1]
    ]
    return Files(rows[:PAGE], str(rows[PAGE - 1].id) if len(rows) > PAGE else "")


def file(viewer: Viewer, key: str | UUID) -> m.Intake | None:
    """A file by its id; None where there is none, or none for this viewer."""
    try:
        number = UUID(str(key))
    except ValueError:
        return None
    return counted(viewer).filter(pk=number).select_related("raw").first()


def rejected(viewer: Viewer, *, intake: UUID | None = None, most: int = 200) -> pl.DataFrame:
    """Rows held back, newest file first, with `intake`, `file` and `feed`."""
    held = m.DataFile.objects.filter(kind=m.DataFile.REJECTED, intake__in=opened(viewer))
    if intake is not None:
        held = held.filter(intake=intake)
    parts: list[pl.DataFrame] = []
    rows = 0
    for data in held.select_related("intake").order_by("-seq"):
        parts.append(_rows(data))
        rows += parts[-1].height
        if rows >= most:
            break
    empty = schema.no_rejects().with_columns(
        *(pl.lit("", pl.String).alias(name) for name in ("intake", "file", "feed"))
    )
    return pl.concat([empty, *parts]).head(most)


def _rows(data: m.DataFile) -> pl.DataFrame:
    path = places().store(str(data.pk))
    intake = data.intake
    assert intake is not None  # noqa: S101 - rows held back are of one file
    rows = columns.scan(path, columns.notes(path), schema.REJECTED).collect()
    return rows.sort("row").with_columns(
        pl.lit(str(intake.pk), pl.String).alias("intake"),
        pl.lit(intake.name, pl.String).alias("file"),
        pl.lit(intake.feed, pl.String).alias("feed"),
    )


@dataclass(frozen=True, slots=True)
class Work:
    """How the work stands: sums over files of some days, and what waits."""

    since: dt.datetime
    files: int
    rows: int
    stored: int
    duplicate: int
    rejected: int
    findings_new: int
    unrouted: int
    waiting: int
    oldest: dt.datetime | None  # of what waits
    failed: int


def work(viewer: Viewer, since: dt.datetime) -> Work:
    """Sums over the files received since a moment; what waits is counted whenever it came."""
    mine = counted(viewer)
    sums = mine.filter(received__gte=since).aggregate(
        files=Count("pk"),
        failed=Count("pk", filter=Q(state=m.Intake.FAILED)),
        **{f"sum_{name}": Sum(name) for name in SUMS},
    )
    queue = mine.filter(state=m.Intake.WAITING).aggregate(n=Count("pk"), oldest=Min("received"))
    return Work(
        since=since,
        files=sums["files"],
        failed=sums["failed"],
        waiting=queue["n"],
        oldest=queue["oldest"],
        **{name: sums[f"sum_{name}"] or 0 for name in SUMS},
    )


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed of the catalogue with its last file as far as the viewer may know of it."""

    name: str
    provider: str
    schedule: str
    licence: str
    terms: str
    tlp: str
    snapshot: bool
    silent_after: int
    last: dt.datetime | None
    rows: int  # of the last file
    files: int
    overdue: bool  # longer ago than the feed is silent by nature
    # Types of report whose last file has no rows, or could not be read, where one before had some.
    empty_types: tuple[str, ...]

    @property
    def emptied(self) -> bool:
        return bool(self.empty_types)

    @property
    def alarm(self) -> bool:
        return self.overdue or self.emptied


def feed_list(viewer: Viewer | None, now: dt.datetime) -> list[Feed]:
    """The catalogue: the silent first, then those that ever arrived, then the rest by name.

    When a feed arrived last is told to the duty desk; what the house can read, to everybody.
    """
    ended = counted(viewer).exclude(state=m.Intake.WAITING)
    counts = dict(counted(viewer).order_by().values_list("feed").annotate(n=Count("pk")))
    last = {
        name: ended.filter(feed=name).order_by("-pk").values_list("received", "rows").first()
        for name in counts
    }
    empty = _emptied(ended, now)
    rows = [
        _feed(name, last.get(name), counts.get(name, 0), tuple(empty.get(name, ())), now)
        for name in feeds()
    ]
    return sorted(rows, key=lambda row: (not row.alarm, row.last is None, row.name))


def _emptied(files: QuerySet[m.Intake], now: dt.datetime) -> dict[str, list[str]]:
    """Types of report that came empty lately, by feed: those of others do not stand in for them."""
    key = Cast("pk", CharField())  # ids grow with time
    newest = (
        files.order_by("feed", "report_type")
        .values_list("feed", "report_type")
        .annotate(last=Max(key), full=Max(key, filter=Q(rows__gt=0)), when=Max("received"))
    )
    found: dict[str, list[str]] = {}
    for feed, kind, last, full, when in newest:
        if full is not None and last > full and now - when <= MISSED:
            found.setdefault(feed, []).append(kind or feed)
    return found


def _feed(
    name: str,
    arrived: tuple[dt.datetime, int] | None,
    files: int,
    empty: tuple[str, ...],
    now: dt.datetime,
) -> Feed:
    source = feeds()[name]
    when, rows = arrived or (None, 0)
    overdue = bool(
        when and source.silent_after and now - when > dt.timedelta(hours=source.silent_after)
    )
    return Feed(
        name=name,
        provider=source.provider,
        schedule=source.schedule,
        licence=source.licence,
        terms=source.terms,
        tlp=source.tlp,
        snapshot=source.snapshot,
        silent_after=source.silent_after,
        last=when,
        rows=rows,
        files=files,
        overdue=overdue,
        empty_types=empty,
    )


def silent(rows: Iterable[Feed]) -> list[Feed]:
    return [row for row in rows if row.alarm]


def stored(viewer: Viewer) -> int:
    """Events stored of the files whose counts the viewer may see."""
    return counted(viewer).aggregate(n=Sum("stored"))["n"] or 0
