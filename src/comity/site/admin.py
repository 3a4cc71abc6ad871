"""Django's administration at /admin/: for administrators with a second factor in this session.

For everybody else no address under it exists. It shows tables of the rooms; what can be changed is
changed by the rooms' acts, so each change has its line in the record.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import update_wrapper
from importlib import import_module
from typing import Any

from django.contrib.admin.sites import AdminSite
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect

from comity.people.reads import viewer_of
from comity.people.rules import may
from comity.site import rooms

View = Callable[..., HttpResponseBase]
# Signing in and out and passwords have their own pages; nothing here asks for more.
DOORS = frozenset({"index", "app_list", "jsi18n"})
APPS = {
    "ledger": _("Record of acts"),
    "people": _("Identity"),
    "directory": _("Directory"),
    "registry": _("Registry"),
}


class Administration(AdminSite):
    site_title = site_header = index_title = _("Administration")
    index_template = "administration/index.html"
    enable_nav_sidebar = False  # it filters by script
    empty_value_display = "–"

    def has_permission(self, request: HttpRequest) -> bool:
        """By a session: people are never managed by token."""
        who = viewer_of(request)
        return who.scopes is None and may(who, "people.manage")

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        """Asked before anything else, the form's token too: a refusal must read as absence."""
        checked = csrf_protect(never_cache(view))

        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not self.has_permission(request):
                raise Http404
            return checked(request, *args, **kwargs)

        return update_wrapper(inner, view)

    def get_urls(self) -> list[Any]:
        doors = [door for door in super().get_urls() if _ours(door)]
        for door in doors:
            door.name = getattr(door, "name", None) or "absent"
        _leave_tokens_to_us(doors)
        return doors

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        found: list[Any] = super().get_app_list(request, app_label)
        for app in found:
            app["name"] = APPS.get(app["app_label"], app["name"])
        return found


def _ours(door: URLPattern | URLResolver) -> bool:
    """The tables, the few pages around them, and the last pattern, which says that a page is
    absent."""
    return isinstance(door, URLResolver) or door.name in DOORS or door.name is None


def _leave_tokens_to_us(doors: Sequence[URLPattern | URLResolver]) -> None:
    """`admin_view` asks for the form's token behind its own question; the middleware, which would
    ask before, leaves these doors alone."""
    for door in doors:
        if isinstance(door, URLResolver):
            _leave_tokens_to_us(door.url_patterns)
        else:
            door.callback.csrf_exempt = True  # type: ignore[attr-defined]


def bare(request: HttpRequest) -> HttpResponse:
    """/admin: without it, everybody would be sent on to /admin/ and learn that it is there."""
    if not site.has_permission(request):
        raise Http404
    return redirect("admin:index")


def _gathered() -> Administration:
    made = Administration(name="admin")
    for room in rooms.with_door("admin"):
        for model, table in import_module(f"comity.{room.name}.admin").TABLES:
            made.register(model, table)
            # The words of headings; the models stay as their migrations say.
            model._meta.verbose_name, model._meta.verbose_name_plural = table.one, table.many
    return made


site = _gathered()
__all__ = ["Administration", "bare", "site"]
