"""Rows held back, tried again: after a mapping was improved, or with a mended text."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.db import transaction
from django.db.models import F

from comity.events import models as m
from comity.events.actions import committing, running
from comity.events.engine import perform
from comity.events.formats import delimited, reading
from comity.events.models.intake import SUMS
from comity.events.reads.house import feed as feed_named
from comity.events.reads.house import places
from comity.events.store import columns, spool
from comity.events.types import schema
from comity.events.types.chunks import Span
from comity.events.types.sources import EventsError, Framing
from comity.ledger import actions as ledger

REPLAYED = 1_000_000  # parts from here on are of replays


def replay(
    intake: m.Intake, mended: dict[int, str] | None = None, *, actor: str = ledger.GATEWAY
) -> dict[str, int]:
    """Try the rows again. Those that pass are stored as rows of their file: its counts still add
    up. `mended`: for rows by number the text to take instead."""
    house = places()
    source = feed_named(intake.feed)
    if source.framing not in (Framing.CSV, Framing.JSONL, Framing.LINES):
        raise EventsError(
            f"rows of {intake.feed} cannot be tried alone",
            intake.name,
            "Mend the report and hand it in again.",
        )
    held = list(m.DataFile.objects.filter(kind=m.DataFile.REJECTED, intake=intake))
    paths = [house.store(str(row.pk)) for row in held]
    rows = [
        pair
        for path in paths
        for pair in columns.scan(path, columns.notes(path), schema.REJECTED)
        .select("row", "raw")
        .collect()
        .iter_rows()
    ]
    if others := sorted(set(mended or {}) - {number for number, _ in rows}):
        raise EventsError(
            f"row {others[0]} is not held back",
            intake.name,
            "See which are: comity events rejected.",
        )
    if not rows:
        return {"tried": 0, "stored": 0, "duplicate": 0, "rejected": 0}
    texts = {number: (mended or {}).get(number, raw).replace("\r", "") for number, raw in rows}
    text = reading.as_utf8(spool.get(house, intake.raw_id), intake.name)
    head = text[: delimited.layout(text, source).body] if source.framing is Framing.CSV else b""
    small = head + "\n".join(texts.values()).encode() + b"\n"
    sha256, _size = spool.put(house, small)
    task = replace(
        running._task(intake, source),
        number=REPLAYED + intake.done_parts.filter(number__gte=REPLAYED).count(),
        file=sha256,
        span=Span(len(head), len(small), 1) if head else None,
        as_it_lies=bool(head),
        known=committing.known_runs(),
        of=intake.raw_id,
        lines=_lines(texts),
    )
    out = perform(task)
    spool.remove(house, sha256)
    with transaction.atomic():
        ledger.hold()
        if m.DataFile.objects.filter(pk__in=[row.pk for row in held]).count() != len(held):
            raise EventsError("somebody else replays these rows", intake.name, "Look again.")
        # The rows leave the count of held-back ones and come in again as what they are now.
        m.Intake.objects.filter(pk=intake.pk).update(
            rows=F("rows") - len(rows), rejected=F("rejected") - len(rows)
        )
        part = committing.commit(intake, out)
        m.DataFile.objects.filter(pk__in=[row.pk for row in held]).delete()
        assert part is not None  # noqa: S101 - its number is new
        counts = {name: getattr(part, name) for name in SUMS}
        ledger.record("replay_rows", f"events/{intake.pk}", actor=actor, content=counts)
    return {"tried": len(rows), **{k: counts[k] for k in ("stored", "duplicate", "rejected")}}


def _lines(texts: dict[int, str]) -> tuple[tuple[int, int], ...]:
    """The line each text begins on in the small file, beside its number in its own."""
    found, at = [], 1
    for number, text in texts.items():
        found.append((at, number))
        at += text.count("\n") + 1
    return tuple(found)


def replay_all(*, actor: str = ledger.GATEWAY) -> list[tuple[UUID, str, dict[str, int]]]:
    """Every file that has rows held back."""
    files = m.DataFile.objects.filter(kind=m.DataFile.REJECTED).values("intake")
    done = []
    for intake in m.Intake.objects.filter(pk__in=files).order_by("received"):
        done.append((intake.pk, intake.name, replay(intake, actor=actor)))
    return done
