"""One task: a stretch of a raw file to a file of events, its rows held back, its keys.

No database and no settings: all it needs is in the task and under its root. Done twice it does no
harm: its files have new names, and the committer takes a part once.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from comity.events.formats import parsing, reading
from comity.events.rules import batch, dedup
from comity.events.store import columns, runs, spool, tables
from comity.events.store.places import Places
from comity.events.types.chunks import Span, Text
from comity.events.types.sources import EventsError, Source
from comity.events.types.stored import Held
from comity.kit import ids

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Task:
    """A reference to work."""

    root: Path
    intake: str
    number: int
    file: str  # SHA-256 in the spool
    source: Source
    report_type: str
    report_date: dt.date | None
    received: dt.datetime
    secret: bytes
    span: Span | None = None  # None: the whole file
    as_it_lies: bool = False  # the file is UTF-8 without a mark: a part is read from the disk alone
    addresses: str = ""
    routes: str = ""
    hash_accounts: bool = True
    known: tuple[runs.Run, ...] = ()
    of: str = ""  # rows tried again: the file they are of, and
    lines: tuple[tuple[int, int], ...] = ()  # their number here and there


@dataclass(slots=True)
class Outcome:
    """What a task made. Nothing of it counts before it is committed."""

    task: Task
    rows: int = 0
    stored: int = 0
    duplicate: int = 0
    rejected: int = 0
    events: str = ""  # name of the file of events; empty when there are none
    held: Held | None = None
    constants: dict[str, Any] = field(default_factory=dict)
    refused: str = ""  # name of the file of rows held back
    refused_size: int = 0
    key: Array = field(default_factory=lambda: np.empty(0, np.uint64))  # in order; beside them
    check: Array = field(default_factory=lambda: np.empty(0, np.uint64))
    days: Array = field(default_factory=lambda: np.empty(0, np.int32))
    findings: Array = field(default_factory=lambda: np.empty(0, np.uint64))  # in order, once each
    checked: frozenset[str] = frozenset()  # runs that were looked into
    listed: tuple[Array, Array] | None = None  # of a snapshot
    unknown: tuple[str, ...] = ()  # columns nobody has seen before
    mapping: str = ""


@cache
def _known(places: Places) -> runs.Known:
    """The runs this process has open."""
    return runs.Known(places)


def read(task: Task) -> Text | None:
    """The part of a task, where it can be had before its turn comes."""
    if not (task.as_it_lies and task.span):
        return None
    try:
        return spool.stretch(Places(task.root), task.file, task.span)
    except (EventsError, OSError, MemoryError):
        return None  # said when it is its turn


@dataclass(slots=True)
class Worked:
    """A task worked on: its files are not on disk yet."""

    outcome: Outcome
    files: list[tuple[Path, memoryview]] = field(default_factory=list)

    def keep(self) -> Outcome:
        """Onto the disk with them."""
        for path, data in self.files:
            columns.keep(path, data)
        return self.outcome


def perform(task: Task) -> Outcome:
    """Do a task."""
    return work(task, None).keep()


def work(task: Task, text: Text | None) -> Worked:
    """Do all of it but to write. `text`: what `read` made of it."""
    places = Places(task.root)
    world = batch.World(
        tables.addresses(places, task.addresses),
        tables.routes(places, task.routes),
        task.secret,
        task.hash_accounts,
    )
    origin = batch.Origin(
        task.of or task.file, task.report_date, task.received, task.source.snapshot
    )
    before = _Before(places, task.known)
    done: list[batch.Batch] = []
    out = Outcome(task)
    for part in parsing.parse(
        _text(places, task) if text is None else text,
        task.source,
        now=task.received,
        report_type=task.report_type,
        report_date=task.report_date,
        span=task.span,
    ):
        made = batch.work(
            part.chunk, part.plan, part.events, part.rejected, world, origin, before.known
        )
        before.seen.append(made.keys)
        done.append(made)
        out.unknown, out.mapping = part.plan.unknown, part.plan.version
    out.checked = before.checked
    return _written(places, out, done)


def _text(places: Places, task: Task) -> Text:
    """What the reader reads."""
    if task.as_it_lies and task.span:
        return spool.stretch(places, task.file, task.span)
    return _whole(places, task.file)


@lru_cache(maxsize=1)
def _whole(places: Places, file: str) -> bytes:
    """Kept for the next part of the same file."""
    return reading.as_utf8(spool.get(places, file))


class _Before:
    """What is stored already, in other files and in earlier chunks of this part."""

    def __init__(self, places: Places, known: tuple[runs.Run, ...]) -> None:
        self.open = _known(places)
        self.open.keep_only(known)
        self.by_day: dict[int, list[runs.Run]] = {}
        self.seen: list[dedup.Keys] = []
        checked = set()
        for run in known:
            try:
                self.open.keys(run)
            except runs.DamagedRun:
                continue  # merged into another meanwhile: the committer looks into that
            self.by_day.setdefault(run.day, []).append(run)
            checked.add(run.name)
        self.checked = frozenset(checked)

    def known(self, days: Array, key: Array, check: Array) -> Array:
        found = self.open.stored(self.by_day, days, key, check)
        for keys in self.seen:
            found |= dedup.among(keys, key, check)
        return found


def _written(places: Places, out: Outcome, done: list[batch.Batch]) -> Worked:
    worked = Worked(out)
    out.rows = sum(part.rows for part in done)
    out.duplicate = sum(part.repeated for part in done)
    refused = batch.rejects([part.rejected for part in done if part.rejected.height])
    out.rejected = refused.height
    if out.task.lines:
        refused = _renumbered(refused, "row", out.task)
    some = [part for part in done if part.events.height]
    if out.rejected:
        out.refused = str(ids.new())
        data, _ = columns.packed(refused)
        worked.files.append((places.store(out.refused), data))
        out.refused_size = len(data)
    if some:
        events = pl.concat([part.events for part in some]) if len(some) > 1 else some[0].events
        if out.task.lines:
            events = _renumbered(events, "feed_row", out.task)
        _keyed(out, some)
        out.findings = dedup.distinct(events["finding_key"].to_numpy())
        out.stored = events.height
        out.events = str(ids.new())
        data, out.constants = columns.packed(events)
        worked.files.append((places.store(out.events), data))
        out.held = batch.held(events, out.days, len(data))
    if out.task.source.snapshot:
        lists = [part.listed for part in done]
        out.listed = (
            np.concatenate([one for one, _ in lists] or [out.findings]),
            np.concatenate([two for _, two in lists] or [out.findings]),
        )
    return worked


def _keyed(out: Outcome, parts: list[batch.Batch]) -> None:
    """The keys of all parts, in order: the committer has nothing left to sort."""
    out.key = np.concatenate([part.keys.key for part in parts])
    out.check = np.concatenate([part.keys.check for part in parts])
    out.days = np.concatenate([part.days for part in parts])
    if len(parts) > 1:
        order = np.argsort(out.key)
        out.key, out.check, out.days = out.key[order], out.check[order], out.days[order]


def _renumbered(frame: pl.DataFrame, name: str, task: Task) -> pl.DataFrame:
    """Rows that were tried again, under their numbers in their own file."""
    here, there = zip(*task.lines, strict=True)
    return frame.with_columns(
        pl.col(name).replace_strict(
            list(here), list(there), default=pl.col(name), return_dtype=pl.UInt32
        )
    )
