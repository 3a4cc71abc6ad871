"""XLSX as it comes: bombs stay packed, formulas are not believed, dates say what was shown."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import re
import struct
import zipfile
import zlib

import openpyxl
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from comity.kit.sheets import Limits, Unreadable, Unwritable, read, write_xlsx, write_xlsx_to
from tests.kit.test_sheets_csv import codes, rows, tables, text

PLAIN = write_xlsx(["id", "name"], [["1", "a"], ["2", "b"]], title="Sheet")
SHEET = "xl/worksheets/sheet1.xml"


def book(*lines: list[object], **options: object) -> openpyxl.Workbook:
    made = openpyxl.Workbook()
    for line in lines:
        made.active.append(line)
    return made


def saved(made: openpyxl.Workbook) -> bytes:
    whole = io.BytesIO()
    made.save(whole)
    return whole.getvalue()


def with_part(name: str, body: bytes | str, data: bytes = PLAIN) -> bytes:
    """The workbook with one part replaced or added."""
    whole = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(whole, "w", 8) as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, body)
    return whole.getvalue()


def part(data: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name).decode()


def sheet_xml(inner: str) -> str:
    return (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"{inner}</worksheet>"
    )


def refusal(data: bytes, **options: object) -> str:
    with pytest.raises(Unreadable) as caught:
        read(data, **options)  # type: ignore[arg-type]
    assert caught.value.message
    assert caught.value.remedy
    return caught.value.code


# --- the zip ------------------------------------------------------------------------------


def patched(data: bytes, name: str, **fields: int) -> bytes:
    """The workbook with lies about one part in directory and header: size, packed, offset, flags."""
    out = bytearray(data)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        local = archive.getinfo(name).header_offset
    at = -1
    while (at := data.find(b"PK\x01\x02", at + 1)) >= 0:
        length = struct.unpack_from("<H", data, at + 28)[0]
        if data[at + 46 : at + 46 + length] == name.encode():
            break
    for field, value in fields.items():
        form, there, here = {
            "flags": ("<H", 8, 6),
            "method": ("<H", 10, 8),
            "crc": ("<L", 16, 14),
            "packed": ("<L", 20, 18),
            "size": ("<L", 24, 22),
            "offset": ("<L", 42, None),
        }[field]
        struct.pack_into(form, out, at + there, value)
        if here is not None:
            struct.pack_into(form, out, local + here, value)
    return bytes(out)


def test_a_bomb_named_xlsx_is_not_unpacked() -> None:
    bomb = with_part(SHEET, sheet_xml("<sheetData/>" + " " * (150 * 2**20)))
    assert len(bomb) < 300_000
    assert refusal(bomb, name="activities.xlsx") == "zip-bomb"


def test_many_parts_below_the_ratio_are_refused_by_their_sum() -> None:
    limits = Limits(inflated=30_000)
    assert refusal(with_part("xl/media/a.bin", b"ab" * 20_000), limits=limits) == "zip-bomb"


def test_a_bomb_that_lies_about_its_size_is_stopped_at_what_it_promised() -> None:
    bomb = with_part(SHEET, sheet_xml("<sheetData/>" + " " * (50 * 2**20)))
    for size in (400, 0):
        assert refusal(patched(bomb, SHEET, size=size)) == "zip-lies"
    assert refusal(patched(PLAIN, SHEET, size=900_000)) == "zip-lies"
    assert refusal(patched(PLAIN, SHEET, crc=1)) == "zip-damaged"


def test_overlapping_parts_are_refused() -> None:
    """One deflated kernel, quoted by many entries of the directory."""
    kernel = zlib.compress(b"<a>" + b" " * 2**20 + b"</a>", 9)[2:-4]
    local = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 8, 0, 33, 0, len(kernel), 2**20, 5, 0)
    whole = local + b"a.xml" + kernel
    entry = struct.pack(
        *("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 8, 0, 33, 0, len(kernel), 2**20, 5, 0, 0, 0, 0),
        *(0, 0),
    )
    directory = b"".join(entry + f"{n:05}".encode() for n in range(90))
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 90, 90, len(directory), len(whole), 0)
    assert refusal(whole + directory + end) == "zip-lies", "the names differ from the header's"
    a, b = PLAIN, "docProps/app.xml"
    with zipfile.ZipFile(io.BytesIO(a)) as archive:
        first = archive.getinfo(b)
    longer = patched(a, b, packed=first.compress_size + 500)
    assert refusal(longer) == "zip-bomb", "it reaches into the next part"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("../../etc/passwd", "zip-names"),
        ("/xl/a.xml", "zip-names"),
        ("C:\\a.xml", "zip-names"),
        ("xl/\x07.xml", "zip-names"),
        ("XL/WORKSHEETS/sheet1.XML", "zip-names"),
        ("xl/embeddings/inner.zip", "zip-nested"),
        ("xl/embeddings/inner.XLSX", "zip-nested"),
    ],
)
def test_names_that_lead_elsewhere_and_archives_within_are_refused(name: str, code: str) -> None:
    assert refusal(with_part(name, b"x")) == code


def test_what_no_workbook_needs_is_refused() -> None:
    assert refusal(patched(PLAIN, SHEET, flags=1)) == "encrypted"
    assert refusal(patched(PLAIN, SHEET, method=12)) == "zip-method"
    assert refusal(PLAIN, limits=Limits(entries=5)) == "zip-entries"
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/media/picture.png", PLAIN)
    assert refusal(stored.getvalue()) == "zip-nested"
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("content.xml", "<a/>")
    assert refusal(other.getvalue()) == "not-a-sheet"
    with pytest.raises(Unreadable, match="OpenDocument"):
        read(other.getvalue())


@given(st.integers(4, len(PLAIN) - 1))
@settings(max_examples=40)
def test_a_truncated_workbook_is_refused(length: int) -> None:
    with pytest.raises(Unreadable):
        read(PLAIN[:length])


@given(st.lists(st.tuples(st.integers(0, len(PLAIN) - 1), st.integers(0, 255)), max_size=6))
def test_a_damaged_workbook_raises_nothing_but_unreadable(damage: list[tuple[int, int]]) -> None:
    data = bytearray(PLAIN)
    for place, byte in damage:
        data[place] = byte
    for junk in (bytes(data), b"PK\x03\x04" + bytes(data[:200])):
        with contextlib.suppress(Unreadable):
            read(junk)


INSIDE = [SHEET, "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"]
INSIDE += ["xl/_rels/workbook.xml.rels"]
SPOILT = ["", "<", '"', "-1", "99999999999999999999", "&#0;", "1e999", "nan", "é", "ZZZ9", "/x"]


@given(st.sampled_from(INSIDE), st.integers(0, 999), st.sampled_from(SPOILT), st.integers(0, 4))
def test_spoilt_parts_raise_nothing_but_unreadable(
    name: str, place: int, by: str, length: int
) -> None:
    words = re.split(r'([<>" =])', part(PLAIN, name))
    place %= len(words)
    words[place : place + length] = [by]
    with contextlib.suppress(Unreadable):
        read(with_part(name, "".join(words)))


# --- the XML ------------------------------------------------------------------------------

LAUGHS = (
    """<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>"""
)


@pytest.mark.parametrize("name", [SHEET, "xl/workbook.xml", "xl/styles.xml", "docProps/core.xml"])
def test_nested_entities_are_refused_in_every_part(name: str) -> None:
    body = part(PLAIN, name)
    at = body.find("?>") + 2 if body.startswith("<?") else 0
    for spoiled in (body[:at] + LAUGHS + body[at:], body[:at] + "<!DOCTYPE x>" + body[at:]):
        assert refusal(with_part(name, spoiled)) == "xml-entities"
    hidden = f'<?xml version="1.0" encoding="UTF-16"?>{LAUGHS}<a>&c;</a>'.encode("utf-16")
    assert refusal(with_part(name, hidden)) in ("xml-encoding", "xml-entities")


@pytest.mark.parametrize(
    ("inner", "code"),
    [
        ("<sheetData><row>" + "<c/>" * 20_000 + "</row></sheetData>", "xlsx-order"),
        ("<sheetData>" + "<row/>" * 20_000 + "</sheetData><x", "xml-damaged"),
        ("<a>" * 200 + "</a>" * 200, "xml-depth"),
        ("<a/>" * 500_000, "xml-size"),
        ("<a " + " ".join(f'b{n}="{n % 7919 * n}"' for n in range(120_000)) + "/>", "xml-size"),
        ('<sheetData><row r="2"/><row r="1"/></sheetData>', "xlsx-order"),
        ('<sheetData><row r="99999999999"><c><v>1</v></c></row></sheetData>', "xlsx-order"),
        ('<sheetData><row r="1"><c r="B1"/><c r="A1"/></row></sheetData>', "xlsx-order"),
        ('<sheetData><row r="1"><c r="ZZZ1"><v>1</v></c></row></sheetData>', "xlsx-order"),
        ('<sheetData><row r="1"><c r="IV1"><v>1</v></c></row></sheetData>', "too-many-columns"),
        ('<sheetData><row r="1"><c t="s"><v>99</v></c></row></sheetData>', "xlsx-damaged"),
        ("<sheetData/>", "empty"),
    ],
)
def test_xml_made_to_harm_or_to_hide_is_refused(inner: str, code: str) -> None:
    limits = Limits(ratio=2000, elements=150_000, cells=70_000)
    assert refusal(with_part(SHEET, sheet_xml(inner)), limits=limits) == code


def test_a_row_far_down_and_a_false_dimension_cost_nothing() -> None:
    inner = (
        '<dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="A1"><v>7</v></c></row>'
        '<row r="1048576"><c r="A1048576"><v>8</v></c></row></sheetData>'
    )
    sheet = read(with_part(SHEET, sheet_xml(inner)))
    assert [(row.number, row.cells["7"]) for row in sheet.rows] == [(1048576, "8")]
    assert sheet.blank == 1048574


def test_the_strict_variant_is_refused_rather_than_read_as_empty() -> None:
    strict = sheet_xml("<sheetData/>").replace(
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        "http://purl.oclc.org/ooxml/spreadsheetml/main",
    )
    assert refusal(with_part(SHEET, strict)) == "strict-xlsx"


# --- what cells mean ----------------------------------------------------------------------


def test_a_formula_is_never_believed() -> None:
    made = book(["id", "total", "note"], [1, "=SUM(A2:A9)", "x"], [2, 5, "y"], ["=A2", None, None])
    sheet = read(saved(made))
    assert rows(sheet) == [["1", "", "x"], ["2", "5", "y"], ["", "", ""]]
    assert [row.held for row in sheet.rows] == [("formula",), (), ("formula",)]
    first = sheet.findings[0]
    assert (first.row, first.column) == (2, "total")
    assert "=SUM(A2:A9)" in first.message
    assert "Paste the values" in first.remedy


def test_a_cached_value_of_a_formula_is_not_believed_either() -> None:
    cells = "".join(f'<c r="{c}1" t="str"><v>{c}</v></c>' for c in "AB")
    inner = (
        f'<sheetData><row r="1">{cells}</row><row r="2"><c r="A2"><v>1</v></c>'
        '<c r="B2"><f t="shared" si="0" ref="B2:B9">A2*2</f><v>42</v></c></row></sheetData>'
    )
    sheet = read(with_part(SHEET, sheet_xml(inner)))
    assert rows(sheet) == [["1", ""]]
    assert sheet.rows[0].held == ("formula",)


def test_error_cells_are_held() -> None:
    sheet = read(saved(book(["a", "b"], ["#N/A", 1], [2, "#REF!"], ["NA", 3])))
    assert [row.held for row in sheet.rows] == [("error-value",), ("error-value",), ()]
    assert rows(sheet)[0] == ["#N/A", "1"]
    assert [(f.row, f.column) for f in sheet.findings] == [(2, "a"), (3, "b")]


DAY = dt.datetime(2014, 11, 7, 15, 30)  # noqa: DTZ001 - a spreadsheet knows no zone


@pytest.mark.parametrize(
    ("value", "shape", "words", "code"),
    [
        (2014, "General", "2014", ""),
        (2014.0, "0", "2014", ""),
        (0.1, "0%", "0.1", ""),
        (4, "000", "004", ""),
        (True, "General", "true", ""),
        (DAY, "yyyy-mm-dd", "2014-11-07", ""),
        (DAY, "m/d/yy h:mm", "2014-11-07T15:30:00", ""),
        (DAY, "yyyy", "2014", ""),
        (DAY, '"Year" yyyy', "2014", ""),
        (DAY, "mmm-yy", "2014-11", ""),
        (DAY, "[$-409]mmmm\\-yyyy;@", "2014-11", ""),
        (DAY, "[White]yyyy-mm", "2014-11", ""),
        (DAY, "d-mmm", "2014-11-07", "year-not-shown"),
        (dt.time(9, 5), "h:mm", "09:05:00", ""),
        (dt.timedelta(hours=36, minutes=5), "[h]:mm", "36:05:00", ""),
        (2014, "yyyy-mm-dd", "1905-07-06", "year-as-date"),
        (60, "yyyy-mm-dd", "1900-02-28", "date-range"),
        (-5, "yyyy-mm-dd", "1899-12-25", "date-range"),
        (12345678901234567, "General", "1.234567890123457e+16", "long-number"),
    ],
)
def test_values_read_as_they_were_shown(value: object, shape: str, words: str, code: str) -> None:
    made = book(["x"], [value])
    made.active["A2"].number_format = shape
    sheet = read(saved(made))
    assert rows(sheet) == [[words]]
    assert [f.code for f in sheet.findings] == ([code] if code else [])
    assert sheet.rows[0].held == ((code,) if code and code != "year-not-shown" else ())


def test_a_date_in_words_of_its_own_type_needs_no_format() -> None:
    cells = ["2014-11-07T15:30:00", "2014-11-07"]
    lines = "".join(f'<row><c t="d"><v>{words}</v></c></row>' for words in cells)
    head = '<row><c t="str"><v>x</v></c></row>'
    sheet = read(with_part(SHEET, sheet_xml(f"<sheetData>{head}{lines}</sheetData>")))
    assert rows(sheet) == [[words] for words in cells]
    assert sheet.findings == ()


def test_the_calendar_of_1904_gives_the_same_days() -> None:
    made = book(["x"], [DAY])
    made.epoch = CALENDAR_MAC_1904
    made.active["A2"].number_format = "yyyy-mm-dd"
    data = saved(made)
    assert 'date1904="1"' in part(data, "xl/workbook.xml")
    assert rows(read(data)) == [["2014-11-07"]]


def test_merged_cells_hidden_rows_columns_and_sheets_are_told() -> None:
    made = book([], ["id", "name", "c"], [1, "a", "x"], [2, None, "y"], [3, "b", "z"])
    made.active.merge_cells("B3:B4")
    made.active.row_dimensions[5].hidden = True
    made.active.column_dimensions["C"].hidden = True
    made.create_sheet("Other").append(["x"])
    made.create_sheet("Empty")
    sheet = read(saved(made))
    assert [(row.number, row.held) for row in sheet.rows] == [
        (3, ("merged",)),
        (4, ("merged",)),
        (5, ()),
    ]
    assert codes(sheet)[:3] == [("other-sheets", 0), ("hidden-rows", 0), ("hidden-columns", 0)]
    assert sheet.findings[1].facts == (("count", "1"), ("first", "5"))
    assert read(saved(made), sheet="Other").columns == ("x",)
    assert refusal(saved(made), sheet="Empty") == "empty"
    assert refusal(saved(made), sheet="Nowhere") == "no-sheet"


def test_the_first_visible_sheet_that_is_not_empty_is_read() -> None:
    made = book()
    hidden = made.create_sheet("Lists")
    hidden.append(["KE"])
    hidden.sheet_state = "hidden"
    made.create_sheet("Data").append(["id"])
    sheet = read(saved(made))
    assert (sheet.title, sheet.columns) == ("Data", ("id",))


def test_macros_and_links_are_told_and_left_alone() -> None:
    data = with_part("xl/vbaProject.bin", b"\xcc\x61", PLAIN)
    data = with_part("xl/externalLinks/externalLink1.xml", "<externalLink/>", data)
    sheet = read(data)
    assert codes(sheet) == [("external-links", 0), ("macros", 0)]
    assert rows(sheet) == [["1", "a"], ["2", "b"]]


def test_cells_past_the_header_are_kept_and_held() -> None:
    sheet = read(saved(book(["a", None, "c"], [1, None, 2], [3, "lost?", 4, "and this"])))
    assert sheet.columns == ("a", "c")
    assert [(row.held, row.extra) for row in sheet.rows] == [
        ((), ()),
        (("unnamed-column", "too-many-cells"), ("lost?", "and this")),
    ]


def test_shared_strings_keep_their_escapes() -> None:
    words = ["x005F_", "_x000D_", "_x005F_x000D_", "a\nb", " lead", "_"]
    shared = "".join(f"<si><t xml:space='preserve'>{w}</t></si>" for w in ["head", *words])
    lines = "".join(f'<row><c t="s"><v>{n}</v></c></row>' for n in range(len(words) + 1))
    data = with_part(SHEET, sheet_xml(f"<sheetData>{lines}</sheetData>"), saved(book(["x"])))
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    types = part(data, "[Content_Types].xml")
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    more = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
    data = with_part("[Content_Types].xml", types.replace("</Types>", more), data)
    sheet = read(with_part("xl/sharedStrings.xml", f"<sst {space}>{shared}</sst>", data))
    assert [row.cells["head"] for row in sheet.rows] == [
        *("x005F_", "\r", "_x000D_", "a\nb", " lead", "_")
    ]


# --- writing ------------------------------------------------------------------------------


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


def test_equal_data_gives_equal_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
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
