"""From characters to lines of pieces: words with the marks they stand under, each with its span.

A Markdown parser would drop what is broken here (`~~h) ... 2006~~ Guadalajara`), and what is
broken is what a reader must see. So marks are read as plain switches: `~~`, `*` and `**` within
a paragraph, brackets over paragraphs. Nothing is thrown away: pieces, marks and line ends cover
the source without gap or overlap.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from comity.mandate.formats.redline.doubts import Doubts
from comity.mandate.rules.sections import is_heading
from comity.mandate.types import Mark, MarkKind, Span

_TOKEN = re.compile(r"\*\*|\*|~~|\[|\]|[^*~\[\]]+|~")
_KINDS = {
    "~~": MarkKind.STRIKE,
    "*": MarkKind.EMPHASIS,
    "**": MarkKind.STRONG,
    "[": MarkKind.OPEN,
    "]": MarkKind.CLOSE,
}
# A heading in emphasis at the end of a line, behind the end mark of a paragraph.
_HEADING_INSIDE = re.compile(r"(?<=[,;.:])\s*\*(?P<heading>[^*]+)\*\s*$")
_LIST_DASH = re.compile(r"\s*[-–—•]\s")
BYTE_ORDER_MARK = "\ufeff"
DEEPEST = 20  # brackets inside brackets; the draft of Resolution 130 has two
# Of signs or of lines; the draft has 143 and 299. Bounds the memory that a hostile file can take.
MOST = 50_000


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters of one line under the same marks; `bracket` is where the bracket opens, or -1."""

    start: int
    end: int
    text: str
    struck: bool = False
    emphasis: bool = False
    bracket: int = -1


@dataclass(frozen=True, slots=True)
class Line:
    """One line, or the part of one before or after a heading inside it."""

    number: int
    plain: str  # the words, marks off
    pieces: tuple[Piece, ...]
    fresh: bool  # opens a block: behind a blank line or a heading, or with a list dash
    heading: bool


@dataclass(frozen=True, slots=True)
class Scan:
    """A source as lines; `ends` are the spans of line ends."""

    lines: tuple[Line, ...]
    marks: tuple[Mark, ...]
    ends: tuple[Span, ...]
    unclosed: frozenset[int]  # offsets of brackets that never close


@dataclass(slots=True)
class _Raw:
    number: int
    plain: str
    tokens: list[tuple[MarkKind | None, int, int]]  # None: words
    fresh: bool
    heading: bool


def scan(text: str, doubts: Doubts) -> Scan:
    """Cut a source into lines of pieces; marks that do not pair become findings."""
    signs = sum(text.count(sign) for sign in ("~~", "*", "[", "]"))
    if max(signs, text.count("\n")) > MOST:
        raise doubts.refuse(
            f"The file has more than {MOST:,} lines or marks.",
            0,
            "Load one resolution at a time.",
        )
    raws, ends = _raw_lines(text)
    pairs, unclosed = _pair_brackets(raws, doubts)
    lines = tuple(_apply(text, raws, pairs, doubts))
    marks = tuple(
        Mark(kind, Span(start, end), text[start:end])
        for raw in raws
        for kind, start, end in raw.tokens
        if kind is not None
    )
    return Scan(lines, marks, tuple(ends), unclosed)


def _raw_lines(text: str) -> tuple[list[_Raw], list[Span]]:
    raws: list[_Raw] = []
    ends: list[Span] = []
    start, number, fresh = int(text.startswith(BYTE_ORDER_MARK)), 1, True
    while start <= len(text):
        end = text.find("\n", start)
        stop = len(text) if end < 0 else end
        for left, right in _split_heading(text, start, stop):
            tokens = [
                (_KINDS.get(m[0]), m.start(), m.end()) for m in _TOKEN.finditer(text, left, right)
            ]
            plain = "".join(text[s:e] for kind, s, e in tokens if kind is None)
            heading = is_heading(plain.strip())
            opens = fresh or heading or bool(_LIST_DASH.match(plain))
            raws.append(_Raw(number, plain, tokens, opens, heading))
            fresh = heading or not plain.strip()
        if end < 0:
            break
        ends.append(Span(end, end + 1))
        start, number = end + 1, number + 1
    return raws, ends


