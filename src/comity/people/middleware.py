"""Puts `request.viewer` on every request: from an access token if one is shown, else the session.

A session is looked at only when somebody asks. A token is checked at once: a program that shows a
bad one must hear so, not be served as nobody.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject, empty
from django.utils.translation import gettext as _

from comity.kit import problems
from comity.kit.tlp import Viewer
from comity.people import actions, reads, rules
from comity.people.accounts import client_address, is_local
from comity.people.reads.handlings import kept_for_a_request


class ViewerMiddleware:
    """Stands after the session and authentication middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with kept_for_a_request():
            return self._seen(request)

    def _seen(self, request: HttpRequest) -> HttpResponse:
        header = request.headers.get("Authorization", "")
        if header:
            refusal = self._by_token(request, header)
            response = refusal or self.get_response(request)
            patch_vary_headers(response, ["Authorization"])
            response.setdefault("Cache-Control", "no-store")
            return response
        lazy = SimpleLazyObject(lambda: reads.session_viewer(request))
        request.viewer = lazy  # type: ignore[attr-defined]
        response = self.get_response(request)
        # What was shown to somebody in particular stays out of every cache.
        if lazy._wrapped is not empty and lazy.person is not None:  # type: ignore[attr-defined]
            response.setdefault("Cache-Control", "no-store")
        return response

    def _by_token(self, request: HttpRequest, header: str) -> HttpResponse | None:
        """Set the token's viewer, or say no."""
        text = rules.authorization_token(header)
        now = timezone.now()
        token = text and reads.token_named(
            text, address=client_address(request), local=is_local(request), now=now
        )
        if not token:
            return _refused()
        actions.note_use(token, now)
        viewer: Viewer = reads.viewer_of_token(token, now)
        request.viewer = viewer  # type: ignore[attr-defined]
        return None


def _refused() -> HttpResponse:
    problem = problems.problem(
        problems.NOT_SIGNED_IN,
        _("The access token is unknown, expired or revoked. Make a new one on your page."),
    )
    body = problem.as_json() | {"title": _(problem.title)}
    response = HttpResponse(
        json.dumps(body, ensure_ascii=False), status=401, content_type=problems.MEDIA_TYPE
    )
    response["WWW-Authenticate"] = 'Bearer realm="comity", Basic realm="comity", charset="UTF-8"'
    return response
