"""Is this row known? Runs of keys on disk, merged as they grow: targets 300 ns an event, ready in
1 s after a restart with 5 million keys, memory that does not grow with days.

    python bench/events_keys.py                    # 5 million keys of one day
    python bench/events_keys.py --days 30          # 150 million: minutes
    python bench/events_keys.py --check            # leaves with 1 above a target
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))  # this checkout's code

import numpy as np

from comity.events.rules import dedup
from comity.events.store import runs
from comity.events.store.places import Places

SOURCE = sys.path[0]
A_DAY, BATCH, NANOSECONDS, SECONDS, GROWTH = 5_000_000, 100_000, 300, 1.0, 1.10


def anonymous() -> float:
    """Megabytes of this process that are its own; what is mapped from disk is the kernel's."""
    text = Path("/proc/self/status").read_text()
    return int(text.partition("RssAnon:")[2].split()[0]) / 1024


def day(places: Places, known: runs.Known, number: int) -> tuple[float, list[runs.Run]]:
    """Processor seconds for a day: half of the keys of a batch were seen before."""
    chance = np.random.default_rng(number)
    held: list[runs.Run] = []
    spent = 0.0
    for _ in range(A_DAY // BATCH):
        key = chance.integers(0, 1 << 64, BATCH, np.uint64)
        check = key ^ np.uint64(number)
        if held:
            old = known.keys(held[0])
            some = chance.integers(0, len(old), BATCH // 4)
            key[: BATCH // 4], check[: BATCH // 4] = old.key[some], old.check[some]
        days = np.full(BATCH, number, np.int32)
        start = time.process_time()
        order = np.argsort(key)  # the chain sorts once, too
        kept, _ = dedup.first_of(key, check, order)
        order = order[kept[order]]
        key, check, days = key[order], check[order], days[order]
        again = known.stored({number: held}, days, key, check)
        fresh = dedup.Keys(key[~again], check[~again])
        count = dedup.joins([run.count for run in held], len(fresh))
        fresh = dedup.merged(*map(known.keys, held[len(held) - count :]), fresh)
        name = uuid.uuid4().hex
        runs.write(places, name, fresh)
        gone, held = held[len(held) - count :], held[: len(held) - count]
        held.append(runs.Run(name, number, len(fresh)))
        known.keep_only(held)
        spent += time.process_time() - start
        for run in gone:
            places.run(run.name).unlink()
    return spent, held


def ready(root: str, names: list[str]) -> float:
    """Seconds until a process of its own has opened the runs and looked 100,000 keys up."""
    code = f"""
import sys, time
sys.path.insert(0, {SOURCE!r})
from pathlib import Path
import numpy as np
from comity.events.store import runs
from comity.events.store.places import Places
start = time.perf_counter()
held = [runs.Run(*text.split(":")[:1], 0, int(text.split(":")[1])) for text in {names!r}]
key = np.random.default_rng(1).integers(0, 1 << 64, 100_000, np.uint64)
runs.Known(Places(Path({root!r}))).stored({{0: held}}, np.zeros(100_000, np.int32), key, key)
print(time.perf_counter() - start)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)  # noqa: S603
    return float(done.stdout)


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--days", type=int, default=1)
    options.add_argument("--check", action="store_true")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="comity-bench-") as root:
        places = Places(Path(root)).ready()
        known = runs.Known(places)
        spent, held = 0.0, []
        memory: list[float] = []
        for number in range(asked.days):
            seconds, held = day(places, known, number)
            spent += seconds
            memory.append(anonymous())
        each = spent / asked.days / A_DAY * 1e9
        names = [f"{run.name}:{run.count}" for run in held]
        start = ready(root, names)
        print(
            f"events keys: {A_DAY * asked.days:,} rows, {each:.0f} ns of processor a row "
            f"(target {NANOSECONDS}); ready {start:.2f} s after a restart (target {SECONDS:.0f}); "
            f"memory of its own {memory[0]:.0f} MB after the first day, {memory[-1]:.0f} after "
            f"the last; {sum(places.run(run.name).stat().st_size for run in held) >> 20} MB a day"
        )
    missed = each > NANOSECONDS or start > SECONDS or memory[-1] > GROWTH * memory[0]
    return int(asked.check and missed)


if __name__ == "__main__":
    sys.exit(main())
