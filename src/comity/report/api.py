"""What the pages of the room show, for machines; freeze and publish for the secretariat."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import wraps
from inspect import signature
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router, Schema

from comity.kit.errors import KitError
from comity.kit.languages import by_code
from comity.kit.problems import CONFLICT
from comity.mandate import reads as mandate
from comity.people.doors import fresh, once, remark, send, viewer, who_may
from comity.people.reads import today
from comity.report import actions, reads
from comity.report.reads import dossier as dossiers
from comity.report.reads import facts as loading
from comity.report.reads import files
from comity.report.reads.shapes import figures_as_data, report_as_data
from comity.report.rules import progress as standing
from comity.report.types.figures import INSTRUMENT, TEXT

router = Router()
OK = {200: dict[str, Any]}


def plain_errors(do: Callable[..., Any]) -> Callable[..., Any]:
    """What is not held is a 404, what stands in the way a 409, the rest a problem with remedy."""

    @wraps(do)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            return do(request, *args, **kwargs)
        except reads.NotHeld as error:
            raise Http404(str(error)) from error
        except (actions.NotFrozen, actions.AlreadyPublished) as error:
            return remark(request, error, CONFLICT)
        except KitError as error:
            return remark(request, error)

    # The form of the request is read from here; the names in it are those of this module.
    checked.__signature__ = signature(do, eval_str=True)  # type: ignore[attr-defined]
    return checked


def _draft(year: int) -> reads.Prepared:
    return reads.draft(reads.scope_of(year, now=timezone.now()))


def _language(request: HttpRequest) -> str:
    return by_code(getattr(request, "LANGUAGE_CODE", "en")).code


@router.get(
    "/",
    summary="Reports that were frozen or published",
    operation_id="report_editions",
    url_name="report_editions",
    response=OK,
)
def editions(request: HttpRequest) -> HttpResponse:
    return fresh(request, {"reports": [report_as_data(report) for report in reads.editions()]})


@router.get(
    "/{int:year}/figures",
    summary="Every figure of a year; null is not reported",
    operation_id="report_figures",
    url_name="report_figures",
    response=OK,
)
@plain_errors
def figures(request: HttpRequest, year: int) -> HttpResponse:
    prepared = _draft(year)
    rows = figures_as_data(prepared, _language(request))
    cutoff = prepared.scope.cutoff.isoformat()
    return fresh(request, {"year": year, "cutoff": cutoff, "figures": rows})


@router.get(
    "/{int:year}/figures/{figure}",
    summary="One figure with the records behind it",
    operation_id="report_figure",
    url_name="report_figure",
    response=OK,
)
@plain_errors
def figure(request: HttpRequest, year: int, figure: str) -> HttpResponse:
    for row in figures_as_data(_draft(year), _language(request)):
        if row["id"] == figure:
            return fresh(request, row)
    raise Http404(figure)


@router.get(
    "/{int:year}/editions/{int:edition}",
    summary="A frozen edition: its hashes, and what became of its records",
    operation_id="report_edition",
    url_name="report_edition",
    response=OK,
)
@plain_errors
def edition(request: HttpRequest, year: int, edition: int) -> HttpResponse:
    found = reads.edition(year, edition)
    data = report_as_data(found) | {"figures": found.figures, "records": found.records}
    return fresh(request, data)


@router.get(
    "/{int:year}/report.{form}",
    summary="The draft as a file: html, docx or pdf",
    operation_id="report_file",
    url_name="report_file",
)
@plain_errors
def file(request: HttpRequest, year: int, form: str, lang: str = "") -> HttpResponse:
    code = by_code(lang).code if lang else _language(request)
    data = files.rendered(reads.written(_draft(year), code), form)
    return HttpResponse(data, content_type=files.media_type(form))


@router.get(
    "/progress",
    summary="Duties by state, at the end of each year and now",
    operation_id="report_progress",
    url_name="report_progress",
    response=OK,
)
def progress(request: HttpRequest) -> HttpResponse:
    moments = standing.progress(loading.duties(), timezone.now(), int(TEXT))
    rows = [{"at": moment.label, "duties": dict(moment.counts)} for moment in moments]
    return fresh(request, {"instrument": INSTRUMENT, "version": TEXT, "moments": rows})


@router.get(
    "/dossier/{issuer}/{name}/{label}",
    summary="All that is known under one paragraph: entries by kind and year, figures, gaps",
    operation_id="report_dossier",
    url_name="report_dossier",
    response=OK,
)
def dossier(request: HttpRequest, issuer: str, name: str, label: str, unit: str) -> HttpResponse:
    who = viewer(request)
    try:
        version = mandate.version(who, f"{issuer}/{name}", label)
        row = mandate.provision(who, version, unit)
    except mandate.NotHeld as error:
        raise Http404(str(error)) from error
    made = dossiers.dossier(who, version, row, mandate.duty_of(who, row), today())
    return fresh(
        request, {"version": label, "instrument": f"{issuer}/{name}"} | dossiers.as_data(made)
    )


class Freezing(Schema):
    """What is frozen: up to which moment, under which number of the Council's documents."""

    cutoff: dt.datetime | None = None
    number: str = ""
    agenda: str = ""
    meeting: str = ""  # place and dates of the Council


@router.post(
    "/{int:year}/freeze",
    summary="Keep the report on a year in six languages, with its hash",
    operation_id="freeze_report",
    url_name="freeze_report",
    auth=who_may("report.prepare"),
    response=OK,
)
@once
@plain_errors
def freeze(request: HttpRequest, year: int, given: Freezing) -> HttpResponse:
    who = request.auth  # type: ignore[attr-defined]
    cutoff = given.cutoff
    if cutoff is not None and cutoff.tzinfo is None:
        cutoff = cutoff.replace(tzinfo=dt.UTC)
    kept = actions.freeze(
        who,
        year,
        cutoff=cutoff,
        number=given.number,
        agenda=given.agenda,
        meeting=given.meeting,
    )
    return send(report_as_data(kept))


@router.post(
    "/{int:year}/publish",
    summary="Publish the newest frozen edition: focal points are told, duties are done",
    operation_id="publish_report",
    url_name="publish_report",
    auth=who_may("report.prepare"),
    response=OK,
)
@once
@plain_errors
def publish(request: HttpRequest, year: int) -> HttpResponse:
    kept = actions.publish(request.auth, year)  # type: ignore[attr-defined]
    return send(report_as_data(kept))
