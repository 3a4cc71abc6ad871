"""Mapping files and the catalogue of feeds: YAML of ours to data, checked to the last name.

A mapping says `theirs: ours`; what has no place goes to `extra`, so a mapping can be short and
still lose nothing. An error names file, field and remedy, because operators write these.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from functools import cache
from importlib import resources
from typing import Any

import msgspec
import yaml

from comity.events.types import schema
from comity.events.types.sources import (
    BadMapping,
    MappingTable,
    Meaning,
    Source,
    ValueTable,
)
from comity.kit import tlp
from comity.kit.errors import UnknownLabel, shown

ROOM = resources.files("comity.events") / "data"
_KEYS = {
    "name", "version", "columns", "constants", "values", "types", "known", "ignored", "fallback",
    "ours", "intelmq",
}  # fmt: skip


@cache
def mapping(name: str) -> MappingTable:
    """A mapping that ships with the house. Raises `BadMapping` for a name it does not have."""
    path = ROOM / "mappings" / f"{name}.yaml"
    if not name.replace("_", "").isalnum() or not path.is_file():
        have = sorted(p.name[:-5] for p in (ROOM / "mappings").iterdir() if p.name.endswith("yaml"))
        raise BadMapping(f"no mapping {shown(name)}", "mapping", f"Use one of {', '.join(have)}.")
    return read_mapping(path.read_bytes(), path.name, beside=_beside)


def _beside(name: str) -> str:
    return (ROOM / "mappings" / name).read_text(encoding="utf-8")


def read_mapping(
    data: bytes, place: str, *, beside: Callable[[str], str] | None = None
) -> MappingTable:
    """A mapping file. `beside` gives the text of files it names, if it may name any."""
    raw = _yaml(data, place)
    if not isinstance(raw, dict) or not raw.get("name") or not raw.get("version"):
        raise BadMapping("a mapping needs name and version", place, "Begin with these two lines.")
    if odd := sorted(map(str, set(raw) - _KEYS)):
        raise BadMapping(
            f"unknown keys {', '.join(odd)}", place, f"Use {', '.join(sorted(_KEYS))}."
        )
    columns: dict[str, tuple[str, ...]] = {}
    if raw.get("ours"):
        columns |= {c.name: (c.name,) for c in schema.COLUMNS if c.stage is schema.Stage.PARSE}
        for name in _HOUSE:
            columns.pop(name)
    if raw.get("intelmq"):
        columns |= {
            c.intelmq: (c.name,)
            for c in schema.COLUMNS
            if c.intelmq and c.stage is schema.Stage.PARSE and c.name not in _HOUSE
            and c.name not in ("src_addrs", "src_prefix")
        }  # fmt: skip
    columns |= _targets(raw.get("columns") or {}, place, "columns")
    return MappingTable(
        name=str(raw["name"]),
        version=str(raw["version"]),
        columns=columns,
        constants=_constants(raw.get("constants") or {}, place),
        values=tuple(_values(v, place) for v in raw.get("values") or ()),
        types=_types(raw.get("types") or {}, place, beside),
        known=_known(raw.get("known") or (), beside),
        ignored=frozenset(raw.get("ignored") or ()),
        fallback=_targets(raw.get("fallback") or {}, place, "fallback"),
    )


_HOUSE = (
    "time_received", "feed_provider", "feed_name", "feed_file", "feed_row", "mapping_version",
    "flags", "extra", "src_ip4", "dst_ip4", "src_ip6_hi", "src_ip6_lo", "dst_ip6_hi", "dst_ip6_lo",
    "src_prefix_len",
)  # fmt: skip
"""Columns the house fills: no file may."""


def _yaml(data: bytes, place: str) -> Any:
    if len(data) > 4 << 20:
        raise BadMapping("the file is larger than 4 MB", place, "A mapping is a page.")
    try:
        return yaml.safe_load(data)
    except (yaml.YAMLError, UnicodeDecodeError, ValueError, RecursionError) as error:
        first = str(error).splitlines()[0] if str(error) else "unreadable"
        raise BadMapping(f"no YAML: {first[:120]}", place, "Mend it at the place named.") from None


def _targets(raw: Any, place: str, field: str) -> dict[str, tuple[str, ...]]:
    if not isinstance(raw, Mapping):
        raise BadMapping(
            "columns are written `theirs: ours`", f"{place}, {field}", "See generic.yaml."
        )
    found: dict[str, tuple[str, ...]] = {}
    for theirs, ours in raw.items():
        names = tuple(str(ours or "").split())
        for name in names:
            _check_target(name, f"{place}, {field}, {theirs}")
        found[str(theirs).lower()] = names
    return found


def _check_target(name: str, place: str) -> None:
    if name not in schema.PARSED or name in _HOUSE:
        raise BadMapping(
            f"{shown(name)} is no column of events that a file may fill",
            place,
            "Use a name `comity events parse` prints, or leave the line out: it goes to extra.",
        )


def _constants(raw: Any, place: str) -> dict[str, str]:
    if not isinstance(raw, Mapping):
        raise BadMapping("constants are written `ours: value`", place, "See abusech.yaml.")
    for name, value in raw.items():
        _check_target(str(name), f"{place}, constants")
        if schema.PARSED[str(name)] != schema.TEXT and name != "confidence":
            raise BadMapping(f"{name} cannot be the same in all rows", place, "Map a column to it.")
        if name == "tlp":
            _label(str(value), place)
    return {str(name): str(value) for name, value in raw.items()}


def _label(text: str, place: str) -> str:
    try:
        return tlp.parse(text).value
    except UnknownLabel as error:
        raise BadMapping(error.message, place, error.remedy) from None


def _values(raw: Any, place: str) -> ValueTable:
    try:
        rows = {
            str(word).lower(): _constants(given, f"{place}, values, {word}")
            for word, given in raw["rows"].items()
        }
        return ValueTable(
            str(raw["column"]).lower(),
            rows,
            bool(raw.get("anywhere")),
            frozenset(raw.get("only") or ()),
        )
    except (KeyError, TypeError, AttributeError):
        raise BadMapping(
            "a table of values needs column and rows", f"{place}, values", "See n6.yaml."
        ) from None


def _types(raw: Any, place: str, beside: Callable[[str], str] | None) -> dict[str, Meaning]:
    if isinstance(raw, str):
        if beside is None:
            raise BadMapping("types name a file", f"{place}, types", "Write them here.")
        return type_table(beside(raw), raw)
    return {
        str(name): Meaning(
            str(name),
            _constants(given.get("constants") or {}, f"{place}, types, {name}"),
            _targets(given.get("columns") or {}, place, f"types, {name}"),
        )
        for name, given in raw.items()
    }


def type_table(text: str, place: str) -> dict[str, Meaning]:
    """Types of reports as CSV, one a line: constants by column of ours, and its own columns."""
    found: dict[str, Meaning] = {}
    for line, row in enumerate(csv.DictReader(io.StringIO(text)), 2):
        at = f"{place}, line {line}"
        given = dict(part.split("=", 1) for part in (row.pop("columns") or "").split("; ") if part)
        name = row.pop("report_type")
        constants = _constants({k: v for k, v in row.items() if v}, at)
        found[name] = Meaning(name, constants, _targets(given, at, "columns"))
    return found


def _known(raw: Any, beside: Callable[[str], str] | None) -> frozenset[str]:
    names = beside(raw).split("\n") if isinstance(raw, str) and beside else raw
    return frozenset(str(name).lower() for name in names if name)


@cache
def rsit() -> Mapping[str, tuple[str, str]]:
    """Type of incident: its taxonomy, and the RSIT type it counts as.

    The Reference Security Incident Taxonomy (ENISA, version 1003, CC0), and the words of other
    systems that it lacks.
    """
    text = (ROOM / "rsit.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(io.StringIO(text))
    return {row["type"]: (row["taxonomy"], row["rsit_type"]) for row in rows}


@cache
def catalogue() -> Mapping[str, Source]:
    """The feeds that ship with the house, by name."""
    return read_catalogue((ROOM / "feeds.yaml").read_bytes(), "feeds.yaml")


def read_catalogue(data: bytes, place: str) -> dict[str, Source]:
    """Feeds of a catalogue file. Raises `BadMapping`."""
    raw = _yaml(data, place)
    if not isinstance(raw, list):
        raise BadMapping("a catalogue is a list of feeds", place, "See data/feeds.yaml.")
    found: dict[str, Source] = {}
    for entry in raw:
        at = f"{place}, {entry.get('name') if isinstance(entry, dict) else shown(str(entry))}"
        try:
            source = msgspec.convert(entry, Source, strict=True)
        except msgspec.ValidationError as error:
            raise BadMapping(str(error), at, "Compare with data/feeds.yaml.") from None
        if odd := set(entry) - set(Source.__dataclass_fields__) | ({"table"} & set(entry)):
            raise BadMapping(f"unknown keys {', '.join(map(str, odd))}", at, "Leave them out.")
        if source.name in found:
            raise BadMapping("the name stands twice", at, "Rename one.")
        _label(source.tlp, at)
        found[source.name] = source
    return found


__all__ = ["catalogue", "mapping", "read_catalogue", "read_mapping", "rsit", "type_table"]
