"""What is bad in a file has one outcome, by command and pushed over HTTP; none of them is silence."""

from __future__ import annotations

import datetime as dt
import errno
import gzip
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from comity.events import jobs, reads
from comity.events import models as m
from comity.events.store import spool
from comity.events.types.asking import Question
from comity.events.types.schema import Flag
from tests.events.reports import TELNET, row
from tests.events.test_cli_events import lines, run
from tests.events.test_doors import home, push, request_as, token, viewer
from tests.events.test_ingest import ingest
from tests.events.test_packing import zipped

__all__ = ["home", "token"]
NAME = "2026-11-20-scan_telnet-xx-geo.csv"
IP = "192.0.2.99"
FIRST = row(ip=IP)
NONE = Flag(0)


@dataclass(frozen=True)
class Case:
    """A file, and what comes of it: rows stored and held back, flags of the first; or the error."""

    data: bytes
    stored: int = 0
    rejected: int = 0
    flags: Flag = NONE
    error: str = ""
    at_once: bool = False  # refused before it is taken
    new: str = ""  # column never seen before


def text(body: str, *expected: Any, encoding: str = "utf-8", **more: Any) -> Case:
    return Case((TELNET + body).encode(encoding), *expected, **more)


CASES = {
    "mark": Case(b"\xef\xbb\xbf" + (TELNET + FIRST).encode(), 1),
    "latin-1": text(row(ip=IP, city="São Paulo"), 1, 0, Flag.TEXT_REPAIRED, encoding="latin-1"),
    "utf-16": text(FIRST, 1, encoding="utf-16"),
    "nul": text(row(ip=IP, banner="lo\0gin"), 1, 0, Flag.TEXT_REPAIRED),
    "empty": Case(b"", error=f"the file is empty at '{NAME}'"),
    "header": text("", error=f"the file has a header and no row at '{NAME}'"),
    "page": Case(
        b"<!DOCTYPE html>\n<html>503</html>", error=f"a web page, not a report at '{NAME}'"
    ),
    "truncated": text(FIRST + row()[:60], 1, 1),
    "newline": text(row(ip=IP, banner='a "b"\nc'), 1),
    "10 MB": text(row(ip=IP, banner="x" * 10_000_000), 1, 0, Flag.TEXT_CUT),
    "width": text(FIRST + '"a","b"\n' + row(), 2, 1),
    "mapped": text(row(ip=f"::ffff:{IP}"), 1, 0, Flag.ADDRESS_FOLDED),
    "AS": text(row(ip=IP, asn="AS8262"), 1),
    "port 0": text(row(ip=IP, port="0"), 1, 0, Flag.PORT_DROPPED),
    "port 99999": text(row(ip=IP, port="99999"), 1, 0, Flag.PORT_DROPPED),
    "zeros": text(row(ip="192.0.2.099"), 0, 1),
    "2099": text(row(ip=IP, timestamp="2099-01-01 00:00:00"), 1, 0, Flag.TIME_UNLIKELY),
    "no time": text(row(ip=IP, timestamp=""), 1, 0, Flag.TIME_MISSING),
    "NA": text(row(ip=IP, geo="NA"), 1),
    "EU": text(row(ip=IP, geo="EU"), 1, 0, Flag.COUNTRY_UNREAL),
    "AP": text(row(ip=IP, geo="AP"), 1, 0, Flag.COUNTRY_UNREAL),
    "ZZ": text(row(ip=IP, geo="ZZ"), 1, 0, Flag.COUNTRY_UNREAL),
    "column": Case(
        (TELNET.rstrip() + ',"quantum"\n' + FIRST.rstrip() + ',"no"\n').encode(), 1, new="quantum"
    ),
    "gzip": Case(gzip.compress((TELNET + FIRST).encode()), 1),
    "cut gzip": Case(
        gzip.compress((TELNET + FIRST).encode())[:-12], error="ends too early", at_once=True
    ),
    "bomb": Case(gzip.compress(b"0" * (40 << 20)), error="unpacks to more than", at_once=True),
    "slip": Case(
        zipped(**{f"../{NAME}": TELNET.encode()}),
        error="a name that leaves its folder",
        at_once=True,
    ),
}
every = pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())


