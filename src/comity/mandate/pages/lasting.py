"""The lasting address of a text, /akn/…: a browser is sent to its page, a machine gets the XML.

Akoma Ntoso names works and expressions by such addresses (Naming Convention 1.0, 4); ours stand
in every export and on every page, so they have to lead somewhere.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

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
    if language not in _CODES:
        raise Http404(f"{language!r} is none of the six languages.")
    key = f"{issuer}/{name}"
    version = reads.expression(viewer(request), key, work, _CODES[language], date)
    wanted = request.get_preferred_type(["text/html", *XML])
    if wanted in XML:
        data = export(reads.bundle(viewer(request), version), "text.xml")
        response = HttpResponse(data, content_type=wanted)
    else:
        response = redirect("mandate:text", issuer=issuer, name=name, label=version.label)
    patch_vary_headers(response, ["Accept", "Accept-Language"])
    return response


urlpatterns = [
    path(
        "un/statement/deliberation/<slug:issuer>/<slug:work>/<slug:name>/<slug:language>@<slug:date>",
        lasting,
        name="lasting",
    )
]
