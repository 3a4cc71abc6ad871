"""Write a text as an Akoma Ntoso `statement`: the same text always gives the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import cast

from lxml import etree

from comity.mandate.formats.akn.body import (
    citation_href,
    rows_of,
    sections_of,
    write_container,
    write_recitals,
)
from comity.mandate.formats.akn.names import AKN, DRAFT, OWN, RESOLUTION, akn, day_of
from comity.mandate.formats.akn.remarks import write_analysis, write_proprietary
from comity.mandate.rules.identifiers import LANGUAGES, Key, expression_uri, work_uri
from comity.mandate.types import Change, Citation, MandateError, Proposal, Text

# lxml takes None for the default namespace; its stubs do not know.
_NAMESPACES = cast("dict[str, str]", {None: AKN, "c": OWN})


def write_akn(
    text: Text,
    *,
    key: str,
    version: str,
    work: str = "",
    citations: Sequence[Citation] = (),
    proposals: Sequence[Proposal] = (),
    changes: Sequence[Change] = (),
    earlier: Sequence[str] = (),
    earlier_version: str = "",
) -> bytes:
    """The version `version` of the instrument `key` as Akoma Ntoso 3.0 in UTF-8.

    `work` dates the work (a year or a day), by default the year of the version. A text with
    passages is written with its marks, and `proposals` point into them. `changes` become the
    document's analysis; `earlier` holds the eIds of the old version, as their indices mean
    them, and `earlier_version` its date.

    Raises MandateError where key or version are none, or a text holds characters XML cannot.
    """
    work = work or version[:4]
    uri = expression_uri(key, work, version=version, language=text.language)
    rows = rows_of(text, citations)
    try:
        root = etree.Element(akn("akomaNtoso"), nsmap=_NAMESPACES)
        name = DRAFT if text.status == "draft" else RESOLUTION
        statement = etree.SubElement(root, akn("statement"), name=name)
        meta = etree.SubElement(statement, akn("meta"))
        _identification(meta, text, Key.parse(key), version, work)
        if changes:
            was = expression_uri(
                key, work, version=earlier_version or version, language=text.language
            )
            eids = [row.provision.eid for row in rows]
            write_analysis(meta, changes, old=(was, earlier), new=(uri, eids))
        _references(meta, citations)
        write_proprietary(meta, text, rows, proposals)
        _preface(statement, text)
        sections = sections_of(rows)
        operative = next((i for i, s in enumerate(sections) if s.operative), len(sections))
        if text.formula or operative:
            preamble = etree.SubElement(statement, akn("preamble"))
            if text.formula:
                formula = etree.SubElement(preamble, akn("formula"), name="enacting")
                etree.SubElement(formula, akn("p")).text = text.formula
            for section in sections[:operative]:
                write_recitals(preamble, section)
        body = etree.SubElement(statement, akn("mainBody"))
        for section in sections[operative:]:
            write_container(body, section)
        if len(body) == 0:  # the schema wants something in it
            etree.SubElement(body, akn("p"))
    except ValueError as error:  # lxml: control characters and lone surrogates
        raise MandateError(
            f"The text holds a character that XML cannot: {error}.",
            remedy="Take control characters out of the source.",
        ) from None
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True) + b"\n"


def _identification(meta: etree._Element, text: Text, key: Key, version: str, work: str) -> None:
    block = etree.SubElement(meta, akn("identification"), source="#comity")
    day, named = day_of(version, text.date)
    work_day, work_named = day_of(work, text.date if text.status == "adopted" else None)
    uri = work_uri(str(key), work)
    expression = expression_uri(str(key), work, version=version, language=text.language)

    frbr = etree.SubElement(block, akn("FRBRWork"))
    _frbr(frbr, uri, f"{uri}/!main", work_day, work_named, alias=str(key))
    etree.SubElement(frbr, akn("FRBRcountry"), value="un")
    draft = text.status == "draft"
    etree.SubElement(frbr, akn("FRBRsubtype"), value=DRAFT if draft else "deliberation")
    etree.SubElement(frbr, akn("FRBRnumber"), value=key.number)
    etree.SubElement(frbr, akn("FRBRname"), value=DRAFT if draft else RESOLUTION)

    frbr = etree.SubElement(block, akn("FRBRExpression"))
    _frbr(frbr, expression, f"{expression}/!main", day, named)
    language = LANGUAGES.get(text.language, text.language)
    etree.SubElement(frbr, akn("FRBRlanguage"), language=language)

    frbr = etree.SubElement(block, akn("FRBRManifestation"))
    _frbr(frbr, f"{expression}.akn", f"{expression}/!main.akn", day, named, author="#comity")


def _frbr(
    frbr: etree._Element,
    uri: str,
    this: str,
    day: str,
    named: str,
    *,
    alias: str = "",
    author: str = "#itu",
) -> None:
    etree.SubElement(frbr, akn("FRBRthis"), value=this)
    etree.SubElement(frbr, akn("FRBRuri"), value=uri)
    if alias:
        etree.SubElement(frbr, akn("FRBRalias"), name="series", value=alias)
    etree.SubElement(frbr, akn("FRBRdate"), date=day, name=named)
    etree.SubElement(frbr, akn("FRBRauthor"), href=author)


def _references(meta: etree._Element, citations: Iterable[Citation]) -> None:
    block = etree.SubElement(meta, akn("references"), source="#comity")
    etree.SubElement(
        block,
        akn("TLCOrganization"),
        eId="itu",
        href="/ontology/organization/un/itu",
        showAs="International Telecommunication Union",
    )
    etree.SubElement(
        block, akn("TLCProcess"), eId="comity", href="/ontology/process/comity", showAs="Comity"
    )
    cited = {citation_href(c): c for c in reversed(tuple(citations)) if citation_href(c)}
    for number, (href, citation) in enumerate(sorted(cited.items()), 1):
        reference = etree.SubElement(block, akn("TLCReference"), name="citation", href=href)
        reference.set("eId", f"ref_{number}")
        reference.set("showAs", citation.as_printed or citation.key)


def _preface(statement: etree._Element, text: Text) -> None:
    lines = [("docTitle", text.title), ("docPurpose", text.subtitle)]
    if any(words for _, words in lines):
        preface = etree.SubElement(statement, akn("preface"))
        for name, words in lines:
            if words:
                block = etree.SubElement(preface, akn("p"))
                etree.SubElement(block, akn(name)).text = words
