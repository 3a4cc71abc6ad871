"""The operator's table of networks: which AS numbers announce an address, where it is registered.

Read once a process and kept until another is loaded.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from comity.directory import models as m
from comity.directory import types as t
from comity.directory.formats import ranges
from comity.directory.rules import constituency


def newest() -> m.NetworkTable | None:
    """The table in use: the last that was loaded."""
    return m.NetworkTable.objects.order_by("-loaded", "-pk").first()


def path_of(sha256: str) -> Path:
    return Path(settings.HOME) / "tables" / f"{sha256}.npz"


@lru_cache(maxsize=2)
def _read(sha256: str) -> ranges.Ranges:
    return ranges.load(path_of(sha256).read_bytes())


def table(row: m.NetworkTable | None) -> ranges.Ranges | None:
    """The ranges of a table; None when its file went away, so that a search still answers."""
    try:
        return _read(row.sha256) if row else None
    except (OSError, t.DirectoryError):
        return None


def origin(held: ranges.Ranges, question: t.Question) -> tuple[tuple[str, ...], str]:
    """AS numbers and country of registration of the first address of a network."""
    country, asns = ranges.lookup(held, question.value.partition("/")[0])
    return tuple(f"AS{number}" for number in asns), country


def claim(held: ranges.Ranges, kind: str, value: str) -> tuple[t.AddressRange, ...]:
    """The addresses of a prefix or of an AS number."""
    if kind == t.HoldingKind.PREFIX:
        return (constituency.range_of(value),)
    return ranges.ranges_of_asn(held, value)
