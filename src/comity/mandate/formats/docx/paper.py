"""The sheet both documents are written on: styles, page, header, footer, properties, bytes.

Set in the manner of the ITU's own resolutions: the number and the name centred, section
headings in italics, items on hanging indents of 1.4 cm and 1 cm. Styles are our own few and
replace those of the template, so that the file is small and looks the same everywhere.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Sequence

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from lxml import etree

from comity.mandate.formats.docx.revisions import NS, SAME, Line, Pen, Piece, W, without_illegal
from comity.mandate.formats.docx.words import Words
from comity.mandate.types import Text

# Twips (1/1440 inch). A4 with margins of 2.5 cm leaves 16 cm for the words.
PAGE = {"w": 11906, "h": 16838, "margin": 1417, "text": 9072}
FIRST, STEP, DEEPEST = 794, 567, 5  # indents: 1.4 cm, then 1 cm a level

_FONTS = '<w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:eastAsia="SimSun" w:cs="Arial"/>'
_RULE = '<w:pBdr><w:{side} w:val="single" w:sz="6" w:space="4" w:color="76858E"/></w:pBdr>'
_BOX = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="6" w:color="76858E"/>'
    for side in ("top", "left", "bottom", "right")
)
_CENTRE = '<w:spacing w:before="{0}" w:after="{1}"/><w:jc w:val="center"/>'
_SMALL = '<w:color w:val="485761"/><w:sz w:val="18"/><w:szCs w:val="18"/>'

# id, name, type, paragraph properties, run properties
_STYLES: tuple[tuple[str, str, str, str, str], ...] = (
    ("Normal", "Normal", "paragraph", "", ""),
    ("DefaultParagraphFont", "Default Paragraph Font", "character", "", ""),
    (
        *("Title", "Title", "paragraph"),
        "<w:keepNext/>" + _CENTRE.format(360, 120),
        '<w:sz w:val="28"/><w:szCs w:val="28"/>',
    ),
    (
        *("Subtitle", "Subtitle", "paragraph"),
        "<w:keepNext/>" + _CENTRE.format(120, 360),
        '<w:b/><w:bCs/><w:sz w:val="28"/><w:szCs w:val="28"/>',
    ),
    ("Formula", "Enacting formula", "paragraph", '<w:spacing w:before="240" w:after="120"/>', ""),
    (
        *("Heading1", "heading 1", "paragraph"),
        '<w:keepNext/><w:keepLines/><w:spacing w:before="280" w:after="80"/>'
        f'<w:ind w:left="{FIRST}"/><w:outlineLvl w:val="0"/>',
        "<w:i/><w:iCs/>",
    ),
    (
        *("Notice", "Notice", "paragraph"),
        f'<w:keepLines/><w:pBdr>{_BOX}</w:pBdr><w:spacing w:before="0" w:after="0"/>'
        '<w:ind w:left="140" w:right="140"/>',
        _SMALL,
    ),
    (
        *("End", "End of text", "paragraph"),
        _RULE.format(side="top") + '<w:spacing w:before="480" w:after="0"/>',
        _SMALL,
    ),
    (
        *("Header", "header", "paragraph"),
        _RULE.format(side="bottom") + '<w:spacing w:before="0" w:after="240"/>',
        _SMALL,
    ),
    ("Footer", "footer", "paragraph", '<w:spacing w:before="120" w:after="0"/>', _SMALL),
    (
        *("CommentText", "annotation text", "paragraph"),
        '<w:spacing w:before="0" w:after="0"/>',
        '<w:sz w:val="20"/><w:szCs w:val="20"/>',
    ),
    (
        *("CommentReference", "annotation reference", "character"),
        "",
        '<w:sz w:val="16"/><w:szCs w:val="16"/>',
    ),
)


def item_style(path: str, num: str) -> str:
    """The paragraph style of a provision: "Item1" with a number, "Text1" without, by depth."""
    depth = min(path.count("/") + 1, DEEPEST)
    return f"{'Item' if num else 'Text'}{depth}"


def compose(
    text: Text,
    lines: Sequence[Line],
    *,
    kind: str,
    version: str,
    notices: Sequence[str],
    words: Words,
) -> bytes:
    """The document as bytes: notices in a box, then `lines`, then a closing line.

    `kind` names what the document is, `version` which text it shows; both go to the header.
    The closing line is there for a reason: a document must end on a paragraph that no
    reading takes away.
    """
    document = docx.Document()
    source = words.source.format(
        attribution=text.source.attribution if text.source else "International "
        "Telecommunication Union (ITU)"
    )
    rtl = text.language.startswith("ar")
    document.part._styles_part._element = etree.fromstring(_styles(text.language, rtl=rtl))
    _settings(document.settings.element)
    _without_thumbnail(document)
    body = document.element.body
    section = body.sectPr
    body.remove(section)
    comments = document.part._comments_part.element
    pen = Pen(body, comments, when=text.date)
    for notice in notices:
        pen.write(Line("Notice", (_plain(notice),)))
    for line in lines:
        pen.write(line)
    pen.write(Line("End", (_plain(f"{words.end} {source}"),)))
    body.append(section)
    _page(section, rtl=rtl)
    _header(document, text.title, f"{kind}. {version}" if version else kind)
    _footer(document, source, words.page)
    _properties(document, text, kind, version, source)
    return _bytes(document)


def _plain(words: str) -> Piece:
    return Piece(SAME, words)


def _styles(language: str, *, rtl: bool) -> str:
    bidi = "<w:bidi/>" if rtl else ""
    mark = "<w:rtl/>" if rtl else ""
    out = [
        f'<w:styles xmlns:w="{NS}"><w:docDefaults><w:rPrDefault><w:rPr>{_FONTS}'
        f'<w:sz w:val="23"/><w:szCs w:val="23"/>{mark}'
        f'<w:lang w:val="{_tag(language)}" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'
        f"</w:rPr></w:rPrDefault><w:pPrDefault><w:pPr>{bidi}"
        '<w:spacing w:before="120" w:after="0" w:line="259" w:lineRule="auto"/>'
        "</w:pPr></w:pPrDefault></w:docDefaults>"
    ]
    levels = range(1, DEEPEST + 1)
    items = [(f"Item{n}", f"Item {n}", "paragraph", _indent(n, True), "") for n in levels]
    texts = [(f"Text{n}", f"Text {n}", "paragraph", _indent(n, False), "") for n in levels]
    for style, name, kind, ppr, rpr in (*_STYLES, *items, *texts):
        default = ' w:default="1"' if style in ("Normal", "DefaultParagraphFont") else ""
        based = "" if default or kind != "paragraph" else '<w:basedOn w:val="Normal"/>'
        shown = '<w:qFormat/>' if kind == "paragraph" else ""
        out.append(
            f'<w:style w:type="{kind}"{default} w:styleId="{style}"><w:name w:val="{name}"/>'
            f"{based}{shown}{f'<w:pPr>{ppr}</w:pPr>' if ppr else ''}"
            f"{f'<w:rPr>{rpr}</w:rPr>' if rpr else ''}</w:style>"
        )
    return "".join([*out, "</w:styles>"])


def _indent(level: int, numbered: bool) -> str:
    """Items hang on their number; text without one starts where its siblings' numbers start."""
    left = (FIRST + (level - 2) * STEP) if level > 1 else 0
    if not numbered:
        return f'<w:ind w:left="{left}"/>'
    hang = FIRST if level == 1 else STEP
    return f'<w:ind w:left="{left + hang}" w:hanging="{hang}"/>'


