"""Teams as Trusted Introducer (TF-CSIRT) tells them: its teams.json."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from types import MappingProxyType

from comity.directory.formats.pieces import (
    Gathering,
    Piece,
    code_of,
    country_code,
    email_contact,
    gathered,
    holding,
    json_of,
    other_contact,
    teams_of,
)
from comity.directory.formats.speaking import (
    all_words,
    held,
    in_order,
    json_bytes,
    records,
    without_empty,
    words,
)
from comity.directory.rules.constituency import canonical, prefixes
from comity.directory.rules.contacts import canonical_url, purpose_of
from comity.directory.rules.times import canonical_date, canonical_zone
from comity.directory.types import (
    Contact,
    ContactKind,
    ContactPurpose,
    DirectoryError,
    Holding,
    HoldingKind,
    KeyKind,
    NotUnderstood,
    Reading,
    TeamKey,
    TeamKind,
    TeamRecord,
)

HOLDS = frozenset(
    """short_name official_name host_organisation established country kind website hours time_zone
    membership contacts keys holdings""".split()
)
COMMUNITY = "TF-CSIRT"
LEVELS = MappingProxyType({"c": "certified", "a": "accredited", "l": "listed"})

# Its types of constituency that say what the team is; all others are sectors.
_KINDS = MappingProxyType(
    {
        "national": TeamKind.NATIONAL,
        "government": TeamKind.GOVERNMENTAL,
        "military": TeamKind.MILITARY,
        "research-and-education": TeamKind.ACADEMIC,
    }
)
_TYPES = MappingProxyType(
    {
        TeamKind.NATIONAL: "National",
        TeamKind.GOVERNMENTAL: "Government",
        TeamKind.MILITARY: "Military",
        TeamKind.ACADEMIC: "Research & Education",
    }
)
_LISTS: Mapping[str, HoldingKind] = MappingProxyType(
    {
        "asns": HoldingKind.ASN,
        "domains": HoldingKind.DOMAIN,
        "countries": HoldingKind.COUNTRY,
    }
)


def read(data: bytes) -> Reading:
    """The teams of a teams.json: a list, or an object with "teams"."""
    findings: list[NotUnderstood] = []
    teams = (_team(piece) for piece in teams_of(json_of(data), ("teams", "data"), findings))
    return gathered((team for team in teams if team is not None), findings)


def _team(piece: Piece) -> TeamRecord | None:
    got = Gathering()
    short, full = piece.text("short_name"), piece.text("official_name")
    got.say("short_name", short)
    got.say("official_name", full)
    host = piece.text("host_organisation")
    got.say("host_organisation", host)
    country = country_code(piece, "country", piece.text("country"))
    got.say("country", country)
    got.say("hours", piece.text("business_hours"))
    for keys, name, rule in (
        (("established",), "established", canonical_date),
        (("timezone", "time_zone"), "time_zone", canonical_zone),
        (("website", "url"), "website", canonical_url),
    ):
        if word := piece.text(*keys):
            got.say(name, piece.understood(keys[0], word, rule) or "")
    _classification(piece, got)
    _constituency(piece.part("constituency"), got)
    names = [name for name in (short, full, host) if name]
    _ways(piece, got, names)
    keys_ = tuple(_keys(piece))
    lasting = piece.text("id", "ti_id")
    if not (short or full):
        piece.tell("short_name", "", "a team without a name", "Give its short_name.")
    piece.rest()
    if not (short or full):
        return None
    return TeamRecord(
        code=code_of(short or full),
        name=full or short,
        country=country,
        same_as={"ti": lasting} if lasting else {},
        values=tuple(got.values),
        contacts=tuple(got.contacts),
        keys=keys_,
        holdings=tuple(got.holdings),
    )


def _classification(piece: Piece, got: Gathering) -> None:
    part = piece.part("classification")
    code, name = part.text("code").lower(), part.text("name").lower()
    if code and code not in LEVELS:
        part.tell("code", code, "no level of Trusted Introducer", "Use c, a or l.")
    level = LEVELS.get(code, name)
    since = part.text("since")
    day = part.understood("since", since, canonical_date) if since else ""
    part.rest()
    if level or day:
        found = {"community": COMMUNITY, "level": level, "since": day or ""}
        got.say("membership", {key: word for key, word in found.items() if word})


def _constituency(part: Piece, got: Gathering) -> None:
    for word in part.texts("types"):
        # "Research & Education (Internal)": how the team stands to it is no part of the type.
        bare = re.sub(r"\s*\([^()]*\)\s*$", "", word) or word
        slug = part.understood("types", bare, partial(canonical, HoldingKind.SECTOR))
        kind = _KINDS.get(slug or "")
        if kind is not None and not any(value.field == "kind" for value in got.values):
            got.say("kind", kind.value)
        elif slug:
            got.hold([Holding(HoldingKind.SECTOR, slug)])
    for key, held_as in _LISTS.items():
        for word in part.texts(key):
            got.hold(holding(part, key, held_as, word, partial(canonical, held_as)))
    for word in part.texts("ipranges"):
        try:
            got.hold(Holding(HoldingKind.PREFIX, prefix) for prefix in prefixes(word))
        except DirectoryError as fault:
            part.refuse("ipranges", word, fault)
    part.rest()


def _ways(piece: Piece, got: Gathering, names: list[str]) -> None:
    for part in piece.parts("emails"):
        purpose = _purpose(part)
        word = part.text("address", "email")
        said = purpose is not None
        meant = purpose or ContactPurpose.GENERAL
        got.add(email_contact(part, "address", word, meant, said=said, names=names))
        part.rest()
    for part in piece.parts("phones"):
        usage = part.text("usage")
        fax = usage.casefold() in ("fax", "facsimile")
        purpose = ContactPurpose.GENERAL if fax else purpose_of(usage) if usage else None
        if usage and purpose is None:
            part.tell("usage", usage, "an unknown usage; read as general")
        kind = ContactKind.FAX if fax else ContactKind.PHONE
        meant = purpose or ContactPurpose.GENERAL
        contact = other_contact(part, "number", part.text("number", "phone"), meant, kind)
        zone = part.text("timezone")
        own_zone = part.understood("timezone", zone, canonical_zone) if zone else ""
        if contact is not None and own_zone:
            contact = Contact(contact.purpose, kind, contact.value, note=own_zone)
        got.add(contact)
        part.rest()


def _purpose(part: Piece) -> ContactPurpose | None:
    usage = part.text("usage")
    purpose = purpose_of(usage) if usage else None
    if usage and purpose is None:
        part.tell("usage", usage, "an unknown usage; read as general")
    return purpose


_FINGERPRINT = re.compile(r"[0-9A-F]{40}|[0-9A-F]{64}")


def _keys(piece: Piece) -> Iterator[TeamKey]:
    for part in piece.parts("pgp_keys"):
        written = part.text("fingerprint")
        fingerprint = re.sub(r"[\s:]|^0x", "", written).upper()
        expires = part.text("expires")
        day = part.understood("expires", expires, canonical_date) if expires else None
        if _FINGERPRINT.fullmatch(fingerprint):
            whole = dt.date.fromisoformat(day) if day and len(day) == 10 else None
            if day and whole is None:
                part.tell("expires", day, "a whole date is needed", "Write 2027-05-30.")
            yield TeamKey(KeyKind.OPENPGP, fingerprint, expires=whole)
        else:
            remedy = "Give all 40 digits: short ids can be forged."
            part.tell("fingerprint", written, "no fingerprint of OpenPGP", remedy)
        part.rest()


# --- out ----------------------------------------------------------------------------------


def write(teams: Iterable[TeamRecord]) -> bytes:
    """The teams as teams.json. Markings have no place in it: give what may be told."""
    return json_bytes([_row(team) for team in in_order(teams)])


def _row(team: TeamRecord) -> dict[str, object]:
    ours = [m for m in records(team, "membership") if m.get("community") == COMMUNITY]
    level = ours[0].get("level", "") if ours else ""
    codes = {name: code for code, name in LEVELS.items()}
    kind = next((_TYPES[k] for k in _TYPES if words(team, "kind") == k.value), "")
    constituency = {
        "types": [*([kind] if kind else []), *held(team, HoldingKind.SECTOR)],
        "asns": held(team, HoldingKind.ASN),
        "domains": held(team, HoldingKind.DOMAIN),
        "ipranges": held(team, HoldingKind.PREFIX),
        "countries": held(team, HoldingKind.COUNTRY),
    }
    classification = {
        "code": codes.get(level, ""),
        "name": level.capitalize(),
        "since": ours[0].get("since", "") if ours else "",
    }
    pairs = {
        "id": team.same_as.get("ti", ""),
        "official_name": next(iter(all_words(team, "official_name")), ""),
        "short_name": words(team, "short_name") or team.name,
        "country": words(team, "country") or team.country,
        "established": words(team, "established"),
        "host_organisation": words(team, "host_organisation"),
        "website": words(team, "website"),
        "classification": without_empty(classification),
        "constituency": without_empty(constituency),
        "business_hours": words(team, "hours"),
        "timezone": words(team, "time_zone"),
        "pgp_keys": [
            without_empty(
                {
                    "fingerprint": key.fingerprint,
                    "expires": key.expires.isoformat() if key.expires else "",
                }
            )
            for key in team.keys
            if key.kind is KeyKind.OPENPGP
        ],
        "phones": [
            without_empty({"usage": _usage(c), "number": c.value, "timezone": _zone(c)})
            for c in team.contacts
            if c.kind in (ContactKind.PHONE, ContactKind.FAX)
        ],
        "emails": [
            {"address": c.value, "usage": _usage(c)}
            for c in team.contacts
            if c.kind is ContactKind.EMAIL
        ],
    }
    return without_empty(pairs)


def _usage(contact: Contact) -> str:
    return "fax" if contact.kind is ContactKind.FAX else contact.purpose.value


def _zone(contact: Contact) -> str:
    """A note that is a time zone; other notes have no place here."""
    try:
        return contact.note if canonical_zone(contact.note) == contact.note else ""
    except DirectoryError:
        return ""
