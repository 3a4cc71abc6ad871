"""From a team's record to the form and back.

A piece that the form leaves as it was keeps its saying; what the form has no field for stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from comity.directory import types as t
from comity.directory.pages import lines
from comity.kit import tlp
from comity.kit.languages import LANGUAGES
from comity.kit.sayings import Saying
from comity.kit.tlp import Label

_SINGLE = (
    "short_name",
    "operational_status",
    "host_organisation",
    "established",
    "website",
    "advisories",
    "hours",
    "time_zone",
    "itu_phase",
    "mission",
    "authority",
    "sharing_policy",
    "constituency_description",
)
_YES = ("government_role", "cna")
_HELD = (*_SINGLE, *_YES, "official_name", "former_name", "kind", "language", "national_mandate")
_LISTS = ("service", "expertise", "mandate_area")
_FIELDS = frozenset({*_HELD, *_LISTS, "protocol", "membership", "rfc2350"})
_PIECES = {
    t.HoldingKind.PREFIX: "prefix",
    t.HoldingKind.ASN: "asn",
    t.HoldingKind.DOMAIN: "domain",
    t.HoldingKind.COUNTRY: "countries",
    t.HoldingKind.SECTOR: "sector",
}


_MANDATE = {
    "law": "mandate_law",
    "date": "mandate_date",
    "url": "mandate_url",
    "scope": "mandate_scope",
}


_DOCUMENT = {
    "url": "rfc2350",
    "sha256": "rfc2350_sha256",
    "checked_on": "rfc2350_checked_on",
}
_RECORD_LINES = {"protocol": lines.protocol_line, "membership": lines.membership_line}


def initial(record: t.TeamRecord, name: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What the form and the lines of contacts start from."""
    by_field: dict[str, list[t.Value]] = {}
    for value in record.values:
        by_field.setdefault(value.field, []).append(value)
    first: dict[str, Any] = {"name": name, "country": record.country}
    for field in _SINGLE:
        first[field] = by_field[field][0].value if field in by_field else ""
    for value in by_field.get("official_name", []):
        first.setdefault(f"official_name_{value.said.language[:2]}", value.value)
    first["kind"] = list(dict.fromkeys(v.value for v in by_field.get("kind", [])))
    first["language"] = " ".join(dict.fromkeys(str(v.value) for v in by_field.get("language", [])))
    for field in _YES:
        answer = by_field.get(field)
        first[field] = ("yes" if answer[0].value else "no") if answer else ""
    first["former_name"] = "\n".join(
        dict.fromkeys(
            lines.name_line(str(v.value), v.said.language) for v in by_field.get("former_name", [])
        )
    )
    for field in _LISTS:
        first[field] = "\n".join(dict.fromkeys(str(v.value) for v in by_field.get(field, [])))
    first |= _parts(by_field, "national_mandate", **_MANDATE)
    first |= _parts(by_field, "rfc2350", **_DOCUMENT)
    for field, line_of in _RECORD_LINES.items():
        said_of = (v.value for v in by_field.get(field, []) if isinstance(v.value, Mapping))
        first[field] = "\n".join(dict.fromkeys(line_of(value) for value in said_of))
    for kind, field in _PIECES.items():
        first[field] = "\n".join(dict.fromkeys(_line(h) for h in record.holdings if h.kind is kind))
    rows = [
        {
            "value": c.value,
            "kind": c.kind.value,
            "purpose": c.purpose.value,
            "label": c.label.value,
            "hours": c.hours,
            "note": c.note,
            "consent": c.consent,
        }
        for c in record.contacts
    ]
    return first, rows


def _line(holding: t.Holding) -> str:
    return holding.value if holding.label is Label.CLEAR else f"{holding.value} {holding.label}"


def _parts(by_field: Mapping[str, list[t.Value]], field: str, **names: str) -> dict[str, str]:
    held = by_field.get(field)
    value = held[0].value if held else {}
    inside = value if isinstance(value, Mapping) else {}
    return {name: str(inside.get(part, "")) for part, name in names.items()}


def record_of(
    given: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], base: t.TeamRecord, code: str
) -> t.TeamRecord:
    """The record that a form says, on the ground of the one it started from."""
    marks = {value.field: value.label for value in base.values}
    values: list[t.Value] = [value for value in base.values if not _has_a_field(value)]

    def say(field: str, value: Any, language: str = "") -> None:
        if value not in ("", None, {}):
            label = marks.get(field, Label.CLEAR)
            values.append(t.Value(field, value, label, Saying(language=language)))

    for field in _SINGLE:
        say(field, given[field])
    for language in LANGUAGES:
        say("official_name", given[f"official_name_{language}"], language)
    for name, language in given["former_name"]:
        say("former_name", name, language)
    for field in ("kind", "language", *_LISTS, *_RECORD_LINES):
        for value in given[field]:
            say(field, value)
    for field in _YES:
        if given[field]:
            say(field, given[field] == "yes")
    say("national_mandate", {p: given[n] for p, n in _MANDATE.items() if given[n]})
    say("rfc2350", {p: given[n] for p, n in _DOCUMENT.items() if given[n]})
    kept = t.TeamRecord(
        code,
        given["name"].strip(),
        given["country"],
        values=tuple(values),
        contacts=tuple(_contact(line) for line in rows if line.get("value")),
        holdings=tuple(
            t.Holding(piece.kind, piece.value, piece.label)
            for field in _PIECES.values()
            for piece in given[field]
        ),
    )
    return _as_said_before(kept, base)


def _has_a_field(value: t.Value) -> bool:
    """Whether the form says it: an official name has fields in the six languages only."""
    if value.field == "official_name":
        return value.said.language[:2] in LANGUAGES
    return value.field in _FIELDS


def _contact(line: Mapping[str, Any]) -> t.Contact:
    return t.Contact(
        t.ContactPurpose(line["purpose"]),
        t.ContactKind(line["kind"]),
        line["value"],
        tlp.parse(line["label"]),
        line["hours"].strip(),
        line["note"].strip(),
        bool(line["consent"]),
    )


def _as_said_before(record: t.TeamRecord, base: t.TeamRecord) -> t.TeamRecord:
    """What was left as it was keeps since when and on what evidence it is said."""

    def same(new: Any, held: Sequence[Any]) -> Any:
        for old in held:
            bare = Saying(language=old.said.language)
            if replace(old, said=bare) == replace(new, said=Saying(language=new.said.language)):
                return old
        return new

    parts = {}
    for part in ("values", "contacts", "holdings"):
        held: dict[Any, list[Any]] = {}
        for old in getattr(base, part):
            held.setdefault(_slot(old), []).append(old)
        parts[part] = tuple(same(new, held.get(_slot(new), ())) for new in getattr(record, part))
    return replace(record, **parts)


def _slot(piece: Any) -> str:
    return piece.field if isinstance(piece, t.Value) else piece.value
