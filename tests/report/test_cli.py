"""`comity report`: JSON lines out, words on stderr, exit codes that mean something."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from comity.kit.sayings import Voice
from comity.mandate.actions import load_shipped
from comity.registry.actions import Speaker, store
from comity.registry.types import Given, Record
from comity.report.cli import report

pytestmark = pytest.mark.django_db
LONG_AGO = dt.datetime(2015, 3, 1, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def world() -> None:
    load_shipped(now=LONG_AGO)
    practice = (
        Given("title", "Describe your team", "en"),
        Given("phase", "design"),
        Given("language", "fr"),
        Given("sim3", "O-2"),
    )
    drill = (Given("title", "Drill", "en"), Given("period", "2014"))
    store(
        [Record("activity", "a-1", "cyberdrill", drill), Record("practice", "p-1", "", practice)],
        Speaker(Voice.SOURCE, "The Herald"),
        act="load",
        now=LONG_AGO,
    )


def run(*args: str) -> Result:
    return CliRunner().invoke(report, args)


def lines(result: Result) -> list[dict[str, object]]:
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_figures_are_one_object_a_line_with_the_promised_keys() -> None:
    rows = lines(run("figures", "--year", "2014"))
    wanted = {"id", "label", "value", "unit", "type", "as_of", "paragraphs", "records"}
    assert all(wanted <= row.keys() for row in rows)
    assert {row["type"] for row in rows} == {"count", "total", "share"}
    found = {row["id"]: row for row in rows}
    assert found["activities.kind.cyberdrill"]["value"] == 1
    assert found["activities.kind.forum"]["value"] is None
    french = lines(run("figures", "--year", "2014", "--lang", "fr"))
    assert {r["id"]: r["value"] for r in french} == {r["id"]: r["value"] for r in rows}
    assert next(r for r in french if r["id"] == "activities.year")["label"] != "Activities"


@pytest.mark.slow
def test_build_writes_the_files_it_names_and_the_same_bytes_again(tmp_path: Path) -> None:
    args = ["build", "--year", "2014", "--lang", "ar", "--lang", "en"]
    for form in ("html", "docx", "pdf"):
        args += ["--format", form]
    first = lines(run(*args, "--out", str(tmp_path / "one")))
    again = lines(run(*args, "--out", str(tmp_path / "two")))
    assert len(first) == 6
    for one, two in zip(first, again, strict=True):
        assert Path(str(one["file"])).read_bytes() == Path(str(two["file"])).read_bytes()
        assert one["sha256"] == two["sha256"]


def test_freeze_and_publish_say_what_they_did() -> None:
    (kept,) = lines(run("freeze", "--year", "2014", "--number", "18"))
    assert (kept["state"], kept["edition"], len(kept["languages"])) == ("frozen", 1, 6)  # type: ignore[arg-type]
    (out,) = lines(run("publish", "--year", "2014"))
    assert out["state"] == "published" and out["sha256"] == kept["sha256"]
    again = run("publish", "--year", "2014")
    assert again.exit_code == 1 and "published" in again.stderr


def test_a_guide_for_a_country_and_for_all(tmp_path: Path) -> None:
    (mine,) = lines(run("guide", "--country", "SN", "--lang", "fr", "--out", str(tmp_path)))
    page = Path(str(mine["file"])).read_text()
    assert "Describe your team" in page and "Sénégal" in page
    (other,) = lines(run("guide", "--country", "KE", "--lang", "en", "--out", str(tmp_path)))
    page = Path(str(other["file"])).read_text()
    assert "Describe your team" not in page
    assert "1 more are in other languages only" in page, "what does not fit is counted"
    (every,) = lines(run("guide", "--out", str(tmp_path)))
    assert "Describe your team" in Path(str(every["file"])).read_text()


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["figures", "--year", "1066"], 1),
        (["figures", "--year", "2014", "--cutoff", "2199-01-01"], 1),
        (["figures", "--year", "2014", "--cutoff", "yesterday"], 2),
        (["build", "--year", "2014", "--lang", "xx"], 1),
        (["build", "--year", "2014", "--format", "odt"], 2),
        (["build", "--year", "2014", "--edition", "3"], 1),
        (["guide", "--country", "XX"], 1),
        (["publish", "--year", "2014"], 1),
        (["figures"], 2),
    ],
)
def test_bad_input_is_one_sentence_and_an_exit_code(args: list[str], code: int) -> None:
    result = run(*args)
    assert result.exit_code == code, result.output
    assert result.stderr.strip() and not result.stdout


@pytest.mark.slow
def test_make_run_compiles_the_reports_once(settings, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    done = run("compile")
    assert done.exit_code == 0, done.output
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    last = dt.datetime.now(dt.UTC).year - 1
    assert {(row["year"], row["language"], row["format"]) for row in rows} == {
        (year, language, name)
        for year in (2014, last)
        for language in ("en", "fr", "ar")
        for name in ("html", "docx", "pdf")
    }
    for row in rows:
        assert Path(row["file"]).stat().st_size == row["bytes"] > 10_000
    assert not list((tmp_path / "reports").glob("*.part"))
    again = run("compile")
    assert (again.exit_code, again.stdout) == (0, "")
