"""The elements of an IATI 2.03 activity, each from the values of one field.

Element names, order and code lists: https://iatistandard.org/en/iati-standard/203/. What IATI
wants more exactly than the source says it is not made up: the element is left out and noted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from comity.kit import countries
from comity.kit.dates import PartialDate, Period, Precision
from comity.registry.formats.exported import legal
from comity.registry.rules.values import Vocabularies

Element = etree._Element
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
OWN_LISTS = "99"  # Vocabulary: of the reporting organisation
_MEDIA = {
    ".pdf": "application/pdf",
    ".doc": "application/msword",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xls": "application/vnd.ms-excel",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".csv": "text/csv",
    ".json": "application/json",
    ".xml": "application/xml",
    ".txt": "text/plain",
    ".zip": "application/zip",
}


def element(tag: str, *inside: Element, **attributes: str) -> Element:
    """An element; `iso_date` stands for the attribute iso-date."""
    made = etree.Element(tag)
    for name, value in attributes.items():
        made.set(name.replace("_", "-"), legal(value))
    made.extend(inside)
    return made


def narrative(text: str, language: str = "") -> Element:
    made = element("narrative")
    made.text = legal(text)
    if language and language != "en":  # the file's own language is English
        made.set(XML_LANG, language)
    return made


def narratives(words: Mapping[str, str]) -> list[Element]:
    return [narrative(text, code) for code, text in sorted(words.items())]


def full_date(text: str) -> str:
    """The day that a text names, or nothing: a year is not its first of January."""
    if not text or text == "..":
        return ""
    date = PartialDate.parse(text)
    return str(date) if date.precision is Precision.DAY else ""


def span(text: str) -> tuple[str, str] | None:
    """The first and the last day of what is counted by a period: all of 2014 is exact, as the
    period itself is meant. None where a side is open."""
    period = Period.parse(text) if "/" in text else None
    start = period.start if period else PartialDate.parse(text)
    end = period.end if period else start
    return (start.first.isoformat(), end.last.isoformat()) if start and end else None


# --- elements -----------------------------------------------------------------------------


def participating(name: str, role: str) -> Element:
    return element("participating-org", narrative(name), role=role)


def recipient_country(code: str) -> Element:
    return element("recipient-country", narrative(countries.by_code(code).name("en")), code=code)


def coded(tag: str, vocabulary: str, code: str, vocabularies: Vocabularies) -> Element:
    """A code of a list of ours: IATI's vocabulary 99, with its names beside it."""
    term = vocabularies[vocabulary].terms.get(code) if vocabulary in vocabularies else None
    labels = {lang: text for lang, text in term.labels.items() if text} if term else {"en": code}
    return element(tag, *narratives(labels), vocabulary=OWN_LISTS, code=code)


def plain_tag(code: str) -> Element:
    return element("tag", narrative(code), vocabulary=OWN_LISTS, code=code)


def money(value: Mapping[str, str]) -> Element:
    """A `value` with currency and the day of its rate; the day must be exact."""
    made = element("value", currency=value["currency"], value_date=full_date(value["date"]))
    made.text = format(Decimal(value["amount"]), "f")
    return made


def transaction(value: Mapping[str, str], code: str) -> Element:
    return element(
        "transaction",
        element("transaction-type", code=code),
        element("transaction-date", iso_date=full_date(value["date"])),
        money(value),
    )


def budget(value: Mapping[str, str], start: str, end: str, status: str) -> Element:
    return element(
        "budget",
        element("period-start", iso_date=start),
        element("period-end", iso_date=end),
        money(value),
        type="1",
        status=status,
    )


def document(url: str, title: str, category: str) -> Element:
    suffix = PurePosixPath(urlsplit(url).path).suffix.lower()
    return element(
        "document-link",
        element("title", narrative(title)),
        element("category", code=category),
        url=url,
        format=_MEDIA.get(suffix, "text/html"),
    )


def contact(url: str) -> Element:
    website = element("website")
    website.text = legal(url)
    return element("contact-info", website)


def location(words: Mapping[str, str]) -> Element:
    return element("location", element("name", *narratives(words)))


def counted(label: str, value: Mapping[str, Any]) -> Element:
    """What was reached in one period: a result with one indicator."""
    unit = value["unit"] or label
    indicator = element("indicator", element("title", narrative(unit)), measure="1")
    bounds = span(value["period"]) if value["period"] else None
    actual = element("actual", value=str(value["n"]))
    if bounds:
        start = element("period-start", iso_date=bounds[0])
        indicator.append(
            element("period", start, element("period-end", iso_date=bounds[1]), actual)
        )
    else:
        said = f"{value['n']} {unit}, period {value['period'] or 'not stated'}"
        indicator.append(element("description", narrative(said)))
    return element(
        "result",
        element("title", narrative(unit)),
        indicator,
        type="1",
        aggregation_status="1" if bounds else "0",
    )


def total(label: str, value: Mapping[str, Any]) -> Element:
    """A cumulative total, said in words: it has no period, and may not be added to others."""
    unit = value["unit"] or label
    when = f" as of {value['as_of']}" if value["as_of"] else ", day not stated"
    said = narrative(f"Cumulative total: {value['n']} {unit}{when}")
    indicator = element("indicator", element("title", narrative(unit)), measure="1")
    indicator.append(element("description", said))
    return element(
        "result", element("title", narrative(unit)), indicator, type="1", aggregation_status="0"
    )


def in_order(elements: Iterable[Element]) -> list[Element]:
    """The elements in the order of the schema; those of one name keep theirs."""
    return sorted(elements, key=lambda made: ORDER[str(made.tag)])


ORDER = {
    tag: place
    for place, tag in enumerate(
        (
            "iati-identifier", "reporting-org", "title", "description", "participating-org",
            "other-identifier", "activity-status", "activity-date", "contact-info",
            "activity-scope", "recipient-country", "recipient-region", "location", "sector", "tag",
            "budget", "transaction", "document-link", "related-activity", "result",
        )
    )
}  # fmt: skip
