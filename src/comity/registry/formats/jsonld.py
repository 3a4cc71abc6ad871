"""Entries as JSON-LD in the words of schema.org, for search engines and for those who link data.

The context stands in every document, so that nobody must fetch one to read it. A field for which
schema.org has no word is a `PropertyValue`, its own way for such; a number keeps its period or its
day, and a date stays as exact as its source.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from comity.kit import countries
from comity.kit.dates import PartialDate, Precision
from comity.kit.tlp import Label
from comity.registry.formats.exported import Exported, legal
from comity.registry.rules.values import Vocabularies, to_text
from comity.registry.types import Field, FieldType, Statement

MEDIA_TYPE = "application/ld+json"
SCHEMA = "https://schema.org/"
XSD = "http://www.w3.org/2001/XMLSchema#"
CONTEXT: dict[str, Any] = {"@vocab": SCHEMA, "xsd": XSD}
# The ranges of schema.org that a code of ours has an answer for.
_BOOLEANS = {"isAccessibleForFree": {"free": True, "paid": False}}
_PRECISION = {Precision.YEAR: "gYear", Precision.MONTH: "gYearMonth", Precision.DAY: "date"}
Json = dict[str, Any]


def document(
    entry: Exported, vocabularies: Vocabularies, *, base: str, language: str = "en"
) -> Json:
    """One entry as a document of its own. `base` is the address of this gateway, with its end /."""
    return {"@context": CONTEXT, **node(entry, vocabularies, base=base, language=language)}


def address(base: str, name: str, language: str = "en") -> str:
    """Where the page of an entry is: "https://host/en/registry/agreement/agr-001"."""
    return f"{base}{language}/registry/{name}"


def node(entry: Exported, vocabularies: Vocabularies, *, base: str, language: str = "en") -> Json:
    """One entry inside a document."""
    found: Json = {
        "@id": f"urn:uuid:{entry.id}",
        "@type": entry.kind.rdf.schema or "CreativeWork",
        "identifier": [{"@type": "PropertyValue", "propertyID": "comity", "value": entry.name}],
        "mainEntityOfPage": {"@id": address(base, entry.name, language)},
        "sdDatePublished": _typed(entry.changed.date().isoformat()),
    }
    more: list[Json] = []
    for key, said in entry.by_field().items():
        field = entry.kind.by_key[key]
        values = [_value(field, s, vocabularies, base, language) for s in said]
        if field.rdf.schema:
            held = found.setdefault(field.rdf.schema, [])
            held += [v for v in _asked(field.rdf.schema, said, values) if v not in held]
        else:
            more += [_property(field, s, v) for s, v in zip(said, values, strict=True)]
    if entry.subtype:
        more.append(_subtype(entry, vocabularies))
    if more:
        found["additionalProperty"] = more
    citations = _citations(entry)
    if citations:
        found["citation"] = citations
    if entry.strictest is not Label.CLEAR:
        found["conditionsOfAccess"] = str(entry.strictest)
    return found


def _asked(name: str, said: Iterable[Statement], values: list[Any]) -> list[Any]:
    """The values in the range of the property, where schema.org wants another than ours."""
    answers = _BOOLEANS.get(name)
    if answers is None:
        return values
    return [answers[s.value] for s in said if s.value in answers]


def _property(field: Field, said: Statement, value: Any) -> Json:
    found: Json = {
        "@type": "PropertyValue",
        "propertyID": field.key,
        "name": {"@value": field.label["en"], "@language": "en"},
        "value": value,
    }
    return found


def _subtype(entry: Exported, vocabularies: Vocabularies) -> Json:
    return {
        "@type": "PropertyValue",
        "propertyID": "subtype",
        "value": _term(vocabularies, entry.kind.subtypes, entry.subtype),
    }


def _citations(entry: Exported) -> list[Json]:
    """The evidence, each once, and who says what stands on none."""
    found: dict[tuple[str, ...], Json] = {}
    for statement in entry.statements:
        said = statement.said
        key = (said.evidence_title, said.evidence_url, said.evidence_date, said.by)
        if not any(key) or key in found:
            continue
        cited: Json = {"@type": "CreativeWork"}
        if said.evidence_title:
            cited["name"] = legal(said.evidence_title)
        if said.evidence_url:
            cited["url"] = {"@id": said.evidence_url}
        if said.evidence_date:
            cited["datePublished"] = _typed(said.evidence_date)
        if said.by:
            cited["sdPublisher"] = {"@type": "Organization", "name": legal(said.by)}
        if said.licence:
            cited["license"] = legal(said.licence)
        found[key] = cited
    return list(found.values())


def in_page(found: Json) -> str:
    """The document as the words of a data block in a page: no sign in it can end the block.

    A policy of `script-src 'self'` lets such a block stand: it is data, nothing runs it (HTML,
    4.12.1.1; Chromium 2026 shows it and logs nothing).
    """
    text = dumped(found).decode()
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


# --- values -------------------------------------------------------------------------------


def _value(
    field: Field, said: Statement, vocabularies: Vocabularies, base: str, language: str
) -> Any:
    value = said.value
    if field.translatable:
        return {"@value": legal(value), "@language": said.language or "en"}
    if field.type is FieldType.CHOICE:
        return _term(vocabularies, field.vocabulary, value)
    if field.type is FieldType.ENTRY:
        page = {"@id": address(base, value, language)}
        return {"@type": "Thing", "identifier": value, "mainEntityOfPage": page}
    if field.type is FieldType.EVENT:
        return _event(field, value, vocabularies)
    make = _VALUES.get(field.type)
    return make(value) if make else legal(to_text(field, value))


def _typed(text: str) -> Json:
    """A date with the type of its precision: a year is a year."""
    return {"@value": text, "@type": XSD + _PRECISION[PartialDate.parse(text).precision]}


def _term(vocabularies: Vocabularies, name: str, code: str) -> Json:
    term = vocabularies[name].terms.get(code) if name in vocabularies else None
    labels = term.labels if term else {}
    names = [{"@value": text, "@language": lang} for lang, text in labels.items() if text]
    found: Json = {"@type": "DefinedTerm", "termCode": code, "inDefinedTermSet": name}
    return found | ({"name": names} if names else {})


def _country(code: str) -> Json:
    name = {"@value": countries.by_code(code).name("en"), "@language": "en"}
    return {"@type": "Country", "identifier": code, "name": name}


def _party(value: Mapping[str, str]) -> Json:
    found: Json = {"@type": "Organization", "name": legal(value["name"])}
    if value["country"]:
        found["location"] = _country(value["country"])
    if value["level"] or value["role"]:
        parts = [part for part in (value["level"], value["role"]) if part]
        found["description"] = legal(", ".join(parts))
    return found


def _event(field: Field, value: Mapping[str, str], vocabularies: Vocabularies) -> Json:
    found: Json = {
        "@type": "Event",
        "additionalType": _term(vocabularies, field.vocabulary, value["event"]),
    }
    if value["date"]:
        found["startDate"] = _typed(value["date"])
    if value["until"]:
        found["endDate"] = _typed(value["until"])
    if value["note"]:
        found["description"] = legal(value["note"])
    return found


def _figure(value: Mapping[str, Any], meaning: str) -> Json:
    """A number with its unit and its time. What it means stands in words: counts of a period may
    be added up, totals may not."""
    number = value["n"]
    found: Json = {"@type": "Observation", "value": number, "description": meaning}
    if value.get("unit"):
        found["unitText"] = legal(value["unit"])
    if value.get("period"):
        found["observationPeriod"] = value["period"]
    if value.get("as_of"):
        found["observationDate"] = _typed(value["as_of"])
    return found


def _money(value: Mapping[str, str]) -> Json:
    found: Json = {
        "@type": "MonetaryAmount",
        "value": {"@value": value["amount"], "@type": XSD + "decimal"},
        "currency": value["currency"],
    }
    return found | ({"validFrom": _typed(value["date"])} if value["date"] else {})


def _share(value: Mapping[str, str]) -> Json:
    number = {"@value": value["n"], "@type": XSD + "decimal"}
    return _figure({**value, "n": number, "unit": "percent"}, "share, as of a day")


_VALUES: dict[FieldType, Callable[[Any], Any]] = {
    FieldType.DATE: _typed,
    FieldType.COUNT: lambda v: _figure(v, "count of a period"),
    FieldType.TOTAL: lambda v: _figure(v, "cumulative total, as of a day"),
    FieldType.SHARE: _share,
    FieldType.MONEY: _money,
    FieldType.COUNTRY: _country,
    FieldType.BODY: lambda v: {"@type": "Organization", "name": legal(v["name"])},
    FieldType.PARTY: _party,
    FieldType.URL: lambda v: {"@id": v},
    FieldType.YESNO: bool,
    FieldType.PROVISION: lambda v: {"@type": "Legislation", "legislationIdentifier": v},
}


# --- lists --------------------------------------------------------------------------------


def stream(
    entries: Iterable[Exported],
    vocabularies: Vocabularies,
    *,
    base: str,
    name: str,
    label: Label = Label.CLEAR,
    language: str = "en",
) -> Iterator[bytes]:
    """Many entries as one document, in pieces: a `DataFeed`, then its entries."""
    yield head(name, label)
    for entry in entries:
        yield b",\n" + dumped(node(entry, vocabularies, base=base, language=language))
    yield TAIL


def head(name: str, label: Label = Label.CLEAR) -> bytes:
    """How such a document begins; entries follow, each behind a comma."""
    about: Json = {"@type": "DataFeed", "name": name}
    if label is not Label.CLEAR:
        about["conditionsOfAccess"] = str(label)
    return b'{"@context":' + dumped(CONTEXT) + b',"@graph":[\n' + dumped(about)


TAIL = b"\n]}\n"


def dumped(value: Any) -> bytes:
    """JSON on one line, the same bytes for the same data."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "replace")
