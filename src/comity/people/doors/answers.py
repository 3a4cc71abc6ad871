"""Answers of the API: JSON with its ETag, and failures as RFC 9457 problems."""

from __future__ import annotations

import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from comity.kit import conditions
from comity.kit.errors import KitError
from comity.kit.problems import (
    BAD_INPUT,
    MEDIA_TYPE,
    FieldError,
    ProblemType,
    pointer,
    problem,
)
from comity.people.doors.asking import viewer

SEE = gettext_noop("See the description of this address in /api/v1/openapi.json.")


def as_json(data: object) -> bytes:
    """The bytes of an answer: the same data, the same bytes."""
    return json.dumps(
        data, cls=DjangoJSONEncoder, ensure_ascii=False, separators=(",", ":")
    ).encode()


def send(data: object, status: int = 200, **headers: str) -> HttpResponse:
    """An answer to an act."""
    response = HttpResponse(as_json(data), status=status, content_type="application/json")
    for name, value in headers.items():
        response.headers[name.replace("_", "-")] = value
    return response


def fresh(request: HttpRequest, data: object) -> HttpResponse:
    """An answer that may be kept if it is asked about each time; what a person sees, by that
    person's program only. A matching If-None-Match becomes a 304 on its way out."""
    response = send(data)
    response.headers["ETag"] = conditions.etag(response.content)
    patch_vary_headers(response, ("Authorization", "Cookie"))
    if viewer(request).person is None:
        patch_cache_control(response, no_cache=True)
    else:
        patch_cache_control(response, private=True, no_cache=True)
    return response


def as_problem(
    request: HttpRequest,
    kind: ProblemType,
    words: str,
    errors: tuple[FieldError, ...] = (),
    **more: Any,
) -> JsonResponse:
    """The problem as RFC 9457 wants it, its title in the reader's language."""
    body = problem(kind, words, instance=request.path, errors=errors).as_json()
    body["title"] = _(kind.title)
    return JsonResponse(body | more, status=kind.status, content_type=MEDIA_TYPE)


def remark(
    request: HttpRequest, error: KitError, kind: ProblemType = BAD_INPUT, **more: Any
) -> JsonResponse:
    """An error of a room as a problem: what is wrong, its place, what to do, in their language."""
    advice = _(error.remedy) if error.remedy else _(SEE)
    where = pointer(error.place) if error.place else pointer()
    detail = f"{_(error.message)}. {_(error.remedy) if error.remedy else ''}".strip()
    return as_problem(request, kind, detail, (FieldError(where, _(error.message), advice),), **more)
