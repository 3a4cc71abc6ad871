"""The watched folder: what is put into it is taken in and goes from it.

`inbox/FILE` is of the feed that its name says; `inbox/FEED/FILE` of that feed. A file still growing
is left; what cannot be taken moves to `inbox/refused` with the reason beside it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from comity.events import models as m
from comity.events.actions.receiving import receive
from comity.events.reads.house import feeds
from comity.events.types.sources import EventsError

QUIET = 5  # seconds without a change: a writer that pauses longer should write elsewhere and move
REFUSED = "refused"
AT_ONCE = 200  # files a round; the next round takes the others


def inbox() -> Path:
    folder = Path(settings.EVENTS_INBOX)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def take(now: float | None = None) -> list[m.Intake]:
    """Take in what lies there; returns the files, waiting."""
    moment = time.time() if now is None else now
    taken: list[m.Intake] = []
    for path, feed in list(_ready(inbox(), moment))[:AT_ONCE]:
        try:
            taken += list(receive(path.read_bytes(), path.name, feed=feed, once=True))
        except EventsError as error:
            _refuse(path, str(error))
            continue
        path.unlink()
    return taken


def _ready(folder: Path, now: float) -> Iterator[tuple[Path, str]]:
    known = feeds()
    for path in sorted(folder.iterdir()):
        if path.is_dir() and path.name in known:
            yield from ((file, path.name) for file in sorted(path.iterdir()) if _still(file, now))
        elif _still(path, now):
            yield path, ""


def _still(path: Path, now: float) -> bool:
    if path.name.startswith(".") or path.suffix in (".partial", ".part", ".tmp"):
        return False
    return path.is_file() and not path.is_symlink() and now - path.stat().st_mtime >= QUIET


def _refuse(path: Path, reason: str) -> None:
    folder = inbox() / REFUSED
    folder.mkdir(exist_ok=True, mode=0o700)
    place = folder / path.name
    number = 0
    while place.exists():
        number += 1
        place = folder / f"{number}-{path.name}"
    path.rename(place)
    place.with_name(place.name + ".reason.txt").write_text(reason + "\n", encoding="utf-8")
