"""The reference guide to setting up a national CIRT: for one country or for all, in three forms."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comity.kit import countries
from comity.kit.languages import LANGUAGES
from comity.report.pages.files import sent, wanted
from comity.report.pages.frame import found, language, trail
from comity.report.reads import guiding

FORMS = ("html", "docx", "pdf")


@require_safe
@found
def guide(request: HttpRequest) -> HttpResponse:
    """Choose a country, then the file. What it is made for is said before it is opened."""
    code = request.GET.get("country", "")
    made = guiding.reader_of(code, guiding.loading.newest().date())
    base = reverse("report:guide_file", kwargs={"form": "html"})[: -len("html")]
    tail = f"&country={made.country}" if made.country else ""
    names = sorted(
        ((country.name(language()), country.iso2) for country in countries.all_countries()),
        key=lambda row: countries.folded(row[0]),
    )
    context = {
        "trail": trail(),
        "countries": names,
        "reader": made,
        "name": countries.by_code(made.country).name(language()) if made.country else "",
        "files": [(form, _files(f"{base}{form}", tail)) for form in FORMS],
        "cite": _("Reference guide to setting up a national CIRT"),
    }
    return render(request, "report/guide.html", context)


def _files(address: str, tail: str) -> list[tuple[str, str, str]]:
    return [
        (code, known.own_name, f"{address}?lang={code}{tail}") for code, known in LANGUAGES.items()
    ]


@require_safe
@found
def file(request: HttpRequest, form: str) -> HttpResponse:
    code = wanted(request)
    asked = guiding.asked(request.GET.get("country", ""))
    stem = f"guide-{asked.reader.country.lower()}" if asked.reader.country else "guide"
    return sent(guiding.guide(asked, code), form, stem, code)
