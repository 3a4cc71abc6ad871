"""`comity report`: the annual report and its figures, the reference guide; freeze and publish."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from comity.report.types.figures import Scope
    from comity.report.types.tree import Document

YEAR = click.option("--year", type=int, required=True, help="the year reported on, as 2014")
CUTOFF = click.option(
    "--cutoff",
    help="tell what was recorded up to this moment, as 2015-03-01T12:00:00Z; default: the newest",
)
LANGUAGES = click.option(
    "--lang", "languages", multiple=True, default=("en",), show_default=True,
    help="ar, en, es, fr, ru or zh; may be given several times",
)  # fmt: skip
FORMATS = click.option(
    "--format", "formats", multiple=True, default=("html",), show_default=True,
    type=click.Choice(["html", "docx", "pdf"]), help="may be given several times",
)  # fmt: skip
OUT = click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), default=Path(),
    show_default=True, help="the folder to write to; it is made where it is missing",
)  # fmt: skip


@click.group()
def report() -> None:
    """The annual report to the Council, its figures, and the reference guide."""


@contextmanager
def _plain_errors() -> Iterator[None]:
    """Turn what the room says is wrong into one sentence on stderr and exit code 1."""
    from comity.kit.errors import KitError
    from comity.mandate.types import MandateError

    try:
        yield
    except (KitError, MandateError) as error:
        raise click.ClickException(str(error)) from error


def _print(row: dict[str, Any]) -> None:
    click.echo(json.dumps(row, ensure_ascii=False, default=str))


def _moment(text: str | None) -> dt.datetime | None:
    if text is None:
        return None
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        raise click.UsageError(f"{text} is no moment. Write 2015-03-01T12:00:00Z.") from None
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)


def _scope(year: int, cutoff: str | None) -> Scope:
    from django.utils import timezone

    from comity.report import reads

    return reads.scope_of(year, _moment(cutoff), now=timezone.now())


def _write(out: Path, stem: str, language: str, name: str, document: Document) -> dict[str, Any]:
    from comity.report.reads import files

    data = files.rendered(document, name)
    path = out / files.file_name(stem, language, name)
    try:
        out.mkdir(parents=True, exist_ok=True)
        begun = path.with_name(f".{path.name}.part")  # whoever opens the file finds a whole one
        begun.write_bytes(data)
        begun.replace(path)
    except OSError as error:
        raise click.ClickException(f"{path}: {error.strerror}.") from error
    return {"file": str(path), "language": language, "format": name, "bytes": len(data),
            "sha256": hashlib.sha256(data).hexdigest()}  # fmt: skip


@report.command()
@YEAR
@LANGUAGES
@FORMATS
@OUT
@CUTOFF
@click.option("--edition", type=int, help="write a frozen edition instead of a draft")
def build(
    year: int,
    languages: tuple[str, ...],
    formats: tuple[str, ...],
    out: Path,
    cutoff: str | None,
    edition: int | None,
) -> None:
    """Write the report on a year. The same cut-off gives the same bytes.

    Example: comity report build --year 2014 --lang fr --format docx --format pdf --out var/reports
    """
    from comity.kit.languages import by_code
    from comity.report import reads

    with _plain_errors():
        codes = [by_code(language).code for language in languages]
        if edition is not None:
            kept = reads.edition(year, edition)
            state, moment = kept.state, kept.cutoff
            documents = {code: reads.document(kept, code) for code in codes}
        else:
            prepared = reads.prepare(_scope(year, cutoff))
            state, moment = "draft", prepared.scope.cutoff
            documents = {code: reads.written(prepared, code) for code in codes}
            for figure in prepared.figures:
                if figure.failed:
                    click.echo(f"{figure.id} could not be counted: {figure.failed}.", err=True)
        for code, document in documents.items():
            for name in formats:
                made = _write(out, f"report-{year}", code, name, document)
                _print(made | {"year": year, "state": state, "cutoff": moment.isoformat()})


@report.command("compile")
@click.option("--again", is_flag=True, help="also when nothing was recorded since the last time")
def compile_all(again: bool) -> None:
    """Write the drafts on 2014 and on the last full year to the folder `reports` of this house.

    In English, French and Arabic, as HTML, DOCX and PDF; quick when nothing was recorded since.
    Example: comity report compile
    """
    from django.conf import settings
    from django.utils import timezone

    from comity.report import reads
    from comity.report.reads import files

    out = Path(settings.HOME) / "reports"
    stamp = out / ".compiled"
    with _plain_errors():
        scopes = [_scope(year, None) for year in sorted({2014, timezone.now().year - 1})]
        told = " ".join(f"{scope.year}@{scope.cutoff.isoformat()}" for scope in scopes)
        if not again and stamp.is_file() and stamp.read_text(encoding="utf-8") == told:
            click.echo(f"The reports in {out} are of the newest records.", err=True)
            return
        for scope in scopes:
            click.echo(f"Compiling the report on {scope.year} …", err=True)
            prepared = reads.prepare(scope)
            for code in ("en", "fr", "ar"):
                document = reads.written(prepared, code)
                for name in sorted(files.FORMATS):
                    made = _write(out, f"report-{scope.year}", code, name, document)
                    _print(made | {"year": scope.year, "cutoff": scope.cutoff.isoformat()})
    stamp.write_text(told, encoding="utf-8")


@report.command()
@YEAR
@CUTOFF
@click.option("--lang", "language", default="en", show_default=True, help="of labels and filters")
def figures(year: int, cutoff: str | None, language: str) -> None:
    """Every figure of a year, one JSON object a line. Exit 1 when one could not be counted.

    `value` null is "not reported", never 0. Example: comity report figures --year 2014
    """
    from comity.report import reads
    from comity.report.reads.shapes import figures_as_data

    with _plain_errors():
        prepared = reads.prepare(_scope(year, cutoff))
        rows = figures_as_data(prepared, language)
    for row in rows:
        _print(row)
    failing = [str(row["id"]) for row in rows if "failed" in row]
    if failing:
        raise click.ClickException(f"Could not be counted: {', '.join(failing)}.")


@report.command()
@click.option("--country", default="", help="make it for this country, as KE; default: for all")
@LANGUAGES
@FORMATS
@OUT
@CUTOFF
def guide(
    country: str,
    languages: tuple[str, ...],
    formats: tuple[str, ...],
    out: Path,
    cutoff: str | None,
) -> None:
    """Write the reference guide to setting up a national CIRT.

    Example: comity report guide --country LS --lang en --format pdf --out var/reports
    """
    from comity.kit.languages import by_code
    from comity.report.reads import guiding

    with _plain_errors():
        asked = guiding.asked(country, _moment(cutoff))
        for language in languages:
            code = by_code(language).code
            document = guiding.guide(asked, code)
            for name in formats:
                stem = f"guide-{country.lower()}" if country else "guide"
                made = _write(out, stem, code, name, document)
                _print(made | {"country": country, "cutoff": asked.cutoff.isoformat()})


@report.command()
@YEAR
@CUTOFF
@click.option("--number", default="", help="of the Council document, as 18")
@click.option("--agenda", default="", help="agenda item, as PL 1.2")
@click.option("--meeting", default="", help="place and dates of the Council, for the masthead")
def freeze(year: int, cutoff: str | None, number: str, agenda: str, meeting: str) -> None:
    """Keep the report on a year in six languages, with its hash. Twice is once.

    Example: comity report freeze --year 2014 --number 18
    """
    from comity.report import actions
    from comity.report.reads.shapes import report_as_data

    with _plain_errors():
        kept = actions.freeze(
            None, year, cutoff=_moment(cutoff), number=number, agenda=agenda, meeting=meeting
        )
        _print(report_as_data(kept))


@report.command()
@YEAR
@click.option("--edition", type=int, help="default: the newest that is frozen")
def publish(year: int, edition: int | None) -> None:
    """Publish a frozen report: focal points are told, the duties to report are done.

    Example: comity report publish --year 2014
    """
    from comity.report import actions
    from comity.report.reads.shapes import report_as_data

    with _plain_errors():
        kept = actions.publish(None, year, edition=edition)
        _print(report_as_data(kept))
    silent = kept.dispatches.filter(reachable=False).count()
    if silent:
        click.echo(
            f"{silent} focal points have no address here, or this house sends no mail "
            "(COMITY_MAIL): tell them yourself.",
            err=True,
        )
