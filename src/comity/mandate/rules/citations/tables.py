"""What the finder knows beforehand: who issues, where and when they met, which texts have names.

Rows live in `data/issuers.csv`, `data/conferences.csv` and `data/instruments.csv`, each fact with
its source, so that a new conference is a line and no code. They ship with the package and are read
once; nothing else here touches the disk.

For a text with a number, `place` and `year` in `instruments.csv` are those of its *first*
adoption: they show when a "Rev." is printed in error, or is missing.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Issuer:
    code: str
    key: str  # first part of the stub's key: "wtdc"
    questions: str  # the Sector whose Questions this assembly approves
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conference:
    issuer: str
    place: str
    year: int
    session: str
    numbers: str  # how its numbers begin, where two conferences share place and year


@dataclass(frozen=True, slots=True)
class Known:
    key: str
    issuer: str
    kind: str
    number: str
    place: str
    year: int | None
    names: tuple[str, ...]


def rows(name: str) -> list[dict[str, str]]:
    """The rows of one table of the room's `data` folder."""
    text = (files("comity.mandate") / "data" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def issuers() -> dict[str, Issuer]:
    return {
        r["issuer"]: Issuer(r["issuer"], r["key"], r["questions"], tuple(r["names"].split("|")))
        for r in rows("issuers.csv")
    }


@cache
def conferences() -> tuple[Conference, ...]:
    return tuple(
        Conference(r["issuer"], r["place"], int(r["year"]), r["session"], r["numbers"])
        for r in rows("conferences.csv")
    )


@cache
def instruments() -> dict[str, Known]:
    return {
        r["key"]: Known(
            r["key"],
            r["issuer"],
            r["kind"],
            r["number"],
            r["place"],
            int(r["year"]) if r["year"] else None,
            tuple(n for n in r["names"].split("|") if n),
        )
        for r in rows("instruments.csv")
    }


@cache
def named() -> dict[str, Known]:
    """Name as printed to the text it names."""
    return {name: known for known in instruments().values() for name in known.names}


@cache
def places() -> tuple[str, ...]:
    """Places of conferences, longest first, so that "Buenos Aires" wins over a part of it."""
    return tuple(sorted({c.place for c in conferences()}, key=len, reverse=True))
