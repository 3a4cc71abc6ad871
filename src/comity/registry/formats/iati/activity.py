"""One entry as an IATI 2.03 activity, or what it lacks to be one.

IATI wants days where sources give years. A year is never filled up: an activity without a single
exact day has no `activity-date`, cannot be valid, and is held back with that reason.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from lxml import etree

from comity.kit.dates import PartialDate, Period
from comity.registry.formats.exported import Exported, legal
from comity.registry.formats.iati import parts
from comity.registry.formats.iati.parts import Element, element, narrative, narratives
from comity.registry.rules.values import Vocabularies
from comity.registry.types import Field, FieldType, Kind, Statement

OWN = "urn:comity:iati"  # the namespace of what IATI has no element for
_NAMES: dict[str, str] = {"comity": OWN}
ROLES = {"funder": "1", "body": "2", "partner": "4", "implementer": "4"}
RELATIONS = {"under": "1", "part_of": "1"}  # parent; all others are siblings
SIBLING = "3"
STATUSES = {"announced": "1", "ongoing": "2", "held": "4", "completed": "4"}
STATUS_CODES = frozenset("123456")
PLEDGE, DISBURSEMENT = "13", "3"  # an incoming pledge; a disbursement
TRANSACTIONS = {"pledged": PLEDGE, "disbursed": DISBURSEMENT}
INDICATIVE, COMMITTED = "1", "2"
WEB_PAGE, PURPOSE = "A12", "A02"  # document categories
YEAR = dt.timedelta(days=366)  # the longest period of one budget
MUST = ("title", "description", "participating-org", "activity-status", "activity-date")


@dataclass(frozen=True, slots=True)
class Reporter:
    """The organisation that reports. `ref` is its identifier in IATI's form; without one the
    address of the gateway stands in, under the country code XX that ISO leaves to its users."""

    name: str
    host: str
    ref: str = ""
    type: str = "40"  # OrganisationType: multilateral

    @property
    def identifier(self) -> str:
        return self.ref or f"XX-GATEWAY-{self.host}"


@dataclass(frozen=True, slots=True)
class Held:
    """An entry that is no valid activity yet, and which elements it lacks."""

    entry: str
    title: str
    missing: tuple[str, ...]
    dates: str = ""  # what its source says of its time


@dataclass(slots=True)
class _Making:
    """What is gathered for one activity."""

    entry: Exported
    reporter: Reporter
    vocabularies: Vocabularies
    elements: list[Element] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def note(self, field_key: str, text: str) -> None:
        self.notes.append(f"{field_key}: {text}")

    @property
    def period(self) -> str:
        said = [s for s in self.entry.statements if s.field == "period"]
        return str(said[0].value) if said else ""


def can_be_told(kind: Kind) -> bool:
    """Whether entries of this kind are activities in IATI's sense."""
    return kind.rdf.iati == "iati-activity"


def activity(
    entry: Exported, reporter: Reporter, vocabularies: Vocabularies, *, today: dt.date
) -> Element | Held:
    """The element, or why there is none."""
    making = _Making(entry, reporter, vocabularies)
    add = making.elements
    add += _head(making)
    for key, said in entry.by_field().items():
        told = entry.kind.by_key[key]
        write = _WRITERS.get(told.rdf.iati)
        if write:
            write(making, told, said)
    add += _status(making, today)
    present = {str(made.tag) for made in add}
    missing = tuple(tag for tag in MUST if tag not in present)
    if missing:
        return Held(entry.name, entry.title("en")[0], missing, making.period)
    made = etree.Element("iati-activity", nsmap=_NAMES)
    made.extend([*parts.in_order(add), *_beside(making)])
    made.set(parts.XML_LANG, "en")
    made.set("last-updated-datetime", entry.changed.strftime("%Y-%m-%dT%H:%M:%SZ"))
    return made


