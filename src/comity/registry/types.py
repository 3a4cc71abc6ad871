"""The nouns of the registry: kinds and their fields, statements, entries, submissions.

A *kind* is data (one YAML each, `data/kinds/`), so what a form asks, what a CSV column means, what
the API takes and what a page shows follow from one place. Every value of an entry is a *statement*.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from comity.kit.errors import KitError
from comity.kit.sayings import Saying, Voice
from comity.kit.tlp import Label


class RegistryError(KitError):
    """What cannot be done with an entry or a submission: what is wrong, where, the way out."""


class BadKind(RegistryError):
    """A kind's file that cannot be used; `place` is file and field."""


class BadValue(RegistryError):
    """A value that does not fit its field; `place` is the field's key."""


class BadSubmission(RegistryError):
    """A submission with problems; they are in `problems`, one a field."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        first = problems[0]
        super().__init__(first.message, first.field, first.remedy)
        self.problems = problems


class FieldType(StrEnum):
    """What one value of a field is. In brackets: the form it has as JSON, the form as text."""

    TEXT = "text"  # one line (str; the same)
    WORDS = "words"  # several lines (str; the same)
    DATE = "date"  # partial, never padded ("2014-05"; the same)
    PERIOD = "period"  # ("2014/2016-03", either end may be ".."; the same)
    COUNT = "count"  # of one period ({"n", "period", "unit"}; "24 @ 2014 # drills")
    TOTAL = "total"  # as of a day ({"n", "as_of", "unit"}; "76 @ 2014-05 # countries")
    SHARE = "share"  # percent as of a day ({"n": "61.5", "as_of"}; "61.5 @ 2014")
    MONEY = "money"  # ({"amount": "1000.00", "currency", "date"}; "1000.00 USD @ 2014")
    CHOICE = "choice"  # a code of the field's vocabulary (str)
    COUNTRY = "country"  # ISO 3166-1 alpha-2 (str)
    LANGUAGE = "language"  # BCP 47 (str)
    BODY = "body"  # an organisation by name ({"name", "body": uuid or ""}; the name)
    PARTY = "party"  # ({"name", "country", "level", "role"}; "Kenya | KE | state | signatory")
    URL = "url"  # https or http (str)
    YESNO = "yesno"  # (true, false; "yes", "no")
    ENTRY = "entry"  # another entry by its key ("agreement/agr-001")
    PROVISION = "provision"  # a paragraph ("itu-pp/res-130/2014/resolves/3")
    EVENT = "event"  # ({"event", "date", "until", "note"}; "signed @ 2014-05-30 # note")


UNSAID = Saying()  # nobody is named yet

SIX = ("ar", "en", "es", "fr", "ru", "zh")
Words = Mapping[str, str]  # language to text, all six


class Rdf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a field or kind is called elsewhere; empty where it has no such name there."""

    dct: str = ""  # Dublin Core term of a DCAT resource: "dct:title"
    schema: str = ""  # schema.org property or type: "name"
    iati: str = ""  # element of an IATI 2.03 activity: "title"


