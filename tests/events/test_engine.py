"""Several files through an engine: no worker waits between two, and one that fails stops no other."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from comity.events import actions
from comity.events import models as m
from comity.events.actions import running, snapshots
from comity.events.engine import Failed, Inline, Outcome, Task
from comity.events.engine.local import Local
from comity.events.engine.seam import Fault
from comity.events.store import runs
from tests.events.test_ingest import NOW, counts, home, report, stored

__all__ = ["home"]


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of 200 rows are cut into a dozen parts."""
    monkeypatch.setattr(actions.receiving, "SPAN", 2_000)  # type: ignore[attr-defined]


def received(*files: bytes) -> list[m.Intake]:
    found = []
    for number, data in enumerate(files):
        name = f"2026-11-20-scan_telnet-f{number}-geo.csv"
        found += actions.receive(data, name, now=NOW)
    return found


class Told(Inline):
    """Notes what it is given and what it gives back."""

    def __init__(self) -> None:
        super().__init__()
        self.log: list[tuple[str, str]] = []

    def submit(self, task: Task) -> None:
        self.log.append(("given", task.intake))
        super().submit(task)

    def results(self) -> Iterator[Outcome | Fault]:
        for found in super().results():
            self.log.append(("done", found.task.intake))
            yield found

    def last(self, what: str, intake: m.Intake) -> int:
        return max(n for n, entry in enumerate(self.log) if entry == (what, str(intake.pk)))

    def first(self, what: str, intake: m.Intake) -> int:
        return self.log.index((what, str(intake.pk)))


TWO = (report(*range(200)), report(*range(100, 300)))


def test_the_next_file_is_begun_while_the_last_parts_of_one_are_under_way(
    home: Path, parts: None
) -> None:
    one, two = received(*TWO)
    engine = Told()
    done = list(actions.through([one, two], engine))
    assert [(intake.pk, fault) for intake, fault in done] == [(one.pk, None), (two.pk, None)]
    assert engine.first("given", two) < engine.last("done", one)
    assert counts(done[0][0]) == (200, 200, 0, 0) and counts(done[1][0]) == (200, 100, 100, 0)


def test_a_list_that_is_compared_waits_for_the_one_before(
    home: Path, parts: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = replace(running.feed_named("shadowserver"), snapshot=True)  # type: ignore[attr-defined]
    for room in (running, snapshots):
        monkeypatch.setattr(room, "feed_named", lambda name: source)
    one, two = received(*TWO)
    engine = Told()
    assert [fault for _, fault in actions.through([one, two], engine)] == [None, None]
    assert engine.first("given", two) > engine.last("done", one)
    snapshot = m.Snapshot.objects.get(intake=two)
    assert (snapshot.new, snapshot.gone) == (100, 100)


def test_a_file_that_is_no_report_stops_no_other(home: Path, parts: None) -> None:
    files = received(TWO[0], b"<!doctype html><title>503</title>" * 200, TWO[1])
    done = [intake for intake, _fault in actions.through(files, Told())]
    assert [intake.state for intake in done] == [m.Intake.DONE, m.Intake.FAILED, m.Intake.DONE]
    assert stored(home).height == 300


def test_a_disk_full_at_the_commit_leaves_a_file_waiting_and_nothing_half(
    home: Path, parts: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = received(*TWO)
    write, left = runs.write, [3]

    def full(*given: Any, **more: Any) -> None:
        left[0] -= 1
        if not left[0]:
            raise OSError(28, "No space left on device")
        write(*given, **more)

    with monkeypatch.context() as broken:
        broken.setattr(runs, "write", full)
        (first, fault), (second, none) = actions.through([one, two], Told())
    assert fault and "No space left" in str(fault) and none is None
    assert (first.state, second.state) == (m.Intake.WAITING, m.Intake.DONE)
    [done] = actions.resume(Told())
    assert counts(done)[0] == 200 and stored(home).height == 300


@pytest.mark.slow
def test_a_worker_that_dies_leaves_its_file_waiting_and_the_others_are_done(
    home: Path, parts: None
) -> None:
    class Killed(Local):
        at = 3

        def results(self) -> Iterator[Any]:
            for found in super().results():
                self.at -= 1
                if not self.at:
                    [pipe, *_] = [pipe for pipe, tasks in self.given.items() if tasks]
                    os.kill(self.processes[pipe].pid or 0, signal.SIGKILL)
                yield found

    one, two = received(*TWO)
    engine = Killed(1)
    engine.start()
    try:
        (first, fault), (second, none) = actions.through([one, two], engine)
    finally:
        engine.cancel()
    assert isinstance(fault, Failed) and "worker died" in str(fault) and none is None
    assert first.state == m.Intake.WAITING and second.state == m.Intake.DONE
    engine = Local(1)
    try:
        [done] = actions.resume(engine)
    finally:
        engine.cancel()
    assert counts(done)[0] == 200 and sorted(set(stored(home)["src_ip4"].to_list())) == [
        0xC6330000 + number for number in range(300)
    ]
    assert not engine.processes
