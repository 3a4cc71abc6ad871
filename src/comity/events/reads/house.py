"""Where the room's files are, its secret, the feeds it knows."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings

from comity.events.formats import mappings
from comity.events.store.places import Places
from comity.events.types.sources import EventsError, Source


class UnknownFeed(EventsError):
    """A feed that no catalogue names."""


def places() -> Places:
    return Places(Path(settings.HOME) / "events").ready()


def secret() -> bytes:
    """Of keys and hashed accounts. It follows from the key of the record of acts: whoever restores
    the one has the other."""
    return hashlib.blake2b(settings.LEDGER_DIGEST_KEY, person=b"comity events").digest()


@cache
def _read(path: Path, stamp: float) -> dict[str, Source]:
    return mappings.read_catalogue(path.read_bytes(), path.name)


def feeds() -> dict[str, Source]:
    """The feeds that ship, and the operator's own in COMITY_HOME/events/feeds.yaml, which win."""
    own = places().root / "feeds.yaml"
    found = dict(mappings.catalogue())
    if own.exists():
        found |= _read(own, own.stat().st_mtime)
    return found


def feed(name: str) -> Source:
    try:
        return feeds()[name]
    except KeyError:
        known = ", ".join(sorted(feeds()))
        raise UnknownFeed(f"no feed is called {name[:60]}", remedy=f"Known are {known}.") from None
