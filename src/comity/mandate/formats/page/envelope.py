"""Find the HTML inside the JSON of a page, and the way back from it to the file.

The json module decodes a string but forgets where it stood; a provision must be able to point
at its words in the source, so the escapes of that one string are walked here.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import Any

from comity.mandate.types import MandateError

# A page of this kind weighs 50 kB; a hundred times that is no resolution any more.
MAX_BYTES = 5_000_000

_SHAPE = "Give the page as the WordPress REST API returns it (/wp-json/wp/v2/pages/<id>)."
_AGAIN = "Fetch the file again; it may have been cut off or changed on the way."
_ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)"
)
_BLANK = re.compile(r"[ \t\n\r]*")
# What neither HTML nor XML 1.0 can hold: C0 controls but for blanks, lone surrogates, U+FFFE/F.
_UNFIT = re.compile("[\x00-\x08\x0b\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Whole numbers stay strings: the page's numbers are not used, and Python refuses very long ones.
_DECODER = json.JSONDecoder(parse_int=str, parse_float=str)


def place(source: str, offset: int) -> tuple[int, int]:
    """Line and column of an offset, both from 1."""
    return source.count("\n", 0, offset) + 1, offset - source.rfind("\n", 0, offset)


@dataclass(frozen=True, slots=True)
class Rendered:
    """The HTML of a page and where it lies in the file."""

    source: str  # the file, decoded
    html: str
    title: str  # title.rendered, "" where the page has none
    start: int  # offset of the first character of the JSON string, after its quote
    end: int  # offset of the closing quote
    breaks: tuple[int, ...]  # positions in `html` where the distance to the source changes
    sources: tuple[int, ...]  # the offsets in `source` at those positions

    def offset(self, index: int) -> int:
        """The offset in the file of the position `index` in the HTML."""
        at = bisect_right(self.breaks, index) - 1
        return self.sources[at] + index - self.breaks[at]

    def place(self, index: int) -> tuple[int, int]:
        """Line and column in the file of the position `index` in the HTML."""
        return place(self.source, self.offset(index))


def open_envelope(data: bytes) -> Rendered:
    """Take a page's file apart. Raises MandateError for anything but such a page."""
    source = _decode(data)
    page = _load(source)
    content = page.get("content")
    html = content.get("rendered") if isinstance(content, dict) else None
    if not isinstance(html, str):
        raise MandateError("This JSON has no text at content.rendered.", remedy=_SHAPE)
    start = _string_at(source, "content", "rendered")
    end, breaks, sources = _positions(source, start, html)
    rendered = Rendered(source, html, _title(page), start, end, breaks, sources)
    unfit = _UNFIT.search(html)
    if unfit:
        line, column = rendered.place(unfit.start())
        raise MandateError(
            f"The page holds the character U+{ord(unfit.group()):04X}, which no text may hold.",
            line=line,
            column=column,
            remedy="Remove it from the page.",
        )
    return rendered


def _decode(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise MandateError(
            f"The file has {len(data):,} bytes; a page may have {MAX_BYTES:,}.",
            remedy="Give the page alone, without attachments.",
        )
    nul = data.find(b"\0")
    if nul >= 0:
        line = data.count(b"\n", 0, nul) + 1
        raise MandateError(
            "The file holds NUL bytes, so it is no text.",
            line=line,
            column=nul - data.rfind(b"\n", 0, nul),
            remedy=_AGAIN,
        )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        line, column = place(before, len(before))
        raise MandateError(
            "The file is not UTF-8.", line=line, column=column, remedy="Save it as UTF-8."
        ) from None


def _load(source: str) -> dict[str, Any]:
    body = source.removeprefix("\ufeff")
    try:
        page = _DECODER.decode(body)
    except json.JSONDecodeError as error:
        raise MandateError(
            f"The file is not JSON, or is cut off: {error.msg}.",
            line=error.lineno,
            column=error.colno,
            remedy=_AGAIN,
        ) from None
    except RecursionError:
        raise MandateError("The JSON is nested too deep for a page.", remedy=_SHAPE) from None
    if not isinstance(page, dict):
        raise MandateError("This JSON is not one page (an object).", remedy=_SHAPE)
    return page


def _title(page: dict[str, Any]) -> str:
    title = page.get("title")
    rendered = title.get("rendered") if isinstance(title, dict) else None
    return _UNFIT.sub("", rendered) if isinstance(rendered, str) else ""


def _string_at(source: str, *names: str) -> int:
    """The offset just after the opening quote of the string at `names`."""
    at = 1 if source.startswith("\ufeff") else 0
    for name in names:
        at = _member(source, _skip(source, at), name)
    return at + 1


def _member(source: str, at: int, name: str) -> int:
    """Where the value of `name` starts in the object at `at`; the last one, as json has it."""
    found, at = -1, _skip(source, at + 1)
    while source[at] != "}":
        key, at = _DECODER.raw_decode(source, at)
        at = _skip(source, _skip(source, at) + 1)
        if key == name:
            found = at
        at = _skip(source, _DECODER.raw_decode(source, at)[1])
        if source[at] == ",":
            at = _skip(source, at + 1)
    return found


def _skip(source: str, at: int) -> int:
    match = _BLANK.match(source, at)
    return match.end() if match else at


def _positions(source: str, start: int, html: str) -> tuple[int, tuple[int, ...], tuple[int, ...]]:
    """The string's end, and the pairs (position in HTML, offset in source) after each escape."""
    breaks, sources = [0], [start]
    for escape in _ESCAPE.finditer(source, start):
        index = breaks[-1] + escape.start() - sources[-1]
        if index >= len(html):
            break
        breaks.append(index + 1)
        sources.append(escape.end())
    return sources[-1] + len(html) - breaks[-1], tuple(breaks), tuple(sources)
