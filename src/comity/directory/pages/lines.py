"""The lines that somebody types into the form of a record: pieces of a constituency, protocols,
dates and addresses. Each fault is told with its line and the way out; none is dropped.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django import forms
from django.utils.translation import gettext_lazy as _

from comity.directory import types as t
from comity.directory.pages.frame import said
from comity.directory.rules import constituency, contacts
from comity.directory.rules.services import canonical_service
from comity.directory.rules.times import canonical_date
from comity.directory.rules.values import canonical_language, canonical_sha256
from comity.kit import tlp
from comity.kit.errors import KitError, UnknownLabel, shown
from comity.kit.languages import gettext_noop
from comity.kit.tlp import Label

LINES = 20_000  # pieces of a constituency in one field; larger ones come as a file
_PARTIAL = re.compile(r"\d{4}(-\d\d(-\d\d)?)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Piece:
    """A line of a constituency, read."""

    kind: t.HoldingKind
    value: str
    label: Label


def _label(text: str) -> Label:
    try:
        return tlp.parse(text)
    except UnknownLabel:
        raise t.DirectoryError(
            gettext_noop("{text} is no marking"),
            "",
            gettext_noop("Write one of these: {labels}."),
            text=shown(text),
            labels=", ".join(str(label) for label in Label),
        ) from None


def date(text: str) -> str:
    bare = text.strip()
    whole = bare + {4: "-01-01", 7: "-01"}.get(len(bare), "")
    try:
        if bare and not (_PARTIAL.fullmatch(bare) and dt.date.fromisoformat(whole)):
            raise ValueError
    except ValueError:
        raise forms.ValidationError(
            _("This is no date. Write it as 2014, 2014-05 or 2014-05-30.")
        ) from None
    return bare


def canonical(read: Callable[[], Any], text: str) -> str:
    if not text.strip():
        return ""
    try:
        return str(read())
    except KitError as error:
        raise forms.ValidationError(said(error)) from error


def url(text: str) -> str:
    return canonical(lambda: contacts.canonical_url(text), text)


_MARKING = re.compile(r"\s+(TLP:\S+)\s*$", re.IGNORECASE)


def pieces(kind: t.HoldingKind, text: str) -> list[Piece]:
    """The lines of one field. Each fault is told with its line; none is dropped."""
    typed = text.splitlines()
    if len(typed) > LINES:
        raise forms.ValidationError(_("So many lines come better as a file: import it."))
    made: dict[tuple[str, Label], Piece] = {}
    faults = []
    for number, line in enumerate(typed, 1):
        bare = line.strip()
        if not bare:
            continue
        try:
            label = Label.CLEAR
            if marked := _MARKING.search(bare):
                label, bare = _label(marked[1]), bare[: marked.start()]
            many = kind is t.HoldingKind.PREFIX
            for value in (
                constituency.prefixes(bare) if many else (constituency.canonical(kind, bare),)
            ):
                made[(value, label)] = Piece(kind, value, label)
        except KitError as error:
            where = _("Line {number}").format(number=number)
            faults.append(f"{where}: {said(error)}")
    if faults:
        raise forms.ValidationError(faults[:20])
    return list(made.values())


def words(text: str) -> list[str]:
    """One a line, each once."""
    found = (" ".join(line.split()) for line in text.splitlines())
    return list(dict.fromkeys(line for line in found if line))


Made = TypeVar("Made")


def by_line(text: str, read: Callable[[str], Made]) -> list[Made]:
    """What each line says, each once. Each fault is told with the number of its line."""
    made: list[Made] = []
    faults = []
    for number, line in enumerate(text.splitlines()[:LINES], 1):
        bare = " ".join(line.split())
        if not bare:
            continue
        try:
            value = read(bare)
        except KitError as error:
            messages = [said(error)]
        except forms.ValidationError as error:
            messages = error.messages
        else:
            made += [] if value in made else [value]
            continue
        where = _("Line {number}").format(number=number)
        faults += [f"{where}: {message}" for message in messages]
    if faults:
        raise forms.ValidationError(faults[:20])
    return made


def services(text: str) -> list[str]:
    """Codes or names of the FIRST CSIRT Services Framework, one a line."""
    return by_line(text, canonical_service)


_LANGUAGE = re.compile(r"([a-z]{2,3}): (.+)", re.ASCII)


def names(text: str) -> list[tuple[str, str]]:
    """Names, one a line, each as (name, language); the language may stand before: "fr: Équipe"."""

    def read(line: str) -> tuple[str, str]:
        spoken = _LANGUAGE.fullmatch(line)
        return (spoken[2], spoken[1]) if spoken else (line, "")

    return by_line(text, read)


def name_line(name: str, language: str) -> str:
    """A name as `names` reads it."""
    return f"{language}: {name}" if language else name


def memberships(text: str) -> list[dict[str, str]]:
    """Lines as "FIRST, full member, since 2014-05"."""
    return by_line(text, _membership)


def _membership(line: str) -> dict[str, str]:
    community, *rest = (part.strip() for part in line.split(","))
    if not community:
        raise forms.ValidationError(_("Name the community first, then the level and since when."))
    value, levels = {"community": community}, []
    for part in rest:
        dated = _SINCE.fullmatch(part)
        if dated:
            value["since"] = canonical_date(dated[1])
        elif part:
            levels.append(part)
    return value | ({"level": ", ".join(levels)} if levels else {})


@dataclass(frozen=True, slots=True)
class _Place:
    """A country or a team by its code; exactly one of the two."""

    country: str = ""
    team: str = ""


def _place(word: str) -> _Place:
    """A team's code is in small letters with a hyphen or longer than a country's; the rest is a
    country, by code or by name."""
    if _TEAM.fullmatch(word) and len(word) > 3:
        try:
            return _Place(country=constituency.canonical_country(word))
        except t.DirectoryError:
            return _Place(team=word)
    return _Place(country=constituency.canonical_country(word))


_TEAM = re.compile(r"[a-z0-9][a-z0-9_-]*", re.ASCII)


def members(text: str) -> list[dict[str, str]]:
    """Lines as "KE, full member, since 2014" or "ke-ke-cirt-cc"."""

    def read(line: str) -> dict[str, str]:
        value = _membership(line)
        place = _place(value.pop("community"))
        return {"country": place.country, "team": place.team} | value

    return by_line(text, read)


def member_line(member: Any) -> str:
    """A member of a community as `members` reads it."""
    since = f"since {member.since}" if member.since else ""
    return ", ".join(p for p in (member.country or member.team, member.level, since) if p)


_SINCE = re.compile(r"since\s+(\S+)", re.IGNORECASE)


def membership_line(value: Mapping[str, Any]) -> str:
    """A membership as `memberships` reads it."""
    since = f"since {value['since']}" if value.get("since") else ""
    parts = (value.get("community", ""), value.get("level", ""), since)
    return ", ".join(str(part) for part in parts if part)


def languages(text: str) -> list[str]:
    """Codes of languages with blanks, commas or line ends between; as CLDR writes them."""
    found = dict.fromkeys(code for code in re.split(r"[\s,;]+", text) if code)
    return [canonical(lambda code=code: canonical_language(code), code) for code in found]


def sha256(text: str) -> str:
    return canonical(lambda: canonical_sha256(text), text)


def protocol_line(value: Mapping[str, Any]) -> str:
    """A protocol as `protocols` reads it."""
    parts = [str(value.get("name", ""))]
    for word, part in _DATED.items():
        if value.get(part):
            parts += [word, str(value[part])]
    return " ".join([*parts, str(value.get("endpoint", ""))]).strip()


_DATED = {"since": "since", "tested": "tested_on"}


def protocols(text: str) -> list[dict[str, str]]:
    """Lines as "taxii since 2020 tested 2026-05-30 https://taxii.example/"."""
    return by_line(text, _protocol)


def _protocol(line: str) -> dict[str, str]:
    parts = line.split()
    name = parts[0].lower()
    if name not in t.PROTOCOLS:
        raise forms.ValidationError(
            _("{name} is no protocol known here. Known are {names}.").format(
                name=parts[0][:40], names=", ".join(t.PROTOCOLS)
            )
        )
    value = {"name": name}
    rest = iter(parts[1:])
    for part in rest:
        if part.lower() in _DATED:
            value[_DATED[part.lower()]] = date(next(rest, "") or "-")
        elif "endpoint" in value:
            raise forms.ValidationError(_("One address a line. Write the second on its own line."))
        else:
            value["endpoint"] = url(part)
    return value
