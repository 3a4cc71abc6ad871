"""Where things lie, and writing that survives: a new name, fsync, rename, fsync of the folder."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDERS = ("spool", "store", "runs", "tables", "locks")
PARTIAL = ".partial"  # what a writer has not finished; nobody reads it


@dataclass(frozen=True, slots=True)
class Places:
    """The folders of the room under one root."""

    root: Path

    def ready(self) -> Places:
        for name in FOLDERS:
            (self.root / name).mkdir(parents=True, exist_ok=True, mode=0o700)
        return self

    def spool(self, sha256: str) -> Path:
        return self.root / "spool" / sha256[:2] / sha256

    def store(self, name: str) -> Path:
        return self.root / "store" / f"{name}.parquet"

    def run(self, name: str) -> Path:
        return self.root / "runs" / f"{name}.keys"

    def table(self, version: str) -> Path:
        return self.root / "tables" / f"{version}.table"

    def lock(self, name: str) -> Path:
        return self.root / "locks" / name


def sync_folder(folder: Path) -> None:
    """Make a rename in this folder lasting."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def appearing(path: Path) -> Iterator[Path]:
    """A name to write to; when the block ends the file is on disk under its own name. When it
    fails nothing is left."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = path.with_name(f"{path.name}.{os.getpid()}{PARTIAL}")
    try:
        yield partial
        settle(partial, path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def settle(partial: Path, path: Path) -> None:
    """A file onto the disk, then under its own name, lastingly."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(partial, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    partial.rename(path)
    sync_folder(path.parent)


@contextlib.contextmanager
def held(path: Path, *, shared: bool, wait: bool = True) -> Iterator[bool]:
    """A lock that dies with its process. Yields whether it was got."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("a") as handle:
        how = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        try:
            fcntl.flock(handle, how | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True
