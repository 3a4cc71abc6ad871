"""Light, dark, or as the device: a plain link sets a cookie, the server writes `data-theme`."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

THEMES = ("light", "dark")
COOKIE = "theme"
YEAR = 365 * 86400


def theme_of(request: HttpRequest) -> str:
    """ "light", "dark", or "" when the device decides."""
    kept = request.COOKIES.get(COOKIE, "")
    return kept if kept in THEMES else ""


class ThemeByLink:
    """`?theme=dark` on any page: remember it and show the same page without the parameter."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        wanted = request.GET.get(COOKIE)
        if request.method != "GET" or wanted not in (*THEMES, "auto"):
            return self.get_response(request)
        rest = request.GET.copy()
        del rest[COOKIE]
        # One leading slash: "//evil.example" would be another host.
        path = "/" + request.path.lstrip("/")
        response = HttpResponseRedirect(path + (f"?{rest.urlencode()}" if rest else ""))
        if wanted == "auto":
            response.delete_cookie(COOKIE, samesite="Lax")
        else:
            response.set_cookie(
                COOKIE, wanted, YEAR, samesite="Lax", httponly=True, secure=settings.HTTPS
            )
        return response