def _split_heading(text: str, start: int, stop: int) -> Iterator[tuple[int, int]]:
    found = _HEADING_INSIDE.search(text, start, stop)
    if found and is_heading(found["heading"].strip()):
        yield start, found.start()
        yield found.start(), stop
    else:
        yield start, stop


def _pair_brackets(raws: list[_Raw], doubts: Doubts) -> tuple[dict[int, int], frozenset[int]]:
    """Opening offset to closing offset, and what never closes. A bracket ends with its section
    at the latest, unless it opened in the heading."""
    pairs: dict[int, int] = {}
    unclosed: list[int] = []
    stack: list[tuple[int, bool]] = []
    for raw in raws:
        if raw.heading:
            unclosed += [offset for offset, in_heading in stack if not in_heading]
            stack = [entry for entry in stack if entry[1]]
        for kind, start, _ in raw.tokens:
            if kind is MarkKind.OPEN:
                stack.append((start, raw.heading))
                if len(stack) > DEEPEST:
                    raise doubts.refuse(
                        f"Brackets open {DEEPEST} deep and do not close.",
                        stack[0][0],
                        "Close the brackets that open here.",
                    )
            elif kind is MarkKind.CLOSE and stack:
                pairs[stack.pop()[0]] = start
            elif kind is MarkKind.CLOSE:
                doubts.add(
                    "unopened-bracket",
                    "A bracket closes that was never opened; no words are taken as bracketed.",
                    start,
                    "Find in the published document where the bracketed text begins.",
                )
    unclosed += [offset for offset, _ in stack]
    return pairs, frozenset(unclosed)


def _apply(text: str, raws: list[_Raw], pairs: dict[int, int], doubts: Doubts) -> Iterator[Line]:
    """Walk the tokens with the switches in hand: which marks each piece stands under."""
    since = {MarkKind.STRIKE: -1, MarkKind.EMPHASIS: -1, MarkKind.STRONG: -1}
    strikes = [s for raw in raws for kind, s, _ in raw.tokens if kind is MarkKind.STRIKE]
    following = dict(pairwise(strikes))
    stack: list[int] = []  # brackets we are in; one that never closes leaves with its block
    for raw in raws:
        if raw.fresh:
            stack = [offset for offset in stack if offset in pairs]
            for switch, opened in since.items():
                runs_on = switch is MarkKind.STRIKE and _closes(text, following.get(opened, -1))
                if opened >= 0 and not runs_on:
                    _report_unclosed(switch, opened, text, doubts)
                    since[switch] = -1
        pieces: list[Piece] = []
        for kind, start, end in raw.tokens:
            if kind is None:
                struck, emphasis = since[MarkKind.STRIKE] >= 0, since[MarkKind.EMPHASIS] >= 0
                bracket = stack[0] if stack else -1
                pieces.append(Piece(start, end, text[start:end], struck, emphasis, bracket))
            elif kind is MarkKind.OPEN:
                stack.append(start)
            elif kind is MarkKind.CLOSE:
                if stack and pairs.get(stack[-1]) == start:
                    stack.pop()
            else:
                since[kind] = -1 if since[kind] >= 0 else start
        yield Line(raw.number, raw.plain, tuple(pieces), raw.fresh, raw.heading)
    for switch, opened in since.items():
        if opened >= 0:
            _report_unclosed(switch, opened, text, doubts)


def _closes(text: str, offset: int) -> bool:
    """Does this strike mark look like a closing one: words before it, none glued behind it?"""
    if offset <= 0:
        return False
    behind = text[offset + 2 : offset + 3]
    return not text[offset - 1].isspace() and (not behind or behind.isspace() or behind in ",;.:)]")


def _report_unclosed(kind: MarkKind, offset: int, text: str, doubts: Doubts) -> None:
    sign = "*" if kind is MarkKind.EMPHASIS else text[offset : offset + 2]
    doubts.add(
        f"unclosed-{kind.value}",
        f"The mark {sign} opens and does not close in its paragraph; it is taken to run to the "
        "paragraph's end.",
        offset,
        "Add the closing mark where the published document has it.",
    )
