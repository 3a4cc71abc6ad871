"""`comity directory`: whom to call, teams in and out, tables of networks, what is due."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from comity.kit.tlp import ANONYMOUS

CODE = click.argument("code", metavar="CODE")
FORMATS = ("first", "ti", "cerebrate", "rfc2350", "csv", "xlsx")


@click.group()
def directory() -> None:
    """Who is who: teams, their contacts, keys and constituencies."""


@contextmanager
def _plain_errors() -> Iterator[None]:
    """Turn what the room says is wrong into one sentence on stderr and exit code 1."""
    from comity.directory.reads import NotHeld
    from comity.kit.errors import KitError
    from comity.people.types import PeopleError

    try:
        yield
    except (KitError, NotHeld, PeopleError) as error:
        raise click.ClickException(str(error)) from error


def _print(row: dict[str, Any]) -> None:
    click.echo(json.dumps(row, ensure_ascii=False, default=str))


def _bytes(name: str, largest: int) -> bytes:
    """The file, read no further than what could be taken."""
    if name == "-":
        return sys.stdin.buffer.read(largest + 1)
    try:
        with Path(name).open("rb") as source:
            return source.read(largest + 1)
    except OSError as error:
        raise click.ClickException(f"{name}: {error.strerror}.") from error


@directory.command()
@click.argument("what", nargs=-1, required=True, metavar="WHAT…")
def responsible(what: tuple[str, ...]) -> None:
    """Whom to call about an address, a network, an AS number, a domain or a country.

    What everybody may see. Exit 1 when nobody answers for one of them. Where no contact is held,
    communities of the country that may pass a message on are named on stderr.

    Example: comity directory responsible 192.0.2.7 AS64500 example.gov.xx KE
    """
    from django.utils import timezone

    from comity.directory import reads
    from comity.directory.api.reading import answered
    from comity.kit.errors import KitError

    silent = 0
    for question in what:
        try:
            found = answered(reads.responsible(ANONYMOUS, question, now=timezone.now()))
        except KitError as error:
            click.echo(f"{question}: {error}", err=True)
            silent += 1
            continue
        for row in found["answers"]:
            _print({"asked": question} | row)
        if not found["answers"]:
            click.echo(f"{question}: nobody here answers for {_shown(found)}.", err=True)
            silent += 1
        for row in found["through"]:
            words = "no contact is held; these may pass it on"
            click.echo(f"{question}: {words}: {row['name']} {row['website']}".rstrip(), err=True)
    sys.exit(1 if silent else 0)


def _shown(found: dict[str, Any]) -> str:
    return f"{found['question']['kind']} {found['question']['value']}"


@directory.command()
@click.option("--country", default="", help="two letters")
@click.option("--kind", default="", help="as national")
def teams(country: str, kind: str) -> None:
    """All teams, one JSON object a line.

    Example: comity directory teams --country KE
    """
    from django.utils import timezone

    from comity.directory import reads
    from comity.directory.api.reading import row_of

    wanted, cursor = reads.Wanted(country=country, kind=kind), None
    while True:
        page = reads.listed(ANONYMOUS, wanted, timezone.now().date(), cursor=cursor, limit=500)
        for row in page.items:
            _print(row_of(row))
        if page.next is None:
            return
        cursor = page.next


@directory.command()
@CODE
def team(code: str) -> None:
    """One team with who says what of it, as everybody may see it.

    Example: comity directory team csirt-sample-a
    """
    from django.utils import timezone

    from comity.directory import reads
    from comity.directory.api.reading import profile_of

    with _plain_errors():
        _print(profile_of(reads.profile(ANONYMOUS, code, now=timezone.now())))


@directory.command("import")
@click.argument("file", metavar="FILE")
@click.option("--format", "form", type=click.Choice(FORMATS), required=True)
@click.option("--apply", "do", is_flag=True, help="keep it; without, only the difference is shown")
@click.option("--source", default="", help="who publishes the file; default: its name")
@click.option("--url", default="", help="where it is published")
@click.option("--date", default="", help="of the file, as 2026-05-30")
@click.option("--encoding", default="", help="of a CSV that is not UTF-8, as windows-1256")
def import_(
    file: str, form: str, do: bool, source: str, url: str, date: str, encoding: str
) -> None:
    """Take a file of teams as the words of its source. A dry run, unless --apply.

    Prints one JSON object for each difference; what was not understood goes to stderr.

    Example: comity directory import teams.json --format ti --source "Trusted Introducer"
    """
    from comity.directory import actions
    from comity.directory.actions.batches import LARGEST
    from comity.directory.api.acting import applied, planned

    data = _bytes(file, LARGEST)
    with _plain_errors():
        speaker = actions.importing(source or Path(file).name, url, date)
        run = planned(actions.plan(data, form, speaker, encoding=encoding))
        done = actions.import_file(data, form, speaker, encoding=encoding) if do else None
    for row in run["differences"]:
        _print(row)
    for row in run["not_understood"]:
        why = row["why"].rstrip(".")
        click.echo(f"{file}: {row['where']}: {row['what']}: {why}. {row['remedy']}", err=True)
    for row in run["rejected"]:
        click.echo(f"{file}: {row['team']}: {row['message']}. {row['remedy']}", err=True)
    if done is None:
        click.echo(f"{len(run['differences'])} differences. --apply keeps them.", err=True)
    else:
        _print(applied(done))


@directory.command()
@click.argument("codes", nargs=-1, metavar="[CODE…]")
@click.option("--format", "form", default="csv", show_default=True, help="of the file")
@click.option("--country", default="", help="of this country only, two letters")
@click.option("-o", "--output", type=click.Path(dir_okay=False, allow_dash=True), default="-")
def export(codes: tuple[str, ...], form: str, country: str, output: str) -> None:
    """Write teams, all or those named, as first, ti, cerebrate, rfc2350, csv, xlsx or vcard.

    What everybody may see.

    Example: comity directory export --format ti -o teams.json
    """
    from comity.directory import models as m
    from comity.directory import reads
    from comity.directory.formats import any as formats

    if form not in formats.WRITERS:
        raise click.UsageError(f"--format is one of {', '.join(sorted(formats.WRITERS))}.")
    with _plain_errors():
        chosen = [reads.team(ANONYMOUS, code) for code in codes]
        every = m.Team.objects.order_by("seq")
        rows = chosen or list(every.filter(country=country.upper()) if country else every)
        if form == "rfc2350" and len(rows) != 1:
            raise click.UsageError("RFC 2350 describes one team: name it.")
        data = formats.WRITERS[form](reads.records(ANONYMOUS, rows))
    with click.open_file(output, "wb") as target:
        target.write(data)


@directory.command()
@click.argument("file", metavar="FILE")
@click.option("--name", default="", help="what to call it; default: the file's name")
@click.option("--date", default="", help="of the data, as 2026-05-30")
def networks(file: str, name: str, date: str) -> None:
    """Load a table of networks: first,last,country,asn or prefix,country,asn; plain or gzip.

    Example: comity directory networks ip-to-asn.csv.gz --date 2026-05-30
    """
    from comity.directory import actions
    from comity.directory.formats.ranges import LARGEST_FILE

    data = _bytes(file, LARGEST_FILE)
    with _plain_errors():
        row, findings = actions.load_networks(data, name=name or Path(file).name, date=date)
    for finding in findings:
        click.echo(f"{file}: {finding.where}: {finding.what} {finding.why}", err=True)
    _print({"name": row.name, "sha256": row.sha256, "ranges": row.ranges, "act": row.act})


@directory.command()
@click.argument("country", metavar="CC")
def coverage(country: str) -> None:
    """What share of a country's addresses some team answers for. Exit 1 without a table.

    Example: comity directory coverage KE
    """
    from comity.directory import reads
    from comity.directory.api.around import coverage_of

    with _plain_errors():
        page = reads.coverage(ANONYMOUS, country)
    if page.table is None:
        raise click.ClickException("No table of networks. Load one: comity directory networks FILE")
    _print(coverage_of(page))


@directory.command()
@CODE
def test(code: str) -> None:
    """Ask the mailboxes of a team to answer: those that are CLEAR or GREEN.

    Example: comity directory test cert-xx
    """
    from comity.directory import actions, reads

    with _plain_errors():
        made = actions.ask(None, reads.team(ANONYMOUS, code))
    for row in made:
        _print({"test": str(row.pk), "mailbox": row.contact.value, "expires": row.expires})


@directory.command()
def due() -> None:
    """Every team but sample data with what is due, the most pressing first.

    Example: comity directory due | head
    """
    from django.utils import timezone

    from comity.directory import reads
    from comity.directory.api.around import due_row

    for row in reads.calendar(ANONYMOUS, today=timezone.now().date()):
        _print(due_row(row))


@directory.command()
@click.argument("codes", nargs=-1, metavar="[CC…]")
def countries(codes: tuple[str, ...]) -> None:
    """Countries and territories, all or those named: codes, names, ITU, groups, national teams.

    Example: comity directory countries KE 792 ZMB
    """
    from django.utils import timezone

    from comity.directory import reads
    from comity.directory.api.around import country_row
    from comity.kit import countries as world

    with _plain_errors():
        wanted = {world.by_code(code).iso2 for code in codes}
        for row in reads.all_countries(ANONYMOUS, today=timezone.now().date()):
            if not wanted or row.country.iso2 in wanted:
                _print(country_row(row))


@directory.command()
def communities() -> None:
    """Communities of teams and of States, one JSON object a line.

    Example: comity directory communities
    """
    from comity.directory import reads
    from comity.directory.api.around import community_row

    for row in reads.communities(ANONYMOUS):
        _print(community_row(row))


@directory.command()
def bodies() -> None:
    """Bodies that have a team or say what they do, one JSON object a line.

    Example: comity directory bodies
    """
    from comity.directory import reads
    from comity.directory.api.around import body_of

    for row in reads.bodies(ANONYMOUS):
        _print(body_of(row))


@directory.command()
def services() -> None:
    """Services that a team may name: those of the FIRST CSIRT Services Framework.

    Example: comity directory services | grep coordination
    """
    from comity.directory.rules.services import framework

    for row in framework().values():
        _print({"code": row.code, "name": row.name, "part_of": row.part_of or None})


@directory.command("own")
@CODE
@click.argument("body", metavar="BODY")
def own(code: str, body: str) -> None:
    """Say that a body of this house is a team's own: its people write the team's words.

    Example: comity directory own cert-xx "Ministry of Communications"
    """
    from comity.directory import actions, reads

    with _plain_errors():
        team = reads.team(ANONYMOUS, code)
        actions.link_body(team, body)
    _print({"team": team.code, "body": team.body.name if team.body else None})


@directory.command("load-sample")
def load_sample() -> None:
    """Load the sample data again after it was removed. Setup loads it the first time.

    Example: comity directory load-sample
    """
    from comity.directory import actions

    with _plain_errors():
        said = actions.load_sample(again=True)
    click.echo(said or "It is all there.", err=True)


@directory.command("remove-sample")
def remove_sample() -> None:
    """Remove the sample teams and communities; setup does not bring them back.

    Example: comity directory remove-sample
    """
    from comity.directory import actions

    _print(actions.remove_sample())
