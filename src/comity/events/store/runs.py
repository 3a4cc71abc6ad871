"""Runs of keys on disk, mapped. What a process has opened it keeps: runs never change."""

from __future__ import annotations

import mmap
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from comity.events.rules.dedup import Keys, among, distinct, sieve, sieve_size
from comity.events.store.places import Places, appearing
from comity.events.types.sources import EventsError

Array = npt.NDArray[Any]


class DamagedRun(EventsError):
    """A file of keys that is not as long as the manifest says."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run as the manifest names it. Runs of findings have no checks."""

    name: str
    day: int
    count: int
    checked: bool = True


def write(
    places: Places, name: str, keys: Keys, *, checked: bool = True, sieved: bool = True
) -> None:
    """Keys, checks, sieve, one behind the other."""
    with appearing(places.run(name)) as partial, partial.open("wb") as out:
        out.write(np.ascontiguousarray(keys.key, "<u8").data)
        if checked:
            out.write(np.ascontiguousarray(keys.check, "<u8").data)
        if sieved:
            out.write(sieve(keys.key).data)


def opened(path: Path, run: Run) -> Keys:
    """A run as arrays over the mapped file."""
    width = 16 if run.checked else 8
    if not run.count:
        return Keys(np.empty(0, np.uint64), np.empty(0, np.uint64))
    remedy = "Make the keys again from the events: comity events compact --keys"
    try:
        handle = os.open(path, os.O_RDONLY)
        try:
            size = os.fstat(handle).st_size - run.count * width
            if size not in (0, sieve_size(run.count)):  # 0: written before there were sieves
                raise DamagedRun("a file of keys is damaged", path.name, remedy)
            mapped = mmap.mmap(handle, 0, prot=mmap.PROT_READ)
        finally:
            os.close(handle)
    except OSError as fault:
        raise DamagedRun(f"a file of keys is gone ({fault.strerror})", path.name, remedy) from None
    wide = run.count * width // 8
    both = np.frombuffer(mapped, "<u8", wide)
    key = both[: run.count]
    check = both[run.count :] if run.checked else np.broadcast_to(np.uint64(0), (run.count,))
    return Keys(key, check, np.frombuffer(mapped, np.uint8, size, wide * 8) if size else None)


@dataclass
class Known:
    """Runs that a process has open, by name."""

    places: Places
    open_: dict[str, Keys] = field(default_factory=dict)

    def keys(self, run: Run) -> Keys:
        found = self.open_.get(run.name)
        if found is None:
            found = self.open_[run.name] = opened(self.places.run(run.name), run)
        return found

    def keep_only(self, runs: Iterable[Run]) -> None:
        """Let go of runs that were merged into others."""
        names = {run.name for run in runs}
        for name in [name for name in self.open_ if name not in names]:
            del self.open_[name]

    def stored(self, runs: Mapping[int, list[Run]], days: Array, key: Array, check: Array) -> Array:
        """Which of these rows are known; quick where the keys come in order. A row is looked for
        among those of its own day."""
        found = np.zeros(len(key), bool)
        every = distinct(days).tolist()
        for day in every:
            mine = slice(None) if len(every) == 1 else np.flatnonzero(days == day)
            for run in runs.get(day, ()):
                found[mine] |= among(self.keys(run), key[mine], check[mine])
        return found
