"""`comity registry`: files of entries in, lists and exports out."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from comity.kit.tlp import ANONYMOUS

if TYPE_CHECKING:
    from comity.registry.formats.iati import Held
    from comity.registry.formats.rows import LeftOut
    from comity.registry.types import RowResult

KIND = click.argument("kind", metavar="KIND")
LARGEST = 20 * 1024 * 1024 + 1  # one byte more than is read: the reader refuses it by its size


@click.group()
def registry() -> None:
    """What exists and who needs help: initiatives, agreements, activities, tools, requests."""


@contextmanager
def _plain_errors(name: str = "") -> Iterator[None]:
    """What the room says is wrong becomes one sentence on stderr and exit code 1."""
    from comity.kit.errors import KitError
    from comity.registry.reads import NotHeld

    try:
        yield
    except KitError as error:
        raise click.ClickException(f"{name}: {error}" if name else str(error)) from error
    except NotHeld as error:
        raise click.ClickException(f"No entry {error} is here.") from error


def _print(row: dict[str, Any]) -> None:
    click.echo(json.dumps(row, ensure_ascii=False))


def _result(result: RowResult) -> dict[str, Any]:
    problems = [
        {key: value for key, value in asdict(problem).items() if value and key != "row"}
        for problem in result.problems
    ]
    return {
        "row": result.row,
        "id": result.id,
        "outcome": result.outcome.value,
        "problems": problems,
    }


def _bytes(name: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read(LARGEST)
    try:
        with Path(name).open("rb") as file:
            return file.read(LARGEST)
    except OSError as error:
        raise click.ClickException(f"{name}: {error.strerror}. Check the path.") from error


@registry.command()
@KIND
@click.argument("file", metavar="FILE.csv")
@click.option("--source", "said_by", default="", help="who says so, where the rows do not tell")
@click.option("--licence", default="", help="of the file, as SPDX or in words")
@click.option("--language", default="en", help="of the words without one")
@click.option("--encoding", default="", help="of a CSV that is not UTF-8, as windows-1256")
def load(kind: str, file: str, said_by: str, licence: str, language: str, encoding: str) -> None:
    """Take a CSV or XLSX file of one kind; one JSON line a row.

    Good rows are kept, bad ones wait to be mended. Loading again changes only what differs.
    Exit code 1 when a row was rejected.

    Example: comity registry load activity activities.csv
    """
    from comity.registry import actions

    with _plain_errors(file):
        loaded = actions.load_file(
            kind,
            _bytes(file),
            Path(file).name,
            said_by=said_by,
            licence=licence,
            language=language,
            encoding=encoding,
        )
    for finding in loaded.findings:
        if not finding.row:
            click.echo(f"{file}: {finding.message}. {finding.remedy}", err=True)
    for result in loaded.results:
        _print(_result(result))
    outcomes = [result.outcome.value for result in loaded.results]
    words = ", ".join(f"{outcomes.count(o)} {o}" for o in dict.fromkeys(outcomes)) or "no rows"
    click.echo(f"{file}: {words}.", err=True)
    if "rejected" in outcomes:
        raise SystemExit(1)


@registry.command("kinds")
def kinds_() -> None:
    """The kinds of this gateway with their fields, one JSON line a kind."""
    from comity.registry import reads

    with _plain_errors():
        found = reads.kinds()
    for kind in found.values():
        fields = {field.key: field.type.value for field in kind.fields}
        _print({"kind": kind.key, "label": kind.label["en"], "fields": fields})


@registry.command("list")
@KIND
@click.option("--search", default="", help="words that must stand in it")
@click.option("--where", multiple=True, metavar="FACET=VALUE", help="as country=KE; repeatable")
def list_(kind: str, search: str, where: tuple[str, ...]) -> None:
    """The public entries of a kind, one JSON line each.

    Example: comity registry list agreement --where country=KE
    """
    from comity.registry import reads
    from comity.registry.actions import kind_named
    from comity.registry.rules.made import facet_names

    with _plain_errors():
        chosen, known = _facets(where), facet_names(kind_named(kind))
        for name in chosen:
            if name not in known:
                raise click.UsageError(
                    f"No facet is called {name!r}. There are: {', '.join(known)}."
                )
        question = reads.Question(kind, search, chosen)
        after = ""
        while True:
            page = reads.listing(ANONYMOUS, question, after=after, limit=500)
            for entry in page.entries:
                _print(reads.as_row(entry))
            if page.next is None:
                return
            after = page.next


def _facets(where: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for part in where:
        facet, equals, value = part.partition("=")
        if not equals:
            raise click.UsageError("--where takes FACET=VALUE, as country=KE.")
        found[facet] = (*found.get(facet, ()), value)
    return found


@registry.command()
@click.argument("name", metavar="KIND/KEY")
def show(name: str) -> None:
    """One public entry with all that is said of it, as JSON.

    Example: comity registry show activity/act-001
    """
    from comity.registry import reads

    kind, _slash, key = name.partition("/")
    with _plain_errors():
        _print(reads.as_data(ANONYMOUS, reads.entry(ANONYMOUS, kind, key.lower())))


@registry.command()
@click.argument("kind", metavar="KIND", required=False, default="")
@click.option(
    "--format",
    "shape",
    type=click.Choice(("csv", "xlsx", "jsonld", "iati")),
    default="csv",
    show_default=True,
)
@click.option("-o", "--output", "out", default="-", help="the file to write; - is stdout")
@click.option("--static", default="", metavar="DIR", help="the whole public gateway, as files")
@click.option("--lang", default="en", show_default=True, help="of --static")
def export(kind: str, shape: str, out: str, static: str, lang: str) -> None:
    """Write the public entries of a kind, or all that is public as pages that work from a disk.

    Example: comity registry export tool --format xlsx -o tools.xlsx

    Example: comity registry export --static ./gateway --lang fr
    """
    if bool(kind) == bool(static):
        raise click.UsageError("Name a kind, or --static DIR for all of it.")
    with _plain_errors(static or kind):
        if static:
            _bundle(Path(static), lang)
        else:
            _export(kind, shape, out)


def _bundle(folder: Path, language: str) -> None:
    from comity.registry.pages.bundle import write_bundle

    written = write_bundle(folder, language)
    _print({"folder": str(written.folder), "entries": written.entries, "files": written.files})
    if written.held:
        count = len(written.held)
        click.echo(f"{count} entries are no IATI activities; the file tells why.", err=True)
    if written.left_out:
        click.echo(f"{written.left_out} values have no place in a table.", err=True)


def _export(kind: str, shape: str, out: str) -> None:
    from comity.registry.actions import kind_named
    from comity.registry.reads.files import export as write

    kind_named(kind)
    whole = io.BytesIO()  # nothing half-written
    file = write(kind, shape, ANONYMOUS, whole)
    if out == "-":
        sys.stdout.buffer.write(whole.getvalue())
        sys.stdout.buffer.flush()
    else:
        try:
            Path(out).write_bytes(whole.getvalue())
        except OSError as error:
            raise click.ClickException(f"{out}: {error.strerror}. Check the path.") from error
        click.echo(f"{out}: {len(whole.getvalue())} bytes.", err=True)
    for line in dict.fromkeys(_told(each) for each in (*file.left_out, *file.held)):
        click.echo(line, err=True)


def _told(each: LeftOut | Held) -> str:
    """What is not in the file, where, and what to do."""
    from comity.registry.formats.rows import LeftOut

    if isinstance(each, LeftOut):
        return (
            f"{each.entry}: {each.field}: a row has no place for another {each.what}. "
            "--format jsonld has all of it."
        )
    when = f" Known of its time: {each.dates}." if each.dates else ""
    return f"{each.entry}: no valid IATI activity without {', '.join(each.missing)}.{when}"


@registry.command("remove-sample")
def remove_sample() -> None:
    """Remove every entry that came with the product."""
    from comity.registry import actions

    _print({"removed": actions.remove_sample()})


@registry.command()
def renew() -> None:
    """Settle what time alone has changed: agreements whose term ran out. Done every night too."""
    from django.utils import timezone

    from comity.registry import actions

    _print({"renewed": actions.renew_standings(timezone.now().date())})


@registry.command()
@click.argument("names", nargs=-1, metavar="[ENTRY…]")
@click.option("--check", is_flag=True, help="open them and keep what was found")
def links(names: tuple[str, ...], check: bool) -> None:
    """Links of tools and trainings that everybody may see, all or those named; one JSON object a
    line: entry, urls, link (found|gone|unknown). Asks the web only with --check.

    Example: comity registry links tool/zeek --check
    """
    from comity.registry.actions import links as acting

    todo = acting.links(names=names)
    strange = sorted(set(names) - set(todo))
    if strange:
        raise click.ClickException(
            f"{', '.join(strange)}: no tool or training with a link that everybody may see. "
            "comity registry links lists them."
        )
    found = acting.check_links(todo) if check else {}
    for name, urls in todo.items():
        _print({"entry": name, "urls": urls} | ({"link": found[name]} if check else {}))
