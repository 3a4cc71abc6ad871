"""Where the room's files are, its secret, the feeds it knows."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import cache
from pathlib import Path

from django.conf import settings

from comity.events.formats import mappings
from comity.events.store.places import Places
from comity.events.types.sources import BadMapping, EventsError, Source

LARGEST = 8 << 20
"""Bytes of a mapping: the Foundation's schema has one."""


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
    """The feeds that ship, and the operator's own in COMITY_HOME/events/feeds.yaml, which win; so
    do their mappings in COMITY_HOME/events/mappings."""
    root = Path(settings.HOME) / "events"
    own = root / "feeds.yaml"
    found = dict(mappings.catalogue())
    if own.exists():
        found |= _read(own, own.stat().st_mtime)
    if not (root / "mappings").is_dir():
        return found
    tables = {path.stem: path for path in sorted((root / "mappings").iterdir())}
    return {
        name: replace(source, table=_text(path, path.stat().st_mtime))
        if (path := tables.get(source.mapping))
        else source
        for name, source in found.items()
    }


@cache
def _text(path: Path, stamp: float) -> str:
    with path.open("rb") as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise BadMapping("the file is larger than 8 MB", path.name, "A mapping is a page.")
    return data.decode("utf-8", "replace") or " "  # an empty one is no mapping, and says so


def feed(name: str) -> Source:
    try:
        return feeds()[name]
    except KeyError:
        known = ", ".join(sorted(feeds()))
        raise UnknownFeed(f"no feed is called {name[:60]}", remedy=f"Known are {known}.") from None
