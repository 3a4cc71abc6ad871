"""Large files to the disk and back without a copy in the system's cache.

A raw report is written once, read once by a worker, and packed. A copy of it in the cache is of use
to nobody, and where memory is lent by a host it costs: pages that a machine has not used for a few
seconds are taken back, and to be given them again takes ten times as long as writing does (0.2
against 2.4 GB a second, 2026-12-01). What must be on disk before it is acknowledged goes there
directly (`O_DIRECT`); where a file system or an operating system knows no such thing, as any file.
"""

from __future__ import annotations

import fcntl
import mmap
import os
from collections.abc import Callable
from pathlib import Path

SECTOR = 4096
"""Whole multiples of this go directly: what disks and file systems want at most."""
BLOCK = 1 << 20
SMALL = 1 << 20
"""Below this a file is written as any other."""
_DIRECT = getattr(os, "O_DIRECT", 0)


def write(path: Path, data: bytes | memoryview) -> None:
    """Make a file. It is not fsync'd yet."""
    view = memoryview(data)
    if len(view) < SMALL:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            _all(handle, view)
        finally:
            os.close(handle)
        return
    sizes = iter(range(0, len(view), BLOCK))

    def some(block: memoryview) -> int:
        at = next(sizes, len(view))
        size = min(BLOCK, len(view) - at)
        block[:size] = view[at : at + size]
        return size

    pour(path, some)


def pour(path: Path, some: Callable[[memoryview], int]) -> int:
    """Make a file of blocks: `some` fills one and says with how many bytes; fewer are the last. How
    many they were in all."""
    handle = _opened(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    total = 0
    try:
        buffer = mmap.mmap(-1, BLOCK)  # begins where a page does, as the disk wants it
        with memoryview(buffer) as block:
            while True:
                size = some(block)
                whole = size // SECTOR * SECTOR
                _all(handle, block[:whole])
                if whole < size:
                    _plainly(handle)
                    _all(handle, block[whole:size])
                total += size
                if size < BLOCK:
                    return total
    finally:
        os.close(handle)


def _opened(path: Path, flags: int) -> int:
    try:
        return os.open(path, flags | _DIRECT, 0o600)
    except OSError:  # a file system in memory
        return os.open(path, flags, 0o600)


def _plainly(handle: int) -> None:
    """What follows is no multiple of anything."""
    if _DIRECT:
        flags = fcntl.fcntl(handle, fcntl.F_GETFL)
        fcntl.fcntl(handle, fcntl.F_SETFL, flags & ~_DIRECT)


def _all(handle: int, view: memoryview) -> None:
    while len(view):
        done = os.write(handle, view)
        if done % SECTOR:  # a disk that is nearly full takes what it can
            _plainly(handle)
        view = view[done:]


class Window:
    """A stretch of a file in a buffer that is used again for the next one: a worker's memory is
    touched once."""

    def __init__(self) -> None:
        self.buffer = mmap.mmap(-1, SECTOR)

    def read(self, path: Path, start: int, end: int) -> memoryview:
        """Bytes `start` to `end`, fewer where the file is shorter; good until the next call."""
        low = start // SECTOR * SECTOR
        size = -(-(end - low) // SECTOR) * SECTOR
        if len(self.buffer) < size:
            self.buffer = mmap.mmap(-1, size)
        handle = _opened(path, os.O_RDONLY)
        try:
            had = 0
            while had < size:
                some = os.preadv(handle, [memoryview(self.buffer)[had:size]], low + had)
                had += some
                if not some or some % SECTOR:  # the end of the file
                    break
        finally:
            os.close(handle)
        return memoryview(self.buffer)[start - low : min(had, end - low)]
