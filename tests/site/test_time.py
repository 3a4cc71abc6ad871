"""Schedules and jobs: once, though many ask; again, when one fails; never lost with its worker."""

from __future__ import annotations

import datetime as dt
import json
import threading
import time

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from comity.ledger import actions as ledger
from comity.site import jobs, schedules
from comity.site.models import ScheduleRun
from comity.site.schedules import Schedule, enqueue_due, next_due

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
NIGHTLY = Schedule("night", "comity.site.jobs:prune", schedules.DAY, dt.time(2, 10))
OFTEN = Schedule("often", "comity.site.jobs:prune", dt.timedelta(minutes=5))
ran: list[str] = []


def note(words: str) -> None:
    ran.append(words)


def break_down() -> None:
    ran.append("broke")
    raise OSError("no neighbour")


@pytest.fixture(autouse=True)
def _jobs_of_tests(monkeypatch) -> None:
    """Let jobs of this module run: in the house only comity.* may."""
    ran.clear()
    here = {"comity.test:note": note, "comity.test:break_down": break_down}
    plain = jobs._function
    monkeypatch.setattr(jobs, "_function", lambda name: here.get(name) or plain(name))


def work(queue: str) -> int:
    """What a worker does: take each ready job of the queue and run it."""
    from django_tasks_db.management.commands.db_worker import Worker

    worker = Worker(
        queue_names=[queue],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=50,
        worker_id="test",
        excluded_queue_names=[],
    )
    worker.run()
    return worker._run_tasks


def test_a_nightly_job_is_due_at_its_hour() -> None:
    assert next_due(NIGHTLY, NOON) == dt.datetime(2026, 11, 22, 2, 10, tzinfo=dt.UTC)
    at = dt.datetime(2026, 11, 22, 2, 10, tzinfo=dt.UTC)
    assert next_due(NIGHTLY, at) == at + schedules.DAY
    assert next_due(OFTEN, NOON) == NOON + dt.timedelta(minutes=5)


@pytest.mark.django_db
def test_what_is_due_is_queued_once() -> None:
    table = (NIGHTLY, OFTEN)
    assert enqueue_due(NOON, table) == ["night", "often"]
    assert enqueue_due(NOON, table) == []
    assert enqueue_due(NOON + dt.timedelta(minutes=6), table) == ["often"]
    assert enqueue_due(NOON + dt.timedelta(days=9), table) == ["night", "often"], "makes up for one"
    assert DBTaskResult.objects.count() == 5


@pytest.mark.django_db(transaction=True)
def test_several_processes_queue_a_due_job_once() -> None:
    table = (NIGHTLY,)
    enqueue_due(NOON, table)
    later, queued, barrier = NOON + dt.timedelta(days=2), [], threading.Barrier(4)

    def ask() -> None:
        barrier.wait()
        try:
            for _turn in range(200):
                try:
                    queued.extend(enqueue_due(later, table))
                    return
                except OperationalError:  # busy: as the worker does, try at the next turn
                    time.sleep(0.01)
            queued.append("never got through")
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert queued == ["night"]
    assert DBTaskResult.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_job_commits_with_its_data() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        jobs.later("comity.test:note", "never")
        raise RuntimeError("the change failed")
    with transaction.atomic():
        jobs.later("comity.test:note", "once")
    assert work("short") == 1 and ran == ["once"]
    assert work("short") == 0


@pytest.mark.django_db(transaction=True)
def test_a_worker_keeps_to_its_queue() -> None:
    jobs.later("comity.test:note", "long", queue=jobs.LONG)
    assert work("short") == 0
    assert work("long") == 1 and ran == ["long"]


@pytest.mark.django_db(transaction=True)
def test_a_failing_job_is_tried_again_with_growing_pauses_then_stays_failed() -> None:
    jobs.later("comity.test:break_down", queue=jobs.LONG, tries=3)
    pauses = []
    for _attempt in range(5):
        work("long")
        waiting = DBTaskResult.objects.filter(status=TaskResultStatus.READY).first()
        if waiting:
            assert waiting.queue_name == "long", "it stays in its queue"
            pauses.append(round((waiting.run_after - timezone.now()).total_seconds(), -1))
            DBTaskResult.objects.filter(pk=waiting.pk).update(run_after=timezone.now())
    assert ran == ["broke"] * 3
    assert pauses == [30, 120]
    assert jobs.counts()[("long", "failed")] == 1


@pytest.mark.django_db(transaction=True)
def test_what_died_with_its_worker_runs_again_but_not_for_ever() -> None:
    jobs.later("comity.test:note", "again")
    row = DBTaskResult.objects.get()
    old = timezone.now() - dt.timedelta(minutes=10)
    for death in range(jobs.TRIES):
        row.refresh_from_db()
        row.claim(f"dead-{death}")
        DBTaskResult.objects.update(started_at=old)
        assert jobs.rescue({f"dead-{death}"}) == 0, "a living worker keeps its job"
        assert jobs.rescue({"another"}) == 1
    row.refresh_from_db()
    assert row.status == TaskResultStatus.FAILED


@pytest.mark.django_db
def test_a_job_of_another_house_is_refused() -> None:
    with pytest.raises(ValueError, match="no job of this house"):
        jobs.later("os:system", "true")


@pytest.mark.django_db(transaction=True)
def test_the_record_of_acts_is_verified_and_its_head_signed(settings, tmp_path) -> None:
    settings.HOME = tmp_path
    with transaction.atomic():
        ledger.record("load_instrument", "itu-pp/res-130")
    enqueue_due(timezone.now())
    assert work("long")  # among what else is due
    run = ScheduleRun.objects.get(name="verify_ledger")
    assert run.ok and run.result == {"holds": True, "row": 1, "guards_missing": []}
    assert run.started and run.ended and run.started <= run.ended
    (path,) = (tmp_path / "checkpoints").iterdir()
    head = json.loads(path.read_bytes())
    assert head["seq"] == 1

    from click.testing import CliRunner

    from comity.ledger.cli import ledger as command

    verified = CliRunner().invoke(command, ["verify", "--checkpoint", str(path)])
    assert verified.exit_code == 0, "the checkpoint is one that `comity ledger verify` takes"


@pytest.mark.django_db(transaction=True)
def test_pruning_forgets_the_done_and_keeps_the_failed() -> None:
    jobs.later("comity.test:note", "x")
    jobs.later("comity.test:break_down", tries=1)
    work("short")
    DBTaskResult.objects.update(finished_at=timezone.now() - dt.timedelta(days=40))
    assert jobs.prune() == {"deleted": 1}
    assert [row.status for row in DBTaskResult.objects.all()] == [TaskResultStatus.FAILED]


def test_every_schedule_names_a_job_that_exists() -> None:
    for schedule in schedules.SCHEDULES:
        assert callable(jobs._function(schedule.job)), schedule.name
    names = [schedule.name for schedule in schedules.SCHEDULES]
    assert len(names) == len(set(names))
