"""Reports through the whole chain, beside a bare read of the same CSV by Polars, in one run.

    python bench/events.py                  # 1,500,000 rows, 500,000 of them for one process
    python bench/events.py --rows 5000000   # as the target has it
    python bench/events.py --check          # leaves with 1 where a ratio is missed

The chain: spool with fsync, parse, normalise, reject, enrich (746,000 ranges), route (50,000
prefixes, 30,000 other claims), both de-duplications, findings, Parquet with fsync, the manifest.
Ratios count, for a machine is never as fast as another: the chain beside the bare read (target
0.30, by the clock and by processor time of all processes), two processes beside one (1.7). The
bare read is measured before and after; the smaller one counts.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from comity.events.engine.local import Local
    from comity.events.models import Intake

SOURCE = Path(__file__).resolve().parents[1] / "src"
sys.path.insert(0, str(SOURCE))
os.environ["PYTHONPATH"] = str(SOURCE)  # the workers read this checkout too
RATIO, SCALING, RATE = 0.30, 1.7, 300_000


def ready(home: str) -> None:
    """A house of its own, with tables and claims."""
    os.environ["COMITY_HOME"] = home
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comity.site.settings")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from parts import events_input as made

    from comity.events import actions
    from comity.events.actions import routing

    start = time.perf_counter()
    actions.update_tables(made.tables())
    print(f"events tables: built in {time.perf_counter() - start:.1f} s")
    start = time.perf_counter()
    held = made.claims()
    from comity.directory.types import HoldingKind

    routing.directory = _Directory([(HoldingKind(k), v, t) for k, v, t in held])
    actions.current_routes()
    print(f"events routes: {len(held):,} claims in {time.perf_counter() - start:.1f} s")


class _Directory:
    """Stands in for the directory's reads: 80,000 claims of teams without rows of their own."""

    def __init__(self, held: list) -> None:
        self.held = held

    def standing_claims(self) -> list:
        return self.held

    def claims_mark(self) -> str:
        return f"bench/{len(self.held)}"


@dataclass(frozen=True, order=True)
class Spent:
    """Seconds by the clock, and of processor in all processes."""

    clock: float
    processor: float


@dataclass(frozen=True)
class Chained:
    spent: Spent
    rows: int
    stored: int
    peak: float  # megabytes of the largest worker


def bare(paths: list[Path]) -> Spent:
    """Every column read as text, on all cores."""
    import polars as pl

    start, used = time.perf_counter(), time.process_time()
    for path in paths:
        pl.read_csv(path, infer_schema=False)
    return Spent(time.perf_counter() - start, time.process_time() - used)


def chain(paths: list[Path], workers: int) -> Chained:
    from comity.events import actions
    from comity.events.engine.local import Local

    engine = Local(workers)
    rows = stored = 0
    _warm(engine)
    pids = [process.pid or 0 for process in engine.processes.values()]
    start, used = time.perf_counter(), time.process_time() + sum(map(processor, pids))
    for done, fault in actions.through(received(paths), engine):
        if fault:
            raise fault
        rows, stored = rows + done.rows, stored + done.stored
    spent = Spent(
        time.perf_counter() - start,
        time.process_time() + sum(map(processor, pids)) - used,
    )
    largest = max(map(peak, pids))
    engine.cancel()
    return Chained(spent, rows, stored, largest)


def processor(pid: int) -> float:
    """Seconds a process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def received(paths: list[Path]) -> Iterator[Intake]:
    from comity.events import actions

    for name, coming in actions.ahead([str(path) for path in paths], _contents):
        file = coming()
        yield from actions.receive(file, Path(name).name)


def _contents(name: str) -> bytes:
    return Path(name).read_bytes()


def peak(pid: int) -> float:
    """Megabytes a process had at most, mapped tables that all share included."""
    text = Path(f"/proc/{pid}/status").read_text()
    return int(text.partition("VmHWM:")[2].split()[0]) / 1024


def _warm(engine: Local) -> None:
    """Workers are there before the clock runs: a gateway has them all day."""
    engine.start()
    time.sleep(3)


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--rows", type=int, default=1_500_000)
    options.add_argument("--check", action="store_true")
    asked = options.parse_args()
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    with tempfile.TemporaryDirectory(prefix="comity-bench-") as home:
        from parts import events_input as made

        ready(home)
        folder = Path(home) / "reports"
        folder.mkdir()
        paths = list(made.files(folder, asked.rows))
        size = sum(path.stat().st_size for path in paths[1:])
        cores = os.cpu_count() or 1
        before = bare(paths[1:])
        alone = chain(paths[:1], 1)
        done = chain(paths[1:], cores)
        after = bare(paths[1:])
        read = Spent(min(before.clock, after.clock), min(before.processor, after.processor))
        ratio = read.clock / done.spent.clock
        rate = done.rows / done.spent.clock
        print(
            f"events chain: {done.rows:,} rows ({done.stored:,} stored, {size / done.rows:.0f} "
            f"bytes each) in {done.spent.clock:.1f} s: {rate:,.0f} a second (target {RATE:,}); "
            f"a bare read of the same takes {read.clock:.1f} s: ratio {ratio:.2f} (target {RATIO})"
        )
        print(
            f"events chain: {done.spent.processor / done.rows * 1e6:.1f} us of processor a row, a "
            f"bare read {read.processor / done.rows * 1e6:.1f}: ratio "
            f"{read.processor / done.spent.processor:.2f}"
        )
        gain = rate / (alone.rows / alone.spent.clock)
        print(f"events chain: {cores} processes {gain:.2f} times as fast as one (target {SCALING})")
        print(f"events chain: {done.peak:,.0f} MB at most in a worker (target 1,000)")
        missed = ratio < RATIO or done.peak > 1000 or gain < SCALING
    return int(asked.check and missed)


if __name__ == "__main__":
    sys.exit(main())
