"""The schema file The Shadowserver Foundation publishes for integrators, as a mapping of ours.

https://interchange.shadowserver.org/intelmq/v1/schema: JSON, a type of report each, with fields
that are the same in all its rows and lists of [field, column, conversion]. Only where a column
goes is taken from it: how a value is read follows from what it is read into, here as everywhere.
So an operator can be up to date with the Foundation without waiting for a release of ours.
"""

from __future__ import annotations

from typing import Any

import msgspec

from comity.events.formats import mappings
from comity.events.types import schema
from comity.events.types.sources import BadMapping, MappingTable, Meaning

_OURS = {
    c.intelmq: c.name
    for c in schema.COLUMNS
    if c.intelmq and c.stage is schema.Stage.PARSE and not c.intelmq.startswith("extra.")
    and c.name not in ("src_addrs", "extra", "time_received", "feed_provider", "feed_name")
} | {"source.ip": "src_ip", "source.network": "src_ip", "source.account": "account"}  # fmt: skip
LIMIT = 32 << 20


class _Report(msgspec.Struct):
    constant_fields: dict[str, str] = {}
    required_fields: list[list[Any]] = []
    optional_fields: list[list[Any]] = []
    file_name: str = ""


def read_schema(data: bytes, place: str = "schema") -> MappingTable:
    """The published file as a mapping. Raises `BadMapping` for anything else.

    Columns the file sends to its `extra.` keep the place our own mapping has for them, if any.
    """
    if len(data) > LIMIT:
        raise BadMapping(f"the file is larger than {LIMIT >> 20} MB", place, "Fetch it again.")
    try:
        raw = msgspec.json.decode(data, type=dict[str, msgspec.Raw])
        created = msgspec.json.decode(raw.pop("_meta", msgspec.Raw(b"{}"))).get("date_created", "")
        reports = {name: msgspec.json.decode(part, type=_Report) for name, part in raw.items()}
    except (msgspec.MsgspecError, AttributeError, RecursionError) as error:
        raise BadMapping(
            f"this is no schema of reports: {str(error)[:120]}", place,
            "Fetch interchange.shadowserver.org/intelmq/v1/schema.",
        ) from None  # fmt: skip
    if not reports or not any(r.required_fields or r.optional_fields for r in reports.values()):
        raise BadMapping("the schema knows no report", place, "Fetch it again.")
    own = mappings.mapping("shadowserver")
    types: dict[str, Meaning] = {}
    for key, report in reports.items():
        name = report.file_name or key
        types[name] = _meaning(name, report, own.types.get(name), place)
    return MappingTable(
        name="shadowserver-schema",
        version=str(created)[:10] or "undated",
        columns=own.columns,
        values=own.values,
        types=types,
        known=own.known,
        ignored=own.ignored,
    )


def _meaning(name: str, report: _Report, own: Meaning | None, place: str) -> Meaning:
    columns: dict[str, tuple[str, ...]] = {}
    known: set[str] = set()
    for field in report.required_fields + report.optional_fields:
        if len(field) < 2 or not isinstance(field[0], str):
            raise BadMapping("a field is no [field, column]", f"{place}, {name}", "Fetch it again.")
        theirs, column = field[0], field[1]
        if not isinstance(column, str):
            continue
        known.add(column.lower())
        ours = _OURS.get(theirs)
        if ours and ours not in columns.get(column.lower(), ()):
            columns[column.lower()] = (*columns.get(column.lower(), ()), ours)
    if "tag" in known:
        given = columns.get("tag", ())
        derived = "class_type" in given  # by a function there, by a table of values here
        rest = (t for t in given if t not in _SEVERAL and not (derived and t[:6] == "class_"))
        columns["tag"] = (*_SEVERAL, *rest)
    constants = {
        _OURS[theirs]: value
        for theirs, value in report.constant_fields.items()
        if theirs in _OURS and _OURS[theirs] in schema.PARSED
    }
    if own:  # severities and classes that the file derives by functions of its reader
        constants = {**own.constants, **constants}
    return Meaning(name, constants, columns, frozenset(known))


_SEVERAL = ("tags", "cves")
