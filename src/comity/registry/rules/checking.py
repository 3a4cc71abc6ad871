"""A row, a form or a JSON body against its kind: a record, and every problem with field and remedy.

All problems are found in one go; nothing is guessed and nothing is left out. What stays empty is
"not reported", never 0.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from comity.kit.errors import BadMarking, UnknownLabel
from comity.kit.languages import gettext_noop
from comity.kit.tlp import Label, parse
from comity.registry.rules import values
from comity.registry.rules.values import Vocabularies
from comity.registry.types import (
    SIX,
    BadValue,
    Field,
    Given,
    Kind,
    Origin,
    Problem,
    Record,
)

# Columns of every file, besides the fields: the entry's name, and where the row's words come from.
PLAIN = ("key", "subtype", "tlp", "source_title", "source_url", "source_date", "since")
SEPARATOR = ";"  # between several values in one cell; "\;" is a semicolon in a value
_KEY = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}")
_SPLIT = re.compile(r"(?<!\\);")
LONGEST_SOURCE = 400  # characters of the title of a source
_CODE = re.compile(r"[a-z]{2,3}")
SHOWN = 80  # characters of a bad value that a problem repeats
MOST_VALUES = 300  # of one field: a treaty has some 200 parties


def columns(kind: Kind, languages: Iterable[str] = ()) -> tuple[str, ...]:
    """The columns of a file of this kind, in the order of its form."""
    found = list(PLAIN[:3])
    for field in kind.fields:
        found.append(field.key)
        found += [f"{field.key}_{code}" for code in languages if field.translatable]
    return (*found, *PLAIN[3:])


def column_of(kind: Kind, name: str) -> tuple[Field, str] | None:
    """The field, and the language where the name says one, that a column is for."""
    fields = kind.by_key
    if name in fields:
        return fields[name], ""
    stem, _mark, code = name.rpartition("_")
    if code in SIX and stem in fields and fields[stem].translatable:
        return fields[stem], code
    return None


def unknown_columns(kind: Kind, names: Iterable[str]) -> tuple[str, ...]:
    """The columns that mean nothing in this kind, in the file's order."""
    return tuple(n for n in names if n not in PLAIN and column_of(kind, n) is None)


def language_of(text: str, column: str, row: int = 0) -> tuple[str, tuple[Problem, ...]]:
    """The code of the language that a file names for its words: "FR" and "fr-CA" are "fr"."""
    head = text.strip().partition("-")[0].lower()
    if _CODE.fullmatch(head):
        return head, ()
    message = gettext_noop("This is no code of a language")
    remedy = gettext_noop("Write en, pt or zh-Hans (BCP 47).")
    return "", (_problem(column, message, remedy, text, row),)


def cells_of(text: str) -> list[str]:
    """The values in one cell: "KE; UG" is two, "a\\; b" is one."""
    return [part.strip().replace("\\;", ";") for part in _SPLIT.split(text) if part.strip()]


def cell(field: Field, found: Iterable[Any]) -> str:
    """The cell that `cells_of` reads back."""
    texts = (values.to_text(field, value) for value in found)
    return "; ".join(text.replace(";", "\\;") if field.many else text for text in texts)


def from_cells(
    kind: Kind,
    cells: Mapping[str, str],
    vocabularies: Vocabularies,
    *,
    row: int = 0,
    language: str = "en",
) -> tuple[Record, tuple[Problem, ...]]:
    """What a row says. `language` is that of the words without one. Empty cells say nothing."""
    problems: list[Problem] = []
    source = {name: cells.get(name, "").strip() for name in PLAIN}
    found: list[Given] = []
    evidence = _evidence(source, problems, row)
    label = _label(source["tlp"], problems, row)
    for name, text in cells.items():
        place = column_of(kind, name)
        if place is None or not text.strip():
            continue
        field, said_in = place
        for part in cells_of(text) if field.many else [text]:
            value = _taken(field, part, vocabularies, values.from_text, problems, row)
            if value is not None:
                tongue = (said_in or language) if field.translatable else ""
                found.append(Given(field.key, value, tongue, Origin.ORIGINAL, *evidence))
    record = Record(
        kind.key, source["key"].lower(), source["subtype"], tuple(found), row, dict(cells)
    )
    record, more = _checked(kind, record, vocabularies, {p.field for p in problems})
    problems += more
    if label is not None:
        record = _labelled(record, label)
    return record, tuple(problems)


