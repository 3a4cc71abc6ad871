"""The lasting addresses, /akn/… and /ontology/…: a browser is sent to a page, a machine gets XML.

Akoma Ntoso names works and expressions by such addresses (Naming Convention 1.0, 4); ours stand
in every export and on every page, so they have to lead somewhere.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from comity.mandate import models as m
from comity.mandate import reads
from comity.mandate.formats.export import MEDIA_TYPES, export
from comity.mandate.pages.frame import found, viewer
from comity.mandate.rules.identifiers import LANGUAGES

XML = (MEDIA_TYPES["xml"], "application/xml")
_CODES = {code: language for language, code in LANGUAGES.items()}


@require_safe
@found
def lasting(
    request: HttpRequest, issuer: str, work: str, name: str, language: str, date: str
) -> HttpResponse:
    """One text of one work in one language. The fragment, an eId, stays with the browser."""
    return _given(request, _expression(request, f"{issuer}/{name}", work, language, date))


@require_safe
@found
def manifestation(
    request: HttpRequest, issuer: str, work: str, name: str, language: str, date: str
) -> HttpResponse:
    """The file of an expression, whoever asks."""
    version = _expression(request, f"{issuer}/{name}", work, language, date)
    return _xml(request, version, XML[0])


@require_safe
@found
def of_work(request: HttpRequest, issuer: str, work: str, name: str) -> HttpResponse:
    """A work: its newest text held, else what is known of the instrument that others name."""
    key = f"{issuer}/{name}"
    version = reads.of_work(viewer(request), key, work)
    if version is None:
        return instrument(request, issuer, name)
    return _given(request, version)


@require_safe
@found
def instrument(request: HttpRequest, issuer: str, name: str) -> HttpResponse:
    """An instrument over all its revisions, where a citation names no year."""
    reads.instrument(viewer(request), f"{issuer}/{name}")
    response = redirect("mandate:cited", issuer=issuer, name=name)
    patch_vary_headers(response, ["Accept-Language"])
    return response


def _expression(request: HttpRequest, key: str, work: str, language: str, date: str) -> m.Version:
    if language not in _CODES:
        raise Http404(f"{language!r} is none of the six languages.")
    return reads.expression(viewer(request), key, work, _CODES[language], date)


def _given(request: HttpRequest, version: m.Version) -> HttpResponse:
    wanted = request.get_preferred_type(["text/html", *XML])
    if wanted in XML:
        response = _xml(request, version, wanted)
    else:
        issuer, name = version.instrument.key.split("/", 1)
        response = redirect("mandate:text", issuer=issuer, name=name, label=version.label)
    patch_vary_headers(response, ["Accept", "Accept-Language"])
    return response


def _xml(request: HttpRequest, version: m.Version, media_type: str) -> HttpResponse:
    data = export(reads.bundle(viewer(request), version), "text.xml")
    return HttpResponse(data, content_type=media_type)


WORK = "akn/un/statement/deliberation/<slug:issuer>/<slug:work>/<slug:name>"
EXPRESSION = f"{WORK}/<slug:language>@<slug:date>"
# "!main" names the main component of a work (Naming Convention 1.0, 4.6): of ours the only one.
urlpatterns = [
    path(WORK, of_work, name="lasting_work"),
    path(f"{WORK}/!main", of_work, name="lasting_work_main"),
    path(EXPRESSION, lasting, name="lasting"),
    path(f"{EXPRESSION}/!main", lasting, name="lasting_main"),
    path(f"{EXPRESSION}.akn", manifestation, name="lasting_file"),
    path(f"{EXPRESSION}/!main.akn", manifestation, name="lasting_main_file"),
    path("ontology/instrument/un/<slug:issuer>/<slug:name>", instrument, name="lasting_instrument"),
]
