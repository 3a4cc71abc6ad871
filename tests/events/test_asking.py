"""What is asked file by file is what all rows in one frame would say."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from pathlib import Path

import polars as pl
import pytest

from comity.events import actions
from comity.events.reads import asking, overview, scoping, showing
from comity.events.reads import house as house_of
from comity.events.reads.raw import raw_row
from comity.events.store import spool
from comity.events.types.asking import Question
from comity.kit import tlp
from tests.events.test_ingest import HEADER, home, ingest, line

__all__ = ["home"]
DAYS = ("2026-11-18", "2026-11-19", "2026-11-20")


@pytest.fixture
def house(home: Path) -> Path:
    """Files of one day and of several, in order and as they came."""
    chance = random.Random(3)
    for file in range(6):
        days = DAYS if file % 2 else DAYS[file // 2 : file // 2 + 1]
        rows = [
            line(
                chance.randrange(40), time=f"{chance.choice(days)} {chance.randrange(24):02d}:00:00"
            )
            for _ in range(15)
        ]
        ingest((HEADER + "".join(rows)).encode(), f"2026-11-20-scan_telnet-f{file}-geo.csv")
        if file == 3:
            actions.compact()
    return home


COMMUNITY = tlp.Viewer(groups=frozenset({tlp.DEFAULT_COMMUNITY}))


def paged(viewer: tlp.Viewer) -> list[str]:
    told: list[str] = []
    after: str | None = ""
    while after is not None:
        page = overview.page(viewer, Question(feed="shadowserver"), after, most=7)
        told += page.rows["event_id"].to_list()
        after = page.next
    return told


def test_pages_end_with_every_row_once_newest_first(house: Path) -> None:
    every = scoping.scanned(Question()).collect().sort("time_source", "row_key", descending=True)
    told = paged(COMMUNITY)
    assert len(told) == every.height == len(set(told))
    assert showing.shown(None, every)["event_id"].to_list() == told
    assert asking.rows(None, Question())["event_id"].to_list() == told
    assert paged(tlp.ANONYMOUS) == []  # GREEN is not for everybody


def test_days_are_settled_by_file_or_by_row(house: Path) -> None:
    every = scoping.scanned(Question()).collect()
    day = every["time_source"].dt.date()
    for since, until in itertools.product((None, *map(dt.date.fromisoformat, DAYS)), repeat=2):
        inside = [(not since or one >= since) and (not until or one <= until) for one in day]
        found = scoping.events(None, Question(since=since, until=until)).collect()
        assert sorted(found["row_key"]) == sorted(every.filter(pl.Series(inside))["row_key"])


def test_counts_are_those_of_all_rows(house: Path) -> None:
    day = pl.col("time_source").dt.date().alias("day")
    every = scoping.scanned(Question()).with_columns(day).collect()
    for by in (("day",), ("class_type",), ("day", "feed_name", "src_asn"), ()):
        plain = every.group_by(by).len("events") if by else every.select(pl.len().alias("events"))
        told = asking.counts(None, Question(), by)
        assert told.select(*by, "events").sort(*by, "events").equals(plain.sort(*by, "events"))


def test_what_a_file_says_of_all_rows_settles_the_question_for_it(house: Path) -> None:
    assert scoping.parts(None, Question(feed="urlhaus")) == []
    assert len(scoping.parts(None, Question(feed="shadowserver"))) == len(
        scoping.parts(None, Question())
    )
    assert scoping.parts(tlp.ANONYMOUS, Question()) == []
    assert scoping.events(tlp.ANONYMOUS, Question()).collect().height == 0


@pytest.mark.parametrize("packed", [False, True])
def test_the_raw_row_of_a_long_file_is_found(
    home: Path, monkeypatch: pytest.MonkeyPatch, packed: bool
) -> None:
    monkeypatch.setattr("comity.events.store.spool.BLOCK", 300)
    rows = [line(n).replace('"login:"', f'"two\nlines {n}"') for n in range(60)]
    rows[7] = rows[7].replace("example.net", "exämple.net")
    data = (HEADER + "".join(rows)).encode("latin-1")
    ingest(data)
    if packed:
        actions.compact()
    sha256 = spool.digest(data)
    assert house_of.places().spool(sha256).exists() != packed
    found = scoping.scanned(Question()).collect().sort("feed_row")
    assert found.height == 60
    for row in found.iter_rows(named=True):
        raw = raw_row(row["feed_file"], row["feed_row"], row["feed_name"])
        number = row["src_ip4"] - 0xC6330000
        assert raw.text == rows[number].partition("\n")[0]
        assert raw.header[:3] == ("timestamp", "severity", "ip")
    assert raw_row(sha256, 10_000, "shadowserver").text == ""
    assert raw_row("0" * 64, 1, "shadowserver").text == ""


def test_the_raw_row_of_a_text_in_two_bytes_is_found(home: Path) -> None:
    data = (HEADER + "".join(line(n) for n in range(9))).encode("utf-16")
    ingest(data)
    assert raw_row(spool.digest(data), 4, "shadowserver").text == line(3).rstrip("\n")
