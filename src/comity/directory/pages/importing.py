"""Import a file of teams: first the dry run, then, by the same SHA-256, the application."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from comity.directory import actions
from comity.directory.actions.batches import LARGEST
from comity.directory.formats import any as formats
from comity.directory.pages import wording
from comity.directory.pages.frame import demand, refuse, told, trail, viewer
from comity.directory.rules.speakers import Speaker
from comity.directory.types import DirectoryError
from comity.kit.sheets import ENCODINGS

SHOWN = 200  # differences on the page; the count says how many there are


class Source(forms.Form):
    """Whose words the file is; without a name nothing is printed beside the values."""

    form = forms.ChoiceField(label=gettext_lazy("Format"), choices=())
    name = forms.CharField(
        label=gettext_lazy("Source"),
        max_length=200,
        help_text=gettext_lazy("Who publishes the file. It is printed beside every value."),
    )
    url = forms.CharField(
        label=gettext_lazy("Address of the source"), max_length=1000, required=False
    )

    encoding = forms.ChoiceField(
        label=gettext_lazy("Encoding"),
        help_text=gettext_lazy("Only for a CSV that is not UTF-8. The refusal shows samples."),
        required=False,
        choices=[("", "UTF-8"), *((name, name) for name in ENCODINGS)],
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        names = [(name, wording.FORMATS.get(name, name)) for name in formats.READERS]
        self.fields["form"].choices = names  # type: ignore[attr-defined]


class Upload(Source):
    file = forms.FileField(label=gettext_lazy("File"), max_length=200, allow_empty_file=True)

    def clean_file(self) -> object:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(
                _("The file is larger than any directory of teams. 20 MB are taken at most.")
            )
        return file


class Apply(Source):
    sha256 = forms.CharField(max_length=64)


@require_http_methods(["GET", "HEAD", "POST"])
def import_(request: HttpRequest) -> HttpResponse:
    demand(request, "directory.load")
    second = request.method == "POST" and "sha256" in request.POST
    form: Source = (
        Apply(request.POST) if second else Upload(request.POST or None, request.FILES or None)
    )
    context: dict[str, object] = {"form": form, "trail": trail()}
    if request.method == "POST" and form.is_valid():
        try:
            if second:
                return _apply(request, form)
            context |= _dry_run(request, form)
        except DirectoryError as error:
            refuse(form, error)
    if second:  # refused: the form to upload again, with the fault above it
        context["fault"] = form
        context["form"] = Upload(initial=form.cleaned_data)
    context["problems"] = form.is_bound and bool(form.errors)
    return render(request, "directory/import.html", context)


def _speaker(form: Source) -> Speaker:
    return actions.importing(form.cleaned_data["name"], form.cleaned_data["url"])


def _dry_run(request: HttpRequest, form: Source) -> dict[str, object]:
    given = form.cleaned_data
    data = given["file"].read(LARGEST + 1)
    run = actions.plan(
        data,
        given["form"],
        _speaker(form),
        viewer=viewer(request),
        encoding=given["encoding"],
    )
    return {
        "run": run,
        "sha256": actions.put_aside(data),
        "given": given,
        "differences": [
            (row, wording.DIFFERENCES[row.kind.value]) for row in run.differences[:SHOWN]
        ],
        "more": max(0, len(run.differences) - SHOWN),
        "findings": [
            {"where": row.where, "what": row.what, "said": told(row)}
            for row in run.reading.findings[:SHOWN]
        ],
        "more_findings": max(0, len(run.reading.findings) - SHOWN),
    }


def _apply(request: HttpRequest, form: Source) -> HttpResponse:
    given = form.cleaned_data
    data = actions.take_up(given["sha256"])
    done = actions.import_file(
        data,
        given["form"],
        _speaker(form),
        viewer=viewer(request),
        encoding=given["encoding"],
    )  # type: ignore[arg-type]
    words = _("Applied. New: {new}. Changed: {changed}. As before: {same}.")
    counts = {"new": done.created, "changed": done.changed, "same": done.unchanged}
    messages.success(request, words.format(**counts))
    for row in done.rejected[:20]:
        messages.error(request, f"{row.team} · {_(row.message)} {_(row.remedy)}")
    return redirect("directory:teams")
