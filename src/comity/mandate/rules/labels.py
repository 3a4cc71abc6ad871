"""What a version is called: the day of a draft, the year of an adopted text, read from the text."""

from __future__ import annotations

import datetime as dt
import re

from comity.mandate.types import ArtefactKind, Text

_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_DAY = re.compile(r"\b(\d{1,2})\s+(" + "|".join(_MONTHS) + r")\s+(\d{4})\b", re.IGNORECASE)
_YEAR = re.compile(r"\((?:Rev\.)?[^()]*?\b(\d{4})\)")
# Inside brackets stand places and years, and the number of the conference's own revision.
_BRACKETS = re.compile(r"[(（][^()（）]*[)）]?")
_NUMBER = re.compile(r"(?<![A-Za-z0-9])[0-9]{1,6}(?:[./-][0-9]{1,6}){0,3}(?![A-Za-z0-9])")


def is_label(label: str) -> bool:
    """A year, or a day of the calendar.

    >>> [is_label(label) for label in ("2014", "2014-10-28", "2014-02-31", "2014-W44-2", "0000")]
    [True, True, False, False, False]
    """
    try:
        dt.date.fromisoformat(label if len(label) != 4 else f"{label}-01-01")
    except ValueError:
        return False
    return len(label) in (4, 10) and label.replace("-", "").isdecimal()


def date_of(text: Text) -> dt.date | None:
    """The day a text names in its head ("28 October 2014"), or None."""
    head = " ".join(a.text for a in text.artefacts if a.kind is ArtefactKind.HEAD)
    found = _DAY.search(head)
    if text.date or not found:
        return text.date
    day, month, year = found.groups()
    try:
        return dt.date(int(year), _MONTHS.index(month.lower()) + 1, int(day))
    except ValueError:  # "31 February"
        return None


def label_of(text: Text) -> str | None:
    """ "2014-10-28" for a dated draft, "2014" for an adopted text; None when the text is silent."""
    date = date_of(text)
    if text.status == "draft" and date:
        return date.isoformat()
    found = _YEAR.search(text.title) or _YEAR.search(text.formula)
    if found:
        return found[1]
    return date.isoformat() if date else None


def number_in(title: str) -> str:
    """The number in a title, as a key writes it; "" where there is none. In any language.

    >>> number_in("RESOLUTION 130 (REV. BUSAN, 2014)"), number_in("UNGA Resolution 68/198")
    ('130', '68-198')
    >>> number_in("Draft resolution (Busan, 2014)"), number_in("第130号决议(2014年,釜山)")
    ('', '130')
    """
    found = _NUMBER.search(_BRACKETS.sub(" ", title))
    return re.sub(r"[./-]+", "-", found[0]) if found else ""


def is_numbered_otherwise(title: str, number: str) -> bool:
    """Whether a title has a number, and not the one of a key: `number` is "res-130".

    >>> is_numbered_otherwise("RESOLUTION 130", "res-131"), is_numbered_otherwise("On x", "res-131")
    (True, False)
    """
    mine, asked = number_in(title), number.partition("-")[2]
    return bool(mine) and any(c.isdigit() for c in asked) and mine != asked


def by_day(date: dt.date | None, label: str) -> dt.date:
    """The day a version stood at the latest: its own, else the last of its label's year.

    A day that no source names is never shown; this one only puts versions in order.
    """
    return date or dt.date(int(label[:4]), 12, 31)


def order(date: dt.date | None, label: str, status: str) -> tuple[dt.date, bool, str]:
    """Where a version stands among the others: by day, a draft before what was adopted from it."""
    return by_day(date, label), status != "draft", label


def gone(eid: str, label: str) -> str:
    """What is said of a unit that is in no later version: the newer one may use its eId anew.

    >>> gone("recs_recalling__rec_h", "2014-10-28")
    'recs_recalling__rec_h@2014-10-28'
    """
    return f"{eid}@{label}"
