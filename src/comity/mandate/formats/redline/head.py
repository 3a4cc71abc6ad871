"""What stands before the first section: document head, title, enacting formula, date."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from comity.mandate.formats.redline.cover import Cover
from comity.mandate.formats.redline.labels import read_label
from comity.mandate.formats.redline.repairs import join_blanks, repair
from comity.mandate.formats.redline.tokens import Line
from comity.mandate.types import ArtefactKind, Run, Span, reading

_TITLE = re.compile(
    r"\s*(?:(?:pp|draft|proposed|revised|new|revision|of|to|the)\s+)*"
    r"(?:resolution|decision|recommendation|opinion)\s+[\w-]+",
    re.I,
)
_FORMULA = re.compile(r"\s*The\s.*(?:Conference|Assembly|Council|Union)\b.*", re.S)
_MONTHS = {
    "January": 1, "February": 2, "March": 3, "April": 4, "May": 5, "June": 6, "July": 7,
    "August": 8, "September": 9, "October": 10, "November": 11, "December": 12,
}  # fmt: skip
_DATE = re.compile(rf"\b(\d{{1,2}})\s+({'|'.join(_MONTHS)})\s+(\d{{4}})\b")


@dataclass(frozen=True, slots=True)
class Head:
    title: tuple[Run, ...]
    subtitle: str
    formula: tuple[Run, ...]
    date: dt.date | None


def read_head(lines: Sequence[Line], cover: Cover) -> Head:
    """Name every line before the first heading. Title and formula keep the marks they stand
    under; their words are artefacts all the same, not passages."""
    found: dict[ArtefactKind, list[list[Line]]] = {ArtefactKind.TITLE: [], ArtefactKind.FORMULA: []}
    date: dt.date | None = None
    for block in _blocks(lines):
        plain = "\n".join(line.plain for line in block)
        kind = _kind(plain, found)
        if kind in found:
            found[kind].append(block)
        elif kind is ArtefactKind.HEAD:
            date = date or _date(plain)
        for line in block:
            cover.name(kind, line.pieces)
    title, *subtitle = found[ArtefactKind.TITLE] or [[]]
    return Head(
        _runs(title),
        reading(_runs([line for block in subtitle for line in block]), struck=False),
        _runs([line for block in found[ArtefactKind.FORMULA] for line in block]),
        date,
    )


def _blocks(lines: Sequence[Line]) -> list[list[Line]]:
    blocks: list[list[Line]] = []
    for line in lines:
        if line.fresh or not line.plain.strip() or not blocks:
            blocks.append([])
        blocks[-1].append(line)
    return blocks


def _kind(plain: str, found: Mapping[ArtefactKind, list[list[Line]]]) -> ArtefactKind:
    if not plain.strip():
        return ArtefactKind.BLANK
    if read_label(plain):
        return ArtefactKind.TAG
    if found[ArtefactKind.TITLE]:
        if found[ArtefactKind.FORMULA] or _FORMULA.fullmatch(plain):
            return ArtefactKind.FORMULA
        return ArtefactKind.TITLE
    return ArtefactKind.TITLE if _TITLE.match(plain) else ArtefactKind.HEAD


def _runs(lines: Sequence[Line]) -> tuple[Run, ...]:
    """The words of some lines with their marks, old and new told apart as in a passage."""
    runs: list[Run] = []
    for line in lines:
        pieces = [p for p in line.pieces if p.text]
        if runs and pieces:
            runs.append(Run(" ", pieces[0].struck, Span(pieces[0].start, pieces[0].start)))
        runs += [
            Run(p.text, p.struck, Span(p.start, p.end), p.emphasis, p.bracket >= 0) for p in pieces
        ]
    done, _ = repair(join_blanks(runs))
    return tuple(join_blanks(done))


def _date(plain: str) -> dt.date | None:
    found = _DATE.search(plain)
    if not found:
        return None
    day, month, year = found.groups()
    try:
        return dt.date(int(year), _MONTHS[month], int(day))
    except ValueError:
        return None  # "31 February": the head is kept as printed either way
