"""What the pages show, for machines: instruments, versions in every shape, comparisons."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router
from ninja.errors import HttpError

from comity.kit.tlp import Viewer
from comity.mandate import models as m
from comity.mandate import reads
from comity.mandate.formats import tables
from comity.mandate.formats.export import MEDIA_TYPES, export
from comity.mandate.rules.align import units
from comity.mandate.rules.terms import terms as glossary
from comity.mandate.types import MandateError

router = Router()


def viewer(request: HttpRequest) -> Viewer:
    who: Viewer = request.viewer  # type: ignore[attr-defined]
    return who


def held_version(request: HttpRequest, issuer: str, name: str, label: str) -> m.Version:
    return reads.version(viewer(request), f"{issuer}/{name}", label)


def found(door: Callable[..., Any]) -> Callable[..., Any]:
    """What is not held is an address that is not there."""

    @wraps(door)
    def checked(*args: Any, **kwargs: Any) -> Any:
        try:
            return door(*args, **kwargs)
        except reads.NotHeld as error:
            raise Http404(str(error)) from error

    return checked


@router.get("/", summary="Instruments, versions held, revisions known", operation_id="instruments")
def instruments(request: HttpRequest) -> list[dict[str, Any]]:
    who = viewer(request)
    return [
        {
            "key": i.key,
            "title": i.title,
            "versions": [
                {"version": v.label, "status": v.status, "date": v.date, "language": v.language}
                for v in i.versions.all()
            ],
            "revisions": [
                {"label": r.label, "year": r.year, "status": r.status, "held": held}
                for r, held in reads.revisions(who, i)
            ],
        }
        for i in reads.instruments(who)
    ]


@router.get("/terms", summary="The glossary", operation_id="terms")
def terms(request: HttpRequest) -> list[dict[str, Any]]:
    return [
        {
            "key": t.key,
            "names": t.names,
            "definitions": [
                {name: getattr(d, name) for name in ("text", "source", "url", "language", "year")}
                for d in t.definitions
            ],
            "note": t.note,
        }
        for t in glossary()
    ]


@router.get(
    "/{issuer}/{name}/versions/{label}/paragraph.json",
    summary="One provision with its history, proposals, citations and duty",
    operation_id="paragraph",
)
@found
def paragraph(
    request: HttpRequest, issuer: str, name: str, label: str, unit: str
) -> dict[str, Any]:
    """`unit` is the short key, the eId or the wId."""
    who = viewer(request)
    version = held_version(request, issuer, name, label)
    return reads.paragraph(who, reads.provision(who, version, unit))


@router.get(
    "/{issuer}/{name}/versions/{label}/{file}",
    summary="A version: text.json, .xml, .html or .docx, compared.docx, or a table: .json or .csv",
    operation_id="version_file",
)
@found
def version_file(
    request: HttpRequest, issuer: str, name: str, label: str, file: str
) -> HttpResponse:
    version = held_version(request, issuer, name, label)
    try:
        data = export(reads.bundle(viewer(request), version), file)
    except MandateError as error:
        raise HttpError(404, str(error)) from error
    return _file(data, f"{name}-{label}-{file}")


@router.get(
    "/{issuer}/{name}/compare/{old}/{file}",
    summary="Any two versions compared, as {new}.json or {new}.csv",
    operation_id="compare",
)
@found
def compare(request: HttpRequest, issuer: str, name: str, old: str, file: str) -> HttpResponse:
    new, _dot, shape = file.rpartition(".")
    if shape not in ("json", "csv"):
        raise HttpError(404, "Ask for {new}.json or {new}.csv.")
    texts = [
        reads.text(viewer(request), held_version(request, issuer, name, label))
        for label in (old, new)
    ]
    before, after = (units(text.passages or text.provisions) for text in texts)
    rows = tables.change_rows(reads.changes_between(*texts), before, after)
    about = {"instrument": f"{issuer}/{name}", "old": old, "new": new}
    data = (
        tables.to_json(rows, about)
        if shape == "json"
        else tables.to_csv(rows, tables.COLUMNS["changes"])
    )
    return _file(data, f"{name}-{old}-{new}.{shape}")


def _file(data: bytes, name: str) -> HttpResponse:
    shape = name.rpartition(".")[2]
    response = HttpResponse(data, content_type=MEDIA_TYPES[shape])
    if shape != "json":
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
