"""What a desk asks of the store once it is in order, and the pages that ask it, beside their aims:
one constituent's day, counts by day, type and AS, an address; every page of the room a duty officer
reads. Medians of five in a process that has answered before, and the first answer of a new one.

    python bench/events_ask.py                           # 1,000,000 events of ten days
    python bench/events_ask.py --rows 5000000            # as the target has it
    python bench/events_ask.py --rows 5000000 --home H   # keeps the house, and asks it again
    python bench/events_ask.py --check                   # leaves with 1 above an aim
"""

from __future__ import annotations

import argparse
import datetime as dt
import ipaddress
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve()
SOURCE = HERE.parents[1] / "src"
sys.path[:0] = [str(SOURCE), str(HERE.parent)]
os.environ["PYTHONPATH"] = str(SOURCE)  # the workers read this checkout too
TIMES, PAGE_AIM = 5, 300  # ms
AIMS = {"a constituent's day": 50, "counts by day, type and AS": 150, "an address": 120}
PAGES = {
    "duty": "",
    "duty, everybody's": "?whose=all",
    "changes": "changes",
    "changes, everybody's": "changes?whose=all",
    "list": "list",
    "list, everybody's": "list?whose=all",
    "list, one AS": "list?whose=all&asn={asn}",
    "list, an address": "list?whose=all&network={ip}",
    "totals": "totals",
    "unrouted": "unrouted",
    "one event": "event/{event}",
    "API findings": "/api/v1/events/findings?whose=all",
    "API counts": "/api/v1/events/counts?by=class_type&whose=all",
}


def opened(home: Path, rows: int, days: int) -> None:
    """The house in this folder, made where it is not there yet."""
    os.environ["COMITY_HOME"] = str(home)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comity.site.settings")
    import django

    django.setup()
    made = home / "made"
    if made.exists():
        return
    from django.core.management import call_command
    from parts import events_house, events_input

    from comity.events import actions
    from comity.site import readying

    call_command("migrate", verbosity=0)
    readying.compile_words()
    readying.gather_static()
    actions.update_tables(events_input.tables())
    events_house.direct(events_input.claims())
    actions.current_routes()
    events_house.fill(home / "reports", rows, days)
    made.touch()


def median(ask: Callable[[], object]) -> float:
    times = []
    for _ in range(TIMES):
        start = time.perf_counter()
        ask()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def said(what: str, took: float, aim: float, more: str = "") -> bool:
    print(f"events {what}: {took:.0f} ms (aim {aim:.0f} ms){more}", flush=True)
    return took > aim


def questions() -> bool:
    """The three of the aim, as somebody who may see all of the rows."""
    from parts.events_house import viewer

    from comity.events.reads import asking, scoping
    from comity.events.types.asking import Question

    who = viewer("duty")
    ip = known()["ip"]
    day = newest()
    own = Question(since=day, until=day, own=True)
    asked = {
        "a constituent's day": lambda: scoping.events(who, own).collect(),
        "counts by day, type and AS": lambda: asking.counts(
            who, Question(), ("day", "class_type", "src_asn")
        ),
        "an address": lambda: scoping.events(who, Question(network=ip)).collect(),
    }
    missed = False
    for name, ask in asked.items():
        missed |= said(f"question: {name}", median(ask), AIMS[name])
    return missed


def newest() -> dt.date:
    from parts.events_input import DAY

    return dt.datetime.fromtimestamp(DAY, dt.UTC).date()


def known() -> dict[str, Any]:
    """An address seen some dozen times a day (the one seen most is in an eighth of all rows, as no
    address of the world is), a large AS, an event: what the questions are about."""
    import polars as pl

    from comity.events.reads import scoping
    from comity.events.types.asking import Question

    every = scoping.scanned(Question(since=newest()))
    seen = every.group_by("src_ip4").len().filter(pl.col("len") >= 24).sort("len", "src_ip4")
    ip = seen.head(1).collect()["src_ip4"][0]
    asn = every.select(pl.col("src_asn").mode().min()).collect().item()
    one = every.filter(pl.col("src_ip4") == ip).head(1).collect()
    from comity.events.reads.showing import shown

    return {
        "ip": str(ipaddress.IPv4Address(ip)),
        "asn": asn,
        "event": shown(None, one)["event_id"][0],
    }


def address(page: str, about: dict[str, Any]) -> str:
    path = PAGES[page].format(**about)
    return path if path.startswith("/") else f"/en/events/{path}"


def browser(name: str) -> Any:
    from django.conf import settings
    from django.test import Client
    from parts.events_house import account

    client = Client(HTTP_HOST="localhost")
    client.force_login(account(name), backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def asks(path: str) -> str:
    """Totals are for a secretariat."""
    return "secretariat" if "totals" in path else "duty"


def get(client: Any, path: str) -> None:
    answer = client.get(path)
    if answer.status_code != 200:
        raise SystemExit(f"{path} answered {answer.status_code}")


def pages(home: Path) -> bool:
    from parts.events_house import PEOPLE

    clients, about = {name: browser(name) for name in PEOPLE}, known()
    missed = False
    for name in PAGES:
        path = address(name, about)
        client = clients[asks(path)]
        get(client, path)
        took = median(lambda client=client, path=path: get(client, path))
        cold = first(home, path)
        missed |= said(f"page: {name}", took, PAGE_AIM, f", the first of a new process {cold} ms")
    return missed


def first(home: Path, path: str) -> str:
    """Milliseconds of the first page that a process answers, right after its start."""
    told = [sys.executable, str(HERE), "--home", str(home), "--first", path]
    done = subprocess.run(told, check=True, capture_output=True, text=True, timeout=120)  # noqa: S603
    return done.stdout.strip().splitlines()[-1]


def answer_first(path: str) -> None:
    from comity.site.wsgi import application

    assert application is not None  # noqa: S101 - as the server has loaded it before it forks
    client = browser(asks(path))
    start = time.perf_counter()
    get(client, path)
    print(f"{(time.perf_counter() - start) * 1000:.0f}")


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--days", type=int, default=10)
    options.add_argument("--home", type=Path)
    options.add_argument("--first")
    options.add_argument("--check", action="store_true")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="comity-bench-") as folder:
        home = asked.home or Path(folder)
        opened(home, asked.rows, asked.days)
        if asked.first:
            answer_first(asked.first)
            return 0
        missed = questions()
        missed |= pages(home)
    return int(asked.check and missed)


if __name__ == "__main__":
    sys.exit(main())
