"""Contacts of teams as a table, one row a contact, as CSV or as a workbook.

This is the form in which offices keep their lists, so a wide table is read too: a team a row with
its mailbox and numbers side by side.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from comity.directory.formats.pieces import (
    TEAMS,
    Gathering,
    Piece,
    code_of,
    country_code,
    email_contact,
    gathered,
    other_contact,
)
from comity.directory.formats.speaking import in_order, words
from comity.directory.rules.contacts import canonical_email, canonical_url, purpose_of
from comity.directory.types import (
    Contact,
    ContactKind,
    ContactPurpose,
    DirectoryError,
    NotUnderstood,
    Reading,
    TeamRecord,
)
from comity.kit import sheets, tlp
from comity.kit.countries import folded
from comity.kit.errors import UnknownLabel

COLUMNS = (
    *("team", "official_name", "country", "purpose", "kind", "value"),
    *("label", "hours", "note", "consent"),
)
HOLDS = frozenset({"short_name", "official_name", "country", "website", "contacts"})

UNMARKED = tlp.Label.AMBER
"""A contact that came without a label: an office's list is not public until somebody says so."""

# Columns of wide tables: what a cell under that name is.
_WIDE: Mapping[str, tuple[ContactKind, ContactPurpose]] = MappingProxyType(
    {
        "email": (ContactKind.EMAIL, ContactPurpose.INCIDENT),
        "e_mail": (ContactKind.EMAIL, ContactPurpose.INCIDENT),
        "incident_email": (ContactKind.EMAIL, ContactPurpose.INCIDENT),
        "general_email": (ContactKind.EMAIL, ContactPurpose.GENERAL),
        "phone": (ContactKind.PHONE, ContactPurpose.INCIDENT),
        "telephone": (ContactKind.PHONE, ContactPurpose.INCIDENT),
        "emergency_phone": (ContactKind.PHONE, ContactPurpose.EMERGENCY),
        "fax": (ContactKind.FAX, ContactPurpose.GENERAL),
        "address": (ContactKind.POST, ContactPurpose.GENERAL),
    }
)
_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "name": "team",
        "short_name": "team",
        "team_name": "team",
        "full_name": "official_name",
        "tlp": "label",
        "marking": "label",
        "type": "kind",
        "usage": "purpose",
        "contact": "value",
        "url": "website",
    }
)
_YES = frozenset(
    folded(word) for word in ("yes", "y", "true", "1", "x", "oui", "si", "да", "是", "نعم")
)
_NO = frozenset(folded(word) for word in ("", "no", "n", "false", "0", "non", "нет", "否", "لا"))


def read(data: bytes, *, name: str = "", encoding: str = "") -> Reading:
    """The teams of a table, CSV or XLSX by its bytes; `name` is the file's, `encoding` that of a
    CSV which is not UTF-8."""
    try:
        sheet = sheets.read(data, name=name, encoding=encoding)
    except sheets.Unreadable as fault:
        raise DirectoryError(fault.message, fault.place, fault.remedy) from None
    findings = [
        NotUnderstood(_where(f.row, f.column), "", f.message, f.remedy) for f in sheet.findings
    ]
    keys = {column: _key(column) for column in sheet.columns}
    if "team" not in keys.values():
        remedy = f"Name the columns {', '.join(COLUMNS)}."
        raise DirectoryError("The table has no column team", remedy=remedy)
    if "label" not in keys.values():
        remedy = "Add a column label with TLP:CLEAR where a contact may be public."
        why = f"no column label; contacts are read as {UNMARKED}"
        findings.append(NotUnderstood("the table", "", why, remedy))
    gathering: dict[tuple[str, str], TeamRecord] = {}
    for row in sheet.rows:
        place = f"row {row.number}"
        if row.held:
            why = f"the row waits: {', '.join(row.held)}"
            findings.append(NotUnderstood(place, "", why, "Mend it and send it again."))
            continue
        if row.extra:
            findings.append(NotUnderstood(place, "", "cells that no column names"))
        cells: dict[str, object] = {}
        for column, cell in row.cells.items():
            cells.setdefault(keys[column], cell)
        _take(Piece(cells, place, findings), gathering)
        if len(gathering) > TEAMS:
            remedy = "Send them in several files."
            raise DirectoryError(f"The table has more than {TEAMS:,} teams", remedy=remedy)
    return gathered(gathering.values(), findings)


def _where(row: int, column: str) -> str:
    parts = [f"row {row}" if row else "", f"column {column}" if column else ""]
    return ", ".join(part for part in parts if part) or "the table"


def _key(column: str) -> str:
    key = "_".join(column.strip().lower().replace("-", " ").split())
    return _NAMES.get(key, key)


