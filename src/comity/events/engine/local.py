"""A process per core. A worker has one thread for Polars: two workers with one thread each did
660,000 rows a second where one with two did 535,000 (`engine.md`).

Workers die with their parent: the kernel sends SIGKILL where it can, and everywhere the closed pipe
ends the wait for the next task.
"""

from __future__ import annotations

import contextlib
import ctypes
import multiprocessing
import os
import signal
import sys
from collections import deque
from collections.abc import Iterator
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from comity.events.engine.seam import Fault, attempted
from comity.events.engine.task import Outcome, Task

ENVIRONMENT = {
    **dict.fromkeys(("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"),
    "_RJEM_MALLOC_CONF": "dirty_decay_ms:10000,muzzy_decay_ms:10000",  # Polars' allocator
    "MALLOC_MMAP_THRESHOLD_": str(256 << 20),  # glibc's, for Python and NumPy
    "MALLOC_TRIM_THRESHOLD_": str(256 << 20),
}
"""What a worker starts with. Both allocators keep the memory of a part for the next one: given back
to the system and handed out anew page by page it cost a sixth of a worker's time (335,000 page
faults a part of 75,000 rows, 9,000 so). Where an allocator is another, its words say nothing."""


class Local:
    """Workers of this process."""

    def __init__(self, workers: int) -> None:
        self.width = workers
        self.waiting: deque[Task] = deque()
        self.busy: dict[Connection, Task] = {}
        self.idle: list[Connection] = []
        self.processes: dict[Connection, BaseProcess] = {}

    def submit(self, task: Task) -> None:
        self.waiting.append(task)
        self._hand_out()

    def results(self) -> Iterator[Outcome | Fault]:
        while self.busy or self.waiting:
            self._hand_out()
            for pipe in wait(list(self.busy)):
                assert isinstance(pipe, Connection)  # noqa: S101 - it is one of ours
                task = self.busy.pop(pipe)
                try:
                    found = pipe.recv()
                except (EOFError, OSError):
                    self._bury(pipe)
                    found = Fault(task, "the worker died (out of memory?)")
                else:
                    self.idle.append(pipe)
                self._hand_out()
                yield found

    def cancel(self) -> None:
        """End the workers, whatever they do."""
        self.waiting.clear()
        self.busy.clear()
        for pipe in list(self.processes):
            self._bury(pipe)

    def _hand_out(self) -> None:
        while self.waiting and (self.idle or len(self.processes) < self.width):
            pipe = self.idle.pop() if self.idle else self._worker()
            task = self.waiting.popleft()
            pipe.send(task)
            self.busy[pipe] = task

    def _worker(self) -> Connection:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        with _environment(ENVIRONMENT):
            process = context.Process(target=serve, args=(theirs, os.getpid()), daemon=True)
            process.start()
        theirs.close()
        self.processes[ours] = process
        return ours

    def _bury(self, pipe: Connection) -> None:
        process = self.processes.pop(pipe)
        if pipe in self.idle:
            self.idle.remove(pipe)
        pipe.close()
        process.kill()
        process.join()


@contextlib.contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def serve(pipe: Connection, parent: int) -> None:
    """A worker's life."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1  # <linux/prctl.h>
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)
    if os.getppid() != parent:
        return  # it died before we could ask
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides
    while True:
        try:
            task = pipe.recv()
        except (EOFError, OSError):
            return
        pipe.send(attempted(task))
