"""CSV as it comes: encodings proved or asked for, faults named by row, nothing lost."""

from __future__ import annotations

import csv
import doctest
import io
import pickle
import re
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from comity.kit.sheets import Limits, Row, Sheet, Unreadable, guard, read, refuse_size, unguard
from comity.kit.sheets import write_csv as stream
from tests.kit.test_room import IMPURE

EXAMPLES = Path(__file__).resolve().parents[1] / "examples" / "kit"
FOLDER = Path(str(resources.files("comity.kit.sheets")))
HEAD = b"id,name,country\r\n"


def rows(sheet: Sheet) -> list[list[str]]:
    return [list(row.cells.values()) for row in sheet.rows]


def codes(sheet: Sheet) -> list[tuple[str, int]]:
    return [(finding.code, finding.row) for finding in sheet.findings]


def write_csv(columns, data, **options) -> bytes:
    return b"".join(stream(columns, data, **options))


# --- size ---------------------------------------------------------------------------------


class Huge(bytes):
    """Bytes that say they are many, and fail when anyone looks at them."""

    def __len__(self) -> int:
        return 200 * 2**20

    def startswith(self, *_: object) -> bool:  # type: ignore[override]
        raise AssertionError("it was read")

    decode = count = __getitem__ = startswith  # type: ignore[assignment]


def test_200_mb_are_refused_without_reading() -> None:
    with pytest.raises(Unreadable) as caught:
        read(Huge())
    assert caught.value.code == "too-large"
    assert "200.0 MB" in caught.value.message
    with pytest.raises(Unreadable):
        refuse_size(20 * 2**20 + 1)
    refuse_size(20 * 2**20)


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits(rows=2), "too-many-rows"),
        (Limits(columns=2), "too-many-columns"),
        (Limits(cells=8), "too-many-cells"),
    ],
)
def test_too_much_is_refused(limits: Limits, code: str) -> None:
    data = HEAD + b"1,a,KE\r\n2,b,NA\r\n3,c,FJ\r\n"
    assert len(read(data).rows) == 3
    with pytest.raises(Unreadable) as caught:
        read(data, limits=limits)
    assert caught.value.code == code
    assert caught.value.remedy


def test_a_cell_too_long_holds_its_row_and_a_cell_without_end_stops() -> None:
    sheet = read(HEAD + b"1," + b"x" * 40_000 + b",KE\r\n2,b,NA\r\n")
    assert [row.held for row in sheet.rows] == [("cell-too-long",), ()]
    assert (sheet.findings[0].row, sheet.findings[0].column) == (2, "name")
    with pytest.raises(Unreadable, match="row 3"):
        read(HEAD + b"1,a,KE\r\n" + b'2,"' + b"a,b,c\r\n" * 30_000 + b'",NA\r\n')


def test_findings_past_the_limit_are_counted() -> None:
    sheet = read(HEAD + b"1\r\n" * 50, limits=Limits(findings=10))
    assert len(sheet.findings) == 11
    assert (sheet.findings[-1].code, sheet.findings[-1].facts) == ("more", (("count", "40"),))
    assert all(row.held for row in sheet.rows)


# --- encodings ----------------------------------------------------------------------------

WORDS = {
    "windows-1252": "Côte d’Ivoire",
    "windows-1251": "Республика Молдова",
    "windows-1256": "اليمن",
    "gb18030": "网络安全合作",
}


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_utf8_with_and_without_mark(mark: bytes) -> None:
    sheet = read(mark + HEAD + "1,网络安全,اليمن\r\n".encode())
    assert (rows(sheet), sheet.encoding) == ([["1", "网络安全", "اليمن"]], "utf-8")
    assert sheet.columns[0] == "id"


@pytest.mark.parametrize("codec", ["utf-16", "utf-32"])
def test_a_byte_order_mark_is_believed(codec: str) -> None:
    sheet = read("id\tname\r\n1\tЙемен\r\n".encode(codec))
    assert (rows(sheet), sheet.encoding, sheet.delimiter) == ([["1", "Йемен"]], codec, "\t")


@pytest.mark.parametrize("encoding", WORDS)
def test_a_code_page_is_refused_with_candidates_and_read_when_named(encoding: str) -> None:
    words = WORDS[encoding]
    data = HEAD + f"1,{words},XX\r\n2,{words},YY\r\n".encode(encoding)
    with pytest.raises(Unreadable) as caught:
        read(data)
    assert caught.value.code == "unknown-encoding"
    assert caught.value.place == "lines 2, 3"
    assert encoding in caught.value.message
    assert words in caught.value.message, "the sample shows which candidate reads right"
    sheet = read(data, encoding=encoding)
    assert (rows(sheet)[0], sheet.encoding) == (["1", words, "XX"], encoding)


def test_lines_of_another_encoding_are_named_and_held() -> None:
    data = HEAD + "1,Côte,CI\r\n".encode() + "2,Côte,CI\r\n".encode("cp1252") + b"3,plain,KE\r\n"
    sheet = read(data)
    assert [row.held for row in sheet.rows] == [(), ("wrong-encoding",), ()]
    assert rows(sheet)[1] == ["2", r"C\xf4te", "CI"], "the bytes stay visible"
    assert codes(sheet) == [("wrong-encoding", 3)]
    assert "UTF-8" in sheet.findings[0].remedy


