"""The feeds of the catalogue over real files of theirs, and junk for every reader."""

from __future__ import annotations

import csv
import datetime as dt
import io
import itertools
import json
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from comity.events.formats import delimited, foundation, framing, mappings, parsing, reading
from comity.events.types import schema
from comity.events.types.chunks import ROW
from comity.events.types.sources import BadFile
from tests.events.reports import NOW, TELNET, one, parse, row

SHADOWSERVER = {
    # type: rows, class of the first row, and its address
    "blocklist": (3, "other/blacklist/blacklisted-ip", "198.123.245.134"),
    "compromised_website": (3, "intrusions/system-compromise/compromised-website", "203.0.113.1"),
    "event4_honeypot_brute_force": (6, "intrusion-attempts/brute-force/ssh", "141.98.1.2"),
    "event4_sinkhole_http": (5, "malicious-code/infected-system/None", "103.196.1.2"),
    "event6_sinkhole_http": (
        3,
        "malicious-code/infected-system/boaxxe",
        "2001:448a:1082:4d9b:7491:bf9e:3d5f:a634",
    ),
    "malware_url": (3, "malicious-code/malware-distribution/malware-url", "41.86.0.0"),
    "scan_dns": (100, "vulnerable/vulnerable-system/dns-open-resolver", "198.51.100.179"),
    "scan_exchange": (7, "vulnerable/vulnerable-system/vulnerable-exchange-server", "12.237.1.2"),
    "scan_rdp": (2, "vulnerable/vulnerable-system/open-rdp", "198.123.245.178"),
    "scan_smb": (3, "vulnerable/vulnerable-system/open-smb", "192.168.0.1"),
    "scan_ssl": (3, "other/other/open-ssl", "96.60.0.0"),
    "scan_telnet": (2, "vulnerable/vulnerable-system/open-telnet", "198.123.245.145"),
}


@pytest.mark.parametrize("kind", SHADOWSERVER)
def test_published_samples_are_read_whole(shared: Path, kind: str) -> None:
    rows, classes, ip = SHADOWSERVER[kind]
    events, held = parse((shared / f"data/feeds/shadowserver/{kind}.csv").read_bytes(), kind=kind)
    assert held.is_empty() and events.height == rows
    first = events.row(0, named=True)
    assert f"{first['class_taxonomy']}/{first['class_type']}/{first['class_id']}" == classes
    assert first["src_ip"] == ip
    assert not events["time_source"].null_count()


def test_a_webshell_is_a_compromise_and_not_only_a_weakness(shared: Path) -> None:
    events, _ = parse(
        (shared / "data/feeds/shadowserver/scan_exchange.csv").read_bytes(), kind="scan_exchange"
    )
    second = events.row(1, named=True)
    assert second["tags"] == ["exchange", "webshell"]
    assert second["class_type"] == "system-compromise"
    assert second["class_id"] == "exchange-server-webshell"
    assert events["cves"][0].to_list() == ["CVE-2021-26855"]


def test_the_published_schema_file_says_what_our_table_says(shared: Path) -> None:
    folder = shared / "data/feeds/shadowserver"
    table = foundation.read_schema((folder / "intelmq.json").read_bytes())
    assert len(table.types) == 170
    for kind in SHADOWSERVER:
        data = (folder / f"{kind}.csv").read_bytes()
        ours, _ = parse(data, kind=kind)
        theirs, _ = parse(data, kind=kind, mapping=table)
        assert theirs["mapping_version"][0] == "shadowserver-schema@2026-03-24"
        assert theirs.drop("mapping_version").equals(ours.drop("mapping_version")), kind


def test_our_table_has_every_type_and_column_published(shared: Path) -> None:
    folder = shared / "data/feeds/shadowserver"
    published = json.loads((folder / "intelmq.json").read_bytes())
    names = {r["file_name"] for key, r in published.items() if key != "_meta"}
    ours = mappings.mapping("shadowserver")
    assert names <= set(ours.types)
    columns = {
        c for r in json.loads((folder / "reports.json").read_bytes()).values() for c in r["fields"]
    }
    assert {c.lower() for c in columns} <= ours.known | set(ours.columns)


