"""One pass over each XML part before a library sees it: is it safe, and what does it outline?

Nothing is kept but counts and places, so that a part made to grow in memory (ten million cells
in one row, tags nested a million deep) is refused while it is still a stream of bytes. On the
way the pass notes what openpyxl's read-only mode does not tell: formulas, merged cells, hidden
rows and columns, and how wide the filled part is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.parsers import expat

from comity.kit.errors import shown
from comity.kit.sheets.types import Limits
from comity.kit.sheets.zipped import refused

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384  # of the format: ECMA-376, 18.3.1
_DEEPEST = 100  # tags within tags; workbooks stay below 20
_PIECE = 2**16
_LONGEST = 2**20  # bytes of one tag or comment
_SHOWN = 60  # characters of a formula
_COORDINATE = re.compile("([A-Z]{1,3})([1-9][0-9]{0,6})")

Attributes = dict[str, str]


@dataclass(slots=True)
class Outline:
    """What a part is, by its root; the rest is of a worksheet."""

    root: str = ""
    cells: int = 0
    last_row: int = 0
    width: int = 0  # the last column with something in it
    sized: bool = False  # it states its dimension
    formulas: dict[int, list[int]] = field(default_factory=dict)  # row: columns
    wordings: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: list[tuple[int, int]] = field(default_factory=list)  # first and last row
    hidden_rows: int = 0
    first_hidden: int = 0
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)


def column_number(letters: str) -> int:
    """A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def outline(xml: bytes, name: str, limits: Limits) -> Outline:
    """The outline of a part; `Unreadable` for what no honest workbook holds."""
    place = shown(name)
    scan = _Scan(place, limits)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = scan.start
    parser.EndElementHandler = scan.end
    parser.CharacterDataHandler = scan.text
    parser.StartDoctypeDeclHandler = scan.doctype
    parser.EntityDeclHandler = scan.doctype
    parser.XmlDeclHandler = scan.declaration
    try:
        for at in range(0, len(xml), _PIECE):
            piece = xml[at : at + _PIECE]
            parser.Parse(piece, False)
            if at + len(piece) - parser.CurrentByteIndex > _LONGEST:
                raise refused("xml-size", "a part has a tag without an end", place)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        where = f"{place}, line {error.lineno}"
        raise refused("xml-damaged", "a part of the workbook is no XML", where) from None
    return scan.found


class _Scan:
    """The handlers of one pass."""

    def __init__(self, place: str, limits: Limits) -> None:
        self.place, self.limits, self.found = place, limits, Outline()
        self.depth = self.count = self.row = self.column = 0
        self.allowed = limits.elements
        self.wording: tuple[int, int] | None = None
        self.handlers: dict[str, Callable[[Attributes], None]] = {}

    def doctype(self, *_: object) -> None:
        what = "a part declares a document type or entities, which no workbook needs"
        raise refused("xml-entities", what, self.place)

    def declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        # What is not UTF-8 could hide from us what another parser sees.
        if (encoding or "utf-8").lower() not in ("utf-8", "us-ascii", "ascii"):
            raise refused("xml-encoding", "a part is not in UTF-8", self.place)

    def start(self, name: str, attributes: Attributes) -> None:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise refused("xml-depth", "a part nests tags too deep", self.place)
        handler = self.handlers.get(name)
        if handler:
            handler(attributes)
        elif self.depth == 1:
            self.rooted(name)
        else:
            self.count += 1
            if self.count > self.allowed:
                raise refused("xml-size", "a part has too many elements", self.place)

    def end(self, _name: str) -> None:
        self.depth -= 1
        self.wording = None

    def text(self, words: str) -> None:
        if self.wording:
            so_far = self.found.wordings.get(self.wording, "")
            self.found.wordings[self.wording] = (so_far + words)[:_SHOWN]

    def rooted(self, name: str) -> None:
        space, _, self.found.root = name.rpartition(" ")
        if space == STRICT:
            remedy = "Save it as “Excel Workbook (.xlsx)”, not as “Strict Open XML”."
            raise refused("strict-xlsx", "the workbook is in the strict variant", "", remedy)
        if space == MAIN and self.found.root == "worksheet":
            of = {"row": self.on_row, "c": self.on_cell, "v": self.on_value, "is": self.on_value}
            of |= {"f": self.on_formula, "mergeCell": self.on_merge, "col": self.on_column}
            of |= {"dimension": self.on_dimension}
            self.handlers = {f"{MAIN} {tag}": handler for tag, handler in of.items()}
            # an inline string has a text, and runs where it is rich
            self.allowed = self.limits.elements + 4 * self.limits.cells
        elif space == MAIN and self.found.root == "sst":
            self.allowed = 4 * self.limits.strings

    def on_dimension(self, _attributes: Attributes) -> None:
        self.found.sized = True

    def on_row(self, attributes: Attributes) -> None:
        stated = attributes.get("r", str(self.row + 1))
        number = int(stated) if stated.isascii() and stated.isdigit() and len(stated) < 8 else 0
        if not self.row < number <= LAST_ROW:
            what = f"row {shown(stated)} is out of order"
            raise refused("xlsx-order", what, f"after row {self.row}")
        self.row, self.column = number, 0
        if attributes.get("hidden") in ("1", "true"):
            self.found.hidden_rows += 1
            self.found.first_hidden = self.found.first_hidden or number

    def on_cell(self, attributes: Attributes) -> None:
        self.found.cells += 1
        if self.found.cells > self.limits.cells:
            what = f"the sheet has more than {self.limits.cells} cells"
            raise refused("too-many-cells", what, "", "Copy the table alone into a new file.")
        stated = attributes.get("r")
        column = self.column + 1
        if stated is not None:
            match = _COORDINATE.fullmatch(stated)
            column = column_number(match[1]) if match and int(match[2]) == self.row else 0
        if not self.column < column <= LAST_COLUMN:
            raise refused("xlsx-order", "a cell is out of order", f"row {self.row}")
        self.column = column

    def on_value(self, _attributes: Attributes) -> None:
        self.found.last_row = self.row
        if self.column > self.found.width:
            self.found.width = self.column

    def on_formula(self, attributes: Attributes) -> None:
        self.on_value(attributes)
        self.found.formulas.setdefault(self.row, []).append(self.column)
        if len(self.found.wordings) < self.limits.findings:
            self.wording = (self.row, self.column)

    def on_merge(self, attributes: Attributes) -> None:
        self.count += 1
        if self.count > self.limits.elements:
            raise refused("xml-size", "the sheet has too many merged cells", self.place)
        first, _, last = attributes.get("ref", "").partition(":")
        corners = _COORDINATE.fullmatch(first), _COORDINATE.fullmatch(last or first)
        if corners[0] and corners[1]:
            self.found.merged.append((int(corners[0][2]), int(corners[1][2])))

    def on_column(self, attributes: Attributes) -> None:
        self.count += 1
        first, last = attributes.get("min", ""), attributes.get("max", "")
        if attributes.get("hidden") in ("1", "true") and (first + last).isdecimal():
            self.found.hidden_columns.append((int(first[:6]), int(last[:6])))