def test_encodings_that_do_not_fit_are_refused_with_the_line() -> None:
    for encoding, code in [("utf-8", "bad-encoding"), ("latin-7\0", "bad-encoding")]:
        with pytest.raises(Unreadable) as caught:
            read(HEAD + b"1,\xff\xfe,KE", encoding=encoding)
        assert caught.value.code == code
    with pytest.raises(Unreadable, match="line 2"):
        read(HEAD + b"1,\xff\xfe,KE", encoding="UTF8")
    with pytest.raises(Unreadable, match="UTF-16"):
        read("id,name\r\n1,a\r\n".encode("utf-16-le"))
    assert read("id,name\r\n1,é\r\n".encode("utf-16-le"), encoding="utf-16-le").rows[0].cells == {
        "id": "1",
        "name": "é",
    }


# --- structure ----------------------------------------------------------------------------


def test_namibia_is_no_missing_value() -> None:
    assert rows(read(HEAD + b"1,Namibia,NA\r\n2,N/A,null\r\n")) == [
        ["1", "Namibia", "NA"],
        ["2", "N/A", "null"],
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_header_decides_the_delimiter(delimiter: str) -> None:
    text = f'id{delimiter}"name, or; title\tx"{delimiter}c\n1{delimiter}a{delimiter}\n'
    sheet = read(text.encode())
    assert sheet.delimiter == delimiter
    assert sheet.columns == ("id", "name, or; title\tx", "c")
    assert rows(sheet) == [["1", "a", ""]]


def test_excels_own_line_for_the_delimiter_is_followed() -> None:
    sheet = read(b"sep=;\r\nname, first;b\r\n1;2\r\n")
    assert (sheet.columns, sheet.rows[0].number) == (("name, first", "b"), 3)


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_line_ends_quotes_and_breaks_in_cells(end: str) -> None:
    text = f'id,words{end}1,"one{end}two, ""three"""{end}{end}  {end}2,four'
    sheet = read(text.encode())
    assert rows(sheet) == [["1", f'one{end}two, "three"'], ["2", "four"]]
    assert ([row.number for row in sheet.rows], sheet.blank) == ([2, 5], 2)


def test_ragged_rows_are_held_and_lose_nothing() -> None:
    sheet = read(HEAD + b"1,a\r\n2,b,KE,more,\r\n3,c,NA,,\r\n4,d,FJ\r\n")
    assert sheet.rows[0] == Row(2, {"id": "1", "name": "a", "country": ""}, ("too-few-cells",))
    assert sheet.rows[1].extra == ("more",)
    assert [row.held for row in sheet.rows[1:]] == [("too-many-cells",), (), ()]
    assert codes(sheet) == [("too-few-cells", 2), ("too-many-cells", 3)]
    assert sheet.findings[1].column == "D"


def test_header_names_must_be_there_and_differ() -> None:
    with pytest.raises(Unreadable) as caught:
        read(b"a,b, a \r\n1,2,3\r\n")
    assert (caught.value.code, caught.value.place) == ("duplicate-column", "row 1, columns A and C")
    sheet = read(b"a,,c,\r\n1,,3,\r\n1,2,3,\r\n")
    assert sheet.columns == ("a", "c")
    assert [(row.held, row.extra) for row in sheet.rows] == [
        ((), ()),
        (("unnamed-column",), ("2",)),
    ]
    for nothing in (b"", b"\r\n\r\n", b"\xef\xbb\xbf", b" , \r\n"):
        with pytest.raises(Unreadable):
            read(nothing)


def test_stray_and_open_quotes_hold_their_rows() -> None:
    sheet = read(HEAD + b'1,"a"x,KE\r\n2,b,NA\r\n3,"c,FJ\r\n4,d,TV\r\n5,e,WS\r\n')
    assert [row.number for row in sheet.rows] == [2, 3, 4, 5, 6]
    assert [row.held[:1] for row in sheet.rows] == [
        ("stray-quote",),
        (),
        ("open-quote",),
        ("open-quote",),
        ("open-quote",),
    ]
    assert rows(sheet)[3] == ["4", "d", "TV"]
    assert "row 4" in next(f for f in sheet.findings if f.code == "open-quote").message
    with pytest.raises(Unreadable) as caught:
        read(b'id,"name\r\n1,2\r\n')
    assert caught.value.code == "bad-header"


def test_nul_holds_its_row() -> None:
    sheet = read(HEAD + b"1,a\x00b,KE\r\n" + b"2,plain,NA\r\n" * 3)
    assert (rows(sheet)[0][1], sheet.rows[0].held) == ("a␀b", ("nul",))
    with pytest.raises(Unreadable):
        read(b"\x00" * 100)


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"%PDF-1.7 ...", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 99, "password"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"\xef\xbb\xbf <HTML><table>", "HTML"),
    ],
)
def test_other_files_are_called_what_they_are(data: bytes, word: str) -> None:
    with pytest.raises(Unreadable, match=word) as caught:
        read(data, name="x.xls")
    again = pickle.loads(pickle.dumps(caught.value))
    assert (str(again), again.code) == (str(caught.value), "not-a-sheet")


