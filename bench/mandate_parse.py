"""Both documents of Resolution 130 parsed together, target under 0.5 s.

python bench/mandate_parse.py            # prints one line
python bench/mandate_parse.py --check    # the same, and leaves with 1 above the target
"""

from __future__ import annotations

import sys
import time
from importlib.resources import files
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))  # this checkout's code

from comity.mandate.formats.any import parse
from comity.mandate.rules.proposers import read_proposers

TIMES, TARGET = 10, 0.5
NAMES = ("2014-10-28.txt", "2014.json")


def main(arguments: list[str]) -> int:
    data = files("comity.mandate") / "data"
    sources = {name: (data / "itu-pp" / "res-130" / name).read_bytes() for name in NAMES}
    table = read_proposers((data / "proposers.csv").read_text(encoding="utf-8"))
    proposers = {row.symbol: row.name for row in table.values()}
    took: dict[str, list[float]] = {name: [] for name in NAMES}
    for _ in range(TIMES):
        for name, source in sources.items():
            start = time.perf_counter()
            parse(source, name=name, proposers=proposers)
            took[name].append(time.perf_counter() - start)
    best = {name: min(times) for name, times in took.items()}
    together = sum(best.values())
    each = ", ".join(f"{name} {seconds * 1000:.0f} ms" for name, seconds in best.items())
    print(
        f"mandate parse: both documents in {together * 1000:.0f} ms "
        f"(best of {TIMES}; target {TARGET * 1000:.0f} ms): {each}"
    )
    return int("--check" in arguments and together > TARGET)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
