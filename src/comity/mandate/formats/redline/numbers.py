"""Numbers of paragraphs: how they are printed, and how they are read from their place.

A flattened redline fuses the new letter of a renumbered item with its old one ("ib)" was b) and
becomes i)), in either order and sometimes wrongly ("je)" was c)). So a letter is read from the
run of letters in its list: the sequence that rises with the fewest gaps. Whether "i)" is a
letter or a roman number is decided by its siblings, never by its shape.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

# list dash, number, dash behind the number ("~~f) — that")
_START = re.compile(
    r"\s*(?P<dash>[-–—•](?=\s))?\s*"
    r"(?P<printed>\(?(?P<letters>[a-z]{1,5})\)|(?P<digits>\d{1,2}(?:\.\d{1,2})*)(?P<stop>[.)]?))"
    r"(?=\s|$)\s*(?P<after>[-–—](?=\s))?"
)
_DASH = re.compile(r"\s*(?P<dash>[-–—•](?=\s))")
_ROMAN = re.compile(r"x{0,3}(?:ix|iv|v?i{0,3})")


@dataclass(frozen=True, slots=True)
class Printed:
    """The start of a paragraph: offsets into its plain line, -1 where there is none."""

    text: str = ""  # "ed)", "2"
    letters: str = ""  # "ed"
    digits: str = ""  # "2", "1.1"
    start: int = -1
    end: int = -1
    dash: int = -1
    after: int = -1


def read_start(plain: str) -> Printed:
    """What number and list dash a line starts with.

    >>> read_start("- ii) Resolution 52").text, read_start("2 to report").text
    ('ii)', '2')
    """
    found = _START.match(plain)
    if found and (found["digits"] or len(found["letters"]) <= 2 or roman(found["letters"])):
        return Printed(
            found["printed"],
            found["letters"] or "",
            found["digits"] or "",
            found.start("printed"),
            found.end("printed"),
            found.start("dash"),
            found.start("after"),
        )
    dashed = _DASH.match(plain)
    return Printed(dash=dashed.start("dash") if dashed else -1)


def roman(letters: str) -> int:
    """1 to 39, or 0 when the letters are no roman number.

    >>> roman("iv"), roman("ef")
    (4, 0)
    """
    if not letters or not _ROMAN.fullmatch(letters):
        return 0
    values = [{"i": 1, "v": 5, "x": 10}[c] for c in letters]
    return sum(-v if v < max(values[i:]) else v for i, v in enumerate(values))


def letter(value: int) -> str:
    return chr(ord("a") + value - 1)


@dataclass(slots=True)
class Level:
    style: str  # "digit" | "letter" | "roman"
    last: int
    item: int  # index of the item that carries `last`


@dataclass(slots=True)
class Place:
    """Where an item stands in its section's lists."""

    style: str = ""  # "" for an unnumbered paragraph
    depth: int = 0
    parent: int = -1  # index of the item it is a child of
    candidates: tuple[int, ...] = ()  # values the printed number may have; two when fused
    value: int = 0
    anchor: int = -1  # for an unnumbered paragraph: index of the numbered item before it


class Lists:
    """The open lists of one section while its items are read in order."""

    def __init__(self) -> None:
        self._open: list[Level] = []

    def put(self, item: int, printed: Printed, *, opens: bool, live: bool) -> Place:
        """Place one item. `opens`: the item before ends on a colon. `live`: not struck out."""
        if not printed.text:
            top = self._open[-1] if self._open else None
            parent = self._open[-2].item if len(self._open) > 1 else -1
            depth = max(len(self._open) - 1, 0)
            return Place("", depth, parent, (), top.last if top else 0, top.item if top else -1)
        style, candidates = self._style(printed, opens)
        styles = [level.style for level in self._open]
        depth = len(styles) - 1 - styles[::-1].index(style) if style in styles else -1
        if depth < 0 or (opens and 1 in candidates):  # a colon and a first number: a list inside
            depth = len(self._open)
        del self._open[depth + 1 :]
        parent = self._open[depth - 1].item if depth else -1
        value = candidates[0]
        if depth == len(self._open):
            self._open.append(Level(style, value, item))
        else:
            level = self._open[depth]
            level.item = item
            if live:
                rising = [c for c in candidates if c > level.last]
                level.last = min(rising) if rising else max(candidates)
        return Place(style, depth, parent, candidates, value)

    def expects(self, digits: str) -> bool:
        """Could this number open a paragraph here: 1, the last number again, or soon after it?"""
        value = int(digits.split(".")[0])
        last = next((lv.last for lv in self._open if lv.style == "digit"), 0)
        return value == 1 or last <= value <= last + 3

    def _style(self, printed: Printed, opens: bool) -> tuple[str, tuple[int, ...]]:
        if printed.digits:
            return "digit", (int(printed.digits.split(".")[0]),)
        letters, as_roman = printed.letters, roman(printed.letters)
        if as_roman and self._is_roman(letters, as_roman, opens):
            return "roman", (as_roman,)
        values = dict.fromkeys(ord(c) - ord("a") + 1 for c in letters[:2])
        return "letter", tuple(values)

    def _is_roman(self, letters: str, value: int, opens: bool) -> bool:
        if opens:
            return value == 1
        for level in reversed(self._open):
            if level.style == "roman" and level.last <= value <= level.last + 3:
                return True
            if level.style == "letter" and len(letters) == 1:
                return not 0 <= ord(letters) - ord("a") + 1 - level.last <= 3
        return len(letters) > 1 or value == 1


def rising(choices: Sequence[tuple[int, ...]]) -> list[int]:
    """Pick one value each so that the sequence rises with the fewest gaps.

    >>> [letter(v) for v in rising([(1,), (2,), (5, 4), (5, 4), (5, 6), (7,), (8, 6)])]
    ['a', 'b', 'd', 'e', 'f', 'g', 'h']
    """
    steps: list[dict[int, tuple[int, int]]] = []  # value: cost so far, value before it
    before: dict[int, tuple[int, int]] = {0: (0, 0)}
    for options in choices:
        before = {
            value: min((cost + _gap(last, value), last) for last, (cost, _) in before.items())
            for value in options
        }
        steps.append(before)
    picked: list[int] = []
    value = min(before, key=lambda v: before[v])
    for step in reversed(steps):
        picked.append(value)
        value = step[value][1]
    return picked[::-1]


def _gap(last: int, value: int) -> int:
    """Steps skipped; a repeated number is as odd as five gaps, a falling one as forty."""
    return value - last - 1 if value > last else 5 if value == last else 40
