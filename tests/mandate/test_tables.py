"""The rows of every door: their keys, their bytes, and no formula in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.mandate.formats import tables
from comity.mandate.types import (
    Change,
    ChangeKind,
    Citation,
    Confidence,
    Duty,
    Fate,
    Passage,
    Proposal,
    Provision,
    Run,
    Span,
    State,
    Target,
    Unit,
)

PROVISION = Provision("resolves", "1/iii/a", "a)", "to go on", ("1",), eid="e", wid="w", key="k")
PASSAGE = Passage(
    "recalling",
    "d",
    "ed)",
    "d)",
    (Run("old ", True, Span(0, 4)), Run("new", False, Span(6, 9))),
    State.OPTION,
    True,
    "option line",
    "B/75/4",
    "Brazil",
    "1",
    7,
    (12, 14),
    Span(0, 9),
)
PROPOSAL = Proposal(
    0,
    "B/75/4",
    "Brazil",
    "recalling",
    "new",
    Fate.AMENDED,
    (Target("recalling", "d"), Target("noting", "p")),
    0.8749,
    Confidence.LIKELY,
)
CITATION = Citation(
    *("recalling", "g", "Resolution 45 (Rev. Dubai, 2014)", "WTDC", "resolution", "45"),
    *("Dubai", 2014, True, "", 3, 35, "wtdc/res-45", "named"),
)
DUTY = Duty(
    *("instructs", "8", ("Director",), "instructs", "report", "on progress", ("Council",)),
    *("annual", None, True),
)
CHANGE = Change(ChangeKind.MOVED, (0,), (0,), 0.666, Confidence.CERTAIN, ("shares 5 words",))
UNIT = Unit("recalling", "a", "a)", "x")

ROWS = {
    "provisions": tables.provision_rows([PROVISION]),
    "passages": tables.passage_rows([PASSAGE]),
    "fates": tables.fate_rows([PROPOSAL]),
    "citations": tables.citation_rows([CITATION]),
    "duties": tables.duty_rows([DUTY]),
    "changes": tables.change_rows([CHANGE], [UNIT], [PROVISION]),
}

# The promise to machines, written out here a second time on purpose.
KEYS = {
    "provisions": "section path num text footnotes eid wid",
    "passages": "section num_printed num text state explicit tag proposer lines",
    "fates": "tag proposer section text fate targets similarity confidence",
    "citations": "section path as_printed issuer kind number place year revised subdivision",
    "duties": "section path actors force verb object recipients frequency condition is_reporting",
    "changes": "kind old new similarity confidence evidence",
}


@pytest.mark.parametrize("table", sorted(KEYS))
def test_the_keys_of_a_row_and_their_order_never_change(table: str) -> None:
    assert list(ROWS[table][0]) == KEYS[table].split()
    assert list(tables.COLUMNS[table]) == KEYS[table].split()


def test_values_are_plain_json_with_similarity_at_two_digits() -> None:
    fate = json.loads(tables.to_json_lines(ROWS["fates"]))
    assert fate["fate"] == "adopted amended"
    assert fate["similarity"] == 0.87
    assert fate["confidence"] == "likely"
    assert fate["targets"] == [
        {"section": "recalling", "path": "d"},
        {"section": "noting", "path": "p"},
    ]
    passage = json.loads(tables.to_json_lines(ROWS["passages"]))
    assert passage["state"] == "option"
    assert passage["text"] == "old new"
    assert passage["lines"] == [12, 14]
    duty = json.loads(tables.to_json_lines(ROWS["duties"]))
    assert duty["frequency"] == "annual"
    assert duty["condition"] is None


def test_a_change_names_places_not_indices() -> None:
    row = ROWS["changes"][0]
    assert row["old"] == [{"section": "recalling", "path": "a", "num": "a)"}]
    assert row["new"] == [{"section": "resolves", "path": "1/iii/a", "num": "a)"}]
    assert (row["kind"], row["similarity"]) == ("moved", 0.67)


def read(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_csv_opens_in_a_spreadsheet_and_joins_lists() -> None:
    data = tables.to_csv(ROWS["fates"])
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.endswith(b"\r\n")
    head, row = read(data)
    assert head == KEYS["fates"].split()
    assert dict(zip(head, row, strict=True))["targets"] == "recalling: d; noting: p"
    assert dict(zip(*read(tables.to_csv(ROWS["duties"])), strict=True))["condition"] == ""
    assert dict(zip(*read(tables.to_csv(ROWS["citations"])), strict=True))["revised"] == "true"


def test_no_rows_still_have_a_header() -> None:
    assert read(tables.to_csv([], tables.COLUMNS["duties"])) == [KEYS["duties"].split()]
    assert json.loads(tables.to_json([], {"key": "x"})) == {
        "meta": {"key": "x"},
        "count": 0,
        "rows": [],
    }


@pytest.mark.parametrize("start", list("=+-@\t\r\n＝＋－＠"))
def test_no_cell_is_run_as_a_formula(start: str) -> None:
    words = f"{start}HYPERLINK(1)"
    for value in (words, [words], {"section": words}):
        ((_,), (cell,)) = read(tables.to_csv([{"text": value}]))
        assert cell == f"'{words}"
    assert read(tables.to_csv([{"n": -1}]))[1] == ["-1"]


@given(st.text())
def test_guarding_a_cell_loses_nothing(words: str) -> None:
    assert tables.unguard(tables.guard(words)) == words
    assert not tables.guard(words).startswith(tuple("=+-@\t\r\n"))


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]))))
def test_csv_and_json_lines_give_the_words_back(words: list[str]) -> None:
    rows = [{"text": w, "n": i} for i, w in enumerate(words)]
    back = read(tables.to_csv(rows, ("text", "n")))[1:]
    assert [tables.unguard(cell) for cell, _ in back] == words
    lines = tables.to_json_lines(rows).decode().splitlines()
    assert [json.loads(line) for line in lines] == rows


def test_a_lone_surrogate_does_not_stop_an_export() -> None:
    assert json.loads(tables.to_json_lines([{"text": "\ud800"}])) == {"text": "\ud800"}
    assert b"\\ud800" in tables.to_csv([{"text": "\ud800"}])


def test_json_holds_count_and_meta() -> None:
    whole = json.loads(tables.to_json(ROWS["duties"], {"key": "itu-pp/res-130"}))
    assert whole["count"] == 1
    assert whole["meta"]["key"] == "itu-pp/res-130"
    assert whole["rows"][0]["actors"] == ["Director"]
