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
