"""The store put in order, deleted from, tried again: nothing is lost on the way and nothing stays."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from django.core.exceptions import PermissionDenied

from comity.events import actions, reads
from comity.events import models as m
from comity.events.actions import compacting
from comity.events.reads import handed, holds
from comity.events.rules import findings
from comity.events.store import columns, places, spool
from comity.events.types.asking import Question
from comity.events.types.sources import EventsError
from comity.kit.tlp import ANONYMOUS, Viewer
from comity.ledger.models import Act
from comity.people.types import Role
from tests.events.test_ingest import HEADER, NAME, NOW, counts, home, ingest, line, report, stored

__all__ = ["home"]
LATER = 4e9  # past any grace


def on(disk: Path) -> str:
    """Every byte of the store, unpacked, as text."""
    parts = []
    for path in sorted((disk / "store").iterdir()):
        rows = pl.read_parquet(path)
        parts.append(str(rows.to_dicts()) + str(columns.notes(path)))
    return "".join(parts)


def test_compacting_keeps_every_row_and_sorts_them(home: Path) -> None:
    for start in range(0, 60, 20):
        ingest(report(*range(start, start + 20)))
    before = stored(home).sort("row_key")
    done = actions.compact(now=LATER)
    after = stored(home)
    assert after.sort("row_key").equals(before)
    assert after["src_ip4"].is_sorted() and m.DataFile.objects.filter(kind="events").count() == 1
    assert done["packed"] == 3 and spool.get(places.Places(home), m.RawFile.objects.first().pk)  # type: ignore[union-attr]
    names = {str(pk) for pk in m.DataFile.objects.values_list("pk", flat=True)}
    assert {path.stem for path in (home / "store").iterdir()} == names, "what is replaced is gone"
    again = ingest(report(*range(60)))
    assert counts(again) == (60, 0, 60, 0)


def test_orphans_of_dead_writers_are_swept_and_fresh_files_are_let_be(home: Path) -> None:
    ingest(report(1))
    (home / "store" / "dead.parquet").write_bytes(b"x")
    (home / "store" / "dead.parquet.77.partial").write_bytes(b"x")
    where = places.Places(home)
    assert compacting.sweep(where, 0.0) == 0
    assert compacting.sweep(where, LATER) == 2
    assert stored(home).height == 1


def test_findings_are_merged_once_however_often_one_compacts(home: Path) -> None:
    ingest(report(1, 2))
    ingest((HEADER + line(1, time="2026-11-21 01:00:00")).encode())
    actions.compact(now=LATER)
    actions.compact(now=LATER)
    [row] = m.DataFile.objects.filter(kind="findings")
    path = places.Places(home).store(str(row.pk))
    found = columns.scan(path, row.constants, findings.HELD).collect()
    assert found["count"].sort().to_list() == [1, 2]


def test_what_is_past_its_time_is_gone_from_the_disk(home: Path) -> None:
    (home / "retention.yaml").write_text("days: 400\nraw: 30\nfeeds: {shadowserver: 90}\n")
    old = HEADER + line(7, time="2026-06-01 12:00:00") + line(8)
    ingest(old.encode())
    assert "host-7.example.net" in on(home)
    done = actions.retain(now=NOW)
    assert done["events"] == 1
    assert "host-7.example.net" not in on(home) and "host-8.example.net" in on(home)
    later = actions.retain(now=NOW + dt.timedelta(days=31))
    assert later["raw"] == 1
    with pytest.raises(spool.GoneFile):
        spool.get(places.Places(home), m.RawFile.objects.get().pk)


def test_a_finding_goes_with_its_last_event_from_the_disk_and_from_the_keys(
    home: Path, django_capture_on_commit_callbacks
) -> None:  # type: ignore[no-untyped-def]
    (home / "retention.yaml").write_text("feeds: {shadowserver: 90}\n")
    old, new = "2026-06-01 12:00:00", "2026-11-19 12:00:00"
    ingest((HEADER + line(7, time=old) + line(8, time=old) + line(8, time=new)).encode())
    actions.compact(now=LATER)

    def findings_held() -> list[int]:
        rows = m.DataFile.objects.filter(kind="findings")
        wanted = findings.HELD
        where = places.Places(home)
        frames = [columns.scan(where.store(str(r.pk)), r.constants, wanted) for r in rows]
        return sorted(pl.concat(frames).collect()["finding_key"].to_list()) if frames else []

    before = findings_held()
    with django_capture_on_commit_callbacks(execute=True):
        done = actions.retain(now=NOW)
    after = findings_held()
    assert (done["events"], done["findings"], len(before), len(after)) == (2, 1, 2, 1)
    assert set(after) < set(before)
    names = {str(pk) for pk in m.DataFile.objects.values_list("pk", flat=True)}
    assert {path.stem for path in (home / "store").iterdir()} == names, "not at the next sweep"
    assert sum(row.count for row in m.KeyRun.objects.filter(kind=m.KeyRun.FINDINGS)) == 1


def test_a_legal_hold_stands_against_retention(home: Path) -> None:
    ingest((HEADER + line(7, time="2024-06-01 12:00:00")).encode())
    day = dt.date(2024, 6, 1)
    hold = actions.place(None, day, day, " a case ", feed="shadowserver", now=NOW)
    assert hold.reason == "a case"
    assert actions.retain(now=NOW)["events"] == 0
    assert actions.lift(None, hold.pk, now=NOW).lifted == NOW
    assert actions.lift(None, hold.pk).lifted == NOW, "twice is once"
    assert actions.retain(now=NOW)["events"] == 1
    acts = Act.objects.filter(object=f"events/holds/{hold.pk}").values_list("act", flat=True)
    assert list(acts) == ["place_hold", "lift_hold"]


def test_a_hold_that_holds_nothing_is_refused(home: Path) -> None:
    day = dt.date(2026, 11, 2)
    for first, last, reason, feed in (
        (day, day - dt.timedelta(1), "a case", ""),
        (day, day, "  ", ""),
        (day, day, "a case", "no such feed"),
    ):
        with pytest.raises(EventsError):
            actions.place(None, first, last, reason, feed=feed)
    assert not m.Hold.objects.exists()
    with pytest.raises(reads.NotHeld):
        actions.lift(None, uuid.uuid4())


def test_only_who_keeps_the_store_places_a_hold(home: Path) -> None:
    day = dt.date(2026, 11, 2)
    known = Viewer(person=uuid.uuid4(), roles=frozenset({Role.ADMINISTRATOR}), second_factor=True)
    for who in (
        replace(known, second_factor=False),
        replace(known, roles=frozenset({Role.SECRETARIAT, Role.HEAD, Role.DUTY_OFFICER})),
    ):
        with pytest.raises(PermissionDenied):
            actions.place(who, day, day, "a case")
    hold = actions.place(known, day, day, "a case")
    with pytest.raises(PermissionDenied):
        actions.lift(replace(known, second_factor=False), hold.pk)
    assert holds.holds(replace(known, roles=frozenset({Role.HEAD}))) == []
    duty = replace(known, roles=frozenset({Role.DUTY_OFFICER}))
    assert holds.over(duty, day, "shadowserver") and not holds.over(ANONYMOUS, day, "shadowserver")
    assert not holds.over(duty, day + dt.timedelta(1), "shadowserver")


def test_rows_held_back_are_tried_again_mended_and_the_counts_add_up(home: Path) -> None:
    text = HEADER + line(1) + line(2, ip="1.2.3.4:80") + line(3, ip="x") + line(4)
    done = ingest(text.encode())
    assert counts(done) == (4, 2, 0, 2)
    mended = {2: line(2, ip="198.51.100.2").rstrip("\n")}
    said = actions.replay(done, mended)
    assert said == {"tried": 2, "stored": 1, "duplicate": 0, "rejected": 1}
    done.refresh_from_db()
    assert counts(done) == (4, 3, 0, 1)
    rows = stored(home).sort("feed_row")
    assert rows["feed_row"].to_list() == [1, 2, 4]
    assert rows["feed_file"].unique().to_list() == [done.raw_id]
    [left] = reads.refused(None).iter_rows(named=True)
    assert (left["row"], left["file"], left["reason"]) == (3, NAME, "bad_address")


def test_an_event_shows_its_raw_row_mapping_and_reason(home: Path) -> None:
    ingest(report(1, 2))
    shown = reads.rows(None, Question(network="198.51.0.2/32"))
    [row] = shown.iter_rows(named=True)
    one = reads.event(None, row["event_id"])
    assert one.raw == line(2).rstrip("\n") and one.mapping.startswith("shadowserver@")
    assert one.event["src_ip"] == "198.51.0.2" and one.reason == []
    with pytest.raises(reads.NotHeld):
        reads.event(None, "00000000-0000-0000-0000-000000000000")


def test_a_feed_is_silent_when_its_hours_are_over_and_empty_when_nothing_could_be_read(
    home: Path,
) -> None:
    def shadowserver(now: dt.datetime) -> handed.Feed:
        [row] = [row for row in handed.feed_list(None, now) if row.name == "shadowserver"]
        return row

    assert not shadowserver(NOW).alarm, "what never came is not missed"
    ingest(report(1, 2))
    assert not shadowserver(NOW).alarm
    late = NOW + dt.timedelta(hours=shadowserver(NOW).silent_after)
    assert not shadowserver(late).alarm and shadowserver(late + dt.timedelta(minutes=1)).overdue
    done = ingest(HEADER.encode(), name="2026-11-21-scan_telnet-xx.csv")
    assert done.state == m.Intake.FAILED
    assert shadowserver(NOW).emptied, "rows yesterday, none today"
    assert shadowserver(NOW).empty_types == ("scan_telnet",)
    ingest(report(8).replace(b"telnet", b"ssh"), name="2026-11-21-scan_ssh-xx.csv")
    assert shadowserver(NOW).emptied, "another type of report is no answer"
    assert not shadowserver(NOW + handed.MISSED + dt.timedelta(hours=1)).emptied
    ingest(report(3))
    assert not shadowserver(NOW).alarm
