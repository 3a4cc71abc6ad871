"""Who is meant: the actors of a heading, and the offices behind a collective name.

`data/actors.csv` holds the names; a collective ("Directors of the Bureaux") lists the keys of
those it stands for, so that a page of one Director's duties shows the shared ones too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from comity.mandate.types import Duty

from ..citations.tables import rows


@dataclass(frozen=True, slots=True)
class Actor:
    """An office, organ or group of members; `members` are keys when the name is collective."""

    name: str
    key: str
    abbreviation: str
    kind: str  # union | organ | official | collective | members | external
    members: tuple[str, ...]
    names: tuple[str, ...]


@cache
def actors() -> dict[str, Actor]:
    """Every known actor by key, in the order of the Constitution."""
    return {
        r["key"]: Actor(
            r["name"],
            r["key"],
            r["abbreviation"],
            r["kind"],
            tuple(m for m in r["members"].split("|") if m),
            tuple(r["names"].split("|")),
        )
        for r in rows("actors.csv")
    }


@cache
def _named() -> dict[str, Actor]:
    return {name: a for a in actors().values() for name in (a.name, *a.names)}


@cache
def _pattern() -> re.Pattern[str]:
    ordered = sorted(_named(), key=len, reverse=True)
    return re.compile("(?:" + "|".join(map(re.escape, ordered)) + r")(?!\w)(?!\s{1,3}[A-Z])")


_SEPARATOR = re.compile(r"\s{0,3},\s{0,3}(?:and\s{1,3})?|\s{1,3}and\s{1,3}")
_ARTICLE = re.compile(r"(?:the\s{1,3}|all\s{1,3})*")
_UNKNOWN = re.compile(r"[^,]{1,120}?(?=,|\s{1,3}and\s|$)")
_WITH = re.compile(
    r",?\s{1,3}in\s{1,3}(?:close\s{1,3})?(?:collaboration|cooperation|consultation)\b"
)
_BUREAUX = re.compile(
    r"Directors\s{1,3}of\s{1,3}(?=the\s{1,3}(?:Radio|Telecommunication)|BR\b|TSB\b|BDT\b)"
)
_BUREAU = re.compile(
    r"(?:the\s{1,3})?(Radiocommunication Bureau|Telecommunication (?:Standardization|Development)"
    r" Bureau|BR\b|TSB\b|BDT\b)"
)


def listed(text: str, *, known_only: bool = False) -> tuple[str, ...]:
    """Actors of a list such as "Member States, Sector Members and Associates", as in the table.

    Reading starts at the beginning. A name that the table does not hold is kept as printed, or
    ends the list when `known_only`. Those "in collaboration with" whom one acts are left out.
    """
    if cut := _WITH.search(text):
        text = text[: cut.start()]
    found: list[str] = []
    at = 0
    while at < len(text):
        if bureaux := _BUREAUX.match(text, _article(text, at)):
            at = bureaux.end()
            while bureau := _BUREAU.match(text, at):
                found.append(_named()[_director(bureau[1])].name)
                at = bureau.end()
                if (sep := _SEPARATOR.match(text, at)) and _BUREAU.match(text, sep.end()):
                    at = sep.end()
        else:
            start = _article(text, at)
            m = _pattern().match(text, start)
            if m is None and not known_only:
                m = _UNKNOWN.match(text, start)
            if m is None:
                break
            name = _named()[m[0]].name if m[0] in _named() else m[0].strip()
            found.append(name)
            at = m.end()
        sep = _SEPARATOR.match(text, at)
        if sep is None:
            break
        at = sep.end()
    return tuple(dict.fromkeys(n for n in found if n))


def _article(text: str, at: int) -> int:
    m = _ARTICLE.match(text, at)
    return m.end() if m else at


def _director(bureau: str) -> str:
    the = "" if bureau.isupper() else "the "
    return f"Director of {the}{bureau}"


def meant(name: str) -> tuple[str, ...]:
    """Keys of the offices behind a name: its members when collective, itself otherwise."""
    actor = _named().get(name)
    if actor is None:
        return ()
    return actor.members or (actor.key,)


def actors_meant(duty: Duty) -> tuple[str, ...]:
    """Keys of everybody who owes the duty, collectives opened: ("sg", "br", "tsb", "bdt")."""
    return tuple(dict.fromkeys(k for name in duty.actors for k in meant(name)))
