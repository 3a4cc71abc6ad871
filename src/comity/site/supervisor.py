"""One parent over web and workers: starts them, restarts what dies, stops all within seconds."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import FrameType

import structlog

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds before a restart; doubles while it keeps dying
STEADY = 60.0  # seconds of life after which a death counts as the first again
GRACE = 6.0  # seconds to finish the request or the job in hand
log = structlog.get_logger("comity.supervisor")


class PortBusy(Exception):
    """Somebody else listens there."""


def addresses(host: str, port: int) -> list[str]:
    """What to bind, as gunicorn writes it: for localhost both loopbacks, for a name itself.

    Raises `PortBusy` when one of them is taken.
    """
    wanted = [("127.0.0.1", socket.AF_INET)]
    if host == "localhost":
        if socket.has_ipv6 and _can_bind("::1", 0, socket.AF_INET6):
            wanted.append(("::1", socket.AF_INET6))
    else:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        wanted = [(host, family)]
    for address, family in wanted:
        if not _can_bind(address, port, family):
            raise PortBusy(
                f"Port {port} is busy. Take another: make run PORT={port + 1}, "
                f"or comity serve --port {port + 1}."
            )
    return [f"[{a}]:{port}" if ":" in a else f"{a}:{port}" for a, _family in wanted]


def _can_bind(address: str, port: int, family: int) -> bool:
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError:
            return False
    return True


@dataclass
class Child:
    """One process to keep alive."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = FIRST_PAUSE
    again_at: float = 0.0

    def start(self) -> None:
        # Its own session: Ctrl+C reaches the parent alone, which then stops all in order.
        self.process = subprocess.Popen(self.command, start_new_session=True)  # noqa: S603
        self.started = time.monotonic()

    def tend(self, now: float) -> None:
        """Start it again when it died, after a pause that grows."""
        if self.process is None:
            if now >= self.again_at:
                self.start()
            return
        code = self.process.poll()
        if code is None:
            return
        self.pause = (
            FIRST_PAUSE if now - self.started > STEADY else min(self.pause * 2, LONGEST_PAUSE)
        )
        log.error("a process died", process_name=self.name, code=code, again_in=self.pause)
        self.process, self.again_at = None, now + self.pause


@dataclass
class Supervisor:
    """Keeps the children alive until SIGTERM or SIGINT."""

    children: list[Child]
    stopping: bool = field(default=False, init=False)

    def run(self, ready: Callable[[], bool], when_ready: Callable[[], None]) -> int:
        """Start all, call `when_ready` once `ready()` holds, tend until stopped. Returns 0, or 1
        when the web never became ready."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        for child in self.children:
            child.start()
        told, give_up = False, time.monotonic() + 60
        try:
            while not self.stopping:
                for child in self.children:
                    child.tend(time.monotonic())
                if not told and ready():
                    told = True
                    when_ready()
                if not told and time.monotonic() > give_up:
                    log.error("the web did not answer within 60 seconds")
                    return 1
                time.sleep(0.1 if not told else 0.5)
        finally:
            self._end_all()
        return 0

    def _stop(self, signum: int, frame: FrameType | None) -> None:
        self.stopping = True

    def _end_all(self) -> None:
        living = [c.process for c in self.children if c.process and c.process.poll() is None]
        for process in living:
            process.terminate()
        deadline = time.monotonic() + GRACE
        for process in living:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                _kill_group(process)
                process.wait()


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)  # its session: gunicorn's workers too
    except ProcessLookupError:
        process.kill()


def household(binds: list[str]) -> list[Child]:
    """The processes of one gateway."""
    start = [sys.executable, "-m", "comity.site.child"]
    return [
        Child("web", [*start, "web", *binds]),
        Child("short", [*start, "worker", "short"]),
        Child("long", [*start, "worker", "long"]),
    ]
