"""What every table of the administration has in common: looked at, changed by acts alone.

The site gathers the `TABLES` of the rooms (`site/admin.py`). A table says which columns it shows
and, where an administrator has an act for it, with which form it is done; nothing is written here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from comity.kit.tlp import Viewer
from comity.ledger import reads
from comity.ledger.models import Act

Words = str | Promise
Column = Callable[[Any], Any]


def column(field: str, words: Words, *, order: str = "", yesno: bool = False) -> Column:
    """A column under words of ours; `field` may pass through others: "body__name"."""

    look = {"boolean": True} if yesno else {"empty_value": "–"}

    @admin.display(description=words, ordering=order or field, **look)
    def cell(row: Any) -> Any:
        for part in field.split("__"):
            row = getattr(row, part, None)
        return row() if callable(row) else row

    cell.__name__ = field
    return cell


class ActForm(forms.ModelForm):  # type: ignore[type-arg]
    """A form that does an act. What the act refuses is an error of the form; what it made is the
    form's instance. The page around it is one transaction."""

    actor = ""
    refusals: tuple[type[Exception], ...] = ()

    def act(self, said: dict[str, Any]) -> Model:
        """Do it and give back the row."""
        raise NotImplementedError

    def _post_clean(self) -> None:
        if self.errors:
            return
        try:
            self.instance = self.act(self.cleaned_data)
        except self.refusals as error:
            self.add_error(None, now_(str(error)))

    def save(self, commit: bool = True) -> Any:
        return self.instance

    def _save_m2m(self) -> None:
        """There is nothing besides what the act wrote."""


class Table(admin.ModelAdmin):  # type: ignore[type-arg]
    """One table of the administration. Without forms it is only looked at."""

    one: Words = ""  # what a row is, for headings
    many: Words = ""
    columns: Sequence[Column] = ()
    add_by: type[ActForm] | None = None
    change_by: type[ActForm] | None = None
    joined: tuple[str, ...] = ()
    searched: tuple[str, ...] = ()
    sorted_by: tuple[str, ...] = ()

    actions = None  # nothing is done to many rows at once
    list_per_page = 50
    show_full_result_count = False
    view_on_site = False

    def ledger_name(self, row: Any) -> str:
        """How the record of acts names a row; empty for what has no name there."""
        return ""

    def seen_by(self, viewer: Viewer, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The rows the viewer may see: being an administrator opens no marking."""
        return rows

    def get_urls(self) -> list[Any]:
        """Without the old address of a row, which only sends on."""
        return [door for door in super().get_urls() if door.name]

    # --- who may: the site has asked already -----------------------------------------------

    def has_module_permission(self, request: HttpRequest) -> bool:
        return True

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.add_by is not None

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.change_by is not None

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    # --- what is shown -----------------------------------------------------------------------

    def get_list_display(self, request: HttpRequest) -> Sequence[Any]:
        return self.columns

    def get_search_fields(self, request: HttpRequest) -> Sequence[str]:
        return self.searched

    def get_ordering(self, request: HttpRequest) -> Sequence[str]:
        return self.sorted_by or ("-pk",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request).select_related(*self.joined)
        return self.seen_by(request.viewer, rows)  # type: ignore[attr-defined]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Sequence[Any]:
        return self.columns if obj is not None else ()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Sequence[Any]:
        form = self._form(obj)
        return [*self.get_readonly_fields(request, obj), *(form.base_fields if form else ())]

    # --- what is done ------------------------------------------------------------------------

    def _form(self, obj: Any) -> type[ActForm] | None:
        return self.add_by if obj is None else self.change_by

    def actor(self, request: HttpRequest) -> str:
        """The pseudonym under which the act is recorded."""
        raise NotImplementedError

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kw: Any
    ) -> Any:
        base = self._form(obj)
        who = self.actor(request) if base else ""

        class Filled(base or ActForm):  # type: ignore[misc]
            actor = who

            class Meta:
                model = self.model
                fields = ()

        return Filled

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:
        return form.instance

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """The act has written it."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The act has written it."""

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """The record of acts has it; a second log would hold names."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """The record of acts has it; a second log would hold names."""

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """What was done to a row, as the record of acts has it."""
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404
        name = self.ledger_name(row)
        context = {
            **self.admin_site.each_context(request),
            "title": now_("Acts"),
            "acts": reads.acts_on(name) if name else (),
            "opts": self.opts,
            "object": row,
        }
        return TemplateResponse(request, "administration/history.html", context)


class Acts(Table):
    one, many = _("act"), _("acts")
    columns = (
        column("seq", _("Number")),
        column("moment", _("Moment")),
        column("act", _("Act")),
        column("object", _("Object")),
        column("actor", _("Actor")),
        column("hash", _("Hash")),
    )
    searched = ("=act", "object__startswith", "=actor")
    sorted_by = ("-seq",)

    def ledger_name(self, row: Any) -> str:
        return str(row.object)


TABLES = ((Act, Acts),)
