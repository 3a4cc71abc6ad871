"""Which column of a file becomes which of ours: decided once a file, from its header alone.

No column is lost: what has no place goes to `extra`, and a name nobody has seen before is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from comity.events.types.sources import (
    BadFile,
    MappingTable,
    Meaning,
    Plan,
    Source,
    Step,
    ValueTable,
)

IDENTITY = ("src_ip", "src_prefix", "src_addrs", "fqdn", "url", "dst_url", "account", "src_asn")
"""A row that has none of these says nothing about anybody."""
SEVERAL = ("cves", "tags")  # targets that more than one column may feed
UNDETERMINED = {"class_taxonomy": "other", "class_type": "undetermined"}


def plan(
    source: Source,
    header: Sequence[str],
    mapping: MappingTable,
    taxonomies: Mapping[str, str],
    *,
    report_type: str = "",
    demand: bool = True,
) -> Plan:
    """How the columns of one file become ours. Raises `BadFile` when none says what a row is
    about, unless not demanded: then its rows are held back one by one."""
    kind = report_type or source.report_type
    meaning = mapping.types.get(kind)
    known_type = meaning is not None or not mapping.types
    meaning = meaning or Meaning(kind)
    steps, rest = _steps(header, mapping, meaning)
    if demand and not any(target in IDENTITY for step in steps for target in step.targets):
        raise BadFile(
            f"no column ({', '.join(header[:8])[:160]}) says what a row is about",
            source.name,
            "Give a mapping that names an address, a domain, a URL or an account.",
        )
    constants = {**mapping.constants, **meaning.constants}
    if source.confidence is not None:
        constants.setdefault("confidence", str(source.confidence))
    constants.setdefault("tlp", source.tlp)
    constants |= _house(source, kind, mapping)
    if "class_type" not in constants and "class_id" not in constants and kind and not known_type:
        constants["class_id"] = kind
    values = tuple(
        _with_taxonomy(table, taxonomies)
        for table in mapping.values
        if not table.only or kind in table.only
    )
    lowered = {name.lower(): name for name in header}
    return Plan(
        source=source,
        report_type=kind,
        version=mapping.label,
        steps=steps,
        constants=_classed(constants, taxonomies),
        values=tuple(
            ValueTable(lowered[table.column], table.rows, table.anywhere)
            for table in values
            if table.column in lowered
        ),
        extra=tuple(name for name in rest if name.lower() not in mapping.ignored),
        unknown=tuple(n for n in rest if not _seen(n.lower(), mapping, meaning)),
        taxonomies=taxonomies,
        known_type=known_type,
    )


def _steps(
    header: Sequence[str], mapping: MappingTable, meaning: Meaning
) -> tuple[tuple[Step, ...], list[str]]:
    steps: list[Step] = []
    rest: list[str] = []
    taken: set[str] = set()
    for name in header:
        low = name.lower()
        wanted = meaning.columns.get(low, mapping.columns.get(low, ()))
        targets = tuple(t for t in wanted if t not in taken or t in SEVERAL)
        taken.update(targets)
        if targets:
            steps.append(Step(name, targets))
        else:
            rest.append(name)
    for low, wanted in mapping.fallback.items():
        for name in [n for n in rest if n.lower() == low and not taken & set(wanted)]:
            steps.append(Step(name, wanted))
            rest.remove(name)
    return tuple(steps), rest


def _seen(low: str, mapping: MappingTable, meaning: Meaning) -> bool:
    places = (mapping.known, mapping.ignored, meaning.known, mapping.columns, meaning.columns)
    anything = "*" in mapping.known  # a format meant to be extended: nothing is news
    return anything or any(low in place for place in places) or low.startswith("extra.")


def _house(source: Source, kind: str, mapping: MappingTable) -> dict[str, str]:
    said = {
        "feed_provider": source.provider,
        "feed_name": source.name,
        "report_type": kind,
        "mapping_version": mapping.label,
    }
    return {name: value for name, value in said.items() if value}


def _classed(constants: dict[str, str], taxonomies: Mapping[str, str]) -> dict[str, str]:
    """Constants with a taxonomy for their type, and both when neither is said."""
    if "class_type" in constants:
        constants.setdefault("class_taxonomy", taxonomies.get(constants["class_type"], "other"))
        return constants
    return {**UNDETERMINED, **constants}


def _with_taxonomy(table: ValueTable, taxonomies: Mapping[str, str]) -> ValueTable:
    rows = {}
    for word, given in table.rows.items():
        kind = given.get("class_type")
        more = {"class_taxonomy": taxonomies.get(kind, "other")} if kind else {}
        rows[word] = {**more, **given}
    return ValueTable(table.column, rows, table.anywhere, table.only)
