"""The folder of a gateway's own files: for the user who runs it, closed to everybody else.

The database holds persons, password hashes and sessions; a copy of it opens the house. So what
the processes write is private from the start, and a home that was open before is closed.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

PRIVATE = 0o077  # the bits of a mode that give others something
DATABASE = ("comity.sqlite3", "comity.sqlite3-wal", "comity.sqlite3-shm")


def close(home: Path) -> Path:
    """Make the home, 0700, and let nobody else read what this process writes. Returns it.

    A folder that is there and holds other things than a gateway (somebody set COMITY_HOME to
    /tmp) keeps its mode: `comity doctor` says so. Raises OSError when it cannot be made.
    """
    os.umask(PRIVATE)
    if not home.is_dir():
        home.mkdir(parents=True, mode=0o700)
    elif (home / "keys").is_dir() or not any(home.iterdir()):
        _shut(home, 0o700)
        for name in DATABASE:
            _shut(home / name, 0o600)
    return home


def _shut(path: Path, mode: int) -> None:
    """Take others' rights away, where the file is ours and is no folder that all share."""
    try:
        held = path.stat()
    except FileNotFoundError:  # SQLite's side files come and go
        return
    shared = held.st_mode & stat.S_ISVTX
    if held.st_uid == os.geteuid() and not shared and held.st_mode & PRIVATE:
        path.chmod(mode)


def open_to_others(home: Path) -> list[Path]:
    """What others of this machine can read or enter: home, keys, database. Empty when all is shut.

    In a home that is shut, the modes of what is inside do not matter, except for a copy of it.
    """
    keys = sorted((home / "keys").iterdir()) if (home / "keys").is_dir() else []
    looked = [home, *keys, *(home / name for name in DATABASE)]
    return [path for path in looked if path.exists() and path.stat().st_mode & PRIVATE]