def _take(piece: Piece, teams: dict[tuple[str, str], TeamRecord]) -> None:
    short, full = piece.text("team"), piece.text("official_name")
    country = country_code(piece, "country", piece.text("country"))
    if not short:
        piece.tell("team", "", "a row without a team", "Give the team's short name.")
        return
    got = Gathering()
    got.say("short_name", short)
    got.say("official_name", full)
    got.say("country", country)
    if site := piece.text("website"):
        got.say("website", piece.understood("website", site, canonical_url) or "")
    for contact in _contacts(piece, [short, full]):
        got.add(contact)
    piece.rest()
    known = teams.get((short, country)) or TeamRecord(code_of(short), full or short, country)
    for value in known.values:
        said = [v.value for v in got.values if v.field == value.field]
        if said and value.value not in said:
            why = f"said otherwise in an earlier row of {short}: {value.value}"
            piece.tell(value.field, said[0], why, "Say it once.")
    fields = {value.field for value in known.values}
    teams[short, country] = TeamRecord(
        code=known.code,
        name=known.name if known.name != short else full or short,
        country=country,
        values=(*known.values, *(v for v in got.values if v.field not in fields)),
        contacts=tuple(dict.fromkeys((*known.contacts, *got.contacts))),
    )


def _contacts(piece: Piece, names: list[str]) -> Iterator[Contact]:
    label, consent = _label(piece), _consent(piece)
    hours, note = piece.text("hours"), piece.text("note")
    kind_word, purpose_word = piece.text("kind"), piece.text("purpose")
    value = piece.text("value")
    found = []
    if value:
        kind = _kind(piece, kind_word, value)
        purpose = purpose_of(purpose_word) if purpose_word else ContactPurpose.GENERAL
        if purpose is None:
            remedy = f"Use one of {', '.join(ContactPurpose)}."
            piece.tell("purpose", purpose_word, "an unknown purpose; read as general", remedy)
        meant = purpose or ContactPurpose.GENERAL
        said = purpose is not None and bool(purpose_word)
        found.append((kind, meant, "value", value, said))
    for key, (kind, purpose) in _WIDE.items():
        if word := piece.text(key):
            found.append((kind, purpose, key, word, False))
    if not found and (kind_word or purpose_word or hours or note):
        piece.tell("value", "", "a contact without a value", "Give the address or number.")
    for wanted, purpose, key, word, said in found:
        if wanted is None:
            remedy = f"Use one of {', '.join(ContactKind)}."
            piece.tell("kind", kind_word, "an unknown kind of contact", remedy)
            continue
        contact = _contact(piece, key, word, purpose, wanted, said, consent, names)
        if contact is not None:
            agreed = consent and wanted is ContactKind.EMAIL
            yield Contact(purpose, wanted, contact.value, label, hours, note, agreed)


def _contact(
    piece: Piece,
    key: str,
    word: str,
    purpose: ContactPurpose,
    kind: ContactKind,
    said: bool,
    consent: bool,
    names: list[str],
) -> Contact | None:
    if kind is not ContactKind.EMAIL:
        return other_contact(piece, key, word, purpose, kind)
    if consent:
        address = piece.understood(key, word, canonical_email)
        return Contact(purpose, kind, address) if address else None
    return email_contact(piece, key, word, purpose, said=said, names=names)


def _kind(piece: Piece, word: str, value: str) -> ContactKind | None:
    if not word:
        return ContactKind.EMAIL if "@" in value else ContactKind.PHONE
    known = {kind.value: kind for kind in ContactKind} | {
        "e-mail": ContactKind.EMAIL,
        "mail": ContactKind.EMAIL,
        "telephone": ContactKind.PHONE,
        "tel": ContactKind.PHONE,
        "url": ContactKind.WEB,
        "website": ContactKind.WEB,
        "address": ContactKind.POST,
    }
    return known.get(word.casefold())


def _label(piece: Piece) -> tlp.Label:
    word = piece.text("label")
    if not word:
        return UNMARKED
    try:
        return tlp.parse(word)
    except UnknownLabel as fault:
        piece.tell("label", word, f"{fault.message}; read as {tlp.Label.RED}", fault.remedy)
        return tlp.Label.RED


def _consent(piece: Piece) -> bool:
    word = piece.text("consent")
    if folded(word) not in _YES | _NO:
        piece.tell("consent", word, "neither yes nor no; read as no", "Write yes or no.")
    return folded(word) in _YES


# --- out ----------------------------------------------------------------------------------


def rows(teams: Iterable[TeamRecord]) -> Iterator[tuple[str, ...]]:
    """A row a contact, under COLUMNS; a team without contacts has one row without a value."""
    for team in in_order(teams):
        head = (
            words(team, "short_name") or team.name,
            words(team, "official_name"),
            words(team, "country") or team.country,
        )
        for c in team.contacts:
            consent = "yes" if c.consent else ""
            yield (*head, c.purpose, c.kind, c.value, str(c.label), c.hours, c.note, consent)
        if not team.contacts:
            yield (*head, "", "", "", "", "", "", "")


def write_csv(teams: Iterable[TeamRecord]) -> bytes:
    """The contacts as CSV, safe to open in a spreadsheet."""
    return b"".join(sheets.write_csv(COLUMNS, rows(teams)))


def write_xlsx(teams: Iterable[TeamRecord]) -> bytes:
    """The contacts as a workbook."""
    return sheets.write_xlsx(COLUMNS, rows(teams), title="contacts")
