"""A report as a file: the draft as it stands, or an edition as it was frozen."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from comity.kit.languages import by_code
from comity.report import reads
from comity.report.pages.frame import found, language, scope
from comity.report.reads import files
from comity.report.types.tree import Document


@require_safe
@found
def draft(request: HttpRequest, year: int, form: str) -> HttpResponse:
    code = wanted(request)
    return sent(reads.written_draft(scope(year), code), form, f"report-{year}", code)


@require_safe
@found
def kept(request: HttpRequest, year: int, edition: int, form: str) -> HttpResponse:
    code = wanted(request)
    document = reads.document(reads.edition(year, edition), code)
    return sent(document, form, f"report-{year}-edition-{edition}", code)


def wanted(request: HttpRequest) -> str:
    """The language asked for, else that of the address. Raises `UnknownLanguage`."""
    return by_code(request.GET.get("lang", "") or language()).code


def sent(document: Document, form: str, stem: str, code: str) -> HttpResponse:
    data = files.rendered(document, form)
    name = files.file_name(stem, code, form)
    return HttpResponse(
        data,
        content_type=files.media_type(form),
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Content-Language": code},
    )
