"""Legal holds at the machine itself: `hold place`, `hold lift`, `hold list`."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from comity.events.cli.saying import plain_errors, say

if TYPE_CHECKING:
    from comity.events.models import Hold

DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def hold() -> None:
    """Legal holds: days whose events and raw files retention leaves alone."""


@hold.command()
@click.option("--first", type=DAY, required=True, help="First day.")
@click.option("--last", type=DAY, required=True, help="Last day.")
@click.option("--feed", default="", help="Of this feed alone; else of all.")
@click.option("--reason", required=True, help="Who asked for it, under which reference.")
def place(first: dt.datetime, last: dt.datetime, feed: str, reason: str) -> None:
    """Keep what is about these days, until it is lifted.

    Example: comity events hold place --first 2026-11-01 --last 2026-11-30 --reason "order 12/26"
    """
    from comity.events import actions

    with plain_errors():
        say(_row(actions.place(None, first.date(), last.date(), reason, feed=feed)))


@hold.command()
@click.argument("key", type=click.UUID, metavar="ID")
def lift(key: UUID) -> None:
    """Let retention go on. Its number is told by `hold list`.

    Example: comity events hold lift 01a23051-3884-7651-9982-cad779381946
    """
    from comity.events import actions, reads

    with plain_errors():
        try:
            say(_row(actions.lift(None, key)))
        except reads.NotHeld as error:
            raise click.ClickException(f"{error}. See: comity events hold list") from error


@hold.command("list")
def list_() -> None:
    """All holds, those that stand first.

    Example: comity events hold list
    """
    from comity.events.reads import holds

    for row in holds.holds(None):
        say(_row(row))


def _row(row: Hold) -> dict[str, Any]:
    return {
        "id": row.pk,
        "feed": row.feed,
        "first": row.first,
        "last": row.last,
        "reason": row.reason,
        "placed": row.placed,
        "lifted": row.lifted,
    }
