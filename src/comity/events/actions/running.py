"""A waiting file to its parts, the parts to an engine, what comes back to the manifest."""

from __future__ import annotations

import contextlib
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from django.db import OperationalError, transaction
from django.utils import timezone

from comity.events import models as m
from comity.events.actions import committing, snapshots
from comity.events.actions.routing import current_routes
from comity.events.actions.tables import current_addresses
from comity.events.engine import Engine, Failed, Fault, Outcome, Task, attempted
from comity.events.formats import reading
from comity.events.reads.house import feed as feed_named
from comity.events.reads.house import places, secret
from comity.events.store import spool
from comity.events.store.places import held
from comity.events.types.chunks import Span
from comity.events.types.sources import EventsError, Framing, Source
from comity.kit.errors import shown
from comity.ledger import actions as ledger


def run(intake: m.Intake, engine: Engine, *, actor: str = ledger.GATEWAY) -> m.Intake:
    """Do what is left of a file. Whoever else is at it, is let; raises `Failed` where a part could
    not be done, the file then stays waiting. A file that is no report ends as failed, and says so.
    """
    [(done, fault)] = through([intake], engine, actor=actor)
    if fault:
        raise fault
    return done


def resume(engine: Engine) -> Iterator[m.Intake]:
    """Take up what a dead process left. Raises the first `Failed` when all have been tried."""
    waiting = m.Intake.objects.filter(state=m.Intake.WAITING).order_by("received")
    faults = []
    for done, fault in through(waiting, engine):
        if fault:
            faults.append(fault)
        elif done.state != m.Intake.WAITING:
            yield done
    if faults:
        raise faults[0]


def through(
    coming: Iterable[m.Intake], engine: Engine, *, actor: str = ledger.GATEWAY
) -> Iterator[tuple[m.Intake, Failed | None]]:
    """Files one after the other, each in its turn as `run` leaves it. The next is begun while the
    last parts of one are under way, so that no worker waits between two."""
    line = _Line(iter(coming), engine, actor)
    try:
        line.feed(2 * engine.width)
        while line.jobs:
            for found in engine.results():
                line.take(found)
                line.feed(1)
                yield from line.ended()
            yield from line.ended()
            line.feed(2 * engine.width)
    except BaseException:
        engine.cancel()
        raise
    finally:
        line.release()


@dataclass(slots=True)
class _Job:
    """A file under way."""

    intake: m.Intake
    locks: contextlib.ExitStack
    started: float = field(default_factory=time.monotonic)
    tasks: Iterator[Task] | None = None  # until all are handed out
    alone: bool = False  # small, or a list to compare with the one before: nothing runs beside it
    under_way: int = 0
    others: bool = False  # somebody else did it meanwhile
    error: str = ""
    fault: Failed | None = None

    def task(self) -> Task | None:
        """The next one to hand out."""
        task = None
        if self.tasks and not (self.error or self.fault):
            try:
                task = next(self.tasks, None)
            except EventsError as error:
                self.refuse(error)
        if task is None:
            self.tasks = None
        return task

    def refuse(self, error: EventsError) -> None:
        """The file is at fault: it is named, where no closer place is."""
        if error.place in ("", self.intake.feed):
            error.place = shown(self.intake.name, 120)
        self.error = self.error or str(error)

    def stop(self, message: str) -> None:
        """The file is not at fault: it stays waiting."""
        remedy = "Hand it in again, or: comity events resume"
        self.fault = self.fault or Failed(message, self.intake.name, remedy)

    @contextlib.contextmanager
    def as_fault(self) -> Iterator[None]:
        """A disk that is full, a database that is shut: nothing of it was kept."""
        try:
            yield
        except OSError as error:
            self.stop(error.strerror or str(error))
        except OperationalError as error:
            self.stop(str(error))


