"""`comity setup`, `serve`, `doctor`, `translations`: what they print, and how they end."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner

from comity.site import commands as site_commands
from comity.site import doctor, home, supervisor
from comity.site.cli import comity
from comity.site.schedules import SCHEDULES

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.slow
@pytest.mark.django_db
def test_setup_is_quick_when_all_is_done(settings, tmp_path) -> None:
    settings.STATIC_ROOT = tmp_path
    runner = CliRunner()
    first = runner.invoke(comity, ["setup"])
    assert first.exit_code == 0, first.output
    assert (tmp_path / "comity.css").exists()
    began = time.perf_counter()
    second = runner.invoke(comity, ["setup"])
    assert time.perf_counter() - began < 2
    rows = {row["step"]: row["result"] for row in map(json.loads, second.stdout.splitlines())}
    assert rows["database"] == rows["words"] == rows["static"] == "fresh"
    assert "Ready in" in second.stderr


def test_a_busy_port_is_said_with_the_remedy() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = CliRunner().invoke(comity, ["serve", "--port", str(port)])
    assert done.exit_code == 1
    assert f"Port {port} is busy" in done.stderr and f"PORT={port + 1}" in done.stderr


def test_localhost_is_both_loopbacks_and_nothing_else() -> None:
    port = free_port()
    binds = supervisor.addresses("localhost", port)
    assert binds[0] == f"127.0.0.1:{port}"
    assert set(binds) <= {f"127.0.0.1:{port}", f"[::1]:{port}"}
    assert supervisor.addresses("0.0.0.0", port) == [f"0.0.0.0:{port}"]


def test_links_are_for_this_machine_only() -> None:
    done = CliRunner().invoke(comity, ["serve", "--links", "--host", "0.0.0.0"])
    assert done.exit_code == 2 and "this machine only" in done.stderr


@pytest.mark.django_db
@pytest.mark.parametrize("terminal", [True, False])
def test_links_are_words_on_a_terminal_and_json_on_a_pipe(terminal, capsys, monkeypatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal, raising=False)
    site_commands._print_links("http://localhost:8123")
    said = capsys.readouterr()
    if terminal:
        assert said.out == "" and "sign in once" in said.err
        lines = said.err.splitlines()[1:]
        assert [line.split("http")[0].strip() for line in lines] == [
            "reader", "duty officer", "focal point", "secretariat",
        ]  # fmt: skip
        assert all("http://localhost:8123/en/people/link/" in line for line in lines)
    else:
        assert said.err == ""
        rows = [json.loads(line) for line in said.out.splitlines()]
        assert [row["role"] for row in rows] == [
            "reader",
            "duty_officer",
            "focal_point",
            "secretariat",
        ]


def test_a_child_that_keeps_dying_is_started_again_with_growing_pauses() -> None:
    child = supervisor.Child("short", [sys.executable, "-c", "raise SystemExit(3)"])
    child.start()
    pauses = []
    for _death in range(3):
        assert child.process is not None
        child.process.wait(10)
        child.tend(now := time.monotonic())
        pauses.append(round(child.again_at - now, 2))
        assert child.process is None
        child.tend(now)
        assert child.process is None, "not before its time"
        child.tend(child.again_at)
    assert child.process is not None
    child.process.wait(10)
    assert pauses == [1.0, 2.0, 4.0]


@pytest.mark.slow
def test_serve_starts_all_restarts_what_dies_and_stops_within_seconds(tmp_path) -> None:
    port = free_port()
    environment = {k: v for k, v in os.environ.items() if k != "COMITY_DATABASE"} | {
        "COMITY_HOME": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "comity.site.settings",
        "PYTHONPATH": str(ROOT / "src"),
    }
    command = [sys.executable, "-m", "comity.site.cli"]
    early = subprocess.run([*command, "serve"], env=environment, capture_output=True, text=True)
    assert early.returncode == 1 and "comity setup" in early.stderr
    subprocess.run([*command, "setup"], env=environment, check=True, capture_output=True)
    with (tmp_path / "log").open("wb") as log:
        served = subprocess.Popen(
            [*command, "serve", "--port", str(port)], env=environment, stderr=log
        )
        try:
            ready = wait_ready(port)
            assert ready["workers"] == {"short": True, "long": True}
            due = sum(schedule.queue == "long" for schedule in SCHEDULES)
            assert long_jobs_done(port, due) == due, "each asked for twice, run once"
            worker = next(iter((tmp_path / "run" / "workers").glob("short-*")))
            os.kill(int(worker.name.split("-")[1]), signal.SIGKILL)
            deadline = time.monotonic() + 30
            while len(list((tmp_path / "run" / "workers").glob("short-*"))) < 2:
                assert time.monotonic() < deadline, "the worker did not come back"
                time.sleep(0.1)
        finally:
            began = time.monotonic()
            served.send_signal(signal.SIGTERM)
            code = served.wait(15)
    assert code == 0 and time.monotonic() - began < 10
    assert "Serving at http://localhost" in (tmp_path / "log").read_text()
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    assert list((tmp_path / "checkpoints").iterdir()), "the record of acts was verified"


def long_jobs_done(port: int, wanted: int) -> int:
    """How many jobs of the long queue went well, as soon as so many did, or after half a minute."""
    done, end = 0, time.monotonic() + 30
    while done < wanted and time.monotonic() < end:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
            figures = answer.read().decode()
        found = re.search(r'^comity_jobs\{queue="long",state="successful"\} (\d+)', figures, re.M)
        done = int(found[1]) if found else 0
        time.sleep(0.3)
    return done


def wait_ready(port: int) -> dict[str, object]:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            url = f"http://127.0.0.1:{port}/ready"
            with urllib.request.urlopen(url, timeout=2) as answer:
                body: dict[str, object] = json.loads(answer.read())
            ended = body["schedules"]
            if isinstance(ended, dict) and ended.get("verify_ledger", {}).get("ended"):
                return body
        except OSError as error:
            if hasattr(error, "close"):
                error.close()
        time.sleep(0.2)
    raise AssertionError("never ready")


@pytest.mark.django_db
def test_doctor_names_what_is_missing_and_the_remedy(monkeypatch) -> None:
    monkeypatch.setattr(doctor.shutil, "which", lambda name: None)
    done = CliRunner().invoke(comity, ["doctor", "--offline"])
    rows = {row["name"]: row for row in map(json.loads, done.stdout.splitlines())}
    assert rows["database"]["ok"] and rows["migrations"]["ok"]
    assert not rows["chromium"]["ok"] and "apt-get install chromium" in rows["chromium"]["remedy"]
    assert not rows["fonts for Arabic"]["ok"]
    assert "package index" not in rows
    lacking = any(row["needed"] and not row["ok"] for row in rows.values())
    assert done.exit_code == int(lacking)


@pytest.mark.parametrize("name", ["", "keys/secret", "comity.sqlite3", "comity.sqlite3-wal"])
def test_doctor_minds_what_others_can_read(name, settings, tmp_path) -> None:
    settings.HOME = tmp_path
    tmp_path.chmod(0o700)
    (tmp_path / "keys").mkdir(mode=0o700)
    for path in (tmp_path / "keys" / "secret", tmp_path / "comity.sqlite3"):
        path.touch(0o600)
    assert doctor.privacy().ok
    loose = tmp_path / name
    loose.touch()
    loose.chmod(0o755)
    found = doctor.privacy()
    assert not found.ok and loose.name in found.detail and "chmod" in found.remedy


def test_a_home_that_was_open_is_shut_and_a_folder_of_others_is_left(tmp_path) -> None:
    def mode(path: Path) -> int:
        return stat.S_IMODE(path.stat().st_mode)

    before = os.umask(0o022)
    try:
        old, shared, fresh = tmp_path / "old", tmp_path / "shared", tmp_path / "a" / "fresh"
        for folder in (old / "keys", shared):
            folder.mkdir(parents=True)
        for path in (old / "comity.sqlite3", shared / "letter"):
            path.touch(0o644)
        for folder in (old, shared, fresh):
            assert home.close(folder) == folder
        (old / "new").touch()
        assert (mode(old), mode(old / "comity.sqlite3"), mode(old / "new")) == (0o700, 0o600, 0o600)
        assert (mode(shared), mode(fresh)) == (0o755, 0o700)
        assert home.open_to_others(old) == [] and home.open_to_others(shared) == [shared]
    finally:
        os.umask(before)


def test_a_home_that_cannot_be_written_is_named(settings, tmp_path) -> None:
    (tmp_path / "file").write_text("")
    settings.HOME = tmp_path / "file" / "home"
    found = doctor.home()
    assert not found.ok and "COMITY_HOME" in found.remedy


@pytest.mark.slow
@pytest.mark.parametrize(
    ("settings_given", "said"),
    [
        ({"COMITY_HOME": "{tmp}/file/home"}, "Set COMITY_HOME"),
        ({"COMITY_PORT": "eighty"}, "COMITY_PORT is a number from 1 to 65535, not 'eighty'"),
        ({"COMITY_PORT": "99999"}, "COMITY_PORT is a number from 1 to 65535, not '99999'"),
        ({"COMITY_PORT": "0"}, "COMITY_PORT is a number from 1 to 65535"),
        ({"COMITY_DATABASE": "mysql://x:secret@h/none"}, "COMITY_DATABASE is postgresql://"),
        (
            {"COMITY_DATABASE": "postgresql://x:secret@h:99999/n"},
            "COMITY_DATABASE is postgresql://",
        ),
        ({"COMITY_DATABASE": "postgresql://127.0.0.1:9/n?sslmode=wrong"}, "invalid sslmode value"),
        ({"COMITY_DATABASE": "postgresql://x@127.0.0.1:9/none"}, "The database does not answer"),
    ],
    ids=[
        "home",
        "port in words",
        "port too large",
        "port none",
        "scheme",
        "database's port",
        "database's options",
        "database",
    ],
)
def test_a_start_that_cannot_work_says_why_in_a_line(tmp_path, settings_given, said) -> None:
    (tmp_path / "file").write_text("")
    given = {name: value.replace("{tmp}", str(tmp_path)) for name, value in settings_given.items()}
    environment = {k: v for k, v in os.environ.items() if not k.startswith("COMITY_")} | {
        "COMITY_HOME": str(tmp_path / "home"),
        "DJANGO_SETTINGS_MODULE": "comity.site.settings",
        "PYTHONPATH": str(ROOT / "src"),
        **given,
    }
    command = [sys.executable, "-m", "comity.site.cli", "setup"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 1
    assert said in done.stderr and "Traceback" not in done.stderr
    assert "secret" not in done.stderr and len(done.stderr.splitlines()) <= 2


@pytest.mark.slow
def test_a_house_is_closed_to_other_users_of_the_machine(tmp_path) -> None:
    """The database holds persons and sessions; SQLite's side files hold its last pages."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("COMITY_")} | {
        "COMITY_HOME": str(tmp_path / "home"),
        "DJANGO_SETTINGS_MODULE": "comity.site.settings",
        "PYTHONPATH": str(ROOT / "src"),
    }
    script = (
        "import os; os.umask(0o022); import django; django.setup(); from django.db import connection;"
        "c = connection.cursor(); c.execute('CREATE TABLE t (x)'); c.execute('INSERT INTO t VALUES (1)');"
        "import pathlib, comity.site.settings as s;"
        "[print(oct(p.stat().st_mode & 0o777), p.name) for p in (s.HOME, *sorted(s.HOME.iterdir()))]"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    )
    modes = {name: mode for mode, name in map(str.split, done.stdout.splitlines())}
    assert modes["home"] == "0o700"
    assert {modes[f"comity.sqlite3{end}"] for end in ("", "-wal", "-shm")} == {"0o600"}


