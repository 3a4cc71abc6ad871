"""Error pages in the look and the language of the reader; problem details for machines."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from comity.kit.problems import (
    BAD_INPUT,
    CATALOGUE,
    MEDIA_TYPE,
    NOT_ALLOWED,
    NOT_FOUND,
    TOO_LARGE,
    FieldError,
    ProblemType,
    problem,
)
from comity.site.context import House


def for_machines(request: HttpRequest) -> bool:
    """The API always; elsewhere a client that takes JSON and does not mention HTML."""
    accept = request.headers.get("Accept", "")
    return request.path.startswith("/api/") or ("json" in accept and "html" not in accept)


FAULT = ProblemType("fault", gettext_noop("Something failed on our side"), 500)
FORM_EXPIRED = ProblemType("form-expired", gettext_noop("The form could not be checked"), 403)


def as_json(
    request: HttpRequest, kind: ProblemType, words: str, errors: tuple[FieldError, ...] = ()
) -> JsonResponse:
    """The problem as RFC 9457 wants it, its title in the reader's language."""
    body = problem(kind, words, instance=request.path, errors=errors).as_json()
    body["title"] = _(kind.title)
    return JsonResponse(body, status=kind.status, content_type=MEDIA_TYPE)


def answer(request: HttpRequest, kind: ProblemType, words: str) -> HttpResponse:
    if for_machines(request):
        return as_json(request, kind, words)
    shown = {"status": kind.status, "heading": _(kind.title), "words": words}
    if kind is FAULT:  # no context processor may fail a second time
        shown |= {"house": House(request), "request": request}
        return HttpResponse(render_to_string("problem.html", shown), status=kind.status)
    return render(request, "problem.html", shown, status=kind.status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):  # told by its length, before it is read
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 2**20
        said = _("What was sent is larger than %(megabytes)s MB. Send less at once.")
        return answer(request, TOO_LARGE, said % {"megabytes": most})
    words = _("The address or the form held something that cannot be used. Go back and check it.")
    return answer(request, BAD_INPUT, words)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        words = _("Your account may see this page but not do that. Ask who runs this gateway.")
    else:
        words = _("This is done by people whose account has the role for it. Sign in first.")
    return answer(request, NOT_ALLOWED, words)


def not_verified(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without a valid token: cookies are off, or it was open too long."""
    words = _("The form was open too long, or cookies are off. Load the page again and send it.")
    return answer(request, FORM_EXPIRED, words)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    words = _("The address may be mistyped, or what it named is not here.")
    return answer(request, NOT_FOUND, words)


def failed(request: HttpRequest) -> HttpResponse:
    words = _("The fault is ours and is in the log. Try again; if it stays, write to who runs it.")
    return answer(request, FAULT, words)


@require_safe
def kind_of_problem(request: HttpRequest, slug: str) -> HttpResponse:
    """Where a problem's `type` leads: what this kind of failure means."""
    kind = {FAULT.slug: FAULT, FORM_EXPIRED.slug: FORM_EXPIRED, **CATALOGUE}.get(slug)
    if kind is None:
        raise Http404
    words = _("A machine that asked this gateway got an answer of this kind. Its detail says more.")
    shown = {"status": kind.status, "heading": _(kind.title), "words": words}
    return render(request, "problem.html", shown)
