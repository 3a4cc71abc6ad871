"""Packed files: read within limits, refused beyond them."""

from __future__ import annotations

import gzip
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.events.formats import mappings, packing
from comity.events.formats.naming import arrival, kind
from comity.events.types.sources import BadFile


def zipped(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_plain_gzip_and_zip_give_the_same_bytes() -> None:
    data = b"ip\n203.0.113.7\n"
    assert [m.data for m in packing.unpack(data, "a.csv")] == [data]
    (member,) = packing.unpack(gzip.compress(data), "a.csv.gz")
    assert (member.name, member.data) == ("a.csv", data)
    (member,) = packing.unpack(zipped(**{"in/a.csv": data}), "a.zip")
    assert (member.name, member.data) == ("a.csv", data)


def test_gzip_of_several_members_is_read_whole() -> None:
    twice = gzip.compress(b"a\n") + gzip.compress(b"b\n")
    assert next(packing.unpack(twice, "a.gz")).data == b"a\nb\n"


@pytest.mark.parametrize("pack", [gzip.compress, lambda data: zipped(**{"a.csv": data})])
def test_a_bomb_is_refused(pack) -> None:  # type: ignore[no-untyped-def]
    bomb = pack(b"\0" * (40 << 20))
    assert len(bomb) < 100_000
    with pytest.raises(BadFile, match="unpacks to more"):
        list(packing.unpack(bomb, "bomb"))


def test_a_limit_holds_for_all_members_together() -> None:
    data = zipped(a=b"x" * 600, b=b"y" * 600)
    with pytest.raises(BadFile, match="unpacks to more"):
        list(packing.unpack(data, "two.zip", limit=1000))


@pytest.mark.parametrize("name", ["../etc/passwd", "a/../../b", "/abs", "c:\\x", "..\\x"])
def test_a_zip_whose_names_leave_their_folder_is_refused(name: str) -> None:
    with pytest.raises(BadFile, match="leaves its folder"):
        list(packing.unpack(zipped(**{"good.csv": b"ip\n", name: b"x"}), "bad.zip"))


@pytest.mark.parametrize("cut", [10, 20])
def test_a_damaged_file_is_refused(cut: int) -> None:
    for data in (gzip.compress(b"ip\n203.0.113.7\n" * 9), zipped(a=b"ip\n" * 50)):
        with pytest.raises(BadFile):
            list(packing.unpack(data[:-cut], "cut"))


def test_an_empty_zip_is_refused() -> None:
    with pytest.raises(BadFile, match="no file"):
        list(packing.unpack(zipped(), "empty.zip"))


@given(st.one_of(st.binary(max_size=200), st.binary(max_size=100).map(lambda b: b"\x1f\x8b" + b),
                 st.binary(max_size=100).map(lambda b: b"PK\x03\x04" + b)))  # fmt: skip
def test_junk_is_a_file_or_a_bad_file(data: bytes) -> None:
    try:
        list(packing.unpack(data, "junk"))
    except BadFile as error:
        assert error.remedy


@pytest.mark.parametrize(
    ("name", "feed", "kind", "date"),
    [
        ("2026-11-20-scan_telnet-xx-geo.csv", "shadowserver", "scan_telnet", "2026-11-20"),
        (
            "in/2026-11-20-event4_sinkhole_http-123-sample-asn.csv.gz",
            "shadowserver",
            "event4_sinkhole_http",
            "2026-11-20",
        ),
        ("2026-11-20-scan_ics-xx.zip", "shadowserver", "scan_ics", "2026-11-20"),
        ("2026-02-30-scan_telnet-xx.csv", "shadowserver", "scan_telnet", "None"),
        ("notes.csv", "", "", "None"),
        ("export_20261120.csv", "", "", "2026-11-20"),
    ],
)
def test_a_name_tells_feed_type_and_date(name: str, feed: str, kind: str, date: str) -> None:
    found = arrival(name)
    assert (found.feed, found.report_type, str(found.report_date)) == (feed, kind, date)


def test_a_file_called_by_a_type_its_feed_knows_is_of_that_type() -> None:
    known = mappings.mapping("shadowserver").types
    for name in ("scan_telnet.csv", "in/Scan_Telnet-xx-geo.csv.gz", "scan_telnet.csv.zip"):
        assert kind(name, known) == "scan_telnet"
    assert kind("notes.csv", known) == kind("scan_telnet_new.csv", known) == ""