def agrees(case: Case, told: dict[str, Any]) -> None:
    """The file's counts, and how the row looks where one was stored."""
    assert told["rows"] == case.stored + case.rejected
    assert (told["stored"], told["rejected"], told["duplicate"]) == (case.stored, case.rejected, 0)
    assert case.error in told.get("error", "")
    events = reads.rows(None, Question(report_type="scan_telnet"))
    assert events.height == case.stored
    if case.stored:
        first = events.row(events["feed_row"].arg_min() or 0, named=True)
        assert first["src_ip"] == IP
        fitting = Flag(first["flags"]) & ~(Flag.ADDRESS_SPECIAL | Flag.TIME_ASSUMED_UTC)
        assert fitting == case.flags
    if case.new:
        assert json.loads(first["extra"])[case.new] == "no"


@every
def test_by_command(home: Path, tmp_path: Path, case: Case) -> None:
    path = tmp_path / NAME
    path.write_bytes(case.data)
    done = run("ingest", str(path))
    [told] = lines(done)
    assert done.exit_code == (1 if case.error else 0), done.stderr
    assert ("rows held back" in done.stderr) == (case.rejected > 0)
    assert (f"column {case.new} is new" in done.stderr) == bool(case.new)
    if case.at_once:
        assert set(told) == {"file", "error"} and case.error in told["error"]
        assert not m.Intake.objects.filter(feed="shadowserver").exists()
    else:
        assert bool(case.error) == ("error" in told)
        agrees(case, told)


@every
def test_pushed(token: dict[str, str], case: Case) -> None:
    answer = push(token, case.data, f"?name={NAME}")
    told = json.loads(answer.content)
    if case.at_once:
        assert answer.status_code == 400 and case.error in json.dumps(told)
        assert not m.Intake.objects.filter(feed="shadowserver").exists()
        return
    assert answer.status_code == 202, told
    [file] = told["files"]
    assert jobs.store(file["id"]) == ("failed" if case.error else "done")
    file = Client().get(f"/api/v1/events/files/{file['id']}", headers=token).json()
    agrees(case, file)
    assert file["unknown_columns"] == ([case.new] if case.new else [])


def test_no_row_where_the_day_before_had_ten_thousand_is_an_alarm(home: Path) -> None:
    path = home / NAME
    path.write_text(
        TELNET + "".join(row(ip=f"192.0.2.{n % 250}", port=str(n + 1)) for n in range(10_000))
    )
    assert run("ingest", str(path)).exit_code == 0
    assert "shadowserver" not in run("feeds").stderr
    empty = home / NAME.replace("20-scan", "21-scan")
    empty.write_text(TELNET)
    assert run("ingest", str(empty)).exit_code == 1
    done = run("feeds")
    [told] = [feed for feed in lines(done) if feed["feed"] == "shadowserver"]
    assert told["alarm"] and told["came_empty"] == ["scan_telnet"]
    assert "shadowserver came empty (scan_telnet)" in done.stderr
    duty = viewer("csirt-sample-a")
    for page in ("/en/events/feeds", "/en/events/"):
        text = request_as(duty, page).content.decode()
        assert "came empty" in text and "scan_telnet" in text


def test_the_same_file_twice_is_once(home: Path) -> None:
    path = home / NAME
    path.write_text(TELNET + FIRST)
    first, again = lines(run("ingest", str(path), str(path)))
    assert (first["stored"], again["stored"], again["duplicate"]) == (1, 0, 1)


def test_a_disk_that_is_full_is_said_to_who_pushes(
    token: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    before = m.Intake.objects.count()
    with monkeypatch.context() as broken:
        broken.setattr(spool, "put", full)
        answer = push(token, CASES["mark"].data, f"?name={NAME}")
    assert answer.status_code == 507 and "disk" in json.loads(answer.content)["detail"]
    assert m.Intake.objects.count() == before
    assert push(token, CASES["mark"].data, f"?name={NAME}").status_code == 202


def test_a_list_without_any_date_is_once_a_day(home: Path) -> None:
    def came(hour: int, day: int = 21) -> tuple[int, int]:
        now = dt.datetime(2026, 11, day, hour, 7, tzinfo=dt.UTC)
        done = ingest(b"ip,port\n192.0.2.1,23\n", "list.csv", feed="csv", now=now)
        return done.stored, done.duplicate

    assert [came(8), came(9), came(9, day=22)] == [(1, 0), (0, 1), (1, 0)]
