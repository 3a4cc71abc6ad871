"""Rows held back, mended by a person and tried again: by whose file it is, who oversees, or who
sits at the machine (no viewer).

What came stays in the raw file; what was taken instead is an act in the record, without its words.
"""

from __future__ import annotations

from uuid import UUID

from comity.events import models as m
from comity.events.actions import replaying
from comity.events.reads import NotHeld, handed
from comity.events.types.sources import EventsError
from comity.kit.languages import gettext_noop
from comity.kit.tlp import Viewer
from comity.ledger import actions as ledger
from comity.people.reads import actor_of


def _opened(viewer: Viewer | None, key: UUID) -> m.Intake:
    row = handed.opened(viewer).filter(pk=key).first()
    if row is None:
        raise NotHeld(f"no file {key}")
    if row.state == m.Intake.WAITING:
        raise EventsError(
            gettext_noop("The file is still being worked on"),
            row.name,
            gettext_noop("Try again when it is done."),
        )
    return row


def _actor(viewer: Viewer | None) -> str:
    return ledger.GATEWAY if viewer is None else actor_of(viewer)


def replay(viewer: Viewer | None, key: UUID) -> dict[str, int]:
    """Try all rows held back of a file again. Raises `NotHeld`, `EventsError`."""
    return replaying.replay(_opened(viewer, key), actor=_actor(viewer))


def mend(viewer: Viewer | None, key: UUID, row: int, text: str) -> dict[str, int]:
    """Take this text instead of a row; the others held back of the file are tried again too."""
    line = text.rstrip("\r\n")
    if not line.strip() or "\n" in line or "\r" in line:
        raise EventsError(
            gettext_noop("A row is one line"), "raw", gettext_noop("Write it without line breaks.")
        )
    return replaying.replay(_opened(viewer, key), {row: line}, actor=_actor(viewer))
