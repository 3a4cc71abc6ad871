"""A worker: takes jobs from its queue, shows that it lives, keeps the clock of the schedules.

Every worker keeps the clock, so that schedules run as long as one worker lives; the database sees
to it that each due job is queued once. The sign of life is a file in HOME/run: it costs the
database nothing, and `kill -9` leaves it to grow old.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

import structlog
from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker

from comity.site import jobs, schedules

TICK = 10  # seconds between signs of life
log = structlog.get_logger("comity.worker")


def _folder() -> Path:
    folder: Path = settings.HOME / "run" / "workers"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def seen(within: float = jobs.SILENT) -> dict[str, float]:
    """Workers that gave a sign of life lately: id to seconds since."""
    now = time.time()
    ages = {path.name: now - path.stat().st_mtime for path in _folder().iterdir()}
    return {name: age for name, age in ages.items() if age <= within}


def tick() -> None:
    """One turn of the clock: rescue what died, queue what is due."""
    jobs.rescue(set(seen()))
    schedules.enqueue_due(timezone.now())


def _keep_time(sign: Path, stop: threading.Event) -> None:
    parent = os.getppid()
    while not stop.is_set():
        sign.touch()
        try:
            tick()
        except DatabaseError as error:  # busy or restarting: the next turn tries again
            log.warning("the clock could not reach the database", error=type(error).__name__)
        finally:
            close_old_connections()
        if os.getppid() != parent:  # whoever supervised us is gone
            os.kill(os.getpid(), signal.SIGTERM)
            break
        stop.wait(TICK)
    connection.close()


def run(queue: str) -> None:
    """Work on one queue until told to stop; the job in hand is finished first."""
    name = f"{queue}-{os.getpid()}-{int(time.time())}"
    sign, stop = _folder() / name, threading.Event()
    for old in _folder().iterdir():  # a month of dead workers helps nobody
        if time.time() - old.stat().st_mtime > 86400:
            old.unlink(missing_ok=True)
    worker = Worker(
        queue_names=[queue],
        interval=1,
        batch=False,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=name,
        excluded_queue_names=[],
    )
    worker.configure_signals()
    clock = threading.Thread(target=_keep_time, args=(sign, stop), daemon=True)
    clock.start()
    try:
        worker.run()
    finally:
        stop.set()
        clock.join(timeout=3)
        sign.unlink(missing_ok=True)
