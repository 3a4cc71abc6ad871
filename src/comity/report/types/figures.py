"""Figures: what is counted, how, for which paragraphs, and what came out.

A count of a year, a total at a date and a share are different types on purpose: a total is never
added to another, a share always says of how many, and what nobody reported is None, never 0.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from comity.kit.errors import KitError
from comity.registry.types import Told

INSTRUMENT = "itu-pp/res-130"
TEXT = "2014"  # the version whose paragraphs the figures answer


class ReportError(KitError):
    """What cannot be reported: what is wrong, where, what to do next."""


class FigureType(StrEnum):
    COUNT = "count"  # of what happened in the year
    TOTAL = "total"  # of what there is on a day
    SHARE = "share"  # so many of so many


@dataclass(frozen=True, slots=True)
class Count:
    n: int | Decimal


@dataclass(frozen=True, slots=True)
class Total:
    """`as_of` is as exact as its source: a year stays a year."""

    n: int | Decimal
    as_of: str


@dataclass(frozen=True, slots=True)
class Share:
    numerator: int
    denominator: int

    def __post_init__(self) -> None:
        if not 0 <= self.numerator <= self.denominator or not self.denominator:
            raise ReportError(f"{self.numerator} of {self.denominator} is no share")

    @property
    def percent(self) -> float:
        return round(100 * self.numerator / self.denominator, 1)


Value = Count | Total | Share | None
"""None is "not reported"."""


class Chapter(StrEnum):
    """Where in the report a figure stands: the five pillars of the GCA, then the rest."""

    LEGAL = "legal"
    TECHNICAL = "technical"
    ORGANIZATIONAL = "organizational"
    CAPACITY = "capacity_building"
    COOPERATION = "cooperation"
    OVERVIEW = "overview"
    SECTORS = "sectors"
    STATES = "states"
    REQUESTS = "requests"
    PROPOSALS = "proposals"
    INDICATORS = "indicators"
    WSIS = "wsis"
    OUTSIDE = "outside"
    DOUBTS = "doubts"
    DUTIES = "duties"
    TOTALS = "totals"


@dataclass(frozen=True, slots=True)
class Figure:
    """One answer of one named query. Words are English here (`label`, `unit`, `filter`: marked
    for the catalogues, with `given` to fill in); a door says them in the reader's language.

    `failed` names why there is no value where there should be one. `few`: there is one, under
    five, of something personal, and it is not told. `quoted`: the label is the title of an entry
    in this language, not ours to translate.
    """

    id: str
    label: str
    unit: str
    type: FigureType
    chapter: Chapter
    filter: str
    value: Value
    as_of: str
    paragraphs: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    given: Mapping[str, str] = field(default_factory=dict)
    quoted: str = ""
    failed: str = ""
    few: bool = False


# --- what figures are made from -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Scope:
    """What a report is about: a year, told from what was recorded up to the cut-off. `day` is
    the last day reported on: the end of the year, or the day of the cut-off before it."""

    year: int
    cutoff: dt.datetime
    today: dt.date

    @property
    def day(self) -> dt.date:
        return min(dt.date(self.year, 12, 31), self.cutoff.date())

    @property
    def start(self) -> dt.date:
        return dt.date(self.year, 1, 1)


@dataclass(frozen=True, slots=True)
class Stand:
    """How a duty stood from a moment on: the status, and on what evidence."""

    status: str
    evidence: tuple[str, ...]
    moment: dt.datetime


@dataclass(frozen=True, slots=True)
class DutyFact:
    """What a paragraph asks of whom, and how it stood. `stands` are in order of time."""

    key: str  # of the paragraph
    actors: tuple[str, ...]
    force: str
    frequency: str | None
    is_reporting: bool
    stands: tuple[Stand, ...] = ()
    deadlines: tuple[tuple[dt.date, str], ...] = ()

    def on(self, moment: dt.datetime) -> Stand | None:
        """How it stood at a moment; None where nobody had said anything."""
        said = [stand for stand in self.stands if stand.moment <= moment]
        return said[-1] if said else None


@dataclass(frozen=True, slots=True)
class ParagraphFact:
    """One paragraph in the language held nearest to the document's."""

    key: str
    eid: str
    num: str
    section: str
    text: str
    level: int = 0


@dataclass(frozen=True, slots=True)
class RevisionFact:
    label: str
    year: int
    date: dt.date | None
    held: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a report is made from, loaded once, as everybody may see it."""

    scope: Scope
    entries: tuple[Told, ...]
    duties: tuple[DutyFact, ...]
    revisions: tuple[RevisionFact, ...]
    members: frozenset[str]  # Member States on the day, ISO 3166-1
    developed_least: frozenset[str]  # of them, on the day
    national_teams: Mapping[str, tuple[str, ...]]  # country to its teams, as of the cut-off
    first_year: int = 0  # of the instrument: before it nothing was asked