def test_lists_of_others_are_read(shared: Path) -> None:
    feeds = shared / "data/feeds"
    feodo, _ = parse((feeds / "abusech/feodotracker_ipblocklist.csv").read_bytes(), "feodo", "")
    assert feodo.height == 28 and set(feodo["class_type"]) == {"c2-server"}
    assert feodo.row(0, named=True)["src_port"] == 1194
    urlhaus, held = parse((feeds / "abusech/urlhaus_400rows.csv").read_bytes(), "urlhaus", "")
    assert (urlhaus.height, held.height) == (400, 0)
    assert not urlhaus.filter(pl.col("src_ip").is_null() & pl.col("fqdn").is_null()).height
    drop, _ = parse((feeds / "spamhaus/drop.txt").read_bytes(), "spamhaus-drop", "")
    assert drop["src_prefix"].to_list() == ["1.4.0.0/17", "2a06:e480::/29"]
    asns, _ = parse((feeds / "spamhaus/asndrop.txt").read_bytes(), "spamhaus-asndrop", "")
    assert asns["src_asn"].to_list() == [260, 10516]
    imap, _ = parse((feeds / "blocklistde/imap.txt").read_bytes(), "blocklist-de", "imap")
    assert imap.height == 6 and set(imap["app_proto"]) == {"imap"}


def test_every_xarf_sample_is_an_event_with_a_class(shared: Path) -> None:
    samples = sorted((shared / "data/feeds/xarf/samples").glob("*/*.json"))
    assert len(samples) > 30
    for path in samples:
        event = one(path.read_bytes(), "xarf", "")
        assert event["class_taxonomy"] and event["class_id"], path.name
        assert (
            path.name == "reputation-threat-intelligence.json"
            or event["class_type"] != "undetermined"
        )


# --- made here ----------------------------------------------------------------------------


def test_drop_as_json_lines_ends_with_a_line_that_is_no_row() -> None:
    text = (
        '{"cidr":"203.0.113.0/24","sblid":"SBL1","rir":"apnic"}\n'
        '{"type":"metadata","timestamp":1,"size":2,"records":1,"copyright":"c","terms":"t"}\n'
    )
    event = one(text, "spamhaus-drop-json", "")
    assert (event["src_prefix"], event["source_ref"]) == ("203.0.113.0/24", "SBL1")
    text = '{"asn":64500,"rir":"ripencc","domain":"example.net","cc":"NA","asname":"EXAMPLE"}\n'
    event = one(text, "spamhaus-asndrop-json", "")
    assert (event["src_asn"], event["cc_feed"]) == (64500, "NA")


def test_an_event_of_intelmq_comes_over() -> None:
    event = one(
        json.dumps(
            {
                "time.source": "2026-11-20T08:00:00+00:00", "source.ip": "203.0.113.7",
                "source.port": 23, "source.asn": 64500, "source.geolocation.cc": "NA",
                "classification.taxonomy": "vulnerable", "classification.type": "vulnerable-system",
                "classification.identifier": "open-telnet", "protocol.transport": "tcp",
                "malware.name": "mirai", "source.reverse_dns": "Host.Example.net", "tlp": "WHITE",
                "feed.accuracy": 100.0, "raw": "abc", "extra": {"banner": "hi", "tag": "telnet"},
                "source.registry": "RIPE",
            }
        ),
        "intelmq", "",
    )  # fmt: skip
    assert event["src_ip"] == "203.0.113.7" and event["src_port"] == 23
    assert event["time_source"] == dt.datetime(2026, 11, 20, 8, tzinfo=dt.UTC)
    assert event["class_id"] == "open-telnet" and event["tlp"] == "CLEAR"
    assert event["reverse_dns"] == "host.example.net" and event["confidence"] == 100
    assert event["tags"] == ["telnet"]
    assert json.loads(event["extra"]) == {"banner": "hi", "source.registry": "RIPE"}


