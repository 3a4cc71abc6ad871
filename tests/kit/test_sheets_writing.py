"""What we write no spreadsheet runs, comes back as it was, and is the same bytes each time."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import openpyxl
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from comity.kit.sheets import Unwritable, read, write_xlsx, write_xlsx_to
from tests.kit.test_sheets_csv import rows, tables, text
from tests.kit.test_sheets_xlsx import PLAIN, SHEET, part


@given(tables(), st.lists(text, max_size=2))
@example((["=1", "#N/A"], [["#REF!", "=cmd|' /C calc'!A0"], ["_x000D_", "\r"]]), ["=2"])
def test_export_then_import_is_the_identity(
    table: tuple[list[str], list[list[str]]], notes: list[str]
) -> None:
    columns, data = table
    words = "".join([*columns, *(cell for row in data for cell in row)])
    assume(all(c in "\t\n\r" or 32 <= ord(c) < 0xFFFE or ord(c) > 0xFFFF for c in words))
    sheet = read(write_xlsx(columns, data, title="Data", notes=notes), sheet="Data")
    assert list(sheet.columns) == columns
    assert rows(sheet) == data
    assert {f.code for f in sheet.findings} <= {"other-sheets"}


@given(st.lists(text, min_size=1))
def test_no_cell_is_a_formula_or_an_error(cells: list[str]) -> None:
    data = write_xlsx(["n", "a"], [[str(n), cell] for n, cell in enumerate(cells)], title="x")
    xml = part(data, SHEET)
    assert "<f" not in xml
    assert 't="e"' not in xml
    loaded = openpyxl.load_workbook(io.BytesIO(data)).active
    for row, cell in zip(loaded.iter_rows(min_row=2), cells, strict=True):
        assert row[1].data_type in ("s", "n" if not cell else "s")
        if cell.startswith(tuple("=+-@")):
            assert row[1].style_id
            assert row[1].quotePrefix


def test_numbers_dates_and_booleans_keep_their_types() -> None:
    line = [
        7,
        2.5,
        True,
        dt.date(2014, 11, 7),
        dt.date(1865, 5, 17),
        10**20,
        float("nan"),
        None,
        "2014",
    ]
    data = write_xlsx([f"c{n}" for n in range(9)], [line], title="x")
    assert rows(read(data)) == [
        ["7", "2.5", "true", "2014-11-07", "1865-05-17", "1" + "0" * 20, "nan", "", "2014"]
    ]
    loaded = openpyxl.load_workbook(io.BytesIO(data)).active
    assert [cell.data_type for cell in loaded[2]] == ["n", "n", "b", "d", "s", "s", "s", "n", "s"]


def test_what_xml_cannot_hold_and_what_is_too_long_is_seen_and_told() -> None:
    told: list = []
    long, wide = "x" * 40_000, "😀" * 20_000
    data = write_xlsx(
        ["a", "b"],
        [["a\x00\x1bb\ufffe\ud800", long], [wide, "_x0041_" * 6000]],
        title="x",
        told=told,
    )
    sheet = read(data)
    first, second = rows(sheet)
    assert first[0] == "a␀␛b��"
    assert first[1] == "x" * (32_767 - 4) + " […]"
    assert second[0].endswith("😀 […]")
    assert len(second[0].encode("utf-16-le")) // 2 <= 32_767
    assert second[1].endswith("[…]")
    assert second[1].startswith("_x0041_" * 2000)
    assert [(f.code, f.row, f.column) for f in told] == [
        ("character-replaced", 2, "A"),
        ("cell-cut", 2, "B"),
        ("cell-cut", 3, "A"),
        ("cell-cut", 3, "B"),
    ]


def test_equal_data_gives_equal_bytes() -> None:
    again = write_xlsx(["id", "name"], [["1", "a"], ["2", "b"]], title="Sheet")
    assert again == PLAIN
    with zipfile.ZipFile(io.BytesIO(PLAIN)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert "1980-01-01T00:00:00Z" in part(PLAIN, "docProps/core.xml")
    assert "202" not in part(PLAIN, "docProps/core.xml")


def test_a_workbook_streams_to_a_file_that_cannot_seek() -> None:
    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.got = b""

        def writable(self) -> bool:
            return True

        def write(self, data: object) -> int:
            self.got += bytes(data)  # type: ignore[call-overload]
            return len(bytes(data))  # type: ignore[call-overload]

    pipe = Pipe()
    write_xlsx_to(pipe, ["id", "name"], [["1", "a"], ["2", "b"]], title="Sheet")  # type: ignore[arg-type]
    assert rows(read(pipe.got)) == [["1", "a"], ["2", "b"]]


@pytest.mark.parametrize("title", ["", "a/b:c*d?[e]\\f", "'x'", "x" * 60, "Notes", "\ud800"])
def test_any_title_makes_a_sheet(title: str) -> None:
    made = openpyxl.load_workbook(
        io.BytesIO(write_xlsx(["a"], [], title=title, notes=["n"], rtl=True))
    )
    assert len(made.sheetnames) == 2
    assert made.worksheets[0].sheet_view.rightToLeft
    assert made.worksheets[1]["A1"].value == "n"


def test_rows_that_do_not_fit_are_refused() -> None:
    with pytest.raises(Unwritable, match="row 3"):
        write_xlsx(["a", "b"], [["1", "2"], ["1"]], title="x")
