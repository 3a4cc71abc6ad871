"""The public gateway as a DCAT 3 catalogue: one dataset a kind, one record an entry.

DCAT 3: W3C Recommendation, 22 August 2024, https://www.w3.org/TR/vocab-dcat-3/. The document is
JSON-LD with its context inside. Only what is for everybody is ever in a catalogue.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from comity.kit import countries
from comity.kit.tlp import Label
from comity.registry.formats.exported import Exported, legal
from comity.registry.formats.jsonld import TAIL, XSD, Json, address, dumped
from comity.registry.rules.values import Vocabularies, to_text
from comity.registry.types import Field, FieldType, Kind, RegistryError, Statement

CONTEXT: dict[str, Any] = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": XSD,
}
_MEDIA = "https://www.iana.org/assignments/media-types/"
_COUNTRY = "http://publications.europa.eu/resource/authority/country/"  # by ISO 3166-1 alpha-3


@dataclass(frozen=True, slots=True)
class Shape:
    """One form in which a dataset can be fetched."""

    suffix: str  # of the address behind the kind's: "csv"
    media_type: str
    name: str


CSV = Shape("csv", "text/csv", "CSV")
XLSX = Shape("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "XLSX")
JSON_LD = Shape("jsonld", "application/ld+json", "JSON-LD")
IATI = Shape("iati.xml", "application/xml", "IATI 2.03")
SHAPES = (CSV, XLSX, JSON_LD)


@dataclass(frozen=True, slots=True)
class Gateway:
    """Who publishes the catalogue, and where. `base` ends with /; relative in a static bundle."""

    base: str
    title: str
    operator: str = ""
    contact: str = ""
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Dataset:
    """What the catalogue says of one kind."""

    kind: Kind
    entries: int
    changed: dt.datetime | None
    shapes: Sequence[Shape] = SHAPES
    place: str = ""  # its address behind the base, where it is not the page of the kind


def stream(
    gateway: Gateway,
    datasets: Sequence[Dataset],
    entries: Iterable[Exported],
    vocabularies: Vocabularies,
) -> Iterator[bytes]:
    """The whole catalogue in pieces: itself, its datasets, then each entry with its record.

    Raises `RegistryError` before anything of an entry that is not for everybody is written.
    """
    yield head(gateway, datasets)
    for entry in entries:
        if entry.kind.rdf.dct:
            yield record(gateway, entry, vocabularies)
    yield TAIL


def head(gateway: Gateway, datasets: Sequence[Dataset]) -> bytes:
    """How a catalogue begins: itself and its datasets; entries follow, each behind a comma."""
    parts = (_catalog(gateway, datasets), *(_dataset(gateway, d) for d in datasets))
    return b'{"@context":' + dumped(CONTEXT) + b',"@graph":[\n' + b",\n".join(map(dumped, parts))


def record(gateway: Gateway, entry: Exported, vocabularies: Vocabularies) -> bytes:
    """One entry of the graph with its record, each behind a comma."""
    if entry.strictest is not Label.CLEAR:
        raise RegistryError(
            f"{entry.name} is {entry.strictest} and belongs in no public catalogue",
            entry.name,
            "Walk the entries as somebody who did not sign in.",
        )
    both = (_resource(gateway, entry, vocabularies), _record(gateway, entry))
    return b"".join(b",\n" + dumped(each) for each in both)


def _catalog(gateway: Gateway, datasets: Sequence[Dataset]) -> Json:
    changed = [d.changed for d in datasets if d.changed]
    found: Json = {
        "@id": _catalog_id(gateway),
        "@type": "dcat:Catalog",
        "dct:title": {"@value": gateway.title, "@language": gateway.language},
        "dct:description": {
            "@value": "What is known of national, regional and international work on "
            "cybersecurity, each value with its source.",
            "@language": "en",
        },
        "dct:language": gateway.language,
        "foaf:homepage": {"@id": gateway.base},
        "dcat:dataset": [{"@id": _dataset_id(gateway, d.kind)} for d in datasets],
    }
    if gateway.operator:
        found["dct:publisher"] = {"@type": "foaf:Agent", "foaf:name": gateway.operator}
    if gateway.contact:
        found["dcat:contactPoint"] = {"@id": gateway.contact}
    if changed:
        found["dct:modified"] = _moment(max(changed))
    return found


def _catalog_id(gateway: Gateway) -> str:
    return f"{gateway.base}#catalogue"


def _dataset_id(gateway: Gateway, kind: Kind) -> str:
    return f"{gateway.base}#{kind.key}"


def _moment(when: dt.datetime) -> Json:
    text = when.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"@value": text, "@type": XSD + "dateTime"}


def _six(words: Mapping[str, str]) -> list[Json]:
    return [{"@value": text, "@language": code} for code, text in sorted(words.items()) if text]


def _dataset(gateway: Gateway, dataset: Dataset) -> Json:
    kind = dataset.kind
    page = dataset.place or address(gateway.base, kind.key, gateway.language)
    found: Json = {
        "@id": _dataset_id(gateway, kind),
        "@type": "dcat:Dataset",
        "dct:identifier": kind.key,
        "dct:title": _six(kind.plural),
        "dct:description": _six(kind.about),
        "dct:extent": {
            "@type": "dct:SizeOrDuration",
            "skos:prefLabel": {"@value": f"{dataset.entries} entries", "@language": "en"},
        },
        "dcat:landingPage": {"@id": page},
        "dcat:distribution": [
            {
                "@type": "dcat:Distribution",
                "dct:title": {"@value": f"{kind.plural['en']}: {shape.name}", "@language": "en"},
                "dcat:accessURL": {"@id": page},
                "dcat:downloadURL": {"@id": f"{page}.{shape.suffix}"},
                "dcat:mediaType": {"@id": _MEDIA + shape.media_type},
            }
            for shape in dataset.shapes
        ],
    }
    if dataset.changed:
        found["dct:modified"] = _moment(dataset.changed)
    return found


def _record(gateway: Gateway, entry: Exported) -> Json:
    return {
        "@id": f"urn:uuid:{entry.id}#record",
        "@type": "dcat:CatalogRecord",
        "dct:issued": _moment(entry.created),
        "dct:modified": _moment(entry.changed),
        "foaf:primaryTopic": {"@id": f"urn:uuid:{entry.id}"},
        "@reverse": {"dcat:record": {"@id": _catalog_id(gateway)}},
    }


def _resource(gateway: Gateway, entry: Exported, vocabularies: Vocabularies) -> Json:
    types = dict.fromkeys(("dcat:Resource", entry.kind.rdf.dct))
    found: Json = {
        "@id": f"urn:uuid:{entry.id}",
        "@type": [name for name in types if ":" in name],
        "dct:identifier": [entry.name],
        "foaf:isPrimaryTopicOf": {"@id": f"urn:uuid:{entry.id}#record"},
        "foaf:page": {"@id": address(gateway.base, entry.name, gateway.language)},
        "@reverse": {"dcat:resource": {"@id": _catalog_id(gateway)}},
    }
    for key, said in entry.by_field().items():
        field = entry.kind.by_key[key]
        if not field.rdf.dct:
            continue
        held = found.setdefault(field.rdf.dct, [])
        for statement in said:
            value = _value(field, statement, vocabularies)
            if value not in held:
                held.append(value)
    sources = {s.said.evidence_url for s in entry.statements if s.said.evidence_url}
    if sources:
        found["dct:source"] = [{"@id": url} for url in sorted(sources)]
    return found


def _value(field: Field, said: Statement, vocabularies: Vocabularies) -> Any:
    value = said.value
    if field.translatable:
        return {"@value": legal(value), "@language": said.language or "en"}
    if field.type is FieldType.URL:
        if field.rdf.dct == "dcat:distribution":
            return {"@type": "dcat:Distribution", "dcat:accessURL": {"@id": value}}
        return {"@id": value}
    if field.type in (FieldType.BODY, FieldType.PARTY):
        return {"@type": "foaf:Agent", "foaf:name": legal(value["name"])}
    if field.type is FieldType.COUNTRY:
        country = countries.by_code(value)
        label = {"@value": country.name("en"), "@language": "en"}
        return {"@id": _COUNTRY + country.iso3, "@type": "dct:Location", "skos:prefLabel": label}
    if field.type is FieldType.CHOICE:
        vocabulary = vocabularies.get(field.vocabulary)
        term = vocabulary.terms.get(value) if vocabulary else None
        notation = {"@type": "skos:Concept", "skos:notation": value}
        return notation | ({"skos:prefLabel": _six(term.labels)} if term else {})
    if field.type is FieldType.PERIOD:
        return _period(value)
    return legal(to_text(field, value))


def _period(text: str) -> Json:
    """The bounds as exact as they are: a year has the type of a year. An open side is absent."""
    start, slash, end = text.partition("/")
    bounds = {"dcat:startDate": start, "dcat:endDate": end if slash else start}
    found: Json = {"@type": "dct:PeriodOfTime"}
    for name, bound in bounds.items():
        if bound != "..":
            kind = ("gYear", "gYearMonth", "date")[bound.count("-")]
            found[name] = {"@value": bound, "@type": XSD + kind}
    return found
