"""`comity doctor`: what this machine lacks, and what to do about it."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

import click
from django.conf import settings
from django.db import DatabaseError, connection

from comity.ledger import reads as ledger
from comity.site import readying, translations
from comity.site.home import open_to_others
from comity.site.supervisor import PortBusy, addresses

GUARDS_REMEDY = "comity ledger verify says whether rows were changed; comity setup puts them back"
ENOUGH_DISK = 500 * 1024 * 1024  # bytes: database, static files and a year of checkpoints


@dataclass(frozen=True, slots=True)
class Found:
    """One examination. What is not `needed` may be missing: something lesser then fails."""

    name: str
    ok: bool
    detail: str
    remedy: str = ""
    needed: bool = True


def python() -> Found:
    version = ".".join(map(str, sys.version_info[:3]))
    return Found("python", sys.version_info >= (3, 11), version, "Install Python 3.11 or newer.")


def venv_module() -> Found:
    ok = all(importlib.util.find_spec(name) for name in ("venv", "ensurepip"))
    return Found(
        "venv", ok, "there" if ok else "missing", "On Debian: apt-get install python3-venv"
    )


def home() -> Found:
    probe = settings.HOME / ".doctor"
    try:
        settings.HOME.mkdir(parents=True, exist_ok=True)
        probe.write_text("can write")
        probe.unlink()
    except OSError as error:
        why = error.strerror or "cannot write"
        return Found(
            "home", False, f"{settings.HOME}: {why}", "Set COMITY_HOME to a folder of yours."
        )
    return Found("home", True, str(settings.HOME))


def disk() -> Found:
    free = shutil.disk_usage(settings.HOME).free
    remedy = "Make room, or set COMITY_HOME to a larger disk."
    return Found("disk", free > ENOUGH_DISK, f"{free // 2**20} MB free", remedy)


def privacy() -> Found:
    """Home, keys and database are for the user who runs the gateway, for nobody else."""
    loose = open_to_others(settings.HOME)
    detail = ", ".join(path.name for path in loose) + " can be read by others"
    remedy = f"chmod -R go= {settings.HOME}"
    return Found("privacy", not loose, detail if loose else "only for this user", remedy)


def database() -> Found:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        detail = f"{connection.vendor}: {type(error).__name__}"
        return Found("database", False, detail, "Check COMITY_DATABASE, and that the server runs.")
    return Found("database", True, connection.vendor)


def migrations() -> Found:
    try:
        waiting = readying.pending_migrations()
    except DatabaseError:
        return Found("migrations", False, "the database does not answer", "See database.")
    return Found("migrations", not waiting, f"{waiting} to apply", "comity setup")


def guards() -> Found:
    """The triggers that keep the record of acts append-only are in place, as we wrote them."""
    try:
        missing = ledger.guards_missing()
    except DatabaseError:
        return Found("ledger guards", False, "the database does not answer", "See database.")
    detail = "missing: " + ", ".join(missing) if missing else "all in place"
    return Found("ledger guards", not missing, detail, GUARDS_REMEDY)


def catalogues() -> Found:
    waiting = len(translations.stale())
    return Found("catalogues", not waiting, f"{waiting} to compile", "comity setup")


def port() -> Found:
    try:
        addresses("localhost", settings.PORT)
    except PortBusy as error:
        return Found("port", False, f"{settings.PORT} is busy", str(error), needed=False)
    return Found("port", True, f"{settings.PORT} is free")


def package_index() -> Found:
    command = [sys.executable, "-m", "pip", "index", "versions", "pip", "-q", "--retries", "0"]
    command += ["--timeout", "8"]
    try:
        ok = subprocess.run(command, capture_output=True, timeout=30).returncode == 0  # noqa: S603
    except subprocess.TimeoutExpired:
        ok = False
    remedy = "Needed only to install or to test: check the network, or pip's configured index."
    return Found("package index", ok, "answers" if ok else "no answer", remedy, needed=False)


def _fonts(name: str, language: str, package: str) -> Found:
    remedy = (
        f"Only browsers on this machine and tests need them. On Debian: apt-get install {package}"
    )
    if not shutil.which("fc-list"):
        return Found(name, False, "fc-list is missing", remedy, needed=False)
    listed = subprocess.run(  # noqa: S603
        ["fc-list", f":lang={language}", "family"],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    ).stdout.splitlines()
    return Found(name, bool(listed), listed[0] if listed else "none", remedy, needed=False)


def arabic_fonts() -> Found:
    return _fonts("fonts for Arabic", "ar", "fonts-noto-core")


def chinese_fonts() -> Found:
    return _fonts("fonts for Chinese", "zh-cn", "fonts-noto-cjk")


def chromium() -> Found:
    where = shutil.which("chromium") or ""
    remedy = "Only the browser tests need it. On Debian: apt-get install chromium"
    return Found("chromium", bool(where), where or "missing", remedy, needed=False)


EXAMINATIONS: tuple[Callable[[], Found], ...] = (
    python,
    venv_module,
    home,
    disk,
    privacy,
    database,
    migrations,
    guards,
    catalogues,
    port,
    arabic_fonts,
    chinese_fonts,
    chromium,
    package_index,
)


def examine(offline: bool = False) -> Iterator[Found]:
    for examination in EXAMINATIONS:
        if not (offline and examination is package_index):
            yield examination()


@click.command()
@click.option("--quiet", is_flag=True, help="say only what is missing")
@click.option("--offline", is_flag=True, help="do not ask the package index")
def doctor(quiet: bool, offline: bool) -> None:
    """Say what is missing on this machine, with the remedy. Exit 1 when something needed is.

    Example: comity doctor --offline
    """
    lacking = False
    for found in examine(offline or os.environ.get("PIP_NO_INDEX") == "1"):
        lacking = lacking or (found.needed and not found.ok)
        click.echo(json.dumps(asdict(found), ensure_ascii=False))
        if not found.ok:
            weight = "missing" if found.needed else "may be missing"
            click.echo(f"{found.name}: {found.detail} ({weight}). {found.remedy}", err=True)
        elif not quiet:
            click.echo(f"{found.name}: {found.detail}", err=True)
    sys.exit(1 if lacking else 0)
