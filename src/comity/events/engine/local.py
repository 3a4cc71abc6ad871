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
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from queue import Queue
from threading import Thread

from comity.events.engine.seam import Fault, tried
from comity.events.engine.task import Outcome, Task, Worked, read, work
from comity.events.types.chunks import Text

ENVIRONMENT = {
    **dict.fromkeys(("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"),
    "_RJEM_MALLOC_CONF": "dirty_decay_ms:10000,muzzy_decay_ms:10000",  # Polars' allocator
    "MALLOC_MMAP_THRESHOLD_": str(256 << 20),  # glibc's, for Python and NumPy
    "MALLOC_TRIM_THRESHOLD_": str(256 << 20),
}
"""What a worker starts with. Both allocators keep the memory of a part for the next one: given back
to the system and handed out anew page by page it cost a sixth of a worker's time (335,000 page
faults a part of 75,000 rows, 9,000 so). Where an allocator is another, its words say nothing."""


AHEAD = 2
"""Tasks a worker has: the one it works on, and the next, whose part it reads meanwhile."""


class Local:
    """Workers of this process."""

    def __init__(self, workers: int) -> None:
        self.width = workers
        self.waiting: deque[Task] = deque()
        self.given: dict[Connection, deque[Task]] = {}  # to each worker, in the order it answers
        self.processes: dict[Connection, BaseProcess] = {}

    def start(self) -> None:
        """Have all workers, where the first file shall not wait for them."""
        while len(self.processes) < self.width:
            self._worker()

    def submit(self, task: Task) -> None:
        self.waiting.append(task)
        self._hand_out()

    def results(self) -> Iterator[Outcome | Fault]:
        self._hand_out()
        while busy := [pipe for pipe, tasks in self.given.items() if tasks]:
            for pipe in wait(busy):
                assert isinstance(pipe, Connection)  # noqa: S101 - it is one of ours
                tasks = self.given[pipe]
                try:
                    found = [pipe.recv()]
                    tasks.popleft()
                except (EOFError, OSError):
                    self._bury(pipe)
                    found = [Fault(task, "the worker died (out of memory?)") for task in tasks]
                self._hand_out()
                yield from found

    def cancel(self) -> None:
        """End the workers, whatever they do."""
        self.waiting.clear()
        for pipe in list(self.processes):
            self._bury(pipe)

    def _hand_out(self) -> None:
        while self.waiting:
            pipe = min(self.given, key=lambda pipe: len(self.given[pipe]), default=None)
            if (pipe is None or self.given[pipe]) and len(self.processes) < self.width:
                pipe = self._worker()
            if pipe is None or len(self.given[pipe]) >= AHEAD:
                return
            task = self.waiting.popleft()
            self.given[pipe].append(task)
            with contextlib.suppress(OSError):  # it died: `results` says so
                pipe.send(task)

    def _worker(self) -> Connection:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        with _environment(ENVIRONMENT):
            process = context.Process(target=serve, args=(theirs, os.getpid()), daemon=True)
            process.start()
        theirs.close()
        self.processes[ours], self.given[ours] = process, deque()
        return ours

    def _bury(self, pipe: Connection) -> None:
        process = self.processes.pop(pipe)
        del self.given[pipe]
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
    """A worker's life. While it works, a thread takes the next task and reads its part, and another
    writes what is done and hands it over: it waits neither for the disk nor for who commits."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1  # <linux/prctl.h>
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)
    if os.getppid() != parent:
        return  # it died before we could ask
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides
    coming: Queue[tuple[Task, Text | None]] = Queue(1)
    going: Queue[tuple[Task, Worked | Fault]] = Queue(1)

    def receive() -> None:
        task = pipe.recv()
        coming.put((task, read(task)))

    def send() -> None:
        task, worked = going.get()
        pipe.send(worked if isinstance(worked, Fault) else tried(task, worked.keep))

    for step in (receive, send):
        Thread(target=_forever, args=(step,), daemon=True).start()
    while True:
        task, text = coming.get()
        going.put((task, tried(task, lambda: work(task, text))))  # noqa: B023 - done at once


def _forever(step: Callable[[], None]) -> None:
    try:
        with contextlib.suppress(EOFError, OSError):  # the pipe is closed: nobody waits for us
            while True:
                step()
    finally:
        os._exit(0)
