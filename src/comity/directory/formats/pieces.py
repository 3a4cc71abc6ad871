"""Taking an outside file apart: size first, then structure, then meaning, and nothing dropped.

Each reader takes the keys it knows out of a `Piece`; whatever is left when it is done is told as
a finding with its place. That way a new field of an outside format shows itself on the first day.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import NoReturn

from comity.directory.rules.contacts import canonical_contact, canonical_email, is_role_mailbox
from comity.directory.types import (
    Contact,
    ContactKind,
    ContactPurpose,
    DirectoryError,
    Holding,
    HoldingKind,
    NotUnderstood,
    Reading,
    TeamRecord,
    Value,
)
from comity.kit import countries
from comity.kit.errors import KitError, UnknownCountry, shown

LARGEST = 20 * 2**20  # bytes: all 800 teams of FIRST, with everything, are under 2 MB
TEAMS = 20_000
LONGEST = 10_000  # characters of one value

_PERSONAL = frozenset(
    """representative representatives rep name_of_representative team_representative person people
    persons individuals individual members team_members staff users alignments first_name
    last_name contact_name contact_person site_rep""".split()
)


_MAIL = re.compile(r"[^\s@\"'<>]+@[^\s@\"'<>]+")  # may be a person's: not repeated in a finding


# --- the file -----------------------------------------------------------------------------


def decoded(data: bytes) -> str:
    """The words of a file in UTF-8. Raises DirectoryError for what is too large or no text."""
    if len(data) > LARGEST:
        remedy = "Send the teams in several files."
        raise DirectoryError(
            f"The file has {len(data):,} bytes; at most {LARGEST:,} are taken", remedy=remedy
        )
    if not data.strip():
        raise DirectoryError("The file is empty", remedy="Send a file with at least one team.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        remedy = "Save it as UTF-8."
        raise DirectoryError("The file is no UTF-8 text", f"byte {fault.start}", remedy) from None
    if "\x00" in text:
        raise DirectoryError("The file holds NUL bytes", remedy="Save it as UTF-8 text.")
    return text


def json_of(data: bytes) -> object:
    """The value of a JSON file. NaN and a key said twice in one object are refused."""
    text = decoded(data)
    try:
        return json.loads(text, parse_constant=_no_number, object_pairs_hook=_once)
    except json.JSONDecodeError as fault:
        place = f"line {fault.lineno}, column {fault.colno}"
        remedy = "Mend it there, or export it again."
        raise DirectoryError("The file is no JSON", place, remedy) from None
    except RecursionError:
        raise DirectoryError("The file is nested too deep", remedy="Export it again.") from None
    except DirectoryError:
        raise
    except ValueError:  # a number of thousands of digits
        remedy = "Export it again."
        raise DirectoryError("The file holds a number without end", remedy=remedy) from None


def _no_number(word: str) -> NoReturn:
    raise DirectoryError(f"{word} is no number of JSON", remedy="Export the file again.")


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = next(key for key, _ in pairs if sum(key == other for other, _ in pairs) > 1)
        remedy = "Keep one of the two."
        raise DirectoryError(f"The key {shown(twice)} stands twice in one object", "", remedy)
    return found


# --- a piece of it ------------------------------------------------------------------------


def clean(text: str) -> str:
    """Words as they are kept: composed (NFC), blanks at the ends off. Raises DirectoryError for
    what cannot be shown: control characters, half characters, marks that turn the writing."""
    words = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if len(words) > LONGEST:
        raise DirectoryError(f"{len(words):,} characters are too many")
    for character in words:
        if character not in "\n\t" and unicodedata.category(character) in ("Cc", "Cs"):
            raise DirectoryError("characters that cannot be shown")
        if character in "\u202a\u202b\u202c\u202d\u202e":
            raise DirectoryError("marks that turn the direction of writing")
    return words


@dataclass(slots=True)
class Piece:
    """An object of an outside file, out of which keys are taken; `place` is where it stands."""

    values: dict[str, object]
    place: str
    findings: list[NotUnderstood]

    def at(self, key: str) -> str:
        return ".".join(part for part in (self.place, key) if part)

    def tell(self, key: str, what: object, why: str, remedy: str = "") -> None:
        """A finding about one key."""
        shortened = shown(what if isinstance(what, str) else _json(what), 80) if what else ""
        self.findings.append(NotUnderstood(self.at(key), shortened, why, remedy))

    def refuse(self, key: str, what: str, fault: KitError) -> None:
        """A finding about one key that a rule refused; a door says the fault in its language."""
        own = fault if isinstance(fault, DirectoryError) else None
        piece = shown(what, 80) if what else ""
        told = NotUnderstood(self.at(key), piece, fault.message, fault.remedy, own)
        self.findings.append(told)

    def text(self, *keys: str) -> str:
        """The words under the first of the keys that has any; numbers are words too."""
        found = ""
        for key in keys:
            words = self._words(key)
            if found and words and words != found:
                self.tell(key, words, f"said otherwise under {keys[0]}")
            found = found or words
        return found

    def _words(self, key: str) -> str:
        value = self.values.pop(key, None)
        if value is None or value == "":
            return ""
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str):
            self.tell(key, value, "words are expected here")
            return ""
        return self.understood(key, value, clean) or ""

    def understood(self, key: str, value: str, rule: Callable[[str], str]) -> str | None:
        """What a rule makes of a value; None, and a finding, where it refuses."""
        try:
            return rule(value)
        except DirectoryError as fault:
            self.refuse(key, value, fault)
            return None

    def texts(self, key: str) -> list[str]:
        """The words of a list, or the one word where no list stands."""
        value = self.values.get(key)
        if not isinstance(value, list):
            words = self.text(key)
            return [words] if words else []
        self.values.pop(key)
        parts = Piece({str(i): item for i, item in enumerate(value)}, self.at(key), self.findings)
        found = [parts.text(str(i)) for i in range(len(value))]
        return [words for words in found if words]

    def part(self, key: str) -> Piece:
        """The object under a key; an empty one where none stands."""
        value = self.values.pop(key, None)
        if value not in (None, "", [], {}) and not isinstance(value, dict):
            self.tell(key, value, "an object is expected here")
        inner = dict(value) if isinstance(value, dict) else {}
        return Piece(inner, self.at(key), self.findings)

    def parts(self, key: str) -> Iterator[Piece]:
        """The objects of a list, each told of in full."""
        value = self.values.pop(key, None)
        if isinstance(value, dict):
            value = [value]
        if value in (None, ""):
            return
        if not isinstance(value, list):
            self.tell(key, value, "a list is expected here")
            return
        yield from pieces_of(value, self.at(key), self.findings)

    def ignore(self, *keys: str) -> None:
        """Keys that say nothing of the team: row numbers, dates of the other database's rows."""
        for key in keys:
            self.values.pop(key, None)

    def rest(self) -> None:
        """Tell all that nobody took."""
        for key, value in self.values.items():
            if value in (None, "", [], {}):
                continue
            if key.lower().replace("-", "_") in _PERSONAL:
                where = self.at(key)
                why = "names persons; personal data are not kept without their consent"
                self.findings.append(NotUnderstood(where, "", why, "Give a role's address."))
            else:
                self.tell(key, _MAIL.sub("…@…", _json(value)), "has no place here")
        self.values.clear()


