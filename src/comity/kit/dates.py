"""Dates as a source gives them: a year, a month or a day, never filled up to a false day.

A source that says "2014" leaves 365 days open. Comparing such a date has three answers, and the
third, "cannot be told", is kept; `first` and `last` are the bounds for those who must reckon.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum

from comity.kit.errors import KitError, shown
from comity.kit.languages import gettext_noop

OPEN = ".."  # an end that is not bounded, ISO 8601-2:2019, 4.4
_DATE = re.compile(r"(?P<y>[0-9]{4})(?:-(?P<m>[0-9]{2})(?:-(?P<d>[0-9]{2}))?)?")
_LONGEST = 2 * len("2014-05-30") + 1


class BadDate(KitError, ValueError):
    """A text or a number that is no date, or a period that ends before it starts."""


class Precision(StrEnum):
    YEAR = "year"
    MONTH = "month"
    DAY = "day"


_FINENESS = {precision: rank for rank, precision in enumerate(Precision)}


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A year, a month of a year, or a day. Equal means: says the same, as precisely.

    There is no `<`: "2014" is neither before "2014-05" nor after it. Sort by `sort_key`, decide
    by `certainly_before` and `may_overlap`.
    """

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if self.day is not None and self.month is None:
            raise _no_day(f"{self.year}-?-{self.day}")
        try:
            dt.date(
                self.year,
                1 if self.month is None else self.month,
                1 if self.day is None else self.day,
            )
        except (ValueError, OverflowError):
            parts = (self.year, self.month, self.day)
            raise _no_day("-".join(str(part) for part in parts if part is not None)) from None

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """The date of "2014", "2014-05" or "2014-05-30". Raises `BadDate` for anything else."""
        found = _DATE.fullmatch(text) if len(text) <= _LONGEST else None
        if found is None:
            raise BadDate(
                gettext_noop("This is no date"),
                shown(text),
                gettext_noop("Write 2014, 2014-05 or 2014-05-30, as precisely as the source."),
            )
        year, month, day = (None if part is None else int(part) for part in found.groups())
        try:
            return cls(year or 0, month, day)
        except BadDate:
            raise _no_day(text) from None

    @classmethod
    def of(cls, day: dt.date) -> PartialDate:
        """A day of the calendar, known to the day."""
        return cls(day.year, day.month, day.day)

    def __str__(self) -> str:
        text = f"{self.year:04d}"
        if self.month is not None:
            text += f"-{self.month:02d}"
        return text if self.day is None else f"{text}-{self.day:02d}"

    @property
    def precision(self) -> Precision:
        if self.month is None:
            return Precision.YEAR
        return Precision.MONTH if self.day is None else Precision.DAY

    @property
    def first(self) -> dt.date:
        """The earliest day that it can mean."""
        return dt.date(self.year, self.month or 1, self.day or 1)

    @property
    def last(self) -> dt.date:
        """The latest day that it can mean."""
        month = self.month or 12
        return dt.date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    @property
    def sort_key(self) -> tuple[dt.date, int]:
        """A total order for lists: by the first day, the less precise before the more precise.

        Never contradicts `certainly_before`; between dates that overlap it is only a habit.
        """
        return self.first, _FINENESS[self.precision]

    def certainly_before(self, other: PartialDate) -> bool:
        """Whether every day that this can mean lies before every day that the other can mean."""
        return self.last < other.first

    def may_overlap(self, other: PartialDate) -> bool:
        """Whether both can mean the same day: neither is certainly before the other."""
        return self.first <= other.last and other.first <= self.last

    def plus_months(self, months: int) -> PartialDate:
        """This date so many months on, never more precise than it was.

        A day that its new month does not have becomes the last of that month. A year is moved by
        its last month, so that a term reckoned from it is not said to be over too early.
        """
        month = self.month or 12
        year, month = divmod(self.year * 12 + month - 1 + months, 12)
        month += 1
        if not dt.MINYEAR <= year <= dt.MAXYEAR:
            raise _no_day(f"{self} + {months}")
        if self.month is None:
            return PartialDate(year)
        if self.day is None:
            return PartialDate(year, month)
        return PartialDate(year, month, min(self.day, calendar.monthrange(year, month)[1]))


def _no_day(text: str) -> BadDate:
    return BadDate(
        gettext_noop("The calendar has no such date"),
        shown(text),
        gettext_noop("Check year, month and day; leave out what the source does not say."),
    )


@dataclass(frozen=True, slots=True)
class Period:
    """From a date to a date, both within it; None is open: it has no bound on that side.

    With bounds that are no days, whether something lies within it may be untellable: then the
    answer is None, not a guess.
    """

    start: PartialDate | None
    end: PartialDate | None

    def __post_init__(self) -> None:
        if self.start and self.end and self.end.certainly_before(self.start):
            raise BadDate(
                gettext_noop("This period ends before it starts"),
                shown(str(self)),
                gettext_noop("Write the earlier date first."),
            )

    @classmethod
    def parse(cls, text: str) -> Period:
        """The period of "2014/2016", "2014-05/.." or "../2014-05-30". Raises `BadDate`."""
        bounds = text.split("/") if len(text) <= _LONGEST else []
        if len(bounds) != 2:
            raise BadDate(
                gettext_noop("This is no period"),
                shown(text),
                gettext_noop("Write two dates as in 2014/2016-05, with .. for an open side."),
            )
        start, end = (None if bound == OPEN else PartialDate.parse(bound) for bound in bounds)
        return cls(start, end)

    def __str__(self) -> str:
        return "/".join(OPEN if bound is None else str(bound) for bound in (self.start, self.end))

    # Start and end are each one unknown day between two known ones, the start not after the end.

    @property
    def _starts(self) -> tuple[dt.date, dt.date]:
        """The earliest and the latest day on which it can start."""
        if self.start is None:
            return dt.date.min, dt.date.min
        return self.start.first, min(self.start.last, self.end.last if self.end else dt.date.max)

    @property
    def _ends(self) -> tuple[dt.date, dt.date]:
        """The earliest and the latest day on which it can end."""
        if self.end is None:
            return dt.date.max, dt.date.max
        return max(self.end.first, self.start.first if self.start else dt.date.min), self.end.last

    def overlaps(self, other: Period) -> bool | None:
        """Whether the two share a day; None when the dates are not precise enough to tell."""
        if self._starts[1] <= other._ends[0] and other._starts[1] <= self._ends[0]:
            return True
        if self._starts[0] <= other._ends[1] and other._starts[0] <= self._ends[1]:
            return None
        return False

    def contains(self, when: PartialDate) -> bool | None:
        """Whether the day that `when` means lies in it; None when that cannot be told."""
        if self._starts[1] <= when.first and when.last <= self._ends[0]:
            return True
        if self._starts[0] <= when.last and when.first <= self._ends[1]:
            return None
        return False
