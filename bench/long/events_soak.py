"""Twenty million rows into one house, five million a day: does a row cost more, does a process
grow? Put in order after each million, as the household's worker does.

    python bench/long/events_soak.py                # 20 files of a million rows: minutes
    python bench/long/events_soak.py --check        # leaves with 1 above a target

Targets: the cost of a row (processor time of all processes) within 15 % from the first three
millions to the last, and neither worker nor committer more than 10 % larger after ten times the
input; memory is their own, without what is mapped from disk.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import events

BENCH = str(Path(__file__).resolve().parents[1])
COST, MEMORY, DAILY = 1.15, 1.10, 5


def own(pid: int) -> float:
    """Megabytes of a process that are its own."""
    text = Path(f"/proc/{pid}/status").read_text()
    return int(text.partition("RssAnon:")[2].split()[0]) / 1024


class Highest(threading.Thread):
    """The most memory of its own that this process has until it is told to stop."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.done, self.found = threading.Event(), 0.0

    def run(self) -> None:
        while not self.done.wait(0.05):
            self.found = max(self.found, own(os.getpid()))


def made(path: Path, rows: int, number: int) -> None:
    """A report, by a process that takes its memory with it."""
    code = (
        f"import sys; sys.path.insert(0, {BENCH!r})\n"
        "from parts import events_input as made\n"
        f"day = made.DAY + {number // DAILY} * 86_400\n"
        f"made.report({rows}, {number}, day).write_csv({str(path)!r}, quote_style='always')"
    )
    subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--files", type=int, default=20)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--check", action="store_true")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="comity-bench-") as home:
        events.ready(home)
        from comity.events import actions
        from comity.events.engine.local import Local

        engine = Local(os.cpu_count() or 1)
        engine.start()
        time.sleep(3)
        pids = [process.pid or 0 for process in engine.processes.values()]
        costs, orders, committers, workers, highest = [], [], [], [], []
        path = Path(home) / "2026-11-20-event4_sinkhole_http-soak-geo.csv"
        for number in range(asked.files):
            made(path, asked.rows, number)
            start = used(pids)
            for done, fault in actions.through(events.received([path]), engine):
                if fault or done.rows != asked.rows:
                    raise SystemExit(f"{fault or done.rows}")
            between = used(pids)
            committers.append(own(os.getpid()))
            workers.append(max(map(own, pids)))
            watch = Highest()
            watch.start()
            actions.compact()
            watch.done.set()
            costs.append((between - start) / asked.rows * 1e6)
            orders.append((used(pids) - between) / asked.rows * 1e6)
            highest.append(watch.found)
        engine.cancel()
    few = max(asked.files // 10, 1)  # so many files are a tenth of the input
    first, last = statistics.median(costs[:3]), statistics.median(costs[-3:])
    print(
        f"events soak: {asked.files * asked.rows:,} rows: {first:.2f} us of processor a row at "
        f"first, {last:.2f} at last: {last / first:.2f} times (target {COST})"
    )
    grown = {
        name: statistics.median(sizes[-3:]) / statistics.median(sizes[few - 1 : few + 2])
        for name, sizes in (("worker", workers), ("committer", committers))
    }
    print(
        f"events soak: memory of its own after {few} files and after {asked.files}: a worker "
        f"{workers[few - 1]:.0f} and {workers[-1]:.0f} MB, the committer {committers[few - 1]:.0f} "
        f"and {committers[-1]:.0f} MB: {max(grown.values()):.2f} times (target {MEMORY})"
    )
    print(
        f"events soak: to put a million in order {orders[0]:.1f} us a row at first, "
        f"{orders[-1]:.1f} at last; {highest[few - 1]:.0f} and {highest[-1]:.0f} MB"
    )
    print(f"events soak: us a row, file by file: {' '.join(f'{cost:.2f}' for cost in costs)}")
    print(f"events soak: the committer's MB: {' '.join(f'{size:.0f}' for size in committers)}")
    return int(asked.check and (last / first > COST or max(grown.values()) > MEMORY))


def used(pids: list[int]) -> float:
    return time.process_time() + sum(map(events.processor, pids))


if __name__ == "__main__":
    sys.exit(main())
