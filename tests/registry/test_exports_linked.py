"""JSON-LD and DCAT, read back by rdflib without a network: the context is in the document."""

from __future__ import annotations

import json

import pytest
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, XSD

from comity.kit.tlp import Label
from comity.registry.formats import dcat, jsonld
from comity.registry.types import FieldType, RegistryError
from tests.registry.exports import (
    BASE,
    DAY,
    FULL,
    HOSTILE,
    KIND,
    VOCABULARIES,
    entry,
    said,
    without,
)

# The oracle's own parser uses what the oracle has deprecated.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
RESOURCE = URIRef("http://www.w3.org/ns/dcat#resource")  # of DCAT 3: the oracle knows version 2
SCHEMA = Namespace("https://schema.org/")


def graph(data: bytes) -> Graph:
    found = Graph()
    found.parse(data=data.decode(), format="json-ld")
    return found


def described(one=None) -> tuple[Graph, URIRef]:
    one = one or entry()
    document = jsonld.document(one, VOCABULARIES, base=BASE)
    return graph(jsonld.dumped(document)), URIRef(f"urn:uuid:{one.id}")


def test_an_entry_is_of_its_kind_and_has_its_names_in_their_languages() -> None:
    found, it = described()
    assert (it, RDF.type, SCHEMA.Project) in found
    names = set(found.objects(it, SCHEMA.name))
    assert names == {Literal("Drill of the region", "en"), Literal("تمرين إقليمي", "ar")}


def test_a_year_is_a_year_and_a_day_a_day() -> None:
    found, it = described()
    assert set(found.objects(it, SCHEMA.datePublished)) == {Literal("2014", datatype=XSD.gYear)}
    day, _it = described(entry([*without("issued"), ("issued", "2014-05-30", "")]))
    assert Literal("2014-05-30", datatype=XSD.date) in set(day.objects(_it, SCHEMA.datePublished))


def test_the_evidence_is_cited_once_and_names_who_says_so() -> None:
    found, it = described()
    cited = list(found.objects(it, SCHEMA.citation))
    assert len(cited) == 1
    assert (cited[0], SCHEMA.url, URIRef("https://example.org/evidence")) in found


def test_no_field_is_lost() -> None:
    """Each value is a property of schema.org's or a `PropertyValue` with the field's key."""
    document = jsonld.document(entry(), VOCABULARIES, base=BASE)
    own = {each["propertyID"] for each in document["additionalProperty"]}
    for key, _value, _lang in FULL:
        rdf = KIND.by_key[key].rdf.schema
        assert (rdf in document) if rdf else (key in own), key


def test_a_total_is_not_taken_for_a_count() -> None:
    document = jsonld.document(entry(), VOCABULARIES, base=BASE)
    said_of = {p["propertyID"]: p["value"] for p in document["additionalProperty"]}
    assert said_of["total"]["description"] != said_of["figure"]["description"]
    assert said_of["figure"]["observationPeriod"] == "2014"
    assert said_of["total"]["observationDate"]["@value"] == "2014-05"


def test_both_of_two_who_differ_are_there() -> None:
    found, it = described(entry(more=[said("issued", "2015", by="Another")]))
    assert len(set(found.objects(it, SCHEMA.datePublished))) == 2


def test_what_is_not_for_everybody_says_so() -> None:
    marked = entry(label=Label.GREEN)
    document = jsonld.document(marked, VOCABULARIES, base=BASE)
    assert document["conditionsOfAccess"] == "TLP:GREEN"
    data = b"".join(jsonld.stream([marked], VOCABULARIES, base=BASE, name="x", label=Label.GREEN))
    assert json.loads(data)["@graph"][0]["conditionsOfAccess"] == "TLP:GREEN"


def test_codes_of_cost_become_what_schema_org_asks() -> None:
    from dataclasses import replace

    import msgspec

    from comity.registry.types import Field, Rdf

    cost = Field(
        "cost",
        FieldType.CHOICE,
        {"en": "Cost"},
        vocabulary="cost",
        rdf=Rdf(schema="isAccessibleForFree"),
    )
    kind = msgspec.structs.replace(KIND, fields=(*KIND.fields, cost))
    free = replace(entry([("title", "T", "en"), ("cost", "free", "")]), kind=kind)
    unknown = replace(entry([("title", "T", "en"), ("cost", "unknown", "")]), kind=kind)
    assert jsonld.node(free, VOCABULARIES, base=BASE)["isAccessibleForFree"] == [True]
    assert jsonld.node(unknown, VOCABULARIES, base=BASE)["isAccessibleForFree"] == []


