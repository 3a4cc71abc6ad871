"""Questions: `query`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from comity.events.cli.saying import plain_errors

if TYPE_CHECKING:
    import polars as pl

FORMATS = ("jsonl", "csv", "parquet", "stix")
DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.option("--since", type=DAY, help="First day.")
@click.option("--until", type=DAY, help="Last day.")
@click.option("--feed", default="")
@click.option("--report-type", default="")
@click.option("--country", default="", help="Two letters; the country that routing used.")
@click.option("--asn", type=int, default=0)
@click.option("--network", default="", help="A prefix or one address.")
@click.option("--class-type", default="")
@click.option("--severity", default="")
@click.option("--finding", type=int, default=0, help="All sightings of one finding.")
@click.option("--team", default="", help="Code of the team that must act.")
@click.option("--unrouted", is_flag=True, help="What nobody answers for.")
@click.option("--limit", type=click.IntRange(1), default=1_000, show_default=True)
@click.option("--count", "counted", default="", help="Counts by this column instead of events.")
@click.option("--as", "user", default="", help="What this user may see; else all.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="jsonl", show_default=True)
def query(form: str, counted: str, user: str, **said: Any) -> None:
    """Events, newest first, as JSON lines, CSV, Parquet or STIX 2.1.

    Example: comity events query --since 2026-11-20 --country KE --format csv
    """
    from comity.events import reads
    from comity.events.types.asking import Question

    days = {name: said[name].date() for name in ("since", "until") if said[name]}
    question = Question(**{k: v for k, v in said.items() if k not in ("since", "until")}, **days)
    with plain_errors():
        viewer = _viewer(user)
        if counted:
            found = reads.top(viewer, question, counted, question.limit)
        else:
            found = reads.rows(viewer, question)
        _written(found, form)


def _viewer(user: str) -> Any:
    if not user:
        return None
    from comity.people import reads
    from comity.people.actions import find_account

    return reads.viewer_for(find_account(user), on=reads.today(), second_factor=True)


def _written(found: pl.DataFrame, form: str) -> None:
    """As the API gives them, by the same code: what a spreadsheet would run is guarded here too."""
    from django.conf import settings

    from comity.events.formats import exported

    if form == "stix":
        name = settings.GATEWAY_NAME or "Cybersecurity gateway"
        data = exported.as_stix(found, name, exported.SINCE)
    else:
        made = {"csv": exported.as_csv, "jsonl": exported.as_jsonl, "parquet": exported.as_parquet}
        data = made[form](found)
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
