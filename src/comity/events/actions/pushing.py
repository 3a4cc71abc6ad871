"""A report handed in over HTTP: size first, streamed to disk, synced, then acknowledged; worked on
by a job that commits with it.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from comity.events import models as m
from comity.events.actions.receiving import receive
from comity.events.reads.house import places
from comity.events.types.sources import BadFile
from comity.kit import ids
from comity.kit.languages import gettext_noop
from comity.kit.tlp import Viewer
from comity.people.reads import actor_of
from comity.people.rules import may

LARGEST = 512 << 20
"""Bytes of one report. The largest of a large nation are about 1 GB plain, 60 MB packed."""
SHORT = 8 << 20  # up to this size the quick queue does it: about a second
STORE = "comity.events.jobs:store"


class TooLarge(BadFile):
    """More than is taken at once; nothing of it is kept."""


def too_large() -> TooLarge:
    return TooLarge(
        gettext_noop("The report is larger than is taken over HTTP"),
        "",
        gettext_noop("Send it packed (gzip or zip), in parts, or use comity events ingest."),
    )


def push(
    viewer: Viewer,
    chunks: Iterable[bytes],
    name: str,
    *,
    feed: str = "",
    report_type: str = "",
    report_date: dt.date | None = None,
    largest: int = LARGEST,
) -> list[m.Intake]:
    """The files inside, safe on disk and queued. The same content again is the file it was.

    Raises `TooLarge`, `BadFile`, `UnknownFeed`; then nothing is kept.
    """
    with _landed(chunks, largest) as path, transaction.atomic():
        taken = list(
            receive(
                path.read_bytes(),
                name,
                feed=feed,
                report_type=report_type,
                report_date=report_date,
                actor=actor_of(viewer),
                body=body_of(viewer),
                once=True,
                now=timezone.now(),
            )
        )
        for intake in taken:
            if intake.state == m.Intake.WAITING:
                queue = "short" if intake.raw.size <= SHORT else "long"
                import_string(settings.LATER)(STORE, str(intake.pk), queue=queue)
    return taken


def body_of(viewer: Viewer) -> UUID | None:
    """Whose file it is: a body's own; the house's where who oversees it hands it in."""
    if may(viewer, "events.oversee") or not viewer.bodies:
        return None
    return min(viewer.bodies)


@contextlib.contextmanager
def _landed(chunks: Iterable[bytes], largest: int) -> Iterator[Path]:
    """The bytes on disk and synced, for the time they are needed: the spool has its own copy."""
    path = places().root / "spool" / f"{ids.new()}.partial"
    size = 0
    try:
        with path.open("xb") as out:
            for chunk in chunks:
                size += len(chunk)
                if size > largest:
                    raise too_large()
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        yield path
    finally:
        path.unlink(missing_ok=True)
