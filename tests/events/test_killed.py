"""What is acknowledged survives `kill -9`, once and not twice; workers die with their parent; what is
renamed is on disk before it is named.
"""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.events.test_ingest import HEADER, line

ROOT = Path(__file__).resolve().parents[2]
ROWS = 3_000
COMMAND = [sys.executable, "-c", "from comity.site.cli import main; main()"]
SMALL = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "comity.site.settings"
import django
django.setup()
import comity.events.actions.receiving as receiving
receiving.SPAN = 40_000
from comity.site.cli import main
main()
"""


def environment(home: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("COMITY", "DJANGO"))}
    return kept | {"COMITY_HOME": str(home), "PYTHONPATH": str(ROOT / "src")}


def comity(home: Path, *arguments: str) -> list[dict[str, Any]]:
    done = subprocess.run(
        [*COMMAND, "events", *arguments], env=environment(home), capture_output=True, check=True
    )
    return [json.loads(row) for row in done.stdout.splitlines()]


@pytest.fixture
def house(tmp_path: Path) -> Path:
    subprocess.run(
        [
            sys.executable,
            "-m",
            "django",
            "migrate",
            "-v0",
            "--skip-checks",
            "--settings=comity.site.settings",
        ],
        env=environment(tmp_path),
        check=True,
    )
    return tmp_path


def started(home: Path, *files: Path) -> subprocess.Popen[bytes]:
    """An ingest in parts of 40 kB, in a session of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", SMALL, "events", "ingest", "--workers", "1", *map(str, files)],
        env=environment(home),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def file(home: Path, name: str, first: int) -> Path:
    path = home / f"2026-11-20-scan_telnet-{name}.csv"
    path.write_text(HEADER + "".join(line(n) for n in range(first, first + ROWS)))
    return path


def killed_rounds(home: Path, rounds: int, chance: random.Random) -> None:
    """Two writers, half of whose rows are the same, killed at any moment."""
    acknowledged: set[int] = set()
    given: set[int] = set()
    for number in range(rounds):
        firsts = (number * 4_000, number * 4_000 + ROWS // 2)
        paths = [file(home, f"r{number}-{i}", first) for i, first in enumerate(firsts)]
        writers = [started(home, path) for path in paths]
        time.sleep(chance.uniform(0.8, 4.0))
        for first, writer in zip(firsts, writers, strict=True):
            finished = writer.poll() == 0
            if writer.poll() is None:
                os.kill(writer.pid, signal.SIGKILL)
            out = writer.communicate()[0]
            rows = range(first, first + ROWS)
            given.update(rows)
            if finished or b'"stored"' in out:
                acknowledged.update(rows)
    held = numbers(home)
    assert len(held) == len(set(held)), "a row is stored twice"
    assert acknowledged <= set(held) <= given, "an acknowledged row is lost"
    # What was in the spool is finished; then every row handed in there is stored, once.
    comity(home, "resume", "--workers", "1")
    left = comity(home, "resume", "--workers", "1")
    after = numbers(home)
    assert len(after) >= ROWS, "nothing was killed in the middle of anything"
    assert left == [] and len(after) == len(set(after)) and acknowledged <= set(after) <= given
    comity(home, "compact")
    assert sorted(numbers(home)) == sorted(after)


def numbers(home: Path) -> list[int]:
    rows = comity(home, "query", "--limit", "1000000")
    return [int(row["reverse_dns"].split("-")[1].split(".")[0]) for row in rows]


@pytest.mark.slow
def test_kill_in_the_middle_loses_and_doubles_nothing(house: Path) -> None:
    killed_rounds(house, 2, random.Random(5))


@pytest.mark.soak
def test_twenty_kills_with_two_writers_lose_and_double_nothing(house: Path) -> None:
    killed_rounds(house, 20, random.Random(20))


@pytest.mark.slow
def test_two_processes_at_once_store_a_file_once(house: Path) -> None:
    path = file(house, "same", 0)
    both = [started(house, path) for _ in range(2)]
    rows = [json.loads(writer.communicate()[0]) for writer in both]
    assert [writer.returncode for writer in both] == [0, 0]
    assert sum(row["stored"] for row in rows) == ROWS
    assert sum(row["duplicate"] for row in rows) == ROWS
    assert sorted(numbers(house)) == list(range(ROWS))


@pytest.mark.slow
def test_a_disk_that_is_full_in_the_middle_is_said_and_costs_nothing(house: Path) -> None:
    """Files may grow to 8 MB, and the report is larger: as if the disk ended there."""

    def small() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (8 << 20, 8 << 20))

    path = house / "2026-11-20-scan_telnet-full.csv"
    path.write_text(HEADER + "".join(line(n) for n in range(65_000)))
    assert path.stat().st_size > 8 << 20
    done = subprocess.run(
        [*COMMAND, "events", "ingest", str(path)],
        env=environment(house),
        capture_output=True,
        preexec_fn=small,
    )
    told = {"file": str(path), "error": "File too large."}
    assert done.returncode == 1 and json.loads(done.stdout) == told
    assert not list((house / "events" / "spool").rglob("*.partial"))
    assert comity(house, "resume") == [] and numbers(house) == []
    [row] = comity(house, "ingest", str(path))
    assert row["stored"] == 65_000


def workers_of(pid: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, ValueError):
                continue
            if parent == pid:
                found.append(int(entry.name))
    return found


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
def test_workers_die_with_their_parent(house: Path) -> None:
    writer = started(house, *(file(house, f"w{n}", n * ROWS) for n in range(4)))
    until = time.monotonic() + 60
    while not (workers := workers_of(writer.pid)) and time.monotonic() < until:
        time.sleep(0.05)
    assert workers
    os.kill(writer.pid, signal.SIGKILL)
    writer.communicate()
    until = time.monotonic() + 20
    while time.monotonic() < until and any(alive(pid) for pid in workers):
        time.sleep(0.1)
    assert not [pid for pid in workers if alive(pid)]


def alive(pid: int) -> bool:
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_files_are_on_disk_before_the_manifest_names_them(house: Path) -> None:
    path = file(house, "traced", 0)
    log = house / "trace"
    subprocess.run(
        ["strace", "-f", "-y", "-qq", "-e", "trace=fsync,fdatasync,rename,renameat,renameat2", "-o", str(log),
         *COMMAND, "events", "ingest", str(path)],
        env=environment(house), check=True, capture_output=True,
    )  # fmt: skip
    calls = [text.split(None, 1)[1] for text in log.read_text().splitlines() if "(" in text]
    if not calls:
        pytest.skip("strace may not trace here")

    def at(*words: str, after: int = -1) -> int:
        return next(
            n for n, call in enumerate(calls) if n > after and all(word in call for word in words)
        )

    for folder in ("spool", "store", "runs"):
        synced = at("sync(", f"/events/{folder}/", ".partial")
        renamed = at("rename", f"/events/{folder}/", ".partial", after=synced)
        named = at("sync(", f"/events/{folder}", after=renamed)
        assert synced < renamed < named
        assert ".partial" not in calls[named], "the folder itself is synced"
        assert at("sync(", "comity.sqlite3", after=named) > named, "then the manifest commits"
