"""`comity setup` and `comity serve`: make the house ready, open its doors."""

from __future__ import annotations

import os
import sys

import click
from django.conf import settings
from django.core.management import call_command


@click.command()
def setup() -> None:
    """Migrate, gather static files: everything between an install and the first page."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    click.echo("Ready.", err=True)


@click.command()
@click.option("--port", default=settings.PORT, show_default=True)
def serve(port: int) -> None:
    """Serve the gateway at http://localhost:PORT."""
    click.echo(f"Serving at http://localhost:{port}", err=True)
    os.execv(  # noqa: S606
        sys.executable,
        [
            sys.executable,
            "-m",
            "gunicorn",
            "comity.site.wsgi",
            "-b",
            f"localhost:{port}",
            "-w",
            "2",
        ],
    )
