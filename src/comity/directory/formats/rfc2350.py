"""A team's own description in words, under the numbered headings of RFC 2350, appendix D.

What is prose and has no field is told, not guessed at.
"""

from __future__ import annotations

import hashlib
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from comity.directory.formats.headings import CLEARSIGNED, SECTIONS, TITLES, sections
from comity.directory.formats.pieces import (
    Gathering,
    Piece,
    clean,
    code_of,
    decoded,
    email_contact,
    gathered,
    other_contact,
)
from comity.directory.formats.speaking import all_words, reached, records, words
from comity.directory.rules.contacts import canonical_url
from comity.directory.rules.keys import parse_openpgp
from comity.directory.rules.services import canonical_service
from comity.directory.rules.times import canonical_date, canonical_zone
from comity.directory.types import (
    ContactKind,
    ContactPurpose,
    DirectoryError,
    KeyKind,
    NotUnderstood,
    Reading,
    TeamKey,
    TeamRecord,
    Value,
)
from comity.kit.sayings import Saying

HOLDS = frozenset(
    """official_name short_name time_zone website hours mission constituency_description authority
    host_organisation sharing_policy service rfc2350 contacts keys""".split()
)

NOT_STATED = "Not stated."


# --- reading ------------------------------------------------------------------------------


def read(data: bytes) -> Reading:
    """The one team that a document describes."""
    text = decoded(data).replace("\r\n", "\n").replace("\r", "\n")
    findings: list[NotUnderstood] = []
    unsigned = CLEARSIGNED.sub("", text)
    if unsigned != text:
        why = "the document's signature is not checked here"
        findings.append(NotUnderstood("the document", "", why, "Check it with the team's key."))
    found = sections(unsigned)
    if not any(section.meaning == "2.1" for section in found):
        remedy = "The name stands under the heading 2.1 Name of the Team."
        raise DirectoryError("No section of the document names the team", remedy=remedy)
    got = Gathering()
    keys: list[TeamKey] = []
    seen: set[str] = set()
    dated = {"date": "", "url": ""}
    for section in sorted(found, key=lambda s: s.meaning != "2.1"):  # names tell role mailboxes
        piece = Piece({}, f"line {section.line}, {section.number} {section.title}", findings)
        if section.text.casefold().rstrip(".") in _NOTHING:
            continue
        body = piece.understood("", section.text, clean)
        if body is None:
            continue
        if section.meaning in seen and section.meaning in _READERS:
            piece.tell("", body, "this section stands twice; the first is read")
            continue
        seen.add(section.meaning)
        if section.meaning == "1.1":
            dated["date"] = _date_in(piece, body)
        elif section.meaning == "2.8":
            keys.extend(_keys_in(piece, body))
        elif section.meaning in _READERS:
            _READERS[section.meaning](piece, body, got)
        else:
            _tell_prose(piece, section.meaning, body)
    full = next((str(v.value) for v in got.values if v.field == "official_name"), "")
    short = next((str(v.value) for v in got.values if v.field == "short_name"), "")
    if not (full or short):
        raise DirectoryError("The team has no readable name", remedy="Write it under 2.1.")
    location = next((m for v in got.values if isinstance(m := v.value, Mapping)), {})
    said = Saying(evidence_date=dated["date"], evidence_url=location.get("url", ""))
    said = replace(said, evidence_title=f"RFC 2350: {full or short}")
    record = TeamRecord(
        code=code_of(short or full),
        name=full or short,
        values=tuple(replace(_hashed(value, data), said=said) for value in got.values),
        contacts=tuple(replace(contact, said=said) for contact in got.contacts),
        keys=tuple(replace(key, said=said) for key in keys),
    )
    return gathered([record], findings)


def _hashed(value: Value, data: bytes) -> Value:
    """Where the document is found, with the checksum of the text that was read."""
    if value.field != "rfc2350" or not isinstance(value.value, Mapping):
        return value
    return replace(value, value={**value.value, "sha256": hashlib.sha256(data).hexdigest()})


_NOTHING = frozenset(
    {"not stated", "none", "none available", "not available", "n/a", "na", "-", "not applicable"}
)
_WHY_PROSE = {
    "2.9": "names persons; personal data are not kept without their consent",
    "5": "services are prose here; choose them from the FIRST CSIRT Services Framework",
}


def _tell_prose(piece: Piece, meaning: str, body: str) -> None:
    why = _WHY_PROSE.get(meaning) or _WHY_PROSE.get(meaning[:1]) or "prose that has no field here"
    piece.findings.append(NotUnderstood(piece.place, "" if meaning == "2.9" else _short(body), why))


def _short(body: str) -> str:
    flat = " ".join(body.split())
    return flat if len(flat) <= 80 else f"{flat[:80]}…"


_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_DATES = re.compile(
    r"(?P<iso>\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b)|"
    r"\b(?P<day>[0-3]?[0-9])(?:st|nd|rd|th)?[ .-]+(?P<month>[A-Za-z]{3,9})[ .,-]+"
    r"(?P<year>[0-9]{4})|"
    r"\b(?P<us>[A-Za-z]{3,9})\s+(?P<us_day>[0-3]?[0-9])(?:st|nd|rd|th)?,?\s+(?P<us_year>[0-9]{4})"
)