def test_an_event_of_n6_comes_over_with_all_its_addresses() -> None:
    event = one(
        json.dumps(
            {
                "id": "a" * 32, "source": "provider.channel", "restriction": "need-to-know",
                "confidence": "low", "category": "bots", "time": "2026-11-20T08:00:00Z",
                "address": [{"ip": "203.0.113.7", "asn": 64500, "cc": "NA"}, {"ip": "203.0.113.8"}],
                "dport": 80, "proto": "tcp", "name": "mirai", "until": "2026-11-20T09:00:00Z", "count": 3,
            }
        ),
        "n6", "",
    )  # fmt: skip
    assert event["src_addrs"] == ["203.0.113.7", "203.0.113.8"]
    assert (event["class_taxonomy"], event["class_type"]) == ("malicious-code", "infected-system")
    assert (event["tlp"], event["confidence"], event["count"]) == ("AMBER", 25, 3)
    assert event["last_seen"].hour == 9 and event["report_type"] == "provider.channel"


@pytest.mark.parametrize("shape", ["lines", "list", "object"])
def test_json_comes_a_line_in_a_list_or_in_an_object(shape: str) -> None:
    rows = [{"ip": f"203.0.113.{n}", "port": n, "note": {"by": "x"}} for n in (1, 2, 3)]
    text = {
        "lines": "\n".join(map(json.dumps, rows)),
        "list": json.dumps(rows, indent=1),
        "object": json.dumps({"events": rows}),
    }[shape]
    events, _ = parse(text, "jsonl", "")
    assert events["src_ip"].to_list() == ["203.0.113.1", "203.0.113.2", "203.0.113.3"]
    assert json.loads(events["extra"][0]) == {"note.by": "x"}


def test_a_line_that_is_no_json_is_held_back() -> None:
    events, held = parse('{"ip":"203.0.113.1"}\n{"ip":\n[1]\n{"ip":"203.0.113.2"}\n', "jsonl", "")
    assert events["feed_row"].to_list() == [1, 4]
    assert held.select("line", "reason", "raw").rows() == [
        (2, "not_json", '{"ip":'), (3, "not_json", "[1]"),
    ]  # fmt: skip


def test_defanged_urls_are_made_whole_and_lead_to_their_host() -> None:
    text = (
        "url,time\nhxxps://bad[.]example[.]net/x,2026-11-20 08:00:00\nhttp://[2001:db8::1]:81/,\n"
    )
    events, held = parse(text, "csv", "")
    assert held.is_empty()
    assert events["url"][0] == "https://bad.example.net/x"
    assert events["fqdn"].to_list() == ["bad.example.net", None]
    assert (events["src_ip"].to_list(), events["src_port"].to_list()) == (
        [None, "2001:db8::1"],
        [None, 81],
    )


def test_a_mapping_of_ones_own_gives_columns_their_meaning() -> None:
    table = mappings.read_mapping(
        b"name: mine\nversion: '1'\ncolumns: {Quelle: src_ip, Zeit: time_source}\n"
        b"constants: {class_type: phishing, tlp: GREEN}\n",
        "mine.yaml",
    )
    text = "Quelle;Zeit;Rest\n203.0.113.7;2026-11-20 08:00:00;x\n".replace(";", ",")
    event = one(text, "csv", "", mapping=table)
    assert (event["src_ip"], event["class_taxonomy"], event["tlp"]) == (
        "203.0.113.7",
        "fraud",
        "GREEN",
    )
    assert event["mapping_version"] == "mine@1" and json.loads(event["extra"]) == {"Rest": "x"}


def test_a_file_whose_columns_say_nothing_about_anybody_is_refused() -> None:
    with pytest.raises(BadFile, match="says what a row is about"):
        parse("colour,size\nred,1\n", "csv", "")


# --- promises of the readers --------------------------------------------------------------

cells = st.text(st.sampled_from(list('ab,"\n;é漢 \\\t')), max_size=6)
JUNK = st.one_of(
    st.binary(max_size=300),
    st.text(max_size=200).map(str.encode),
    st.lists(st.lists(cells, min_size=1, max_size=4).map(",".join), max_size=8).map(
        lambda lines: ("timestamp,ip,tag\n" + "\n".join(lines)).encode()
    ),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
        ),
    ).map(lambda value: json.dumps(value).encode()),
)


@pytest.mark.parametrize("feed", sorted(mappings.catalogue()))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(JUNK)
@example(b'{"address":3,"source_identifier":[]}')
@example(b'{"report_id":1,"timestamp":2,"source_identifier":3,"category":4,"type":5,"evidence":7}')
@example(b'timestamp,ip\n2026-11-20 08:00:00,"203.0.113.7\n')
def test_junk_is_an_event_a_held_row_or_a_bad_file(feed: str, data: bytes) -> None:
    try:
        parse(data, feed, "")
    except BadFile as error:
        assert error.message and error.remedy


