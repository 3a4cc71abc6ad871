"""The seam: submit, results, cancel."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol, TypeVar

from comity.events.engine.task import Outcome, Task, perform
from comity.events.types.sources import EventsError

T = TypeVar("T")


class Failed(EventsError):
    """A task that could not be done. The file stays waiting; nothing of the task is stored."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What a worker says when a task fails."""

    task: Task
    message: str
    known: EventsError | None = None  # with its remedy: the file is at fault, not we


class Engine(Protocol):
    """Runs tasks somewhere."""

    width: int  # tasks worth having under way at once

    def submit(self, task: Task) -> None:
        """Take a task. Returns at once."""

    def results(self) -> Iterator[Outcome | Fault]:
        """What is done, in any order, until nothing is under way."""

    def cancel(self) -> None:
        """Stop what is under way; its tasks come back never."""


class Inline:
    """In this process, one after the other: for what is too small to be handed over."""

    width = 1

    def __init__(self) -> None:
        self.waiting: deque[Task] = deque()

    def submit(self, task: Task) -> None:
        self.waiting.append(task)

    def results(self) -> Iterator[Outcome | Fault]:
        while self.waiting:
            task = self.waiting.popleft()
            yield attempted(task)

    def cancel(self) -> None:
        self.waiting.clear()


def attempted(task: Task) -> Outcome | Fault:
    """The outcome, or the fault in words."""
    return tried(task, lambda: perform(task))


def tried(task: Task, do: Callable[[], T]) -> T | Fault:
    """What was done, or the fault in words: an exception does not travel between processes."""
    try:
        return do()
    except EventsError as error:
        return Fault(task, str(error), error)
    except OSError as error:
        return Fault(task, error.strerror or str(error))
    except (MemoryError, ArithmeticError, LookupError, ValueError, AssertionError) as e:
        return Fault(task, f"{type(e).__name__}: {e}"[:400])


def chosen(name: str = "local", workers: int | None = None) -> Engine:
    """The engine of a name. `local`: a process a core."""
    from comity.events.engine.local import Local

    if name != "local":
        raise Failed(f"there is no engine {name}", remedy="Use --engine local.")
    count = workers or len(os.sched_getaffinity(0))
    return Local(count)