class _Line:
    """Files in their order. Of the last some parts may be uncut; those before it wait for what is
    under way."""

    def __init__(self, files: Iterator[m.Intake], engine: Engine, actor: str) -> None:
        self.files, self.engine, self.actor = files, engine, actor
        self.jobs: deque[_Job] = deque()
        self.next: _Job | None = None  # waits until all before it have ended

    def feed(self, count: int) -> None:
        """Keep the engine busy with few tasks at a time: each is told what is stored when it
        starts."""
        while count and (job := self._open()):
            if task := job.task():
                job.under_way += 1
                task = replace(task, known=committing.known_runs())
                if task.span is None:
                    self.take(attempted(task))  # too small to be handed over
                else:
                    self.engine.submit(task)
                    count -= 1

    def _open(self) -> _Job | None:
        """The file to cut from."""
        last = self.jobs[-1] if self.jobs else None
        if last and last.tasks:
            return last
        if last and last.alone:
            return None
        job, self.next = self.next or self._begun(), None
        if job and job.alone and self.jobs:
            job, self.next = None, job
        if job:
            self.jobs.append(job)
        return job

    def _begun(self) -> _Job | None:
        intake = next(self.files, None)
        if intake is None:
            return None
        job = _Job(intake, contextlib.ExitStack())
        job.locks.enter_context(held(places().lock(f"intake-{intake.pk}"), shared=False))
        intake.refresh_from_db()
        job.others = intake.state != m.Intake.WAITING
        if not job.others:
            try:
                _cut(job)
            except EventsError as error:
                job.refuse(error)
        return job

    def take(self, found: Outcome | Fault) -> None:
        """Into the store with it; or it is said what is wrong with its file."""
        job = next(job for job in self.jobs if str(job.intake.pk) == found.task.intake)
        job.under_way -= 1
        if isinstance(found, Outcome):
            if job.error:
                committing.thrown_away(found)
            else:
                with job.as_fault():
                    committing.commit(job.intake, found)
        elif found.known:
            job.refuse(found.known)
        else:
            job.stop(found.message)

    def ended(self) -> Iterator[tuple[m.Intake, Failed | None]]:
        while self.jobs and not (self.jobs[0].tasks or self.jobs[0].under_way):
            job = self.jobs.popleft()
            with job.locks:
                if not (job.others or job.fault):
                    with job.as_fault():
                        _end(job, self.actor)
            yield job.intake, job.fault

    def release(self) -> None:
        for job in [*self.jobs, *([self.next] if self.next else [])]:
            job.locks.close()


def _cut(job: _Job) -> None:
    """To parts; a small file is one."""
    intake = job.intake
    source = feed_named(intake.feed)
    task = _task(intake, source)
    cuts: Iterable[Span | None] = intake.cuts
    cut = bool(intake.cuts)
    if cut:
        task = replace(task, as_it_lies=True)
    else:
        raw = intake.in_hand or spool.get(places(), intake.raw_id)
        text = reading.as_utf8(raw, intake.name)
        cut, cuts = len(text) > intake.span, [None]
        if cut:
            lies = text is raw and source.framing in (Framing.CSV, Framing.JSONL)
            task = replace(task, as_it_lies=lies)
            cuts = reading.spans(text, source, size=intake.span)
    intake.in_hand, intake.cuts = None, ()
    m.Intake.objects.filter(pk=intake.pk).update(addresses=task.addresses, routes=task.routes)
    job.alone = source.snapshot or not cut
    # The cuts hold the text until the last of them is made.
    job.tasks = _tasks(task, cuts, set(intake.done_parts.values_list("number", flat=True)))


def _end(job: _Job, actor: str) -> None:
    if not job.error:
        try:
            snapshots.finish(job.intake)
        except EventsError as error:
            job.refuse(error)
    intake = job.intake
    with transaction.atomic():
        intake.refresh_from_db()
        intake.state = m.Intake.FAILED if job.error else m.Intake.DONE
        intake.error = job.error[:500]
        intake.ended = timezone.now()
        intake.seconds = round(intake.seconds + time.monotonic() - job.started, 3)
        intake.save(update_fields=["state", "error", "ended", "seconds"])
        counts = {name: getattr(intake, name) for name in m.intake.SUMS}
        ledger.record(
            "refuse_report" if job.error else "store_report",
            f"events/{intake.pk}",
            actor=actor,
            content=counts,
        )


def _tasks(task: Task, cuts: Iterable[Span | None], done: set[int]) -> Iterator[Task]:
    """A task a part. The first are worked on while the rest of the file is cut."""
    for number, span in enumerate(cuts):
        if number == 0 and span is not None and span.start > spool.HEAD:
            task = replace(task, as_it_lies=False)  # a banner too long to be read with each part
        if number not in done:
            yield replace(task, number=number, span=span)


def _task(intake: m.Intake, source: Source) -> Task:
    return Task(
        root=places().root,
        intake=str(intake.pk),
        number=0,
        file=intake.raw_id,
        source=source,
        report_type=intake.report_type,
        report_date=intake.report_date,
        received=intake.received,
        secret=secret(),
        addresses=current_addresses(),
        routes=current_routes(),
    )
