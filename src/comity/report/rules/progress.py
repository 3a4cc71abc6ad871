"""How the duties stood, year by year: made from what was said on evidence, never typed in.

A state holds from the moment it was said until another is said. Before anybody said anything a
duty is "no indication", which is not "not implemented".
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from comity.kit.languages import gettext_noop as _
from comity.report.rules.tongue import Tongue
from comity.report.types.figures import DutyFact
from comity.report.types.tree import Picture, Series, Text, Tone

STATUSES = ("completed", "in progress", "not implemented", "not applicable", "no indication")
TONES = {
    "completed": Tone.GOOD,
    "in progress": Tone.PLAIN,
    "not implemented": Tone.BAD,
    "not applicable": Tone.PALE,
    "no indication": Tone.WARN,
}
WORDS = {
    "completed": _("completed"),
    "in progress": _("in progress"),
    "not implemented": _("not implemented"),
    "not applicable": _("not applicable"),
    "no indication": _("no indication"),
}


@dataclass(frozen=True, slots=True)
class Moment:
    """All duties at one moment."""

    label: str  # "2014", or the day that it is now
    counts: Mapping[str, int]

    @property
    def settled(self) -> int:
        return sum(n for status, n in self.counts.items() if status != "no indication")


def standing(duties: Iterable[DutyFact], at: dt.datetime) -> Mapping[str, int]:
    """How many duties stood how at a moment; every status, those of none too."""
    found = Counter(stand.status if (stand := duty.on(at)) else "no indication" for duty in duties)
    return {status: found.get(status, 0) for status in STATUSES}


def progress(duties: tuple[DutyFact, ...], now: dt.datetime, first: int) -> tuple[Moment, ...]:
    """The end of each year from the first on which anything was said, and now. Years before
    that, in which nothing could differ, are one column."""
    said = [stand.moment.year for duty in duties for stand in duty.stands]
    start = max(first, min(said, default=now.year) - 1)
    made = [
        Moment(str(year), standing(duties, dt.datetime(year, 12, 31, 23, 59, 59, tzinfo=dt.UTC)))
        for year in range(start, now.year)
    ]
    return (*made, Moment(now.date().isoformat(), standing(duties, now)))


def picture(moments: tuple[Moment, ...], say: Tongue) -> Picture:
    """Stacked bars of all duties, one for each moment, with a sentence that says what they show."""
    last = moments[-1]
    total = sum(last.counts.values())
    alt = say(
        _("Of {total} duties a state is told of {settled}; completed are {done}."),
        total=say.number(total),
        settled=say.number(last.settled),
        done=say.number(last.counts["completed"]),
    )
    return Picture(
        say(_("Duties of the Resolution by state, at the end of each year and now")),
        alt,
        say(_("Year")),
        tuple(say.date(moment.label) for moment in moments),
        tuple(
            Series(
                say(WORDS[status]),
                tuple(moment.counts[status] for moment in moments),
                TONES[status],
            )
            for status in STATUSES
        ),
        (Text(say(_("Each state is said by somebody, on evidence, at a moment of record."))),),
    )