def _date_in(piece: Piece, body: str) -> str:
    for match in _DATES.finditer(body):
        month = (match["month"] or match["us"] or "")[:3].lower()
        if match["iso"]:
            word = match["iso"]
        elif month in _MONTHS:
            year, day = match["year"] or match["us_year"], match["day"] or match["us_day"]
            word = f"{year}-{_MONTHS.index(month) + 1:02}-{int(day):02}"
        else:
            continue
        try:
            return canonical_date(word)
        except DirectoryError:
            continue
    piece.tell("", body, "no date is understood here", "Write it as 2026-05-30.")
    return ""


Reader = Callable[[Piece, str, Gathering], None]


def _words_for(name: str) -> Reader:
    def take(piece: Piece, body: str, got: Gathering) -> None:
        got.say(name, body)

    return take


_LABELLED = re.compile(
    r"^(?P<label>full|official|short)(?: name)?\s*:\s*(?P<name>.+)$", re.I | re.M
)


def _name(piece: Piece, body: str, got: Gathering) -> None:
    labelled = {m["label"].lower(): m["name"].strip() for m in _LABELLED.finditer(body)}
    if labelled:
        got.say("official_name", labelled.get("full") or labelled.get("official", ""))
        got.say("short_name", labelled.get("short", ""))
        return
    first, _, rest = body.partition("\n")
    both = re.fullmatch(r"(?P<full>.+?)\s*\((?P<short>[^\s()]{2,30})\)\.?", first.strip())
    got.say("official_name", both["full"] if both else first.strip())
    got.say("short_name", both["short"] if both else "")
    if rest.strip():
        piece.tell("", rest, "more than the name")


def _zone(piece: Piece, body: str, got: Gathering) -> None:
    words_ = re.findall(r"[A-Za-z]+/[A-Za-z_/+-]+[0-9]*|(?:UTC|GMT)\s*[+-]\s*[0-9:]+|UTC|GMT", body)
    for word in [*words_, body]:
        try:
            got.say("time_zone", canonical_zone(word))
            return
        except DirectoryError as fault:
            refused = fault
    piece.refuse("", body, refused)


_NUMBER = re.compile(r"(?:\+|\b00)[0-9][0-9 ()./\u2010-\u2015-]{5,24}[0-9]")
_MAIL = re.compile(r"[A-Za-z0-9._%+'-]+@[^\s<>(),;]+[^\s<>(),;.]")
_PAGE = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;)]")
_ALWAYS = re.compile(r"emergenc|24\s?[x/×]\s?7|out of hours|outside", re.I)


def _numbers(kind: ContactKind) -> Reader:
    def take(piece: Piece, body: str, got: Gathering) -> None:
        before = len(got.contacts)
        for line in body.splitlines():
            emergency = kind is ContactKind.PHONE and _ALWAYS.search(line)
            usual = ContactPurpose.INCIDENT if kind is ContactKind.PHONE else ContactPurpose.GENERAL
            purpose = ContactPurpose.EMERGENCY if emergency else usual
            for word in _NUMBER.findall(line):
                got.add(other_contact(piece, "", word, purpose, kind))
        if len(got.contacts) == before:
            remedy = "Write it with the country's code: +254 20 1234567."
            piece.tell("", body, "no international number is found here", remedy)

    return take


def _mails(piece: Piece, body: str, got: Gathering) -> None:
    names = [str(v.value) for v in got.values if v.field in ("official_name", "short_name")]
    found = _MAIL.findall(body)
    for word in found:
        purpose = ContactPurpose.INCIDENT
        got.add(email_contact(piece, "", word, purpose, said=True, names=names))
    if not found:
        piece.tell("", body, "no mail address is found here")


def _post(piece: Piece, body: str, got: Gathering) -> None:
    got.add(other_contact(piece, "", body, ContactPurpose.GENERAL, ContactKind.POST))


def _page(name: str) -> Reader:
    def take(piece: Piece, body: str, got: Gathering) -> None:
        found = _PAGE.findall(body)
        url = piece.understood("", found[0], canonical_url) if found else None
        if url:
            got.say(name, {"url": url} if name == "rfc2350" else url)
        if rest := body.replace(found[0], "", 1).strip(" \n:") if found else body:
            piece.tell("", rest, "more than an address of a page")

    return take


def _hours(piece: Piece, body: str, got: Gathering) -> None:
    match = re.search(r"^(?:[a-z]+ )?hours\s*:\s*(.+)$", body, re.I | re.M)
    if match:
        got.say("hours", match[1].strip())
    elif re.search(r"24\s?[x/×]\s?7|365 days", body):
        got.say("hours", "24x7")
    lines = [line for line in body.splitlines() if not match or match[0] != line]
    if rest := "\n".join(lines).strip():
        piece.tell("", rest, "prose; hours are read from it, the rest has no field here")


