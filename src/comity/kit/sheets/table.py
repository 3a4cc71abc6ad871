"""From cells to rows, the same for CSV and XLSX: what the header names, what it does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from comity.kit.errors import shown
from comity.kit.sheets.faults import Findings
from comity.kit.sheets.types import Limits, Row, Unreadable


def letter(index: int) -> str:
    """The letter a spreadsheet gives a column: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


@dataclass(slots=True)
class Table:
    """A table in the making: the header is read, rows are added one by one."""

    header: Sequence[str]
    number: int  # the header's row
    limits: Limits
    findings: Findings
    columns: tuple[str, ...] = ()
    rows: list[Row] = field(default_factory=list)
    blank: int = 0
    _places: tuple[int, ...] = ()
    _width: int = 0
    _whole: bool = False  # every column has a name

    def __post_init__(self) -> None:
        names = [name.strip() for name in self.header]
        self._places = tuple(place for place, name in enumerate(names) if name)
        self._width = self._places[-1] + 1 if self._places else 0
        self._whole = len(self._places) == self._width
        self.columns = tuple(names[place] for place in self._places)
        where = f"row {self.number}"
        if not self.columns:
            raise _unreadable("no-header", "no column has a name", where)
        if self._width > self.limits.columns:
            what = f"{self._width} columns, more than {self.limits.columns}"
            raise _unreadable("too-many-columns", what, where)
        first: dict[str, int] = {}
        for place, name in zip(self._places, self.columns, strict=True):
            if len(name) > self.limits.cell:
                raise _unreadable("bad-header", "a column's name is too long", where)
            if name in first:
                columns = f"columns {letter(first[name])} and {letter(place)}"
                what = f"two columns are called {shown(name)}"
                raise _unreadable("duplicate-column", what, f"{where}, {columns}")
            first[name] = place

    def name(self, place: int) -> str:
        """The header's name of a place, or the spreadsheet's letter where it has none."""
        named = self.header[place].strip() if place < len(self.header) else ""
        return named or letter(place)

    def add(self, number: int, cells: Sequence[str], held: Sequence[str] = ()) -> None:
        """One row more. Cells may be fewer or more than the header's: then the row is held."""
        empty = not any(cells) or (len(cells) == 1 < self._width and not cells[0].strip())
        if empty and not held:  # a row of nothing but formulas is not blank
            self.blank += 1
            return
        self._room()
        reasons = list(held)
        if len(cells) < self._width:
            facts = {"found": str(len(cells)), "wanted": str(self._width)}
            self.findings.tell("too-few-cells", number, **facts)
            reasons.append("too-few-cells")
        if cells and max(map(len, cells)) > self.limits.cell:
            self._long(number, cells)
            reasons.append("cell-too-long")
        extra: tuple[str, ...] = ()
        if self._whole and len(cells) == self._width:
            values = dict(zip(self.columns, cells, strict=True))
        else:
            padded = (*cells, *("" for _ in range(self._width - len(cells))))
            places = zip(self.columns, self._places, strict=True)
            values = {name: padded[place] for name, place in places}
            extra = self._unnamed(number, padded, reasons)
        self.rows.append(Row(number, values, tuple(dict.fromkeys(reasons)), extra))

    def _room(self) -> None:
        if len(self.rows) >= self.limits.rows:
            raise _unreadable("too-many-rows", f"more than {self.limits.rows} rows", "")
        if (len(self.rows) + 1) * len(self.columns) > self.limits.cells:
            raise _unreadable("too-many-cells", f"more than {self.limits.cells} cells", "")

    def _long(self, number: int, cells: Sequence[str]) -> None:
        for place, cell in enumerate(cells):
            if len(cell) > self.limits.cell:
                facts = {"found": str(len(cell)), "wanted": str(self.limits.cell)}
                self.findings.tell("cell-too-long", number, self.name(place), **facts)

    def _unnamed(self, number: int, cells: Sequence[str], reasons: list[str]) -> tuple[str, ...]:
        named = set(self._places)
        extra = [(i, cell) for i, cell in enumerate(cells) if cell and i not in named]
        for place, cell in extra:
            code = "unnamed-column" if place < self._width else "too-many-cells"
            self.findings.tell(code, number, letter(place), text=shown(cell))
            reasons.append(code)
        return tuple(cell for _, cell in extra)


_REMEDIES = {
    "no-header": "Put the names of the columns in the first row.",
    "too-many-columns": "Keep the columns of the template; delete the others.",
    "bad-header": "Put the names of the columns in the first row.",
    "duplicate-column": "Give each column a name of its own.",
    "too-many-rows": "Split the file and send its parts one after another.",
    "too-many-cells": "Split the file and send its parts one after another.",
}


def _unreadable(code: str, message: str, place: str) -> Unreadable:
    return Unreadable(message, place, _REMEDIES[code], code)
