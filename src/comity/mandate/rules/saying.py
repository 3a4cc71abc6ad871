"""What persons say of a text, checked before it is kept: one rule for pages and machines.

What is refused is an error of `types.MandateError` whose words the doors translate.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterable

from comity.kit.languages import gettext_noop
from comity.mandate.types import MandateError, Target

REASON, LINE, LINES = 500, 300, 50  # characters of a reason and of a line; lines of evidence
FOUNDED = dt.date(1865, 5, 17)  # of the Union: no text of the field is older (ITU, "Our history")
AHEAD = 50  # years from now: further off, the year was mistyped


def words(text: str, most: int, empty: str, remedy: str) -> str:
    """Words of a person on one line, without blanks around. `empty`, `remedy`: when none are left.

    Raises MandateError for no words, more than `most` characters, or signs that are no text.
    """
    said = " ".join(text.split())
    if not said:
        raise MandateError(empty, remedy=remedy)
    if len(said) > most:
        raise MandateError(
            gettext_noop("This is too long to be kept."),
            remedy=gettext_noop("A reason has at most 500 characters, a line 300."),
        )
    # PostgreSQL takes no NUL, UTF-8 no half of a surrogate pair; nobody types either.
    if any(unicodedata.category(sign) in ("Cc", "Cs") for sign in said):
        raise MandateError(
            gettext_noop("There are control characters in the text."),
            remedy=gettext_noop("Type it again, or paste it as plain text."),
        )
    return said


def evidence(lines: Iterable[str]) -> list[str]:
    """Lines of evidence as kept: each once, without empty ones.

    Raises MandateError for too many, or for one that cannot be kept (`words`).
    """
    kept = list(dict.fromkeys(words(line, LINE, "", "") for line in lines if line.strip()))
    if len(kept) > LINES:
        raise MandateError(
            gettext_noop("Evidence has at most 50 lines."),
            remedy=gettext_noop("Name the records that show most, or one that lists them."),
        )
    return kept


def due_day(due: dt.date, text: dt.date | None, today: dt.date) -> dt.date:
    """The day, when a duty of a text of that day can be due on it; else MandateError."""
    if not (text or FOUNDED) <= due <= dt.date(today.year + AHEAD, 12, 31):
        raise MandateError(
            gettext_noop("A deadline lies after the day of its text and within fifty years."),
            remedy=gettext_noop("Check the year."),
        )
    return due


def once(targets: Iterable[Target]) -> list[Target]:
    """Each target once, in the order given."""
    return list(dict.fromkeys(targets))
