"""What stands before the first section: document head, title, enacting formula, date."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from comity.mandate.formats.redline.cover import Cover
from comity.mandate.formats.redline.labels import read_label
from comity.mandate.formats.redline.tokens import Line
from comity.mandate.types import ArtefactKind

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
    title: str
    subtitle: str
    formula: str
    date: dt.date | None


def read_head(lines: Sequence[Line], cover: Cover) -> Head:
    """Name every line before the first heading; titles are given in their clean reading."""
    found: dict[ArtefactKind, list[str]] = {ArtefactKind.TITLE: [], ArtefactKind.FORMULA: []}
    date: dt.date | None = None
    for block in _blocks(lines):
        plain = "\n".join(line.plain for line in block)
        kind = _kind(plain, found)
        if kind in found:
            found[kind].append(_clean(block))
        elif kind is ArtefactKind.HEAD:
            date = date or _date(plain)
        for line in block:
            cover.name(kind, line.pieces)
    title, *subtitle = found[ArtefactKind.TITLE] or [""]
    return Head(title, " ".join(subtitle), " ".join(found[ArtefactKind.FORMULA]), date)


def _blocks(lines: Sequence[Line]) -> list[list[Line]]:
    blocks: list[list[Line]] = []
    for line in lines:
        if line.fresh or not line.plain.strip() or not blocks:
            blocks.append([])
        blocks[-1].append(line)
    return blocks


def _kind(plain: str, found: dict[ArtefactKind, list[str]]) -> ArtefactKind:
    if not plain.strip():
        return ArtefactKind.BLANK
    if read_label(plain):
        return ArtefactKind.TAG
    if found[ArtefactKind.TITLE]:
        if found[ArtefactKind.FORMULA] or _FORMULA.fullmatch(plain):
            return ArtefactKind.FORMULA
        return ArtefactKind.TITLE
    return ArtefactKind.TITLE if _TITLE.match(plain) else ArtefactKind.HEAD


def _clean(block: Sequence[Line]) -> str:
    words = ("".join(p.text for p in line.pieces if not p.struck) for line in block)
    return " ".join(" ".join(words).split())


def _date(plain: str) -> dt.date | None:
    found = _DATE.search(plain)
    if not found:
        return None
    day, month, year = found.groups()
    try:
        return dt.date(int(year), _MONTHS[month], int(day))
    except ValueError:
        return None  # "31 February": the head is kept as printed either way
