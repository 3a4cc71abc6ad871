"""Where an entry belongs when it does not say so itself: pillar, Sector, paragraphs by its kind.

What an entry states always counts; the table (`data/classes.csv`) speaks only where it is silent,
and every document says so in its method.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass

from comity.registry.types import Told
from comity.report.types.figures import INSTRUMENT, TEXT

PREFIX = f"{INSTRUMENT}/{TEXT}/"


@dataclass(frozen=True, slots=True)
class Place:
    """What the table says of a kind. Empty where it says nothing."""

    pillar: str = ""
    sector: str = ""
    paragraphs: tuple[str, ...] = ()
    reason: str = ""


Classes = Mapping[tuple[str, str], Place]
NOWHERE = Place()


def read_classes(text: str) -> Classes:
    return {
        (row["kind"], row["subtype"]): Place(
            row["pillar"],
            row["sector"],
            tuple(part for part in row["paragraphs"].split(";") if part),
            row["reason"],
        )
        for row in csv.DictReader(io.StringIO(text))
    }


@dataclass(frozen=True, slots=True)
class Classed:
    """An entry with the places it counts under."""

    told: Told
    pillars: tuple[str, ...]
    sectors: tuple[str, ...]
    paragraphs: tuple[str, ...]
    outside: bool  # of the core mandate, as it says itself (resolves 3)
    assumed: bool  # a pillar or a Sector comes from the table


def place_of(told: Told, classes: Classes) -> Place:
    return classes.get((told.kind, told.subtype)) or classes.get((told.kind, "")) or NOWHERE


def classed(told: Told, classes: Classes) -> Classed:
    place = place_of(told, classes)
    pillars, sectors = told.values("pillar"), told.values("itu_sector")
    stated = tuple(
        value.removeprefix(PREFIX) for value in told.values("provision") if value.startswith(PREFIX)
    )
    assumed = tuple(p for p in (place.pillar,) if p), tuple(s for s in (place.sector,) if s)
    return Classed(
        told,
        _once(pillars) or assumed[0],
        _once(sectors) or assumed[1],
        tuple(dict.fromkeys((*stated, *place.paragraphs))),
        told.first_of("core_mandate") == "out",
        bool((not pillars and assumed[0]) or (not sectors and assumed[1])),
    )


def _once(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
