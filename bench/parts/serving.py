"""A house in a folder of its own, served at a free port of the loopback as `comity serve` does, and
taken down again whatever happens; and the time and weight of its pages."""

from __future__ import annotations

import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src"  # of this checkout, installed or not
BENCH = Path(__file__).resolve().parents[1]
REQUESTS, WARM = 200, 20
ASKED = {"Accept-Encoding": "br, gzip", "Accept": "text/html"}
SEEN_FIRST = re.compile(r'<(?:link|script|img)\b[^>]*?\b(?:href|src)="(/static/[^"]+)"')


def environment(home: str) -> dict[str, str]:
    """What a process of this house needs to know."""
    return os.environ | {"COMITY_HOME": home, "PYTHONPATH": f"{SOURCE}{os.pathsep}{BENCH}"}


def set_up(home: str) -> None:
    """Make the house in this folder: tables, documents, sample data."""
    setup = [sys.executable, "-m", "comity.site.cli", "setup"]
    subprocess.run(setup, env=environment(home), check=True, capture_output=True, timeout=300)  # noqa: S603


@contextmanager
def served(home: str) -> Iterator[int]:
    """The port at which the production server answers."""
    port = free_port()
    web = [sys.executable, "-m", "comity.site.child", "web", f"127.0.0.1:{port}"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    env = environment(home) | {"COMITY_PORT": str(port)}
    server = subprocess.Popen(web, env=env, **quiet)  # noqa: S603
    try:
        wait_for(port, server)
        yield port
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


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


def times_of(port: int, paths: list[str], requests: int = REQUESTS) -> list[float]:
    """Milliseconds of so many warm requests, going round the paths."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as line:
        times = []
        for n in range(WARM + requests):
            path = paths[n % len(paths)]
            start = time.perf_counter()
            answer, _body = get(line, path)
            times.append((time.perf_counter() - start) * 1000)
            if answer.status != 200:
                raise SystemExit(f"{path} answered {answer.status}")
        return times[WARM:]


def first_view(port: int, path: str) -> dict[str, int]:
    """Bytes on the wire of the page and of everything it loads, by path."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as line:
        _answer, body = get(line, path)
        line.request("GET", path, headers={"Accept": "text/html"})
        html = line.getresponse().read().decode()
        loads = dict.fromkeys(SEEN_FIRST.findall(html))
        return {path: len(body), **{each: len(get(line, each)[1]) for each in loads}}
