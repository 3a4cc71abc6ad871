"""Who asks, and whether they may: looked at before the body of a request is read."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.errors import AuthenticationError, HttpError
from ninja.utils import check_csrf

from comity.kit.tlp import Viewer
from comity.people import reads
from comity.people.rules import READ, SCOPES, may

Guard = Callable[[HttpRequest], Viewer]


def viewer(request: HttpRequest) -> Viewer:
    """Who asks: of a token, else of a session; the middleware has put it there."""
    return reads.viewer_of(request)


def who_may(permission: str) -> Guard:
    """A guard for `auth=`: who acts must be known and hold the permission."""

    def asked(request: HttpRequest) -> Viewer:
        who = who_is_known(request)
        if not may(who, permission):
            raise PermissionDenied(permission)
        _by_a_page_of_ours(request, who)
        return who

    return asked


def who_signed_in(scope: str) -> Guard:
    """A guard for acts that any person does for themselves or their body: the act itself asks
    further. A token needs the scope."""
    assert scope in SCOPES and scope != READ, scope  # noqa: S101 - a fault of ours

    def asked(request: HttpRequest) -> Viewer:
        who = who_is_known(request)
        if not who.in_scope(scope):
            raise PermissionDenied(scope)
        _by_a_page_of_ours(request, who)
        return who

    return asked


def who_is_known(request: HttpRequest) -> Viewer:
    """A guard for reading what is somebody's own: who asks must be known."""
    who = viewer(request)
    if who.person is None:
        raise AuthenticationError
    return who


def _by_a_page_of_ours(request: HttpRequest, who: Viewer) -> None:
    """A browser sends its session wherever a foreign page tells it to; a token it does not."""
    if who.scopes is None and check_csrf(request):
        raise HttpError(403, _("Send the CSRF token of a page, or an access token."))
