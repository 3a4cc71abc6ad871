"""Entries that changed lately as an Atom feed (RFC 4287): what a reader of feeds can follow.

An entry's id is its UUID, which outlives every move of the gateway. Categories are the codes that
the card of its kind shows; the author is whoever says so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from lxml import etree

from comity.kit import countries
from comity.kit.tlp import Label
from comity.registry.formats.exported import Exported, in_language, label_of, legal
from comity.registry.formats.jsonld import address
from comity.registry.rules.values import Vocabularies
from comity.registry.types import FieldType

MEDIA_TYPE = "application/atom+xml"
ATOM = "http://www.w3.org/2005/Atom"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
SUMMARY = 1_000  # characters: feeds are read in lists
_BEGINNING = dt.datetime(2014, 11, 7, tzinfo=dt.UTC)  # of the Resolution: an empty feed is as old
_NAMES: Any = {None: ATOM}  # the stubs of lxml know no default namespace
Element = etree._Element


@dataclass(frozen=True, slots=True)
class Feed:
    """The feed itself. `lasting` names it for ever, whatever host it is fetched from."""

    lasting: str  # "registry/tool?country=KE"
    title: str
    self_url: str
    page_url: str
    base: str  # of the gateway, ends with /
    operator: str
    language: str = "en"
    tongue: str = "en"  # the same as BCP 47: "zh-Hans"


def write(feed: Feed, entries: Sequence[Exported], vocabularies: Vocabularies) -> bytes:
    """The document, the same bytes for the same entries."""
    root = etree.Element(f"{{{ATOM}}}feed", nsmap=_NAMES)
    root.set(XML_LANG, feed.tongue)
    _add(root, "id", f"urn:uuid:{uuid5(NAMESPACE_URL, feed.lasting)}")
    _add(root, "title", feed.title)
    _add(root, "updated", _moment(max((e.changed for e in entries), default=_BEGINNING)))
    _add(root, "link", rel="self", type=MEDIA_TYPE, href=feed.self_url)
    _add(root, "link", rel="alternate", type="text/html", href=feed.page_url)
    author = _add(root, "author")
    _add(author, "name", feed.operator or feed.title)
    label = label_of(entries)
    if label is not Label.CLEAR:
        _add(root, "rights", str(label))
    _add(root, "generator", "Comity")
    for entry in entries:
        root.append(_entry(feed, entry, vocabularies))
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True) + b"\n"


def _entry(feed: Feed, entry: Exported, vocabularies: Vocabularies) -> Element:
    made = etree.Element(f"{{{ATOM}}}entry", nsmap=_NAMES)
    title, spoken = entry.title(feed.language)
    _add(made, "id", f"urn:uuid:{entry.id}")
    _spoken(_add(made, "title", _marked(entry, title)), spoken, feed)
    _add(made, "updated", _moment(entry.changed))
    _add(made, "published", _moment(entry.created))
    page = address(feed.base, entry.name, feed.language)
    _add(made, "link", rel="alternate", type="text/html", href=page)
    _add(made, "link", rel="alternate", type="application/ld+json", href=f"{page}.jsonld")
    for by in _authors(entry) or [feed.operator or feed.title]:
        _add(_add(made, "author"), "name", by)
    for url in dict.fromkeys(s.said.evidence_url for s in entry.statements):
        if url:
            _add(made, "link", rel="via", href=url)
    if entry.strictest is not Label.CLEAR:
        _add(made, "rights", str(entry.strictest))
    _add(made, "category", term=entry.kind.key, scheme="kind", label=_own(entry, feed))
    for scheme, term, words in _categories(entry, vocabularies, feed.language):
        _add(made, "category", term=term, scheme=scheme, label=words)
    # RFC 4287, 4.1.1.1: an entry needs a summary or content where it has no alternate; ours has
    # one, and a summary only where somebody wrote one.
    summary, language = in_language(entry.words("summary"), feed.language)
    if summary:
        cut = summary if len(summary) <= SUMMARY else f"{summary[: SUMMARY - 1]}…"
        _spoken(_add(made, "summary", cut, type="text"), language, feed)
    return made


def _marked(entry: Exported, title: str) -> str:
    """A reader of feeds shows titles: the label of what is not for everybody comes first."""
    label = entry.strictest
    return title if label is Label.CLEAR else f"[{label}] {title}"


def _own(entry: Exported, feed: Feed) -> str:
    return entry.kind.label.get(feed.language) or entry.kind.label["en"]


def _authors(entry: Exported) -> list[str]:
    """Who speaks of it, each once."""
    return list(dict.fromkeys(s.said.by for s in entry.statements if s.said.by))


def _categories(
    entry: Exported, vocabularies: Vocabularies, language: str
) -> Iterable[tuple[str, str, str]]:
    """(facet, code, words) of each value that a facet counts, once."""
    found: dict[tuple[str, str], str] = {}
    for key, said in entry.by_field().items():
        field = entry.kind.by_key[key]
        if not field.facet:
            continue
        for statement in said:
            if field.type is FieldType.CHOICE:
                vocabulary = vocabularies.get(field.vocabulary)
                term = vocabulary.terms.get(statement.value) if vocabulary else None
                code, words = statement.value, term.name(language) if term else statement.value
            elif field.type is FieldType.COUNTRY:
                code = statement.value
                words = countries.by_code(code).name(language)
            else:
                continue
            found.setdefault((field.facet, code), words)
    return [(facet, code, words) for (facet, code), words in found.items()]


def _add(parent: Element, tag: str, text: str = "", **attributes: str) -> Element:
    made = etree.SubElement(parent, f"{{{ATOM}}}{tag}")
    if text:
        made.text = legal(text)
    for name, value in attributes.items():
        made.set(name, legal(value))
    return made


def _spoken(made: Element, language: str, feed: Feed) -> None:
    if language and language != feed.language:
        made.set(XML_LANG, language)


def _moment(when: dt.datetime) -> str:
    return when.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