def _services(piece: Piece, body: str, got: Gathering) -> None:
    found = re.findall(r"^Service\s*:\s*(\S+)$", body, re.M)
    for service in found:
        got.say("service", piece.understood("", service, canonical_service) or "")
    if not found:
        _tell_prose(piece, "5", body)


_READERS: Mapping[str, Reader] = MappingProxyType(
    {
        "1.3": _page("rfc2350"),
        "2.1": _name,
        "2.2": _post,
        "2.3": _zone,
        "2.4": _numbers(ContactKind.PHONE),
        "2.5": _numbers(ContactKind.FAX),
        "2.7": _mails,
        "2.10": _page("website"),
        "2.11": _hours,
        "3.1": _words_for("mission"),
        "3.2": _words_for("constituency_description"),
        "3.3": _words_for("host_organisation"),
        "3.4": _words_for("authority"),
        "4.2": _words_for("sharing_policy"),
        "5": _services,
    }
)

_ARMOUR = re.compile(
    r"-----BEGIN PGP PUBLIC KEY BLOCK-----.*?-----END PGP PUBLIC KEY BLOCK-----", re.DOTALL
)
_FINGERPRINT = re.compile(r"\b(?:[0-9A-F]{4}[ \u00a0:]*){9,15}[0-9A-F]{4}\b", re.IGNORECASE)


def _keys_in(piece: Piece, body: str) -> Iterator[TeamKey]:
    found: dict[str, TeamKey] = {}
    for block in _ARMOUR.findall(body):
        try:
            key = parse_openpgp(block)
            found[key.fingerprint] = key
        except DirectoryError as fault:
            piece.refuse("", "a key", fault)
    for written in _FINGERPRINT.findall(_ARMOUR.sub("", body)):
        digits = re.sub(r"[^0-9A-F]", "", written.upper())
        if len(digits) in (40, 64):
            found.setdefault(digits, TeamKey(KeyKind.OPENPGP, digits))
    if not found:
        remedy = "Give the whole fingerprint: short ids can be forged."
        piece.tell("", body, "no key and no fingerprint is found here", remedy)
    yield from found.values()


# --- writing ------------------------------------------------------------------------------


def write(teams: Iterable[TeamRecord], *, dated: str = "", location: str = "") -> bytes:
    """The document of one team. `dated` is the day of its last change, `location` where it will
    be found. Raises DirectoryError for none or several teams."""
    given = list(teams)
    if len(given) != 1:
        remedy = "Write one document a team."
        raise DirectoryError(f"RFC 2350 describes one team, not {len(given)}", remedy=remedy)
    bodies = _bodies(given[0], dated, location)
    lines = [f"RFC 2350: {_line(given[0].name)}", ""]
    for number, title, _ in SECTIONS:
        lines.append(f"{number}. {title}" if "." not in number else f"{number} {title}")
        lines.append("")
        whole = any(known.startswith(f"{number}.") for known in TITLES)
        body = bodies.get(number, "" if whole else NOT_STATED)
        if body:
            lines += [textwrap.indent(body, "      "), ""]
    return ("\n".join(lines).rstrip() + "\n").encode("utf-8")


def _line(text: str) -> str:
    return " ".join(text.split())


def _bodies(team: TeamRecord, dated: str, location: str) -> dict[str, str]:
    names = {
        "Full name": words(team, "official_name") or team.name,
        "Short name": words(team, "short_name"),
    }
    url = location or next((m.get("url", "") for m in records(team, "rfc2350")), "")
    hours = words(team, "hours")
    bodies = {
        "1.1": dated,
        "1.3": url,
        "2.1": "\n".join(f"{label}: {_line(name)}" for label, name in names.items() if name),
        "2.2": "\n".join(c.value for c in reached(team, ContactKind.POST)[:1]),
        "2.3": words(team, "time_zone"),
        "2.4": "\n".join(_phones(team)),
        "2.5": "\n".join(c.value for c in reached(team, ContactKind.FAX)),
        "2.7": "\n".join(c.value for c in reached(team, ContactKind.EMAIL, _INCIDENT)),
        "2.8": "\n\n".join(_key_words(key) for key in team.keys if key.kind is KeyKind.OPENPGP),
        "2.10": words(team, "website"),
        "2.11": f"Hours: {_line(hours)}" if hours else "",
        "3.1": words(team, "mission"),
        "3.2": words(team, "constituency_description"),
        "3.3": words(team, "host_organisation"),
        "3.4": words(team, "authority"),
        "4.2": words(team, "sharing_policy"),
        "5": "\n".join(f"Service: {service}" for service in all_words(team, "service")),
    }
    return {number: body for number, body in bodies.items() if body}


_INCIDENT = ContactPurpose.INCIDENT


def _phones(team: TeamRecord) -> Iterator[str]:
    for contact in reached(team, ContactKind.PHONE, _INCIDENT):
        yield contact.value
    for contact in reached(team, ContactKind.PHONE, ContactPurpose.EMERGENCY):
        yield f"{contact.value} (emergencies)"


def _key_words(key: TeamKey) -> str:
    return key.text.strip() or key.fingerprint
