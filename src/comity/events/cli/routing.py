"""Who must act and who is told beside them: `route --explain`, the dry run, the choice."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import click

from comity.events.cli.saying import plain_errors, say

if TYPE_CHECKING:
    from uuid import UUID


@click.command()
@click.option("--explain", "address", metavar="ADDRESS", help="Why events about it go where.")
@click.option("--domain", default="", help="With --explain: the domain the event is about.")
@click.option("--dry-run", "dry", is_flag=True, help="What the directory as it is now changes.")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="Of the dry run; else yesterday.")
@click.option("--inform", multiple=True, metavar="TEAM", help="Tell it of what others answer for.")
@click.option("--no-inform", multiple=True, metavar="TEAM", help="Tell it no longer.")
@click.option("--informed", is_flag=True, help="List the teams that are told.")
def route(
    address: str | None,
    domain: str,
    dry: bool,
    day: dt.datetime | None,
    inform: tuple[str, ...],
    no_inform: tuple[str, ...],
    informed: bool,
) -> None:
    """Explain the routing of an address, or say who would gain and lose events of a day.

    A team whose networks, domains, AS or country lie around those of another is told of what the
    other must act on once it is named by --inform. With --dry-run nothing is changed.

    Example: comity events route --explain 192.0.2.7

    Example: comity events route --dry-run --inform csirt-sample-b
    """
    from django.utils import timezone

    from comity.events.actions import informing
    from comity.events.reads import routing
    from comity.events.reads.informed import choices

    with plain_errors():
        if dry:
            when = day.date() if day else timezone.now().date() - dt.timedelta(days=1)
            for row in routing.dry_run(when, _told(inform, no_inform)):
                say(row)
            return
        for team in (*inform, *no_inform):
            informing.inform(None, team, team in inform)
            say({"team": team, "informed": team in inform})
        if informed:
            for choice in choices(None):
                say({"team": choice.team.code, "since": choice.since})
        if address:
            say(routing.explained(address, domain))
        elif not (inform or no_inform or informed):
            raise click.UsageError("Say --explain ADDRESS, --dry-run, --inform TEAM or --informed.")


def _told(more: tuple[str, ...], less: tuple[str, ...]) -> frozenset[UUID]:
    """Who would be told."""
    from comity.events.reads.informed import chosen, team_called

    return chosen() | {team_called(code).id for code in more} - {
        team_called(code).id for code in less
    }
