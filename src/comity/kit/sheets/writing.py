"""Tables as bytes that no spreadsheet runs and that are the same for the same data."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import shutil
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from comity.kit.sheets.faults import finding
from comity.kit.sheets.guard import guard, runs
from comity.kit.sheets.outline import LAST_COLUMN, LAST_ROW
from comity.kit.sheets.table import letter
from comity.kit.sheets.types import Cell, Finding, Unwritable

_BATCH = 500  # rows of one piece of a CSV
_LONGEST = 32_767  # of an Excel cell, in UTF-16 units
_MARK = " […]"
_DIGITS = 10**15  # larger numbers would lose digits
_MOMENT = (1980, 1, 1, 0, 0, 0)  # the first that a zip can say
_FIRST_DATE = dt.date(1900, 3, 1)  # Excel counts a 29 February 1900
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_UNSAFE = re.compile(f"{_ILLEGAL.pattern}|_x[0-9A-Fa-f]{{4}}_|^#|\\A=")
_NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\\x00-\x1f\ud800-\udfff\ufffe\uffff]")


def write_csv(
    columns: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    mark: bool = True,
    told: list[Finding] | None = None,
) -> Iterator[bytes]:
    """CSV in pieces: UTF-8, commas, CRLF (RFC 4180), the byte order mark by choice.

    Excel reads a CSV without the mark in the machine's old code page. Text that a spreadsheet
    would run gets an apostrophe, which `read` takes off again; numbers stay numbers. What
    UTF-8 cannot hold is replaced visibly and noted in `told`.
    """
    sheet = io.StringIO(newline="")
    # Excel takes a file that starts with ID for SYLK, and sep= for a command; other delimiters
    # in names would mislead those who look for the delimiter in the header.
    risky = any(c in name for name in columns for c in ";\t") or (
        bool(columns) and columns[0].lower().startswith(("id", "sep="))
    )
    head = csv.writer(
        sheet, lineterminator="\r\n", quoting=csv.QUOTE_ALL if risky else csv.QUOTE_MINIMAL
    )
    head.writerow([_csv_cell(name, 1, i, told) for i, name in enumerate(columns)])
    lines = csv.writer(sheet, lineterminator="\r\n")
    start = b"\xef\xbb\xbf" if mark else b""
    for number, row in enumerate(rows, 2):
        _same_width(columns, row, number)
        lines.writerow([_csv_cell(cell, number, place, told) for place, cell in enumerate(row)])
        if number % _BATCH == 0:
            yield start + sheet.getvalue().encode("utf-8")
            start = b""
            sheet.seek(0)
            sheet.truncate()
    yield start + sheet.getvalue().encode("utf-8")


def _csv_cell(cell: Cell, row: int, place: int, told: list[Finding] | None) -> str | int | float:
    if not isinstance(cell, str):
        text = _plain(cell)
        return guard(text) if isinstance(text, str) else text
    try:
        cell.encode("utf-8")
    except UnicodeEncodeError:
        cell = cell.encode("utf-8", "backslashreplace").decode("utf-8")
        _tell(told, "character-replaced", row, place)
    if "\0" in cell:
        cell = cell.replace("\0", "␀")
        _tell(told, "character-replaced", row, place)
    return guard(cell)


def _plain(cell: Cell) -> str | int | float:
    """Dates as ISO 8601, booleans as true and false, nothing as an empty cell."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return cell


def _tell(told: list[Finding] | None, code: str, row: int, place: int, **facts: str) -> None:
    if told is not None:
        told.append(finding(code, row, letter(place), **facts))


def _same_width(columns: Sequence[str], row: Sequence[Cell], number: int) -> None:
    if len(row) != len(columns):
        what = f"a row of {len(row)} cells under {len(columns)} columns"
        raise Unwritable(what, f"row {number}", "Give each row one cell a column.")


def write_xlsx(
    columns: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    title: str,
    notes: Sequence[str] = (),
    notes_title: str = "Notes",
    rtl: bool = False,
    told: list[Finding] | None = None,
) -> bytes:
    """An Excel workbook as bytes; see `write_xlsx_to`."""
    whole = io.BytesIO()
    options: dict[str, Any] = {"notes": notes, "notes_title": notes_title, "rtl": rtl}
    write_xlsx_to(whole, columns, rows, title=title, told=told, **options)
    return whole.getvalue()