def identifier(reporter: Reporter, name: str) -> str:
    """The identifier of an activity, from the name of its entry: it lasts as long as the name."""
    return f"{reporter.identifier}-{name.replace('/', '-')}"


def _head(making: _Making) -> list[Element]:
    entry, reporter = making.entry, making.reporter
    own = element("iati-identifier")
    foreign = [s.value[5:].strip() for s in entry.of("identifier") if s.value.startswith("IATI ")]
    own.text = legal(foreign[0] if foreign else identifier(reporter, entry.name))
    # The gateway tells what others do: the flag keeps it from being counted twice.
    org = element(
        "reporting-org",
        narrative(reporter.name),
        ref=reporter.identifier,
        type=reporter.type,
        secondary_reporter="1",
    )
    found = [own, org]
    title, description = entry.words("title"), entry.words("summary")
    if title:
        found.append(element("title", *narratives(title)))
    if description or title:  # where nothing describes it, its name does
        found.append(element("description", *narratives(description or title), type="1"))
    if not any(s.field in ROLES for s in entry.statements) and entry.owner:
        found.append(parts.participating(entry.owner, ROLES["body"]))
    return found


def _status(making: _Making, today: dt.date) -> list[Element]:
    """The status that is said; else what the dates leave no doubt about, noted as reckoned."""
    for statement in making.entry.of("status"):
        code = STATUSES.get(str(statement.value), str(statement.value))
        if code in STATUS_CODES:
            return [element("activity-status", code=code)]
    text = making.period
    if not text:
        return []
    period = Period.parse(text) if "/" in text else None
    start = period.start if period else PartialDate.parse(text)
    end = period.end if period else start
    code = ""
    if end and end.last < today:
        code = "4"
    elif start and start.first > today:
        code = "1"
    elif start and start.last <= today and (end is None or end.first >= today):
        code = "2"
    if not code:
        return []
    making.note("activity-status", "reckoned from the period")
    return [element("activity-status", code=code)]


# --- one writer an element ----------------------------------------------------------------

Writer = Callable[[_Making, Field, list[Statement]], None]


def _dates(making: _Making, told: Field, said: list[Statement]) -> None:
    for statement in said:
        if told.type is FieldType.EVENT:
            found = {statement.value["event"]: statement.value["date"]}
        else:
            start, slash, end = str(statement.value).partition("/")
            found = {"2": start, "4": end if slash else start}
        for kind, text in found.items():
            day = parts.full_date(text)
            if day:
                making.elements.append(element("activity-date", type=kind, iso_date=day))
            elif text and text != "..":
                making.note(told.key, f"{text} is no exact day")


def _organisations(making: _Making, told: Field, said: list[Statement]) -> None:
    role = ROLES.get(told.key, "4")
    names = dict.fromkeys(str(s.value["name"]) for s in said)
    making.elements += [parts.participating(name, role) for name in names]


def _identifiers(making: _Making, told: Field, said: list[Statement]) -> None:
    for statement in said:
        if not statement.value.startswith("IATI "):
            ref = element("other-identifier", ref=statement.value, type="A9")
            making.elements.append(ref)


def _countries(making: _Making, told: Field, said: list[Statement]) -> None:
    codes = sorted({str(s.value) for s in said})
    making.elements += [parts.recipient_country(code) for code in codes]
    if len(codes) > 1:
        making.note(told.key, "shares of the countries are not reported")


def _regions(making: _Making, told: Field, said: list[Statement]) -> None:
    for code in sorted({str(s.value) for s in said}):
        if code == "GLOBAL":
            making.elements.append(element("activity-scope", code="1"))
        else:
            made = parts.coded("recipient-region", told.vocabulary, code, making.vocabularies)
            making.elements.append(made)


def _coded(tag: str) -> Writer:
    def write(making: _Making, told: Field, said: list[Statement]) -> None:
        for code in dict.fromkeys(str(s.value) for s in said):
            if told.vocabulary:
                made = parts.coded(tag, told.vocabulary, code, making.vocabularies)
            else:
                made = parts.plain_tag(code)
            making.elements.append(made)

    return write


