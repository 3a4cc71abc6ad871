"""The header Idempotency-Key at the doors: a POST that is sent again is answered, not done again.

draft-ietf-httpapi-idempotency-key-header; where we read it otherwise stands in docs/divergences.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja.decorators import decorate_view
from ninja.errors import AuthenticationError, HttpError
from ninja.operation import Operation
from ninja.utils import contribute_operation_callback

from comity.kit import conditions
from comity.kit.canonical import canonical
from comity.kit.problems import CONFLICT, ProblemType
from comity.ledger import actions as ledger
from comity.ledger.types import Answer, OtherRequest, UnderWay
from comity.people.doors.answers import as_problem, remark

HEADER = "Idempotency-Key"
KEPT = ("Content-Type", "Location", "ETag")  # the headers that belong to an answer
REUSED = ProblemType("key-reused", gettext_noop("The key was used for another request"), 422)
DESCRIBED = {
    "in": "header",
    "name": HEADER,
    "required": False,
    "schema": {"type": "string", "minLength": 16, "maxLength": 202},
    "description": "A string of your own, best a UUID in quotes. The same request sent again with "
    "the same key within 30 days is answered as the first time and not done again.",
}


def once(view: Callable[..., Any]) -> Callable[..., Any]:
    """Under `@router.post(…, auth=guard)`: the act and its kept answer commit together."""
    decorated: Callable[..., Any] = decorate_view(_around)(view)
    contribute_operation_callback(decorated, _describe)
    return decorated


def _describe(operation: Operation) -> None:
    extra = operation.openapi_extra or {}
    operation.openapi_extra = extra | {"parameters": [*extra.get("parameters", ()), DESCRIBED]}


def _around(run: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    operation: Operation = run.__self__  # type: ignore[attr-defined]

    def kept(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        header = request.headers.get(HEADER)
        if header is None:
            return run(request, **kwargs)
        try:
            # Asked here too: who has lost the right since does not get the kept answer.
            who = next(str(guard(request).person) for guard in operation.auth_callbacks)
        except (AuthenticationError, PermissionDenied, HttpError):
            return run(request, **kwargs)  # refuses in the one shape
        try:
            key = conditions.idempotency_key(header)
            asked = _asked(request)
            answer = ledger.once(who, key, asked, lambda: _answer(run(request, **kwargs)))
        except conditions.BadKey as error:
            return remark(request, error)
        except OtherRequest:
            words = _("This key was sent with another request. Use a new key for a new act.")
            return as_problem(request, REUSED, words)
        except UnderWay:
            words = _("The same request is being done at this moment. Ask again in a second.")
            response = as_problem(request, CONFLICT, words)
            response.headers["Retry-After"] = "1"
            return response
        return HttpResponse(answer.body, status=answer.status, headers=dict(answer.headers))

    return kept


def _answer(response: HttpResponse) -> Answer:
    headers = tuple((name, response.headers[name]) for name in KEPT if name in response.headers)
    return Answer(response.status_code, headers, response.content)


def _asked(request: HttpRequest) -> bytes:
    """All that a request asks, as bytes: a form by its parts, since their boundary is drawn anew
    each time it is sent; anything else as it came."""
    asked: list[Any] = [request.method, request.path, request.META.get("QUERY_STRING", "")]
    if request.content_type == "multipart/form-data":
        asked.append(sorted((name, values) for name, values in request.POST.lists()))
        for name, files in sorted(request.FILES.lists()):
            for file in files:
                seen = hashlib.sha256()
                for chunk in file.chunks():  # type: ignore[union-attr]
                    seen.update(chunk)
                file.seek(0)  # type: ignore[union-attr]
                asked.append([name, file.name, seen.hexdigest()])  # type: ignore[union-attr]
    else:
        asked += [request.content_type, hashlib.sha256(request.body).hexdigest()]
    return canonical(asked)