def write_xlsx_to(
    file: IO[bytes],
    columns: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    title: str,
    notes: Sequence[str] = (),
    notes_title: str = "Notes",
    rtl: bool = False,
    told: list[Finding] | None = None,
) -> None:
    """An Excel workbook, row by row: a sheet with header and rows, and one with the notes.

    Text is written as text whatever it looks like, never as a formula, with Excel's own mark
    for it (quotePrefix) where it would run. Dates without a time are dates. Characters that XML
    cannot hold and cells too long are replaced and cut visibly and noted in `told`.
    """
    import openpyxl  # here: it costs 0.2 s, and CSV needs none
    from openpyxl.writer.excel import ExcelWriter

    if len(columns) > LAST_COLUMN:
        raise Unwritable(f"{len(columns)} columns", "", f"A sheet has {LAST_COLUMN}.")
    book = openpyxl.Workbook(write_only=True)
    names = _titles(title, notes_title)
    sheet = book.create_sheet(names[0])
    sheet.freeze_panes = "A2"
    sheet.sheet_view.rightToLeft = rtl
    pen = _Pen(sheet, told)
    try:
        sheet.append([pen.cell(name, 1, place) for place, name in enumerate(columns)])
        for number, row in enumerate(rows, 2):
            _same_width(columns, row, number)
            if number > LAST_ROW:
                raise Unwritable("too many rows for a sheet", f"row {number}", "Use CSV.")
            sheet.append([pen.cell(cell, number, place) for place, cell in enumerate(row)])
    except BaseException:
        sheet.close()  # openpyxl holds the rows in a file of its own until it is told
        sheet._writer.cleanup()
        raise
    if notes:
        second = book.create_sheet(names[1])
        second.sheet_view.rightToLeft = rtl
        other = _Pen(second, told)
        for number, note in enumerate(notes, 1):
            second.append([other.cell(note, number, 0)])
    book.properties.title = _ILLEGAL.sub("�", title)[:255]
    book.properties.creator = book.properties.lastModifiedBy = "Comity"
    book.properties.created = book.properties.modified = dt.datetime(*_MOMENT)  # noqa: DTZ001
    # Not book.save: it writes the clock into the properties.
    with _StillZip(file, "w", zipfile.ZIP_DEFLATED) as archive:
        ExcelWriter(book, archive).write_data()


class _Pen:
    """Cells for one sheet; most are plain values, which openpyxl writes fastest."""

    def __init__(self, sheet: Any, told: list[Finding] | None) -> None:
        self.sheet, self.told = sheet, told

    def cell(self, value: Cell, row: int, place: int) -> Any:
        if isinstance(value, str):
            if not value:
                return None
            return self._text(value, row, place)
        if isinstance(value, bool) or value is None:
            return value
        if isinstance(value, (int, float)):
            exact = -_DIGITS < value < _DIGITS  # false for what is no number
            return value if exact else self._text(str(value), row, place)
        if isinstance(value, dt.datetime) or value < _FIRST_DATE:
            return self._text(value.isoformat(), row, place)
        return value

    def _text(self, text: str, row: int, place: int) -> Any:
        if len(text) > _LONGEST // 2:
            text = self._cut(text, row, place)
        if _UNSAFE.search(text):
            text = self._legal(text, row, place)
        elif not runs(text):
            return text
        from openpyxl.cell import WriteOnlyCell

        cell = WriteOnlyCell(self.sheet, text)
        cell.data_type = "s"  # after the value, from which openpyxl infers formulas and errors
        if runs(text):
            cell.quotePrefix = True
        return cell

    def _cut(self, text: str, row: int, place: int) -> str:
        units = len(text.encode("utf-16-le", "surrogatepass")) // 2
        longer = len(_ESCAPE.sub("_x005F_", text)) - len(text)  # openpyxl counts escapes too
        if units + longer <= _LONGEST:
            return text
        facts = {"found": str(len(text)), "wanted": str(_LONGEST)}
        _tell(self.told, "cell-cut", row, place, **facts)
        room = _LONGEST - len(_MARK)
        while units + longer > room:
            text = text[: len(text) - max((units + longer - room) // 8, 1)]
            units = len(text.encode("utf-16-le", "surrogatepass")) // 2
            longer = len(_ESCAPE.sub("_x005F_", text)) - len(text)
        return text + _MARK

    def _legal(self, text: str, row: int, place: int) -> str:
        legal = _ILLEGAL.sub(_sign, text)
        if legal != text:
            _tell(self.told, "character-replaced", row, place)
        return _ESCAPE.sub("_x005F_", legal)


def _sign(match: re.Match[str]) -> str:
    """A sign for a control character (NUL is ␀), the replacement character for the others."""
    code = ord(match[0])
    return chr(0x2400 + code) if code < 0x20 else "�"


def _titles(title: str, notes_title: str) -> tuple[str, str]:
    """Names that Excel allows for sheets: 31 characters, some forbidden, no two alike."""
    first, second = (
        _NOT_IN_TITLES.sub(" ", name).strip(" '")[:31].strip(" '") for name in (title, notes_title)
    )
    first, second = first or "1", second or "2"
    return first, (f"{second[:29]} 2" if first.casefold() == second.casefold() else second)


class _StillZip(zipfile.ZipFile):
    """A zip whose entries all bear one moment and one system, so that equal data is equal bytes."""

    def _info(self, name: str) -> zipfile.ZipInfo:
        info = zipfile.ZipInfo(name, _MOMENT)
        info.compress_type, info.create_system = zipfile.ZIP_DEFLATED, 3
        info.external_attr = 0o644 << 16
        return info

    def writestr(self, zinfo_or_arcname: Any, data: Any, *_: Any, **__: Any) -> None:
        super().writestr(self._info(str(zinfo_or_arcname)), data)

    def write(self, filename: Any, arcname: Any = None, *_: Any, **__: Any) -> None:
        path = Path(filename)
        info = self._info(str(arcname))
        info.file_size = path.stat().st_size
        with path.open("rb") as source, self.open(info, "w") as target:
            shutil.copyfileobj(source, target, 2**16)
