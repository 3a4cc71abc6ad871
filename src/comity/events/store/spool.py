"""Raw files, once each, by the SHA-256 of what they hold. Written and fsync'd before anything is
acknowledged; packed by the compactor, for packing takes a third as long as reading them does.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

import zstandard

from comity.events.store import direct
from comity.events.store.places import PARTIAL, Places, appearing, settle
from comity.events.types.chunks import Span, Stretch, Text
from comity.events.types.sources import EventsError
from comity.kit import ids

LEVEL = 3
PACKED = ".zst"
BLOCK = 1 << 20
HEAD = 256 << 10
"""Bytes a file's header may take, banner included, where it is read in parts."""


class GoneFile(EventsError):
    """A raw file that is not in the spool: removed by retention, or lost."""


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def put(places: Places, data: bytes) -> tuple[str, int]:
    """Keep a file. When this returns it is on disk. Twice is once."""
    name = digest(data)
    path = places.spool(name)
    if (known := _kept(path)) is not None:
        return name, known
    with appearing(path) as partial:
        direct.write(partial, data)
    return name, len(data)


def _kept(path: Path) -> int | None:
    """Bytes on disk of a file that is there already."""
    for kept in (path, _packed(path)):
        if kept.exists():
            os.utime(kept)  # or the sweep might take it before the manifest names it
            return kept.stat().st_size
    return None


def pour(places: Places, file: BinaryIO, watch: Callable[[memoryview], None]) -> tuple[str, int]:
    """Keep a file that is not in memory; `watch` sees each of its blocks."""
    sha256 = hashlib.sha256()

    def some(block: memoryview) -> int:
        size = 0
        while size < len(block) and (more := file.readinto(block[size:])):
            size += more
        sha256.update(block[:size])
        watch(block[:size])
        return size

    partial = places.root / "spool" / f"{ids.new()}{PARTIAL}"
    try:
        size = direct.pour(partial, some)
        name = sha256.hexdigest()
        path = places.spool(name)
        if (known := _kept(path)) is not None:
            return name, known
        settle(partial, path)
        return name, size
    finally:
        partial.unlink(missing_ok=True)


def get(places: Places, sha256: str) -> bytes:
    path = places.spool(sha256)
    try:
        if path.exists():
            return path.read_bytes()
        return zstandard.ZstdDecompressor().decompress(_packed(path).read_bytes())
    except (OSError, zstandard.ZstdError) as fault:
        raise GoneFile(
            f"the raw file is not in the spool ({fault})", sha256[:12], "Hand it in again."
        ) from None


def blocks(places: Places, sha256: str) -> Iterator[memoryview]:
    """A file block by block; each is good until the next is asked for."""
    path = places.spool(sha256)
    try:
        with contextlib.ExitStack() as stack:
            packed = not path.exists()
            file = stack.enter_context((_packed(path) if packed else path).open("rb"))
            reader: Any = zstandard.ZstdDecompressor().stream_reader(file) if packed else file
            buffer = memoryview(bytearray(BLOCK))
            while size := reader.readinto(buffer):
                yield buffer[:size]
    except (OSError, zstandard.ZstdError) as fault:
        raise GoneFile(
            f"the raw file is not in the spool ({fault})", sha256[:12], "Hand it in again."
        ) from None


def stretch(places: Places, sha256: str, span: Span) -> Text:
    """A part of a file as it lies, and the file's beginning. One that is packed already comes as a
    whole."""
    path = places.spool(sha256)
    try:
        size = path.stat().st_size
        head = bytes(_window().read(path, 0, min(span.start, HEAD)))
        part = bytes(_window().read(path, span.start, min(span.end, size)))
    except FileNotFoundError:
        return get(places, sha256)
    return Stretch(head, part, span.start, size)


@cache
def _window() -> direct.Window:
    return direct.Window()


def pack(places: Places, sha256: str) -> int:
    """Pack a file that lies plain; returns its size on disk."""
    path = places.spool(sha256)
    packed = _packed(path)
    if path.exists():
        data = path.read_bytes()
        with appearing(packed) as partial:
            partial.write_bytes(zstandard.ZstdCompressor(level=LEVEL).compress(data))
        path.unlink()
    return packed.stat().st_size


def remove(places: Places, sha256: str) -> None:
    path = places.spool(sha256)
    path.unlink(missing_ok=True)
    _packed(path).unlink(missing_ok=True)


def _packed(path: Path) -> Path:
    return path.with_name(path.name + PACKED)
