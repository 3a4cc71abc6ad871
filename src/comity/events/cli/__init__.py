"""`comity events`: reports in, questions out, tables, feeds, upkeep."""

from __future__ import annotations

import importlib
import importlib.util

import click

COMMANDS = {  # loaded only when asked for
    "ingest": "ingesting:ingest",
    "resume": "ingesting:resume",
    "rejected": "ingesting:rejected",
    "parse": "parsing:parse",
    "query": "asking:query",
    "route": "routing:route",
    "tables": "upkeep:tables",
    "feeds": "upkeep:feeds",
    "hold": "holding:hold",
    "compact": "upkeep:compact",
    "retain": "upkeep:retain",
}


class Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for name in sorted(COMMANDS) if self.get_command(ctx, name)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        where = f"comity.events.cli.{module}"
        if importlib.util.find_spec(where) is None:
            return None
        command: click.Command = getattr(importlib.import_module(where), name)
        return command


@click.group(cls=Commands)
def events() -> None:
    """Reports of threats and abuse: taken in, looked up, routed, kept, asked about."""
