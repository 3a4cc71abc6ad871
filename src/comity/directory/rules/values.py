"""One spelling for each value that a team says of itself, whoever brings it: `types.FIELDS`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from babel import Locale, UnknownLocaleError

from comity.directory.rules.constituency import canonical_country
from comity.directory.rules.contacts import canonical_url
from comity.directory.rules.services import canonical_service
from comity.directory.rules.times import canonical_date, canonical_zone
from comity.directory.types import FIELDS, PROTOCOLS, DirectoryError, FieldForm, TeamField
from comity.kit.errors import shown
from comity.kit.languages import gettext_noop

LONGEST = 10_000  # characters of one value; of one line 500
LINE = 500


def canonical_value(key: str, value: object) -> str | bool | Mapping[str, str]:
    """The value as it is kept. Raises DirectoryError with the field as its place."""
    field = FIELDS.get(key)
    if field is None:
        remedy = ", ".join(FIELDS)
        raise DirectoryError(gettext_noop("The directory has no such field"), shown(key), remedy)
    try:
        return _taken(field, value)
    except DirectoryError as fault:
        raise DirectoryError(fault.sentence, key, fault.way, **fault.words) from None


def _taken(field: TeamField, value: object) -> str | bool | Mapping[str, str]:
    if field.form is FieldForm.YESNO:
        if not isinstance(value, bool):
            raise _fault(gettext_noop("{text} is neither yes nor no"), value, "true, false")
        return value
    if field.form is FieldForm.RECORD:
        return _record(field, value)
    if not isinstance(value, str) or not value.strip():
        remedy = gettext_noop("Leave out what you do not know.")
        raise _fault(gettext_noop("{text} is no word"), value, remedy)
    if field.form is FieldForm.CHOICE:
        if value not in field.choices:
            raise _fault(gettext_noop("{text} is none of the choices"), value, _list(field.choices))
        return value
    return _RULES[field.form](value)


def _record(field: TeamField, value: object) -> Mapping[str, str]:
    if not isinstance(value, Mapping) or not value or not set(value) <= set(field.parts):
        raise _fault(gettext_noop("{text} has other parts"), value, _list(field.parts))
    made = {}
    for part, word in value.items():
        if not isinstance(word, str) or not word.strip():
            remedy = gettext_noop("Leave out what you do not know.")
            raise _fault(gettext_noop("{text} is no word"), word, remedy)
        made[part] = _PARTS.get(part, _line)(word)
    if field.parts[0] in ("name", "community") and field.parts[0] not in made:
        raise _fault(gettext_noop("{text} does not say what it is"), value, field.parts[0])
    if field.key == "protocol" and made["name"] not in PROTOCOLS:
        sentence = gettext_noop("{text} is no protocol known here")
        raise _fault(sentence, made["name"], _list(PROTOCOLS))
    return made


def canonical_language(text: str) -> str:
    """A code of CLDR: en, fr, zh-Hans."""
    bare = text.strip()
    try:
        Locale.parse(bare.replace("-", "_"))
    except (UnknownLocaleError, ValueError, TypeError):
        remedy = gettext_noop("Write its two or three letters, for example en or sw.")
        raise _fault(gettext_noop("{text} is no code of a language"), text, remedy) from None
    return bare


_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


def canonical_sha256(text: str) -> str:
    bare = "".join(text.split()).lower()
    if not _SHA256.fullmatch(bare):
        remedy = gettext_noop("It has 64 characters, 0 to 9 and a to f.")
        raise _fault(gettext_noop("{text} is no SHA-256"), text, remedy)
    return bare


def _line(text: str) -> str:
    return _short(" ".join(text.split()), LINE)


def _words(text: str) -> str:
    return _short(text.strip(), LONGEST)


def _short(text: str, most: int) -> str:
    if len(text) > most or "\x00" in text:
        remedy = gettext_noop("Shorten it.")
        raise _fault(gettext_noop("{text} is too long or cannot be kept"), text, remedy)
    return text


def _fault(sentence: str, value: object, remedy: str) -> DirectoryError:
    return DirectoryError(sentence, "", remedy, text=shown(str(value)))


def _list(words: tuple[str, ...]) -> str:
    return ", ".join(words)


_RULES: Mapping[FieldForm, Callable[[str], str]] = MappingProxyType(
    {
        FieldForm.TEXT: _line,
        FieldForm.NAME: _line,
        FieldForm.WORDS: _words,
        FieldForm.COUNTRY: canonical_country,
        FieldForm.LANGUAGE: canonical_language,
        FieldForm.DATE: canonical_date,
        FieldForm.URL: canonical_url,
        FieldForm.ZONE: canonical_zone,
        FieldForm.SERVICE: canonical_service,
    }
)
_PARTS: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {
        "date": canonical_date,
        "since": canonical_date,
        "tested_on": canonical_date,
        "checked_on": canonical_date,
        "url": canonical_url,
        "endpoint": canonical_url,
        "sha256": canonical_sha256,
    }
)
