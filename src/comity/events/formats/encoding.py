"""Bytes to UTF-8: marks, UTF-16, Latin-1, NULs. Cheap when there is nothing to do."""

from __future__ import annotations

import re

from comity.events.types.sources import BadFile
from comity.kit.errors import shown

_MARKUP = re.compile(rb"\s*<(?:!doctype|html|head|body|title|\?xml)\b", re.I)
_NOTHING = b" \t\r\n\0\xef\xbb\xbf\xff\xfe"  # blanks and marks
_JUNK = (
    b"%PDF",
    b"\x89PNG",
    b"\x7fELF",
    b"Rar!",
    b"7z\xbc\xaf",
    b"BZh",
    b"\xd0\xcf\x11\xe0",
)


def as_utf8(data: bytes, name: str = "") -> bytes:
    """The text without its mark; UTF-16 made UTF-8. Raises `BadFile` for what is no feed at all."""
    if not data[:4096].strip(_NOTHING) and not data.strip(_NOTHING):
        raise BadFile(
            "the file is empty", shown(name, 120), "Ask the source whether it has nothing to say."
        )
    if data.startswith(_JUNK):
        raise BadFile("the file is no text", shown(name, 120), "Hand in CSV, JSON, gzip or zip.")
    if data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]
    elif wide := _wide(data):
        try:
            data = data.decode(wide).removeprefix("\ufeff").encode()
        except UnicodeError:
            data = data.decode(wide, "replace").removeprefix("\ufeff").encode("utf-8", "replace")
    if _MARKUP.match(data[:512]):
        raise BadFile(
            "the file is a web page, not a report",
            shown(name, 120),
            "The source answered with an error page: fetch it again later.",
        )
    return data


def _wide(data: bytes) -> str:
    """The UTF-16 a text is in: by its mark, or by a NUL in every other byte."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    head = data[:256]
    half = len(head) // 2
    if half >= 8 and head[1::2].count(0) > half * 0.9:
        return "utf-16-le"
    if half >= 8 and head[0::2].count(0) > half * 0.9:
        return "utf-16-be"
    return ""


def repaired(piece: bytes) -> tuple[bytes, set[int]]:
    """A piece as UTF-8 without NULs, and which of its lines (from 0) had to be changed.

    A line that is not UTF-8 is read as Windows-1252, of which Latin-1 is all that matters; lines
    stay lines.
    """
    try:
        if b"\0" not in piece:
            piece.decode()
            return piece, set()
    except UnicodeDecodeError:
        pass
    changed: set[int] = set()
    lines = piece.split(b"\n")
    for number, line in enumerate(lines):
        fixed = line.replace(b"\0", b"") if b"\0" in line else line
        try:
            fixed.decode()
        except UnicodeDecodeError:
            fixed = _western(fixed).encode()
        if fixed is not line:
            lines[number] = fixed
            changed.add(number)
    return b"\n".join(lines), changed


def _western(line: bytes) -> str:
    try:
        return line.decode("cp1252")
    except UnicodeDecodeError:  # five bytes that Windows-1252 leaves open
        return line.decode("latin-1")
