"""Feeds and mappings of the operator's own, from files in the house's folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from comity.events import models as m
from comity.events.cli import events
from comity.events.reads.house import feeds
from comity.events.types.sources import BadMapping
from tests.events.test_ingest import home, ingest, stored

__all__ = ["home"]
FEED = "- {name: acme, provider: Acme, mapping: acme, tlp: CLEAR, files: ['acme*.csv']}\n"
MAPPING = """\
name: acme
version: "7"
columns: {wer: src_ip, wann: time_source, was: class_type}
"""
ROWS = b"wer,wann,was,warum\n203.0.113.7,2026-11-20 08:00:00,scanner,darum\n"


@pytest.fixture
def own(home: Path) -> Path:
    (home / "feeds.yaml").write_text(FEED)
    (home / "mappings").mkdir()
    (home / "mappings" / "acme.yaml").write_text(MAPPING)
    return home


def test_a_feed_with_a_mapping_of_its_own_is_stored(own: Path) -> None:
    done = ingest(ROWS, "acme-today.csv")
    assert (done.feed, done.stored, done.mapping) == ("acme", 1, "acme@7")
    assert done.told["unknown_columns"] == ["warum"]
    [row] = stored(own).to_dicts()
    assert (row["tlp"], row["class_type"], json.loads(row["extra"])) == (
        "CLEAR", "scanner", {"warum": "darum"},
    )  # fmt: skip


def test_the_command_shows_what_it_becomes_and_how_it_is_marked(own: Path) -> None:
    with (own / "acme.csv").open("wb") as out:
        out.write(ROWS)
    shown = CliRunner().invoke(events, ["parse", str(own / "acme.csv"), "--feed", "acme"])
    assert json.loads(shown.stdout)["class_type"] == "scanner"
    listed = CliRunner().invoke(events, ["feeds"]).stdout.splitlines()
    assert {"acme": "CLEAR"}.items() <= {
        row["feed"]: row["tlp"] for row in map(json.loads, listed)
    }.items()


def test_the_published_schema_of_the_foundation_stands_in_for_our_table(home: Path) -> None:
    (home / "mappings").mkdir()
    schema = {
        "_meta": {"date_created": "2027-01-31"},
        "scan_new": {
            "constant_fields": {"classification.type": "vulnerable-system"},
            "required_fields": [["time.source", "timestamp"], ["source.ip", "ip"]],
            "file_name": "scan_new",
        },
    }
    (home / "mappings" / "shadowserver.json").write_text(json.dumps(schema))
    data = b'"timestamp","ip"\n"2026-11-20 08:00:00","203.0.113.7"\n'
    done = ingest(data, "2026-11-20-scan_new-xx-geo.csv")
    assert (done.report_type, done.mapping) == ("scan_new", "shadowserver-schema@2027-01-31")
    assert stored(home)["class_type"].to_list() == ["vulnerable-system"]


@pytest.mark.parametrize("text", ["", "name: acme\n", "{", "columns: [", "\x00"])
def test_a_mapping_that_is_half_written_stops_its_own_feed_alone(own: Path, text: str) -> None:
    (own / "mappings" / "acme.yaml").write_text(text)
    with pytest.raises(BadMapping, match="acme"):
        ingest(ROWS, "acme-today.csv")
    assert not m.Intake.objects.exists()
    assert ingest(b"ip\n203.0.113.8\n", "other.csv", feed="csv").state == m.Intake.DONE


def test_the_text_of_a_mapping_is_no_key_of_the_catalogue(home: Path) -> None:
    (home / "feeds.yaml").write_text("- {name: a, provider: A, table: 'name: a'}\n")
    with pytest.raises(BadMapping, match="unknown keys table"):
        feeds()
