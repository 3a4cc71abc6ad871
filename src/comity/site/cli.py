"""The command `comity`: every room's commands under one name.

JSON lines go to stdout, words to stderr, progress only to a terminal. Exit codes: 0 done,
1 the answer is no or the input is bad, 2 the command was called wrongly.
"""

from __future__ import annotations

import importlib
import os
import sys
from functools import cache
from pathlib import Path
from typing import NoReturn

import click

HOUSE = {  # the house's own: command, module and attribute; loaded only when asked for
    "setup": "comity.site.commands:setup",
    "serve": "comity.site.commands:serve",
    "doctor": "comity.site.doctor:doctor",
    "sample": "comity.site.commands:sample",
    "translations": "comity.site.commands:translations",
}


@cache
def commands() -> dict[str, str]:
    """Every command and where it is: a room with a `cli` has a command of its own name in it."""
    folder = Path(__file__).resolve().parent.parent
    doors = (*folder.glob("*/cli.py"), *folder.glob("*/cli/__init__.py"))
    names = {path.relative_to(folder).parts[0] for path in doors} - {"site"}
    return HOUSE | {name: f"comity.{name}.cli:{name}" for name in names}


class House(click.Group):
    """Loads a room's commands when they are called, so that `comity --help` is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(commands())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in commands():
            return None
        module, name = commands()[cmd_name].split(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command


@click.group(cls=House)
@click.version_option(package_name="comity", prog_name="comity")
def comity() -> None:
    """Comity, a cybersecurity gateway."""


def main() -> None:
    """Entry point: set Django up, run, turn a closed pipe into a quiet end."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comity.site.settings")
    import django
    from django.db import OperationalError, ProgrammingError

    try:
        django.setup()
    except OSError as error:  # the keys could not be written
        _give_up(f"{error.filename}: {error.strerror}. Set COMITY_HOME to a folder of yours.")
    except ValueError as error:
        _give_up(f"A setting cannot be used: {error}. `pydoc comity.site.settings` lists them.")
    try:
        comity(prog_name="comity")
    except BrokenPipeError:  # `comity … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except (OperationalError, ProgrammingError) as error:
        reason = str(error).strip().splitlines()[0]
        if "no such table" in reason or "does not exist" in reason:
            _give_up("There is nothing here yet. Run `comity setup`, or set COMITY_HOME.")
        _give_up(f"The database does not answer: {reason}. `comity doctor` looks closer.")


def _give_up(words: str) -> NoReturn:
    click.echo(words, err=True)
    sys.exit(1)


if __name__ == "__main__":
    main()
