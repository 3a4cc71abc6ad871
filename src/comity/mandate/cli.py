"""`comity mandate`: instruments in, provisions, proposals, citations and duties out."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from comity.kit.tlp import ANONYMOUS

if TYPE_CHECKING:
    from comity.mandate import models as m
    from comity.mandate.types import MandateError

KEY = click.argument("key", metavar="KEY")
VERSION = click.option("--version", "label", help="as 2014 or 2014-10-28; default: the newest")


@click.group()
def mandate() -> None:
    """The Resolution as data: provisions, proposals and their fate, citations, duties."""


@contextmanager
def _plain_errors() -> Iterator[None]:
    """Turn what the room says is wrong into one sentence on stderr and exit code 1."""
    from comity.mandate.reads import NotHeld
    from comity.mandate.types import MandateError

    try:
        yield
    except (MandateError, NotHeld) as error:
        raise click.ClickException(str(error)) from error


def _print(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        click.echo(json.dumps(row, ensure_ascii=False))


def _version(key: str, label: str | None) -> m.Version:
    from comity.mandate import reads

    return reads.version(ANONYMOUS, key, label)


def _adopted(key: str, label: str | None) -> m.Version:
    """The version that proposals are followed to; an error when nothing stands before it."""
    from comity.mandate import reads
    from comity.mandate.types import MandateError

    found = _version(key, label)
    if reads.earlier(ANONYMOUS, found) is None:
        raise MandateError(
            f"{key} {found.label} has no earlier version here to come from.",
            remedy="Load the draft with `comity mandate load`.",
        )
    return found


@mandate.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@click.option("--as", "key", required=True, help='the instrument, as "itu-pp/res-130"')
@click.option(
    "--version", "label", help="as 2014, or 2014-10-28 for a draft, if the text is silent"
)
@click.option(
    "--even-if-other-number", is_flag=True, help="take a text whose title has another number"
)
def load(files: tuple[str, ...], key: str, label: str | None, even_if_other_number: bool) -> None:
    """Take texts of an instrument: a marked-up draft, a page's JSON, or Akoma Ntoso.

    Example: comity mandate load draft.txt adopted.json --as itu-pp/res-140
    """
    from comity.mandate import actions, reads
    from comity.mandate.types import MandateError

    if label and len(files) > 1:
        raise click.UsageError("--version names one text; load the files one by one.")
    kept: list[str] = []
    for name in files:
        data = _bytes(name, kept)
        try:
            version = actions.load(
                data,
                key,
                name=Path(name).name,
                label=label,
                even_if_other_number=even_if_other_number,
            )
        except MandateError as error:
            raise _refused(name, error, kept) from error
        kept.append(name)
        _print([reads.loaded(version)])
        for finding in version.findings.all():
            click.echo(
                f"{name}:{finding.line}:{finding.column}: {finding.message} {finding.remedy}",
                err=True,
            )


def _refused(name: str, error: MandateError, kept: list[str]) -> click.ClickException:
    """Which file, where in it, why, what to do; and what stands all the same."""
    place = f":{error.line}:{error.column}" if error.line else ""
    said = " ".join(part for part in (error.message, error.remedy) if part)
    return click.ClickException(f"{name}{place}: {said}{_said_of(kept)}")


def _said_of(kept: list[str]) -> str:
    return f" Kept before it: {', '.join(kept)}." if kept else ""


@mandate.command()
@KEY
@click.option("--version", "label", required=True, help="as 2014, or 2014-10-28 for a draft")
@click.option("--language", default="en", show_default=True, help="of the text, as en or fr")
def remove(key: str, label: str, language: str) -> None:
    """Take a text out again that was wrongly loaded. What persons decided stays.

    Example: comity mandate remove itu-pp/res-140 --version 2014
    """
    from comity.mandate import actions, reads
    from comity.mandate.reads import NotHeld

    with _plain_errors():
        version = reads.version(ANONYMOUS, key, label, language)
        if version.language != language:
            raise NotHeld(f"{key} {label} is held in {version.language!r}, not in {language!r}.")
        gone = reads.loaded(version)
        actions.remove_version(version)
    _print([gone])
    click.echo(f"Removed {key} {label}. `comity mandate load` takes it again.", err=True)


def _bytes(name: str, kept: list[str]) -> bytes:
    """The file, read no further than what could be taken."""
    from comity.mandate.formats.any import LARGEST

    if name == "-":
        return sys.stdin.buffer.read(LARGEST + 1)
    try:
        with Path(name).open("rb") as source:
            return source.read(LARGEST + 1)
    except OSError as error:
        raise click.ClickException(f"{name}: {error.strerror}.{_said_of(kept)}") from error


def _listing(
    name: str, help_text: str, rows: Callable[[str, str | None], list[dict[str, Any]]]
) -> None:
    """Add a command that prints rows of one instrument, one JSON object a line."""

    @mandate.command(name, help=f"{help_text}\n\nExample: comity mandate {name} itu-pp/res-130")
    @KEY
    @VERSION
    def command(key: str, label: str | None) -> None:
        with _plain_errors():
            _print(rows(key, label))


def _provisions(key: str, label: str | None) -> list[dict[str, Any]]:
    from comity.mandate import reads
    from comity.mandate.formats import tables

    return tables.provision_rows(reads.text(ANONYMOUS, _version(key, label)).provisions)


def _passages(key: str, label: str | None) -> list[dict[str, Any]]:
    from comity.mandate import reads
    from comity.mandate.formats import tables
    from comity.mandate.types import MandateError

    text = reads.text(ANONYMOUS, _version(key, label or reads.newest_draft(ANONYMOUS, key)))
    if not text.passages:
        raise MandateError(
            "This version carries no marks, so it has no passages.",
            remedy="Name a draft with --version; `comity mandate list` shows them.",
        )
    return tables.passage_rows(text.passages)


def _fates(key: str, label: str | None) -> list[dict[str, Any]]:
    from comity.mandate import reads
    from comity.mandate.formats import tables

    return tables.fate_rows(reads.typed_proposals(ANONYMOUS, _adopted(key, label)))


def _citations(key: str, label: str | None) -> list[dict[str, Any]]:
    from comity.mandate import reads
    from comity.mandate.formats import tables

    return tables.citation_rows(reads.typed_citations(ANONYMOUS, _version(key, label)))


def _duties(key: str, label: str | None) -> list[dict[str, Any]]:
    from comity.mandate import reads
    from comity.mandate.formats import tables

    return tables.duty_rows(reads.typed_duties(ANONYMOUS, _version(key, label)))


_listing("provisions", "Every provision of a version, once, in order.", _provisions)
_listing("passages", "Every passage of a draft, with the marks it carries.", _passages)
_listing("fates", "What the machine thinks became of every proposal.", _fates)
_listing("citations", "Every instrument that a version names.", _citations)
_listing("duties", "What a version asks, and of whom.", _duties)


@mandate.command("list")
def list_instruments() -> None:
    """The instruments held, their versions, and revisions known but not held."""
    from comity.mandate import reads

    for instrument in reads.instruments(ANONYMOUS):
        known = reads.revisions(ANONYMOUS, instrument)
        _print(
            [
                {
                    "key": instrument.key,
                    "title": instrument.title,
                    "versions": [
                        {"version": v.label, "status": v.status, "language": v.language}
                        for v in instrument.versions.all()
                    ],
                    "not_held": [f"{r.label}, {r.year}" for r, held in known if not held],
                }
            ]
        )


@mandate.command()
@KEY
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
def compare(key: str, old: str, new: str) -> None:
    """Compare any two versions: same, amended, renumbered, moved, merged, split, new, gone.

    Example: comity mandate compare itu-pp/res-130 2014-10-28 2014
    """
    from comity.mandate import reads
    from comity.mandate.formats import tables
    from comity.mandate.rules.align import units
    from comity.mandate.rules.words import FORMULA

    with _plain_errors():
        texts = reads.compared(ANONYMOUS, _version(key, old), _version(key, new))
        before, after = (units(text.passages or text.provisions) for text in texts)
        _print(tables.change_rows(reads.changes_between(*texts), before, after))
    click.echo(FORMULA, err=True)


@mandate.command()
@click.argument("word", required=False)
def terms(word: str | None) -> None:
    """The glossary: a term with the definitions in use, side by side.

    Example: comity mandate terms spam
    """
    from dataclasses import asdict

    from comity.mandate.rules.terms import terms as glossary

    wanted = (word or "").casefold()
    found = [
        t for t in glossary() if wanted in t.key or wanted in " ".join(t.names.values()).casefold()
    ]
    if not found:
        raise click.ClickException(f"No term {word!r}. `comity mandate terms` lists all.")
    _print([asdict(term) for term in found])


@mandate.command()
@KEY
@VERSION
@click.option(
    "--as",
    "name",
    default="text.xml",
    show_default=True,
    help="text.xml (Akoma Ntoso), text.html, text.json, text.docx (a draft's tracked changes), "
    "compared.docx (draft to adopted), or a table: fates.csv, duties.json …",
)
@click.option("-o", "--output", type=click.Path(dir_okay=False, allow_dash=True), default="-")
def export(key: str, label: str | None, name: str, output: str) -> None:
    """Write a version as Akoma Ntoso, HTML, DOCX, JSON or CSV.

    Example: comity mandate export itu-pp/res-130 --version 2014 --as compared.docx -o out.docx
    """
    from comity.mandate import reads
    from comity.mandate.formats.export import export as written

    with _plain_errors():
        data = written(reads.bundle(ANONYMOUS, _version(key, label)), name)
    with click.open_file(output, "wb") as target:
        target.write(data)
