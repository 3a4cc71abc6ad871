"""The nouns of a spreadsheet: its rows, what was found wrong, and how much is too much."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from comity.kit.errors import KitError

Cell = str | int | float | bool | dt.date | None
"""What a writer takes. A `datetime` is a `date` too; it is written as ISO 8601 text."""

MB = 2**20


class Unreadable(KitError, ValueError):
    """A file that cannot be read as a table at all; `place` says where, where there is a place.

    `code` is stable, for the doors: "too-large" is a 413, all others are bad input.
    """

    def __init__(self, message: str, place: str = "", remedy: str = "", code: str = "") -> None:
        super().__init__(message, place, remedy)
        self.args = (message, place, remedy, code)  # all four, so that it survives pickling
        self.code = code


class Unwritable(KitError, ValueError):
    """A table that no file of the format can hold."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is too much. What a person edits by hand stays far below each of them."""

    upload: int = 20 * MB  # bytes
    rows: int = 200_000
    columns: int = 200
    cells: int = 4_000_000  # 200,000 rows of 20; holds memory near 500 MB at the very worst
    cell: int = 32 * 1024  # characters; a cell of Excel holds 32,767
    findings: int = 10_000  # told one by one; past that they are counted
    # XLSX, which is a zip of XML:
    entries: int = 2_000
    inflated: int = 200 * MB
    ratio: int = 100  # to one, for entries above `ratio_above` when inflated
    ratio_above: int = MB
    elements: int = 200_000  # in a part without rows; Excel allows 65,490 cell formats
    strings: int = 2_000_000  # in the table of shared strings


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a person should know: what, where, and what to do about it.

    `row` counts as the spreadsheet does (the header is row 1), 0 is the whole file. `column` is
    the header's name, or the letter where no name stands. `facts` are the values within the
    message, so that a door can say the sentence of `code` in another language.
    """

    code: str
    message: str
    row: int = 0
    column: str = ""
    remedy: str = ""
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One row of data. `held` names why it must wait for a person, as codes of findings.

    `extra` are cells that no column names; nothing that was in the file is dropped.
    """

    number: int
    cells: Mapping[str, str]
    held: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as it was sent. Rows and blank rows together are all rows below the header."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    findings: tuple[Finding, ...] = ()
    format: str = "csv"
    encoding: str = ""
    delimiter: str = ""
    title: str = ""
    blank: int = 0
