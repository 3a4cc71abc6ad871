"""How the documents look: in the manner of the ITU's own resolutions.

The number and the name centred, section headings in italics, items on hanging indents of 1.4 cm
and then 1 cm. These few styles replace those of the template, so that the file is small and
looks the same everywhere. Headings are real ones: Word's navigation pane lists the sections.
"""

from __future__ import annotations

from typing import NamedTuple

from comity.mandate.formats.docx.revisions import NS

# Twips (1/1440 inch). A4 with margins of 2.5 cm leaves 16 cm for the words.
PAGE = {"w": 11906, "h": 16838, "margin": 1417, "text": 9072}
_FIRST, _STEP, _DEEPEST = 794, 567, 5

# Word for Mac and Windows has all three; elsewhere Carlito stands in for Calibri at its widths.
_FONTS = '<w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:eastAsia="SimSun" w:cs="Arial"/>'
_GREY = "76858E"
_SMALL = '<w:color w:val="485761"/><w:sz w:val="18"/><w:szCs w:val="18"/>'
_ITALIC = "<w:i/><w:iCs/>"

# BCP 47 with a region, as Word wants it: the ITU's English is British.
_REGIONS = {"en": "en-GB", "fr": "fr-FR", "es": "es-ES", "ru": "ru-RU", "zh": "zh-CN"}


def item_style(path: str, num: str) -> str:
    """The paragraph style of a provision: "Item1" with a number, "Text1" without, by depth."""
    depth = min(path.count("/") + 1, _DEEPEST)
    return f"{'Item' if num else 'Text'}{depth}"


def stylesheet(language: str, *, rtl: bool) -> str:
    """The content of word/styles.xml for a text in this language."""
    known = _REGIONS.get(language.split("-")[0], "ar-SA" if rtl else "en-GB")
    return (
        f'<w:styles xmlns:w="{NS}"><w:docDefaults><w:rPrDefault><w:rPr>{_FONTS}'
        f'<w:sz w:val="23"/><w:szCs w:val="23"/>{"<w:rtl/>" if rtl else ""}'
        f'<w:lang w:val="{known}" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'
        f"</w:rPr></w:rPrDefault><w:pPrDefault><w:pPr>{'<w:bidi/>' if rtl else ''}"
        '<w:spacing w:before="120" w:after="0" w:line="259" w:lineRule="auto"/>'
        "</w:pPr></w:pPrDefault></w:docDefaults>"
        + "".join(_style(style) for style in (*_STYLES, *_levels()))
        + "</w:styles>"
    )


class _Style(NamedTuple):
    key: str
    name: str
    paragraph: str = ""
    run: str = ""
    kind: str = "paragraph"


def _spacing(before: int, after: int, more: str = "") -> str:
    return f'<w:spacing w:before="{before}" w:after="{after}"/>{more}'


def _border(*sides: str, space: int) -> str:
    edges = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="{space}" w:color="{_GREY}"/>' for side in sides
    )
    return f"<w:pBdr>{edges}</w:pBdr>"


def _size(half_points: int) -> str:
    return f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'


_CENTRE = '<w:jc w:val="center"/>'
_BOLD_28 = "<w:b/><w:bCs/>" + _size(28)
# Neighbours with the same borders and indents share one box.
_BOX = (
    "<w:keepLines/>"
    + _border("top", "left", "bottom", "right", space=6)
    + _spacing(0, 60, '<w:ind w:left="140" w:right="140"/>')
)
_STYLES = (
    _Style("Normal", "Normal"),
    _Style("DefaultParagraphFont", "Default Paragraph Font", kind="character"),
    _Style("Title", "Title", "<w:keepNext/>" + _spacing(480, 120, _CENTRE), _size(28)),
    _Style("Subtitle", "Subtitle", "<w:keepNext/>" + _spacing(120, 360, _CENTRE), _BOLD_28),
    _Style("Formula", "Enacting formula", _spacing(240, 120)),
    _Style(
        "Heading1",
        "heading 1",
        "<w:keepNext/><w:keepLines/>"
        + _spacing(280, 80, f'<w:ind w:left="{_FIRST}"/><w:outlineLvl w:val="0"/>'),
        _ITALIC,
    ),
    _Style("NoticeHead", "Notice heading", _BOX, "<w:b/><w:bCs/>" + _SMALL),
    _Style("Notice", "Notice", _BOX, _SMALL),
    _Style("End", "End of text", _border("top", space=6) + _spacing(480, 0), _SMALL),
    _Style("Header", "header", _border("bottom", space=4) + _spacing(0, 240), _SMALL),
    _Style("Footer", "footer", _spacing(120, 0), _SMALL),
    _Style("CommentText", "annotation text", _spacing(0, 0), _size(20)),
    _Style("CommentReference", "annotation reference", "", _size(16), "character"),
)


def _levels() -> list[_Style]:
    """Items hang on their number; text without one starts where its siblings' numbers start."""
    out = []
    for level in range(1, _DEEPEST + 1):
        left = _FIRST + (level - 2) * _STEP if level > 1 else 0
        hang = _FIRST if level == 1 else _STEP
        item = f'<w:ind w:left="{left + hang}" w:hanging="{hang}"/>'
        out.append(_Style(f"Item{level}", f"Item {level}", item))
        out.append(_Style(f"Text{level}", f"Text {level}", f'<w:ind w:left="{left}"/>'))
    return out


def _style(style: _Style) -> str:
    default = style.key in ("Normal", "DefaultParagraphFont")
    of_paragraphs = style.kind == "paragraph"
    first = ' w:default="1"' if default else ""
    return (
        f'<w:style w:type="{style.kind}"{first} '
        f'w:styleId="{style.key}"><w:name w:val="{style.name}"/>'
        + ('<w:basedOn w:val="Normal"/>' if of_paragraphs and not default else "")
        + ("<w:qFormat/>" if of_paragraphs else "")
        + (f"<w:pPr>{style.paragraph}</w:pPr>" if style.paragraph else "")
        + (f"<w:rPr>{style.run}</w:rPr>" if style.run else "")
        + "</w:style>"
    )
