"""Twenty million rows into one house: does a row cost more, does a process grow? Put in order after
each million, as the household's worker does.

    python bench/events_soak.py                # 20 files of a million rows: minutes
    python bench/events_soak.py --check        # leaves with 1 above a target

Targets: the cost of a row (processor time of all processes) within 15 % from the first millions to
the last, and no process more than 10 % larger after ten times the input.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import events
from events import Spent

COST, MEMORY, BEGINNING = 1.15, 1.10, 2


def resident() -> float:
    """Megabytes of this process that are its own; what is mapped from disk is the kernel's."""
    text = Path("/proc/self/status").read_text()
    return int(text.partition("RssAnon:")[2].split()[0]) / 1024


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--files", type=int, default=20)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--check", action="store_true")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="comity-bench-") as home:
        from parts import events_input as made

        events.ready(home)
        from comity.events import actions
        from comity.events.engine.local import Local

        engine = Local(os.cpu_count() or 1)
        engine.start()
        time.sleep(3)
        pids = [process.pid or 0 for process in engine.processes.values()]
        costs, orders, sizes, peaks = [], [], [], []
        folder = Path(home) / "reports"
        for number in range(asked.files):
            folder.mkdir()
            path = folder / f"2026-11-20-event4_sinkhole_http-soak{number}-geo.csv"
            made.report(asked.rows, number).write_csv(path, quote_style="always")
            start = _now(pids)
            for done, fault in actions.through(events.received([path]), engine):
                if fault or done.rows != asked.rows:
                    raise SystemExit(f"{fault or done.rows}")
            between = _now(pids)
            actions.compact()
            costs.append((between.processor - start.processor) / asked.rows * 1e6)
            orders.append((_now(pids).processor - between.processor) / asked.rows * 1e6)
            sizes.append(resident())
            peaks.append(max(map(events.peak, pids)))
            path.unlink()
            folder.rmdir()
        engine.cancel()
    first = statistics.median(costs[: BEGINNING + 1])
    last = statistics.median(costs[-BEGINNING - 1 :])
    grown = max(sizes[-1] / sizes[BEGINNING - 1], peaks[-1] / peaks[BEGINNING - 1])
    print(
        f"events soak: {asked.files * asked.rows:,} rows: {first:.2f} us of processor a row at "
        f"first, {last:.2f} at last: {last / first:.2f} times (target {COST}); putting in order "
        f"{orders[0]:.1f} and {orders[-1]:.1f}"
    )
    print(
        f"events soak: a worker's peak {peaks[BEGINNING - 1]:.0f} MB after {BEGINNING} files and "
        f"{peaks[-1]:.0f} after {asked.files}, the committer {sizes[BEGINNING - 1]:.0f} and "
        f"{sizes[-1]:.0f}: {grown:.2f} times (target {MEMORY})"
    )
    print(f"events soak: each file's us a row: {' '.join(f'{cost:.2f}' for cost in costs)}")
    return int(asked.check and (last / first > COST or grown > MEMORY))


def _now(pids: list[int]) -> Spent:
    used = time.process_time() + sum(map(events.processor, pids))
    return Spent(time.perf_counter(), used)


if __name__ == "__main__":
    sys.exit(main())
