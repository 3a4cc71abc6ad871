"""Teams as vCard 4.0 (RFC 6350), for address books: out only, one card a team."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from comity.directory.formats.speaking import in_order, words
from comity.directory.types import Contact, ContactKind, ContactPurpose, KeyKind, TeamRecord

LINE = 75  # octets, RFC 6350 section 3.2


def write(teams: Iterable[TeamRecord]) -> bytes:
    """One card a team. Markings have no place in a card: give what may be told."""
    lines = (line for team in in_order(teams) for line in _card(team))
    return b"".join(_folded(line) for line in lines)


def _card(team: TeamRecord) -> Iterator[str]:
    yield "BEGIN:VCARD"
    yield "VERSION:4.0"
    yield "KIND:org"
    yield f"FN:{_text(team.name)}"
    organisation = [part for part in (words(team, "host_organisation"), team.name) if part]
    yield "ORG:" + ";".join(_text(part) for part in organisation)
    if (short := words(team, "short_name")) and short != team.name:
        yield f"NICKNAME:{_text(short)}"
    for contact in team.contacts:
        yield _contact(contact)
    if site := words(team, "website"):
        yield f"URL:{_uri(site)}"
    if zone := words(team, "time_zone"):
        yield f"TZ:{_text(zone)}"
    if hours := words(team, "hours"):
        yield f"NOTE:{_text(hours)}"
    for key in team.keys:
        if key.kind is KeyKind.OPENPGP:
            yield f"KEY:OPENPGP4FPR:{key.fingerprint}"
        elif key.text:
            yield f"KEY;VALUE=text:{_text(key.text)}"
    yield f"X-COMITY-CODE:{_text(team.code)}"
    yield "END:VCARD"


# The lower the number the more it is preferred, RFC 6350 section 5.3.
_PREFERRED = {ContactPurpose.INCIDENT: 1, ContactPurpose.EMERGENCY: 2, ContactPurpose.GENERAL: 3}


def _contact(contact: Contact) -> str:
    pref = f";PREF={_PREFERRED.get(contact.purpose, 10)}"
    if contact.kind is ContactKind.EMAIL:
        return f"EMAIL;TYPE=work{pref}:{_text(contact.value)}"
    if contact.kind is ContactKind.WEB:
        return f"URL{pref}:{_uri(contact.value)}"
    if contact.kind is ContactKind.POST:
        # The parts of an address are not known apart: all of it is the street, and the label.
        return f"ADR;LABEL={_parameter(contact.value)}{pref}:;;{_text(contact.value)};;;;"
    kind = "fax" if contact.kind is ContactKind.FAX else "voice"
    return f'TEL;VALUE=uri;TYPE="work,{kind}"{pref}:tel:{contact.value}'


def _text(words_: str) -> str:
    escaped = words_.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")
    lines = escaped.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\\n".join(_printable(line) for line in lines)


def _uri(address: str) -> str:
    return _printable(address.replace("\n", "").replace("\r", ""))


def _parameter(words_: str) -> str:
    """A quoted parameter; what it cannot hold is written as RFC 6868 has it."""
    escaped = words_.replace("^", "^^").replace('"', "^'").replace("\r", "").split("\n")
    return '"' + "^n".join(_printable(line) for line in escaped) + '"'


def _printable(line: str) -> str:
    return "".join(c for c in line if c == "\t" or (c >= " " and c != "\x7f"))


def _folded(line: str) -> bytes:
    """A line cut at 75 octets, never inside a character."""
    out: list[bytes] = [b""]
    for character in line:
        octets = character.encode("utf-8", "replace")
        if len(out[-1]) + len(octets) > LINE:
            out.append(b" ")
        out[-1] += octets
    return b"\r\n".join(out) + b"\r\n"
