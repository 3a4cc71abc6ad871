"""Words gathered from a page, each character with its place."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field

# A bracketed number, or a bare one; a bare one needs a wide gap or its turn among its siblings,
# because a lone paragraph may well begin with a year.
_NUM = re.compile(
    r"[\s\xa0]*(?:"
    r"(?P<num>\(?(?:[a-zA-Z]{1,2}|[ivxlIVXL]{1,6}|\d{1,3})(?: ?(?:bis|ter|quater))?[)])[\s\xa0]*"
    r"|(?P<bare>\d{1,3}(?:\.\d{1,3})*\.?(?: ?(?:bis|ter|quater)\b)?)(?P<gap>[\s\xa0]+)"
    r")(?=\S)"
)
# A footnote mark glued to a word of small letters: "countries1,". "MP3" and "WTDC-14" are none.
_GLUED = re.compile(r"(?<=[^\W\d_]{4})\d{1,2}(?![\w\-\u2011])")
_RUN = re.compile(r"[ \t\n\r\f]+")


def collapse(text: str) -> str:
    """Runs of ASCII blanks become one, as a browser shows them; others are kept but at ends."""
    return _RUN.sub(" ", text).strip()


@dataclass(slots=True)
class Words:
    """Stretches of text in order; `starts` are their places in `text`, `spans` in the HTML."""

    parts: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)
    size: int = 0
    raised: list[tuple[str, int, int]] = field(default_factory=list)  # <sup>1</sup>

    def add(self, text: str, start: int, end: int) -> None:
        self.parts.append(text)
        self.starts.append(self.size)
        self.spans.append((start, end))
        self.size += len(text)

    def gap(self, at: int) -> None:
        """A blank that the layout makes (`<br>`, a new block) and no character of the page."""
        if self.parts and self.parts[-1][-1:] not in " \n":
            self.add(" ", at, at)

    @property
    def text(self) -> str:
        return "".join(self.parts)

    def is_blank(self) -> bool:
        return not any(part.strip() for part in self.parts)

    def place(self, index: int) -> tuple[int, int]:
        """Start and end in the HTML of the character `index` of `text`."""
        at = bisect_right(self.starts, index) - 1
        start, end = self.spans[at]
        if end - start != len(self.parts[at]):  # a reference: one stretch, not divisible
            return start, end
        return start + index - self.starts[at], start + index - self.starts[at] + 1

    def bounds(self) -> tuple[int, int]:
        """Where the first and the last character that is no blank stand in the HTML."""
        text = self.text
        first = len(text) - len(text.lstrip())
        return self.place(first)[0], self.place(len(text.rstrip()) - 1)[1]

    def runs(self) -> list[tuple[str, int, int]]:
        """The words between tags, without blanks at the ends: (text, start, end)."""
        low, high = self.bounds()
        found: list[tuple[str, int, int]] = []
        for part, (start, end) in zip(self.parts, self.spans, strict=True):
            start, end, whole = max(start, low), min(end, high), end - start
            if start >= end:
                continue
            if whole == len(part) and end - start != whole:
                part = part.strip()
            if found and found[-1][2] == start:
                found[-1] = (found[-1][0] + part, found[-1][1], end)
            else:
                found.append((part, start, end))
        return found


@dataclass(frozen=True, slots=True)
class Line:
    """Words read as number, text and footnote marks (number, start and end in the HTML).

    `offsets` tells for each mark where it stood in `text`; -1 for one raised by a tag.
    """

    num: str
    text: str
    marks: tuple[tuple[str, int, int], ...]
    bounds: tuple[int, int]
    offsets: tuple[int, ...] = ()


def read_line(words: Words, expected: int, seen: int) -> Line:
    """Take number and footnote marks off. `expected` is the bare number whose turn it is.

    Footnotes count from 1 through a text: a digit after a word is a mark only if it is one
    already `seen` or the next one.
    """
    raw, num, start = words.text, "", 0
    match = _NUM.match(raw)
    if match:
        bare = match["bare"]
        if not bare or len(match["gap"]) > 1 or bare.rstrip(".") == str(expected):
            num, start = bare or match["num"], match.end()
    marks = [(*mark, -1) for mark in words.raised]
    kept: list[str] = []
    at = start
    seen = max([seen, *(int(mark) for mark, *_ in marks)])
    for glued in _GLUED.finditer(raw, start):
        if raw[glued.start() - 1].islower() and 1 <= int(glued.group()) <= seen + 1:
            seen = max(seen, int(glued.group()))
            first, last = words.place(glued.start())[0], words.place(glued.end() - 1)[1]
            kept.append(raw[at : glued.start()])
            marks.append((glued.group(), first, last, len(collapse("".join(kept)))))
            at = glued.end()
    text = collapse("".join([*kept, raw[at:]]))
    marks.sort(key=lambda mark: mark[1])
    return Line(
        num,
        text,
        tuple((number, first, last) for number, first, last, _ in marks),
        words.bounds(),
        tuple(offset for *_, offset in marks),
    )
