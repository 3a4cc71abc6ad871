"""Reports in: `ingest`, `resume`, and the rows that were held back."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from comity.events.cli.saying import contents, plain_errors, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from comity.events.actions.receiving import Coming
    from comity.events.models import Intake

ENGINE = click.option("--engine", default="local", show_default=True, help="What runs the work.")
WORKERS = click.option("--workers", type=click.IntRange(1, 256), help="Processes; one a core.")


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@click.option("--feed", default="", help="Feed of the catalogue; else the file's name says it.")
@click.option("--report-type", default="", help="Type of report within the feed.")
@click.option("--report-date", type=click.DateTime(["%Y-%m-%d"]), help="Day of the report.")
@ENGINE
@WORKERS
def ingest(
    files: tuple[str, ...],
    feed: str,
    report_type: str,
    report_date: dt.datetime | None,
    engine: str,
    workers: int | None,
) -> None:
    """Take reports in: CSV, JSON, gzip, zip, `-` for stdin. One JSON object a file.

    A file is safe on disk before its rows are worked on; what an interrupted command left is done
    by `comity events resume`. The same file again stores nothing.

    Example: comity events ingest 2026-11-20-scan_telnet-xx-geo.csv.gz
    """
    from comity.events import actions
    from comity.events.engine import chosen
    from comity.kit.errors import KitError

    failed = 0
    with plain_errors():
        runner = chosen(engine, workers)
    day = report_date.date() if report_date else None

    def coming() -> Iterator[Intake]:
        nonlocal failed
        for name, read in actions.ahead(files, contents, feed=feed):
            try:
                yield from _received(name, read(), feed, report_type, day)
            except (KitError, click.ClickException) as error:
                failed += 1
                say({"file": name, "error": str(error)})
            except OSError as error:
                failed += 1
                say({"file": name, "error": f"{error.strerror or error}."})

    try:
        for done, fault in actions.through(coming(), runner):
            if fault:
                click.echo(f"{fault}", err=True)
            else:
                _told(done)
            failed += bool(fault) or done.state != done.DONE
    finally:
        runner.cancel()
    if failed:
        raise SystemExit(1)


def _received(
    name: str, file: Coming, feed: str, report_type: str, day: dt.date | None
) -> Iterator[Intake]:
    from comity.events import actions

    yield from actions.receive(
        file,
        "stdin" if name == "-" else Path(name).name,
        feed=feed,
        report_type=report_type,
        report_date=day,
    )


def _told(done: Intake) -> None:
    say(_row(done))
    for column in done.told.get("unknown_columns", ()):
        click.echo(f"{done.name}: the column {column} is new; it is kept in extra.", err=True)
    if done.rejected:
        click.echo(
            f"{done.name}: rows held back: {done.rejected}. See: comity events rejected", err=True
        )


def _row(intake: Intake) -> dict[str, Any]:
    row: dict[str, Any] = {
        "file": intake.name,
        "feed": intake.feed,
        "type": intake.report_type,
        "rows": intake.rows,
        "stored": intake.stored,
        "duplicate": intake.duplicate,
        "rejected": intake.rejected,
        "findings_new": intake.findings_new,
        "unrouted": intake.unrouted,
        "seconds": round(intake.seconds, 3),
    }
    return row | ({"error": intake.error} if intake.error else {})


@click.command()
@ENGINE
@WORKERS
def resume(engine: str, workers: int | None) -> None:
    """Finish what an interrupted `ingest` left. Does nothing where nothing is left.

    Example: comity events resume
    """
    from comity.events import actions
    from comity.events.engine import chosen

    with plain_errors():
        runner = chosen(engine, workers)
        try:
            for done in actions.resume(runner):
                say(_row(done))
        finally:
            runner.cancel()


@click.command()
@click.option("--replay", is_flag=True, help="Try them again: after a mapping was improved.")
@click.option(
    "--mend",
    type=(click.UUID, int, str),
    metavar="INTAKE ROW TEXT",
    help="Take this text instead of that row; the others of its file are tried again too.",
)
@click.option("--limit", type=click.IntRange(1), default=1_000, show_default=True)
def rejected(replay: bool, mend: tuple[UUID, int, str] | None, limit: int) -> None:
    """Rows held back: file, line, field, reason, raw text. One JSON object a row.

    With --replay or --mend one object a file: how many were tried, and what became of them. What
    came stays in the raw file.

    Example: comity events rejected --replay
    """
    from comity.events import actions, reads
    from comity.events.actions import mending

    with plain_errors():
        if mend:
            try:
                say({"intake": mend[0], **mending.mend(None, *mend)})
            except reads.NotHeld as error:
                raise click.ClickException(f"{error}. See: comity events rejected") from error
            return
        if replay:
            for intake, name, counts in actions.replay_all():
                say({"intake": intake, "file": name, **counts})
            return
        for row in reads.refused(None, most=limit).iter_rows(named=True):
            say(row)
