"""What of the offers on record may answer a request for assistance, and why.

Every point of a score has a reason that names the field and the value, so that a desk officer can
disagree with it. An offer's score depends on the need and on that offer alone: offers that a
reader may not see leave no trace, as long as the caller passes only what that reader may see.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from comity.kit import countries
from comity.kit.errors import KitError, UnknownCountry
from comity.kit.languages import gettext_noop

_NONE: frozenset[str] = frozenset()


class MatchingError(KitError, ValueError):
    """Offers or a limit that cannot be ranked."""


class Cost(StrEnum):
    FREE = "free"
    SHARED = "shared"
    PAID = "paid"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Need:
    """What is asked for. An empty field is not asked for and weighs nothing."""

    areas: frozenset[str] = _NONE
    phase: str = ""
    languages: frozenset[str] = _NONE
    country: str = ""  # ISO 3166-1 alpha-2
    region: str = ""  # ITU region
    groups: frozenset[str] = _NONE  # LDC, LLDC, SIDS
    services: frozenset[str] = _NONE
    sectors: frozenset[str] = _NONE
    words: frozenset[str] = _NONE


@dataclass(frozen=True, slots=True)
class Offer:
    """What is on record of one tool, training, project, practice or team. No countries, regions
    and groups: it is for everybody. No languages: nobody said which."""

    id: str
    kind: str
    areas: frozenset[str] = _NONE
    phases: frozenset[str] = _NONE
    languages: frozenset[str] = _NONE
    cost: Cost = Cost.UNKNOWN
    countries: frozenset[str] = _NONE
    regions: frozenset[str] = _NONE
    groups: frozenset[str] = _NONE
    services: frozenset[str] = _NONE
    words: frozenset[str] = _NONE
    done_for: frozenset[str] = _NONE  # countries that it has already helped
    checked: dt.date | None = None
    sectors: frozenset[str] = field(default=_NONE)


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason, for or against: a rule (a key of `REASONS`), the field and the value."""

    rule: str
    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Match:
    """An offer that may help. `score` is between 0 and 1; `reasons` are in the order of weight."""

    id: str
    score: float
    reasons: tuple[Reason, ...]


REASONS: Mapping[str, str] = {
    "same": gettext_noop("The request asks for it, and the offer has it."),
    "speaks": gettext_noop("It is offered in a language of the request."),
    "no_language": gettext_noop("It is offered in no language of the request."),
    "language_unknown": gettext_noop("Nobody said in which languages it is offered."),
    "for_country": gettext_noop("It is offered to this country."),
    "for_region": gettext_noop("It is offered to this region."),
    "for_group": gettext_noop("It is offered to this group of countries."),
    "for_all": gettext_noop("It is offered without limit to countries."),
    "not_for_country": gettext_noop("It is offered to others, as far as is known."),
    "done_here": gettext_noop("It has already helped this country."),
    "done_near": gettext_noop("It has already helped a country of the same region."),
    "done": gettext_noop("It has already helped a country."),
    "free": gettext_noop("It is free, and the request comes from a least developed country."),
    "shared": gettext_noop("Its cost is shared."),
    "paid": gettext_noop("It has to be paid for."),
    "cost_unknown": gettext_noop("Nobody said what it costs."),
    "checked": gettext_noop("It was last checked on this day."),
}

Judged = tuple[Fraction, list[Reason]]  # a share from 0 to 1, and why
LDC = "LDC"


def match(need: Need, offers: Iterable[Offer], limit: int) -> list[Match]:
    """The offers that share a subject with the need, best first, at most `limit`.

    First those in a language of the need, then those of unknown language, those in others last;
    within each by score, then by the day of the last check, then by id. A need without subject
    is answered by all. Raises `MatchingError` for two offers of one id or a limit below 1.
    """
    if limit < 1:
        raise MatchingError("a limit below 1", str(limit), "Ask for at least one offer.")
    found = []
    seen: set[str] = set()
    for offer in offers:
        if offer.id in seen:
            raise MatchingError("two offers have one id", offer.id, "Pass each offer once.")
        seen.add(offer.id)
        judged = {name: judge(need, offer) for name, (_, judge) in CRITERIA.items()}
        if _has_subject(need) and not any(judged[name][0] for name in SUBJECTS):
            continue
        tier = _language_tier(need, offer)
        checked = offer.checked.toordinal() if offer.checked else 0
        score = _score(need, judged)
        reasons = [reason for _, reasons in judged.values() for reason in reasons]
        if offer.checked:
            reasons.append(Reason("checked", "checked", offer.checked.isoformat()))
        shown = Match(offer.id, round(float(score), 4), tuple(reasons))
        found.append(((tier, -score, -checked, offer.id), shown))
    return [shown for _, shown in sorted(found, key=lambda row: row[0])[:limit]]


def _score(need: Need, judged: Mapping[str, Judged]) -> Fraction:
    """The weighted mean over the criteria that the need states.

    A matching value adds to one share only, and a criterion that is met in full cannot lower a
    mean: so one value more on either side that fits never lowers a score.
    """
    weights = {name: weight for name, (weight, _) in CRITERIA.items() if _stated(need, name)}
    total = sum(weights.values())
    return sum((judged[name][0] * weight for name, weight in weights.items()), Fraction(0)) / total


