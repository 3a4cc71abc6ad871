"""Old and new words that a flattened redline fused, told apart again where the shape is certain.

Word's tracked changes lost their marks on the way to text: "HyderabadDubai, 20102014" was
Hyderabad, 2010 and became Dubai, 2014. Each shape below has one reading only, by the calendar of
ITU conferences or by how references are written; anything less certain stays as printed.
The words themselves never change: a repair only says of each part whether it is old or new.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

# Places and years of the conferences as ITU resolutions cite them ("(Rev. Doha, 2006)", "WTSA-12").
# WTSA-20 is cited by its planned year though it met in 2022.
CONFERENCES: dict[str, dict[int, str]] = {
    "PP": {1994: "Kyoto", 1998: "Minneapolis", 2002: "Marrakesh", 2006: "Antalya",
           2010: "Guadalajara", 2014: "Busan", 2018: "Dubai", 2022: "Bucharest"},
    "WTSA": {2000: "Montreal", 2004: "Florianópolis", 2008: "Johannesburg", 2012: "Dubai",
             2016: "Hammamet", 2020: "Geneva", 2024: "New Delhi"},
    "WTDC": {1994: "Buenos Aires", 1998: "Valletta", 2002: "Istanbul", 2006: "Doha",
             2010: "Hyderabad", 2014: "Dubai", 2017: "Buenos Aires", 2022: "Kigali"},
}  # fmt: skip
_PLACES = "|".join(sorted({p for c in CONFERENCES.values() for p in c.values()}))
_WORD = r"[A-Z][a-zà-ÿ]+"
_CAPITALS = r"[A-ZÀ-Þ]{2,30}"  # titles: "(REV. GUADALAJARA, 2010)"
_PLACE = (
    rf"(?:{_WORD}(?:[ -]{_WORD}){{0,2}}"
    rf"|(?<![A-ZÀ-Þ]){_CAPITALS}(?:[ -]{_CAPITALS}){{0,2}})"
)
_YEAR = r"(?:19|20)\d\d"
PLACE_YEAR = rf"{_PLACE}, {_YEAR}"
REVISED = r"(?:R(?:ev|EV)\. ?)?"
# After "to " in operative text; two of them joined by a hyphen are an old and a new verb.
_ACTS = "propose|report|continue|consider|review|invite|encourage|support|submit|inform|develop"


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a text that is old or new. Offsets into that text.

    `stood` is what the old words had there, where that is not the stretch itself: "" for a sign
    that only holds old and new apart.
    """

    start: int
    end: int
    new: bool
    stood: str | None = None


@dataclass(frozen=True, slots=True)
class Unfused:
    """One place where old and new were fused, and the shape that tells them apart."""

    parts: tuple[Part, ...]
    evidence: str


def _parts(found: re.Match[str]) -> tuple[Part, ...]:
    """Groups named o1, o2 are old, n1, n2 new, s1 is a sign between; other words stay."""
    names = [g for g, value in found.groupdict().items() if value and g[1:].isdigit()]
    spans = sorted((*found.span(g), g[0]) for g in names)
    return tuple(Part(a, b, of == "n", "" if of == "s" else None) for a, b, of in spans)


def _places_years(found: re.Match[str]) -> bool:
    return int(found["o2"]) < int(found["n2"])


def _conference_years(found: re.Match[str]) -> bool:
    """Both readings must be years in which that conference met, the old before the new."""
    years = sorted(CONFERENCES[found["conference"]])
    old, new = found["o1"], found["n1"]
    if len(old) == 1:  # "WTDC-140": 10 with its last digit replaced, 1 4 0
        old, new = found["kept"] + old, found["kept"] + new
    return any(o % 100 == int(old) and n % 100 == int(new) for o in years for n in years if o < n)


def _always(found: re.Match[str]) -> bool:
    return True


_CODE = r"(?P<conference>WTSA|WTDC|PP)-"
_SHAPES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], bool], str], ...] = (
    (
        re.compile(rf"(?P<o1>{_WORD})(?P<n1>{_WORD}), (?P<o2>{_YEAR})(?P<n2>{_YEAR})(?!\d)"),
        _places_years,
        "two places and two years without a blank",
    ),
    (
        re.compile(rf"(?P<o1>{PLACE_YEAR})(?P<n1>R(?:ev|EV)\. ?{PLACE_YEAR})"),
        _always,
        "a second place and year directly behind the first",
    ),
    (
        re.compile(rf"(?P<o1>{PLACE_YEAR})(?P<n1>{PLACE_YEAR})"),
        _always,
        "a second place and year directly behind the first",
    ),
    (
        re.compile(rf"{_CODE}(?P<o1>\d\d)(?P<s1>-)?(?P<n1>\d\d)(?![\d-])"),
        _conference_years,
        "two years of that conference",
    ),
    (
        re.compile(rf"{_CODE}(?P<kept>\d)(?P<n1>\d)(?P<o1>\d)(?![\d-])"),
        _conference_years,
        "two years of that conference that share a digit",
    ),
    (
        # ITU-D Questions: number, "-" revision, "/" study group 1 or 2
        re.compile(r"(?<![\d/-])(?P<o1>\d{1,2}(?:-\d)?/[12])(?P<n1>\d{1,2}(?:-\d)?/[12])(?![\d/])"),
        _always,
        "two Questions with their study groups",
    ),
    (
        re.compile(rf"(?P<o1>{_PLACES})(?P<s1>-)(?P<n1>{_PLACES}) (?=Action Plan|Plan of Action)"),
        _always,
        "an action plan has the name of one conference",
    ),
    (
        re.compile(rf"(?<=\bto )(?P<o1>{_ACTS})(?P<s1>-)(?P<n1>{_ACTS})\b"),
        _always,
        "two verbs joined by a hyphen",
    ),
)


def unfuse(text: str) -> list[Unfused]:
    """Every place in a text where old and new words are certainly fused, in order.

    >>> [(text[p.start:p.end], p.new) for text in ["WTSA-0812"] for p in unfuse(text)[0].parts]
    [('08', False), ('12', True)]
    """
    hits = [
        (m.start(), m.end(), Unfused(_parts(m), f"{m[0].strip()}: {evidence}"))
        for pattern, certain, evidence in _SHAPES
        for m in pattern.finditer(text)
        if certain(m)
    ]
    found: list[Unfused] = []
    taken = 0
    for start, end, unfused in sorted(hits, key=lambda h: (h[0], -h[1])):
        if start >= taken:
            found.append(unfused)
            taken = end
    return found
