"""Whether a new entry is work that another body already entered: asked before it is saved.

Each thing two entries agree or disagree on adds to the evidence or takes from it, as in the record
linkage of Fellegi and Sunter (1969). Titles in two languages say little about each other: there
country, period, figures and paragraphs decide. What comes out is a warning, never a refusal.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache, lru_cache
from itertools import product

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from comity.kit import countries
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
_EXCLUDED = -8.0  # no other evidence makes up for this

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


# --- titles --------------------------------------------------------------------------------

# Words that half of the titles of this field hold, as beginnings of folded words (Chinese: as
# parts). They weigh a quarter of a name; so do countries, which are compared as codes.
_COMMON = re.compile(
    r"(?:cyber|ciber|securi|seguri|nation|nacional|region|cooper|train|formac|formati|cours|curso"
    r"|drill|exerci|ejerci|workshop|atelier|taller|assess|evalua|readi|strateg|estrateg|agree"
    r"|accord|acuerd|memorand|underst|mou|cirt|csirt|cert|incident|respon|computer|inform|network"
    r"|team|program|project|initia|interna|develop|itu|uit|build|capaci|hosted|held|launch|establ"
    r"|annual|forum|meeting|event|joint|confid|ict"
    r"|кибер|безопас|национал|регионал|сотруднич|меморанд|взаимопон|соглаш|семинар|учени|обуч"
    r"|информац|международ|област|сфер|стратег|мсэ"
    r"|امن|سيبر|وطن|اقليم|تعاون|مذكر|تفاهم|تدريب|تمرين|دور|ورش|معلوم|مجال|استراتيج|توقع|دول|بين"
    r"|مركز|اتحاد)\w*"
)
_COMMON_HAN = re.compile(
    "网络安全|信息安全|国家|网络|安全|合作|谅解备忘录|备忘录|培训班|培训|演练|演习|应急响应|应急|响应|能力建设"
    "|面向|关于|研讨会|战略|评估|计算机|地区|区域|国际|组织|中心"
)
_COMMON_WEIGHT, _PAIR_WEIGHT = 0.25, 0.5
_STOP = {  # function words, which also tell the language of a Latin title
    "en": frozenset("the of for and in on with to by from at its".split()),
    "fr": frozenset("du des le les la de pour sur et au aux en l d un une entre dans".split()),
    "es": frozenset("de del el los las la para y en con por un una entre al sobre".split()),
    "": frozenset(
        "в о об и на по для с между из при من في على الى عن و حول مع ما 的 和 与 在".split()
    ),
}
_ALL_STOPS = frozenset().union(*_STOP.values())
_ORDINALS = {
    word: str(number)
    for number, row in enumerate(
        (
            "first premier premiere primera primer primero первый первая первое первые الاول الاولي",
            "second seconde deuxieme segundo segunda второй вторая второе вторые الثاني الثانيه",
            "third troisieme tercero tercera третий третья третье третьи الثالث الثالثه",
            "fourth quatrieme cuarto cuarta четвертый четвертая четвертое الرابع الرابعه",
            "fifth cinquieme quinto quinta пятый пятая пятое الخامس الخامسه",
            "sixth sixieme sexto sexta шестой шестая шестое السادس السادسه",
            "seventh septieme septimo septima седьмой седьмая седьмое السابع السابعه",
            "eighth huitieme octavo octava восьмой восьмая восьмое الثامن الثامنه",
            "ninth neuvieme noveno novena девятый девятая девятое التاسع التاسعه",
            "tenth dixieme decimo decima десятый десятая десятое العاشر العاشره",
            "eleventh onzieme undecimo undecima одиннадцатый одиннадцатая 11th",
            "twelfth douzieme duodecimo duodecima двенадцатый двенадцатая 12th",
        ),
        start=1,
    )
    for word in row.split()
} | dict(zip("ii iii iv vi vii viii ix".split(), "2 3 4 6 7 8 9".split(), strict=True))
# What one word does not tell: "eleventh" is two words in Arabic, a numeral in Chinese.
_SPELLED = (
    (re.compile(r"(?:الحادي|الحاديه) (?:عشر|عشره)"), " 11 "),
    (re.compile(r"(?:الثاني|الثانيه) (?:عشر|عشره)"), " 12 "),
    (re.compile(r"(?:الثالث|الثالثه) (?:عشر|عشره)"), " 13 "),
    (re.compile(r"\b(phase|part|fase|volume|partie|parte|фаза|часть) i\b"), r"\1 1 "),
    *(
        (re.compile(f"第{sign}"), f" {n} ")
        for n, sign in enumerate("一二三四五六七八九十", start=1)
    ),
)
_HAN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]+")
_TOKEN = re.compile(r"\d+(?:[.,]\d{3})+\b|\d+|[^\W\d_]+")
_CODE = re.compile(r"\b(?=[a-z.-]*\d)([a-z]{1,6})[-. ]?(\d[\d.]*\d|\d)\b")  # x.1500, sim3
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class _Title:
    tongue: str  # language, or script where it has one language here; "" is unknown
    weights: dict[str, float]
    initials: tuple[str, str]  # of its words in order: all, and without function words
    numbers: frozenset[str]
    years: frozenset[str]
    codes: frozenset[str]


@cache
def _names_of_countries() -> frozenset[str]:
    return frozenset(
        word
        for country in countries.all_countries()
        for name in (*country.names.values(), *country.also)
        for word in (fold(name), *fold(name).split())
        if len(word) > 3 or _HAN.fullmatch(word)
    )


@lru_cache(maxsize=65_536)
def _title(text: str) -> _Title:
    folded = fold(text[:400])
    for pattern, digits in _SPELLED:
        folded = pattern.sub(digits, folded)
    tokens = _TOKEN.findall(_HAN.sub(" ", folded))
    numbers = {re.sub(r"[.,]", "", t) for t in tokens if t[0].isdigit()}
    numbers |= {_ORDINALS[t] for t in tokens if t in _ORDINALS}
    years = frozenset(n for n in numbers if _YEAR.fullmatch(n))
    words = [t for t in tokens if not t[0].isdigit() and t not in _ORDINALS]
    content = [word for word in words if word not in _ALL_STOPS]
    weights = {bare: _weight(bare) for bare in (_bare(word) for word in content)}
    for run in _HAN.findall(folded):
        weights |= _han_weights(run)
    codes = frozenset(a + b for a, b in _CODE.findall(folded) if not _YEAR.fullmatch(b))
    return _Title(
        _tongue(folded, words),
        weights,
        ("".join(w[0] for w in words), "".join(w[0] for w in content)),
        frozenset(numbers - years),
        years,
        codes,
    )


def _bare(word: str) -> str:
    """An Arabic word without "and" and the article."""
    return re.sub(r"^(?:[وفبك]?ال|و?لل)(?=[ء-ي]{3})", "", word)


def _weight(word: str) -> float:
    if word in _names_of_countries() or _COMMON.fullmatch(word):
        return _COMMON_WEIGHT
    return 1.0 if len(word) > 2 else _COMMON_WEIGHT


def _han_weights(run: str) -> dict[str, float]:
    weights = dict.fromkeys(_COMMON_HAN.findall(run), _COMMON_WEIGHT)
    for rest in _COMMON_HAN.split(run):
        pairs = [rest[i : i + 2] for i in range(len(rest) - 1)] or [rest]
        for pair in filter(None, pairs):
            known = pair in _names_of_countries() or len(pair) == 1
            weights[pair] = _COMMON_WEIGHT if known else _PAIR_WEIGHT
    return weights


def _tongue(folded: str, words: list[str]) -> str:
    if _HAN.search(folded):
        return "zh"
    letters = next((c for c in folded if c.isalpha()), "")
    if not "a" <= letters <= "\u024f":
        return "ru" if "\u0400" <= letters <= "\u04ff" else "ar" if letters else ""
    counts = {lang: sum(w in stops for w in words) for lang, stops in _STOP.items() if lang}
    best = max(counts, key=lambda lang: counts[lang])
    return best if list(counts.values()).count(counts[best]) == 1 else ""


def _matched(a: _Title, b: _Title) -> float:
    """The weight of the words of a that b has too: as they are, inflected, mistyped, in initials."""
    found = 0.0
    for word, weight in a.weights.items():
        if (
            word in b.weights
            or any(_near(word, other) for other in b.weights)
            or (3 <= len(word) <= 8 and any(word in initials for initials in b.initials))
        ):
            found += weight
    return found


def _near(a: str, b: str) -> bool:
    if min(len(a), len(b)) < 4:
        return False
    if a[0] == b[0] and min(len(a), len(b)) >= 5 and a[:5] == b[:5]:
        return True
    return Levenshtein.normalized_similarity(a, b, score_cutoff=0.75) > 0


def _alike(a: _Title, b: _Title) -> float:
    """From 0 to 1: the mean of what both sides share of all words, and of the shorter side."""
    ours, theirs = sum(a.weights.values()), sum(b.weights.values())
    if not ours or not theirs:
        return 0.0
    one, other = _matched(a, b), _matched(b, a)
    return ((one + other) / (ours + theirs) + max(one / ours, other / theirs)) / 2


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


def _period(a: Sketch, b: Sketch) -> _Evidence:
    """Days that meet say most, a year that holds a day little; what lies apart was held twice."""
    first, second = _bounds(a), _bounds(b)
    if first is None or second is None:
        return _NONE
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
    values = (since.isoformat(), until.isoformat())
    return _reason(weight, Why.PERIOD, values) if weight > 0 else _Evidence(weight)


def _bounds(a: Sketch) -> tuple[dt.date, dt.date] | None:
    since, until = a.since or a.until, a.until or a.since
    return (min(since, until), max(since, until)) if since and until else None


def _sets(a: frozenset[str], b: frozenset[str], why: Why, same: float, other: float) -> _Evidence:
    if not a or not b:
        return _NONE
    return _reason(same, why, sorted(a & b)) if a & b else _Evidence(other)


def _figures(a: Sketch, b: Sketch) -> _Evidence:
    """Numbers that both tell, in any language: 250 specialists, X.1500, the eleventh drill."""
    ours, theirs = [_title(t) for t in a.titles], [_title(t) for t in b.titles]
    weight, values = 0.0, set[str]()
    for name, same, apart in (("codes", 2.5, -5.0), ("numbers", 1.0, -3.0), ("years", 0.3, -2.0)):
        one, other = (
            frozenset().union(*(getattr(t, name) for t in side)) for side in (ours, theirs)
        )
        if one and other:
            weight += same if one & other else apart
            values |= one & other
    told = _told(a) & _told(b)
    weight += min(1.0 * len(told), 2.5)
    return _reason(weight, Why.FIGURES, sorted(values | told)) if weight > 0 else _Evidence(weight)


@lru_cache(maxsize=65_536)
def _told(a: Sketch) -> frozenset[str]:
    """Figures of two digits and more in title and text, and names with inner capitals or points."""
    text = " ".join((*a.titles, a.text[:4000]))
    numbers = {t.replace(",", "") for t in _TOKEN.findall(fold(text)) if t[0].isdigit()}
    names = {fold(n) for n in re.findall(r"\b[a-z]+[A-Z]{2,}\w*|\b[A-Z]{3,}\.[a-z]{2}\b", text)}
    return frozenset(n for n in numbers if len(n) > 1 and not _YEAR.fullmatch(n)) | names


def _titles(a: Sketch, b: Sketch) -> _Evidence:
    best = _NONE
    known = False
    for one, other in product(sorted(a.titles), sorted(b.titles)):
        first, second = _title(one), _title(other)
        likeness = _alike(first, second)
        weight = next(value for least, value in _TITLE if likeness >= least)
        if first.tongue != second.tongue or not first.tongue:
            weight = max(weight, 0.0)
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
    yield (period := _period(a, b))
    if places.weight + period.weight <= _EXCLUDED:  # the usual case, in microseconds
        return
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
    titles = [_title(title) for title in sorted(sketch.titles)]
    codes = sorted({code for title in titles for code in title.codes})
    words = {
        w[:5] for title in titles for w, weight in title.weights.items() if weight >= _PAIR_WEIGHT
    }
    ranked = sorted(words, key=lambda word: (-len(word), word))
    keys = [f"n:{code}" for code in codes[:2]]
    if len(sketch.countries) > 1:
        keys.append("c:" + "+".join(sorted(sketch.countries)))
    keys += [f"c:{country}:{year}" for year in years for country in sorted(sketch.countries)[:4]]
    if not sketch.countries:
        keys += [f"r:{r}:{area}:{year}" for year in years for r in sorted(sketch.regions)[:2]
                 for area in sorted(sketch.areas)[:2]]  # fmt: skip
    keys += [f"t:{word}:{year}" for word in ranked[:6] for year in years]
    return frozenset(keys[:BLOCKS])