def test_a_name_that_says_another_format_is_told() -> None:
    assert codes(read(HEAD, name="activities.xlsx")) == [("name-differs", 0)]
    assert codes(read(HEAD, name="activities.csv")) == []


def test_the_example_of_a_focal_point() -> None:
    sheet = read((EXAMPLES / "focal_point.csv").read_bytes(), name="focal_point.csv")
    assert sheet.delimiter == ";"
    assert [row.number for row in sheet.rows if not row.held] == [2, 5]
    assert {row.number: row.held for row in sheet.rows if row.held} == {
        6: ("too-many-cells",),
        7: ("wrong-encoding",),
    }
    assert (len(sheet.rows), sheet.blank) == (4, 2)


# --- properties ---------------------------------------------------------------------------

text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
hostile = st.one_of(
    text,
    st.builds(
        "".join, st.lists(st.sampled_from([*"'=+-@\t\r\n ＝\",;|\ufeff\u200b\xa0", "x", "sep="]))
    ),
    st.sampled_from(["NA", "=cmd|' /C calc'!A0", "'=1", "''=1", " =1", "sep=;", "ID", "\ufeff=1"]),
)
names = st.lists(hostile.map(str.strip).filter(bool), min_size=1, max_size=5, unique=True)


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[str], list[list[str]]]:
    columns = draw(names)
    row = st.lists(hostile, min_size=len(columns), max_size=len(columns)).filter(any)
    return columns, draw(st.lists(row, max_size=6))


@given(tables(), st.booleans())
@example((["sep=;"], [["a"]]), False)
@example((["ID;x", "b"], [["a", "b"]]), True)
@example((["\ufeffa"], [["a"]]), False)
@example((["a", ";;"], [["a", "b"]]), False)
def test_export_then_import_is_the_identity(
    table: tuple[list[str], list[list[str]]], mark: bool
) -> None:
    columns, data = table
    if columns[0].startswith("\ufeff") and not mark:
        mark = True  # a first name with the mark of its own needs one before it
    sheet = read(write_csv(columns, data, mark=mark))
    assert list(sheet.columns) == columns
    assert rows(sheet) == data
    assert (sheet.findings, sheet.blank) == ((), 0)


@given(st.lists(st.lists(st.sampled_from(["", "a", "b c", "é"]), max_size=5), max_size=9))
def test_no_row_is_lost(data: list[list[str]]) -> None:
    sheet = io.StringIO(newline="")
    csv.writer(sheet).writerows([["one", "two", "three"], *data])
    got = read(sheet.getvalue().encode())
    assert len(got.rows) + got.blank == len(data)
    for row in got.rows:
        cells = [cell for cell in (*row.cells.values(), *row.extra) if cell]
        assert cells == [cell for cell in data[row.number - 2] if cell]


@given(hostile)
def test_guarding_loses_nothing_and_nothing_runs(words: str) -> None:
    assert unguard(guard(words)) == words
    assert not guard(words).lstrip(" \xa0\ufeff\u200b\r\n\t").startswith(tuple("=+-@＝＋－＠"))


@given(st.binary(max_size=300), st.sampled_from(["", *WORDS, "utf-8", "utf-16"]))
def test_junk_raises_nothing_but_unreadable(junk: bytes, encoding: str) -> None:
    for data in (junk, HEAD + junk, b"\xff\xfe" + junk):
        try:
            sheet = read(data, encoding=encoding)
        except Unreadable as refused:
            assert refused.message
            assert refused.remedy
        else:
            assert all(f.message and f.remedy for f in sheet.findings)


def test_what_utf8_cannot_hold_is_replaced_visibly_and_told() -> None:
    told: list = []
    data = write_csv(["a", "b"], [["\ud800", "x\0y"], [-1, None], [True, 2.5]], told=told)
    assert rows(read(data)) == [[r"\ud800", "x␀y"], ["-1", ""], ["true", "2.5"]]
    assert [(f.code, f.row, f.column) for f in told] == [
        ("character-replaced", 2, "A"),
        ("character-replaced", 2, "B"),
    ]


def test_a_csv_streams() -> None:
    pieces = stream(["n"], ([n] for n in range(10_000)))
    assert len(next(pieces)) < 10_000
    assert len(list(pieces)) == 20


def test_the_walk_in_the_readme_runs() -> None:
    result = doctest.testfile(str(FOLDER / "README.md"), module_relative=False)
    assert (result.attempted, result.failed) == (5, 0)


def test_the_folder_stays_pure() -> None:
    for path in FOLDER.glob("*.py"):
        for line in path.read_text("utf-8").splitlines():
            named = re.match(r"\s*(?:from|import) ([\w.]+)", line)
            assert not named or named[1].split(".")[0] not in IMPURE, (path.name, line)
            assert not re.search(r"\b(now|today|utcnow)\(", line), (path.name, line)
