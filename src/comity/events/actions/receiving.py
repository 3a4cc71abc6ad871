"""A file is taken: into the spool, then into the manifest as waiting. Then it is acknowledged."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from comity.events import models as m
from comity.events.formats import meaning, naming, packing
from comity.events.reads.house import feed as feed_named
from comity.events.reads.house import feeds, places
from comity.events.store import spool
from comity.events.types.chunks import Span
from comity.events.types.sources import BadFile
from comity.kit.errors import shown
from comity.ledger import actions as ledger

SPAN = 32 << 20
"""Bytes of a part at most: 80,000 rows of 400 bytes. Where a file is cut is fixed when it is
received."""


@dataclass(frozen=True, slots=True)
class Coming:
    """What a file holds and, where it is one plain file of a known feed, what the spool calls it:
    its SHA-256 and its size there. Where its parts are known already, it holds nothing."""

    data: bytes
    kept: tuple[str, int] | None = None
    parts: tuple[Span, ...] = ()

    @property
    def size(self) -> int:
        return self.parts[-1].end if self.parts else len(self.data)


def even_span(size: int, most: int) -> int:
    """Bytes of a part of a file that is cut: as many parts for each core, so that none waits for
    the last one of another."""
    if size <= most:
        return most
    cores = os.cpu_count() or 1
    parts = -(-size // (most * cores)) * cores
    return min(-(-size // parts) + (1 << 16), most)


def receive(
    data: bytes | Coming,
    name: str,
    *,
    feed: str = "",
    report_type: str = "",
    report_date: dt.date | None = None,
    actor: str = ledger.GATEWAY,
    body: UUID | None = None,
    sample: bool = False,
    once: bool = False,
    now: dt.datetime | None = None,
) -> Iterator[m.Intake]:
    """Each file inside, kept and waiting. Raises `BadFile` and `UnknownFeed`.

    `once`: the same content for the same feed and type from the same body is the file it was, so
    that who got no answer may send it again.
    """
    moment = now or timezone.now()
    file = data if isinstance(data, Coming) else Coming(data)
    members = [packing.Member(name, b"")] if file.parts else packing.unpack(file.data, name)
    for member in members:
        whole = file.size if file.kept else len(member.data)
        said = naming.arrival(member.name, feeds().values())
        source = feed_named(feed or said.feed) if feed or said.feed else None
        if source is None:
            raise BadFile(
                "the file does not say which feed it is of",
                shown(member.name, 120),
                f"Say it: --feed NAME. Known are {', '.join(sorted(feeds()))}.",
            )
        sha256, size = file.kept or spool.put(places(), member.data)
        kind = report_type or source.report_type or said.report_type
        kind = kind or naming.kind(member.name, meaning.of(source).types)
        with transaction.atomic():
            raw, _new = m.RawFile.objects.get_or_create(
                sha256=sha256,
                defaults={"size": whole, "kept": size, "received": moment},
            )
            if raw.removed is not None:  # handed in again after retention took it away
                m.RawFile.objects.filter(pk=raw.pk).update(removed=None, kept=size)
            same = m.Intake.objects.filter(
                raw=raw, feed=source.name, report_type=kind, body=body, sample=sample
            ).exclude(state=m.Intake.FAILED)
            if once and (known := same.order_by("-received").first()):
                yield known
                continue
            intake = m.Intake.objects.create(
                raw=raw,
                name=member.name[:300],
                feed=source.name,
                report_type=kind,
                report_date=report_date or said.report_date,
                received=moment,
                body=body,
                sample=sample,
                span=even_span(whole, SPAN),
            )
            ledger.record(
                "receive_report",
                f"events/{intake.pk}",
                actor=actor,
                content={"sha256": sha256, "feed": source.name, "type": kind},
                now=moment,
            )
        intake.in_hand = member.data
        intake.cuts = file.parts
        yield intake
