"""`comity setup`, `serve`, `translations`: make the house ready, open its doors, mind its words."""

from __future__ import annotations

import contextlib
import dataclasses
import io
import json
import os
import shutil
import sys
import time
import urllib.error
import urllib.request

import click
from django.conf import settings
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn


@click.command()
def setup() -> None:
    """Migrate, compile the words, gather static files, load the documents. Quick when done.

    Example: comity setup
    """
    from comity.site import readying

    began = time.perf_counter()
    console = Console(stderr=True)
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
        console=console,
        disable=not console.is_terminal,
    ) as progress:
        for name, words, do in readying.steps():
            line = progress.add_task(words, total=1)
            if not console.is_terminal:
                click.echo(f"{words} …", err=True)
            step = time.perf_counter()
            said = do()
            progress.update(line, completed=1, description=f"{words}: {said}")
            seconds = round(time.perf_counter() - step, 2)
            if not sys.stdout.isatty():
                click.echo(json.dumps({"step": name, "result": said, "seconds": seconds}))
    click.echo(f"Ready in {time.perf_counter() - began:.1f} s.", err=True)


@click.command()
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=settings.PORT,
    show_default=True,
    help="port to serve at",
)
@click.option(
    "--host",
    default="localhost",
    show_default=True,
    help="address to listen at; 0.0.0.0 opens it to the network (put TLS in front)",
)
@click.option("--links", is_flag=True, help="print one-time links for the sample people")
def serve(port: int, host: str, links: bool) -> None:
    """Serve the gateway at http://localhost:PORT: web, workers and schedules, until Ctrl+C.

    Example: comity serve --port 8001
    """
    from comity.site import readying
    from comity.site.supervisor import PortBusy, Supervisor, addresses, household

    if links and host != "localhost":
        raise click.UsageError("--links is for this machine only: leave --host out.")
    try:
        binds = addresses(host, port)
    except PortBusy as error:
        raise click.ClickException(str(error)) from error
    if readying.pending_migrations():
        raise click.ClickException("The database is not ready. Run: comity setup")
    url = f"http://{'localhost' if host in ('localhost', '0.0.0.0') else host}:{port}"  # noqa: S104
    figures = settings.HOME / "run" / "metrics"
    shutil.rmtree(figures, ignore_errors=True)  # of a run before this one
    figures.mkdir(parents=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(figures)
    os.environ["COMITY_PORT"] = str(port)

    def when_ready() -> None:
        click.echo(f"Serving at {url}   (stop with Ctrl+C)", err=True)
        if links:
            _print_links(url)

    supervisor = Supervisor(household(binds))
    sys.exit(supervisor.run(lambda: _answers(binds[0]), when_ready))


def _answers(bind: str) -> bool:
    try:
        with urllib.request.urlopen(f"http://{bind}/health", timeout=1) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _print_links(url: str) -> None:
    """Ask the room people for them; a house without that door says so."""
    from comity.site import readying, rooms
    from comity.site.cli import commands

    if not readying.sample_wanted():
        words = "The sample persons were removed; `comity sample load` brings them back."
        click.echo(words, err=True)
        return

    if "people" not in commands():
        click.echo("This house has no accounts: everything can be read without a link.", err=True)
        return
    import importlib

    people = importlib.import_module("comity.people.cli").people
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        people.main(["links", "--url", url], prog_name="comity people", standalone_mode=False)
    # Made after the sample teams: only now does a sample person find the team to look after.
    link = rooms.lent("comity.directory.actions.sample:link_bodies")
    if link:
        link()
    if not sys.stdout.isatty():
        click.echo(said.getvalue(), nl=False)
        return
    click.echo("To see every side, sign in once as (this machine only):", err=True)
    for row in map(json.loads, said.getvalue().splitlines()):
        click.echo(f"  {row['role'].replace('_', ' '):14} {row['url']}", err=True)


@click.group()
def sample() -> None:
    """The sample data that comes with the product: entries, teams, persons."""


@sample.command("load")
def load_sample() -> None:
    """Bring the sample data of every room, or bring it back.

    Example: comity sample load
    """
    from comity.site import readying

    for room, said in readying.load_sample().items():
        click.echo(json.dumps({"room": room, "result": said}))


@sample.command("remove")
def remove_sample() -> None:
    """Remove all sample data of every room at once; setup does not bring it back.

    Example: comity sample remove
    """
    from comity.site import readying

    for room, count in readying.remove_sample().items():
        click.echo(json.dumps({"room": room, "removed": count}))


@click.group()
def translations() -> None:
    """The catalogues of the five languages besides English."""


@translations.command()
def extract() -> None:
    """Bring every catalogue up to date with the sentences in code and templates.

    Example: comity translations extract
    """
    from comity.site import translations as catalogues

    for room, language, count, missing in catalogues.extract():
        row = {"room": room, "language": language, "sentences": count, "missing": missing}
        click.echo(json.dumps(row))


@translations.command()
def check() -> None:
    """Name what is missing or wrong, one JSON object a line. Exit 1 when there is anything.

    Example: comity translations check | head
    """
    from comity.site import translations as catalogues

    faults = 0
    for fault in catalogues.check():
        faults += 1
        click.echo(json.dumps(dataclasses.asdict(fault), ensure_ascii=False))
    click.echo(f"{faults} faults." if faults else "Every sentence is there.", err=True)
    sys.exit(bool(faults))


@translations.command("compile")
def compile_() -> None:
    """Write the .mo files that are missing or older than their .po.

    Example: comity translations compile
    """
    from comity.site import translations as catalogues

    click.echo(json.dumps({"written": catalogues.compile_catalogues()}))
