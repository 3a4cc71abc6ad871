"""The one way in: size first, then what the bytes are, then the reader of that format."""

from __future__ import annotations

from comity.kit.errors import shown
from comity.kit.sheets.csv_in import read_csv
from comity.kit.sheets.faults import Findings
from comity.kit.sheets.types import LIMITS, MB, Limits, Sheet, Unreadable

_SAVE = "Save the table as an Excel workbook (.xlsx) or as CSV UTF-8, without a password."
_OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls) or one with a password"),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"SQLite format 3", "a database"),
    (b"\x7fELF", "a program"),
    (b"{\\rtf", "a text document"),
)
_MARKUP = (b"<?xml", b"<!doctype", b"<html", b"<table")


def refuse_size(size: int, limits: Limits = LIMITS) -> None:
    """Refuse by size alone, for doors that know it before the bytes have arrived."""
    if size > limits.upload:
        what = f"the file has {size / MB:.1f} MB, more than {limits.upload // MB}"
        remedy = "Send only the table that is meant, or split it and send the parts."
        raise Unreadable(what, "", remedy, "too-large")


def read(
    data: bytes,
    *,
    name: str = "",
    limits: Limits = LIMITS,
    sheet: str = "",
    encoding: str = "",
) -> Sheet:
    """The table of an upload, CSV or XLSX by its bytes; the name is only compared with them.

    `sheet` names a sheet of a workbook, `encoding` the characters of a CSV that is not UTF-8.
    Raises nothing but `Unreadable`.
    """
    refuse_size(len(data), limits)
    called = shown(name) if name else ""
    for start, kind in _OTHERS:
        if data.startswith(start):
            raise Unreadable(f"the file is {kind}", called, _SAVE, "not-a-sheet")
    if data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_MARKUP):
        what = "the file is a page in HTML or XML, whatever its name says"
        raise Unreadable(what, called, _SAVE, "not-a-sheet")
    findings = Findings(limits)
    workbook = data.startswith((b"PK\x03\x04", b"PK\x05\x06"))
    if name.lower().endswith((".csv", ".tsv", ".txt") if workbook else (".xlsx", ".xlsm", ".xls")):
        kind = "an Excel workbook" if workbook else "CSV"
        findings.tell("name-differs", name=shown(name), format=kind)
    if workbook:
        from comity.kit.sheets.xlsx_in import read_xlsx  # only where a workbook came

        return read_xlsx(data, sheet, limits, findings)
    return read_csv(data, encoding, limits, findings)
