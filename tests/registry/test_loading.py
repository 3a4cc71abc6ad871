"""Files as they come: good rows arrive, bad ones wait with row and remedy, nothing twice."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import Workbook

from comity.kit.sayings import Voice
from comity.kit.sheets import Unreadable
from comity.kit.tlp import ANONYMOUS
from comity.registry import actions, reads
from comity.registry.cli import registry
from comity.registry.models import Batch, Entry, Facet, Statement, WaitingRow
from comity.registry.rules.made import facet_names
from comity.registry.types import Given, Outcome, Record, RegistryError

pytestmark = pytest.mark.django_db
HEAD = "key,title,country,period\n"


def load(text: str | bytes, kind: str = "activity", name: str = "rows.csv") -> actions.Loaded:
    data = text.encode() if isinstance(text, str) else text
    return actions.load_file(kind, data, name)


def test_good_rows_arrive_and_bad_ones_wait_with_row_and_remedy() -> None:
    loaded = load(
        HEAD
        + "a-1,A drill,KE; UG,2014\n"
        + "a-2,A workshop,XX,2014-02-30\n"
        + "a-3,,KE,2014\n"
        + "a-4,In Windhoek,NA,2015\n"
    )
    assert [r.outcome for r in loaded.results] == ["created", "rejected", "rejected", "created"]
    assert [(p.row, p.field, p.value) for r in loaded.results for p in r.problems] == [
        (3, "country", "XX"),
        (3, "period", "2014-02-30"),
        (4, "title", ""),
    ]
    assert all(p.message and p.remedy for r in loaded.results for p in r.problems)
    assert [w.row for w in WaitingRow.objects.order_by("row")] == [3, 4]
    assert WaitingRow.objects.get(row=3).raw["title"] == "A workshop", "nothing of it is lost"
    windhoek = reads.entry(ANONYMOUS, "activity", "a-4")
    assert windhoek.card["country"] == ["NA"] and str(windhoek.first) == "2015-01-01"
    assert windhoek.card["period"] == ["2015"], "a year stays a year"


def test_the_same_file_twice_is_one_batch_and_changes_nothing() -> None:
    rows = HEAD + "a-1,A drill,KE,2014\n,No key,KE,2014\na-3,,KE,2014\n"
    first, again = load(rows), load(rows)
    assert [r.outcome for r in first.results] == ["created", "created", "rejected"]
    # What has no key of its own is known by what it says.
    assert [r.outcome for r in again.results] == ["unchanged", "unchanged", "rejected"]
    assert Batch.objects.count() == 1 and WaitingRow.objects.count() == 1
    assert Entry.objects.count() == 2


def test_a_later_file_changes_what_differs_and_ends_what_it_no_longer_says() -> None:
    load(HEAD + "a-1,A drill,KE; UG,2014\n")
    loaded = load(HEAD + "a-1,A drill,KE,2014\n")
    assert loaded.results[0].outcome is Outcome.UPDATED
    ended = Statement.objects.get(ended__isnull=False)
    assert (ended.field, ended.value) == ("country", "UG")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("titel,land\nA,KE\n", "titel, land"),
        ("title,titel\nA,B\n", "titel"),
        ("country\nKE\n", "no column title"),
    ],
)
def test_wrong_columns_are_named_with_those_there_are(text: str, said: str) -> None:
    with pytest.raises(RegistryError) as caught:
        load(text)
    assert said in str(caught.value) and caught.value.remedy
    assert not Batch.objects.exists()


def test_a_column_that_was_misspelt_is_told_with_the_name_that_was_meant() -> None:
    with pytest.raises(RegistryError) as caught:
        load("title,cuntry,perod,zzzzz\nA,KE,2014,x\n")
    assert "Did you mean country for cuntry, period for perod?" in caught.value.remedy


def test_mixed_encodings_hold_the_rows_they_are_in() -> None:
    text = (HEAD + "a-1,Évaluation,KE,2014\na-2,Été,KE,2014\na-3,Trois,KE,2014\n").encode()
    loaded = load(text + "a-4,Réunion,KE,2014\n".encode("cp1252"))
    assert [r.outcome for r in loaded.results] == ["created", "created", "created", "rejected"]
    assert loaded.results[3].problems[0].row == 5


def workbook(*rows: list[object]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_a_formula_is_never_believed() -> None:
    data = workbook(["key", "title"], ["a-1", "Plain"], ["a-2", '=HYPERLINK("http://x","y")'])
    loaded = load(data, name="rows.xlsx")
    assert [r.outcome for r in loaded.results] == ["created", "rejected"]
    (problem,) = loaded.results[1].problems  # and not that the title is missing, too
    assert problem.field == "title" and problem.remedy


@pytest.mark.slow
def test_what_is_too_large_or_a_bomb_is_refused_whole() -> None:
    with pytest.raises(Unreadable):
        load(b"title\n" + b"x" * (21 * 1024 * 1024))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("[Content_Types].xml", b"<Types/>")
        bomb.writestr("xl/worksheets/sheet1.xml", b"0" * (300 * 1024 * 1024))
    with pytest.raises(Unreadable):
        load(file.getvalue(), name="bomb.xlsx")
    assert not Batch.objects.exists()


def test_nested_entities_are_refused() -> None:
    source = workbook(["title"], ["A"])
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(source)) as old, zipfile.ZipFile(file, "w") as new:
        for item in old.infolist():
            data = old.read(item)
            if item.filename.endswith("sheet1.xml"):
                data = data.replace(
                    b"<worksheet",
                    b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet',
                    1,
                )
            new.writestr(item, data)
    with pytest.raises(Unreadable):
        load(file.getvalue(), name="entities.xlsx")


def test_the_published_activities_load_from_their_own_columns(shared) -> None:
    path = shared / "data" / "activities" / "activities.csv"
    result = CliRunner().invoke(registry, ["load", "activity", str(path)])
    assert result.exit_code == 0, result.output
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(rows) == 53 and {row["outcome"] for row in rows} == {"created"}
    assert set(rows[0]) == {"row", "id", "outcome", "problems"} and rows[0]["id"] == "ACT-002"
    again = CliRunner().invoke(registry, ["load", "activity", str(path)])
    assert {json.loads(line)["outcome"] for line in again.stdout.splitlines()} == {"unchanged"}


def test_a_cumulative_figure_is_a_total_and_a_count_is_a_count(shared) -> None:
    path = shared / "data" / "activities" / "activities.csv"
    load(path.read_bytes(), name="activities.csv")
    fields = dict(
        Statement.objects.filter(field__in=("figure", "total")).values_list(
            "entry__subtype", "field"
        )
    )
    assert fields.pop("cumulative_figure") == "total"
    assert set(fields.values()) == {"figure"}


def test_sample_data_comes_whole_and_goes_whole() -> None:
    assert actions.load_sample() and actions.load_sample() is None
    assert Entry.objects.filter(sample=True).count() == 347
    sourceless = Statement.objects.filter(source__evidence_url="", source__evidence_title="")
    assert not sourceless.exists(), "each value has its source"
    assert actions.remove_sample() == 347
    assert not Entry.objects.exists() and not Statement.objects.exists()
    assert reads.listing(ANONYMOUS, reads.Question()).total == 0
    assert actions.load_sample(), "and can come back"


def test_the_command_says_what_is_wrong_and_leaves_with_one(tmp_path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(HEAD + "a-1,A drill,Atlantis,2014\n")
    result = CliRunner().invoke(registry, ["load", "activity", str(path)])
    row = json.loads(result.stdout)
    assert result.exit_code == 1 and row["outcome"] == "rejected"
    assert row["problems"][0]["field"] == "country" and row["problems"][0]["remedy"]
    missing = CliRunner().invoke(registry, ["load", "activity", str(tmp_path / "no.csv")])
    assert missing.exit_code == 1 and "Check the path" in missing.output
    unknown = CliRunner().invoke(registry, ["load", "party", str(path)])
    assert unknown.exit_code == 1 and "agreement" in unknown.output


def test_an_entry_is_shown_by_the_name_its_row_was_printed_with() -> None:
    load(HEAD + "ACT-001,A drill,KE,2014\n")
    result = CliRunner().invoke(registry, ["show", "activity/ACT-001"])
    assert result.exit_code == 0 and json.loads(result.stdout)["key"] == "act-001"


def test_a_facet_that_no_kind_has_is_named_with_those_there_are() -> None:
    load(HEAD + "a-1,A drill,KE,2014\n")
    found = CliRunner().invoke(registry, ["list", "activity", "--where", "country=KE"])
    assert found.exit_code == 0 and json.loads(found.stdout)["key"] == "a-1"
    wrong = CliRunner().invoke(registry, ["list", "activity", "--where", "contry=KE"])
    assert wrong.exit_code != 0 and "contry" in wrong.output and "country" in wrong.output


def test_every_facet_of_the_sample_is_one_that_may_be_asked_for() -> None:
    actions.load_sample()
    for kind, facet in set(Facet.objects.values_list("kind", "facet")):
        assert facet in facet_names(reads.kinds()[kind]), f"{kind} {facet}"


def test_an_export_says_what_its_file_does_not_hold_and_where(tmp_path: Path) -> None:
    rows = [Record("activity", "a-1", "", (Given("title", "One", "en"), Given("period", "2014")))]
    actions.store(rows, actions.Speaker(Voice.SOURCE, "A"), act="load_entries")
    again = [Record("activity", "a-1", "", (Given("title", "Two", "en"),))]
    actions.store(again, actions.Speaker(Voice.SOURCE, "B"), act="load_entries")

    def run(*args: str) -> Result:
        return CliRunner().invoke(registry, ["export", "activity", *args])

    table = run("-o", str(tmp_path / "a.csv"))
    assert table.exit_code == 0
    assert "activity/a-1: title: a row has no place for another value" in table.stderr
    iati = run("--format", "iati", "-o", str(tmp_path / "a.xml"))
    assert "activity/a-1: no valid IATI activity without" in iati.stderr
    assert "activity-date. Known of its time: 2014." in iati.stderr
    lost = run("-o", str(tmp_path / "none" / "a.csv"))
    assert lost.exit_code == 1 and "Check the path" in lost.stderr
    assert not lost.exception or isinstance(lost.exception, SystemExit)
