"""What happens to every request: it gets an id, is measured, and leaves with safe headers."""

from __future__ import annotations

import time
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from structlog.contextvars import bind_contextvars, clear_contextvars
from uuid_utils import uuid7

from comity.kit.problems import MEDIA_TYPE, ProblemType
from comity.site import metrics
from comity.site.faults import as_json

Handler = Callable[[HttpRequest], HttpResponse]
log = structlog.get_logger("comity.web")

# Nothing here needs the camera; what is not named stays off by the browser's own default. Only
# names that Chromium knows: each other one is an error in the console of every page.
PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "camera",
        "microphone",
        "geolocation",
        "payment",
        "usb",
        "serial",
        "display-capture",
        "browsing-topics",
    )
)


class Measured:
    """Request id, log line, figures. Written of a request: method, route, status, time. No more.

    A route is the name of a URL pattern: an address may hold what somebody searched for.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        request_id = uuid7().hex
        clear_contextvars()
        bind_contextvars(request_id=request_id)
        response = self.get_response(request)
        response.headers["X-Request-ID"] = request_id
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        seconds = time.perf_counter() - began
        match = request.resolver_match
        route = match.view_name if match and match.view_name else "none"
        method = request.method or ""
        metrics.count(route, method, response.status_code, seconds)
        if not route.startswith("probe-"):
            log.info(
                "request",
                method=method if method in metrics.METHODS else "other",
                route=route,
                status=response.status_code,
                ms=round(seconds * 1000, 1),
            )
        return response


class Freshness:
    """Public pages may be kept if asked about each time (ETag); those of a person never."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if "Cache-Control" in response.headers or request.path.startswith(settings.STATIC_URL):
            return response
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated:
            patch_cache_control(response, private=True, no_store=True)
        else:
            patch_cache_control(response, no_cache=True)
        return response


class ProblemsOnly:
    """A failure of the API is a problem (RFC 9457), whoever made it: 405 and 415 come bare."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        bare = response.status_code >= 400 and request.path.startswith("/api/")
        if not bare or response.headers.get("Content-Type", "").startswith(MEDIA_TYPE):
            return response
        kind = ProblemType("not-done", gettext_noop("This was not done"), response.status_code)
        words = _("The method or the form of the request is not one that this address takes.")
        problem = as_json(request, kind, words)
        if "Allow" in response.headers:
            problem.headers["Allow"] = response.headers["Allow"]
        return problem


class HeadOfApi:
    """HEAD asks for the head of GET (RFC 9110, 9.3.2); ninja keeps a path by its methods alone.

    The server leaves the body out.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith("/api/"):
            return self.get_response(request)
        asked = request.method
        if asked == "HEAD":
            request.method = "GET"
        response = self.get_response(request)
        request.method = asked
        allowed = response.headers.get("Allow", "").split(", ")
        if "GET" in allowed and "HEAD" not in allowed:
            response.headers["Allow"] = ", ".join([*allowed, "HEAD"])
        return response


class PlainAddress:
    """No address of the house holds a control character, so one that does is not here.

    PostgreSQL takes no NUL in a text at all: asked for one, it fails where SQLite finds nothing.
    In a query only NUL is refused: words that somebody searches for may hold a line's end.
    The innermost: the page that says so has its language and its reader.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        spoilt = any(ord(sign) < 32 or ord(sign) == 127 for sign in request.path_info)
        if spoilt or "%00" in request.META.get("QUERY_STRING", ""):
            raise Http404("a control character in the address")
        return self.get_response(request)
