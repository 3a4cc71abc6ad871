"""What a title says, in any of the six languages: its words by weight, its numbers and its codes.

Titles of this field are made of the same few words. What tells two apart is the rest: names of
places and bodies, an ordinal, a phase, the number of a Recommendation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz.distance import Levenshtein

from comity.kit import countries
from comity.registry.rules.words import fold

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
COMMON_WEIGHT, _PAIR_WEIGHT = 0.25, 0.5
_STOP = {  # function words, which also tell the language of a Latin title
    "en": frozenset("the of for and in on with to by from at its".split()),
    "fr": frozenset("du des le les la de pour sur et au aux en l d un une entre dans".split()),
    "es": frozenset("de del el los las la para y en con por un una entre al sobre".split()),
    "": frozenset(
        "в о об и на по для с между из при من في على الى عن و حول مع ما 的 和 与 在".split()
    ),
}
_ALL_STOPS = frozenset(word for words in _STOP.values() for word in words)
_ORDINALS = {
    word: str(number)
    for number, row in enumerate(
        (
            "first premier premiere primer primera primero первый первая первое الاول الاولي",
            "second seconde deuxieme segundo segunda второй вторая второе الثاني الثانيه",
            "third troisieme tercero tercera третий третья третье третьи الثالث الثالثه",
            "fourth quatrieme cuarto cuarta четвертый четвертая четвертое الرابع الرابعه",
            "fifth cinquieme quinto quinta пятый пятая пятое الخامس الخامسه",
            "sixth sixieme sexto sexta шестой шестая шестое السادس السادسه",
            "seventh septieme septimo septima седьмой седьмая седьмое السابع السابعه",
            "eighth huitieme octavo octava восьмой восьмая восьмое الثامن الثامنه",
            "ninth neuvieme noveno novena девятый девятая девятое التاسع التاسعه",
            "tenth dixieme decimo decima десятый десятая десятое العاشر العاشره",
            "eleventh onzieme undecimo undecima одиннадцатый одиннадцатая",
            "twelfth douzieme duodecimo duodecima двенадцатый двенадцатая",
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
TOKEN = re.compile(r"\d+(?:[.,]\d{3})+\b|\d+|[^\W\d_]+")
_CODE = re.compile(r"\b(?=[a-z.-]*\d)([a-z]{1,6})[-. ]?(\d[\d.]*\d|\d)\b")  # x.1500, sim3
YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class Title:
    tongue: str  # language; "latin" where its function words do not tell which
    weights: dict[str, float]
    rows: tuple[tuple[str, ...], ...]  # its words in order: all, and without function words
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
def read_title(text: str) -> Title:
    folded = fold(text[:400])
    for pattern, digits in _SPELLED:
        folded = pattern.sub(digits, folded)
    tokens = TOKEN.findall(_HAN.sub(" ", folded))
    numbers = {re.sub(r"[.,]", "", t) for t in tokens if t[0].isdigit()}
    numbers |= {_ORDINALS[t] for t in tokens if t in _ORDINALS}
    years = frozenset(n for n in numbers if YEAR.fullmatch(n))
    words = [t for t in tokens if not t[0].isdigit() and t not in _ORDINALS]
    content = [word for word in words if word not in _ALL_STOPS]
    weights = {bare: _weight(bare) for bare in (_bare(word) for word in content)}
    for run in _HAN.findall(folded):
        weights |= _han_weights(run)
    codes = frozenset(a + b for a, b in _CODE.findall(folded) if not YEAR.fullmatch(b))
    return Title(
        _tongue(folded, words),
        weights,
        (tuple(words), tuple(content)),
        frozenset(numbers - years),
        years,
        codes,
    )


def _bare(word: str) -> str:
    """An Arabic word without "and" and the article."""
    return re.sub(r"^(?:[وفبك]?ال|و?لل)(?=[ء-ي]{3})", "", word)


def _weight(word: str) -> float:
    if word in _names_of_countries() or _COMMON.fullmatch(word):
        return COMMON_WEIGHT
    return 1.0 if len(word) > 2 else COMMON_WEIGHT


def _han_weights(run: str) -> dict[str, float]:
    weights = dict.fromkeys(_COMMON_HAN.findall(run), COMMON_WEIGHT)
    for rest in _COMMON_HAN.split(run):
        pairs = [rest[i : i + 2] for i in range(len(rest) - 1)] or [rest]
        for pair in filter(None, pairs):
            known = pair in _names_of_countries() or len(pair) == 1
            weights[pair] = COMMON_WEIGHT if known else _PAIR_WEIGHT
    return weights


_SCRIPTS = (
    ("zh", _HAN),
    ("ar", re.compile("[\u0621-\u06d3]+")),
    ("ru", re.compile("[\u0400-\u0527]+")),
)


def _tongue(folded: str, words: list[str]) -> str:
    for language, letters in _SCRIPTS:
        if letters.search(folded):
            return language
    counts = {lang: sum(w in stops for w in words) for lang, stops in _STOP.items() if lang}
    best = max(counts, key=lambda lang: counts[lang])
    return best if list(counts.values()).count(counts[best]) == 1 else "latin"


def _matched(a: Title, b: Title) -> float:
    """The weight of a's words that b has too: as they are, inflected, mistyped, as initials."""
    spelled = {word for short in b.weights for word in _spelled_out(short, a)}
    found = 0.0
    for word, weight in a.weights.items():
        known = word in b.weights or word in spelled or any(_spelled_out(word, b))
        if known or any(_near(word, other) for other in b.weights):
            found += weight
    return found


def _spelled_out(short: str, title: Title) -> Iterator[str]:
    """The words that an abbreviation stands for: CSA for Cyber Security Agency."""
    if not (3 <= len(short) <= 8 and short.isascii()):
        return
    for row in title.rows:
        place = "".join(word[0] for word in row).find(short)
        if place >= 0:
            yield from row[place : place + len(short)]


def _near(a: str, b: str) -> bool:
    """Two forms of a word (one beginning, short endings) or two typings of it."""
    short, long = sorted((len(a), len(b)))
    if short < 4:
        return False
    same = next((i for i in range(short) if a[i] != b[i]), short)
    if same >= 5 or (same == 4 and long <= 6):
        return True
    return Levenshtein.normalized_similarity(a, b, score_cutoff=0.75) > 0


def alike(a: Title, b: Title) -> float:
    """From 0 to 1: the mean of what both sides share of all words, and of the shorter side."""
    ours, theirs = sum(a.weights.values()), sum(b.weights.values())
    if not ours or not theirs:
        return 0.0
    one, other = _matched(a, b), _matched(b, a)
    return ((one + other) / (ours + theirs) + max(one / ours, other / theirs)) / 2
