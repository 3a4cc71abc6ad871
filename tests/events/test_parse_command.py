"""`comity events parse`, and the sample reports that ship with the house."""

from __future__ import annotations

import ipaddress
import json
import re
from importlib import resources
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from comity.events.cli.parsing import parse
from comity.events.formats import foundation, mappings
from comity.events.types.schema import PARSED
from comity.events.types.sources import BadMapping
from tests.events.reports import TELNET, row

SAMPLE = Path(str(resources.files("comity.events"))) / "data" / "sample"


def run(*args: str, stdin: bytes = b"") -> Result:
    return CliRunner().invoke(parse, args, input=stdin)


def test_events_come_out_in_file_order_with_all_columns(tmp_path: Path) -> None:
    path = tmp_path / "2026-11-20-scan_telnet-xx-geo.csv"
    path.write_text(TELNET + "".join(row(ip=f"203.0.113.{n}") for n in (9, 1, 5)))
    result = run(str(path))
    assert result.exit_code == 0, result.output
    events = [json.loads(line) for line in result.stdout.splitlines()]
    assert [event["src_ip"][-1] for event in events] == ["9", "1", "5"]
    assert list(events[0]) == list(PARSED)
    assert events[0]["extra"]["banner"] == "login:"
    assert events[0]["time_source"] == "2026-11-20T08:00:00Z"
    assert events[0]["class_id"] == "open-telnet"


def test_what_is_held_back_is_told_and_can_be_asked_for() -> None:
    text = (TELNET + row() + row(ip="1.2.3.04")).encode()
    result = run("-", "--feed", "shadowserver", "--report-type", "scan_telnet", stdin=text)
    assert len(result.stdout.splitlines()) == 1
    assert "line 3, ip: bad_address" in result.stderr
    result = run("-", "--feed", "shadowserver", "--rejected", stdin=text)
    assert json.loads(result.stdout)["reason"] == "bad_address"


@pytest.mark.parametrize("data", [b"", b"<html>503</html>", TELNET.encode()])
def test_a_file_without_events_fails_with_a_sentence(data: bytes) -> None:
    result = run("-", "--feed", "shadowserver", stdin=data)
    assert result.exit_code == 1 and result.stdout == "" and "Error:" in result.stderr


def test_a_feed_nobody_knows_fails_with_those_that_are() -> None:
    result = run("-", "--feed", "nosuch", stdin=b"ip\n203.0.113.7\n")
    assert result.exit_code == 1 and "shadowserver" in result.stderr


def test_a_mapping_of_ones_own_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("name: mine\nversion: 1\ncolumns: {wo: src_ip}\n")
    result = run("-", "--feed", "csv", "--mapping", str(path), stdin=b"wo,x\n203.0.113.7,y\n")
    assert json.loads(result.stdout)["src_ip"] == "203.0.113.7"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[]", "name and version"),
        ("name: a\nversion: 1\ncolumns: {x: src_ipp}", "src_ipp"),
        ("name: a\nversion: 1\ncolumns: {x: feed_row}", "feed_row"),
        ("name: a\nversion: 1\ncolums: {}", "colums"),
        ("name: a\nversion: 1\nconstants: {src_port: 5}", "src_port"),
        ("name: a\nversion: 1\nconstants: {tlp: PURPLE}", "PURPLE"),
        ("name: a\nversion: 1\nvalues: [{column: x}]", "column and rows"),
        ("name: a\nversion: 1\ntypes: elsewhere.csv", "name a file"),
        ("a: [", "no YAML"),
    ],
)
def test_a_mapping_that_is_wrong_says_where_and_what_to_do(text: str, why: str) -> None:
    with pytest.raises(BadMapping, match=re.escape(why)) as caught:
        mappings.read_mapping(text.encode(), "mine.yaml")
    assert "mine.yaml" in caught.value.place and caught.value.remedy


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"a":1}', b'{"_meta":[],"a":{}}', b"{" * 9])
def test_what_is_no_schema_file_is_refused(data: bytes) -> None:
    with pytest.raises(BadMapping):
        foundation.read_schema(data)


# --- the samples --------------------------------------------------------------------------

FEEDS = {"urlhaus_recent.csv": "urlhaus", "drop_v4_sample.json": "spamhaus-drop-json",
         "xarf_sample.json": "xarf", "defects.csv": "csv"}  # fmt: skip
DOCUMENTATION = [ipaddress.ip_network(n) for n in
                 ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")]  # fmt: skip


@pytest.mark.parametrize("path", sorted(SAMPLE.iterdir()), ids=lambda path: path.name)
def test_samples_are_about_nobody_and_are_read(path: Path) -> None:
    result = run(str(path), "--feed", FEEDS.get(path.name, "shadowserver"))
    assert result.exit_code == 0, result.output
    events = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(events) >= 3
    for event in events:
        named = [event["src_ip"], event["dst_ip"], (event["src_prefix"] or "").split("/")[0]]
        for ip in filter(None, named):
            assert any(ipaddress.ip_address(ip) in network for network in DOCUMENTATION)
        for asn in filter(None, (event["src_asn"], event["dst_asn"])):
            assert 64496 <= asn <= 65534 or 4200000000 <= asn <= 4294967294
    assert bool(result.stderr) == (path.name == "defects.csv")
