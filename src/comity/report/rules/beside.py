"""A report beside the one before it: which sections, lines and figures are new, changed, gone.

Two lines are the same line when they say the same once every figure is replaced by its name and
the year reported on by a sign; so "Cyberdrills held in 2014: 3" stands beside "… in 2013: 1" as
one that changed, and a sentence in which only the year moved is no difference at all.
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from comity.report.types import tree
from comity.report.types.tree import Document, Runs, Section

SHARED = " · "  # between the cells of a row


class Fate(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a report: as it reads, and by what it is found again."""

    words: str
    same: str  # the words with the year replaced: equal where nothing but the year moved
    own: str  # with only the year reported on replaced: a date of its own may be next year's
    key: str  # with the figures replaced too


@dataclass(frozen=True, slots=True)
class Difference:
    fate: Fate
    before: str
    now: str


@dataclass(frozen=True, slots=True)
class Part:
    """A section that differs. `fate` is NEW or GONE for a section that only one of them has."""

    id: str
    heading: str
    fate: Fate
    differences: tuple[Difference, ...]


def parts(now: Document, year: int, before: Document, last: int) -> tuple[Part, ...]:
    """The sections that differ, in the order of the newer report; those that are gone last."""
    newer, older = _sections(now, year), _sections(before, last)
    found = []
    for key, (heading, lines) in newer.items():
        if key not in older:
            found.append(
                Part(
                    key, heading, Fate.NEW, tuple(Difference(Fate.NEW, "", x.words) for x in lines)
                )
            )
        elif differences := tuple(_lines(lines, older[key][1])):
            found.append(Part(key, heading, Fate.CHANGED, differences))
    found += [
        Part(key, heading, Fate.GONE, tuple(Difference(Fate.GONE, x.words, "") for x in lines))
        for key, (heading, lines) in older.items()
        if key not in newer
    ]
    return tuple(found)


def figures(
    now: Mapping[str, object], before: Mapping[str, object]
) -> tuple[tuple[str, Fate], ...]:
    """Figures by id and value: those that differ, in the order of the newer report."""
    found = []
    for key, value in now.items():
        if key not in before:
            found.append((key, Fate.NEW))
        elif before[key] != value:
            found.append((key, Fate.CHANGED))
    return (*found, *((key, Fate.GONE) for key in before if key not in now))


def _lines(now: list[Line], before: list[Line]) -> Iterator[Difference]:
    """Each line of one found in the other: first among those that say the same, then among those
    that differ in their figures only."""
    rest = _unmatched(now, before, lambda line: line.same)
    rest = _unmatched(*rest, lambda line: line.own)
    older: dict[str, deque[Line]] = defaultdict(deque)
    for line in rest[1]:
        older[line.key].append(line)
    for line in rest[0]:
        if older[line.key]:
            yield Difference(Fate.CHANGED, older[line.key].popleft().words, line.words)
        else:
            yield Difference(Fate.NEW, "", line.words)
    left = {id(line) for lines in older.values() for line in lines}
    for line in rest[1]:
        if id(line) in left:
            yield Difference(Fate.GONE, line.words, "")


def _unmatched(
    now: list[Line], before: list[Line], of: Callable[[Line], str]
) -> tuple[list[Line], list[Line]]:
    held: dict[str, deque[Line]] = defaultdict(deque)
    for line in before:
        held[of(line)].append(line)
    newer = []
    for line in now:
        if held[of(line)]:
            held[of(line)].popleft()
        else:
            newer.append(line)
    left = {id(line) for lines in held.values() for line in lines}
    return newer, [line for line in before if id(line) in left]


def _sections(document: Document, year: int) -> dict[str, tuple[str, list[Line]]]:
    """Every section with its own lines: those of the sections in it are theirs. What stands
    before the first is under ""."""
    write = _Lines(year)
    opening = [line for part in document.box for runs in part.paragraphs for line in write(runs)]
    found = {"": ("", opening + list(write.blocks(document.blocks)))}
    above: list[str] = []
    for level, section in document.sections():
        heading = f"{section.number} {section.heading}".strip()
        above = [*above[: level - 1], heading]
        # "Paragraph 2" alone does not say of what.
        found[section.id] = (SHARED.join(above[1:] or above), list(write.blocks(section.blocks)))
    return found


class _Lines:
    """The lines of blocks, without the numbers of paragraphs, which move."""

    def __init__(self, year: int) -> None:
        # 2013 of a report on 2013 is "the year"; of one on 2014, "the year before".
        self.years = {str(year): "\x00", str(year - 1): "\x01", str(year + 1): "\x02"}
        self.year = re.compile(rf"(?<!\d)(?:{'|'.join(self.years)})(?!\d)")
        self.own = re.compile(rf"(?<!\d){year}(?!\d)")

    def __call__(self, *cells: Runs) -> Iterator[Line]:
        words = SHARED.join("".join(map(_said, runs)) for runs in cells).strip(SHARED)
        if words:
            key = SHARED.join("".join(map(_named, runs)) for runs in cells).strip(SHARED)
            own = self.own.sub("\x00", words)
            yield Line(words, self._without(words), own, self._without(key))

    def _without(self, words: str) -> str:
        return self.year.sub(lambda found: self.years[found[0]], words)

    def blocks(self, blocks: tuple[tree.Block, ...]) -> Iterator[Line]:
        for block in blocks:
            if not isinstance(block, Section):
                yield from self._block(block)

    def _block(self, block: tree.Block) -> Iterator[Line]:
        match block:
            case tree.Paragraph():
                yield from self(block.runs)
            case tree.Notice():
                yield from self((tree.Text(block.heading),), block.runs)
            case tree.ListBlock():
                for item in block.items:
                    yield from self(item)
            case tree.Table():
                for row in block.rows:
                    yield from self(*row)
            case tree.Definitions():
                for term, said in block.items:
                    yield from self(term, said)
            case tree.Quote():
                for line in block.lines:
                    yield from self((tree.Text(line.words),))
            case tree.Timeline():
                for moment in block.moments:
                    yield from self((tree.Text(moment.date),), moment.runs)
            case tree.Picture():
                for series in block.series:
                    values = ", ".join("" if v is None else str(v) for v in series.values)
                    yield from self((tree.Text(f"{series.name}: {values}"),))
            case _:
                return


def _said(run: tree.Run) -> str:
    return " " if isinstance(run, tree.Break) else run.words


def _named(run: tree.Run) -> str:
    return f"\x03{run.figure}" if isinstance(run, tree.FigureRef) else _said(run)