def pieces_of(items: list[object], place: str, findings: list[NotUnderstood]) -> Iterator[Piece]:
    """Each object of a list, with its place; what is none is told."""
    for number, item in enumerate(items):
        where = f"{place}[{number}]"
        if isinstance(item, dict):
            piece = Piece(dict(item), where, findings)
            yield piece
        else:
            what = shown(_json(item), 80)
            findings.append(NotUnderstood(where, what, "an object is expected here"))


def teams_of(value: object, keys: Iterable[str], findings: list[NotUnderstood]) -> Iterator[Piece]:
    """The teams of a file: a list, one object, or a list under one of the keys."""
    place = ""
    if isinstance(value, dict):
        wrapper = next((key for key in keys if isinstance(value.get(key), list)), None)
        if wrapper is None:
            value = [value]
        else:
            place, value = wrapper, value[wrapper]
    if not isinstance(value, list):
        remedy = "Send a list of teams."
        raise DirectoryError("The file is no list of teams", remedy=remedy)
    if len(value) > TEAMS:
        remedy = "Send them in several files."
        raise DirectoryError(f"The file has {len(value):,} teams; {TEAMS:,} are taken", "", remedy)
    return pieces_of(value, place or "teams", findings)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=True)[:200]


# --- meaning ------------------------------------------------------------------------------