@pytest.mark.parametrize("text", [*HOSTILE, "\x00\x0b\x1f", "\ud800", "\ufffe"])
def test_hostile_words_stay_words(text: str) -> None:
    one = entry([("title", text, "en")], more=[said("url", "https://example.org", title=text)])
    data = b"".join(jsonld.stream([one], VOCABULARIES, base=BASE, name="x"))
    assert len(json.loads(data)["@graph"]) == 2
    assert len(graph(data)) > 5


@pytest.mark.parametrize("text", ["</script><script>alert(1)</script>", "<!--<script>", "a & b"])
def test_a_data_block_cannot_be_ended_from_inside(text: str) -> None:
    document = jsonld.document(entry([("title", text, "en")]), VOCABULARIES, base=BASE)
    block = jsonld.in_page(document)
    assert not set(block) & set("<>&")
    assert json.loads(block) == json.loads(jsonld.dumped(document))


def test_an_empty_list_is_a_document() -> None:
    data = b"".join(jsonld.stream([], VOCABULARIES, base=BASE, name="x"))
    assert json.loads(data)["@graph"] == [{"@type": "DataFeed", "name": "x"}]


# --- DCAT ---------------------------------------------------------------------------------

GATEWAY = dcat.Gateway(BASE, "A gateway", "The operator", "mailto:gateway@example.org")


def catalogue(*entries) -> Graph:
    datasets = [dcat.Dataset(KIND, len(entries), DAY, (*dcat.SHAPES, dcat.IATI))]
    return graph(b"".join(dcat.stream(GATEWAY, datasets, entries, VOCABULARIES)))


def test_a_catalogue_has_a_dataset_a_kind_with_its_distributions() -> None:
    found = catalogue(entry())
    (catalog,) = found.subjects(RDF.type, DCAT.Catalog)
    (dataset,) = found.objects(catalog, DCAT.dataset)
    assert (dataset, RDF.type, DCAT.Dataset) in found
    urls = {
        str(u)
        for d in found.objects(dataset, DCAT.distribution)
        for u in found.objects(d, DCAT.downloadURL)
    }
    assert urls == {f"{BASE}en/registry/project.{s}" for s in ("csv", "xlsx", "jsonld", "iati.xml")}
    assert len(set(found.objects(dataset, DCTERMS.title))) == 6


def test_every_entry_has_its_record_and_is_reached_from_the_catalogue() -> None:
    found = catalogue(entry(), entry(key="p-2"))
    (catalog,) = found.subjects(RDF.type, DCAT.Catalog)
    records = set(found.objects(catalog, DCAT.record))
    assert records == set(found.subjects(RDF.type, DCAT.CatalogRecord))
    topics = {topic for record in records for topic in found.objects(record, FOAF.primaryTopic)}
    assert (
        topics
        == set(found.objects(catalog, RESOURCE))
        == set(found.subjects(RDF.type, DCAT.Resource))
    )
    for record in records:
        assert list(found.objects(record, DCTERMS.modified)) == [
            Literal("2026-11-22T09:30:00Z", datatype=XSD.dateTime)
        ]


def test_a_period_has_the_exactness_of_its_source() -> None:
    found = catalogue(entry([("title", "T", "en"), ("period", "2014/..", "")]))
    (period,) = found.subjects(RDF.type, DCTERMS.PeriodOfTime)
    assert list(found.objects(period, DCAT.startDate)) == [Literal("2014", datatype=XSD.gYear)]
    assert not list(found.objects(period, DCAT.endDate))


def test_the_evidence_is_the_source() -> None:
    found = catalogue(entry())
    (it,) = found.subjects(RDF.type, DCAT.Resource)
    assert list(found.objects(it, DCTERMS.source)) == [URIRef("https://example.org/evidence")]


@pytest.mark.parametrize("one", [
    entry(label=Label.GREEN), entry(more=[said("note", "x", "en", label=Label.AMBER)]),
])  # fmt: skip
def test_nothing_marked_is_ever_in_a_catalogue(one) -> None:
    with pytest.raises(RegistryError):
        catalogue(one)
