"""A paragraph's page through the production server: median and p95 of 200 warm requests, and the
bytes of a first view. Targets: median 50 ms, 100 kB compressed.

    python bench/mandate_page.py            # prints two lines
    python bench/mandate_page.py --check    # the same, and leaves with 1 above a target

The house is set up in a folder of its own, served at a free port of the loopback as `comity serve`
does, and taken down again whatever happens.
"""

from __future__ import annotations

import http.client
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

PATH = "/en/mandate/itu-pp/res-130/2014/p/instructs-tsb/1/iii/a"
SOURCE = Path(__file__).resolve().parents[1] / "src"  # of this checkout, installed or not
REQUESTS, WARM = 200, 20
TARGET_MS, TARGET_KB = 50, 100
ASKED = {"Accept-Encoding": "br, gzip", "Accept": "text/html"}
SEEN_FIRST = re.compile(r'<(?:link|script|img)\b[^>]*?\b(?:href|src)="(/static/[^"]+)"')


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def get(line: http.client.HTTPConnection, path: str) -> tuple[http.client.HTTPResponse, bytes]:
    line.request("GET", path, headers=ASKED)
    answer = line.getresponse()
    return answer, answer.read()


def wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    give_up = time.monotonic() + 60
    while time.monotonic() < give_up:
        if server.poll() is not None:
            raise SystemExit(f"the server ended with {server.returncode}")
        try:
            with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=2)) as line:
                if get(line, "/health")[0].status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the server did not answer within 60 seconds")


def first_view(line: http.client.HTTPConnection) -> dict[str, int]:
    """Bytes on the wire of the page and of everything it loads, by path."""
    _answer, body = get(line, PATH)
    line.request("GET", PATH, headers={"Accept": "text/html"})
    html = line.getresponse().read().decode()
    loads = dict.fromkeys(SEEN_FIRST.findall(html))
    return {PATH: len(body), **{path: len(get(line, path)[1]) for path in loads}}


def measure(port: int) -> tuple[list[float], dict[str, int]]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as line:
        times = []
        for _ in range(WARM + REQUESTS):
            start = time.perf_counter()
            answer, _body = get(line, PATH)
            times.append((time.perf_counter() - start) * 1000)
            if answer.status != 200:
                raise SystemExit(f"{PATH} answered {answer.status}")
        return times[WARM:], first_view(line)


def served(home: str) -> tuple[list[float], dict[str, int]]:
    """Set up a house in `home`, serve it, measure, take it down."""
    env = os.environ | {"COMITY_HOME": home, "PYTHONPATH": str(SOURCE)}
    setup = [sys.executable, "-m", "comity.site.cli", "setup"]
    subprocess.run(setup, env=env, check=True, capture_output=True, timeout=180)  # noqa: S603
    port = free_port()
    web = [sys.executable, "-m", "comity.site.child", "web", f"127.0.0.1:{port}"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    server = subprocess.Popen(web, env=env | {"COMITY_PORT": str(port)}, **quiet)  # noqa: S603
    try:
        wait_for(port, server)
        return measure(port)
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def main(arguments: list[str]) -> int:
    with tempfile.TemporaryDirectory(prefix="comity-bench-") as home:
        times, sizes = served(home)
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
