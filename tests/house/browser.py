"""A real browser against the real server: the product's own settings, in a home thrown away."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
FLAGS = [
    "--no-sandbox",  # tests run in containers, as root
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def executable() -> str:
    """Where Chromium is; the test is skipped without one, unless COMITY_NEEDS_BROWSER=1."""
    found = shutil.which("chromium")
    if found:
        return found
    if os.environ.get("COMITY_NEEDS_BROWSER") == "1":
        pytest.fail("chromium is missing and COMITY_NEEDS_BROWSER=1. apt-get install chromium")
    pytest.skip("needs chromium on the PATH")


@dataclass(frozen=True)
class Page:
    """One row of the walk as the browser opens it."""

    route: str
    viewer: str
    urls: dict[str, str]


@dataclass(frozen=True)
class Server:
    """A running gateway, its pages, and the sessions of the sample people."""

    url: str
    pages: list[Page]
    sessions: dict[str, str]

    def cookies(self, viewer: str) -> list[dict[str, Any]]:
        if viewer == "anonymous":
            return []
        return [{"name": "sessionid", "value": self.sessions[viewer], "url": self.url}]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def served(home: Path) -> Iterator[Server]:
    """`comity setup`, the rows' data, then the web as `comity serve` starts it."""
    port = _free_port()
    environment = {k: v for k, v in os.environ.items() if k not in {"COMITY_DATABASE"}}
    environment |= {
        "COMITY_HOME": str(home),
        "COMITY_PORT": str(port),
        "DJANGO_SETTINGS_MODULE": "comity.site.settings",
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
    }

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments], env=environment, cwd=ROOT, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
        return done.stdout

    run("-m", "comity.site.cli", "setup")
    told = json.loads(run("-m", "tests.walk").splitlines()[-1])
    log = (home / "web.log").open("wb")
    web = subprocess.Popen(
        [sys.executable, "-m", "comity.site.child", "web", f"127.0.0.1:{port}"],
        env=environment,
        cwd=ROOT,
        stdout=log,
        stderr=log,
    )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(f"{url}/health", web)
        yield Server(url, [Page(**page) for page in told["pages"]], told["sessions"])
    finally:
        web.terminate()
        web.wait(15)
        log.close()


def _wait_for(url: str, web: subprocess.Popen[bytes]) -> None:
    for _attempt in range(300):
        assert web.poll() is None, "the web stopped at its start"
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=1) as answer:
            if answer.status == 200:
                return
        time.sleep(0.1)
    raise AssertionError("the web did not answer within 30 seconds")
