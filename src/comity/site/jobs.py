"""Work that a page should not wait for: queued in the database, so that it commits with its data.

A job is a function of a room, named "comity.room.jobs:function", with arguments JSON can carry. It
may run twice (a machine can die after the work and before the note of it), so its effect must be
the same as once. It is tried a few times with growing pauses, then stays "failed" for all to see.
"""

from __future__ import annotations

import datetime as dt
from importlib import import_module
from typing import Any

import structlog
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from comity.kit.canonical import canonical
from comity.ledger import actions, reads, rules
from comity.site.models import ScheduleRun

SHORT, LONG = "short", "long"  # seconds; minutes and more
TRIES = 5
FIRST_PAUSE = 30  # seconds; then 2, 8 and 32 minutes: over the usual restart of a neighbour
KEEP = dt.timedelta(days=30)
SILENT = 120  # seconds without a sign of life after which a worker counts as dead
log = structlog.get_logger("comity.jobs")


def pause(attempt: int) -> int:
    """Seconds to wait after the given failed attempt (1, 2, …)."""
    return int(FIRST_PAUSE * 4 ** (attempt - 1))


def later(job: str, *args: Any, queue: str = SHORT, schedule: str = "", tries: int = TRIES) -> None:
    """Put a job in the queue, in the caller's transaction: it runs only if that commits."""
    _function(job)  # a wrong name fails here, not at night
    perform.using(queue_name=queue).enqueue(job, list(args), queue, schedule, tries, 1)


def _function(job: str) -> Any:
    module, _colon, name = job.partition(":")
    if not module.startswith("comity."):
        raise ValueError(f"{job} is no job of this house. Name it comity.<room>.jobs:<function>.")
    return getattr(import_module(module), name)


@task(queue_name=SHORT)
def perform(job: str, args: list[Any], queue: str, schedule: str, tries: int, attempt: int) -> str:
    """Run one job; on failure queue it again or, after the last try, fail for good."""
    if schedule:
        ScheduleRun.objects.filter(name=schedule).update(started=timezone.now())
    try:
        result = _function(job)(*args)
    except Exception as error:
        log.error("job failed", job=job, attempt=attempt, error=type(error).__name__)
        if attempt >= tries:
            if schedule:
                _note(schedule, False, {"error": type(error).__name__})
            raise
        when = timezone.now() + dt.timedelta(seconds=pause(attempt))
        again = perform.using(queue_name=queue, run_after=when)
        again.enqueue(job, args, queue, schedule, tries, attempt + 1)
        return "again"
    if schedule:
        _note(schedule, True, result if isinstance(result, dict) else {})
    return "done"


def _note(schedule: str, ok: bool, result: dict[str, Any]) -> None:
    ScheduleRun.objects.filter(name=schedule).update(ended=timezone.now(), ok=ok, result=result)


def rescue(alive: set[str]) -> int:
    """Queue again what died with its worker; `alive` are the ids of workers seen lately.

    What a worker was killed over too often is failed, so that one bad job cannot kill for ever.
    """
    rescued = 0
    with transaction.atomic():
        running = DBTaskResult.objects.select_for_update().filter(status=TaskResultStatus.RUNNING)
        for row in running:
            young = row.started_at and row.started_at > timezone.now() - dt.timedelta(
                seconds=SILENT
            )
            if young or (row.worker_ids and row.worker_ids[-1] in alive):
                continue
            if len(row.worker_ids) >= TRIES:
                row.set_failed(RuntimeError("the worker died each time"))
            else:
                row.status = TaskResultStatus.READY
                row.save(update_fields=["status"])
            rescued += 1
    return rescued


def counts() -> dict[tuple[str, str], int]:
    """How many jobs are in each state, by queue."""
    rows = DBTaskResult.objects.order_by().values_list("queue_name", "status").annotate(Count("id"))
    return {(queue, status.lower()): n for queue, status, n in rows}


# --- the house's own jobs -----------------------------------------------------------------


def verify_ledger() -> dict[str, Any]:
    """Walk the record of acts and keep a signed head of it in HOME/checkpoints."""
    missing = reads.guards_missing()
    if missing:
        log.error("guards of the ledger are missing", guards=missing)
    fault = reads.verify()
    if fault:
        log.error("ledger does not hold", row=fault.seq)
        return {"holds": False, "row": fault.seq, "guards_missing": missing}
    made = actions.checkpoint()
    folder = settings.HOME / "checkpoints"
    folder.mkdir(parents=True, exist_ok=True)
    head = {
        "seq": made.seq,
        "hash": made.hash,
        "moment": rules.stamp(made.moment),
        "key": made.key,
        "signature": made.signature,
    }
    (folder / f"{made.moment:%Y-%m-%d}.json").write_bytes(canonical(head) + b"\n")
    return {"holds": True, "row": made.seq, "guards_missing": missing}


def prune() -> dict[str, Any]:
    """Forget jobs that were done a month ago, and sessions that ended. Failed jobs stay."""
    old = DBTaskResult.objects.successful().filter(finished_at__lt=timezone.now() - KEEP)
    deleted, _by_model = old.delete()
    call_command("clearsessions")
    return {"deleted": deleted}
