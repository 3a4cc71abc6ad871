"""Tables on disk, named by their SHA-256, mapped once a process."""

from __future__ import annotations

import hashlib
import mmap
import os
from functools import lru_cache

from comity.events.rules import enrich, packed, route
from comity.events.store.places import Places, appearing


def put(places: Places, block: bytes) -> str:
    """Keep a table; returns its version."""
    version = hashlib.sha256(block).hexdigest()
    path = places.table(version)
    if not path.exists():
        with appearing(path) as partial:
            partial.write_bytes(block)
    return version


def _mapped(places: Places, version: str) -> mmap.mmap:
    remedy = "Load the tables again: comity events tables update FILE…"
    try:
        handle = os.open(places.table(version), os.O_RDONLY)
        try:
            return mmap.mmap(handle, 0, prot=mmap.PROT_READ)
        finally:
            os.close(handle)
    except (OSError, ValueError):
        raise packed.DamagedTable("the table is gone", version[:12], remedy) from None


@lru_cache(maxsize=2)
def addresses(places: Places, version: str) -> enrich.Table | None:
    """The table of addresses; None where none is loaded."""
    return enrich.unpack(memoryview(_mapped(places, version)), version) if version else None


@lru_cache(maxsize=2)
def routes(places: Places, version: str) -> route.RouteTable | None:
    return route.unpack(memoryview(_mapped(places, version)), version) if version else None
