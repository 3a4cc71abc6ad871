"""Upkeep: tables of addresses, the catalogue of feeds, compaction, retention."""

from __future__ import annotations

import datetime as dt

import click

from comity.events.cli.saying import contents, plain_errors, say


@click.group()
def tables() -> None:
    """Tables that lead from an address to its network, AS and country."""


@tables.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@click.option("--geo", multiple=True, metavar="FILE", help="This one says where an address is.")
@click.option("--date", "made", type=click.DateTime(["%Y-%m-%d"]), help="Day the files are of.")
@click.option("--smaller", is_flag=True, help="Take a file far smaller than the one in use.")
def update(
    files: tuple[str, ...], geo: tuple[str, ...], made: dt.datetime | None, smaller: bool
) -> None:
    """Make a new table of CSV files: start,end,country and start,end,asn,name; IPv4 and IPv6.

    A table of three columns says where ranges are registered, unless --geo names it too. The npm
    packages @ip-location-db/… have this layout; their ASN table (CC BY 4.0) wants a link where its
    results are shown.

    Example: comity events tables update asn-ipv4.csv asn-ipv6.csv geo-whois-asn-country-ipv4.csv
    """
    from comity.events import actions

    with plain_errors():
        pairs = [(name, contents(name)) for name in dict.fromkeys((*files, *geo))]
        day = made.date() if made else None
        row, told = actions.update_tables(pairs, geo=geo, made=day, smaller=smaller)
    for line in told:
        click.echo(f"{line['file']}, line {line['line']} says nothing: {line['text']}", err=True)
    say({"version": row.version, "made": row.made, "bytes": row.size, **row.about})


@tables.command("list")
def listed() -> None:
    """The tables loaded, the one in use first; an old one is told.

    Example: comity events tables list
    """
    from django.utils import timezone

    from comity.events import actions, models
    from comity.events.actions.tables import OLD

    for row in models.TableFile.objects.order_by("kind", "-loaded"):
        line = {"kind": row.kind, "version": row.version, "made": row.made, "loaded": row.loaded}
        say(line | {"about": row.about})
    age = actions.age(timezone.now())
    if age is None:
        click.echo("No table of addresses is loaded: the source's word stands.", err=True)
    elif age > OLD:
        click.echo(f"The table of addresses is {age.days} days old. Load a newer one.", err=True)


@click.command()
def feeds() -> None:
    """The catalogue: schedule, licence, marking, last arrival, alarm where a feed is silent.

    Example: comity events feeds
    """
    from django.utils import timezone

    from comity.events.reads import handed

    with plain_errors():
        for row in handed.feed_list(None, timezone.now()):
            say(
                {
                    "feed": row.name,
                    "schedule": row.schedule,
                    "licence": row.licence,
                    "tlp": row.tlp,
                    "last": row.last,
                    "last_rows": row.rows,
                    "alarm": row.alarm,
                    "came_empty": row.empty_types,
                }
            )
            if row.alarm:
                empty = f"came empty ({', '.join(row.empty_types)})"
                why = empty if row.emptied else "is silent"
                click.echo(f"{row.name} {why}: last file {row.last}.", err=True)


@click.command()
def compact() -> None:
    """Sort files by who must act and by address, merge findings, pack raw files, sweep.

    Example: comity events compact
    """
    from comity.events import actions

    with plain_errors():
        say(dict(actions.compact()))


@click.command()
@click.option("--dry-run", "dry", is_flag=True, help="Count only.")
def retain(dry: bool) -> None:
    """Delete what is past its time, by feed and label, for real. Legal holds stand.

    Example: comity events retain --dry-run
    """
    from comity.events import actions

    with plain_errors():
        say(dict(actions.retain(dry=dry)))
