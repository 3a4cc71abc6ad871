"""Organisations as Cerebrate exchanges them, with their meta-fields; its UUID is kept.

Cerebrate writes meta-fields in two shapes, a list of rows and an object by template; both are
read. Templates known here are "FIRST Directory" and "CSIRT Constituency".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial
from uuid import UUID

from comity.directory.formats import first
from comity.directory.formats.pieces import (
    Gathering,
    Piece,
    code_of,
    country_code,
    email_contact,
    gathered,
    holding,
    json_of,
    teams_of,
)
from comity.directory.formats.speaking import (
    all_words,
    held,
    in_order,
    json_bytes,
    reached,
    without_empty,
    words,
)
from comity.directory.rules.constituency import canonical
from comity.directory.rules.contacts import canonical_url
from comity.directory.types import (
    ContactKind,
    ContactPurpose,
    DirectoryError,
    HoldingKind,
    NotUnderstood,
    Reading,
    TeamKind,
    TeamRecord,
)

HOLDS = frozenset({*first.HOLDS, "kind"})

FIRST_TEMPLATE = ("FIRST Directory", "a89c80d0-7019-422a-b45b-fe59532886c7")
CONSTITUENCY_TEMPLATE = ("CSIRT Constituency", "faca6acc-23e0-4585-8fd8-4379e3a6250d")
_TEMPLATES = dict((FIRST_TEMPLATE[::-1], CONSTITUENCY_TEMPLATE[::-1]))

_HOLDINGS = {
    "IPv4 address": HoldingKind.PREFIX,
    "IPv6 address": HoldingKind.PREFIX,
    "AS Number": HoldingKind.ASN,
    "Domain": HoldingKind.DOMAIN,
    "Country": HoldingKind.COUNTRY,
    "Country Code": HoldingKind.COUNTRY,
    "Sector": HoldingKind.SECTOR,
}
_ROW_STAMPS = (
    *("id", "scope", "parent_id", "uuid", "created", "modified", "meta_template_id"),
    *("meta_template_field_id", "meta_template_directory_id", "template_version"),
    *("template_namespace", "MetaTemplate"),
)
_ROWS = ("meta_fields", "MetaFields", "metaFields")


def read(data: bytes) -> Reading:
    """The organisations of a file: one, a list, each bare or under "Organisation"."""
    findings: list[NotUnderstood] = []
    pieces = teams_of(json_of(data), ("data", "organisations", "Organisations"), findings)
    teams = (_team(_opened(piece)) for piece in pieces)
    return gathered((team for team in teams if team is not None), findings)


def _opened(piece: Piece) -> Piece:
    """The organisation in an export, with the meta-fields that stand beside it."""
    inner = piece.values.get("Organisation")
    if not isinstance(inner, dict):
        return piece
    beside = {key: value for key, value in piece.values.items() if key != "Organisation"}
    return Piece({**beside, **inner}, piece.at("Organisation"), piece.findings)


def _team(piece: Piece) -> TeamRecord | None:
    got = Gathering()
    name = piece.text("name")
    uuid = piece.understood("uuid", word, _uuid) if (word := piece.text("uuid")) else None
    got.say("short_name", name)
    nationality = piece.text("nationality")
    country = country_code(piece, "nationality", nationality)
    got.say("country", country)
    if url := piece.text("url"):
        got.say("website", piece.understood("url", url, canonical_url) or "")
    sectors = piece.text("sector")
    for part in sectors.split(",") if sectors else ():
        sector = partial(canonical, HoldingKind.SECTOR)
        got.hold(holding(piece, "sector", HoldingKind.SECTOR, part, sector))
    _kind(piece, got)
    _contacts(piece, got, name)
    described = _meta(piece, got, name)
    # Row numbers and stamps of the other database, and who belongs to whom there.
    piece.ignore("id", "created", "modified", "MetaTemplates", "_canModify", "tags")
    if not name:
        piece.tell("name", "", "an organisation without a name", "Give its name.")
    piece.rest()
    if not name:
        return None
    if described is not None:
        _unite(got, described)
    full = next((str(v.value) for v in got.values if v.field == "official_name"), name)
    ids = {"cerebrate": uuid} if uuid else {}
    return TeamRecord(
        code=code_of(name),
        name=full,
        country=country or (described.country if described else ""),
        same_as={**ids, **(described.same_as if described else {})},
        values=tuple(got.values),
        contacts=tuple(got.contacts),
        holdings=tuple(got.holdings),
    )


def _uuid(word: str) -> str:
    try:
        return str(UUID(word))
    except ValueError:
        raise DirectoryError("no UUID", remedy="Export the organisation again.") from None


def _kind(piece: Piece, got: Gathering) -> None:
    word = piece.text("type")
    if not word:
        return
    known = {kind.value for kind in TeamKind} | {"government"}
    if word.lower() in known:
        got.say("kind", "governmental" if word.lower() == "government" else word.lower())
    else:
        remedy = f"Use one of {', '.join(TeamKind)}."
        piece.tell("type", word, "no kind of team", remedy)


def _contacts(piece: Piece, got: Gathering, name: str) -> None:
    """`contacts` is free text: what is a mail address in it is read, the rest told."""
    word = piece.text("contacts")
    if not word:
        return
    parts = [part for part in re.split(r"[\s,;<>]+", word) if part]
    general = ContactPurpose.GENERAL
    for part in parts:
        if "@" in part:
            got.add(email_contact(piece, "contacts", part, general, said=False, names=[name]))
    if rest := " ".join(part for part in parts if "@" not in part):
        piece.tell("contacts", rest, "free words; only mail addresses are read here")


def _unite(got: Gathering, described: TeamRecord) -> None:
    """What the template says is added; the organisation's own fields come first."""
    single = {value.field for value in got.values}
    for value in described.values:
        if value.field not in single:
            got.values.append(value)
    for contact in described.contacts:
        got.add(contact)
    got.hold(described.holdings)


