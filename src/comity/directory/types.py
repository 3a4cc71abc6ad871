"""The nouns of the directory: a team and all that is said of it, contacts, keys, constituencies.

Names follow RFC 2350, FIRST, Trusted Introducer and the CSIRT Services Framework.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from comity.kit.errors import KitError
from comity.kit.sayings import Saying
from comity.kit.tlp import Label

UNSAID = Saying()  # nobody is named yet


class DirectoryError(KitError):
    """What cannot be taken into the directory: what is wrong, where, and the way out.

    `sentence` and `way` are message and remedy with {names} in braces where `words` belong: a door
    translates them first and fills them in then (`said`).
    """

    def __init__(self, message: str, place: str = "", remedy: str = "", **words: object) -> None:
        self.sentence, self.way, self.words = message, remedy, words
        super().__init__(self._filled(message), place, self._filled(remedy))

    def _filled(self, words: str) -> str:
        return words.format(**self.words) if self.words else words

    def said(self, translate: Callable[[str], str], *, isolate: bool = False) -> tuple[str, str]:
        """Message and remedy in a reader's language. `isolate`: what is filled in keeps its own
        direction of writing among words from right to left (U+2068, U+2069)."""
        words = {k: f"\u2068{v}\u2069" if isolate else v for k, v in self.words.items()}
        sentences = (translate(given) if given else "" for given in (self.sentence, self.way))
        said, way = (given.format(**words) if words else given for given in sentences)
        return said, way


class TeamKind(StrEnum):
    NATIONAL = "national"
    GOVERNMENTAL = "governmental"
    SECTORAL = "sectoral"
    MILITARY = "military"
    ACADEMIC = "academic"
    COMMERCIAL = "commercial"
    REGIONAL = "regional"
    PSIRT = "psirt"
    OTHER = "other"


class ItuPhase(StrEnum):
    """How far a national CIRT is, in the words of the ITU's CIRT framework."""

    ASSESSMENT = "assessment"
    DESIGN = "design"
    ESTABLISHMENT = "establishment"
    ENHANCEMENT = "enhancement"


class ContactPurpose(StrEnum):
    INCIDENT = "incident"
    EMERGENCY = "emergency"
    GENERAL = "general"
    VULNERABILITY = "vulnerability"
    ABUSE = "abuse"
    PRESS = "press"
    AUTOMATED = "automated"  # a mailbox that programs read


class ContactKind(StrEnum):
    EMAIL = "email"
    PHONE = "phone"
    WEB = "web"
    FAX = "fax"
    POST = "post"


class HoldingKind(StrEnum):
    """What a constituency is made of, nearest first: the order in which an answer is chosen."""

    PREFIX = "prefix"  # 192.0.2.0/24, 2001:db8::/32
    DOMAIN = "domain"  # example.gov.xx, as ASCII (IDNA 2008)
    ASN = "asn"  # AS64500
    COUNTRY = "country"  # KE
    SECTOR = "sector"  # energy; never chooses an answer by itself


class KeyKind(StrEnum):
    OPENPGP = "openpgp"
    SMIME = "smime"


class KeyState(StrEnum):
    """Where a key is in its life, as of a day."""

    VALID = "valid"
    ENDS_SOON = "ends_soon"
    EXPIRED = "expired"
    REVOKED = "revoked"
    WEAK = "weak"  # RSA under 2048 bits, DSA, SHA-1 or MD5 in its own signatures
    REPLACED = "replaced"
    UNCONFIRMED = "unconfirmed"  # it would replace a key that stands; a second person confirms
    NOT_YET = "not_yet"  # made for a day to come


class Freshness(StrEnum):
    """How long ago somebody made sure: 90 days or newer, half a year, older, never."""

    FRESH = "fresh"
    AGEING = "ageing"
    STALE = "stale"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Contact:
    """One way to reach a team. A role's mailbox or number, never a person's without consent."""

    purpose: ContactPurpose
    kind: ContactKind
    value: str  # normalised: mail in lower-case domain, phone as +digits (E.164), https address
    label: Label = Label.CLEAR
    hours: str = ""  # "24x7", or words
    note: str = ""
    consent: bool = False  # the value names a person, who agreed to its being kept
    said: Saying = UNSAID


@dataclass(frozen=True, slots=True)
class TeamKey:
    """A public key or certificate, with what it says of itself."""

    kind: KeyKind
    fingerprint: str  # upper-case hexadecimal: OpenPGP v4 40, v6 64; S/MIME SHA-256 64
    text: str = ""  # ASCII armour, or PEM
    algorithm: str = ""  # "RSA", "Ed25519"
    bits: int = 0  # 0 where the algorithm fixes it
    user_ids: tuple[str, ...] = ()
    created: dt.date | None = None
    expires: dt.date | None = None
    revoked: dt.date | None = None
    encrypts_until: dt.date | None = None  # last day one can encrypt to it; None: as `expires`
    faults: tuple[str, ...] = ()  # codes: "rsa-short", "sha1", "dsa", "no-encryption-subkey" …
    label: Label = Label.CLEAR
    purpose: str = ""  # "mail to the team", "signed notices"
    said: Saying = UNSAID


@dataclass(frozen=True, slots=True)
class Holding:
    """One piece of a constituency, in canonical form (`rules.constituency.canonical`)."""

    kind: HoldingKind
    value: str
    label: Label = Label.CLEAR
    said: Saying = UNSAID


@dataclass(frozen=True, slots=True)
class Value:
    """One value of one descriptive field of a team (see `FIELDS`), with who says so."""

    field: str
    value: str | bool | Mapping[str, str]
    label: Label = Label.CLEAR
    said: Saying = UNSAID


