"""CSV and XLSX: what leaves can come back, runs in no spreadsheet and says what it left out."""

from __future__ import annotations

import csv
import io
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.kit.sayings import Voice
from comity.kit.sheets import read
from comity.kit.tlp import ANONYMOUS, Label
from comity.registry import actions
from comity.registry.actions import sample
from comity.registry.formats import rows
from comity.registry.models import Entry, Statement
from comity.registry.reads import Question, files
from comity.registry.rules.checking import cells_of, from_cells
from tests.registry.exports import FULL, HOSTILE, KIND, VOCABULARIES, entry, said, without

COLUMNS = rows.columns(KIND, ("en", "ar"))


def table(*entries, names=COLUMNS, left_out=None) -> bytes:
    return b"".join(rows.to_csv(entries, names, left_out))


def values_in(data: bytes, name: str = "x.csv") -> list[set[tuple[str, str, str]]]:
    """What `load` would take from these bytes: (field, value, language) of each row."""
    found = []
    for row in read(data, name=name).rows:
        record, problems = from_cells(KIND, row.cells, VOCABULARIES)
        assert problems == ()
        found.append({(g.field, str(g.value), g.language) for g in record.values})
    return found


def test_every_type_of_value_comes_back() -> None:
    wanted = {
        (f, str(v), lang or ("en" if KIND.by_key[f].translatable else "")) for f, v, lang in FULL
    }
    assert values_in(table(entry())) == [wanted]


def test_the_workbook_holds_what_the_csv_holds() -> None:
    whole = io.BytesIO()
    rows.to_xlsx(
        whole, [entry()], COLUMNS, title="Projects", notes=["TLP:CLEAR"], notes_title="Notes"
    )
    assert values_in(whole.getvalue(), "x.xlsx") == values_in(table(entry()))


def test_a_language_has_a_column_only_where_it_occurs() -> None:
    assert "title_ar" in COLUMNS
    assert "title_fr" not in COLUMNS
    assert "title_en" not in COLUMNS


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_runs_in_a_spreadsheet_and_the_words_stay(text: str) -> None:
    data = table(entry([("title", text, "en")]))
    cell = next(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))["title"]
    assert not cell.lstrip("\t\r\n ").startswith(("=", "+", "-", "@"))
    if "\u202e" not in text:  # checking refuses it; reading does not lose it
        assert read(data, name="x.csv").rows[0].cells["title"].strip() == text.strip()


def test_the_same_data_are_the_same_bytes() -> None:
    assert table(entry()) == table(entry())
    both = []
    for _ in range(2):
        whole = io.BytesIO()
        rows.to_xlsx(whole, [entry()], COLUMNS, title="P", notes=["n"], notes_title="Notes")
        both.append(whole.getvalue())
    assert both[0] == both[1]


def test_a_row_says_the_strictest_label_of_what_it_holds() -> None:
    more = [said("summary", "For teams", "en", label=Label.GREEN)]
    row = dict(zip(COLUMNS, rows.row(entry(without("summary"), more=more), COLUMNS), strict=True))
    assert row["tlp"] == "TLP:GREEN"


def test_what_a_row_cannot_hold_is_told() -> None:
    left: list[rows.LeftOut] = []
    more = [said("status", "1", by="Another", url="https://example.org/other")]
    row = dict(zip(COLUMNS, rows.row(entry(more=more), COLUMNS, left), strict=True))
    assert row["status"] == "2"
    assert [(one.field, one.what) for one in left] == [("status", "value")]


def test_whom_it_is_about_is_shown_before_a_source() -> None:
    more = [said("status", "1", by="The State", voice=Voice.OWN)]
    row = dict(zip(COLUMNS, rows.row(entry(more=more), COLUMNS), strict=True))
    assert row["status"] == "1"


def test_an_empty_kind_has_its_columns() -> None:
    assert table().decode("utf-8-sig").split(",")[:3] == ["key", "subtype", "tlp"]


@given(
    st.lists(
        st.text(st.characters(exclude_categories=("Cc", "Cs", "Co")), min_size=1),
        min_size=1,
        max_size=4,
    )
)
def test_any_words_keep_their_borders_in_a_cell(texts: list[str]) -> None:
    texts = [t for t in (" ".join(t.split()).rstrip("\\") for t in texts) if t]
    kept = list(dict.fromkeys(texts))
    data = table(entry([("title", "T", "en"), *(("identifier", t, "en") for t in kept)]))
    assert cells_of(read(data, name="x.csv").rows[0].cells["identifier"]) == kept


def test_a_thousand_rows_are_quick() -> None:
    many = [entry(key=f"p-{n}") for n in range(1000)]
    began = time.process_time()
    assert table(*many).count(b"\r\n") == 1001
    assert time.process_time() - began < 3


# --- through the database -----------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "kind"), sample.FILES.items())
def test_what_was_exported_loads_unchanged(name: str, kind: str) -> None:
    assert sample._load(name, kind)
    before = list(Statement.objects.filter(ended=None).order_by("pk").values_list("pk", flat=True))
    file = files.file_of(ANONYMOUS, Question(kind), "csv", files.here())
    data = b"".join(file.pieces)
    said_by = {"said_by": sample.SAID_BY, "licence": sample.LICENCE, "sample": True}
    loaded = actions.load_file(kind, data, "back.csv", **said_by)
    outcomes = {result.outcome.value for result in loaded.results}
    assert len(loaded.results) == Entry.objects.filter(kind=kind).count()
    if not file.left_out:
        assert outcomes == {"unchanged"}
        after = Statement.objects.filter(ended=None).order_by("pk").values_list("pk", flat=True)
        assert list(after) == before
    else:  # evidence of its own for one value: a table has one for the row
        assert outcomes <= {"unchanged", "updated"}
