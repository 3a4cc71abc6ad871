"""The sheet both documents are written on: page, header, footer, properties, bytes."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Sequence

import docx
from docx.document import Document
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.shared import Twips
from docx.text.paragraph import Paragraph
from lxml import etree

from comity.mandate.formats.docx.revisions import SAME, Line, Pen, Piece, W, apart, without_illegal
from comity.mandate.formats.docx.styles import PAGE, stylesheet
from comity.mandate.formats.docx.words import Words
from comity.mandate.types import Text


def compose(
    text: Text,
    lines: Sequence[Line],
    *,
    kind: str,
    version: str,
    when: dt.date | None,
    notices: Sequence[str],
    words: Words,
) -> bytes:
    """The document as bytes: notices in a box, then `lines`, then a closing line.

    `kind` names what the document is, `version` which text it shows; they head the box, and the
    header repeats the version on every page. `when` dates the changes.
    The closing line is there for a reason: a document must end on a paragraph that no
    reading takes away.
    """
    document = docx.Document()
    source = words.source.format(
        attribution=text.source.attribution
        if text.source
        else "International Telecommunication Union (ITU)"
    )
    rtl = text.language.startswith("ar")
    _replace(document.styles.element, parse_xml(stylesheet(text.language, rtl=rtl)))
    _settings(document.settings.element)
    _without_thumbnail(document)
    body = document.element.body
    section = body.sectPr
    body.remove(section)
    comments = document.part._comments_part.element
    pen = Pen(body, comments, when=when)
    pen.write(Line("NoticeHead", (_plain(f"{kind}. {version}" if version else kind),)))
    for notice in notices:
        pen.write(Line("Notice", (_plain(notice),)))
    for line in apart(lines):
        pen.write(line)
    pen.write(Line("End", (_plain(f"{words.end} {source}"),)))
    body.append(section)
    _page(section, rtl=rtl)
    _header(document, text.title, version or kind)
    _footer(document, source, words.page)
    _properties(document, text, kind, version, source, when)
    return _bytes(document)


def _plain(words: str) -> Piece:
    return Piece(SAME, words)


def _replace(element: etree._Element, other: etree._Element) -> None:
    """Give a part of the template other content; its class keeps the old element."""
    for child in list(element):
        element.remove(child)
    element.extend(list(other))


def _settings(settings: etree._Element) -> None:
    """Later edits are tracked too, and Word opens the file in its present mode, not a past one."""
    for stop in settings.iter(W + "defaultTabStop"):
        stop.addprevious(etree.Element(W + "trackRevisions"))
    for setting in settings.iter(W + "compatSetting"):
        if setting.get(W + "name") == "compatibilityMode":
            setting.set(W + "val", "15")


def _without_thumbnail(document: Document) -> None:
    """The template carries a picture of its own first page; it is not of this document."""
    package = document.part.package
    for key, rel in list(package.rels.items()):
        if rel.reltype == RELATIONSHIP_TYPE.THUMBNAIL:
            del package.rels[key]


def _page(section: etree._Element, *, rtl: bool) -> None:
    for size in section.iter(W + "pgSz"):
        size.set(W + "w", str(PAGE["w"]))
        size.set(W + "h", str(PAGE["h"]))
    for margin in section.iter(W + "pgMar"):
        for side in ("top", "right", "bottom", "left"):
            margin.set(W + side, str(PAGE["margin"]))
    if rtl:
        section.append(etree.Element(W + "bidi"))


def _header(document: Document, title: str, what: str) -> None:
    p = document.sections[0].header.paragraphs[0]
    p.style = document.styles["Header"]
    _end_stop(p)
    p.add_run(without_illegal(f"{title}\t{what}"))


def _footer(document: Document, source: str, page: str) -> None:
    p = document.sections[0].footer.paragraphs[0]
    p.style = document.styles["Footer"]
    _end_stop(p)
    p.add_run(without_illegal(f"{source}\t{page} "))
    _field(p, "PAGE")
    p.add_run(" / ")
    _field(p, "NUMPAGES")


def _end_stop(p: Paragraph) -> None:
    p.paragraph_format.tab_stops.add_tab_stop(Twips(PAGE["text"]), WD_TAB_ALIGNMENT.RIGHT)


def _field(p: Paragraph, code: str) -> None:
    field = etree.SubElement(p._p, W + "fldSimple")
    field.set(W + "instr", code)
    run = etree.SubElement(field, W + "r")
    etree.SubElement(run, W + "t").text = "1"


def _properties(
    document: Document, text: Text, kind: str, version: str, source: str, when: dt.date | None
) -> None:
    properties = document.core_properties
    day = when or dt.date(1980, 1, 1)  # as the members of the zip: no clock here
    moment = dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)
    properties.title = without_illegal(f"{text.title}: {kind}")[:255]
    properties.subject = without_illegal(text.subtitle)[:255]
    properties.author = properties.last_modified_by = "Comity"
    properties.comments = without_illegal(source)[:255]
    properties.version = without_illegal(version)[:255]
    properties.category, properties.keywords = "Resolution", ""
    properties.language = text.language
    properties.created = properties.modified = moment
    properties.revision = 1


def _bytes(document: Document) -> bytes:
    """Written again with one moment on every member, so that equal input is equal bytes."""
    first = io.BytesIO()
    document.save(first)
    again = io.BytesIO()
    with (
        zipfile.ZipFile(first) as read,
        zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED) as write,
    ):
        for name in sorted(read.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            member = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            write.writestr(member, read.read(name))
    return again.getvalue()
