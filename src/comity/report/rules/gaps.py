"""What is missing under a paragraph: silence told as silence, never as a 0.

A gap is a sentence with its places filled in, marked for the catalogues, and nothing more: whether
something should be done about it is for readers to say.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from comity.kit import countries
from comity.kit.errors import UnknownCountry
from comity.kit.languages import gettext_noop as _
from comity.report.rules.tongue import Tongue
from comity.report.types.figures import Figure

REGIONS = ("AFR", "AMS", "ARB", "ASP", "CIS", "EUR")
# Paragraphs that ask for practice against threats: there a threat without a practice is a gap.
PRACTICE = ("further-instructs-tsb-bdt/6", "further-instructs-tsb-bdt/3")
STALE = dt.timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Gap:
    """A sentence and what goes into it. Under "region" and "threat" stand codes that a door
    puts into words, under "since" a date."""

    sentence: str
    given: Mapping[str, str] = field(default_factory=dict)


# What is missing several times is told in one line.
_TOGETHER = {
    "region": (_("No country of the region {region}."), _("No country of the regions {regions}.")),
    "threat": (
        _("No practice for the threat type “{threat}”."),
        _("No practice for the threat types {threats}."),
    ),
    "figure": (
        _("The figure “{figure}” is not reported."),
        _("These figures are not reported: {figures}."),
    ),
}


def gap_lines(gaps: Iterable[Gap], say: Tongue, labels: Mapping[str, str]) -> list[str]:
    """Gaps as people read them, one line for all of a sort. `labels` are those of figures."""
    sorts: dict[str, list[Gap]] = {}
    for gap in gaps:
        sorts.setdefault(gap.sentence, []).append(gap)
    return [_line(sentence, alike, say, labels) for sentence, alike in sorts.items()]


def _line(sentence: str, alike: list[Gap], say: Tongue, labels: Mapping[str, str]) -> str:
    values = [_spoken(gap, say, labels) for gap in alike]
    if len(alike) > 1:
        for key, (one, many) in _TOGETHER.items():
            if sentence == one:
                return say(many, **{f"{key}s": say.listed([given[key] for given in values])})
    return " ".join(say(sentence, **given) for given in values)


def _spoken(gap: Gap, say: Tongue, labels: Mapping[str, str]) -> dict[str, str]:
    given = dict(gap.given)
    if "region" in given:
        given["region"] = say.term("regions", given["region"])
    if "threat" in given:
        given["threat"] = say.term("rsit", given["threat"])
    if "since" in given:
        given["since"] = say.date(given["since"])
    if "figure" in given:
        given["figure"] = labels.get(given["figure"], given["figure"])
    return given


def regions_of(codes: Iterable[str], day: dt.date) -> frozenset[str]:
    found = set()
    for code in codes:
        try:
            found.add(countries.membership(code, max(day, countries.RECORD_FROM)).region)
        except UnknownCountry:
            continue
    return frozenset(found - {""})


def gaps_of(
    paragraph: str,
    *,
    entries: int,
    places: Iterable[str],
    newest: dt.date | None,
    day: dt.date,
    figures: Iterable[Figure] = (),
    stated: bool | None = None,
    threats: Iterable[str] = (),
    since: str = "",
) -> tuple[Gap, ...]:
    """The gaps of one paragraph. `places` are the countries that the entries under it name,
    `stated` whether a state of its duty is told (None: it asks nothing), `threats` the codes of
    threat types for which no practice is on record. `since`: where there is no entry now, when the
    last one before ended, as exact as its source."""
    found: list[Gap] = []
    if not entries and since:
        found.append(Gap(_("No activity since {since}."), {"since": since}))
    elif not entries:
        found.append(Gap(_("No entry is on record under this paragraph.")))
    elif newest is not None and newest < day - STALE:
        found.append(Gap(_("No activity since {since}."), {"since": newest.isoformat()}))
    seen = regions_of(places, day)
    if seen:
        missing = [region for region in REGIONS if region not in seen]
        found += [Gap(_("No country of the region {region}."), {"region": r}) for r in missing]
    elif entries:
        found.append(Gap(_("The entries under it name no country.")))
    if stated is False:
        found.append(Gap(_("Nobody has said on evidence how this duty stands.")))
    for figure in figures:
        if figure.failed:
            found.append(
                Gap(_("The figure “{figure}” could not be counted."), {"figure": figure.id})
            )
        elif figure.value is None and not figure.few:
            found.append(Gap(_("The figure “{figure}” is not reported."), {"figure": figure.id}))
    if paragraph in PRACTICE:
        found += [
            Gap(_("No practice for the threat type “{threat}”."), {"threat": t}) for t in threats
        ]
    return tuple(found)
