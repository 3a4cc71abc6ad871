"""Whether a new entry is work that another body already entered: asked before it is saved.

Each thing two entries agree or disagree on adds to the evidence or takes from it, as in the record
linkage of Fellegi and Sunter (1969); titles in two languages say little about each other, and
there country, period, figures and paragraphs decide. It is a warning, never a refusal.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from itertools import product

from rapidfuzz import fuzz

from comity.registry.rules.titles import COMMON_WEIGHT, TOKEN, YEAR, Title, alike, read_title
from comity.registry.rules.words import fold


class Why(StrEnum):
    """What two entries have in common."""

    COUNTRIES = "countries"
    AREAS = "areas"
    PERIOD = "period"
    PROVISIONS = "provisions"
    FIGURES = "figures"
    TITLE = "title"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Sketch:
    """What of an entry is compared. A year-only date comes as the first and last day of the year;
    `since` and `until` are inclusive, and None is unknown."""

    id: str
    kind: str
    body: str
    titles: tuple[str, ...]
    text: str = ""
    countries: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()
    since: dt.date | None = None
    until: dt.date | None = None
    provisions: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Reason:
    why: Why
    values: tuple[str, ...] = ()  # codes, paragraphs, figures, days, or the titles of both


@dataclass(frozen=True, slots=True)
class Likeness:
    """How likely an entry is the same work, from 0 to 1, and why."""

    id: str
    score: float
    reasons: tuple[Reason, ...] = ()


WARN_AT = 0.5  # the score from which a person is asked to look

# --- what agreement is worth ---------------------------------------------------------------
# In natural logarithms of odds, set by hand on the tuning half of
# tests/examples/registry/duplicates.csv; the other half measures them.

_PRIOR = -5.5
_SAME_BODY = -2.0  # a body knows its own entries: there only words that repeat are told
_EXCLUDED = -30.0  # all other evidence together does not make up for this

# Same kind. The rarer a kind is in one country and year, the more it says: a State has one
# strategy at a time and is assessed once, but holds many trainings.
_KIND = {"strategy": 2.5, "cirt_assessment": 1.5, "cyberdrill": 1.5, "training": 0.5}
_SAME_KIND, _KIN = 1.0, 0.0
_ALIAS = {"ncs": "strategy", "recommendation": "standard"}
# Kinds that two bodies may choose for one thing; all others never meet.
_KINDRED = (
    frozenset({"training", "forum", "meeting", "activity", "initiative", "cop"}),
    frozenset({"cyberdrill", "training", "activity"}),
    frozenset({"project", "initiative", "activity", "cirt_assessment"}),
    frozenset({"project", "initiative", "activity", "cirt_established"}),
    frozenset({"publication", "practice", "tool", "strategy"}),
    frozenset({"publication", "standard"}),
)

# A title's likeness, and what it is worth between titles of one language; of two languages only
# likeness says something (names, "CyberDrill", "CIRT"), unlikeness nothing.
_TITLE = ((0.9, 4.0), (0.75, 3.0), (0.6, 2.0), (0.45, 0.5), (0.3, -1.0), (0.0, -2.5))
_TEXT = ((90.0, 5.0), (80.0, 4.0), (70.0, 2.0))  # rapidfuzz's token_sort_ratio
_COPIED = 4.0
_LONG_TEXT = 60  # characters; shorter texts are alike by chance


# --- evidence ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Evidence:
    weight: float
    reason: Reason | None = None


_NONE = _Evidence(0.0)


def _reason(weight: float, why: Why, values: Iterable[str]) -> _Evidence:
    return _Evidence(weight, Reason(why, tuple(values)))


def _kinds(a: Sketch, b: Sketch) -> float | None:
    """What the kinds say; None where these two are never one thing."""
    first, second = _ALIAS.get(a.kind, a.kind), _ALIAS.get(b.kind, b.kind)
    if first == second:
        return _KIND.get(first, _SAME_KIND)
    return _KIN if any({first, second} <= kindred for kindred in _KINDRED) else None


def _places(a: Sketch, b: Sketch) -> _Evidence:
    same = a.countries & b.countries
    if not a.countries or not b.countries:
        regions = a.regions & b.regions
        apart = a.regions and b.regions and not regions and "GLOBAL" not in a.regions | b.regions
        return _Evidence(_EXCLUDED) if apart else _Evidence(0.3 if regions else 0.0)
    if not same:
        return _Evidence(_EXCLUDED)
    if a.countries == b.countries:
        return _reason(min(1.0 + len(same), 4.0), Why.COUNTRIES, sorted(same))
    # Another party is another agreement; a drill may name its host or its guests.
    if "agreement" in (a.kind, b.kind):
        return _Evidence(-4.0)
    part = len(same) / len(a.countries | b.countries)
    return _reason(0.5 if part >= 0.5 else -0.5, Why.COUNTRIES, sorted(same))


_DAYS, _MONTH, _YEARLY = 14, 31, 366
# Of 184 resources of CSIRTs, mostly undated, those of one country with a title of two or three
# usual words ("Vulnerability disclosure policy") would otherwise stand just at the threshold.
_UNDATED = -0.5


def _period(a: Sketch, b: Sketch) -> _Evidence:
    """Days that meet say most, a year that holds a day little; what lies apart was held twice."""
    first, second = _bounds(a), _bounds(b)
    if first is None or second is None:
        return _Evidence(_UNDATED)
    since, until = max(first[0], second[0]), min(first[1], second[1])
    if since > until:
        gap = (since - until).days
        return _Evidence(0.5 if gap <= 2 else -2.5 if gap <= _MONTH else -6.0)
    days = [(end - start).days + 1 for start, end in (first, second)]
    both = (until - since).days + 1
    part = both / (sum(days) - both)
    if max(days) <= _DAYS:
        weight = 2.5
    elif max(days) <= _MONTH:
        weight = 1.5
    elif max(days) <= _YEARLY:
        weight = 1.5 if part >= 0.8 and max(days) < _YEARLY - 1 else 0.5
    elif part >= 0.7:
        weight = 1.5
    else:
        weight = 0.0 if part >= 0.3 or abs((first[0] - second[0]).days) <= _MONTH else -1.5
    return _reason(weight, Why.PERIOD, _shortest(since, until)) if weight > 0 else _Evidence(weight)


def _shortest(since: dt.date, until: dt.date) -> tuple[str, ...]:
    """From when to when in whole years or months where the days are theirs: what was given as a
    year is not told as a first of January."""
    after = until + dt.timedelta(days=1) if until < dt.date.max else until
    size = 10  # of an ISO date that is kept
    if since.day == after.day == 1:
        size = 4 if since.month == after.month == 1 else 7
    return tuple(dict.fromkeys((since.isoformat()[:size], until.isoformat()[:size])))


def _bounds(a: Sketch) -> tuple[dt.date, dt.date] | None:
    since, until = a.since or a.until, a.until or a.since
    return (min(since, until), max(since, until)) if since and until else None


def _sets(a: frozenset[str], b: frozenset[str], why: Why, same: float, other: float) -> _Evidence:
    if not a or not b:
        return _NONE
    return _reason(same, why, sorted(a & b)) if a & b else _Evidence(other)


def _figures(a: Sketch, b: Sketch) -> _Evidence:
    """Numbers that both tell, in any language: 250 specialists, X.1500, the eleventh drill."""
    ours, theirs = [read_title(t) for t in a.titles], [read_title(t) for t in b.titles]
    weight, values = 0.0, set[str]()
    for name, same, apart in (("codes", 2.5, -5.0), ("numbers", 1.0, -3.0), ("years", 0.3, -2.0)):
        one, other = (_all(name, titles) for titles in (ours, theirs))
        if one and other:
            weight += same if one & other else apart
            values |= one & other
    told = _told(a) & _told(b)
    weight += min(1.0 * len(told), 2.5)
    return _reason(weight, Why.FIGURES, sorted(values | told)) if weight > 0 else _Evidence(weight)


def _all(name: str, titles: Iterable[Title]) -> frozenset[str]:
    return frozenset(value for title in titles for value in getattr(title, name))


@lru_cache(maxsize=65_536)
def _told(a: Sketch) -> frozenset[str]:
    """Figures of two digits and more in title and text, and names with inner capitals or points."""
    text = " ".join((*a.titles, a.text[:4000]))
    numbers = {t.replace(",", "") for t in TOKEN.findall(fold(text)) if t[0].isdigit()}
    names = {fold(n) for n in re.findall(r"\b[a-z]+[A-Z]{2,}\w*|\b[A-Z]{3,}\.[a-z]{2}\b", text)}
    return frozenset(n for n in numbers if len(n) > 1 and not YEAR.fullmatch(n)) | names


# Titles that may be of one language, or of two.
_MAYBE_ONE = tuple({"latin", language} for language in ("latin", "en", "fr", "es"))


def _titles(a: Sketch, b: Sketch) -> _Evidence:
    best = _NONE
    known = False
    for one, other in product(sorted(a.titles), sorted(b.titles)):
        first, second = read_title(one), read_title(other)
        likeness = alike(first, second)
        weight = next(value for least, value in _TITLE if likeness >= least)
        tongues = {first.tongue, second.tongue}
        if weight < 0 and (len(tongues) > 1 or "latin" in tongues):
            weight *= 0.5 if tongues in _MAYBE_ONE else 0.0
        if not known or weight > best.weight:
            known = True
            near = weight >= 2.0
            best = _reason(weight, Why.TITLE, (one, other)) if near else _Evidence(weight)
    return best


def _texts(a: Sketch, b: Sketch) -> _Evidence:
    one, other = fold(a.text[:4000]), fold(b.text[:4000])
    if min(len(one), len(other)) < _LONG_TEXT:
        return _NONE
    ratio = fuzz.token_sort_ratio(one, other, score_cutoff=_TEXT[-1][0])
    weight = next((value for least, value in _TEXT if ratio >= least), 0.0)
    return _reason(weight, Why.TEXT, ()) if weight else _NONE


def likeness(a: Sketch, b: Sketch) -> Likeness:
    """How likely b is the work that a is; the score is the same the other way round."""
    if replace(a, id=b.id, body=b.body) == b:
        return Likeness(b.id, 1.0, tuple(_reasons(_evidence(a, b))))
    kinds = _kinds(a, b)
    if kinds is None:
        return Likeness(b.id, 0.0)
    evidence = list(_evidence(a, b))
    total = _PRIOR + kinds + math.fsum(part.weight for part in evidence)
    total += _SAME_BODY if a.body == b.body else 0.0
    return Likeness(b.id, round(1 / (1 + math.exp(-total)), 4), tuple(_reasons(evidence)))


def _evidence(a: Sketch, b: Sketch) -> Iterator[_Evidence]:
    yield (places := _places(a, b))
    if places.weight == _EXCLUDED:  # the usual case, in microseconds
        return
    yield _period(a, b)
    yield _sets(a.areas, b.areas, Why.AREAS, 0.5, -1.5)
    yield _sets(a.provisions, b.provisions, Why.PROVISIONS, 0.7, -0.3)
    yield _figures(a, b)
    texts, titles = _texts(a, b), _titles(a, b)
    yield texts
    # A text copied under another title is still copied.
    yield replace(titles, weight=max(titles.weight, 0.0)) if texts.weight >= _COPIED else titles


def _reasons(evidence: Iterable[_Evidence]) -> Iterator[Reason]:
    return (part.reason for part in evidence if part.reason is not None)


def similar(new: Sketch, others: Iterable[Sketch]) -> list[Likeness]:
    """The entries that may be the same work, the likeliest first; never the entry itself."""
    found = (likeness(new, other) for other in others if other.id != new.id)
    return sorted((f for f in found if f.score >= WARN_AT), key=lambda f: (-f.score, f.id))


# --- blocks --------------------------------------------------------------------------------

BLOCKS = 24  # keys of one entry, at most


def blocks(sketch: Sketch) -> frozenset[str]:
    """Keys of which two entries of one work nearly always share one: to be kept in an index, so
    that a new entry is compared with dozens of entries and not with all of them."""
    bounds = _bounds(sketch)
    years = sorted({str(day.year) for day in bounds}) if bounds else ["-"]
    titles = [read_title(title) for title in sorted(sketch.titles)]
    codes = sorted({code for title in titles for code in title.codes})
    named = (w for title in titles for w, weight in title.weights.items() if weight > COMMON_WEIGHT)
    words = sorted({word[:5] for word in named}, key=lambda word: (-len(word), word))
    keys = [f"n:{code}" for code in codes[:2]]
    if len(sketch.countries) > 1:
        keys.append("c:" + "+".join(sorted(sketch.countries)))
    keys += [f"c:{country}:{year}" for year in years for country in sorted(sketch.countries)[:4]]
    if not sketch.countries:
        keys += [f"r:{r}:{area}:{year}" for year in years for r in sorted(sketch.regions)[:2]
                 for area in sorted(sketch.areas)[:2]]  # fmt: skip
    keys += [f"t:{word}:{year}" for word in words[:6] for year in years]
    return frozenset(keys[:BLOCKS])