def _tag(language: str) -> str:
    """BCP 47 as Word wants it, with a region: the ITU's English is British."""
    regions = {"en": "en-GB", "fr": "fr-FR", "es": "es-ES", "ru": "ru-RU", "zh": "zh-CN"}
    return regions.get(language, "ar-SA" if language.startswith("ar") else "en-GB")


def _settings(settings: etree._Element) -> None:
    """Later edits are tracked too, and Word opens the file in its present mode, not a past one."""
    stop = settings.find(W + "defaultTabStop")
    stop.addprevious(etree.Element(W + "trackRevisions"))
    for setting in settings.iter(W + "compatSetting"):
        if setting.get(W + "name") == "compatibilityMode":
            setting.set(W + "val", "15")


def _without_thumbnail(document: docx.document.Document) -> None:
    """The template carries a picture of its own first page; it is not of this document."""
    package = document.part.package
    for key, rel in list(package.rels.items()):
        if rel.reltype == RELATIONSHIP_TYPE.THUMBNAIL:
            del package.rels[key]


def _page(section: etree._Element, *, rtl: bool) -> None:
    size, margin = section.find(W + "pgSz"), section.find(W + "pgMar")
    size.set(W + "w", str(PAGE["w"]))
    size.set(W + "h", str(PAGE["h"]))
    for side in ("top", "right", "bottom", "left"):
        margin.set(W + side, str(PAGE["margin"]))
    if rtl:
        section.append(etree.Element(W + "bidi"))


def _header(document: docx.document.Document, title: str, what: str) -> None:
    p = document.sections[0].header.paragraphs[0]
    p.style = document.styles["Header"]
    _end_stop(p)
    p.add_run(without_illegal(f"{title}\t{what}"))


def _footer(document: docx.document.Document, source: str, page: str) -> None:
    p = document.sections[0].footer.paragraphs[0]
    p.style = document.styles["Footer"]
    _end_stop(p)
    p.add_run(without_illegal(f"{source}\t{page} "))
    _field(p, "PAGE")
    p.add_run(" / ")
    _field(p, "NUMPAGES")


def _end_stop(p: docx.text.paragraph.Paragraph) -> None:
    p.paragraph_format.tab_stops.add_tab_stop(
        docx.shared.Twips(PAGE["text"]), docx.enum.text.WD_TAB_ALIGNMENT.RIGHT
    )


def _field(p: docx.text.paragraph.Paragraph, code: str) -> None:
    field = etree.SubElement(p._p, W + "fldSimple")
    field.set(W + "instr", code)
    run = etree.SubElement(field, W + "r")
    etree.SubElement(run, W + "t").text = "1"


def _properties(
    document: docx.document.Document, text: Text, kind: str, version: str, source: str
) -> None:
    properties = document.core_properties
    day = text.date or dt.date(2014, 1, 1)
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


def _bytes(document: docx.document.Document) -> bytes:
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
