"""How ITU texts print a reference: words before the number, numbers, "(Rev. Place, year)", parts.

Every repeat in these patterns is bounded and none starts with a blank, so that time grows with the
length of the text and no input can make them run away. All patterns read the *folded* text, which
has one character for each of the source: offsets are the source's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from .tables import issuers, named, places

_FOLD = str.maketrans(
    {"\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u00a0": " ", "\u202f": " "}
    | {"\u2009": " ", "\u2018": "'", "\u2019": "'", "\n": " ", "\t": " ", "\r": " "}
)


def fold(text: str) -> str:
    """One kind of hyphen, blank and quote; as many characters as before."""
    return text.translate(_FOLD)


KINDS = {
    "resolution": "resolution",
    "res": "resolution",
    "opinion": "opinion",
    "decision": "decision",
    "recommendation": "recommendation",
    "question": "question",
}
HEAD = re.compile(
    r"\b(?P<kind>[Rr]esolution|RESOLUTION|Res|Opinion|Decision|Recommendation|[Qq]uestion)"
    r"(?P<plural>s|S)?\.?\s{1,3}(?:[Nn]umbers?\s{1,3}|[Nn]os?\.\s{0,3})?"
    r"(?P<sector>ITU-[DRT]\s{1,3})?(?=[A-Z\d])"
)
# 45 · 68/198 · 22-1/1 · PLEN/3 · A/RES/66/184 · X.1205; a third group after "/" is a fused number
NUMBER = re.compile(
    r"(?:A/RES/|PLEN/|[A-Z]{1,2}\.(?=\d))?\d{1,5}[A-Z]?(?:-\d{1,3})?(?:\.\d{1,4})?"
    r"(?:/\d{1,4}(?:-\d{1,3})?){0,2}(?![\w/])"
)
SEPARATOR = re.compile(r"\s{0,3},\s{1,3}(?:and\s{1,3})?|\s{1,3}(?:and|or|&)\s{1,3}")
OF = re.compile(r"\s{1,3}of\s{1,3}(?:the\s{1,3})?")
THIS = re.compile(r"this\s{1,3}(?:[Cc]onference|[Aa]ssembly)\b")
SESSION = re.compile(
    r",?\s{1,3}adopted\s{1,3}(?:by\s{1,3}the\s{1,3}Council\s{1,3})?at\s{1,3}(?:its|the)\s{1,3}"
    r"(?P<year>\d{4})\s{1,3}(?:ordinary\s{1,3}|extraordinary\s{1,3})?session(?:\s{1,3}of\s{1,3}the\s{1,3}Council)?"
)
ADOPTED = re.compile(r",?\s{1,3}(?:as\s{1,3})?adopted\s{1,3}(?:by|at)\s{1,3}(?:the\s{1,3})?")
TITLE = re.compile(r"\s{0,2}\([^()]{1,300}\)")

# --- "(Rev. Dubai, 2014)" -------------------------------------------------------------------

_PLACE = r"(?P<place>[^\W\d_][^\d(),;:]{1,40}?)"
_VERSION = re.compile(
    r"\((?P<lead>\s{0,3})(?P<rev>R(?:ev|EV)\.?[\s-]{0,3})?"
    + _PLACE
    + r"(?P<gap>\s{0,3})(?P<comma>,?)\s{0,3}"
    r"(?P<year>\d{4})\s{0,3}\)"
)
_SESSION = re.compile(
    r"\(\s{0,3}(?P<rev>Rev\.?\s{0,3})?(?P<issuer>PP|WTDC|WTSA|RA|WRC|WCIT|WTPF)-(?P<yy>\d\d)\s{0,3}\)"
)
_YEAR = re.compile(r"\(\s{0,3}(?P<rev>[Mm]odified,?\s{1,3})?(?P<year>\d{4})\s{0,3}\)")
_FUSED = re.compile(
    r"(?P<place>[^\W\d_][^\d(),;:]{1,80}?)\s{0,3},?\s{0,3}(?:\d{4})?(?P<year>\d{4})$"
)
_CENTURY_TURN = 65  # the Union's two-digit years: 65 and later are 19xx


@dataclass(frozen=True, slots=True)
class Version:
    """What stands in the brackets after a number; `end` is behind the closing bracket."""

    place: str
    year: int | None
    revised: bool
    end: int
    issuer: str = ""
    flags: tuple[str, ...] = ()


def version(folded: str, at: int) -> Version | None:
    """Read "(Rev. Dubai, 2014)", "(2009)" or "(Rev. WRC-12)" at `at`, after up to three blanks."""
    bracket = folded.find("(", at, at + 4)
    if bracket < 0 or folded[at:bracket].strip():
        return None
    if m := _YEAR.match(folded, bracket):
        return Version("", int(m["year"]), bool(m["rev"]), m.end())
    if m := _VERSION.match(folded, bracket):
        flags = []
        if m["lead"]:
            flags.append("blank after the bracket")
        if m["gap"] and m["comma"]:
            flags.append("blank before the comma")
        if not m["comma"]:
            flags.append("comma missing before the year")
        return Version(
            m["place"].strip(), int(m["year"]), bool(m["rev"]), m.end(), "", tuple(flags)
        )
    if m := _SESSION.match(folded, bracket):
        yy = int(m["yy"])
        year = yy + (1900 if yy >= _CENTURY_TURN else 2000)
        return Version("", year, bool(m["rev"]), m.end(), m["issuer"])
    return _fused(folded, bracket)


def _fused(folded: str, bracket: int) -> Version | None:
    """ "(Hyderabad, 2010Rev. Dubai, 2014)": a strike was lost, the later words are the new ones."""
    close = folded.find(")", bracket, bracket + 80)
    inner = folded[bracket + 1 : close].strip() if close > 0 else ""
    m = _FUSED.search(inner) if re.search(r"\d{4}.{0,40}\d{4}$", inner) else None
    place = next((p for p in places() if m and m["place"].rstrip().endswith(p)), "")
    if not m or not place:
        return None
    return Version(
        place, int(m["year"]), "Rev" in inner, close + 1, "", ("old and new words fused",)
    )


# --- lists of numbers -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Member:
    """One number of a list, with the version that it carries or shares."""

    number: str
    start: int
    end: int
    version: Version | None


def members(folded: str, at: int, plural: bool) -> list[Member]:
    """ "50, 52 and 58 (Rev. Dubai, 2012)": three members that share the version behind the last.

    After a singular word a further number counts only when it has a version of its own.
    """
    found: list[Member] = []
    while m := NUMBER.match(folded, at):
        v = version(folded, m.end())
        if found and not plural and (v is None or not v.place):
            break
        end = v.end if v else m.end()
        found.append(Member(m[0], m.start(), end, v))
        sep = SEPARATOR.match(folded, end)
        if not sep:
            break
        at = sep.end()
    shared: Version | None = None
    for i in reversed(range(len(found))):
        if found[i].version:
            shared = found[i].version
        elif shared:
            found[i] = replace(found[i], version=shared)
    return found


# --- parts of an instrument -------------------------------------------------------------------

_PART_NUMBER = r"(?:[A-Z]?\d{1,4}(?:\.\d{1,3}){0,3}[A-Z]?|[A-Z]{1,4})(?![\w])"
PART = re.compile(
    r"(?:§§?\s{0,3}|\b(?:Nos?\.\s{0,3}|(?P<word>Articles?|Objectives?|Outputs?|Programmes?|Annex(?:es)?"
    r"|Chapters?|Sections?|[Pp]aragraphs?|Goals?|Targets?|[Aa]ction\s{1,3}[Ll]ines?)\s{1,3}))"
    + _PART_NUMBER
    + r"(?:(?:,\s{1,3}|\s{1,3}(?:and|to)\s{1,3}|-)"
    + _PART_NUMBER
    + r"){0,30}"
    r"|\b(?:recalling|considering|recognizing|aware|noting|bearing in mind|resolves|instructs)"
    r"(?:\s{1,3}further)?\s{1,3}(?:[a-z]{1,4}\)|\d{1,2}\b)"
)
_ON = r"(?:,\s{1,3}on\s[^;:()§]{1,150},)?"
PART_TO_TEXT = re.compile(_ON + r"\s{1,3}(?:of|in|to|under)\s{1,3}(?:the\s{1,3})?(?:ITU\s{1,3})?")
PART_TO_PART = re.compile(
    r"(?:,\s{1,3}on\s[^;:()§]{1,150})?,?\s{1,3}"
    r"(?:and\s{1,3}|of\s{1,3}(?:the\s{1,3})?|in\s{1,3}particular,?\s{1,3})"
)
TEXT_TO_PART = re.compile(
    r"(?:,?\s{1,3}and\s{1,3}its|\s{0,2},?\s{0,2},?\s{1,3}(?:in\s{1,3}particular|notably|specifically),?)\s{1,3}"
)
REACH = 200  # characters between a part and its text, at most: "Article 6, on ..., of the ..."


# --- names ------------------------------------------------------------------------------------


def _alternatives(names: Iterable[str], *, any_case: bool) -> str:
    """Longest first. Names of issuers in any case (drafts vary), abbreviations as they are."""
    ordered = sorted(names, key=len, reverse=True)
    return "|".join(
        f"(?ai:{re.escape(n)})" if any_case and " " in n else re.escape(n) + r"(?!\w)"
        for n in ordered
    )


_ISSUER_OF = {name.lower(): i.code for i in issuers().values() for name in i.names}
_MENTION = re.compile(
    r"(?<![\w-])(?P<name>"
    + _alternatives((n for i in issuers().values() for n in i.names), any_case=True)
    + r")"
    r"(?:-(?P<session>\d\d(?:\d\d)?)(?!\d))?(?:\s{0,2}\([A-Z]{2,6}\))?"
)
_NAMED = re.compile(
    r"(?<![\w-])(?P<name>" + _alternatives(named(), any_case=False) + r")(?!\w)"
    r"(?!\s{1,3}(?:on|against|for|relative)\b)"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """An issuer named in the text: "WTDC-14", "United Nations General Assembly (UNGA)"."""

    issuer: str
    session: str
    start: int
    end: int


def mentions(folded: str) -> list[Mention]:
    """Every issuer that the text names, in order."""
    return [
        Mention(_ISSUER_OF[m["name"].lower()], m["session"] or "", m.start(), m.end())
        for m in _MENTION.finditer(folded)
    ]


def names(folded: str) -> Iterable[tuple[str, int, int]]:
    """Key, start and end of every instrument that the text names; the article stays outside."""
    for m in _NAMED.finditer(folded):
        article = 4 if m["name"].startswith("the ") else 0
        yield named()[m["name"]].key, m.start() + article, m.end()