def _budgets(making: _Making, told: Field, said: list[Statement]) -> None:
    status = INDICATIVE if told.key == "finance_needed" else COMMITTED
    start, _slash, end = making.period.partition("/")
    first, last = parts.full_date(start), parts.full_date(end)
    for statement in said:
        value = statement.value
        exact = first and last and parts.full_date(value["date"])
        if exact and dt.date.fromisoformat(last) - dt.date.fromisoformat(first) <= YEAR:
            making.elements.append(parts.budget(value, first, last, status))
        else:
            making.note(told.key, f"{value['amount']} {value['currency']} has no exact year")


def _transactions(making: _Making, told: Field, said: list[Statement]) -> None:
    for statement in said:
        value = statement.value
        if parts.full_date(value["date"]):
            code = TRANSACTIONS.get(told.key, DISBURSEMENT)
            making.elements.append(parts.transaction(value, code))
        else:
            making.note(told.key, f"{value['amount']} {value['currency']} has no exact day")


def _documents(making: _Making, told: Field, said: list[Statement]) -> None:
    category = WEB_PAGE if told.key == "url" else PURPOSE
    for url in dict.fromkeys(str(s.value) for s in said):
        making.elements.append(parts.document(url, told.label["en"], category))


def _contacts(making: _Making, told: Field, said: list[Statement]) -> None:
    making.elements += [parts.contact(str(s.value)) for s in said]


def _locations(making: _Making, told: Field, said: list[Statement]) -> None:
    words = {s.language or "en": str(s.value) for s in reversed(said)}
    making.elements.append(parts.location(words))


def _related(making: _Making, told: Field, said: list[Statement]) -> None:
    relation = RELATIONS.get(told.key, SIBLING)
    for name in dict.fromkeys(str(s.value) for s in said):
        ref = identifier(making.reporter, name)
        making.elements.append(element("related-activity", ref=ref, type=relation))


def _results(making: _Making, told: Field, said: list[Statement]) -> None:
    if told.translatable:  # a result needs an indicator; words describe
        words = {s.language or "en": str(s.value) for s in reversed(said)}
        making.elements.append(element("description", *narratives(words), type="4"))
        return
    make = {FieldType.COUNT: parts.counted, FieldType.TOTAL: parts.total}.get(told.type)
    for statement in said:
        if make is None:
            making.note(told.key, str(statement.value))
        else:
            making.elements.append(make(told.label["en"], statement.value))


_WRITERS: Mapping[str, Writer] = {
    "activity-date": _dates,
    "participating-org": _organisations,
    "other-identifier": _identifiers,
    "iati-identifier": _identifiers,
    "recipient-country": _countries,
    "recipient-region": _regions,
    "sector": _coded("sector"),
    "tag": _coded("tag"),
    "budget": _budgets,
    "transaction": _transactions,
    "document-link": _documents,
    "contact-info": _contacts,
    "location": _locations,
    "related-activity": _related,
    "result": _results,
}


# --- what IATI has no element for ---------------------------------------------------------


def _beside(making: _Making) -> Iterable[Element]:
    """What was left out, and the sources: in a namespace of our own, which the schema allows."""
    for text in dict.fromkeys(making.notes):
        made = etree.Element(f"{{{OWN}}}left-out", nsmap=_NAMES)
        made.text = legal(text)
        yield made
    for said in dict.fromkeys(
        (s.said.by, s.said.evidence_title, s.said.evidence_url, s.said.evidence_date)
        for s in making.entry.statements
    ):
        if any(said):
            made = etree.Element(f"{{{OWN}}}source", nsmap=_NAMES)
            for name, text in zip(("by", "title", "url", "date"), said, strict=True):
                if text:
                    made.set(name, legal(text))
            yield made
