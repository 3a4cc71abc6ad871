"""An entry as plain words for a page: what is said, field by field, and the sources once.

For pages that must read well without a server: the static bundle. The words that join numbers and
dates come in, so that they are said in the reader's language.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from comity.kit import countries
from comity.kit.languages import LANGUAGES
from comity.registry.formats.exported import Exported
from comity.registry.rules.values import Vocabularies, to_text
from comity.registry.types import Field, FieldType

# What `words` must hold: "yes", "no", "cumulative".
Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Source:
    """Who says so, and on what evidence; `number` is what values name it by."""

    number: str  # as text: templates would group its digits
    by: str
    title: str
    url: str
    date: str
    licence: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One value: its words, the language they are in where it is not the page's, its source."""

    text: str
    source: str
    language: str = ""
    url: str = ""  # of the web
    entry: str = ""  # "agreement/agr-001"
    differs: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """One field with its values."""

    key: str
    label: str
    values: tuple[Shown, ...]
    long: bool = False  # words of several lines


def facts(
    entry: Exported, vocabularies: Vocabularies, language: str, words: Words
) -> tuple[tuple[Fact, ...], tuple[Source, ...]]:
    """All that is said, and the sources in the order of their first use."""
    numbers: dict[tuple[str, ...], Source] = {}
    found: list[Fact] = []
    for key, said in entry.by_field().items():
        field = entry.kind.by_key[key]
        alone: dict[str, Any] = {}
        shown: list[Shown] = []
        for statement in said:
            by = statement.said
            parts = (by.by, by.evidence_title, by.evidence_url, by.evidence_date, by.licence)
            source = numbers.setdefault(parts, Source(str(len(numbers) + 1), *parts))
            value = statement.value
            first = alone.setdefault(statement.language, value)
            shown.append(
                Shown(
                    text(field, value, vocabularies, language, words),
                    source.number,
                    statement.language if statement.language != language else "",
                    value if field.type is FieldType.URL else "",
                    value if field.type is FieldType.ENTRY else "",
                    not field.many and value != first,
                )
            )
        label = field.label.get(language) or field.label["en"]
        found.append(Fact(key, label, tuple(shown), field.type is FieldType.WORDS))
    return tuple(found), tuple(numbers.values())


def text(field: Field, value: Any, vocabularies: Vocabularies, language: str, words: Words) -> str:
    """A value in words."""
    if field.type is FieldType.CHOICE:
        return _term(vocabularies, field.vocabulary, value, language)
    if field.type is FieldType.YESNO:
        return words["yes"] if value else words["no"]
    if field.type is FieldType.EVENT:
        name = _term(vocabularies, field.vocabulary, value["event"], language)
        until = f"–{value['until']}" if value["until"] else ""
        return _joined(language, name, f"{value['date']}{until}", value["note"])
    if field.type is FieldType.PARTY:
        where = countries.by_code(value["country"]).name(language) if value["country"] else ""
        return _joined(language, value["name"], where, value["role"])
    if field.type is FieldType.TOTAL:
        return _joined(
            language, f"{value['n']} {value['unit']}".strip(), value["as_of"], words["cumulative"]
        )
    make = _TEXTS.get(field.type)
    return make(value, language) if make else to_text(field, value)


def _joined(language: str, *parts: str) -> str:
    """The parts in a row. In a language from right to left each is isolated (Unicode's FSI and
    PDI): without, 2020-03 beside Arabic words reads 03-2020."""
    if LANGUAGES[language].dir == "rtl":
        parts = tuple(f"\u2068{part}\u2069" for part in parts if part)
    return " · ".join(part for part in parts if part)


def _term(vocabularies: Vocabularies, name: str, code: str, language: str) -> str:
    vocabulary = vocabularies.get(name)
    term = vocabulary.terms.get(code) if vocabulary else None
    return term.name(language) if term else code


_TEXTS: dict[FieldType, Callable[[Any, str], str]] = {
    FieldType.COUNTRY: lambda v, language: countries.by_code(v).name(language),
    FieldType.COUNT: lambda v, language: _joined(
        language, f"{v['n']} {v['unit']}".strip(), v["period"]
    ),
    FieldType.SHARE: lambda v, language: _joined(language, f"{v['n']} %", v["as_of"]),
    FieldType.MONEY: lambda v, language: _joined(
        language, f"{v['amount']} {v['currency']}", v["date"]
    ),
}


def country_codes(entry: Exported) -> tuple[str, ...]:
    """The countries that an entry concerns, parties included."""
    found: set[str] = set()
    fields = entry.kind.by_key
    for statement in entry.statements:
        field = fields.get(statement.field)
        if field is None:
            continue
        if field.type is FieldType.COUNTRY:
            found.add(statement.value)
        elif field.type is FieldType.PARTY and statement.value["country"]:
            found.add(statement.value["country"])
    return tuple(sorted(found))
