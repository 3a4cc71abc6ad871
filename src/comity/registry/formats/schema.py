"""A kind as JSON Schema (2020-12): what a record of it may say, for programs that write one.

Made from the kind, so that a kind of the operator's is described like ours. It says the form; what
needs reckoning (30 February, a country's name) `rules/checking.py` says.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from comity.registry.rules.checking import MOST_VALUES
from comity.registry.rules.values import (
    LARGEST_COUNT,
    LONGEST_LINE,
    LONGEST_URL,
    LONGEST_WORDS,
    PARTY_LEVELS,
    PARTY_PARTS,
)
from comity.registry.types import SIX, Field, FieldType, Kind, Origin, Vocabulary

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]

_DATE = r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"
_TEXT: Schema = {"type": "string"}
_NUMBER: Schema = {
    "anyOf": [
        {"type": "integer", "minimum": 0, "maximum": LARGEST_COUNT},
        {"type": "string", "pattern": "^[0-9]{1,16}$"},
    ]
}
_AMOUNT: Schema = {"type": ["string", "integer"]}


def _parts(required: tuple[str, ...], **parts: Schema) -> Schema:
    return {
        "type": "object",
        "properties": parts,
        "required": list(required),
        "additionalProperties": False,
    }


def _or_empty(pattern: str) -> Schema:
    return {"type": "string", "pattern": f"^$|{pattern}"}


_PLAIN: dict[FieldType, Schema] = {
    FieldType.DATE: {"type": "string", "pattern": _DATE},
    FieldType.PERIOD: {"type": "string", "description": "2014, 2014/2016-03, 2014/.."},
    FieldType.COUNT: _parts(("n",), n=_NUMBER, period=_TEXT, unit=_TEXT),
    FieldType.TOTAL: _parts(("n",), n=_NUMBER, as_of=_or_empty(_DATE), unit=_TEXT),
    FieldType.SHARE: _parts(("n",), n=_AMOUNT, as_of=_or_empty(_DATE)),
    FieldType.MONEY: _parts(
        ("amount", "currency"),
        amount=_AMOUNT,
        currency={"type": "string", "pattern": "^[A-Z]{3}$"},
        date=_or_empty(_DATE),
    ),
    FieldType.COUNTRY: {"type": "string", "description": "ISO 3166-1 alpha-2"},
    FieldType.LANGUAGE: {"type": "string", "description": "BCP 47"},
    FieldType.BODY: {
        "anyOf": [_TEXT, _parts(("name",), name={"type": "string", "minLength": 1}, body=_TEXT)]
    },
    FieldType.URL: {"type": "string", "format": "uri", "maxLength": LONGEST_URL},
    FieldType.YESNO: {"type": ["boolean", "string"], "description": "true, false, yes, no"},
    FieldType.ENTRY: {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,39}/[a-z0-9][a-z0-9._-]*$"},
    FieldType.PROVISION: {
        "type": "string",
        "description": "instrument, version and paragraph: itu-pp/res-130/2014/resolves/3",
    },
}


def _codes(name: str, vocabularies: Mapping[str, Vocabulary]) -> Schema:
    """Codes are listed; a code's name in one of the languages is taken too, so it is no enum."""
    terms = vocabularies[name].terms if name in vocabularies else {}
    return {"type": "string", "description": name, "examples": list(terms)[:200]}


def value_schema(field: Field, vocabularies: Mapping[str, Vocabulary]) -> Schema:
    """What one value of a field is."""
    if field.type is FieldType.TEXT:
        return {"type": "string", "minLength": 1, "maxLength": field.max or LONGEST_LINE}
    if field.type is FieldType.WORDS:
        return {"type": "string", "minLength": 1, "maxLength": field.max or LONGEST_WORDS}
    if field.type is FieldType.CHOICE:
        return _codes(field.vocabulary, vocabularies)
    if field.type is FieldType.EVENT:
        return _parts(
            ("event",),
            event=_codes(field.vocabulary, vocabularies),
            date=_or_empty(_DATE),
            until=_or_empty(_DATE),
            note=_TEXT,
        )
    if field.type is FieldType.PARTY:
        parts = dict.fromkeys(PARTY_PARTS, _TEXT) | {"level": _codes(PARTY_LEVELS, vocabularies)}
        return {"anyOf": [_TEXT, _parts(("name",), **parts)]}
    return _PLAIN[field.type]


def record_schema(kind: Kind, vocabularies: Mapping[str, Vocabulary], language: str) -> Schema:
    """A record of a kind as the API takes it, with titles in one of the six languages."""
    return {
        "$schema": DIALECT,
        "title": kind.label.get(language) or kind.label["en"],
        "description": kind.about.get(language) or kind.about["en"],
        "type": "object",
        "required": ["values"],
        "properties": {
            "kind": {"const": kind.key},
            "key": {"type": "string", "pattern": "^([A-Za-z0-9][A-Za-z0-9._-]{0,79})?$"},
            "subtype": _codes(kind.subtypes, vocabularies) if kind.subtypes else {"const": ""},
            "values": {
                "type": "array",
                "items": {"oneOf": [_said(field, vocabularies, language) for field in kind.fields]},
                "allOf": [_standing(field) for field in kind.fields if field.required],
                "maxItems": MOST_VALUES * len(kind.fields),
            },
        },
    }


def _said(field: Field, vocabularies: Mapping[str, Vocabulary], language: str) -> Schema:
    """One value with who may be asked for it."""
    about: Schema = {"title": field.label.get(language) or field.label["en"]}
    if field.help:
        about["description"] = field.help.get(language) or field.help.get("en", "")
    evidence = {
        "url": {"type": "string", "format": "uri"},
        "title": _TEXT,
        "date": _or_empty(_DATE),
    }
    return about | {
        "type": "object",
        "required": ["field", "value", *(("url",) if field.evidence else ())],
        "properties": {
            "field": {"const": field.key},
            "value": value_schema(field, vocabularies),
            **({"language": {"enum": ["", *SIX]}} if field.translatable else {}),
            "origin": {"enum": ["", *(origin.value for origin in Origin)]},
            "since": _or_empty(_DATE),
            "tlp": {"type": "string", "description": "TLP 2.0; empty: as the entry"},
            **evidence,
        },
    }


def _standing(field: Field) -> Schema:
    """What is required stands at least once."""
    return {"contains": {"properties": {"field": {"const": field.key}}, "required": ["field"]}}
