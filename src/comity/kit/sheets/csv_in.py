"""CSV as people send it: any of three delimiters, quotes, line breaks in cells, faults in rows."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from comity.kit.sheets.encodings import decode, visible
from comity.kit.sheets.faults import Findings
from comity.kit.sheets.guard import unguard
from comity.kit.sheets.table import Table
from comity.kit.sheets.types import Limits, Sheet, Unreadable

DELIMITERS = (",", ";", "\t")
_SEP = re.compile("sep=([,;\t])(?:\r\n|\r|\n)", re.IGNORECASE)  # Excel's own statement

Record = tuple[list[str], str]  # its cells, and the code of a fault or nothing


def read_csv(data: bytes, encoding: str, limits: Limits, findings: Findings) -> Sheet:
    """The table of a CSV file. Rows with faults are held, each with its finding."""
    decoded = decode(data, encoding)
    text, number = decoded.text, 0
    if stated := _SEP.match(text):
        text, number = text[stated.end() :], 1
    delimiter = stated[1] if stated else _delimiter(text)
    nul = "\0" in text
    table: Table | None = None
    opened = 0  # the row of a quote that nobody closes
    for cells, fault in _records(text, delimiter):
        number += 1
        if table is None:
            if any(cell.strip() for cell in cells):
                table = _headed(cells, fault, number, limits, findings)
            continue
        held = []
        if fault:
            opened = opened or (number if fault == "open-quote" else 0)
            findings.tell(fault, number, **({"start": str(opened)} if opened else {}))
            held.append(fault)
        if decoded.mixed and not "".join(cells).isascii():
            shown = [visible(cell) for cell in cells]
            if shown != cells:
                findings.tell("wrong-encoding", number)
                held.append("wrong-encoding")
                cells = shown
        if nul and any("\0" in cell for cell in cells):
            findings.tell("nul", number)
            held.append("nul")
            cells = [cell.replace("\0", "␀") for cell in cells]
        table.add(number, [unguard(cell) if cell[:1] == "'" else cell for cell in cells], held)
    if table is None:
        raise Unreadable("the file is empty", "", "Send a file with a header and rows.", "empty")
    return Sheet(
        columns=table.columns,
        rows=tuple(table.rows),
        findings=findings.all(),
        format="csv",
        encoding=decoded.encoding,
        delimiter=delimiter,
        blank=table.blank,
    )


def _headed(cells: list[str], fault: str, number: int, limits: Limits, findings: Findings) -> Table:
    if fault or any("\0" in cell or _undecoded(cell) for cell in cells):
        what = "the header cannot be read: a stray quotation mark, NUL, or bytes that are not UTF-8"
        remedy = "Write the names of the columns anew and save the file as CSV UTF-8."
        raise Unreadable(what, f"row {number}", remedy, "bad-header")
    return Table([unguard(cell) for cell in cells], number, limits, findings)


def _undecoded(cell: str) -> bool:
    """Whether a cell has bytes that could not be decoded."""
    return any("\udc80" <= c <= "\udcff" for c in cell)


def _delimiter(text: str) -> str:
    """The one that cuts the header into most cells; the comma where all cut alike.

    One under which the quotation marks make sense comes first: `"a",";;"` has one semicolon too
    many only for who cuts at semicolons.
    """
    return max(DELIMITERS, key=lambda delimiter: _header_width(text, delimiter))


def _header_width(text: str, delimiter: str) -> tuple[bool, int]:
    for cells, fault in _records(text, delimiter):
        if any(cells):
            return not fault and len(cells) > 1, len(cells)
    return False, 0


def _records(text: str, delimiter: str) -> Iterator[Record]:
    """Record by record. The reader is strict; what it refuses is read loosely and marked."""
    lines = io.StringIO(text, newline="")
    taken: list[str] = []  # the lines of the record that is being read
    ended = False

    def feed() -> Iterator[str]:
        nonlocal ended
        for line in lines:
            taken.append(line)
            yield line
        ended = True

    reader = csv.reader(feed(), delimiter=delimiter, strict=True)
    number = 0
    while True:
        taken.clear()
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "field limit" in str(error):  # past it the reader has lost its place
                what = f"a cell of more than {csv.field_size_limit()} characters"
                remedy = "Look for a quotation mark that is not closed, or shorten the text."
                raise Unreadable(what, f"row {number}", remedy, "cell-too-long") from None
            if ended:  # each line on its own again, so that no row hides in a cell
                for line in taken:
                    yield _loosely([line], delimiter), "open-quote"
                return
            yield _loosely(taken, delimiter), "stray-quote"
        else:
            yield cells, ""


def _loosely(lines: list[str], delimiter: str) -> list[str]:
    try:
        return next(csv.reader(lines, delimiter=delimiter))
    except csv.Error:  # the field limit once more
        return ["".join(lines)]