class FieldForm(StrEnum):
    TEXT = "text"
    WORDS = "words"  # several lines
    NAME = "name"  # words with a language
    CHOICE = "choice"
    COUNTRY = "country"
    LANGUAGE = "language"
    DATE = "date"  # partial: "2014"
    URL = "url"
    ZONE = "zone"  # IANA time zone
    YESNO = "yesno"
    SERVICE = "service"  # id of the FIRST CSIRT Services Framework 2.1
    RECORD = "record"  # a mapping with the keys in `parts`


@dataclass(frozen=True, slots=True)
class TeamField:
    """What a team can say of itself under one name."""

    key: str
    form: FieldForm
    many: bool = False
    choices: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()


BODY_KINDS = (
    *("government", "regulator", "law_enforcement", "military", "academic", "operator"),
    *("company", "civil_society", "technical_community", "regional_organization"),
    *("intergovernmental_organization", "other"),
)
COMMUNITY_KINDS = (
    *("membership_network", "statutory_network", "accreditation_service"),
    *("multistakeholder_forum", "regional_centre", "regional_organization"),
)
PROTOCOLS = ("taxii", "misp", "iodef", "openpgp", "smime", "xarf", "csv", "security.txt", "csaf")
OPERATIONAL = ("planned", "active", "suspended", "ended")

FIELDS: dict[str, TeamField] = {
    row.key: row
    for row in (
        TeamField("official_name", FieldForm.NAME, many=True),  # one a language
        TeamField("short_name", FieldForm.TEXT),
        TeamField("former_name", FieldForm.NAME, many=True),
        TeamField("kind", FieldForm.CHOICE, choices=tuple(TeamKind)),
        TeamField("operational_status", FieldForm.CHOICE, choices=OPERATIONAL),
        TeamField("country", FieldForm.COUNTRY),  # where its host sits
        TeamField(
            "national_mandate", FieldForm.RECORD, parts=("law", "date", "url", "scope")
        ),  # what makes it the national team
        TeamField("government_role", FieldForm.YESNO),  # point of contact between governments
        TeamField("host_organisation", FieldForm.TEXT),
        TeamField("established", FieldForm.DATE),
        TeamField("website", FieldForm.URL),
        TeamField("advisories", FieldForm.URL),
        TeamField("hours", FieldForm.TEXT),  # "24x7" or words
        TeamField("time_zone", FieldForm.ZONE),
        TeamField("language", FieldForm.LANGUAGE, many=True),
        TeamField("service", FieldForm.SERVICE, many=True),
        TeamField(
            "protocol",
            FieldForm.RECORD,
            many=True,
            parts=("name", "endpoint", "since", "tested_on"),
        ),
        TeamField("rfc2350", FieldForm.RECORD, parts=("url", "sha256", "checked_on")),
        TeamField("itu_phase", FieldForm.CHOICE, choices=tuple(ItuPhase)),
        TeamField("sharing_policy", FieldForm.WORDS),
        TeamField("mission", FieldForm.WORDS),  # RFC 2350, 3.1
        TeamField("authority", FieldForm.WORDS),  # RFC 2350, 3.4
        TeamField("constituency_description", FieldForm.WORDS),
        TeamField("expertise", FieldForm.TEXT, many=True),  # codes of the areas' vocabulary
        TeamField("mandate_area", FieldForm.TEXT, many=True),
        TeamField("membership", FieldForm.RECORD, many=True, parts=("community", "level", "since")),
        TeamField("cna", FieldForm.YESNO),  # a CVE Numbering Authority
    )
}


@dataclass(frozen=True, slots=True)
class TeamRecord:
    """All that is known of one team, or all that one file says of it: what formats read and write,
    and what a difference is made of."""

    code: str  # lasting, in addresses: "cert-xx"; made from the short name where a file has none
    name: str
    country: str = ""
    same_as: Mapping[str, str] = field(default_factory=dict)  # "first", "ti", "cerebrate" …
    values: tuple[Value, ...] = ()
    contacts: tuple[Contact, ...] = ()
    keys: tuple[TeamKey, ...] = ()
    holdings: tuple[Holding, ...] = ()


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """A piece of an outside file that has no place here: told, never dropped in silence."""

    where: str  # "teams[3].phones[0].usage", "row 7, column hours"
    what: str  # the piece, shortened
    why: str
    remedy: str = ""
    fault: DirectoryError | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file of teams says, and what of it was not understood."""

    teams: tuple[TeamRecord, ...]
    findings: tuple[NotUnderstood, ...] = ()


class DifferenceKind(StrEnum):
    NEW = "new"
    ADDED = "added"
    REMOVED = "removed"  # said by the same source before, not in its file now
    CHANGED = "changed"
    OTHERWISE = "otherwise"  # another speaker says otherwise; both stand


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that applying a file would change."""

    team: str
    kind: DifferenceKind
    what: str  # "contact incident email", "holding prefix", "field hours"
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody typed to find whom to call, understood."""

    kind: HoldingKind
    value: str  # canonical; an address is the prefix of its full length
    special: str = ""  # of an address nobody routes: "private", "documentation", "loopback" …


class Found(NamedTuple):
    """A piece of some team's constituency that one of the candidates was equal to."""

    kind: HoldingKind
    value: str
    team: UUID
    code: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One team that answers, and the rule that chose it."""

    team: UUID
    code: str
    rule: HoldingKind
    matched: str  # the piece of the constituency that matched; the rest is not told
    nearer: int  # how exact: prefix length, labels of the domain; for ordering
    contested: bool = False  # another team claims the very same thing; both are shown


class AddressRange(NamedTuple):
    """Addresses from the first to the last, both included."""

    version: int  # 4 or 6
    first: int
    last: int
