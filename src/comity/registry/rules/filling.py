"""From what was typed into a form to the JSON body that `checking.from_json` takes, and back.

A form and an API call then mean the same. Nothing typed is read as text with separators, so a
semicolon or an @ in a name stays what it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from comity.kit import countries
from comity.kit.errors import BadMarking, UnknownCountry, UnknownLabel
from comity.kit.tlp import Label, parse
from comity.registry.rules import checking, values
from comity.registry.rules.values import Vocabularies
from comity.registry.types import (
    SIX,
    BadValue,
    Field,
    FieldType,
    Given,
    Kind,
    Origin,
    Problem,
    Record,
)

Filled = Mapping[str, Sequence[str]]
"""The name of a control to what was typed or chosen there: a form's POST, a kept draft."""

# Values that are typed in several boxes, and the boxes in their order.
PARTS: Mapping[FieldType, tuple[str, ...]] = {
    FieldType.PERIOD: ("start", "end"),
    FieldType.COUNT: ("n", "period", "unit"),
    FieldType.TOTAL: ("n", "as_of", "unit"),
    FieldType.SHARE: ("n", "as_of"),
    FieldType.MONEY: ("amount", "currency", "date"),
    FieldType.PARTY: ("name", "country", "level", "role"),
    FieldType.EVENT: ("event", "date", "until", "note"),
}
CHOSEN = frozenset(
    {
        FieldType.CHOICE,
        FieldType.COUNTRY,
        FieldType.LANGUAGE,
        FieldType.YESNO,
        FieldType.PROVISION,
    }
)
EVIDENCE = {"title": "source_title", "url": "source_url", "date": "source_date", "since": "since"}
MOST_ROWS = checking.MOST_VALUES


def part_name(field: str, row: int, part: str) -> str:
    return f"{field}.{row}.{part}"


def tongue_name(field: str, language: str) -> str:
    return f"{field}_{language}"


def rows_of(field: Field, filled: Filled) -> int:
    """How many rows of boxes a form holds for this field."""
    start = f"{field.key}."
    numbers = [
        int(name.split(".")[1])
        for name in filled
        if name.startswith(start) and name.split(".")[1].isdecimal() and len(name) < 60
    ]
    return min(max(numbers, default=-1) + 1, MOST_ROWS + 1)


def languages_of(kind: Kind, filled: Filled, first: str) -> tuple[str, ...]:
    """The languages a form has boxes for: those asked for, those with words, at least `first`."""
    asked = {code for code in filled.get("lang", ()) if code in SIX}
    asked |= {
        code
        for field in kind.fields
        if field.translatable
        for code in SIX
        if any(text.strip() for text in filled.get(tongue_name(field.key, code), ()))
    }
    asked = asked or {first}
    return tuple(sorted(asked, key=lambda code: (code != first, code)))


# --- typed to body ------------------------------------------------------------------------


def body_of(
    kind: Kind, filled: Filled, vocabularies: Vocabularies, before: Iterable[Given] = ()
) -> dict[str, Any]:
    """The JSON body. A value that stood before as it stands now keeps its evidence, its date, its
    own label and what the form cannot show of it; the evidence typed is for what is new."""
    stood = {_same(kind, given): given for given in before if given.field in kind.by_key}
    typed = {part: _one(filled, name) for part, name in EVIDENCE.items()}
    rows = []
    for field in kind.fields:
        for value, language in _values(field, filled):
            given = stood.get((field.key, language, _text(field, value, vocabularies)))
            row = {"field": field.key, "value": value, "language": language, **typed}
            if given is not None:
                row |= kept(given, typed)
            rows.append(row)
    return {"subtype": _one(filled, "subtype"), "values": rows}


def kept(given: Given, typed: Mapping[str, str]) -> dict[str, Any]:
    """A value that stays, with the evidence it has, or else the evidence now typed."""
    has = given.evidence_title or given.evidence_url
    return {
        "value": given.value,
        "origin": given.origin.value,
        "title": given.evidence_title if has else typed["title"],
        "url": given.evidence_url if has else typed["url"],
        "date": given.evidence_date if has else typed["date"],
        "since": given.since or typed["since"],
        "tlp": given.label.value if given.label else "",
    }


def _same(kind: Kind, given: Given) -> tuple[str, str, str]:
    return given.field, given.language, values.to_text(kind.by_key[given.field], given.value)


def _text(field: Field, value: Any, vocabularies: Vocabularies) -> str:
    """What was typed, as `to_text` would write it once read; "" for what cannot be read."""
    try:
        return values.to_text(field, values.from_json(field, value, vocabularies))
    except BadValue:
        return ""


def _one(filled: Filled, name: str) -> str:
    return next((text.strip() for text in filled.get(name, ()) if text.strip()), "")


