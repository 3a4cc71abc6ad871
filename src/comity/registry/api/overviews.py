"""Two answers over many entries, for machines: for whom nothing accessible exists, and what is
needed and given. The same reads as their pages."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from comity.people.doors import fresh, viewer
from comity.people.reads import today
from comity.registry.api.asking import plain_errors
from comity.registry.reads.access import access
from comity.registry.reads.needs import Line, needs
from comity.registry.reads.shapes import statement_as_data
from comity.registry.rules.needs import KINDS
from comity.registry.rules.reaching import worst_first

router = Router()
OK = {200: dict[str, Any]}
MOST = 200  # entries of one answer


@router.get(
    "/access",
    summary="For whom nothing accessible exists: kind by kind, language by language, LDCs apart",
    operation_id="registry_access",
    url_name="registry_access",
    response=OK,
)
def gaps(request: HttpRequest) -> HttpResponse:
    """`unclear` are countries for which something may be there: nobody checked enough to tell."""
    found = access(viewer(request), today())
    kinds = [
        {
            "kind": kind,
            "entries": known.total,
            "reported": {
                "languages": known.languages,
                "cost": known.cost,
                "offline_copy": known.offline,
                "link_found": known.link,
            },
            "nothing_certain_for": sorted(found.bare[kind][0]),
            "ldcs_nothing_certain_for": sorted(found.bare[kind][1]),
            "languages": [
                {
                    "language": gap.language,
                    "without": gap.without,
                    "ldcs_without": gap.ldcs_without,
                    "unclear": gap.unclear,
                    "ldcs_unclear": gap.ldcs_unclear,
                    "elsewhere": gap.elsewhere,
                }
                for gap in worst_first(found.rows)
                if gap.kind == kind
            ],
        }
        for kind, known in found.known.items()
    ]
    return fresh(request, {"countries": found.readers, "ldcs": found.ldcs, "kinds": kinds})


@router.get(
    "/needs",
    summary="Finance needed, pledged and disbursed, and help in kind, with who says so",
    operation_id="registry_needs",
    url_name="registry_needs",
    response=OK,
)
@plain_errors
def money(
    request: HttpRequest,
    country: str = Query("", max_length=2, description="ISO 3166-1 alpha-2"),
    kind: Literal[("", *KINDS)] = Query("", description="of this kind only"),  # type: ignore[valid-type]
    currency: str = Query("", max_length=3, description="ISO 4217"),
    start: int = Query(0, ge=0, le=10**6),
    limit: int = Query(50, ge=1, le=MOST),
) -> HttpResponse:
    """Currencies are never added together; of two speakers on one matter one is counted."""
    found = needs(
        viewer(request),
        country=country.upper(),
        kind=kind,
        currency=currency.upper(),
        start=start,
        size=limit,
    )
    return fresh(
        request,
        {
            "entries": found.total,
            "not_counted": found.uncounted,
            "totals": [
                {"kind": key, "currency": code, **_sums(row)}
                for (key, code), row in found.totals.items()
            ],
            "countries": [
                {"country": place, "kind": key, "currency": code, **_sums(row)}
                for (place, key, code), row in found.countries.items()
            ],
            "lines": [_line(line) for line in found.lines],
        },
    )


def _sums(row: Any) -> dict[str, str]:
    return {field: _plain(amount) for field, amount in row.items()}


def _plain(amount: Decimal) -> str:
    return format(amount, "f")


def _line(line: Line) -> dict[str, Any]:
    return {
        "entry": line.entry.name,
        "title": line.entry.title,
        "countries": line.countries,
        "statements": [
            statement_as_data(row) | ({"counted": False} if row.pk in line.otherwise else {})
            for rows in line.said.values()
            for row in rows
        ],
    }
