"""From a file to the store: rows in = stored + duplicate + rejected, and twice is once."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from comity.events import actions
from comity.events import models as m
from comity.events.engine import Failed, Inline, Outcome, Task
from comity.events.engine.seam import Fault
from comity.events.reads import house
from comity.events.store import columns, places

NOW = dt.datetime(2026, 11, 21, 6, tzinfo=dt.UTC)
HEADER = '"timestamp","severity","ip","protocol","port","hostname","tag","asn","geo","region","city","naics","hostname_source","sector","banner"\n'
NAME = "2026-11-20-scan_telnet-xx-geo.csv"


@pytest.fixture
def home(tmp_path: Path, settings: Any, db: None) -> Path:
    settings.HOME = tmp_path
    places.Places(tmp_path / "events").ready()
    return tmp_path / "events"


def line(number: int, *, time: str = "2026-11-20 12:00:00", ip: str | None = None) -> str:
    address = ip or f"198.51.{number // 256 % 256}.{number % 256}"
    return f'"{time}","high","{address}","tcp","23","host-{number}.example.net","telnet","64500","KE","","","0","ptr","","login:"\n'


def report(*numbers: int) -> bytes:
    return (HEADER + "".join(line(n) for n in numbers)).encode()


def ingest(data: bytes, name: str = NAME, **said: Any) -> m.Intake:
    [intake] = list(actions.receive(data, name, now=said.pop("now", NOW), **said))
    return actions.run(intake, Inline())


def counts(intake: m.Intake) -> tuple[int, int, int, int]:
    return intake.rows, intake.stored, intake.duplicate, intake.rejected


def stored(home: Path) -> pl.DataFrame:
    files = m.DataFile.objects.filter(kind="events").order_by("seq")
    where = places.Places(home)
    frames = [columns.scan(where.store(str(f.pk)), f.constants).collect() for f in files]
    return pl.concat(frames)


def test_a_report_is_stored_with_what_the_house_knows(home: Path) -> None:
    done = ingest(report(1, 2, 3))
    assert counts(done) == (3, 3, 0, 0)
    assert (done.feed, done.report_type, done.findings_new) == ("shadowserver", "scan_telnet", 3)
    found = stored(home)
    assert found["src_ip4"].to_list() == [0xC6330001, 0xC6330002, 0xC6330003]
    assert found["feed_file"].unique().to_list() == [done.raw_id]
    assert found["feed_row"].to_list() == [1, 2, 3]


def test_the_same_file_twice_is_once(home: Path) -> None:
    ingest(report(1, 2, 3))
    again = ingest(
        report(1, 2, 3), "renamed-" + NAME, feed="shadowserver", report_type="scan_telnet"
    )
    assert counts(again) == (3, 0, 3, 0)
    assert m.RawFile.objects.count() == 1
    more = ingest(report(2, 3, 4, 4))
    assert counts(more) == (4, 1, 3, 0)
    assert stored(home).height == 4


def test_the_same_problem_another_day_is_an_event_and_no_new_finding(home: Path) -> None:
    ingest(report(1))
    later = ingest((HEADER + line(1, time="2026-11-21 12:00:00")).encode())
    assert (later.stored, later.findings_new) == (1, 0)


def test_rows_held_back_keep_line_field_reason_and_raw(home: Path) -> None:
    bad = HEADER + line(1) + line(2, ip="194.12.244.084") + '"cut"\n' + line(3)
    done = ingest(bad.encode())
    assert counts(done) == (4, 2, 0, 2)
    [held] = m.DataFile.objects.filter(kind="rejected")
    rows = pl.read_parquet(places.Places(home).store(str(held.pk)))
    kept = columns.scan(
        places.Places(home).store(str(held.pk)),
        columns.notes(places.Places(home).store(str(held.pk))),
        rejected_schema(),
    ).collect()
    assert (rows.height == 2 and kept["row"].to_list() == [3, 2]) or kept["row"].to_list() == [2, 3]
    assert set(kept["reason"].to_list()) == {"bad_address", "too_few_cells"}


def rejected_schema() -> Any:
    from comity.events.types import schema

    return schema.REJECTED


@pytest.mark.parametrize(
    "junk", [b"", b"\n\n", HEADER.encode(), b"<!doctype html><title>503</title>", b"\x89PNG\r\n"]
)
def test_what_is_no_report_is_an_error_and_never_nothing(home: Path, junk: bytes) -> None:
    done = ingest(junk)
    assert done.state == m.Intake.FAILED and done.error
    assert counts(done) == (0, 0, 0, 0)


def test_an_interrupted_file_is_finished_and_nothing_is_doubled(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions.receiving, "SPAN", 2_000)  # type: ignore[attr-defined]
    [intake] = list(actions.receive(report(*range(200)), NAME, now=NOW))

    class Dies(Inline):
        count = 0

        def results(self) -> Any:
            for found in super().results():
                self.count += 1
                if self.count == 3:
                    yield Fault(found.task, "the worker died")
                    return
                yield found

    with pytest.raises(Failed):
        actions.run(intake, Dies())
    intake.refresh_from_db()
    assert intake.state == m.Intake.WAITING and 0 < intake.stored < 200
    [done] = list(actions.resume(Inline()))
    assert counts(done) == (200, 200, 0, 0)
    assert sorted(stored(home)["feed_row"].to_list()) == list(range(1, 201))


def test_a_part_is_taken_once(home: Path) -> None:
    [intake] = list(actions.receive(report(1, 2), NAME, now=NOW))
    kept: list[Outcome] = []

    class Keeps(Inline):
        def submit(self, task: Task) -> None:
            kept.append(task)  # type: ignore[arg-type]
            super().submit(task)

    done = actions.run(intake, Inline())
    from comity.events.actions import committing, running
    from comity.events.engine import perform

    task = running._task(done, house.feed("shadowserver"))  # type: ignore[attr-defined]
    assert committing.commit(done, perform(task)) is None
    done.refresh_from_db()
    assert counts(done) == (2, 2, 0, 0) and stored(home).height == 2


def test_what_another_process_stored_meanwhile_is_taken_out(home: Path) -> None:
    """Two processes read the same rows at once; the second to commit finds them there."""
    from comity.events.actions import committing, running
    from comity.events.engine import perform

    [one] = list(actions.receive(report(1, 2, 3), NAME, now=NOW))
    [two] = list(actions.receive(report(2, 3, 4), NAME, now=NOW))
    source = house.feed("shadowserver")  # type: ignore[attr-defined]
    first, second = perform(running._task(one, source)), perform(running._task(two, source))
    committing.commit(one, first)
    part = committing.commit(two, second)
    assert part is not None
    assert (part.rows, part.stored, part.duplicate, part.findings_new) == (3, 1, 2, 1)
    assert sorted(stored(home)["src_ip4"].to_list()) == [0xC6330000 + n for n in (1, 2, 3, 4)]


def test_a_full_disk_leaves_the_file_waiting_and_nothing_half(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [intake] = list(actions.receive(report(1, 2), NAME, now=NOW))

    def full(*_args: Any, **_more: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(pl.DataFrame, "write_parquet", full)
        with pytest.raises(Failed, match=r"^No space left on device at"):
            actions.run(intake, Inline())
    assert not list((home / "store").iterdir()) and not m.DataFile.objects.exists()
    [done] = list(actions.resume(Inline()))
    assert counts(done) == (2, 2, 0, 0)


def test_a_snapshot_says_what_is_new_changed_and_gone(home: Path) -> None:
    def drop(*networks: str) -> bytes:
        return (
            "; Spamhaus DROP List\n"
            + "".join(f"{net} ; SBL{i}\n" for i, net in enumerate(networks))
        ).encode()

    name = next(
        n for n, s in house.feeds().items() if s.snapshot and "drop" in n and "asn" not in n
    )  # type: ignore[attr-defined]
    ingest(
        drop("192.0.2.0/24", "198.51.100.0/24"),
        "drop.txt",
        feed=name,
        report_date=dt.date(2026, 11, 20),
    )
    ingest(
        drop("192.0.2.0/24", "203.0.113.0/24"),
        "drop.txt",
        feed=name,
        report_date=dt.date(2026, 11, 21),
    )
    last = m.Snapshot.objects.order_by("-taken").first()
    assert last is not None
    assert (last.listed, last.new, last.changed, last.gone) == (2, 1, 0, 1)
