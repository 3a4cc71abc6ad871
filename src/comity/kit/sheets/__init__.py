"""Spreadsheets in and out: CSV and XLSX as governments send them, read without being believed.

`read` turns an upload into rows and findings; `write_csv` and `write_xlsx` make files that no
spreadsheet runs. The folder's README says what is held, what is told and what is refused.
"""

from comity.kit.sheets.encodings import CANDIDATES as ENCODINGS
from comity.kit.sheets.guard import guard, unguard
from comity.kit.sheets.reading import read, refuse_size
from comity.kit.sheets.types import (
    LIMITS,
    Cell,
    Finding,
    Limits,
    Row,
    Sheet,
    Unreadable,
    Unwritable,
)
from comity.kit.sheets.writing import write_csv, write_xlsx, write_xlsx_to

__all__ = [
    "ENCODINGS",
    "LIMITS",
    "Cell",
    "Finding",
    "Limits",
    "Row",
    "Sheet",
    "Unreadable",
    "Unwritable",
    "guard",
    "read",
    "refuse_size",
    "unguard",
    "write_csv",
    "write_xlsx",
    "write_xlsx_to",
]
