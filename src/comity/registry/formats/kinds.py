"""Kinds and vocabularies from their files: YAML and CSV to types, or an error with its place."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
import yaml

from comity.registry.types import SIX, BadKind, FieldType, Kind, Term, Vocabulary

LARGEST = 256 * 1024  # bytes of one file
DEEPEST = 12  # lists and mappings inside each other; a kind needs five
_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
HISTORIES = ("", "agreement", "request")
LABELS = ("CLEAR", "GREEN", "AMBER")
# Words that stand in addresses where a kind's does: a kind of that name would never be found.
PLACES = frozenset(
    "search countries country submit submissions upload batches desk needs access my".split()
)
# What every kind has, whatever its file says: a name, where to read more, and the facets.
ALWAYS = (
    *("title", "summary", "url", "country", "pillar", "itu_sector", "action_line", "provision"),
    *("core_mandate", "language", "note"),
)
# Words of addresses and files; "language" is safe, it is a field of every kind.
TAKEN = frozenset({"id", "key", "kind", "subtype", "row", "tlp", "state", "q", "after", "sort"})


def _read(data: bytes, name: str) -> Any:
    if len(data) > LARGEST:
        raise BadKind("The file is too large", name, "Keep a kind's file under 256 KB.")
    try:
        _plain(data, name)
        return yaml.load(data, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{name} line {mark.line + 1}" if mark else name
        raise BadKind(
            "This is no YAML", place, "Indent with blanks; quote text with colons."
        ) from (error)


def _plain(data: bytes, name: str) -> None:
    """Refuse what YAML can do and no kind needs, before anything is built: 300 bytes of aliases
    can stand for gigabytes, 60,000 brackets end the process, of two equal keys one is lost."""
    keys: list[set[str] | None] = []  # of each open mapping; None for a list
    at_key: list[bool] = []

    def refuse(message: str, event: yaml.Event, remedy: str) -> None:
        mark = event.start_mark
        raise BadKind(message, f"{name} line {mark.line + 1}" if mark else name, remedy)

    for event in yaml.parse(data, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            refuse("Anchors and aliases are not read", event, "Write the words out in each place.")
        if isinstance(event, yaml.CollectionEndEvent):
            keys.pop()
            at_key.pop()
        if not isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent):
            continue
        if event.tag not in (None, "!"):
            refuse("Tags are not read", event, "Write the value without '!'.")
        if keys and (known := keys[-1]) is not None:
            if at_key[-1] and isinstance(event, yaml.ScalarEvent):
                if event.value in known:
                    refuse(f"{event.value[:40]!r} stands twice", event, "Keep one of the two.")
                known.add(event.value)
            at_key[-1] = not at_key[-1]
        if isinstance(event, yaml.CollectionStartEvent):
            keys.append(set() if isinstance(event, yaml.MappingStartEvent) else None)
            at_key.append(True)
            if len(keys) > DEEPEST:
                refuse("This is nested too deeply", event, "See data/kinds/README.md.")


def read_library(data: bytes, name: str = "fields.yaml") -> dict[str, dict[str, Any]]:
    """The fields that kinds share, by key, not yet typed: a kind may change parts of one."""
    found = _read(data, name)
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise BadKind("The library is a list of fields", name, "Begin each with '- key: …'.")
    library = {str(row.get("key")): row for row in found}
    if len(library) != len(found):
        raise BadKind("Two fields share a key", name, "Give each field its own.")
    return library


def read_kind(data: bytes, library: Mapping[str, Mapping[str, Any]], name: str) -> Kind:
    """One kind. Its fields are full ones, or `use: key` of the library with parts changed."""
    raw = _read(data, name)
    if not isinstance(raw, dict) or not isinstance(raw.get("fields"), list):
        raise BadKind("A kind has a key and a list of fields", name, "See data/kinds/README.md.")
    fields = [_merged(row, library, name) for row in raw["fields"]]
    used = {str(row.get("key")) for row in fields}
    fields += [dict(library[key]) for key in ALWAYS if key not in used and key in library]
    try:
        kind = msgspec.convert({**raw, "fields": fields}, Kind)
    except msgspec.ValidationError as error:
        raise BadKind(str(error), name, "Correct this part of the file.") from error
    _check(kind, name)
    return kind


def _merged(row: Any, library: Mapping[str, Mapping[str, Any]], name: str) -> dict[str, Any]:
    if not isinstance(row, dict):
        raise BadKind("A field is a mapping", name, "Write '- use: title' or '- key: …'.")
    if "use" not in row:
        return row
    shared = library.get(str(row["use"]))
    if shared is None:
        known = ", ".join(sorted(library))
        raise BadKind(f"No shared field is called {row['use']!r}", name, f"There are: {known}.")
    return {**shared, **{key: value for key, value in row.items() if key != "use"}}


def _check(kind: Kind, name: str) -> None:
    def refuse(message: str, place: str, remedy: str) -> None:
        raise BadKind(message, f"{name}, {place}", remedy)

    if not _KEY.fullmatch(kind.key):
        refuse(f"{kind.key!r} is no key", "key", "Small letters, digits and _.")
    if kind.key in PLACES:
        refuse(f"{kind.key!r} is an address of the house", "key", "Choose another word.")
    if kind.history not in HISTORIES:
        refuse(f"No history is called {kind.history!r}", "history", "agreement or request.")
    if kind.default_label not in LABELS:
        refuse("An entry begins CLEAR, GREEN or AMBER", "default_label", "Choose one of them.")
    keys = [field.key for field in kind.fields]
    for key in keys:
        if not _KEY.fullmatch(key) or key in TAKEN:
            refuse(f"{key!r} is no key of a field", key, "Small letters; not a word of the house.")
        if keys.count(key) > 1:
            refuse("Two fields share a key", key, "Give each its own.")
    for words, place in ((kind.label, "label"), (kind.plural, "plural"), (kind.about, "about")):
        _six(words, place, refuse)
    for field in kind.fields:
        _six(field.label, f"{field.key}.label", refuse)
        if field.help:
            _six(field.help, f"{field.key}.help", refuse)
        if field.type in (FieldType.CHOICE, FieldType.EVENT) and not field.vocabulary:
            refuse("A choice needs a vocabulary", field.key, "Name one of data/vocabularies/.")
    if "title" not in keys:
        refuse("A kind needs a title", "fields", "Add '- use: title'.")
    agreed = kind.by_key.get(kind.publish_field)
    if kind.publish_field and (agreed is None or agreed.type is not FieldType.YESNO):
        refuse("publish_field names no yes/no field", "publish_field", "Name a yes/no field.")


def _six(words: Mapping[str, str], place: str, refuse: Any) -> None:
    missing = [code for code in SIX if not str(words.get(code, "")).strip()]
    if missing:
        refuse(f"Words are missing in {', '.join(missing)}", place, "Give all six languages.")


def read_vocabulary(data: bytes, key: str) -> Vocabulary:
    """A table with the columns code, parent, label_ar … label_zh. English is always there."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadKind("This is no UTF-8", f"{key}.csv", "Save the table as UTF-8.") from error
    rows = csv.DictReader(io.StringIO(text, newline=""))
    terms: dict[str, Term] = {}
    for row in rows:
        code = (row.get("code") or "").strip()
        labels = {lang: (row.get(f"label_{lang}") or "").strip() for lang in SIX}
        if not code or not labels["en"] or code in terms:
            raise BadKind(
                f"{code!r} is empty, double or nameless", f"{key}.csv", "Correct the row."
            )
        terms[code] = Term(code, (row.get("parent") or "").strip(), labels)
    return Vocabulary(key, terms)


def check_vocabularies(kinds: Iterable[Kind], vocabularies: Mapping[str, Vocabulary]) -> None:
    """Every vocabulary that a kind names is there."""
    for kind in kinds:
        named = {field.vocabulary for field in kind.fields} | {kind.subtypes}
        for name in sorted(named - set(vocabularies) - {""}):
            raise BadKind(
                f"No vocabulary is called {name!r}", kind.key, f"Add data/vocabularies/{name}.csv."
            )
