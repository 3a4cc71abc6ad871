"""Entries made by hand for the tests of exports: no database, every type of field."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid5

from comity.kit.sayings import Saying, Voice
from comity.kit.tlp import Label
from comity.registry.formats.exported import Exported
from comity.registry.types import Field, FieldType, Kind, Origin, Rdf, Statement, Term, Vocabulary

SPACE = UUID("c0311700-0000-8000-8000-00000000e0e0")
DAY = dt.datetime(2026, 11, 22, 9, 30, tzinfo=dt.UTC)
BASE = "https://gateway.example/"
SIX = dict.fromkeys(("ar", "en", "es", "fr", "ru", "zh"), "Word")
HOSTILE = (
    "=cmd|'/c calc'!A1",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "<script>alert(1)</script>\"&'",
    "]]><!--",
    "a; b; c",
    'say "x", then\nnext',
    "\u202eevil",
    "العربية ; 中文",
    "NA",
    "0001",
)


def field(key: str, type_: FieldType, **more: Any) -> Field:
    return Field(key, type_, {**SIX, "en": key.title()}, **more)


VOCABULARIES = {
    "areas": Vocabulary(
        "areas", {"training": Term("training", "", {"en": "training", "fr": "formation"})}
    ),
    "regions": Vocabulary("regions", {"AFR": Term("AFR", "", {"en": "Africa"})}),
    "iati_activity_status": Vocabulary(
        "iati_activity_status", {"2": Term("2", "", {"en": "Implementation"})}
    ),
    "iati_activity_date_type": Vocabulary(
        "iati_activity_date_type", {"1": Term("1", "", {"en": "Planned start"})}
    ),
}
T = FieldType
KIND = Kind(
    "project",
    {**SIX, "en": "Project"},
    {**SIX, "en": "Projects"},
    {**SIX, "en": "What is done."},
    (
        field("title", T.TEXT, required=True, card=True, rdf=Rdf("dct:title", "name", "title")),
        field("summary", T.WORDS, rdf=Rdf("dct:description", "description", "description")),
        field("url", T.URL, rdf=Rdf("dcat:landingPage", "url", "document-link")),
        field("document", T.URL, many=True, rdf=Rdf("dcat:distribution", "", "document-link")),
        field("identifier", T.TEXT, many=True, rdf=Rdf("dct:identifier", "identifier", "other-identifier")),
        field("status", T.CHOICE, vocabulary="iati_activity_status", rdf=Rdf(iati="activity-status")),
        field("period", T.PERIOD, rdf=Rdf("dct:temporal", "temporalCoverage", "activity-date")),
        field("event", T.EVENT, many=True, vocabulary="iati_activity_date_type", rdf=Rdf(iati="activity-date")),
        field("body", T.BODY, many=True, rdf=Rdf("dct:publisher", "publisher", "participating-org")),
        field("funder", T.BODY, many=True, rdf=Rdf("dct:contributor", "funder", "participating-org")),
        field("party", T.PARTY, many=True),
        field("country", T.COUNTRY, many=True, facet="country", rdf=Rdf("dct:spatial", "spatialCoverage", "recipient-country")),
        field("region", T.CHOICE, many=True, vocabulary="regions", facet="region", rdf=Rdf("dct:spatial", "spatialCoverage", "recipient-region")),
        field("area", T.CHOICE, many=True, vocabulary="areas", facet="area", rdf=Rdf("dcat:theme", "about", "sector")),
        field("provision", T.PROVISION, many=True, facet="provision", rdf=Rdf("dct:references", "isBasedOn", "tag")),
        field("figure", T.COUNT, many=True, rdf=Rdf(iati="result")),
        field("total", T.TOTAL, many=True, rdf=Rdf(iati="result")),
        field("share", T.SHARE),
        field("budget", T.MONEY, many=True, rdf=Rdf(schema="funding", iati="budget")),
        field("disbursed", T.MONEY, many=True, rdf=Rdf(schema="funding", iati="transaction")),
        field("open", T.YESNO),
        field("issued", T.DATE, rdf=Rdf("dct:issued", "datePublished")),
        field("languages", T.LANGUAGE, many=True, facet="language", rdf=Rdf("dct:language", "inLanguage")),
        field("part_of", T.ENTRY, many=True, rdf=Rdf("dct:isPartOf", "isPartOf", "related-activity")),
        field("contact_url", T.URL, rdf=Rdf("dcat:contactPoint", "contactPoint", "contact-info")),
    ),
    rdf=Rdf("dcat:Resource", "Project", "iati-activity"),
)  # fmt: skip
FULL: tuple[tuple[str, Any, str], ...] = (
    ("title", "Drill of the region", "en"),
    ("title", "تمرين إقليمي", "ar"),
    ("summary", "Two days.\nFour teams.", "en"),
    ("url", "https://example.org/p?a=1&b=2", ""),
    ("document", "https://example.org/report.pdf", ""),
    ("identifier", "UNTS I-12345", "en"),
    ("status", "2", ""),
    ("period", "2014-05-01/2014-12-31", ""),
    ("event", {"event": "1", "date": "2014-04-30", "until": "", "note": ""}, ""),
    ("body", {"name": "Body of the State", "body": ""}, ""),
    ("funder", {"name": "Fund", "body": ""}, ""),
    ("party", {"name": "Kenya", "country": "KE", "level": "state", "role": "host"}, ""),
    ("country", "KE", ""),
    ("country", "UG", ""),
    ("region", "AFR", ""),
    ("area", "training", ""),
    ("provision", "itu-pp/res-130/2014/resolves/3", ""),
    ("figure", {"n": 24, "period": "2014", "unit": "drills"}, ""),
    ("total", {"n": 76, "as_of": "2014-05", "unit": "countries"}, ""),
    ("share", {"n": "61.5", "as_of": "2014"}, ""),
    ("budget", {"amount": "1000.00", "currency": "USD", "date": "2014-05-01"}, ""),
    ("disbursed", {"amount": "400", "currency": "CHF", "date": "2014-06-30"}, ""),
    ("open", True, ""),
    ("issued", "2014", ""),
    ("languages", "fr", ""),
    ("part_of", "project/p-0", ""),
    ("contact_url", "https://example.org/contact", ""),
)


def said(
    field_key: str,
    value: Any,
    language: str = "",
    *,
    by: str = "A source",
    voice: Voice = Voice.SOURCE,
    label: Label = Label.CLEAR,
    title: str = "Report",
    url: str = "https://example.org/evidence",
) -> Statement:
    saying = Saying(voice, None, by, "", title, url, "2014-05-30", "CC0-1.0", language)
    return Statement(field_key, value, language, Origin.ORIGINAL, saying, label)


def entry(
    values: Iterable[tuple[str, Any, str]] = FULL,
    *,
    key: str = "p-1",
    label: Label = Label.CLEAR,
    more: Iterable[Statement] = (),
    kind: Kind = KIND,
) -> Exported:
    statements = tuple(said(f, v, lang, label=label) for f, v, lang in values)
    return Exported(kind, key, uuid5(SPACE, key), label, (*statements, *more), DAY, DAY)


def without(*keys: str) -> list[tuple[str, Any, str]]:
    return [row for row in FULL if row[0] not in keys]