def _meta(piece: Piece, got: Gathering, name: str) -> TeamRecord | None:
    by_template: dict[str, dict[str, object]] = {}
    for template, field, value in _meta_rows(piece):
        fields = by_template.setdefault(template, {})
        if field in fields:
            before = fields[field]
            fields[field] = [*before, value] if isinstance(before, list) else [before, value]
        else:
            fields[field] = value
    described = None
    for template, fields in by_template.items():
        part = Piece(fields, piece.at(f"meta_fields[{template}]"), piece.findings)
        if template == FIRST_TEMPLATE[0]:
            fields.setdefault("team", name)
            described = first.fields(part)
        elif template == CONSTITUENCY_TEMPLATE[0]:
            for key, kind in _HOLDINGS.items():
                for word in part.texts(key):
                    got.hold(holding(part, key, kind, word, partial(canonical, kind)))
        part.rest()
    return described


def _meta_rows(piece: Piece) -> Iterator[tuple[str, str, object]]:
    for key in _ROWS:
        value = piece.values.get(key)
        if isinstance(value, dict):
            by_name = piece.part(key)
            for template in list(by_name.values):
                part = by_name.part(template)
                for field, word in part.values.items():
                    yield template, field, word
            by_name.rest()
        elif value is not None:
            for row in piece.parts(key):
                field, uuid = row.text("field"), row.text("template_uuid")
                template = row.text("template_name") or _TEMPLATES.get(uuid, "")
                word = row.values.pop("value", None)
                inner = row.part("MetaTemplate")
                template = template or inner.text("name") or _TEMPLATES.get(inner.text("uuid"), "")
                if not template:  # the bare row: the field's name alone must say it
                    template = CONSTITUENCY_TEMPLATE[0] if field in _HOLDINGS else FIRST_TEMPLATE[0]
                yield template, field, word
                row.ignore(*_ROW_STAMPS)
                row.rest()


# --- out ----------------------------------------------------------------------------------


def write(teams: Iterable[TeamRecord]) -> bytes:
    """The teams as Cerebrate's list of organisations. Markings have no place in it."""
    return json_bytes([_row(team) for team in in_order(teams)])


def _row(team: TeamRecord) -> dict[str, object]:
    general = reached(team, ContactKind.EMAIL, ContactPurpose.GENERAL)
    described = first.row(team)
    # What the organisation itself has a field for is not said twice.
    for key in ("team", "country", "website", "constituency"):
        described.pop(key, None)
    constituency: dict[str, object] = {
        "IPv4 address": [p for p in held(team, HoldingKind.PREFIX) if ":" not in p],
        "IPv6 address": [p for p in held(team, HoldingKind.PREFIX) if ":" in p],
        "AS Number": held(team, HoldingKind.ASN),
        "Domain": held(team, HoldingKind.DOMAIN),
        "Country Code": held(team, HoldingKind.COUNTRY),
    }
    templates = ((FIRST_TEMPLATE, described), (CONSTITUENCY_TEMPLATE, without_empty(constituency)))
    pairs = {
        "uuid": team.same_as.get("cerebrate", ""),
        "name": words(team, "short_name") or team.name,
        "url": words(team, "website"),
        "nationality": words(team, "country") or team.country,
        "sector": ", ".join(held(team, HoldingKind.SECTOR)),
        "type": next(iter(all_words(team, "kind")), ""),
        "contacts": ", ".join(contact.value for contact in general),
        "meta_fields": [
            {"field": field, "value": value, "template_name": name, "template_uuid": uuid}
            for (name, uuid), fields in templates
            for field, values in fields.items()
            for value in (values if isinstance(values, list) else [values])
        ],
    }
    return without_empty(pairs)
