"""The runner on PostgreSQL leaves nothing behind, and takes nothing that is in use."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.on_postgresql import DAY, _number, runtime_folder, sweep

HOUR = 3600.0
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process that was started for tmp_path's folder, as a postmaster is."""
    sleep = "import time; time.sleep(60)"
    data = str(tmp_path / "comity-pg-x" / "data")
    started = subprocess.Popen([sys.executable, "-c", sleep, "-D", data])
    yield started
    started.kill()
    started.wait()


def folder(temporary: Path, runner: int | None, server: int | None, age: float = HOUR) -> Path:
    made = temporary / "comity-pg-x"
    (made / "data").mkdir(parents=True)
    if runner is not None:
        (made / "runner.pid").write_text(f"{runner}\n")
    if server is not None:
        (made / "data" / "postmaster.pid").write_text(f"{server}\n{made / 'data'}\n")
    os.utime(made, (time.time() - age,) * 2)
    return made


def dead() -> int:
    """The number of a process that has ended."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    return ended.pid


def test_what_a_killed_runner_left_is_stopped_and_removed(tmp_path, server) -> None:
    made = folder(tmp_path, dead(), server.pid)
    assert sweep(tmp_path, time.time()) == ["comity-pg-x"]
    assert not made.exists() and server.wait(10) is not None


def test_a_run_that_goes_on_is_left_alone(tmp_path, server) -> None:
    made = folder(tmp_path, os.getpid(), server.pid, age=3 * DAY)
    assert sweep(tmp_path, time.time()) == []
    assert made.exists() and server.poll() is None


def test_a_runners_number_that_another_process_has_now_saves_nothing(tmp_path) -> None:
    made = folder(tmp_path, os.getpid(), None)
    os.utime(made / "runner.pid", (1, 1))  # written before this process began
    assert sweep(tmp_path, time.time()) == ["comity-pg-x"]


def test_a_number_that_leads_to_another_process_stops_nothing(tmp_path) -> None:
    other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        folder(tmp_path, dead(), other.pid)
        assert sweep(tmp_path, time.time()) == ["comity-pg-x"]
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


@pytest.mark.parametrize(("age", "goes"), [(HOUR, False), (2 * DAY, True)])
def test_a_server_of_nobody_known_has_a_day(age: float, goes: bool, tmp_path, server) -> None:
    made = folder(tmp_path, None, server.pid, age)
    assert bool(sweep(tmp_path, time.time())) is goes is not made.exists()
    assert (server.poll() is not None) is goes


@pytest.mark.parametrize("number", [None, -7, 0, 10**30])
def test_a_dead_server_or_none_is_removed_and_a_start_is_not_disturbed(number, tmp_path) -> None:
    made = folder(tmp_path, number, number or dead(), age=1)
    assert sweep(tmp_path, time.time()) == [] and made.exists()
    assert sweep(tmp_path, time.time() + HOUR) == ["comity-pg-x"]


def test_what_is_no_folder_of_a_run_stays(tmp_path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "comity-pg-link").symlink_to(elsewhere)
    (tmp_path / "comity-pg-file").touch()
    (tmp_path / "comity-other").mkdir()
    assert sweep(tmp_path, time.time() + 9 * DAY) == []
    assert len(list(tmp_path.iterdir())) == 4


def test_the_runtime_folder_is_lent_and_taken_back(tmp_path, monkeypatch) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    with runtime_folder(tmp_path / "run"):
        lent = Path(os.environ["XDG_RUNTIME_DIR"])
        assert lent.stat().st_mode & 0o777 == 0o700
    assert "XDG_RUNTIME_DIR" not in os.environ
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/run/user/1")
    with runtime_folder(tmp_path / "other"):
        assert os.environ["XDG_RUNTIME_DIR"] == "/run/user/1" and not (tmp_path / "other").exists()


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """Not under pytest's own: that is closed to the user whom PostgreSQL runs as under root."""
    made = Path(tempfile.mkdtemp(prefix="comity-sweep-"))
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.mark.slow
def test_a_run_starts_quietly_within_seconds_and_sweeps_what_a_killed_one_left(
    short_folder,
) -> None:
    """Killed outright, a run leaves a server; terminated, it takes it along."""
    (short_folder / "test_wait.py").write_text("import time\ndef test_it(): time.sleep(60)\n")
    outside = ("XDG_RUNTIME_DIR", "COMITY_DATABASE")
    environment = {k: v for k, v in os.environ.items() if k not in outside}
    environment |= {"TMPDIR": str(short_folder), "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "tests.on_postgresql", "-p", "no:django"]
    command += ["-p", "no:cacheprovider", "-c", os.devnull, "--rootdir", str(short_folder)]
    command += [str(short_folder / "test_wait.py")]

    def run() -> tuple[subprocess.Popen[str], float]:
        before, began = running(), time.monotonic()
        started = subprocess.Popen(
            command, env=environment, cwd=ROOT, text=True, stdout=-1, stderr=subprocess.PIPE
        )
        while not running() - before:
            assert started.poll() is None, started.communicate()
            assert time.monotonic() - began < 30
            time.sleep(0.1)
        time.sleep(1)  # until its tests run
        return started, time.monotonic() - began

    def running() -> set[Path]:
        found = short_folder.glob("comity-pg-*/data/postmaster.pid")
        return {path for path in found if _number(path)}  # not initdb's

    first, _seconds = run()
    first.kill()
    first.communicate()
    (left,) = short_folder.glob("comity-pg-*")
    os.utime(left, (time.time() - HOUR,) * 2)
    second, seconds = run()
    second.send_signal(signal.SIGTERM)
    said = second.communicate(timeout=30)[1]
    assert f"Swept {left.name}" in said and "RuntimeDirWarning" not in said
    assert list(short_folder.glob("comity-pg-*")) == [] and seconds < 20