def _stated(need: Need, criterion: str) -> bool:
    """Whether a criterion counts: the need names it. Experience always does, so that a mean over
    nothing never arises; cost counts for an LDC."""
    if criterion == "done_for":
        return True
    if criterion == "cost":
        return LDC in need.groups
    if criterion == "countries":
        return bool(need.country or need.region or need.groups)
    return bool(getattr(need, criterion))


def _has_subject(need: Need) -> bool:
    return any(_stated(need, name) for name in SUBJECTS)


# --- the criteria -------------------------------------------------------------------------


def _same(
    name: str, wanted: Callable[[Need], frozenset[str]], had: Callable[[Offer], frozenset[str]]
) -> Callable[[Need, Offer], Judged]:
    """The share of what is wanted that is there, compared without case, width and compatibility
    forms."""

    def judge(need: Need, offer: Offer) -> Judged:
        asked = {_folded(value): value for value in sorted(wanted(need), reverse=True)}
        there = {_folded(value) for value in had(offer)}
        both = [value for key, value in sorted(asked.items()) if key in there]
        share = Fraction(len(both), len(asked)) if asked else Fraction(0)
        return share, [Reason("same", name, value) for value in both]

    return judge


def _folded(value: str) -> str:
    return unicodedata.normalize("NFKC", value).casefold()


def _spoken(codes: Iterable[str]) -> set[str]:
    """Languages without script or country: "zh-Hans" and "zh" are one."""
    return {code.replace("_", "-").split("-")[0].lower() for code in codes}


def _language(need: Need, offer: Offer) -> Judged:
    if not need.languages:
        return Fraction(0), []
    if not offer.languages:
        return Fraction(1, 4), [Reason("language_unknown", "languages", "")]
    both = sorted(_spoken(need.languages) & _spoken(offer.languages))
    if not both:
        return Fraction(0), [Reason("no_language", "languages", ", ".join(sorted(offer.languages)))]
    # One language is enough to be helped in; a second is a little better.
    more = Fraction(len(both), len(_spoken(need.languages)))
    return Fraction(3, 4) + more / 4, [Reason("speaks", "languages", code) for code in both]


def _language_tier(need: Need, offer: Offer) -> int:
    if not need.languages or _spoken(need.languages) & _spoken(offer.languages):
        return 0
    return 2 if offer.languages else 1


def _place(need: Need, offer: Offer) -> Judged:
    if not _stated(need, "countries"):
        return Fraction(0), []
    if need.country and need.country in offer.countries:
        return Fraction(1), [Reason("for_country", "countries", need.country)]
    if need.region and need.region in offer.regions:
        return Fraction(3, 4), [Reason("for_region", "regions", need.region)]
    both = sorted(need.groups & offer.groups)
    if both:
        return Fraction(3, 4), [Reason("for_group", "groups", group) for group in both]
    if offer.countries or offer.regions or offer.groups:
        value = need.country or need.region or ", ".join(sorted(need.groups))
        return Fraction(0), [Reason("not_for_country", "countries", value)]
    return Fraction(1, 2), [Reason("for_all", "countries", "")]


def _done(need: Need, offer: Offer) -> Judged:
    if need.country and need.country in offer.done_for:
        return Fraction(1), [Reason("done_here", "done_for", need.country)]
    near = sorted(code for code in offer.done_for if need.region and _region(code) == need.region)
    if near:
        return Fraction(3, 4), [Reason("done_near", "done_for", ", ".join(near))]
    if offer.done_for:
        return Fraction(1, 2), [Reason("done", "done_for", ", ".join(sorted(offer.done_for)))]
    return Fraction(0), []


def _region(code: str) -> str:
    try:
        return countries.by_code(code).itu.region
    except UnknownCountry:  # an old code of a country that is no more: it was helped all the same
        return ""


_COSTS: Mapping[Cost, tuple[Fraction, str]] = {
    Cost.FREE: (Fraction(1), "free"),
    Cost.SHARED: (Fraction(1, 2), "shared"),
    Cost.UNKNOWN: (Fraction(1, 4), "cost_unknown"),
    Cost.PAID: (Fraction(0), "paid"),
}


def _cost(need: Need, offer: Offer) -> Judged:
    if LDC not in need.groups:
        return Fraction(0), []
    share, rule = _COSTS[offer.cost]
    return share, [Reason(rule, "cost", offer.cost.value)]


# What a criterion weighs against the others: the subject most, then whether it can be understood
# and whether it is offered there, then experience and cost. Chosen by us, not measured.
CRITERIA: Mapping[str, tuple[int, Callable[[Need, Offer], Judged]]] = {
    "areas": (30, _same("areas", lambda need: need.areas, lambda offer: offer.areas)),
    "languages": (20, _language),
    "countries": (15, _place),
    "services": (15, _same("services", lambda need: need.services, lambda offer: offer.services)),
    "phase": (
        10,
        _same(
            "phases",
            lambda need: frozenset({need.phase} - {""}),
            lambda offer: offer.phases,
        ),
    ),
    "sectors": (10, _same("sectors", lambda need: need.sectors, lambda offer: offer.sectors)),
    "words": (10, _same("words", lambda need: need.words, lambda offer: offer.words)),
    "done_for": (10, _done),
    "cost": (10, _cost),
}
SUBJECTS = ("areas", "services", "phase", "sectors", "words")
