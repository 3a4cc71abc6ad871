"""Files and feeds of the registry: the machine twin of each list and entry, as its reader sees it.

Every answer has a tag made from what the reader may see, so that asking again costs little.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    JsonResponse,
    QueryDict,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.urls import path
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comity.kit.tlp import Label, Viewer
from comity.registry import reads
from comity.registry.formats import iati, jsonld
from comity.registry.formats.exported import file_name
from comity.registry.reads import exporting, files
from comity.registry.reads.entries import NotHeld, Question
from comity.registry.types import RegistryError

# Facets that no field names: they are made from several (`rules/made.py`).
MADE_FACETS = ("country", "region", "group", "body", "year", "subtype", "standing", "instrument")
MOST_VALUES = 20  # of one facet in an address
LONGEST = 300  # characters of the words searched


def viewer(request: HttpRequest) -> Viewer:
    who: Viewer = request.viewer  # type: ignore[attr-defined]
    return who


def asked(params: QueryDict, kind: str = "") -> Question:
    """The question that an address asks: `q` are words, `kind` a kind, other names facets."""
    known = {field.facet for each in reads.kinds().values() for field in each.fields}
    facets: Mapping[str, tuple[str, ...]] = {
        name: tuple(
            value for value in params.getlist(name)[:MOST_VALUES] if value and "\0" not in value
        )
        for name in params
        if name in known or name in MADE_FACETS
    }
    chosen = {name: values for name, values in facets.items() if values}
    text = params.get("q", "").replace("\0", " ")[:LONGEST]
    return Question(kind or params.get("kind", ""), text, chosen)


def here(request: HttpRequest) -> files.Here:
    return files.here(request.build_absolute_uri("/"))


@require_safe
def table(request: HttpRequest, kind: str, shape: str) -> HttpResponseBase:
    """A kind as CSV, XLSX, JSON-LD or IATI, whole or what a question leaves of it."""
    if kind not in reads.kinds():
        raise Http404(f"No kind is called {kind}.")
    if shape == "iati" and not iati.can_be_told(reads.kinds()[kind]):
        raise Http404(f"What is of kind {kind!r} is no activity in the sense of IATI.")
    try:
        file = files.file_of(viewer(request), asked(request.GET, kind), shape, here(request))
    except RegistryError:
        words = _("A workbook holds at most %(most)s entries. Take CSV, or choose fewer.")
        said = words % {"most": files.XLSX_MOST}
        return HttpResponse(f"{said}\n", status=413, content_type="text/plain; charset=utf-8")
    return _answer(request, file)


@require_safe
def catalogue(request: HttpRequest) -> HttpResponseBase:
    """The DCAT catalogue of what is for everybody, the same for every reader."""
    return _answer(request, files.catalogue(here(request)))


@require_safe
def feed(request: HttpRequest, kind: str = "") -> HttpResponseBase:
    """What changed last, of a kind or of a search."""
    if kind and kind not in reads.kinds():
        raise Http404(f"No kind is called {kind}.")
    return _feed(request, asked(request.GET, kind), "")


@require_safe
def saved_feed(request: HttpRequest, search: UUID) -> HttpResponseBase:
    """What changed last of a search that somebody keeps: theirs alone."""
    kept = exporting.saved_search(viewer(request), search)
    if kept is None:
        raise Http404("No such search.")
    return _feed(request, asked(QueryDict(kept.query)), kept.name)


def _feed(request: HttpRequest, question: Question, name: str) -> HttpResponseBase:
    at = here(request)
    kind = reads.kinds().get(question.kind)
    if question.kind and kind is None:
        raise Http404(f"No kind is called {question.kind}.")
    what = name or (kind.plural.get(at.language) or kind.key if kind else "")
    words = question.text.strip() if not name else ""
    title = " · ".join(part for part in (at.title, what or _("Changes"), words) if part)
    self_url = request.build_absolute_uri()
    file = files.feed(viewer(request), question, at, title=title, self_url=self_url)
    response = HttpResponse(b"".join(file.pieces), content_type=file.media_type)
    return _tagged(request, file, response)


@require_safe
def entry(request: HttpRequest, kind: str, key: str, shape: str) -> HttpResponseBase:
    """One entry as JSON with all that is said of it, or as JSON-LD."""
    who = viewer(request)
    if "\0" in key:
        raise Http404("No key holds such a sign.")
    try:
        found = reads.entry(who, kind, key)
    except NotHeld as error:
        raise Http404(str(error)) from error
    given = exporting.exported(who, [found])[0]
    if shape == "json":
        response = JsonResponse(
            reads.as_data(who, found), json_dumps_params={"ensure_ascii": False}
        )
    else:
        document = files.entry_document(given, here(request))
        response = HttpResponse(jsonld.dumped(document), content_type=jsonld.MEDIA_TYPE)
    if given.strictest is not Label.CLEAR:
        name = file_name(f"{kind}-{key}", given.strictest, shape)
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _answer(request: HttpRequest, file: files.File) -> HttpResponseBase:
    response = StreamingHttpResponse(file.pieces, content_type=file.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return _tagged(request, file, response)


def _tagged(request: HttpRequest, file: files.File, response: HttpResponseBase) -> HttpResponseBase:
    """With its tag and the moment of the last change; 304 where the reader holds it already."""
    tag = quote_etag(file.tag)
    changed = int(file.changed.timestamp()) if file.changed else None
    response.headers["ETag"] = tag
    if changed is not None:
        response.headers["Last-Modified"] = http_date(changed)
    # Weak by date alone: what was taken away leaves no later moment, so the tag decides.
    answer = get_conditional_response(request, etag=tag, response=response)  # type: ignore[arg-type]
    return answer or response


# Before the pages of lists and entries: a key may hold a point.
urls = [
    path("catalogue.jsonld", catalogue, name="catalogue"),
    path("feed.atom", feed, name="feed"),
    path("saved/<uuid:search>.atom", saved_feed, name="saved_feed"),
    path("<slug:kind>.csv", table, {"shape": "csv"}, name="csv"),
    path("<slug:kind>.xlsx", table, {"shape": "xlsx"}, name="xlsx"),
    path("<slug:kind>.jsonld", table, {"shape": "jsonld"}, name="jsonld"),
    path("<slug:kind>.iati.xml", table, {"shape": "iati"}, name="iati"),
    path("<slug:kind>.atom", feed, name="kind_feed"),
    path("<slug:kind>/<str:key>.jsonld", entry, {"shape": "jsonld"}, name="entry_jsonld"),
    path("<slug:kind>/<str:key>.json", entry, {"shape": "json"}, name="entry_json"),
]