def code_of(name: str) -> str:
    """A team's code out of its short name: "CERT-XX" is "cert-xx". A name without a letter of
    ASCII gets a code from its digest, the same each time."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = "-".join(re.findall(r"[a-z0-9]+", plain))[:60].strip("-")
    if len(slug) >= 2:
        return slug
    return f"team-{hashlib.sha256(name.encode('utf-8', 'replace')).hexdigest()[:8]}"


def country_code(piece: Piece, key: str, word: str) -> str:
    """The ISO code of a country's code or name, in any of the six languages; else a finding."""
    if not word:
        return ""
    for rule in (countries.by_code, countries.find):
        try:
            return rule(word).iso2
        except UnknownCountry as unknown:
            fault = unknown
    piece.refuse(key, word, fault)
    return ""


def email_contact(
    piece: Piece, key: str, word: str, purpose: ContactPurpose, *, said: bool, names: Iterable[str]
) -> Contact | None:
    """A role's mailbox as a contact; a person's is told without being repeated."""
    address = piece.understood(key, word, canonical_email) if word else None
    if address is None:
        return None
    if not is_role_mailbox(address, purpose_said=said, names=names):
        why = "looks like a person's mailbox; it is not kept without their consent"
        remedy = "Give a role's mailbox, or enter it with the person's consent."
        piece.findings.append(NotUnderstood(piece.at(key), "", why, remedy))
        return None
    return Contact(purpose, ContactKind.EMAIL, address)


def other_contact(
    piece: Piece, key: str, word: str, purpose: ContactPurpose, kind: ContactKind
) -> Contact | None:
    """A number, page or postal address as a contact; else a finding."""
    value = piece.understood(key, word, lambda w: canonical_contact(kind, w)) if word else None
    return Contact(purpose, kind, value) if value is not None else None


def holding(
    piece: Piece, key: str, kind: HoldingKind, word: str, rule: Callable[[str], str]
) -> Iterator[Holding]:
    """A piece of a constituency; else a finding."""
    value = piece.understood(key, word, rule)
    if value is not None:
        yield Holding(kind, value)


def value_of(name: str, words: str | bool | Mapping[str, str]) -> Iterator[Value]:
    """A value, where there are words."""
    if isinstance(words, bool) or words:
        yield Value(name, words)


def gathered(teams: Iterable[TeamRecord], findings: list[NotUnderstood]) -> Reading:
    """The teams of a file with a code each; two of one code are told and told apart."""
    seen: dict[str, TeamRecord] = {}
    for team in teams:
        code = team.code
        if code in seen and team.country and f"{code}-{team.country.lower()}" not in seen:
            code = f"{code}-{team.country.lower()}"
        number = 2
        while code in seen:
            code, number = f"{team.code}-{number}", number + 1
        if code != team.code:
            why = f"a second team of the code {team.code}; it is read as {code}"
            findings.append(NotUnderstood("teams", shown(team.name, 80), why, "Name it otherwise."))
        seen[code] = replace(team, code=code)
    return Reading(tuple(seen.values()), tuple(findings))


@dataclass(slots=True)
class Gathering:
    """What is read of one team, before it is a record."""

    values: list[Value] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    holdings: list[Holding] = field(default_factory=list)

    def add(self, contact: Contact | None) -> None:
        if contact is not None and contact not in self.contacts:
            self.contacts.append(contact)

    def say(self, name: str, words: str | bool | Mapping[str, str]) -> None:
        self.values.extend(v for v in value_of(name, words) if v not in self.values)

    def hold(self, found: Iterable[Holding]) -> None:
        self.holdings.extend(h for h in found if h not in self.holdings)
