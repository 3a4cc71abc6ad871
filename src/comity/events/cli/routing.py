"""Who must act: `route --explain`, and the dry run."""

from __future__ import annotations

import datetime as dt

import click

from comity.events.cli.saying import plain_errors, say


@click.command()
@click.option("--explain", "address", metavar="ADDRESS", help="Why events about it go where.")
@click.option("--domain", default="", help="With --explain: the domain the event is about.")
@click.option("--dry-run", "dry", is_flag=True, help="What the directory as it is now changes.")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="Of the dry run; else yesterday.")
def route(address: str | None, domain: str, dry: bool, day: dt.datetime | None) -> None:
    """Explain the routing of an address, or say who would gain and lose events of a day.

    Example: comity events route --explain 192.0.2.7
    """
    from django.utils import timezone

    from comity.events.reads import routing

    with plain_errors():
        if address:
            say(routing.explained(address, domain))
        elif dry:
            when = day.date() if day else timezone.now().date() - dt.timedelta(days=1)
            for row in routing.dry_run(when):
                say(row)
        else:
            raise click.UsageError("Say --explain ADDRESS or --dry-run.")
