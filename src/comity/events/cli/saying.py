"""How the commands of this room speak: JSON lines out, words on stderr, files in."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click


@contextmanager
def plain_errors() -> Iterator[None]:
    """What the room says is wrong, as one sentence on stderr and exit code 1."""
    from comity.kit.errors import KitError

    try:
        yield
    except KitError as error:
        raise click.ClickException(str(error)) from error
    except BrokenPipeError:
        raise  # `| head`: the house ends quietly
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        raise click.ClickException(f"{where}{error.strerror or error}.") from error


def say(row: dict[str, Any]) -> None:
    click.echo(json.dumps(row, ensure_ascii=False, default=str))


def contents(name: str) -> bytes:
    """A file, or stdin for `-`."""
    if name == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise click.ClickException(f"{name}: {error.strerror}.") from error
