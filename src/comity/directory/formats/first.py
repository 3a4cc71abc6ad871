"""Teams as FIRST's directory tells them: JSON with the fields of its API.

The fields are those that other software (Cerebrate's template "FIRST Directory") names too.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

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
    held,
    in_order,
    json_bytes,
    reached,
    records,
    without_empty,
    words,
)
from comity.directory.rules.constituency import canonical
from comity.directory.rules.contacts import canonical_url
from comity.directory.rules.times import canonical_date, canonical_zone
from comity.directory.types import (
    ContactKind,
    ContactPurpose,
    HoldingKind,
    NotUnderstood,
    Reading,
    TeamRecord,
)

HOLDS = frozenset(
    """short_name official_name host_organisation established country website time_zone hours
    constituency_description membership contacts holdings""".split()
)
COMMUNITY = "FIRST"

PHONES = (("phone", ContactPurpose.INCIDENT), ("phone-emergency", ContactPurpose.EMERGENCY))


def read(data: bytes) -> Reading:
    """The teams of a FIRST-like JSON file: a list, or the API's answer with its "data"."""
    findings: list[NotUnderstood] = []
    teams = (_team(piece) for piece in teams_of(json_of(data), ("data", "teams"), findings))
    return gathered((team for team in teams if team is not None), findings)


def _team(piece: Piece) -> TeamRecord | None:
    record = fields(piece)
    if record is None:
        piece.tell("team", "", "a team without a name", "Give its short name under team.")
    piece.rest()
    return record


def fields(piece: Piece) -> TeamRecord | None:
    """The team of FIRST's fields, which are taken out of the piece; None where it has no name."""
    got = Gathering()
    short, full = piece.text("team"), piece.text("team-full")
    got.say("short_name", short)
    got.say("official_name", full)
    host = piece.text("host")
    got.say("host_organisation", host)
    country = country_code(piece, "country", piece.text("country"))
    got.say("country", country)
    for key, name, rule in (
        ("establishment", "established", canonical_date),
        ("website", "website", canonical_url),
        ("timezone", "time_zone", canonical_zone),
    ):
        for word in piece.texts(key):
            got.say(name, piece.understood(key, word, rule) or "")
    got.say("hours", piece.text("operating-hours"))
    got.say("constituency_description", piece.text("constituency-description"))
    for word in piece.texts("constituency"):
        sector = partial(canonical, HoldingKind.SECTOR)
        for part in word.split(","):
            got.hold(holding(piece, "constituency", HoldingKind.SECTOR, part, sector))
    since = piece.text("member-since")
    if since and (day := piece.understood("member-since", since, canonical_date)):
        got.say("membership", {"community": COMMUNITY, "since": day})
    names = [name for name in (short, full, host) if name]
    incident = ContactPurpose.INCIDENT
    for word in piece.texts("email"):
        got.add(email_contact(piece, "email", word, incident, said=False, names=names))
    for key, purpose in PHONES:
        for word in piece.texts(key):
            got.add(other_contact(piece, key, word, purpose, ContactKind.PHONE))
    general = ContactPurpose.GENERAL
    post = piece.text("address")
    got.add(other_contact(piece, "address", post, general, ContactKind.POST))
    first_id = piece.text("first-id")
    if not (short or full):
        return None
    return TeamRecord(
        code=code_of(short or full),
        name=full or short,
        country=country,
        same_as={"first": first_id} if first_id else {},
        values=tuple(got.values),
        contacts=tuple(got.contacts),
        holdings=tuple(got.holdings),
    )


def write(teams: Iterable[TeamRecord]) -> bytes:
    """The teams as FIRST-like JSON. Markings have no place in it: give what may be told."""
    return json_bytes([row(team) for team in in_order(teams)])


def row(team: TeamRecord) -> dict[str, object]:
    """The fields of one team; those without a value are absent."""
    emails = reached(team, ContactKind.EMAIL, ContactPurpose.INCIDENT)
    posts = reached(team, ContactKind.POST, ContactPurpose.GENERAL)
    since = [
        m.get("since", "") for m in records(team, "membership") if m.get("community") == COMMUNITY
    ]
    pairs = {
        "first-id": team.same_as.get("first", ""),
        "team": words(team, "short_name") or team.name,
        "team-full": words(team, "official_name"),
        "host": words(team, "host_organisation"),
        "establishment": words(team, "established"),
        "address": posts[0].value if posts else "",
        "country": words(team, "country") or team.country,
        "website": words(team, "website"),
        "email": _one_or_all([contact.value for contact in emails]),
        **{
            key: _one_or_all([c.value for c in reached(team, ContactKind.PHONE, purpose)])
            for key, purpose in PHONES
        },
        "timezone": words(team, "time_zone"),
        "operating-hours": words(team, "hours"),
        "constituency": ", ".join(held(team, HoldingKind.SECTOR)),
        "constituency-description": words(team, "constituency_description"),
        "member-since": next((day for day in since if day), ""),
    }
    return without_empty(pairs)


def _one_or_all(found: list[str]) -> str | list[str]:
    return found[0] if len(found) == 1 else found
