"""A waiting file to its parts, the parts to an engine, what comes back to the manifest."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace

from django.db import transaction
from django.utils import timezone

from comity.events import models as m
from comity.events.actions import committing, snapshots
from comity.events.actions.routing import current_routes
from comity.events.actions.tables import current_addresses
from comity.events.engine import Engine, Failed, Inline, Outcome, Task
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
    house = places()
    with (
        held(house.lock("store"), shared=True),
        held(house.lock(f"intake-{intake.pk}"), shared=False) as mine,
    ):
        intake.refresh_from_db()
        if not mine or intake.state != m.Intake.WAITING:
            return intake
        started = time.monotonic()
        try:
            _parts(intake, engine)
        except Failed:
            raise
        except EventsError as error:
            if error.place in ("", intake.feed):
                error.place = shown(intake.name, 120)
            return _ended(intake, started, actor, m.Intake.FAILED, str(error))
        return _ended(intake, started, actor, m.Intake.DONE, "")


def resume(engine: Engine) -> Iterator[m.Intake]:
    """Take up what a dead process left."""
    for intake in m.Intake.objects.filter(state=m.Intake.WAITING).order_by("received"):
        done = run(intake, engine)
        if done.state != m.Intake.WAITING:
            yield done


def _parts(intake: m.Intake, engine: Engine) -> None:
    source = feed_named(intake.feed)
    raw = intake.in_hand or spool.get(places(), intake.raw_id)
    intake.in_hand = None
    text = reading.as_utf8(raw, intake.name)
    task = _task(intake, source)
    done = set(intake.done_parts.values_list("number", flat=True))
    size = len(text)
    cuts: Iterator[Span | None] = iter([None])
    if cut := size > intake.span:
        lies = text is raw and source.framing in (Framing.CSV, Framing.JSONL)
        task = replace(task, as_it_lies=lies)
        cuts = reading.spans(text, source, size=intake.span)
    m.Intake.objects.filter(pk=intake.pk).update(addresses=task.addresses, routes=task.routes)
    del raw, text  # the cuts hold the text until the last of them is made
    worked: Engine = engine if cut else Inline()
    try:
        _fed(intake, worked, _tasks(task, cuts, done))
    except BaseException:
        worked.cancel()
        raise
    snapshots.finish(intake, source)


def _tasks(task: Task, cuts: Iterable[Span | None], done: set[int]) -> Iterator[Task]:
    """A task a part. The first are worked on while the rest of the file is cut."""
    for number, span in enumerate(cuts):
        if number == 0 and span is not None and span.start > spool.HEAD:
            task = replace(task, as_it_lies=False)  # a banner too long to be read with each part
        if number not in done:
            yield replace(task, number=number, span=span)


def _fed(intake: m.Intake, engine: Engine, tasks: Iterator[Task]) -> None:
    """Keep the engine busy with few tasks at a time: each is told what is stored when it starts."""

    def feed(count: int) -> None:
        for task in itertools.islice(tasks, count):
            engine.submit(replace(task, known=committing.known_runs()))

    feed(engine.width + 1)
    for found in engine.results():
        if not isinstance(found, Outcome):
            if found.known:
                raise found.known
            raise Failed(found.message, intake.name, "Hand it in again, or: comity events resume")
        feed(1)
        committing.commit(intake, found)


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


def _ended(intake: m.Intake, started: float, actor: str, state: str, error: str) -> m.Intake:
    with transaction.atomic():
        intake.refresh_from_db()
        intake.state, intake.error = state, error[:500]
        intake.ended = timezone.now()
        intake.seconds = round(intake.seconds + time.monotonic() - started, 3)
        intake.save(update_fields=["state", "error", "ended", "seconds"])
        counts = {name: getattr(intake, name) for name in m.intake.SUMS}
        ledger.record(
            "store_report" if state == m.Intake.DONE else "refuse_report",
            f"events/{intake.pk}",
            actor=actor,
            content=counts,
        )
    return intake