def test_the_database_keeps_its_options() -> None:
    from comity.site.settings import _database

    made = _database(
        "postgresql://a%40b:p%2Fw@db.example:6000/n%20x?sslmode=verify-full&connect_timeout=3"
    )
    assert made["OPTIONS"] == {"sslmode": "verify-full", "connect_timeout": "3"}
    assert (made["USER"], made["PASSWORD"], made["NAME"]) == ("a@b", "p/w", "n x")
    assert (made["HOST"], made["PORT"]) == ("db.example", 6000)
    by_socket = _database("postgres://postgres:@/n?host=%2Frun%2Fpg")
    assert (by_socket["HOST"], by_socket["OPTIONS"]) == ("/run/pg", {})


def test_a_port_that_is_none_is_refused_where_it_is_given() -> None:
    done = CliRunner().invoke(comity, ["serve", "--port", "99999"])
    assert done.exit_code == 2 and "65535" in done.stderr


def test_help_lists_every_command_with_words() -> None:
    done = CliRunner().invoke(comity, ["--help"])
    for name in ("doctor", "ledger", "serve", "setup", "translations"):
        assert name in done.stdout


def test_a_command_before_setup_says_what_to_do(tmp_path) -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("COMITY_")} | {
        "COMITY_HOME": str(tmp_path / "home"),
        "DJANGO_SETTINGS_MODULE": "comity.site.settings",
        "PYTHONPATH": str(ROOT / "src"),
    }
    command = [sys.executable, "-m", "comity.site.cli", "ledger", "verify"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 1
    assert "comity setup" in done.stderr and "Traceback" not in done.stderr
