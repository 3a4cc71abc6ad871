"""`comity events` from the command line: one JSON object a file, exit codes that mean something."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner, Result

from comity.events.cli import events
from tests.events.test_ingest import HEADER, NAME, home, line, report

__all__ = ["home"]
KEYS = [
    "file",
    "feed",
    "type",
    "rows",
    "stored",
    "duplicate",
    "rejected",
    "findings_new",
    "unrouted",
    "seconds",
]


def run(*arguments: str, data: bytes | None = None) -> Result:
    return CliRunner().invoke(events, list(arguments), input=data)


def lines(result: Result) -> list[dict[str, Any]]:
    return [json.loads(text) for text in result.stdout.splitlines()]


@pytest.fixture
def file(home: Path, tmp_path: Path) -> Path:
    path = tmp_path / NAME
    path.write_bytes(report(1, 2, 3))
    return path


def test_ingest_says_one_object_a_file(file: Path) -> None:
    done = run("ingest", str(file))
    [row] = lines(done)
    assert done.exit_code == 0 and list(row) == KEYS
    assert (row["file"], row["feed"], row["type"], row["rows"], row["stored"]) == (
        NAME,
        "shadowserver",
        "scan_telnet",
        3,
        3,
    )
    [again] = lines(run("ingest", str(file)))
    assert (again["stored"], again["duplicate"]) == (0, 3)


def test_ingest_from_stdin_needs_the_feed(file: Path) -> None:
    without = run("ingest", "-", data=file.read_bytes())
    assert without.exit_code == 1 and "--feed" in lines(without)[0]["error"]
    told = run(
        "ingest",
        "-",
        "--feed",
        "shadowserver",
        "--report-type",
        "scan_telnet",
        data=file.read_bytes(),
    )
    assert told.exit_code == 0 and lines(told)[0]["stored"] == 3


def test_a_bad_file_among_good_ones_is_told_and_the_others_are_taken(
    file: Path, tmp_path: Path
) -> None:
    bad = tmp_path / ("2026-11-20-scan_redis-xx.csv")
    bad.write_bytes(b"<!doctype html>")
    done = run("ingest", str(bad), str(file), str(tmp_path / "absent.csv"))
    assert done.exit_code == 1
    assert [row.get("stored") for row in lines(done)] == [0, 3, None]
    assert "web page" in lines(done)[0]["error"]
    assert "absent.csv: No such file" in lines(done)[2]["error"]


def test_query_in_four_formats(file: Path, tmp_path: Path) -> None:
    run("ingest", str(file))
    rows = lines(run("query", "--network", "198.51.0.2"))
    assert [row["src_ip"] for row in rows] == ["198.51.0.2"]
    table = run("query", "--format", "csv").stdout.splitlines()
    assert len(table) == 4 and table[0].startswith("event_id,")
    out = tmp_path / "out.parquet"
    out.write_bytes(run("query", "--format", "parquet").stdout_bytes)
    assert pl.read_parquet(out).height == 3
    assert lines(run("query", "--count", "class_type"))[0]["events"] == 3


def test_stix_passes_the_reference_validator(file: Path) -> None:
    from stix2validator import ValidationOptions, validate_instance

    run("ingest", str(file))
    [bundle] = lines(run("query", "--format", "stix"))
    made = bundle["objects"]
    assert made[0]["name"] == "Cybersecurity gateway"
    kinds = [one["type"] for one in made]
    assert kinds.count("observed-data") == 3 and kinds[0] == "identity"
    assert len({one["id"] for one in made}) == len(made)
    for one in made:
        result = validate_instance(one, ValidationOptions(version="2.1"))
        assert result.is_valid, result.errors


def test_an_address_is_explained(home: Path) -> None:
    [row] = lines(run("route", "--explain", "192.0.2.7"))
    assert [step["rule"] for step in row["steps"]] == ["prefix", "domain", "asn", "country"]
    assert row["owners"] == [] and row["reason"] == ""
    assert run("route", "--explain", "not an address").exit_code == 1


def test_tables_are_loaded_and_told(home: Path, tmp_path: Path) -> None:
    table = tmp_path / "asn-country-ipv4.csv"
    table.write_text("198.51.0.0,198.51.255.255,KE\nbad,line,KE\n")
    done = run("tables", "update", str(table))
    assert done.exit_code == 0 and lines(done)[0]["sources"][0]["refused"] == 1
    assert "line 2" in done.stderr
    listed = run("tables", "list")
    assert [row["kind"] for row in lines(listed)] == ["addresses"]
    half = tmp_path / "half.csv"
    half.write_bytes(b"198.51.0.0,198.")
    assert run("tables", "update", str(half)).exit_code == 1
    ranges = [f"198.51.{n}.0,198.51.{n}.255,KE\n" for n in range(10)]
    table.write_text("".join(ranges))
    assert run("tables", "update", str(table)).exit_code == 0
    table.write_text("".join(ranges[:5]))
    cut = run("tables", "update", str(table))
    assert cut.exit_code == 1 and "has 5 ranges, the one in use has 10" in cut.stderr
    assert run("tables", "update", str(table), "--smaller").exit_code == 0


def test_rows_held_back_are_listed_and_tried_again(home: Path, tmp_path: Path) -> None:
    path = tmp_path / NAME
    path.write_text(HEADER + line(1) + line(2, ip="194.12.244.084"))
    run("ingest", str(path))
    [row] = lines(run("rejected"))
    assert (row["row"], row["line"], row["field"], row["reason"]) == (2, 3, "ip", "bad_address")
    [tried] = lines(run("rejected", "--replay"))
    assert (tried["tried"], tried["rejected"]) == (1, 1)


def test_upkeep_says_what_it_did(file: Path) -> None:
    run("ingest", str(file))
    assert lines(run("compact"))[0]["findings"] == 3
    assert lines(run("retain", "--dry-run"))[0]["events"] >= 0
    assert {row["feed"] for row in lines(run("feeds"))} >= {"shadowserver"}


def test_a_row_is_mended_where_the_machine_stands(home: Path, tmp_path: Path) -> None:
    path = tmp_path / NAME
    path.write_text(HEADER + line(1) + line(2, ip="194.12.244.084"))
    run("ingest", str(path))
    [held] = lines(run("rejected"))
    text = line(2, ip="194.12.244.84").rstrip("\n")
    refused = run("rejected", "--mend", held["intake"], "1", text)
    assert refused.exit_code == 1 and "row 1 is not held back" in refused.stderr
    [done] = lines(run("rejected", "--mend", held["intake"], "2", text))
    assert (done["tried"], done["stored"], done["rejected"]) == (1, 1, 0)
    assert lines(run("rejected")) == [] and len(lines(run("query"))) == 2
    nobody = run("rejected", "--mend", "019a0000-0000-7000-8000-000000000000", "2", text)
    assert nobody.exit_code == 1 and "no file" in nobody.stderr


def test_a_csv_of_the_command_holds_nothing_that_a_spreadsheet_would_run(
    home: Path, tmp_path: Path
) -> None:
    path = tmp_path / "reports.jsonl"
    row = {"time": "2026-11-20T08:00:00Z", "ip": "198.51.100.7", "reverse_dns": "=cmd()"}
    path.write_text(json.dumps(row))
    run("ingest", str(path), "--feed", "jsonl")
    made = run("query", "--format", "csv").stdout
    assert "'=cmd()" in made and ",=cmd()" not in made
    assert "row_key" not in made.splitlines()[0]


def test_a_hold_is_placed_told_and_lifted(home: Path) -> None:
    days = ("--first", "2026-11-01", "--last", "2026-11-30")
    [placed] = lines(run("hold", "place", *days, "--feed", "csv", "--reason", "order 12/26"))
    assert (placed["first"], placed["last"], placed["feed"]) == ("2026-11-01", "2026-11-30", "csv")
    assert lines(run("hold", "list")) == [placed]
    [lifted] = lines(run("hold", "lift", placed["id"]))
    assert placed["lifted"] is None and lifted["lifted"]
    assert run("hold", "lift", "019a0000-0000-7000-8000-000000000000").exit_code == 1
    assert run("hold", "place", *days, "--feed", "none", "--reason", "x").exit_code == 1
