"""Bad files and bad rows: each with its outcome, none of them silence."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.events.formats import delimited, mappings, parsing, reading
from comity.events.types.schema import CELL_LIMIT, Flag
from comity.events.types.sources import BadFile
from tests.events.reports import DAY, NOW, TELNET, flags, one, parse, row

GOOD = TELNET + row()


# --- the file -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"\xff\xfe", "empty"),
        (b" \r\n\r\n", "empty"),
        (TELNET.encode(), "no row"),
        (b"<!DOCTYPE html>\n<html><body>503 Service Unavailable</body></html>", "web page"),
        (b"\n <html>\n<head><title>503</title></head></html>", "web page"),
        (b"Service temporarily unavailable\nplease retry\n", "none of"),
        (b"%PDF-1.7 ...", "no text"),
    ],
)
def test_a_file_without_events_is_an_error_and_never_nothing(data: bytes, why: str) -> None:
    with pytest.raises(BadFile, match=why) as caught:
        parse(data)
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("feed", "data"),
    [("intelmq", b"[]"), ("n6", b"[]"), ("spamhaus-drop", b"; Spamhaus DROP List\n")],
)
def test_what_has_no_header_is_not_said_to_have_one(feed: str, data: bytes) -> None:
    with pytest.raises(BadFile, match=r"^the file holds no row"):
        parse(data, feed, "")


def test_a_byte_order_mark_is_no_part_of_the_first_column() -> None:
    assert one(b"\xef\xbb\xbf" + GOOD.encode())["src_ip"] == "203.0.113.7"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_read(encoding: str) -> None:
    assert one((TELNET + row(city="São Paulo")).encode(encoding))["geo_city"] == "São Paulo"


def test_latin_1_is_read_and_flagged_where_it_stands() -> None:
    events, _ = parse((TELNET + row()).encode() + row(city="São Paulo").encode("latin-1"))
    assert events["geo_city"].to_list() == ["WINDHOEK", "São Paulo"]
    assert [bool(f & Flag.TEXT_REPAIRED) for f in events["flags"]] == [False, True]


def test_nuls_are_taken_out_and_flagged() -> None:
    event = one(TELNET + row(banner="lo\0gin"))
    assert json.loads(event["extra"])["banner"] == "login"
    assert flags(event) & Flag.TEXT_REPAIRED


def test_crlf_is_a_line_end() -> None:
    assert one((TELNET + row(severity="high")).replace("\n", "\r\n"))["severity"] == "high"


def test_the_file_of_a_feed_with_a_banner_is_read_behind_it() -> None:
    text = (
        "################\r\n# URLhaus dump #\r\n# id,dateadded,url,url_status\r\n"
        '"1","2026-11-20 08:00:00","http://203.0.113.9:8080/bin.sh","online"\r\n'
        "# number of entries: 1\r\n"
    )
    event = one(text, "urlhaus", "")
    assert (event["src_ip"], event["src_port"]) == ("203.0.113.9", 8080)
    assert event["class_type"] == "malware-distribution"


# --- the row ------------------------------------------------------------------------------


def test_a_truncated_last_row_is_held_back_with_its_text() -> None:
    events, held = parse(TELNET + row() + row(ip="203.0.113.8")[:60])
    assert events.height == 1
    assert held.row(0, named=True)["reason"] == "truncated"
    assert held.row(0, named=True)["raw"].startswith('"2026-11-20 08:00:00","203.0.113.8"')


def test_a_row_cut_inside_quotes_costs_itself_alone() -> None:
    events, held = parse(TELNET + row() * 3 + '"2026-11-20 08:00:00","203.0.')
    assert (events.height, held["reason"].to_list()) == (3, ["truncated"])


@pytest.mark.parametrize("cells", [3, 14, 16])
def test_a_row_of_the_wrong_width_is_held_back(cells: int) -> None:
    wrong = ",".join(['"203.0.113.8"'] * cells) + "\n"
    events, held = parse(TELNET + row() + wrong + row(ip="203.0.113.9"))
    assert events["src_ip"].to_list() == ["203.0.113.7", "203.0.113.9"]
    assert events["feed_row"].to_list() == [1, 3]
    reason = "too_many_cells" if cells > 15 else "too_few_cells"
    assert held.rows() == [(2, 3, "", reason, wrong.rstrip())]


def test_unquoted_rows_that_lack_cells_are_held_back_too() -> None:
    head = "timestamp,ip,port,tag\n"
    full, short = "2026-11-20 08:00:00,203.0.113.7,23,\n", "2026-11-20 08:00:00,203.0.113.8\n"
    events, held = parse(head + full * 3 + short + full)
    assert (events.height, held["reason"].to_list()) == (4, ["too_few_cells"])


def test_a_header_ahead_of_all_its_rows_is_flagged_and_not_refused() -> None:
    rows = [row(ip=f"203.0.113.{n}").rsplit(",", 1)[0] + "\n" for n in (1, 2)]
    events, held = parse(TELNET + "".join(rows))
    assert held.is_empty()
    assert events["src_ip"].to_list() == ["203.0.113.1", "203.0.113.2"]
    assert all(f & Flag.CELLS_MISSING for f in events["flags"])


def test_line_breaks_and_quotes_inside_cells_are_text() -> None:
    events, held = parse(TELNET + row(banner='a "b"\nc') + row(ip="203.0.113.8"))
    assert held.is_empty()
    assert json.loads(events["extra"][0])["banner"] == 'a "b"\nc'
    assert events["feed_row"].to_list() == [1, 3], "a row is numbered by the line it begins on"


def test_a_stray_quote_costs_one_row_and_not_the_rest() -> None:
    bad = row(ip="203.0.113.8").replace('"host.example.net"', '"host"x')
    events, held = parse(TELNET + row() * 5 + bad + row(ip="203.0.113.9") * 5)
    assert events.height == 10
    assert held["reason"].to_list() == ["bad_quotes"]
    assert held["line"].to_list() == [7]


def test_a_cell_of_ten_megabytes_is_cut_and_flagged() -> None:
    event = one(TELNET + row(banner="x" * 10_000_000))
    assert len(json.loads(event["extra"])["banner"]) == CELL_LIMIT
    assert flags(event) & Flag.TEXT_CUT


@pytest.mark.parametrize(
    "ip",
    ["194.12.244.084", "1.2.3", "1.2.3.4:80", "300.1.1.1", "0x7f.1", "::g", "1.2.3.4,5.6.7.8",
     "1:2:3", "fe80::1%eth0", "::ffff:1.2.3.04", "203.0.113.0/33", "203.0.113.0/", "host"],
)  # fmt: skip
def test_a_row_whose_address_is_none_is_held_back(ip: str) -> None:
    events, held = parse(TELNET + row() + row(ip=ip))
    assert events.height == 1
    assert held.select("row", "line", "field", "reason").rows() == [(2, 3, "ip", "bad_address")]
    assert ip in held["raw"][0]


def test_a_mapped_address_is_folded_to_ipv4() -> None:
    event = one(TELNET + row(ip="::FFFF:203.0.113.7"))
    assert event["src_ip"] == "203.0.113.7"
    assert event["src_ip4"] == 0xCB007107 and event["src_ip6_hi"] is None
    assert flags(event) & Flag.ADDRESS_FOLDED


def test_ipv6_is_spelled_one_way_and_known_as_a_number() -> None:
    event = one(TELNET + row(ip="2001:0DB8:0:0:0:0:0:00aB"))
    assert event["src_ip"] == "2001:db8::ab"
    assert (event["src_ip6_hi"], event["src_ip6_lo"]) == (0x20010DB8 << 32, 0xAB)
    assert event["src_ip4"] is None


def test_a_network_is_no_address_but_a_prefix() -> None:
    event = one(TELNET + row(ip="203.0.113.77/24"))
    assert event["src_ip"] is None
    assert (event["src_prefix"], event["src_prefix_len"]) == ("203.0.113.0/24", 24)
    assert event["src_ip4"] == 0xCB007100


@pytest.mark.parametrize(
    ("said", "number"), [("8262", 8262), ("AS8262", 8262), ("as 8262", 8262), ("1.10", 65546)]
)
def test_as_numbers_are_numbers_however_written(said: str, number: int) -> None:
    event = one(TELNET + row(asn=said))
    assert event["src_asn"] == number and not flags(event) & Flag.ASN_DROPPED


@pytest.mark.parametrize(
    ("said", "flag"),
    [("0", 0), ("", 0), ("23456", Flag.ASN_TRANS), ("4294967296", Flag.ASN_DROPPED)],
)
def test_as_numbers_that_name_nobody_are_null(said: str, flag: int) -> None:
    event = one(TELNET + row(asn=said))
    assert event["src_asn"] is None
    assert flags(event) & (Flag.ASN_TRANS | Flag.ASN_DROPPED) == flag


@pytest.mark.parametrize("port", ["0", "99999", "-1", "ssh"])
def test_a_port_that_is_none_is_null_and_flagged(port: str) -> None:
    event = one(TELNET + row(port=port))
    assert event["src_port"] is None and flags(event) & Flag.PORT_DROPPED
    assert json.loads(event["extra"])["port"] == port


def test_a_time_to_come_is_kept_and_flagged() -> None:
    event = one(TELNET + row(timestamp="2099-01-01 00:00:00"))
    assert event["time_source"].year == 2099 and flags(event) & Flag.TIME_UNLIKELY


def test_a_row_without_time_gets_the_date_of_the_report_and_a_flag() -> None:
    event = one(TELNET + row(timestamp=""))
    assert event["time_source"] == dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
    assert flags(event) & Flag.TIME_MISSING


def test_a_report_without_column_of_time_gets_its_date_too() -> None:
    event = one("ip,port\n203.0.113.7,23\n")
    assert event["time_source"].date() == DAY and flags(event) & Flag.TIME_MISSING


def test_a_time_that_is_none_holds_the_row_back() -> None:
    events, held = parse(TELNET + row(timestamp="yesterday"))
    assert events.is_empty()
    assert held.select("field", "reason").rows() == [("timestamp", "bad_time")]


@pytest.mark.parametrize(
    "said",
    ["2026-11-20T08:00:00Z", "2026-11-20T09:00:00+01:00", "1795161600", "1795161600000",
     "2026-11-20 08:00:00 UTC", "20/Nov/2026:08:00:00 +0000", "Fri, 20 Nov 2026 08:00:00 GMT"],
)  # fmt: skip
def test_times_are_utc_however_written(said: str) -> None:
    event = one(TELNET + row(timestamp=said))
    assert event["time_source"] == dt.datetime(2026, 11, 20, 8, tzinfo=dt.UTC)


def test_na_is_a_country_and_missing_is_not() -> None:
    assert one(TELNET + row(geo="NA"))["cc_feed"] == "NA"
    assert one(TELNET + row(geo="-"))["cc_feed"] is None


@pytest.mark.parametrize("code", ["EU", "AP", "ZZ"])
def test_a_region_is_kept_as_said_and_flagged(code: str) -> None:
    event = one(TELNET + row(geo=code))
    assert event["cc_feed"] == code and flags(event) & Flag.COUNTRY_UNREAL


def test_a_country_that_is_a_name_is_dropped_and_kept_in_extra() -> None:
    event = one(TELNET + row(geo="Namibia"))
    assert event["cc_feed"] is None and flags(event) & Flag.COUNTRY_DROPPED
    assert json.loads(event["extra"])["geo"] == "Namibia"


def test_a_row_about_nobody_is_held_back() -> None:
    events, held = parse(TELNET + row() + row(ip=""))
    assert (events.height, held["reason"].to_list()) == (1, ["no_address"])


def test_an_unknown_column_is_kept_and_told() -> None:
    header = TELNET.replace('"severity"', '"severity","quantum_ready"')
    text = reading.as_utf8((header + row().rstrip() + ',"no"\n').encode())
    source = mappings.catalogue()["shadowserver"]
    (part,) = parsing.parse(text, source, now=NOW, report_type="scan_telnet")
    assert part.plan.unknown == ("quantum_ready",)
    assert json.loads(part.events["extra"][0])["quantum_ready"] == "no"


def test_an_unknown_type_of_report_still_yields_events() -> None:
    event = one(GOOD, kind="scan_abacus")
    assert (event["src_ip"], event["src_port"], event["class_id"]) == (
        "203.0.113.7",
        23,
        "scan_abacus",
    )
    assert event["class_type"] == "undetermined"


def test_columns_may_stand_in_any_order() -> None:
    names = TELNET.strip().split(",")
    cells = row().strip().split(",")
    turned = ",".join(reversed(names)) + "\n" + ",".join(reversed(cells)) + "\n"
    expected, found = one(GOOD), one(turned)
    assert json.loads(found.pop("extra")) == json.loads(expected.pop("extra"))
    assert found == expected


@given(
    st.lists(
        st.lists(
            st.tuples(st.text('a"\\\\,\n\t', max_size=3), st.booleans()), min_size=3, max_size=3
        ),
        min_size=1,
        max_size=4,
    )
)
def test_nothing_odd_means_that_no_cell_holds_a_sign_that_json_escapes(
    rows: list[list[tuple[str, bool]]],
) -> None:
    """Quotes that are missing around one cell and stand inside another come to the same number."""

    def said(cell: str, bare: bool) -> str:
        if bare and not set(cell) & set('",\n'):
            return cell
        return '"' + cell.replace('"', '""') + '"'

    piece = "".join(",".join(said(*cell) for cell in row) + "\n" for row in rows).encode()
    source = mappings.catalogue()["shadowserver"]
    found = delimited._plain(piece, delimited.Layout(("a", "b", "c"), 0, 0), source)
    if found is not None and found.nothing_odd:
        cells = [cell for row in found.frame.rows() for cell in row if cell]
        assert not any(set(cell) & set('"\\\\\n\t') for cell in cells)


def test_extra_is_json_whatever_a_cell_holds() -> None:
    nasty = 'back\\slash "quote" \t tab é 漢 \x01'
    event = one(TELNET + row(banner=nasty, sector="\\"))
    extra = json.loads(event["extra"])
    assert (extra["banner"], extra["sector"]) == (nasty, "\\")
    unquoted = row(banner='a"b').replace('"host.example.net"', "host.example.net")
    assert json.loads(one(TELNET + unquoted)["extra"])["banner"] == 'a"b'
