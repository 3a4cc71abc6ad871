"""A report of 1,000 rows handed in over HTTP until it is stored and counted for who asks: the first
one after a start of the whole household, and later ones. Target: 2 s.

    python bench/events_push.py
    python bench/events_push.py --check    # leaves with 1 above the target
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from typing import Any

from parts.serving import environment, free_port, set_up, wait_for

TARGET, ROWS, LATER, STARTS = 2.0, 1_000, 5, 3
HEADER = '"timestamp","severity","ip","protocol","port","hostname","tag","asn","geo"\n'
ROW = (
    '"2026-11-20 12:00:{:02d}","high","198.51.{}.{}","tcp","23","host-{}.example.net","telnet",'
    '"64500","KE"\n'
)


def report(number: int) -> bytes:
    rows = range(number * ROWS, (number + 1) * ROWS)
    text = (ROW.format(n % 60, n // 256 % 256, n % 256, n) for n in rows)
    return (HEADER + "".join(text)).encode()


class House:
    """A household served, and a token of its secretariat."""

    def __init__(self, home: str) -> None:
        self.home, self.port = home, free_port()

    def comity(self, *words: str) -> str:
        command = [sys.executable, "-m", "comity.site.cli", *words]
        done = subprocess.run(  # noqa: S603
            command, env=environment(self.home), check=True, capture_output=True, text=True
        )
        return done.stdout

    def __enter__(self) -> House:
        serve = ["-m", "comity.site.cli", "serve", "--port", str(self.port)]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.server = subprocess.Popen(  # noqa: S603
            [sys.executable, *serve], env=environment(self.home), **quiet
        )
        wait_for(self.port, self.server)
        return self

    def __exit__(self, *_error: object) -> None:
        self.server.terminate()
        self.server.wait(60)

    def ask(self, path: str, token: str, data: bytes | None = None) -> dict[str, Any]:
        url = f"http://127.0.0.1:{self.port}/api/v1/events/{path}"
        request = urllib.request.Request(url, data, {"Authorization": f"Bearer {token}"})
        request.add_header("Content-Type", "application/octet-stream")
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            found: dict[str, Any] = json.load(answer)
            return found

    def pushed(self, number: int, token: str) -> float:
        """Seconds until the report is stored and in the totals."""
        before = self.total(token)
        start = time.perf_counter()
        [file] = self.ask(
            f"reports?feed=shadowserver&name=2026-11-20-scan_telnet-{number}-geo.csv",
            token,
            report(number),
        )["files"]
        while (state := self.ask(f"files/{file['id']}", token)["state"]) == "waiting":
            if time.perf_counter() - start > 60:
                raise SystemExit("the report was not stored within a minute")
            time.sleep(0.02)
        if state != "done" or self.total(token) < before + ROWS:
            raise SystemExit(f"the report is {state} and not in the totals")
        return time.perf_counter() - start

    def total(self, token: str) -> int:
        groups = self.ask("counts?by=report_type&total=true", token)["counts"]
        return sum(group["events"] for group in groups)


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--check", action="store_true")
    asked = options.parse_args()
    first, later = [], []
    with tempfile.TemporaryDirectory(prefix="comity-bench-") as home:
        set_up(home)
        house = House(home)
        house.comity("people", "add-person", "bench", "--name", "Bench", "--role", "secretariat")
        made = house.comity(
            *("people", "token", "create", "bench", "--name", "bench", "--scope", "events")
        )
        token = json.loads(made.partition("\n")[0])["token"]
        for start in range(STARTS):
            with house:
                first.append(house.pushed(start * 100, token))
                later += [house.pushed(start * 100 + n, token) for n in range(1, LATER + 1)]
    print(
        f"events push: {ROWS:,} rows stored and counted: the first after a start in "
        f"{max(first):.1f} s at most of {len(first)}, later ones in {statistics.median(later):.1f} "
        f"s (target {TARGET:.0f} s)"
    )
    return int(asked.check and max(max(first), statistics.median(later)) > TARGET)


if __name__ == "__main__":
    sys.exit(main())
