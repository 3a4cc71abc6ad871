"""How the DOCX looks: `data/docx/styles.xml`, for a language; and the measures of the page."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from comity.kit.languages import Language

DATA = Path(__file__).parents[2] / "data" / "docx"
MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
# Twips (1/1440 inch). A4; 16 cm between the margins.
WIDE, HIGH, SIDE, TOP, BOTTOM = 11906, 16838, 1417, 1474, 1361
TEXT = WIDE - 2 * SIDE
NUMBER = 624  # room for the number of a paragraph or a section

# BCP 47 with a region, as Word wants it: the ITU's English is British.
REGIONS = {"en": "en-GB", "fr": "fr-FR", "es": "es-ES", "ru": "ru-RU", "zh": "zh-CN", "ar": "ar-SA"}


def latin(tongue: Language) -> str:
    """The language of what is neither Arabic nor Chinese in a document."""
    return REGIONS[tongue.code if tongue.script in ("Latin", "Cyrillic") else "en"]


def stylesheet(tongue: Language) -> str:
    """word/styles.xml for a document in this language.

    Bars (of a quotation, of a box) stand at the start of the line; borders are the one thing that
    Word and LibreOffice do not turn with the text.
    """
    rtl = tongue.dir == "rtl"
    filled = {
        '"RTL"': f'"{int(rtl)}"',
        '"LATIN"': f'"{latin(tongue)}"',
        "<w:BAR ": "<w:right " if rtl else "<w:left ",
    }
    sheet = part("styles.xml")
    for hole, value in filled.items():
        sheet = sheet.replace(hole, value)
    return sheet


@lru_cache(maxsize=8)
def part(name: str) -> str:
    """A part of the package that is the same, or nearly, in every document."""
    return (DATA / name).read_text(encoding="utf-8")
