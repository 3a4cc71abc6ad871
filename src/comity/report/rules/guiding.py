"""What of practices, tools and trainings serves a country: by language, cost and who it is.

Nothing is silently left out: what does not fit is counted, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from comity.registry.types import Told

PHASES = ("assessment", "design", "establishment", "enhancement")
KINDS = ("practice", "tool", "training")


class Unfit(StrEnum):
    LANGUAGE = "language"
    COST = "cost"


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a guide is made. No country: for all, and everything fits."""

    country: str = ""
    languages: tuple[str, ...] = ()  # ISO 639-1, the most used first
    least_developed: bool = False
    region: str = ""


@dataclass(frozen=True, slots=True)
class Helper:
    """A national team that may help: of the same region, or of the same language."""

    code: str
    name: str
    country: str
    same_region: bool
    shared: tuple[str, ...]  # languages


def unfit(told: Told, reader: Reader) -> Unfit | None:
    """Why it does not serve this reader, or None. What is not stated is not held against it."""
    languages = {str(code).split("-")[0] for code in told.values("language")}
    if reader.country and languages and not languages & {*reader.languages}:
        return Unfit.LANGUAGE
    paid = told.first_of("cost") == "paid" and told.first_of("fellowship") is not True
    return Unfit.COST if reader.least_developed and paid else None


@dataclass(frozen=True, slots=True)
class Choice:
    """The entries of one kind that fit, and how many do not, by reason."""

    fitting: tuple[Told, ...]
    left: Mapping[Unfit, int]


def chosen(entries: Iterable[Told], kind: str, reader: Reader) -> Choice:
    """Those of a kind that fit, free ones before paid ones, then by name."""
    order = {"free": 0, "some_free": 1}
    fitting: list[Told] = []
    left: dict[Unfit, int] = {}
    for told in entries:
        if told.kind != kind:
            continue
        why = unfit(told, reader)
        if why is None:
            fitting.append(told)
        else:
            left[why] = left.get(why, 0) + 1
    fitting.sort(key=lambda told: (order.get(str(told.first_of("cost")), 2), told.name))
    return Choice(tuple(fitting), left)


def by_code(entries: Iterable[Told], field: str) -> dict[str, tuple[Told, ...]]:
    """Entries by each code of a field: a FIRST service, a SIM3 parameter."""
    found: dict[str, list[Told]] = {}
    for told in entries:
        for code in dict.fromkeys(told.values(field)):
            found.setdefault(str(code), []).append(told)
    return {code: tuple(found[code]) for code in found}
