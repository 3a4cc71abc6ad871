"""One spelling for a team's time zone and for dates that are as exact as their source.

Whom-do-I-call shows the local time there, summer time included, so a zone is a place of the IANA
database; an offset alone is taken only where it is exactly one of that database's fixed zones.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from zoneinfo import available_timezones

from comity.directory.types import DirectoryError
from comity.kit.errors import shown
from comity.kit.languages import gettext_noop


@cache
def _zones() -> dict[str, str]:
    # "localtime" and "Factory" are names of machines, not of places.
    names = available_timezones() - {"localtime", "Factory"}
    return {name.casefold(): name for name in names if not name.startswith(("posix/", "right/"))}


_OFFSET = re.compile(r"(?:UTC|GMT)?\s*([+\u2212-])\s*([0-9]{1,2})(?::?([0-9]{2}))?(?:\s*h)?", re.I)


def canonical_zone(text: str) -> str:
    """The IANA name: "europe/vienna" is Europe/Vienna, "UTC+3" is Etc/GMT-3."""
    bare = text.strip().strip("()").strip()
    name = _zones().get(bare.casefold().replace(" ", "_"))
    if name is not None:
        return "Etc/UTC" if name in ("UTC", "GMT", "Zulu", "UCT", "Etc/GMT") else name
    match = _OFFSET.fullmatch(bare)
    if match is None:
        remedy = gettext_noop("Name a place of the IANA database, such as Africa/Nairobi.")
        raise DirectoryError(gettext_noop("{text} is no time zone"), "", remedy, text=shown(text))
    hours, minutes = int(match[2]), int(match[3] or 0)
    east = match[1] == "+"
    if minutes or hours > (14 if east else 12):
        remedy = gettext_noop("Name a place, such as Asia/Kolkata for UTC+05:30.")
        raise DirectoryError(
            gettext_noop("{text} is no zone of whole hours"), "", remedy, text=shown(text)
        )
    # POSIX counts hours to the west: the sign is the other way round (tzdata, file etcetera).
    return f"Etc/GMT{'-' if east else '+'}{hours}" if hours else "Etc/UTC"


_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})(?:[T ][0-9:.+Z-]*)?)?)?", re.ASCII)


def canonical_date(text: str) -> str:
    """ "2014", "2014-05" or "2014-05-30": as exact as it is written. A time of day is left off."""
    match = _DATE.fullmatch(text.strip())
    remedy = gettext_noop("Write 2014-05-30, or 2014-05, or 2014.")
    if match is None:
        raise DirectoryError(gettext_noop("{text} is no date"), "", remedy, text=shown(text))
    given = [int(part) for part in match.groups() if part]
    try:
        dt.date(*(given + [1, 1, 1][len(given) :]))
    except ValueError:
        raise DirectoryError(
            gettext_noop("{text} is a date that does not exist"), "", remedy, text=shown(text)
        ) from None
    return "-".join(part for part in match.groups() if part)
