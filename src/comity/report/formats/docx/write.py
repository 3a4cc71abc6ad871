"""The parts of the package, and the package itself, with one moment in it: the document's own."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile

from comity.kit.tlp import Label
from comity.report.formats.docx.body import Body, numbering
from comity.report.formats.docx.ink import TAB, Pen, attribute, text
from comity.report.formats.docx.styles import (
    BOTTOM,
    HIGH,
    MAIN,
    SIDE,
    TOP,
    WIDE,
    latin,
    part,
    stylesheet,
)
from comity.report.formats.plain import address
from comity.report.types.tree import Document

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_NAMES = (
    f'xmlns:w="{MAIN}" xmlns:r="{_OFFICE}" xmlns:wp="{_DRAWING}/wordprocessingDrawing" '
    f'xmlns:a="{_DRAWING}/main" xmlns:pic="{_DRAWING}/picture"'
)
# FIRST's colours of the labels, on black, never translated, at the right in every script.
_MARKS = {
    Label.CLEAR: "FFFFFF",
    Label.GREEN: "33FF00",
    Label.AMBER: "FFC000",
    Label.AMBER_STRICT: "FFC000",
    Label.RED: "FF2B2B",
}
_PAGE = re.compile(r"(\{page\}|\{pages\})")
_FIELDS = {"{page}": "PAGE", "{pages}": "NUMPAGES"}


def write_docx(document: Document) -> bytes:
    """The document as DOCX; equal documents give equal bytes."""
    body, notes = Body(document), Pen(document)
    endnotes = _endnotes(notes)
    later = " · ".join(words for words in (document.identifier, document.state) if words)
    parts = {
        "[Content_Types].xml": part("content_types.xml"),
        "_rels/.rels": part("rels.xml"),
        "docProps/core.xml": _XML + _core(document),
        "docProps/app.xml": part("app.xml"),
        "word/document.xml": _part("document", f"<w:body>{body.xml}{_section(document)}</w:body>"),
        "word/endnotes.xml": _part("endnotes", endnotes),
        "word/styles.xml": stylesheet(document.tongue),
        "word/numbering.xml": _part("numbering", numbering(body.lists)),
        "word/settings.xml": part("settings.xml").replace("LATIN", latin(document.tongue)),
        "word/header1.xml": _part("hdr", _edge(notes, "Header", notes.words(document.state))),
        "word/header2.xml": _part("hdr", _edge(notes, "Header", notes.words(later))),
        "word/footer1.xml": _part("ftr", _edge(notes, "Footer", _pages(notes))),
        "word/_rels/document.xml.rels": _relations(
            [
                *((kind, kind) for kind in ("styles", "numbering", "settings", "endnotes")),
                *(("header", name) for name in ("header1", "header2")),
                ("footer", "footer1"),
                *(("image", f"picture{n}") for n in range(1, len(body.pictures) + 1)),
            ],
            body.pen.addresses,
        ),
        "word/_rels/endnotes.xml.rels": _relations([], notes.addresses),
    }
    files = {name: xml.encode() for name, xml in parts.items()}
    files |= {f"word/media/picture{n}.png": png for n, png in enumerate(body.pictures, 1)}
    return _zip(files)


def _part(root: str, inside: str) -> str:
    return f"{_XML}<w:{root} {_NAMES}>{inside}</w:{root}>"


# --- what surrounds the text --------------------------------------------------------------


def _section(document: Document) -> str:
    edges = "".join(
        f'<w:{what}Reference w:type="{pages}" r:id="{key}"/>'
        for what, pages, key in (
            ("header", "first", "rheader1"),
            ("header", "default", "rheader2"),
            ("footer", "first", "rfooter1"),
            ("footer", "default", "rfooter1"),
        )
    )
    return (
        f'<w:sectPr>{edges}<w:endnotePr><w:numFmt w:val="decimal"/></w:endnotePr>'
        f'<w:pgSz w:w="{WIDE}" w:h="{HIGH}"/><w:pgMar w:top="{TOP}" w:right="{SIDE}" '
        f'w:bottom="{BOTTOM}" w:left="{SIDE}" w:header="680" w:footer="624" w:gutter="0"/>'
        f"<w:titlePg/>{'<w:bidi/>' if document.rtl else ''}</w:sectPr>"
    )


def _endnotes(pen: Pen) -> str:
    """The notes on the figures, each with the label, the filter and the date of its query."""
    out = []
    for key, kind in ((-1, "separator"), (0, "continuationSeparator")):
        line = f"<w:p><w:r><w:{kind}/></w:r></w:p>"
        out.append(f'<w:endnote w:type="{kind}" w:id="{key}">{line}</w:endnote>')
    look = f'<w:rStyle w:val="EndnoteReference"/>{"<w:rtl/>" if pen.rtl else ""}'
    mark = f"<w:r><w:rPr>{look}</w:rPr><w:endnoteRef/></w:r>{TAB}"
    for number, note in pen.notes.values():
        label, *rest = note.parts() or (note.id,)
        here = bool(pen.of.base) or not note.address.startswith("/")
        first = pen.outside(label, address(note.address, pen.of.base) if here else "")
        said = pen.words("".join(f" · {words}" for words in rest))
        line = pen.paragraph("EndnoteText", mark + first + said)
        out.append(f'<w:endnote w:id="{number}">{line}</w:endnote>')
    return "".join(out)


def _edge(pen: Pen, style: str, words: str) -> str:
    """A line of head or foot: words at the left, the label at the right, in every script."""
    marking = pen.of.marking
    look = (
        f'<w:b/><w:noProof/><w:color w:val="{_MARKS[marking]}"/><w:sz w:val="20"/>'
        '<w:shd w:val="clear" w:color="auto" w:fill="000000"/><w:rtl w:val="0"/>'
    )
    mark = f"<w:r><w:rPr>{look}</w:rPr><w:t>{marking}</w:t></w:r>"
    return pen.paragraph(style, mark + TAB + words if pen.rtl else words + TAB + mark)


def _pages(pen: Pen) -> str:
    return "".join(
        f'<w:fldSimple w:instr=" {_FIELDS[said]} ">{pen.words("1")}</w:fldSimple>'
        if said in _FIELDS
        else pen.words(said)
        for said in _PAGE.split(pen.of.words.page)
    )


# --- the package --------------------------------------------------------------------------


def _relations(parts: list[tuple[str, str]], addresses: dict[str, str]) -> str:
    inner = [
        f'<Relationship Id="r{name}" Type="{_OFFICE}/{kind}" '
        f'Target="{f"media/{name}.png" if kind == "image" else f"{name}.xml"}"/>'
        for kind, name in parts
    ]
    inner += [
        f'<Relationship Id="{key}" Type="{_OFFICE}/hyperlink" Target="{attribute(to)}" '
        'TargetMode="External"/>'
        for to, key in addresses.items()
    ]
    root = f'<Relationships xmlns="{_PACKAGE}/relationships">'
    return f"{_XML}{root}{''.join(inner)}</Relationships>"


def _core(document: Document) -> str:
    moment = f"{document.moment.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"
    when = "".join(
        f'<dcterms:{what} xsi:type="dcterms:W3CDTF">{moment}</dcterms:{what}>'
        for what in ("created", "modified")
    )
    said = {
        "dc:title": document.title,
        "dc:subject": document.subject,
        "dc:creator": document.publisher,
        "dc:identifier": document.identifier,
        "dc:language": document.tongue.bcp47,
        "cp:lastModifiedBy": document.publisher,
        "cp:contentStatus": document.state,
        "cp:keywords": str(document.marking),
    }
    return (
        f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        + "".join(f"<{tag}>{text(words[:255])}</{tag}>" for tag, words in said.items() if words)
        + f"<cp:revision>1</cp:revision>{when}</cp:coreProperties>"
    )


def _zip(files: dict[str, bytes]) -> bytes:
    """One moment on every member (the first that a zip can say), the types first, then by name."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name in sorted(files, key=lambda n: (n != "[Content_Types].xml", n)):
            member = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(member, files[name])
    return out.getvalue()
