"""XLSX as people send it: the zip judged, each part scanned, then openpyxl reads the values.

openpyxl gets a zip of our own making that holds only parts we have checked, stored without
compression: what it opens is what we saw. It is asked for cached values and never for
formulas; where the scan found one, the value is not believed and the row is held.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from itertools import accumulate
from typing import Any

from comity.kit.errors import shown
from comity.kit.sheets.faults import FAULTS, Findings
from comity.kit.sheets.outline import Outline, outline
from comity.kit.sheets.table import Table, letter
from comity.kit.sheets.types import Limits, Sheet, Unreadable
from comity.kit.sheets.xlsx_cells import words
from comity.kit.sheets.zipped import directory, inflate, refused

# By their roots, the parts that values are read from. Drawings, links, comments stay outside.
_NEEDED = {"Types", "Relationships", "workbook", "sst", "styleSheet", "worksheet"}
_FOLDERS = {
    "external-links": ("xl/externallinks/", "xl/connections.xml", "xl/querytables/"),
    "macros": ("xl/vbaproject", "xl/macrosheets/", "xl/activex/"),
}
_OTHERS = {
    "xl/workbook.bin": "a binary workbook (.xlsb)",
    "word/document.xml": "a Word document",
    "ppt/presentation.xml": "a presentation",
    "content.xml": "an OpenDocument file",
}
# openpyxl removes "x005F_" from shared strings, which undoes an escape too early and eats the
# same words where they are meant (3.1.5, reader/strings.py). What it removes we put in twice.
_EATEN, _SPARED = b"x005F_", b"x005Fx005F__"

# Opening a sheet, openpyxl looks for its dimension, and reads all of a sheet that has none.
_DATA = re.compile(rb"<((?:\w+:)?)sheetData")
_SIZED = rb'<\1dimension ref="A1"/><\1sheetData'


def read_xlsx(data: bytes, wanted: str, limits: Limits, findings: Findings) -> Sheet:
    """The table of one sheet: the named one, or the first visible one that is not empty."""
    outlines, package = _checked(data, limits, findings)
    try:
        with warnings.catch_warnings():  # it warns of styles and extensions, not of values
            warnings.simplefilter("ignore")
            return _opened(outlines, package, wanted, limits, findings)
    except (Unreadable, MemoryError):
        raise
    except Exception as error:  # a library fed with anything may raise anything
        what = f"the workbook contradicts itself ({type(error).__name__})"
        raise refused("xlsx-damaged", what) from error


def _checked(data: bytes, limits: Limits, findings: Findings) -> tuple[dict[str, Outline], bytes]:
    """The outline of each needed part, and a zip of just these parts."""
    entries = directory(data, limits)
    names = [name.lower() for name in entries]
    if "[content_types].xml" not in names or "xl/workbook.bin" in names:
        what = next((kind for part, kind in _OTHERS.items() if part in names), "a plain archive")
        raise refused("not-a-sheet", f"the file is {what}, not an Excel workbook (.xlsx)")
    for code, starts in _FOLDERS.items():
        if any(name.startswith(starts) for name in names):
            findings.tell(code)
    outlines: dict[str, Outline] = {}
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w", zipfile.ZIP_STORED) as clean:
        for name, entry in entries.items():
            if not name.lower().endswith((".xml", ".rels")):
                continue
            xml = inflate(data, entry)
            found = outline(xml, name, limits)
            if found.root not in _NEEDED:
                continue
            outlines[name] = found
            if found.root == "sst":
                xml = xml.replace(_EATEN, _SPARED)
            if found.root == "worksheet" and not found.sized:
                xml = _DATA.sub(_SIZED, xml, count=1)
            clean.writestr(zipfile.ZipInfo(name), xml)
    return outlines, package.getvalue()


def _opened(
    outlines: dict[str, Outline], package: bytes, wanted: str, limits: Limits, findings: Findings
) -> Sheet:
    import openpyxl  # here: it costs 0.2 s, and CSV needs none

    book = openpyxl.load_workbook(
        io.BytesIO(package), read_only=True, data_only=True, keep_links=False
    )
    try:
        sheet, found = _chosen(book, outlines, wanted, findings)
        if found.width > limits.columns:
            what = f"{found.width} columns, more than {limits.columns}"
            place = f"sheet {shown(sheet.title)}"
            remedy = "Keep the columns of the template; delete the others."
            raise refused("too-many-columns", what, place, remedy)
        table = _rows(sheet, found, book.epoch, limits, findings)
    finally:
        book.close()
    return Sheet(
        columns=table.columns,
        rows=tuple(table.rows),
        findings=findings.all(),
        format="xlsx",
        encoding="utf-8",
        title=str(sheet.title),
        blank=table.blank,
    )


def _chosen(
    book: Any, outlines: dict[str, Outline], wanted: str, findings: Findings
) -> tuple[Any, Outline]:
    # The path is openpyxl's own attribute; its public names do not lead to the part.
    sheets = [(sheet, outlines[sheet._worksheet_path]) for sheet in book.worksheets]
    filled = [(sheet, found) for sheet, found in sheets if found.width]
    names = ", ".join(shown(sheet.title) for sheet, _ in sheets)
    if wanted:
        chosen = [(sheet, found) for sheet, found in sheets if sheet.title == wanted]
        if not chosen:
            what = f"there is no sheet {shown(wanted)}"
            raise refused("no-sheet", what, "", f"The file has: {names}.")
        if not chosen[0][1].width:
            raise refused("empty", "the sheet is empty", shown(wanted), "Name one with rows.")
    else:
        visible = [pair for pair in filled if pair[0].sheet_state == "visible"]
        chosen = visible or filled
        if not chosen:
            remedy = "Send a file with a header and rows."
            raise refused("empty", "no sheet has anything in it", "", remedy)
    others = [shown(sheet.title) for sheet, _ in filled if sheet is not chosen[0][0]]
    if others:
        findings.tell("other-sheets", sheet=shown(chosen[0][0].title), text=", ".join(others))
    return chosen[0]


def _rows(sheet: Any, found: Outline, epoch: Any, limits: Limits, findings: Findings) -> Table:
    sheet.reset_dimensions()  # what a sheet says of its own size is not believed
    merged = _merged(found)
    table: Table | None = None
    for number, cells in enumerate(sheet.iter_rows(min_row=1, max_col=found.width), 1):
        if number > found.last_row:
            break
        told: list[tuple[str, int, dict[str, str]]] = []
        texts = []
        for place, cell in enumerate(cells):
            text, code, facts = words(cell, epoch)
            texts.append(text)
            if code:
                told.append((code, place, facts))
        for column in found.formulas.get(number, ()):
            texts[column - 1] = ""
            formula = found.wordings.get((number, column), "")
            told = [fault for fault in told if fault[1] != column - 1]
            told.append(("formula", column - 1, {"formula": shown(f"={formula}")}))
        if table is None:
            if told:
                what = "a column's name is a formula, a date or an error"
                where = f"row {number}, column {letter(told[0][1])}"
                raise refused("bad-header", what, where, "Type the names of the columns as text.")
            if any(text.strip() for text in texts):
                table = Table(texts, number, limits, findings)
                _hidden(table, found, findings)
            continue
        held = []
        for code, place, facts in told:
            findings.tell(code, number, table.name(place), **facts)
            if FAULTS[code].holds:
                held.append(code)
        if merged[number]:
            findings.tell("merged", number)
            held.append("merged")
        table.add(number, texts, held)
    if table is None:
        raise refused("empty", "no row has anything in it", "", "Send a header and rows.")
    return table


def _merged(found: Outline) -> list[int]:
    """For each row, how many merged areas lie on it."""
    steps = [0] * (found.last_row + 2)
    for first, last in found.merged:
        if 0 < first <= min(last, found.last_row):
            steps[first] += 1
            steps[min(last, found.last_row) + 1] -= 1
    return list(accumulate(steps))


def _hidden(table: Table, found: Outline, findings: Findings) -> None:
    if found.hidden_rows:
        count, first = str(found.hidden_rows), str(found.first_hidden)
        findings.tell("hidden-rows", count=count, first=first)
    places = [
        place
        for place in range(found.width)
        if any(first <= place + 1 <= last for first, last in found.hidden_columns)
    ]
    if places:
        findings.tell("hidden-columns", text=", ".join(shown(table.name(p)) for p in places))
