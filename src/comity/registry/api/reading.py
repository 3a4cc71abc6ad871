"""What the pages show, for machines: kinds, lists, entries with who says what, countries."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router

from comity.kit import countries
from comity.kit.errors import UnknownCountry
from comity.kit.languages import by_code
from comity.people.doors import fresh, viewer
from comity.people.reads import today
from comity.registry import reads
from comity.registry.api.asking import plain_errors, question, wanted_facets
from comity.registry.formats.schema import record_schema
from comity.registry.reads.facets import facets_of
from comity.registry.reads.shapes import statement_as_data
from comity.registry.types import Kind

router = Router()
OK = {200: dict[str, Any]}
FACETS = {
    "parameters": [
        {
            "in": "query",
            "name": "facet",
            "required": False,
            "style": "form",
            "explode": True,
            "schema": {
                "type": "object",
                "additionalProperties": {"type": "array", "items": {"type": "string"}},
            },
            "description": "Any facet of the kind by its own name, as country=KE&area=capacity; "
            "values of one facet are alternatives, facets must all hold. /kinds lists them.",
        }
    ]
}


def _kind(kind: Kind) -> dict[str, Any]:
    return {
        "kind": kind.key,
        "label": kind.label,
        "plural": kind.plural,
        "about": kind.about,
        "default_tlp": kind.default_label,
        "facets": facets_of(kind),
        "url": f"/api/v1/registry/kinds/{kind.key}",
    }


@router.get(
    "/kinds",
    summary="The kinds of entries",
    operation_id="registry_kinds",
    url_name="registry_kinds",
    response=OK,
)
def kinds(request: HttpRequest) -> HttpResponse:
    totals = reads.kind_totals(viewer(request))
    found = [_kind(kind) | {"entries": totals.get(kind.key, 0)} for kind in reads.kinds().values()]
    return fresh(request, {"kinds": found})


@router.get(
    "/kinds/{kind}",
    summary="One kind: its fields, and the JSON Schema of its records",
    operation_id="registry_kind",
    url_name="registry_kind",
    response=OK,
)
def kind(request: HttpRequest, kind: str) -> HttpResponse:
    found = reads.kinds().get(kind)
    if found is None:
        raise Http404(kind)
    fields = [
        {
            "field": field.key,
            "type": field.type.value,
            "label": field.label,
            "help": field.help,
            "many": field.many,
            "required": field.required,
            "evidence": field.evidence,
            "vocabulary": field.vocabulary,
            "facet": field.facet,
        }
        for field in found.fields
    ]
    language = by_code(getattr(request, "LANGUAGE_CODE", "en")).code
    schema = record_schema(found, reads.vocabularies(), language)
    return fresh(request, _kind(found) | {"fields": fields, "schema": schema})


@router.get(
    "/vocabularies/{name}",
    summary="The codes of a vocabulary, with their names",
    operation_id="registry_vocabulary",
    url_name="registry_vocabulary",
    response=OK,
)
def vocabulary(request: HttpRequest, name: str) -> HttpResponse:
    found = reads.vocabularies().get(name)
    if found is None:
        raise Http404(name)
    terms = [{"code": t.code, "parent": t.parent, "labels": t.labels} for t in found.terms.values()]
    return fresh(request, {"vocabulary": name, "terms": terms})


@router.get(
    "/entries",
    summary="A page of entries, newest first, with what there is in all",
    operation_id="registry_entries",
    url_name="registry_entries",
    response=OK,
    openapi_extra=FACETS,
)
@plain_errors
def entries(
    request: HttpRequest,
    kind: str = Query("", description="of this kind only"),
    q: str = Query("", description="words that must stand in it; word* for a beginning"),
    after: str = Query("", description="`next` of the page before"),
    limit: int = Query(50, ge=1, le=500),
    facets: str = Query("", description="count these: country,area"),
) -> HttpResponse:
    return _page(request, kind, q, after, limit, facets)


@router.get(
    "/search",
    summary="Entries of all kinds that hold these words; those in the title come first",
    operation_id="registry_search",
    url_name="registry_search",
    response=OK,
    openapi_extra=FACETS,
)
@plain_errors
def search(
    request: HttpRequest,
    q: str = Query(..., min_length=1, description="words in any of the six languages"),
    after: str = Query("", description="`next` of the page before"),
    limit: int = Query(50, ge=1, le=500),
    facets: str = Query("", description="count these: country,area"),
) -> HttpResponse:
    return _page(request, "", q, after, limit, facets)


def _page(
    request: HttpRequest, kind: str, text: str, after: str, limit: int, facets: str
) -> HttpResponse:
    asked = question(request, kind, text)
    names = wanted_facets(facets, kind)
    page = reads.listing(viewer(request), asked, after=after, limit=limit, facets=names)
    counted = {
        name: [{"value": value, "n": n} for value, n in page.facets.get(name, ())] for name in names
    }
    return fresh(
        request,
        {
            "entries": [reads.as_row(entry) for entry in page.entries],
            "next": page.next,
            "total": page.total,
            "more_than": page.more_than,
            "facets": counted,
            "cut": page.cut,
        },
    )


@router.get(
    "/entries/by-id/{uuid:id}",
    summary="One entry by its lasting id",
    operation_id="registry_entry_by_id",
    url_name="registry_entry_by_id",
    response=OK,
)
@plain_errors
def entry_by_id(request: HttpRequest, id: UUID) -> HttpResponse:
    who = viewer(request)
    return fresh(request, reads.as_data(who, reads.entry_by_id(who, id)))


@router.get(
    "/entries/{kind}/{key}",
    summary="One entry: each value with who says so, since when, on what evidence",
    operation_id="registry_entry",
    url_name="registry_entry",
    response=OK,
)
@plain_errors
def entry(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    who = viewer(request)
    return fresh(request, reads.as_data(who, reads.entry(who, kind, key)))


@router.get(
    "/entries/{kind}/{key}/history",
    summary="Everything that was ever said of an entry, newest first",
    operation_id="registry_entry_history",
    url_name="registry_entry_history",
    response=OK,
)
@plain_errors
def history(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    who = viewer(request)
    one = reads.entry(who, kind, key)
    said = [
        statement_as_data(row) | {"made": row.made, "ended": row.ended}
        for row in reads.history(who, one)
    ]
    return fresh(request, {"kind": one.kind, "key": one.key, "statements": said})


@router.get(
    "/countries/{code}",
    summary="A country or territory: its groups, and how many entries of each kind name it",
    operation_id="registry_country",
    url_name="registry_country",
    response=OK,
)
@plain_errors
def country(request: HttpRequest, code: str) -> HttpResponse:
    try:
        found = countries.by_code(code)
    except UnknownCountry as error:
        raise Http404(code) from error
    day = today()
    itu = countries.membership(found.iso2, day)
    totals = reads.kind_totals(viewer(request), {"country": found.iso2})
    return fresh(
        request,
        {
            "code": found.iso2,
            "alpha3": found.iso3,
            "names": dict(found.names),
            "itu": {"status": itu.status, "region": itu.region},
            "groups": sorted(countries.groups_on(found.iso2, day)),
            "on": day,
            "entries": totals,
            "url": f"/api/v1/registry/entries?country={found.iso2}",
        },
    )
