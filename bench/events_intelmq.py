"""The whole chain beside IntelMQ's in one process, on the same rows in the same run. Target: 200
times as many events a second.

    python bench/events_intelmq.py                  # 20,000 rows for IntelMQ, 1,500,000 for Comity
    python bench/events_intelmq.py --check          # leaves with 1 below the target

IntelMQ and pyasn are installed into an environment of the benchmark's own (`--peer FOLDER`, by
default in the user's cache); the deduplicator wants a Redis server, which is started on the
loopback. Where one of them is not to be had, the benchmark says so and leaves with 0.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import events

TARGET, VERSION = 200, "3.5.0"
CHAIN = Path(__file__).resolve().parent / "parts" / "intelmq_chain.py"
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "comity-bench"


class NotHere(Exception):
    """What the peer needs and this machine has not."""


def python_of(folder: Path) -> Path:
    """The Python of an environment with IntelMQ; made where there is none."""
    python = folder / "bin" / "python"
    there = [python, "-c", "import intelmq, pyasn"]
    if python.exists() and not subprocess.run(there, capture_output=True).returncode:  # noqa: S603
        return python
    venv.create(folder, with_pip=True, clear=True)
    wanted = [python, "-m", "pip", "install", "-q", f"intelmq=={VERSION}", "pyasn"]
    done = subprocess.run(wanted, capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        raise NotHere(f"IntelMQ {VERSION} cannot be installed: {done.stderr.strip()[-200:]}")
    return python


@contextmanager
def redis() -> Iterator[int]:
    """The port of a server that keeps nothing."""
    server = shutil.which("redis-server")
    if server is None:
        raise NotHere("redis-server is not installed")
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    told = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    running = subprocess.Popen([server, *told], stdout=subprocess.DEVNULL)  # noqa: S603
    try:
        for _ in range(100):
            with closing(socket.socket()) as line:
                if not line.connect_ex(("127.0.0.1", port)):
                    break
            time.sleep(0.05)
        yield port
    finally:
        running.terminate()
        running.wait(10)


def networks(path: Path, table: bytes) -> None:
    """The AS numbers of the benchmark's own table, as pyasn has them."""
    from ipaddress import ip_address, summarize_address_range

    with path.open("w") as out:
        for first, last, number, _name in csv.reader(io.StringIO(table.decode())):
            for network in summarize_address_range(ip_address(first), ip_address(last)):
                out.write(f"{network}\t{number}\n")


def peer(python: Path, report: Path, rows: int, folder: Path) -> dict[str, Any]:
    """So many rows through the other chain."""
    from parts import events_input as made

    some, table = folder / "some.csv", folder / "networks.dat"
    with report.open() as lines, some.open("w") as out:
        out.writelines(islice(lines, rows + 1))
    networks(table, made.tables()[1][1])
    with redis() as port:
        told = [python, CHAIN, some, table, folder / "peer.txt", str(port)]
        done = subprocess.run(  # noqa: S603
            told, capture_output=True, text=True, cwd=folder, env=os.environ | {"PYTHONPATH": ""}
        )
    if done.returncode:
        raise SystemExit(f"IntelMQ's chain failed: {done.stderr.strip()[-300:]}")
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    if said["written"] != rows:
        raise SystemExit(f"IntelMQ wrote {said['written']} of {rows} rows")
    return said


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--rows", type=int, default=1_500_000)
    options.add_argument("--peer-rows", type=int, default=20_000)
    options.add_argument("--peer", type=Path, default=CACHE / f"intelmq-{VERSION}")
    options.add_argument("--check", action="store_true")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="comity-bench-") as home:
        try:
            python = python_of(asked.peer)
            from parts import events_input as made

            folder = Path(home) / "reports"
            folder.mkdir()
            paths = list(made.files(folder, asked.rows))
            theirs = peer(python, paths[0], asked.peer_rows, Path(home))
        except NotHere as fault:
            print(f"events beside IntelMQ {VERSION}: skipped: {fault}")
            return 0
        events.ready(home)
        ours = events.chain(paths, os.cpu_count() or 1)
    rate, other = ours.rows / ours.spent.clock, theirs["written"] / theirs["seconds"]
    processor = ours.spent.processor / ours.rows, theirs["processor"] / theirs["written"]
    print(
        f"events beside IntelMQ {VERSION}: {rate:,.0f} a second of {ours.rows:,} rows, theirs "
        f"{other:,.0f} of {theirs['written']:,}: {rate / other:.0f} times as many (target "
        f"{TARGET}); a row takes {processor[1] / processor[0]:.0f} times the processor time there"
    )
    return int(asked.check and rate / other < TARGET)


if __name__ == "__main__":
    sys.exit(main())
