"""The JSON API at /api/v1/: one shape of success a room, one shape of failure for all.

Failures are RFC 9457 problems. Who asks is `request.viewer`, built by the room people from a
session or a token; a room's router takes it from there.
"""

from __future__ import annotations

from importlib import import_module

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError

from comity.kit.errors import KitError
from comity.kit.problems import (
    BAD_INPUT,
    NOT_ALLOWED,
    NOT_FOUND,
    NOT_SIGNED_IN,
    TOO_MANY,
    FieldError,
    ProblemType,
    pointer,
)
from comity.site import rooms
from comity.site.faults import as_json

UNFIT = ProblemType("unfit-input", gettext_noop("The input does not have the form asked for"), 422)

api = NinjaAPI(
    title="Comity",
    version="1.0.0",
    urls_namespace="api",
    docs_url=None,  # ninja's page of documentation loads from another host
    openapi_url="/openapi.json",
)


@api.exception_handler(ValidationError)
def unfit(request: HttpRequest, error: ValidationError) -> HttpResponse:
    remedy = _("See the description of this address in /api/v1/openapi.json.")
    errors = tuple(
        FieldError(pointer(*(str(step) for step in e["loc"])), str(e["msg"]), remedy)
        for e in error.errors[:100]
    )
    return as_json(request, UNFIT, _("Some fields cannot be used."), errors)


@api.exception_handler(AuthenticationError)
def not_signed_in(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    words = _("Send a token in the header Authorization, or sign in.")
    response = as_json(request, NOT_SIGNED_IN, words)
    response.headers["WWW-Authenticate"] = 'Bearer realm="comity"'
    return response


@api.exception_handler(PermissionDenied)
def not_allowed(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
    return as_json(request, NOT_ALLOWED, _("Your account or token does not carry this right."))


@api.exception_handler(Http404)
def not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return as_json(request, NOT_FOUND, _("The address may be mistyped, or it is not here."))


@api.exception_handler(Throttled)
def too_many(request: HttpRequest, error: Throttled) -> HttpResponse:
    response = as_json(request, TOO_MANY, _("Wait, then ask again."))
    if error.wait:
        response.headers["Retry-After"] = str(int(error.wait) + 1)
    return response


@api.exception_handler(KitError)
def bad_input(request: HttpRequest, error: KitError) -> HttpResponse:
    errors = ()
    if error.place and error.remedy:
        errors = (FieldError(pointer(error.place), error.message, error.remedy),)
    return as_json(request, BAD_INPUT, str(error), errors)


@api.exception_handler(HttpError)
def plain(request: HttpRequest, error: HttpError) -> HttpResponse:
    kinds = {400: BAD_INPUT, 401: NOT_SIGNED_IN, 403: NOT_ALLOWED, 404: NOT_FOUND, 429: TOO_MANY}
    kind = kinds.get(error.status_code)
    if kind is None:
        kind = ProblemType("not-done", gettext_noop("This was not done"), error.status_code)
    return as_json(request, kind, str(error))


@api.get("/", summary="Which rooms answer here", operation_id="rooms")
def index(request: HttpRequest) -> dict[str, list[str]]:
    return {"rooms": [room.name for room in rooms.with_door("api")]}


for room in rooms.with_door("api"):
    api.add_router(f"/{room.name}", import_module(f"comity.{room.name}.api").router)
