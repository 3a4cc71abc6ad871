"""`comity ledger`: verify the record of acts, sign its head, read it."""

from __future__ import annotations

import datetime as dt
import json
import sys
from pathlib import Path

import click

from comity.ledger.types import Checkpoint


@click.group()
def ledger() -> None:
    """The append-only, hash-chained record of acts."""


@ledger.command()
@click.option(
    "--checkpoint",
    "path",
    type=click.Path(exists=True, allow_dash=True),
    help="a signed head kept elsewhere: finds a cut tail",
)
@click.option(
    "--key", help="public key, hex, that must have signed the checkpoint (default: this gateway's)"
)
def verify(path: str | None, key: str | None) -> None:
    """Check every row, and that the database guards them; name the first bad one.

    Exit 1 when the chain does not hold or a guard is missing.

    Example: comity ledger verify --checkpoint head.json
    """
    from django.conf import settings

    from comity.ledger import actions, reads

    signed = _read_checkpoint(path) if path else None
    if signed:
        wanted = key or actions.public_key_hex(settings.LEDGER_SIGNING_KEY)
        if signed.key != wanted:
            raise click.ClickException(
                "The checkpoint was signed by another key. Name it with --key if you trust it."
            )
    fault, missing = reads.verify(signed), reads.guards_missing()
    head = reads.head()
    click.echo(
        json.dumps(
            {
                "ok": fault is None and not missing,
                "rows": head.seq if head else 0,
                "head": head.hash if head else None,
                "first_bad": fault.seq if fault else None,
                "reason": fault.reason if fault else None,
                "guards_missing": missing,
            }
        )
    )
    if missing:
        names = ", ".join(missing)
        click.echo(f"Guards missing: {names}. `comity setup` puts them back.", err=True)
    if fault:
        click.echo(f"Row {fault.seq}: {fault.reason}.", err=True)
    if fault or missing:
        sys.exit(1)
    click.echo("Every row holds.", err=True)


@ledger.command()
def checkpoint() -> None:
    """Print a signed head of the chain. Keep it away from this machine.

    Example: comity ledger checkpoint > head.json
    """
    from comity.ledger import actions, rules

    made = actions.checkpoint()
    click.echo(
        json.dumps(
            {
                "seq": made.seq,
                "hash": made.hash,
                "moment": rules.stamp(made.moment),
                "key": made.key,
                "signature": made.signature,
            }
        )
    )


@ledger.command("list")
@click.option("--after", default=0, show_default=True, help="start after this sequence number")
def list_acts(after: int) -> None:
    """Print the acts, one JSON object a line.

    Example: comity ledger list --after 100
    """
    from comity.ledger import reads, rules

    for row in reads.rows(after):
        click.echo(
            json.dumps(
                {
                    "seq": row.seq,
                    "moment": rules.stamp(row.moment),
                    "act": row.act,
                    "actor": row.actor,
                    "object": row.object,
                    "digest": row.digest,
                    "hash": row.hash,
                }
            )
        )


def _read_checkpoint(path: str) -> Checkpoint:
    text = sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8")
    try:
        d = json.loads(text)
        moment = dt.datetime.strptime(d["moment"], "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=dt.UTC)
        return Checkpoint(int(d["seq"]), str(d["hash"]), moment, str(d["key"]), str(d["signature"]))
    except (ValueError, KeyError, TypeError) as error:
        raise click.ClickException(
            f"{path} is not a checkpoint: {error}. Make one with `comity ledger checkpoint`."
        ) from error
