"""The lines that somebody types into the form of a record: pieces of a constituency, protocols,
dates and addresses. Each fault is told with its line and the way out; none is dropped.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from comity.directory import types as t
from comity.directory.rules import constituency, contacts
from comity.kit import tlp
from comity.kit.errors import KitError
from comity.kit.tlp import Label

LINES = 20_000  # pieces of a constituency in one field; larger ones come as a file
_PARTIAL = re.compile(r"\d{4}(-\d\d(-\d\d)?)?", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_CODE = re.compile(r"[a-z0-9]+([-_.][a-z0-9]+)*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Piece:
    """A line of a constituency, read."""

    kind: t.HoldingKind
    value: str
    label: Label


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
        raise forms.ValidationError(f"{error.message}. {error.remedy}") from error


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
                label, bare = tlp.parse(marked[1]), bare[: marked.start()]
            many = kind is t.HoldingKind.PREFIX
            for value in (
                constituency.prefixes(bare) if many else (constituency.canonical(kind, bare),)
            ):
                made[(value, label)] = Piece(kind, value, label)
        except KitError as error:
            where = _("Line {number}").format(number=number)
            faults.append(f"{where}: {error.message}. {error.remedy}")
    if faults:
        raise forms.ValidationError(faults[:20])
    return list(made.values())


def words(text: str) -> list[str]:
    """One a line, each once."""
    found = (" ".join(line.split()) for line in text.splitlines())
    return list(dict.fromkeys(line for line in found if line))


def codes(text: str) -> list[str]:
    """Identifiers, one a line: small letters with hyphens, as a vocabulary writes them."""
    found = words(text.lower())
    faults = [line for line in found if len(line) > 120 or not _CODE.fullmatch(line)]
    if faults:
        raise forms.ValidationError(
            [
                _("{code} is no identifier. Write it as event-analysis.").format(code=code[:60])
                for code in faults[:20]
            ]
        )
    return found


def sha256(text: str) -> str:
    bare = "".join(text.split()).lower()
    if bare and not _SHA256.fullmatch(bare):
        raise forms.ValidationError(
            _("This is no SHA-256. It has 64 characters, 0 to 9 and a to f.")
        )
    return bare


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
    made: dict[str, dict[str, str]] = {}
    faults = []
    for number, line in enumerate(text.splitlines()[:100], 1):
        if not line.strip():
            continue
        try:
            value = _protocol(line.split())
        except forms.ValidationError as error:
            where = _("Line {number}").format(number=number)
            faults += [f"{where}: {message}" for message in error.messages]
        else:
            made[protocol_line(value)] = value
    if faults:
        raise forms.ValidationError(faults[:20])
    return list(made.values())


def _protocol(parts: list[str]) -> dict[str, str]:
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
