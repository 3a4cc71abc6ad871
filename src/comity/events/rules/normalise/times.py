"""Times of a whole column to UTC.

The form that nearly all feeds write goes through Polars; any other is read one distinct text at a
time, by a closed list of forms. A form that is not in the list is refused, never guessed.
"""

from __future__ import annotations

import datetime as dt
import email.utils
from dataclasses import dataclass

import polars as pl

from comity.events.rules.normalise.addresses import MISSING
from comity.events.types.schema import EARLIEST, TIME, Flag

_FORMS = (
    "%d/%b/%Y:%H:%M:%S %z",
    "%Y-%m-%d %H:%M:%S %Z",
    "%Y-%m-%d %H:%M:%S.%f %Z",
    "%Y/%m/%d %H:%M:%S",
)
SLACK = dt.timedelta(days=1)
"""How far ahead of our clock a source's may be: time zones are confused by up to 14 hours."""


@dataclass(slots=True)
class Times:
    """A column, understood."""

    values: pl.Series
    bad: pl.Series | None = None  # said, and no time
    assumed: pl.Series | None = None  # true where no zone was written


def one(text: str) -> tuple[dt.datetime, bool] | None:
    """One text as a time in UTC, and whether it named its zone; None when it is no time."""
    text = text.strip()
    if text.isascii() and text.replace(".", "", 1).isdigit() and len(text) >= 9:
        return _epoch(text)
    found: dt.datetime | None = None
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        for form in _FORMS:
            try:
                found = dt.datetime.strptime(text, form)  # noqa: DTZ007
            except ValueError:
                continue
            if form.endswith("%Z"):
                found = found.replace(tzinfo=dt.UTC) if text.endswith(("UTC", "GMT")) else None
            break
        else:
            found = _mail(text)
    if found is None:
        return None
    try:
        if found.tzinfo is None:
            return found.replace(tzinfo=dt.UTC), False
        return found.astimezone(dt.UTC), True
    except OverflowError:
        return None


def _epoch(text: str) -> tuple[dt.datetime, bool] | None:
    """Seconds since 1970, or milliseconds, or microseconds."""
    number = float(text)
    digits = len(text.partition(".")[0])
    if digits > 16:
        return None
    scale = 1 if digits <= 10 else 1_000 if digits <= 13 else 1_000_000
    try:
        return dt.datetime.fromtimestamp(number / scale, dt.UTC), True
    except (OverflowError, ValueError, OSError):
        return None


def _mail(text: str) -> dt.datetime | None:
    try:
        return email.utils.parsedate_to_datetime(text) if text[:1].isalpha() else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def read(column: pl.Series) -> Times:
    """A column of text (empty is null), understood."""
    values = column.str.to_datetime("%Y-%m-%d %H:%M:%S", time_unit="us", strict=False).cast(TIME)
    rest = values.is_null() & column.is_not_null()
    if not rest.any():
        return Times(values, assumed=column.is_not_null())
    at = rest.arg_true()
    texts = column.gather(at).to_list()
    known = {text: one(text) for text in set(texts)}
    found = [known[text] for text in texts]
    values = values.scatter(at, pl.Series([f and f[0] for f in found], dtype=TIME))
    bad = [
        f is None and t.strip().lower() not in MISSING for f, t in zip(found, texts, strict=True)
    ]
    assumed = column.is_not_null().scatter(
        at, pl.Series([bool(f and not f[1]) for f in found], dtype=pl.Boolean)
    )
    mask = None
    if any(bad):
        none = pl.Series([False]).new_from_index(0, len(column))
        mask = none.scatter(at, pl.Series(bad, dtype=pl.Boolean))
    return Times(values, mask, assumed)


def flags(times: Times, *, stated_zone: bool, now: dt.datetime) -> pl.Series | None:
    """What is odd about the times of a column; None when nothing is."""
    values = times.values
    low, high = values.min(), values.max()
    result: pl.Series | None = None
    if (isinstance(low, dt.datetime) and low < EARLIEST) or (
        isinstance(high, dt.datetime) and high > now + SLACK
    ):
        odd = ((values < EARLIEST) | (values > now + SLACK)).fill_null(False)
        result = odd.cast(pl.UInt32) * int(Flag.TIME_UNLIKELY)
    if not stated_zone and times.assumed is not None and times.assumed.any():
        more = times.assumed.cast(pl.UInt32) * int(Flag.TIME_ASSUMED_UTC)
        result = more if result is None else result + more
    return result


def stand_in(report_date: dt.date | None, now: dt.datetime) -> dt.datetime:
    """What stands where a row has no time: noon of the report's day, never later than now."""
    if report_date is None:
        return now
    noon = dt.datetime.combine(report_date, dt.time(12), dt.UTC)
    return min(noon, now) if report_date <= now.date() else noon
