"""A paragraph's page through the production server: median and p95 of 200 warm requests, and the
bytes of a first view. Targets: median 50 ms, 100 kB compressed.

    python bench/mandate_page.py            # prints two lines
    python bench/mandate_page.py --check    # the same, and leaves with 1 above a target

The house is set up in a folder of its own, served at a free port of the loopback as `comity serve`
does, and taken down again whatever happens.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

from parts.serving import REQUESTS, first_view, served, set_up, times_of

PATH = "/en/mandate/itu-pp/res-130/2014/p/instructs-tsb/1/iii/a"
TARGET_MS, TARGET_KB = 50, 100


def main(arguments: list[str]) -> int:
    with tempfile.TemporaryDirectory(prefix="comity-bench-") as home:
        set_up(home)
        with served(home) as port:
            times, sizes = times_of(port, [PATH]), first_view(port, PATH)
    median, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
    whole = sum(sizes.values()) / 1000
    print(
        f"mandate page: median {median:.1f} ms, p95 {p95:.1f} ms of {REQUESTS} warm requests "
        f"(target {TARGET_MS} ms median), fastest {min(times):.1f} ms"
    )
    each = ", ".join(f"{Path(path).name} {size / 1000:.1f}" for path, size in sizes.items())
    print(f"mandate page: {whole:.1f} kB on first view (target {TARGET_KB} kB): {each}")
    return int("--check" in arguments and (median > TARGET_MS or whole > TARGET_KB))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
