"""What is new, reopened and gone on a day is the same whether it is read from the file of findings
and what came since, or counted over every event: for every viewer, before and after the compactor,
late files, days to come, and retention.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from comity.directory import actions as directory
from comity.directory import types as t
from comity.directory.models import Team
from comity.events import actions
from comity.events import models as m
from comity.events.actions import merging
from comity.events.reads import news, scoping
from comity.events.reads.house import places
from comity.events.rules import findings
from comity.events.store import columns
from comity.events.types import schema
from comity.events.types.asking import Question
from comity.kit import tlp
from comity.kit.tlp import Label
from tests.directory.conftest import SOURCE, person, record
from tests.events.test_ingest import home, ingest

__all__ = ["home"]
FIRST = dt.date(2026, 9, 1)
NETS = {"one": "198.51.100", "two": "203.0.113", "": "192.0.2"}
QUESTIONS = (
    Question(),
    Question(own=True),
    Question(severity="high"),
    Question(report_type="b"),
    Question(network="203.0.113.0/24", team="two"),
    Question(unrouted=True),
)


@pytest.fixture
def viewers(home: Path) -> dict[str, Any]:
    from comity.people.actions import add_body, default_community, join

    found: dict[str, Any] = {"the gateway": None, "anonymous": tlp.ANONYMOUS}
    for code in ("one", "two"):
        body = add_body(code, country="KE")
        join(body, default_community())
        holding = t.Holding(t.HoldingKind.PREFIX, f"{NETS[code]}.0/24", Label.AMBER)
        directory.apply([record(code, holdings=(holding,))], SOURCE)
        team = Team.objects.get(code=code)
        directory.link_body(team, str(body.pk))
        found[code] = person(code, "head", body=body).viewer
    return found


def report(days: list[int], chance: random.Random) -> bytes:
    """The same few assets again and again, under markings and severities that change."""
    lines = ["time_source,tlp,src_ip,src_port,severity,class_type"]
    for day in days:
        when = dt.datetime.combine(FIRST, dt.time(1), dt.UTC) + dt.timedelta(days=day)
        for _ in range(chance.randint(1, 8)):
            when += dt.timedelta(minutes=chance.randint(1, 60), microseconds=chance.randint(0, 9))
            net = chance.choice(list(NETS.values()))
            label = chance.choice(["CLEAR", "GREEN", "AMBER", "RED"])
            severity = chance.choice(["high", "low"])
            address = f"{net}.{chance.randint(1, 3)}"
            lines.append(f"{when:%Y-%m-%d %H:%M:%S.%f},{label},{address},23,{severity},scanner")
    return ("\n".join(lines) + "\n").encode()


def sightings(viewer: Any, question: Question) -> dict[int, list[dt.datetime]]:
    told: dict[int, list[dt.datetime]] = defaultdict(list)
    events = scoping.events(viewer, question).select("finding_key", "time_source").collect()
    for key, when in events.iter_rows():
        told[key].append(when)
    return told


def counted(told: dict[int, list[dt.datetime]], day: dt.date) -> tuple[set[Any], ...]:
    """The definition, plainly, over every event that the viewer may see."""
    before = dt.timedelta(days=1)
    new, reopened, gone = set(), set(), set()
    for key, times in told.items():
        seen = {when.date() for when in times}
        row = (key, min(times), max(times), len(times))
        past = [one for one in seen if one < day]
        if day in seen and not past:
            new.add(row)
        if day in seen and past and day - max(past) > findings.GONE_AFTER * before:
            reopened.add(row)
        if day not in seen and day - before in seen:
            gone.add(row)
    return new, reopened, gone


def same(viewers: dict[str, Any], chance: random.Random, *days: int) -> None:
    for question in (Question(), chance.choice(QUESTIONS)):
        for name in ("the gateway", "anonymous", chance.choice(["one", "two"])):
            told = sightings(viewers[name], question)
            for number in days:
                day = FIRST + dt.timedelta(days=number)
                read = news.news(viewers[name], question, day, most=1_000)
                parts = tuple(
                    {(r["finding_key"], r["first"], r["last"], r["events"]) for r in rows}
                    for rows in (read.new, read.reopened, read.gone)
                )
                assert parts == counted(told, day), (question, name, day)
                counts = (read.new_count, read.reopened_count, read.gone_count)
                assert counts == tuple(map(len, parts))


def compact(day: int) -> None:
    moment = dt.datetime.combine(FIRST, dt.time(4), dt.UTC) + dt.timedelta(days=day)
    actions.compact(now=moment.timestamp())


@pytest.mark.slow
@pytest.mark.parametrize("piece", [500_000, 4])
def test_the_file_and_what_came_since_say_what_all_events_say(
    home: Path, viewers: dict[str, Any], piece: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merging, "PIECE", piece)
    chance = random.Random(5)
    assert m.DataFile.objects.filter(kind=m.DataFile.FINDINGS).count() == 0

    def told(days: list[int]) -> None:
        kind = chance.choice("ab")
        data = report(days, chance)
        assert ingest(data, f"{days[0]}.csv", feed="csv", report_type=kind).stored

    told([0, 1, 2])
    same(viewers, chance, 0, 1, 2, 3)  # nothing merged yet
    compact(2)
    same(viewers, chance, 0, 1, 2, 3)
    told([3, 12])
    told([5])  # late
    same(viewers, chance, 3, 5, 6, 12)
    compact(12)
    told([13, 40])  # the last of days to come
    compact(13)
    same(viewers, chance, 5, 6, 12, 13, 14, 40, 41)
    told([20, 21])
    same(viewers, chance, 13, 20, 21, 22, 40)
    compact(40)
    same(viewers, chance, 13, 20, 21, 40, 41)
    told([42])
    compact(42)  # the day to come has come
    same(viewers, chance, 20, 40, 41, 42)
    told([120])  # what is older than the bits remember is looked up
    compact(120)
    same(viewers, chance, 1, 2, 12, 21, 40, 120, 121)
    (home / "retention.yaml").write_text("days: 100\n")
    actions.retain(now=dt.datetime.combine(FIRST, dt.time(5), dt.UTC) + dt.timedelta(days=114))
    same(viewers, chance, 13, 20, 40, 41, 120, 121)
    told([121])
    same(viewers, chance, 14, 40, 120, 121, 122)
    compact(121)
    same(viewers, chance, 14, 40, 120, 121, 122)
    pieces = m.DataFile.objects.filter(kind=m.DataFile.FINDINGS)
    assert (pieces.count() > 1) == (piece == 4)
    for row in pieces:
        held = merging.read(places(), row).collect()
        assert held.height == row.rows and held.filter(merging._within(row.part)).height == row.rows


def test_a_sighting_that_one_may_not_see_does_not_make_a_finding_older(
    home: Path, viewers: dict[str, Any]
) -> None:
    head = "time_source,tlp,src_ip,src_port,class_type\n"
    rows = "2026-09-01 08:00:00,AMBER,203.0.113.1,23,scanner\n"
    ingest((head + rows).encode(), "a.csv", feed="csv", report_type="t")
    rows = "2026-09-04 08:00:00,CLEAR,203.0.113.1,23,scanner\n"
    ingest((head + rows).encode(), "b.csv", feed="csv", report_type="t")
    day = dt.date(2026, 9, 4)
    for _ in range(2):
        assert news.news(tlp.ANONYMOUS, Question(), day).new_count == 1
        assert news.news(viewers["two"], Question(), day).new_count == 0
        compact(4)
    [row] = m.DataFile.objects.filter(kind=m.DataFile.FINDINGS)
    assert row.rows == 2


def test_findings_of_an_earlier_version_are_made_anew_and_none_is_missed_meanwhile(
    home: Path, viewers: dict[str, Any]
) -> None:
    chance = random.Random(1)
    ingest(report([0, 1], chance), "a.csv", feed="csv", report_type="t")
    compact(1)
    [row] = m.DataFile.objects.filter(kind=m.DataFile.FINDINGS)
    path = places().store(str(row.pk))
    old = pl.DataFrame({"finding_key": [1, 2], "count": [3, 4]})
    row.constants = columns.write(old, path)
    row.level = 1
    row.save()
    same(viewers, chance, 0, 1, 2)
    compact(1)
    same(viewers, chance, 0, 1, 2)
    [row] = m.DataFile.objects.filter(kind=m.DataFile.FINDINGS)
    assert row.level == m.DataFile.FINDINGS_LAYOUT


def seen(*days: int) -> pl.LazyFrame:
    """Events of one finding on days of November 2026."""
    time = [dt.datetime(2026, 11, day, 12, tzinfo=dt.UTC) for day in days]
    rows = pl.DataFrame({"time_source": time}, schema={"time_source": schema.TIME})
    blank = [
        pl.lit(1 if name == "finding_key" else None, dtype).alias(name)
        for name, dtype in findings.WANTED.items()
        if name != "time_source"
    ]
    return rows.lazy().with_columns(blank)


def test_a_finding_has_first_last_count_and_its_days_in_whatever_order_files_come() -> None:
    until = (dt.date(2026, 11, 21) - dt.date(1970, 1, 1)).days
    parts = [findings.sightings(seen(*days), until) for days in ((20, 21), (1, 1, 2), (3,))]
    one = findings.folded(pl.concat(parts)).collect()
    two = findings.folded(
        pl.concat([findings.folded(parts[2]), findings.folded(pl.concat(parts[:2]))])
    ).collect()
    assert one.equals(two)
    row = one.row(0, named=True)
    assert (row["count"], row["first_seen"].day, row["last_seen"].day) == (6, 1, 21)
    assert row["seen"] == sum(1 << (21 - day) for day in (20, 21, 1, 2, 3))

    def on(day: int) -> tuple[bool, bool, bool]:
        moved = findings.moved(one.lazy(), day - 21)
        number = until + day - 21
        found = moved.select(a=findings.new(number), b=findings.reopened(number), c=findings.gone())
        return found.collect().row(0)

    assert on(1) == (True, False, False) and on(2) == (False, False, False)
    assert on(4) == (False, False, True) and on(20) == (False, True, False)
    assert on(22) == (False, False, True) and on(23) == (False, False, False)
