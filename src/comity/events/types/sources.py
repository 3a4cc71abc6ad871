"""What the room reads: feeds, how their files are framed, what their columns mean. All of it data.

A new feed is a row in `data/feeds.yaml` and, if its columns are its own, a file in
`data/mappings/`. It is never a class.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from comity.kit.errors import KitError


class EventsError(KitError):
    """The root of the room's errors: what is wrong, where, what to do."""


class BadFile(EventsError):
    """A file that yields no events: empty, a web page, a bomb, not what its name says."""


class BadMapping(EventsError):
    """A mapping or a catalogue that contradicts itself; `place` is file and field."""


class Framing(StrEnum):
    """How a file is cut into rows."""

    CSV = "csv"
    JSONL = "jsonl"  # one JSON object a line
    JSON = "json"  # one object, a list of objects, or an object that holds the list
    LINES = "lines"  # a value a line, a comment behind a sign
    XARF = "xarf"  # X-ARF v4: a report is an object
    N6 = "n6"  # JSON, addresses nested


class Header(StrEnum):
    """Where a CSV file says its columns."""

    FIRST = "first"
    COMMENT = "comment"  # inside the last comment before the data, as abuse.ch does
    NONE = "none"  # nowhere: `Source.columns` says them


@dataclass(frozen=True, slots=True)
class Source:
    """A feed as the catalogue knows it. `mapping` names what its columns mean."""

    name: str
    provider: str
    framing: Framing = Framing.CSV
    mapping: str = "generic"
    table: str = ""  # the text of that mapping, where the operator has one of their own
    report_type: str = ""  # fixed; empty: the file's name says it
    separator: str = ","
    comment: str = ""  # lines that begin with it are no rows
    header: Header = Header.FIRST
    columns: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()  # a header without any of these is not this feed's
    zone: str = "UTC"  # of times that name none; "": the source does not say
    tlp: str = "AMBER"
    confidence: int | None = None
    snapshot: bool = False  # a file lists all that holds: what is absent is gone
    schedule: str = ""  # "daily", "hourly", "every 5 minutes": for people
    silent_after: int = 0  # hours without a file until the alarm; 0: never
    licence: str = ""
    terms: str = ""  # where the licence can be read
    url: str = ""
    files: tuple[str, ...] = ()  # names of files by which the feed is recognised, as globs


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one type of report says of its rows, whatever they hold."""

    report_type: str
    constants: Mapping[str, str] = field(default_factory=dict)  # column of ours: value
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # theirs: ours; wins
    known: frozenset[str] = frozenset()  # columns this type is known to have; empty: not said


@dataclass(frozen=True, slots=True)
class ValueTable:
    """Columns of ours that follow from the value of one column of theirs.

    Words in `rows` are compared in lower case. `anywhere`: the word may stand among others,
    separated by ";" or "," (tags); otherwise the whole cell must be it.
    """

    column: str
    rows: Mapping[str, Mapping[str, str]]
    anywhere: bool = False
    only: frozenset[str] = frozenset()  # types of report it holds for; empty: all


@dataclass(frozen=True, slots=True)
class MappingTable:
    """What the columns of a family of reports mean. Versioned: each event records the version."""

    name: str
    version: str
    columns: Mapping[str, tuple[str, ...]]  # theirs: ours, one or several
    constants: Mapping[str, str] = field(default_factory=dict)
    values: tuple[ValueTable, ...] = ()
    types: Mapping[str, Meaning] = field(default_factory=dict)
    known: frozenset[str] = frozenset()  # columns seen before that go to `extra`
    ignored: frozenset[str] = frozenset()  # columns that say nothing: dropped
    fallback: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # theirs: ours, last

    @property
    def label(self) -> str:
        """As it stands on events: "shadowserver@2026-11-30"."""
        return f"{self.name}@{self.version}"


@dataclass(frozen=True, slots=True)
class Step:
    """One column of theirs becomes one or several of ours."""

    column: str
    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """How one file's columns become ours: made once from source and header, data throughout."""

    source: Source
    report_type: str
    version: str
    steps: tuple[Step, ...]
    constants: Mapping[str, str]
    values: tuple[ValueTable, ...]
    extra: tuple[str, ...]  # columns kept in `extra`
    unknown: tuple[str, ...]  # those of them nobody has seen before: to be told
    taxonomies: Mapping[str, str]  # type of incident: its taxonomy
    known_type: bool = True  # False: a type of report without meaning of its own


@dataclass(frozen=True, slots=True)
class Arrival:
    """What a file's name says: feed, type of report, date; empty or None where it says nothing."""

    feed: str = ""
    report_type: str = ""
    report_date: dt.date | None = None
