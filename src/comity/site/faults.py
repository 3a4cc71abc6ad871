"""Error pages in the look and the language of the reader; problem details for machines."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from comity.site.context import House

MEDIA_TYPE = "application/problem+json"


def for_machines(request: HttpRequest) -> bool:
    """The API always; elsewhere a client that takes JSON and does not mention HTML."""
    accept = request.headers.get("Accept", "")
    return request.path.startswith("/api/") or ("json" in accept and "html" not in accept)


def answer(request: HttpRequest, status: int, slug: str, heading: str, words: str) -> HttpResponse:
    if for_machines(request):
        body = {"type": f"/problems/{slug}", "title": heading, "status": status, "detail": words}
        return JsonResponse(body, status=status, content_type=MEDIA_TYPE)
    shown = {"status": status, "heading": heading, "words": words}
    if status == 500:  # no context processor may fail a second time
        shown |= {"house": House(request), "request": request}
        return HttpResponse(render_to_string("problem.html", shown), status=500)
    return render(request, "problem.html", shown, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    words = _("The address or the form held something that cannot be used. Go back and check it.")
    return answer(request, 400, "bad-input", _("The input cannot be used"), words)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    words = _("Your account may see this page but not do that. Ask who runs this gateway.")
    return answer(request, 403, "not-allowed", _("You may see this but not do that"), words)


def not_verified(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without a valid token: cookies are off, or it was open too long."""
    words = _("The form was open too long, or cookies are off. Load the page again and send it.")
    return answer(request, 403, "form-expired", _("The form could not be checked"), words)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    words = _("The address may be mistyped, or what it named is not here.")
    return answer(request, 404, "not-found", _("There is nothing here"), words)


def failed(request: HttpRequest) -> HttpResponse:
    words = _("The fault is ours and was written to the log. Nothing you sent was kept.")
    return answer(request, 500, "fault", _("Something failed on our side"), words)
