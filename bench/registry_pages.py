"""Pages of the registry with many entries, through the production server: medians of 200 warm
requests. Targets with 100,000 entries: list 100 ms, search 150 ms, entry 60 ms, 100 kB first view.

    python bench/registry_pages.py                     # 20,000 entries: a minute or two
    python bench/registry_pages.py --entries 100000    # as the targets say: some minutes to fill
    python bench/registry_pages.py --home FOLDER       # a house filled before; it is kept
    python bench/registry_pages.py --check             # leaves with 1 above a target
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

from parts.entries import records
from parts.serving import REQUESTS, environment, first_view, served, set_up, times_of

TARGET_KB = 100
PAGES = {  # what, target in ms, addresses that are asked in turn
    "list": (
        100,
        [
            "/en/registry/activity/",
            "/en/registry/tool/",
            "/fr/registry/project/?country=KE",
            "/en/registry/activity/?country=KE&area=training",
            "/ar/registry/publication/?region=AFR",
        ],
    ),
    "search": (
        150,
        [
            "/en/registry/search/?q=training",
            "/en/registry/search/?q=incident+response+energy",
            "/zh/registry/search/?q=%E7%BD%91%E7%BB%9C",
            "/ar/registry/search/?q=%D8%A7%D9%84%D8%A3%D9%85%D9%86",
            "/en/registry/search/?q=nothingatall",
            "/en/registry/search/?q=phish+kenya",
        ],
    ),
    "entry": (
        60,
        [f"/en/registry/{kind}/syn-{n:06d}/" for n, kind in ((7, "activity"), (1, "project"))]
        + ["/fr/registry/initiative/syn-000002/", "/en/registry/agreement/agr-003/"],
    ),
}


def fill(count: int) -> None:
    """In a process of the house: store so many synthetic entries, 5,000 an act."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "comity.site.settings"
    django.setup()
    from comity.kit.sayings import Voice
    from comity.registry.actions import Speaker, store

    speaker = Speaker(Voice.SOURCE, "Synthetic entries", None, "CC0-1.0")
    rows = records(count)
    while chunk := list(islice(rows, 5000)):
        store(chunk, speaker, act="load_entries")


def filled(home: str, count: int) -> float:
    """Set the house up and fill it; the seconds the entries took."""
    set_up(home)
    start = time.perf_counter()
    asked = [sys.executable, __file__, "--fill", str(count)]
    subprocess.run(asked, env=environment(home), check=True, timeout=3600)  # noqa: S603
    return time.perf_counter() - start


def measure(home: str) -> bool:
    """Print the figures; whether all are within their targets."""
    good = True
    with served(home) as port:
        for what, (target, paths) in PAGES.items():
            times = times_of(port, paths)
            median = statistics.median(times)
            good &= median <= target
            print(
                f"registry {what}: median {median:.0f} ms, p95 "
                f"{statistics.quantiles(times, n=20)[-1]:.0f} ms of {REQUESTS} warm requests "
                f"(target {target} ms median), slowest {max(times):.0f} ms"
            )
            sizes = first_view(port, paths[0])
            good &= sum(sizes.values()) <= TARGET_KB * 1000
            print(f"registry {what}: {sum(sizes.values()) / 1000:.1f} kB on first view")
    return good


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--entries", type=int, default=20_000)
    parser.add_argument("--home", default="")
    parser.add_argument("--fill", type=int, default=0)
    parser.add_argument("--check", action="store_true")
    asked = parser.parse_args()
    if asked.fill:
        fill(asked.fill)
        return 0
    with tempfile.TemporaryDirectory(prefix="comity-bench-") as folder:
        home = asked.home or folder
        if not (Path(home) / "comity.sqlite3").exists():
            seconds = filled(home, asked.entries)
            print(f"registry: {asked.entries:,} entries stored in {seconds:.0f} s")
        good = measure(home)
    return int(asked.check and not good)


if __name__ == "__main__":
    sys.exit(main())
