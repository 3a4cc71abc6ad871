"""A year made by hand, for tests of figures and documents: no database, no clock."""

from __future__ import annotations

import datetime as dt
from typing import Any

from comity.kit.sayings import Voice
from comity.registry.types import Told, Word
from comity.report.reads.facts import classes
from comity.report.rules.figures import Ground
from comity.report.types.figures import DutyFact, Facts, RevisionFact, Scope

CUTOFF = dt.datetime(2015, 3, 1, 12, tzinfo=dt.UTC)
MEMBERS = frozenset({"KE", "LS", "GH", "FR"})


def scope(year: int = 2014, cutoff: dt.datetime = CUTOFF) -> Scope:
    return Scope(year, cutoff, cutoff.date())


def entry(
    name: str,
    subtype: str = "",
    first: str = "2014-05-01",
    last: str = "2014-05-02",
    *,
    voice: Voice = Voice.SOURCE,
    language: str = "en",
    standing: str = "",
    ends: str = "",
    flags: tuple[str, ...] = (),
    disputed: tuple[str, ...] = (),
    steps: tuple[tuple[str, dt.datetime], ...] = (),
    **said: Any,
) -> Told:
    """An entry; each keyword is a field with its value, or a list of values."""
    given = {"title": f"Title of {name}", **said}
    words = {
        field: tuple(
            Word(value, language if field in ("title", "note") else "", voice, "The Herald",
                 "The Herald", "https://example.org/")
            for value in (values if isinstance(values, list) else [values])
        )
        for field, values in given.items()
    }  # fmt: skip
    return Told(
        name,
        name.split("/")[0],
        subtype,
        words,
        7,
        dt.date.fromisoformat(first) if first else None,
        dt.date.fromisoformat(last) if last else None,
        standing,
        ends,
        frozenset(flags),
        disputed,
        steps,
    )


DUTIES = (
    DutyFact("instructs-bdt/2", ("Director of the Telecommunication Development Bureau",),
             "instructs", None, False),
    DutyFact("instructs-sg-directors/6", ("Secretary-General",), "instructs", "annual", True),
)  # fmt: skip
REVISIONS = (
    RevisionFact("Rev. Antalya", 2006, dt.date(2006, 11, 24), False),
    RevisionFact("Rev. Busan", 2014, dt.date(2014, 11, 7), True),
    RevisionFact("Rev. Dubai", 2018, dt.date(2018, 11, 16), False),
)


def ground(*entries: Told, year: int = 2014, cutoff: dt.datetime = CUTOFF, **more: Any) -> Ground:
    held = Facts(
        scope(year, cutoff),
        entries,
        more.get("duties", DUTIES),
        REVISIONS,
        MEMBERS,
        frozenset({"LS"}),
        more.get("teams", {"KE": ("ke-cirt",)}),
        2006,
    )
    return Ground(held, classes())
