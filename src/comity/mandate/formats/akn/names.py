"""Namespaces and element names that writer and reader share."""

from __future__ import annotations

import datetime as dt
import re

AKN = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
# What Akoma Ntoso has no word for (brackets, tags, fates, paths) stands in a namespace of ours.
OWN = "urn:comity:mandate"

DRAFT = "resolutionDraft"  # the name that AKN4UN gives a draft
RESOLUTION = "resolution"

# Depth below a section of the operative part, as in the aliases of the naming convention.
LEVELS = ("paragraph", "subparagraph", "point", "indent")

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def akn(name: str) -> str:
    return f"{{{AKN}}}{name}"


def own(name: str) -> str:
    return f"{{{OWN}}}{name}"


def day_of(version: str, date: dt.date | None) -> tuple[str, str]:
    """The day that FRBRdate must have, and a name that says where it is from.

    The schema takes whole days only; of a version known by its year it gets 1 January, and the
    name says so.

    >>> day_of("2014", None), day_of("2014-10-28", None)
    (('2014-01-01', 'year-only'), ('2014-10-28', 'version'))
    """
    if date is not None:
        return date.isoformat(), "adoption"
    if _DAY.fullmatch(version):
        return version, "version"
    return (version if len(version) == 7 else f"{version[:4]}-01") + "-01", "year-only"