def from_json(
    kind: Kind, body: Mapping[str, Any], vocabularies: Vocabularies, *, language: str = "en"
) -> tuple[Record, tuple[Problem, ...]]:
    """What a JSON body says: {"key", "subtype", "values": [{"field", "value", "language", …}]}."""
    problems: list[Problem] = []
    fields = kind.by_key
    found: list[Given] = []
    rows = body.get("values", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        problem = _problem(
            "values", gettext_noop("A list of values stands here"), '[{"field": …, "value": …}]'
        )
        return Record(kind.key), (problem,)
    for given in rows:
        field = fields.get(str(given.get("field", "")))
        if field is None:
            problems.append(
                _problem(
                    str(given.get("field", ""))[:SHOWN],
                    gettext_noop("This kind has no such field"),
                    ", ".join(fields),
                )
            )
            continue
        value = _taken(field, given.get("value"), vocabularies, values.from_json, problems, 0)
        if value is None:
            continue
        said = {key: str(given.get(key, "") or "") for key in ("title", "url", "date")}
        evidence = _evidence(
            {f"source_{k}": v for k, v in said.items()}
            | {"since": str(given.get("since", "") or "")},
            problems,
            0,
        )
        tongue = str(given.get("language") or language) if field.translatable else ""
        if tongue and tongue not in SIX:
            problems.append(
                _problem(
                    field.key, gettext_noop("This is none of the six languages"), ", ".join(SIX)
                )
            )
            continue
        label = _label(str(given.get("tlp", "") or ""), problems, 0)
        origin = Origin.ORIGINAL
        if given.get("origin"):
            try:
                origin = Origin(str(given["origin"]))
            except ValueError:
                problems.append(
                    _problem(field.key, gettext_noop("Nobody translates so"), ", ".join(Origin))
                )
        found.append(Given(field.key, value, tongue, origin, *evidence, label))
    record = Record(
        kind.key,
        str(body.get("key") or "").lower(),
        str(body.get("subtype") or ""),
        tuple(found),
    )
    record, more = _checked(kind, record, vocabularies, {p.field for p in problems})
    return record, (*problems, *more)


def _problem(field: str, message: str, remedy: str, value: object = "", row: int = 0) -> Problem:
    return Problem(field, message, remedy, str(value)[:SHOWN], row)


def _taken(
    field: Field,
    given: Any,
    vocabularies: Vocabularies,
    read: Any,
    problems: list[Problem],
    row: int,
) -> Any:
    try:
        return read(field, given, vocabularies)
    except BadValue as error:
        problems.append(_problem(field.key, error.message, error.remedy, given, row))
        return None


def _label(text: str, problems: list[Problem], row: int) -> Label | None:
    if not text:
        return None
    try:
        return parse(text)
    except (UnknownLabel, BadMarking) as error:
        problems.append(_problem("tlp", error.message, error.remedy, text, row))
        return None


def _evidence(
    said: Mapping[str, str], problems: list[Problem], row: int
) -> tuple[str, str, str, str]:
    """Title, address and date of the evidence, and since when."""
    found = {
        "evidence_title": "",
        "evidence_url": "",
        "evidence_date": "",
        "since": "",
    }
    for column, key, read in (
        ("source_title", "evidence_title", _source_title),
        ("source_url", "evidence_url", values.url),
        ("source_date", "evidence_date", values.partial),
        ("since", "since", values.partial),
    ):
        text = said.get(column, "").strip()
        try:
            found[key] = read(text) if text else ""
        except BadValue as error:
            problems.append(_problem(column, error.message, error.remedy, text, row))
    return found["evidence_title"], found["evidence_url"], found["evidence_date"], found["since"]


def _source_title(text: str) -> str:
    return values.line(text, LONGEST_SOURCE)


def _labelled(record: Record, label: Label) -> Record:
    """The whole row under one label: the entry's, which every statement then has."""
    marked = tuple(
        Given(
            g.field, g.value, g.language, g.origin, g.evidence_title, g.evidence_url,
            g.evidence_date, g.since, label,
        )
        for g in record.values
    )  # fmt: skip
    return Record(record.kind, record.key, record.subtype, marked, record.row, record.raw)


def _checked(
    kind: Kind, record: Record, vocabularies: Vocabularies, told: set[str]
) -> tuple[Record, list[Problem]]:
    """Key, subtype, what is required, what may stand once, what needs evidence."""
    problems = list(_named(kind, record, vocabularies))
    by_field: dict[str, list[Given]] = {}
    for given in record.values:
        by_field.setdefault(given.field, []).append(given)
    for field in kind.fields:
        stands = by_field.get(field.key, [])
        if stands or field.key not in told:  # what is wrong is not missing besides
            problems += _standing(field, stands, record.row)
    return record, problems


def _named(kind: Kind, record: Record, vocabularies: Vocabularies) -> Iterator[Problem]:
    if record.key and not _KEY.fullmatch(record.key):
        yield _problem(
            "key",
            gettext_noop("This is no key"),
            gettext_noop("Small letters, digits, points and dashes, at most 80."),
            record.key,
            record.row,
        )
    if not record.subtype:
        return
    if not kind.subtypes:
        yield _problem(
            "subtype",
            gettext_noop("This kind has no subtypes"),
            gettext_noop("Leave the column empty."),
            record.subtype,
            record.row,
        )
    elif record.subtype not in vocabularies[kind.subtypes].terms:
        known = ", ".join(vocabularies[kind.subtypes].terms)
        yield _problem(
            "subtype",
            gettext_noop("This word is not in the list"),
            known,
            record.subtype,
            record.row,
        )


def _standing(field: Field, stands: list[Given], row: int) -> Iterator[Problem]:
    if field.required and not stands:
        yield _problem(
            field.key,
            gettext_noop("This field is required"),
            gettext_noop("Enter a value."),
            "",
            row,
        )
    tongues = [given.language for given in stands]
    if not field.many and len(set(tongues)) < len(tongues):
        yield _problem(
            field.key,
            gettext_noop("Two values stand where one may"),
            gettext_noop("Keep one; for another language, use the column of that language."),
            stands[1].value,
            row,
        )
    if len(stands) > MOST_VALUES:
        yield _problem(
            field.key, gettext_noop("Too many values stand here"), str(MOST_VALUES), "", row
        )
    if field.evidence and any(not given.evidence_url for given in stands):
        yield _problem(
            field.key,
            gettext_noop("This needs its evidence"),
            gettext_noop("Give the address of the page or document that says so."),
            "",
            row,
        )