class Field(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One field of a kind."""

    key: str
    type: FieldType
    label: dict[str, str]
    help: dict[str, str] = msgspec.field(default_factory=dict)
    many: bool = False
    required: bool = False
    evidence: bool = False  # a statement of this field needs its evidence's address
    vocabulary: str = ""  # for `choice` and `event`: the name of the table
    facet: str = ""  # the facet its values count in: "area", "body"
    card: bool = False  # shown in lists, searches and feeds
    search: bool = True
    max: int = 0  # characters; 0: the type's own limit
    rdf: Rdf = Rdf()

    @property
    def translatable(self) -> bool:
        """Whether its values are words of a language."""
        return self.type in (FieldType.TEXT, FieldType.WORDS)


class Kind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of entry."""

    key: str
    label: dict[str, str]  # one of them: "Agreement"
    plural: dict[str, str]  # many: "Agreements"
    about: dict[str, str]  # one sentence: what belongs here
    fields: tuple[Field, ...]
    subtypes: str = ""  # the vocabulary of its subtypes
    default_label: str = "CLEAR"  # TLP of a new entry; "AMBER" for what is confidential by default
    history: str = ""  # whose events tell the state: "agreement", "request"
    publish_field: str = ""  # a yes/no field without whose "yes" nothing of it may be published
    path: str = ""  # words in addresses; the key where empty
    rdf: Rdf = Rdf()

    @property
    def by_key(self) -> dict[str, Field]:
        return {field.key: field for field in self.fields}


@dataclass(frozen=True, slots=True)
class Term:
    """One code of a vocabulary. `labels` may lack languages: official names are not translated."""

    code: str
    parent: str
    labels: Mapping[str, str]

    def name(self, language: str) -> str:
        return self.labels.get(language) or self.labels.get("en") or self.code


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A table of codes in its order."""

    key: str
    terms: Mapping[str, Term]


# --- what is said -------------------------------------------------------------------------


class Origin(StrEnum):
    """How words came into their language."""

    ORIGINAL = "original"
    HUMAN = "human"
    MACHINE = "machine"


@dataclass(frozen=True, slots=True)
class Statement:
    """One value of one field of one entry, with who says so. Never changed: ended, and another
    begins. `label` is the strictest label of its handling, to print before it."""

    field: str
    value: Any  # the JSON form of the field's type
    language: str = ""
    origin: Origin = Origin.ORIGINAL
    said: Saying = UNSAID
    label: Label = Label.CLEAR
    handling: int = 0
    seq: int = 0  # the act that recorded it
    ended: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Word:
    """One value as a report weighs it: what is said, by whom, where it can be read."""

    value: Any
    language: str = ""
    voice: Voice = Voice.SOURCE
    by: str = ""
    title: str = ""  # of the evidence
    url: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """One entry as it stood at a moment, for those who count: made from the statements that stood
    then, so that the same moment gives the same answer whatever was said since. `act` is the
    newest act among them. `disputed` are the fields in which speakers differ."""

    name: str  # "agreement/agr-001"
    kind: str
    subtype: str
    said: Mapping[str, tuple[Word, ...]]
    act: int
    first: dt.date | None = None  # the days it spans, as far as they are known
    last: dt.date | None = None
    standing: str = ""  # of an agreement on the day asked about
    ends: str = ""  # of its term, as exact as known
    flags: frozenset[str] = frozenset()
    disputed: tuple[str, ...] = ()
    steps: tuple[tuple[str, dt.datetime], ...] = ()  # of a request: act and moment
    sample: bool = False

    def values(self, field: str) -> tuple[Any, ...]:
        """What is said in a field, whom it is about first; nothing where nobody said anything."""
        return tuple(word.value for word in self.said.get(field, ()))

    def first_of(self, field: str) -> Any:
        """The leading value of a field, or None."""
        words = self.said.get(field)
        return words[0].value if words else None


class EntryState(StrEnum):
    PUBLISHED = "published"
    CONTESTED = "contested"  # somebody it concerns disputes it, in writing
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field of one row: for the form, the API and the CSV alike."""

    field: str
    message: str
    remedy: str
    value: str = ""  # what stood there, cut
    row: int = 0


@dataclass(frozen=True, slots=True)
class Given:
    """One value as somebody gave it, before it is a statement."""

    field: str
    value: Any
    language: str = ""
    origin: Origin = Origin.ORIGINAL
    evidence_title: str = ""
    evidence_url: str = ""
    evidence_date: str = ""
    since: str = ""
    label: Label | None = None  # None: as the entry


@dataclass(frozen=True, slots=True)
class Record:
    """An entry as a file, a form or the API gives it."""

    kind: str
    key: str = ""  # lasting name inside the kind: "act-001"; empty for a new one
    subtype: str = ""
    values: tuple[Given, ...] = ()
    row: int = 0
    raw: Mapping[str, str] = field(default_factory=dict)  # what the row held, to be mended


class Outcome(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of one row of a file: a line of `comity registry load`."""

    row: int
    id: str
    outcome: Outcome
    problems: tuple[Problem, ...] = ()
    key: str = ""
    entry: UUID | None = None
