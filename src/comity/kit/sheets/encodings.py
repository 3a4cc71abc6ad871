"""Which characters the bytes of a CSV mean: proved, or asked for, never guessed.

Strict UTF-8 is proof enough: text in another encoding passes it only by rare accident. A byte
order mark is a statement. The single-byte code pages read any bytes, so that a guess among
them is wrong without a sign; the candidates are named with a sample and a person chooses.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from comity.kit.errors import shown
from comity.kit.sheets.types import Unreadable

CANDIDATES: dict[str, str] = {
    "windows-1252": "cp1252",  # Western Europe
    "windows-1256": "cp1256",  # Arabic
    "windows-1251": "cp1251",  # Cyrillic
    "gb18030": "gb18030",  # Chinese; GBK and GB 2312 are parts of it
}
_ASKED = {"utf-8": "utf-8-sig", "utf-16": "utf-16", "utf-16-le": "utf-16-le"}
_ASKED |= {"utf-16-be": "utf-16-be"} | CANDIDATES
_CODECS = {codecs.lookup(codec).name: codec for codec in _ASKED.values()}
_CODECS["utf-8"] = "utf-8-sig"
_NAMES = {codec: name for name, codec in _ASKED.items()}

# The longer mark first: the mark of UTF-16 is the start of that of UTF-32.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "utf-16"),
)
_NUL_SHARE = 20  # one byte in so many: no text of one byte a character has that much


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text; where it is `mixed`, bytes that are not UTF-8 stand as lone surrogates."""

    text: str
    encoding: str
    mixed: bool = False


def decode(data: bytes, encoding: str = "") -> Decoded:
    """The characters of a file, or `Unreadable` with the line and the way out."""
    if encoding:
        codec = _codec(encoding)
        return Decoded(_strictly(data, codec), _NAMES[codec])
    if data.startswith(codecs.BOM_UTF8) or not data.startswith(tuple(m for m, *_ in _MARKS)):
        body = data.removeprefix(codecs.BOM_UTF8)
        if body.count(0) * _NUL_SHARE > len(body):
            remedy = "Save it as CSV UTF-8; if it is UTF-16, name utf-16-le or utf-16-be."
            raise Unreadable("the file is no text, or UTF-16 without its mark", "", remedy, "nul")
        try:
            return Decoded(body.decode("utf-8"), "utf-8")
        except UnicodeDecodeError:
            return _not_utf8(body)
    codec, name = next((codec, name) for mark, codec, name in _MARKS if data.startswith(mark))
    return Decoded(_strictly(data, codec), name)


def visible(cell: str) -> str:
    """A cell of a mixed file with its undecodable bytes written out: caf\\xe9."""
    return cell.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _codec(encoding: str) -> str:
    try:
        return _CODECS[codecs.lookup(encoding).name]
    except (LookupError, ValueError):  # ValueError: a NUL in the name
        known = ", ".join(_ASKED)
        what = f"{shown(encoding)} is no encoding that is read here"
        raise Unreadable(what, "", f"Use one of: {known}.", "bad-encoding") from None


def _strictly(data: bytes, codec: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        line = data[: error.start].decode(codec, "ignore").count("\n") + 1
        what = f"the bytes are not {_NAMES.get(codec, codec)}"
        remedy = "Save the file as CSV UTF-8, or name the encoding it has."
        raise Unreadable(what, f"line {line}", remedy, "bad-encoding") from None


def _not_utf8(body: bytes) -> Decoded:
    """Some bytes are not UTF-8: a few lines of a UTF-8 file, or another encoding throughout.

    Lines of UTF-8 must be as many as the others: in a file of one other encoding a line passes
    for UTF-8 by accident now and then, and would be misread without a sign.
    """
    good, bad, first = 0, [], b""
    for number, line in enumerate(body.split(b"\n"), 1):
        if line.isascii():
            continue
        try:
            line.decode("utf-8")
            good += 1
        except UnicodeDecodeError:
            bad.append(number)
            first = first or line
    if good >= len(bad):
        return Decoded(body.decode("utf-8", "surrogateescape"), "utf-8", mixed=True)
    place = f"line {bad[0]}" if len(bad) == 1 else f"lines {', '.join(map(str, bad[:5]))}"
    place += f" and {len(bad) - 5} more" if len(bad) > 5 else ""
    read = [f"{name} ({shown(text)})" for name, text in _samples(body, first)]
    what = "the bytes are not UTF-8"
    what += f"; they could be {', '.join(read)}" if read else ""
    remedy = "Save the file as CSV UTF-8, or name the encoding whose sample reads right."
    raise Unreadable(what, place, remedy, "unknown-encoding")


def _samples(body: bytes, line: bytes) -> list[tuple[str, str]]:
    """Each candidate that can read the whole file, with how it reads the first such line."""
    found = []
    start = next(i for i, byte in enumerate(line) if byte > 127)
    piece = line[max(start - 12, 0) : start + 26].strip()
    for name, codec in CANDIDATES.items():
        try:
            body.decode(codec)
        except UnicodeDecodeError:
            continue
        found.append((name, piece.decode(codec, "ignore")))
    return found
