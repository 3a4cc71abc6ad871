"""`comity events parse`: what a file would become, without keeping anything."""

from __future__ import annotations

import datetime as dt
import sys
from typing import TYPE_CHECKING

import click

from comity.events.cli.saying import contents, plain_errors

if TYPE_CHECKING:
    from comity.events.formats.packing import Member
    from comity.events.formats.parsing import Parsed
    from comity.events.types.sources import MappingTable, Source


@click.command()
@click.argument("file", metavar="FILE")
@click.option("--feed", default="", help="Feed of the catalogue; else the file's name says it.")
@click.option("--report-type", default="", help="Type of report within the feed.")
@click.option("--report-date", type=click.DateTime(["%Y-%m-%d"]), help="Day of the report.")
@click.option("--mapping", default="", metavar="FILE", help="What columns mean: YAML of yours, or "
              "the schema file of The Shadowserver Foundation.")  # fmt: skip
@click.option("--rejected", "held", is_flag=True, help="Only the rows that would be held back.")
def parse(
    file: str,
    feed: str,
    report_type: str,
    report_date: dt.datetime | None,
    mapping: str,
    held: bool,
) -> None:
    """Show what a file becomes: one normalised event a line, as JSON, in file order. Nothing is
    stored. Rows held back and columns never seen before are told on stderr.

    Example: comity events parse 2026-11-20-scan_redis-xx-geo.csv --feed shadowserver
    """
    from comity.events.formats import packing, parsing, reading

    now = dt.datetime.now(dt.UTC)
    with plain_errors():
        table = _table(mapping)
        for member in packing.unpack(contents(file), file):
            source, kind, day = _feed(member, feed, report_type)
            given = report_date.date() if report_date else day
            for part in parsing.parse(
                reading.as_utf8(member.data, member.name), source, now=now,
                report_type=kind, report_date=given, mapping=table,
            ):  # fmt: skip
                _say(part, held)
                _tell(part, member.name)


def _table(name: str) -> MappingTable | None:
    from comity.events.formats import meaning

    return meaning.read(contents(name), name) if name else None


def _feed(member: Member, feed: str, kind: str) -> tuple[Source, str, dt.date | None]:
    """Feed, type of report and date: as asked for, else as the file's name says."""
    from comity.events.formats import meaning, naming
    from comity.events.reads.house import feeds
    from comity.kit.errors import shown

    known = feeds()
    said = naming.arrival(member.name, known.values())
    name = feed or said.feed
    if name not in known:
        what = f"no feed {shown(name)}" if name else f"no feed is known by {shown(member.name)}"
        raise click.ClickException(f"{what}. Give --feed, one of {', '.join(sorted(known))}.")
    types = meaning.of(known[name]).types
    kind = kind or said.report_type or naming.kind(member.name, types)
    return known[name], kind, said.report_date


def _say(part: Parsed, held: bool) -> None:
    """The events of a chunk, or its rows held back, on stdout. `extra` is an object, not text."""
    import msgspec

    frame = part.rejected if held else part.events
    lines = []
    for row in frame.iter_rows(named=True):
        if row.get("extra"):
            row["extra"] = msgspec.Raw(row["extra"].encode())
        lines.append(msgspec.json.encode(row))
    if lines:
        sys.stdout.write(b"\n".join(lines).decode() + "\n")


def _tell(part: Parsed, name: str) -> None:
    if part.plan.unknown and part.chunk.first_row == 1:
        click.echo(f"{name}: new columns, kept in extra: {', '.join(part.plan.unknown)}", err=True)
    if not part.plan.known_type and part.chunk.first_row == 1:
        kind = part.plan.report_type or "no type"
        click.echo(f"{name}: {kind} is a type of report without a mapping of its own.", err=True)
    for row in part.rejected.head(20).iter_rows(named=True):
        where = f"line {row['line']}" + (f", {row['field']}" if row["field"] else "")
        click.echo(f"{name}: held back, {where}: {row['reason']}", err=True)
    if part.rejected.height > 20:
        click.echo(f"{name}: and {part.rejected.height - 20} more rows held back.", err=True)