def _lines(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        for line in text.splitlines():
            if line.strip():
                yield line.strip()


def _values(field: Field, filled: Filled) -> Iterator[tuple[Any, str]]:
    if field.translatable:
        for code in SIX:
            texts = filled.get(tongue_name(field.key, code), ())
            if field.many and field.type is FieldType.TEXT:
                texts = tuple(_lines(texts))
            for text in texts:
                if text.strip():
                    yield text, code
    elif field.type in PARTS:
        for row in range(rows_of(field, filled)):
            parts = {
                part: _one(filled, part_name(field.key, row, part)) for part in PARTS[field.type]
            }
            if any(parts.values()):
                yield _composed(field, parts), ""
    elif field.type in CHOSEN:
        for text in _lines(filled.get(field.key, ())):
            yield text, ""
    else:
        texts = filled.get(field.key, ())
        for text in _lines(texts) if field.many else (text.strip() for text in texts):
            if text:
                yield ({"name": text} if field.type is FieldType.BODY else text), ""


def _composed(field: Field, parts: dict[str, str]) -> Any:
    if field.type is not FieldType.PERIOD:
        return parts
    if not parts["end"] or parts["end"] == parts["start"]:
        return parts["start"]
    return f"{parts['start'] or '..'}/{parts['end']}"


def record_of(
    kind: Kind, filled: Filled, vocabularies: Vocabularies, before: Iterable[Given] = ()
) -> tuple[Record, Label | None, tuple[Problem, ...]]:
    """What a form says, the label chosen for the whole, and every problem once."""
    record, found = checking.from_json(
        kind, body_of(kind, filled, vocabularies, before), vocabularies
    )
    problems = list(dict.fromkeys(found))
    text = _one(filled, "tlp")
    label = None
    if text:
        try:
            label = parse(text)
        except (UnknownLabel, BadMarking) as error:
            problems.append(Problem("tlp", error.message, error.remedy, text[:80]))
    return record, label, tuple(_once(problems))


def _once(problems: Iterable[Problem]) -> Iterator[Problem]:
    """The evidence of a form is checked with each of its values and told once."""
    seen = set()
    for problem in problems:
        mark = (problem.field, problem.message)
        if problem.field not in EVIDENCE.values() or mark not in seen:
            yield problem
        seen.add(mark)


# --- body to typed ------------------------------------------------------------------------


def filled_from(record: Record, kind: Kind, label: Label | None = None) -> dict[str, list[str]]:
    """The form of what a record says."""
    filled: dict[str, list[str]] = {"subtype": [record.subtype]}
    if label is not None:
        filled["tlp"] = [label.value]
    counts: dict[str, int] = {}
    lines: dict[str, list[str]] = {}
    for given in record.values:
        field = kind.by_key.get(given.field)
        if field is None:
            continue
        if field.type in PARTS:
            row = counts.get(field.key, 0)
            counts[field.key] = row + 1
            for part, text in _taken_apart(field, given.value).items():
                filled[part_name(field.key, row, part)] = [text]
            continue
        name = tongue_name(field.key, given.language) if field.translatable else field.key
        text = values.to_text(field, given.value)
        if field.many and field.type not in CHOSEN and field.type is not FieldType.WORDS:
            lines.setdefault(name, []).append(text)
        else:
            filled.setdefault(name, []).append(text)
    return filled | {name: ["\n".join(texts)] for name, texts in lines.items()}


def _taken_apart(field: Field, value: Any) -> dict[str, str]:
    if field.type is FieldType.PERIOD:
        start, slash, end = str(value).partition("/")
        return {"start": "" if start == ".." else start, "end": end if slash else ""}
    return {part: str(value.get(part, "")) for part in PARTS[field.type]}


# --- kept as JSON -------------------------------------------------------------------------


def content_of(record: Record, label: Label | None = None) -> dict[str, Any]:
    """A record as a submission keeps it: the body that `checking.from_json` takes."""
    return {
        "key": record.key,
        "subtype": record.subtype,
        "label": label.value if label else "",
        "values": [
            {
                "field": g.field,
                "value": g.value,
                "language": g.language,
                "origin": g.origin.value,
                "title": g.evidence_title,
                "url": g.evidence_url,
                "date": g.evidence_date,
                "since": g.since,
                "tlp": g.label.value if g.label else "",
            }
            for g in record.values
        ],
    }


def record_from(kind: str, content: Mapping[str, Any], row: int = 0) -> Record:
    """The record that `content_of` kept; it was checked then."""
    return Record(
        kind,
        content["key"],
        content["subtype"],
        tuple(
            Given(
                g["field"],
                g["value"],
                g["language"],
                Origin(g["origin"]),
                g["title"],
                g["url"],
                g["date"],
                g["since"],
                Label(g["tlp"]) if g["tlp"] else None,
            )
            for g in content["values"]
        ),
        row,
    )


def label_from(content: Mapping[str, Any]) -> Label | None:
    return Label(content["label"]) if content.get("label") else None


def by_field(content: Mapping[str, Any]) -> dict[str, list[object]]:
    """The values of each field, for `submissions.differences`; the subtype is one of them."""
    found: dict[str, list[object]] = {"subtype": [content["subtype"]]} if content["subtype"] else {}
    for given in content["values"]:
        said = {name: part for name, part in given.items() if name != "field"}
        found.setdefault(given["field"], []).append(said)
    return found


def with_fields(
    content: Mapping[str, Any], values_by_field: Mapping[str, Sequence[Any]]
) -> dict[str, Any]:
    """The content with other values: `by_field` backwards."""
    rows = [
        {"field": field, **said}
        for field, stands in values_by_field.items()
        if field != "subtype"
        for said in stands
    ]
    subtype = next(iter(values_by_field.get("subtype", ())), "")
    return {**content, "subtype": subtype, "values": rows}


# --- shown --------------------------------------------------------------------------------


def shown(field: Field, value: Any, vocabularies: Vocabularies, language: str) -> str:
    """A value in the reader's words: a choice by its name, a country by the UN's."""
    if field.type is FieldType.CHOICE or (field.type is FieldType.LANGUAGE and field.vocabulary):
        term = vocabularies[field.vocabulary].terms.get(str(value))
        return term.name(language) if term else str(value)
    if field.type is FieldType.COUNTRY:
        try:
            return countries.by_code(str(value)).name(language)
        except UnknownCountry:
            return str(value)
    if field.type is FieldType.EVENT:
        term = vocabularies[field.vocabulary].terms.get(value["event"])
        return values.to_text(field, {**value, "event": term.name(language)} if term else value)
    return values.to_text(field, value)