@given(
    st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=12),
    st.integers(0, 2), st.booleans(), st.integers(1, 4),
)  # fmt: skip
def test_the_fast_way_reads_what_the_careful_way_reads(
    rows: list[list[str]], quoting: int, crlf: bool, size: int
) -> None:
    out = io.StringIO()
    mode = (csv.QUOTE_ALL, csv.QUOTE_MINIMAL, csv.QUOTE_NONNUMERIC)[quoting]
    writer = csv.writer(out, lineterminator="\r\n" if crlf else "\n", quoting=mode)
    writer.writerows(rows)
    text = b"timestamp,ip,tag\n" + out.getvalue().encode()
    source = mappings.catalogue()["shadowserver"]
    head = delimited.layout(text, source)
    seen: list[tuple[str | None, ...]] = []
    refused = 0
    for chunk in delimited.chunks(text, source, rows=size):
        seen += chunk.frame.select(head.names).rows()
        refused += chunk.rejected.height
    body = text[head.body :].decode()
    expected = [c.cells for c in framing.one_by_one(body, 3, ",") if not c.reason]
    assert refused == 0
    assert [[c or "" for c in r] for r in seen] == expected


@pytest.mark.parametrize("size", [200, 1000, 10_000])
def test_a_file_in_parts_is_the_file(size: int) -> None:
    body = "".join(
        row(ip=f"203.0.113.{n}", banner=f"line\n{n}" if n % 7 == 0 else "x") for n in range(60)
    )
    text = (TELNET + body + row()[:30]).encode()
    source = mappings.catalogue()["shadowserver"]
    parts = list(reading.spans(text, source, size=size))
    assert parts[0].start == len(TELNET) and parts[-1].end == len(text)
    assert all(a.end == b.start for a, b in itertools.pairwise(parts))
    seen, held = [], 0
    for span in parts:
        for part in parsing.parse(text, source, now=NOW, report_type="scan_telnet", span=span):
            held += part.rejected.height
            seen.append(part.events)
    whole, back = parse(text)
    found = pl.concat([frame for frame in seen if frame.width])
    assert found.drop("time_received").equals(whole.drop("time_received"))
    assert held == back.height == 1


def test_a_row_leads_to_its_bytes() -> None:
    text = (TELNET + "".join(row(ip=f"203.0.113.{n}") for n in range(20))).encode()
    source = mappings.catalogue()["shadowserver"]
    for chunk in reading.chunks(text, source, rows=7):
        for number, ip in chunk.frame.select(ROW, "ip").iter_rows():
            at, end = (int(o) for o in chunk.offsets[number - chunk.first_row :][:2])
            assert f'"{ip}"' in text[at:end].decode()
            assert text[at:end].decode().strip() == chunk.text(number)


def test_the_catalogue_says_of_each_feed_what_an_operator_must_know() -> None:
    for source in mappings.catalogue().values():
        assert source.licence and source.schedule, source.name
        assert mappings.mapping(source.mapping)
        assert source.silent_after or source.schedule == "as they come", source.name


def test_the_taxonomy_is_complete(shared: Path) -> None:
    published = json.loads((shared / "data/rsit/machinev1.json").read_bytes())
    ours = mappings.rsit()
    for group in published["values"]:
        for entry in group["entry"]:
            assert ours[entry["value"]] == (group["predicate"], entry["value"])
    for kind, (taxonomy, counts_as) in ours.items():
        assert ours[counts_as] == (taxonomy, counts_as), kind
    for table in ("shadowserver", "abusech", "spamhaus", "lists", "xarf", "n6"):
        mapping = mappings.mapping(table)
        given_types = [m.constants.get("class_type") for m in mapping.types.values()]
        given_types += [r.get("class_type") for v in mapping.values for r in v.rows.values()]
        assert {kind for kind in given_types if kind} <= set(ours), table


def test_every_column_of_an_event_has_a_meaning() -> None:
    assert all(column.meaning for column in schema.COLUMNS)
    assert len(schema.BY_NAME) == len(schema.COLUMNS)
