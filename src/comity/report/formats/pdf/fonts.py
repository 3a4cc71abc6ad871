"""The fonts of a PDF, and which characters they can show.

They come as wheels (Noto for Latin, Cyrillic, Arabic and Chinese; DejaVu Sans Mono is in typst's
own), never from the machine, so that a document looks the same and has the same bytes anywhere.
PDF/UA-1 forbids a character without a glyph, and typst then writes nothing at all: one name with
an emoji would cost the whole report. So such a character becomes U+FFFD in the PDF, visibly; HTML
and DOCX keep it, because there the reader's machine may have a font.
"""

from __future__ import annotations

import re
import struct
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import typst

_WHEELS = (
    "fontpkg_noto_sans",
    "fontpkg_noto_serif",
    "fontpkg_noto_sans_arabic",
    "manimgx_fonts_cjk",
)
# The files whose characters count, and in which font of the file. A character must be in one of
# the sans (which every text can fall back to).
_COVER = (
    ("fontpkg_noto_sans", "files/NotoSans[wdth,wght].ttf", 0),
    ("fontpkg_noto_sans_arabic", "files/NotoSansArabic[wdth,wght].ttf", 0),
    ("manimgx_fonts_cjk", "NotoSansCJK-VF.otf.ttc", 2),  # of five regions, the simplified Chinese
)


def _folder(wheel: str) -> Path:
    spec = find_spec(wheel)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(f"The fonts of {wheel} are not installed: pip install comity.")
    return Path(spec.origin).parent


@lru_cache(maxsize=1)
def fonts() -> typst.Fonts:
    """Read once a process: 0.13 s."""
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=True,
        font_paths=[_folder(wheel) for wheel in _WHEELS],
    )


# --- what they can show -------------------------------------------------------------------

# Nearly all text of the six languages: in the fonts beyond doubt, so nothing is looked up.
_SURE_SET = (
    " -~\xa0-\xac\xae-\u017f\u0400-\u045f\u0621-\u063a\u0641-\u0652\u060c\u061b\u061f"
    "\u2013\u2014\u2018\u2019\u201c\u201d\u2022\u2026\u4e00-\u9fa5\u3001-\u3011\uff08\uff09\uff0c\uff1a\uff1b"
)
_SURE, _UNSURE = re.compile(f"[{_SURE_SET}]*"), re.compile(f"[^{_SURE_SET}]")
LOST = "\ufffd"


def shown(words: str) -> str:
    """The words with U+FFFD for each character that no font here shows."""
    if _SURE.fullmatch(words):
        return words
    out: list[str] = []
    base = -1
    for character in words:
        if unicodedata.category(character).startswith("M"):
            # A mark is drawn by the font of its letter; another font's mark has no place.
            known = base >= 0 and ord(character) in _sets()[base]
        else:
            base = _font_of(character)
            known = base >= 0 or unicodedata.category(character) == "Cf"
        out.append(character if known else LOST)
    return "".join(out)


def surely_shown(words: str) -> str:
    """Only what is beyond doubt, for the case that a font does not do what its table says."""
    return _UNSURE.sub(LOST, words)


def _font_of(character: str) -> int:
    code = ord(character)
    return next((n for n, codes in enumerate(_sets()) if code in codes), -1)


@lru_cache(maxsize=1)
def _sets() -> tuple[frozenset[int], ...]:
    out = []
    for wheel, name, index in _COVER:
        with (_folder(wheel) / name).open("rb") as file:
            out.append(frozenset(_characters(file.read(), index)))
    return tuple(out)


def _characters(font: bytes, index: int) -> Iterator[int]:
    """The code points of a font's table `cmap` (OpenType 1.9, formats 4 and 12)."""
    start = struct.unpack_from(">I", font, 12 + 4 * index)[0] if font[:4] == b"ttcf" else 0
    (count,) = struct.unpack_from(">H", font, start + 4)
    records = (struct.unpack_from(">4sIII", font, start + 12 + 16 * n) for n in range(count))
    cmap = next(offset for tag, _sum, offset, _length in records if tag == b"cmap")
    (count,) = struct.unpack_from(">H", font, cmap + 2)
    for n in range(count):
        table = cmap + int(struct.unpack_from(">I", font, cmap + 4 + 8 * n + 4)[0])
        (form,) = struct.unpack_from(">H", font, table)
        if form == 12:
            (groups,) = struct.unpack_from(">I", font, table + 12)
            for first, last, _glyph in struct.iter_unpack(
                ">III", font[table + 16 : table + 16 + 12 * groups]
            ):
                yield from range(first, last + 1)
        elif form == 4:
            yield from _segments(font, table)


def _segments(font: bytes, table: int) -> Iterator[int]:
    (double,) = struct.unpack_from(">H", font, table + 6)
    words = struct.unpack_from(f">{2 * double + 1}H", font, table + 14)
    segments = double // 2
    ends, starts = words[:segments], words[segments + 1 : 2 * segments + 1]
    deltas, offsets = words[2 * segments + 1 : 3 * segments + 1], words[3 * segments + 1 :]
    for n, (first, last) in enumerate(zip(starts, ends, strict=True)):
        for code in range(first, last + 1):
            if offsets[n] == 0:
                glyph = (code + deltas[n]) % 0x10000
            else:
                # The offset counts from its own place in the table.
                place = table + 16 + 2 * (3 * segments + n) + offsets[n] + 2 * (code - first)
                (glyph,) = struct.unpack_from(">H", font, place)
            if glyph and code != 0xFFFF:
                yield code
