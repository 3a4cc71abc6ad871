"""For whom is nothing accessible? Kind by kind and language by language, LDCs by themselves."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comity.registry.pages import wording
from comity.registry.pages.frame import kind_url, today, trail, viewer
from comity.registry.reads import kinds
from comity.registry.reads.access import Access, access
from comity.registry.rules.access import Gap
from comity.registry.rules.reaching import worst_first


@require_safe
def access_page(request: HttpRequest) -> HttpResponse:
    """For whom does nothing accessible exist?"""
    found = access(viewer(request), today())
    context = {
        "found": found,
        "kinds": [
            _kind(kind, found, len(every), len(ldcs)) for kind, (every, ldcs) in found.bare.items()
        ],
        "trail": trail(),
        "machines": [("JSON", reverse("api:registry_access"))],
    }
    return render(request, "registry/access.html", context)


def _kind(kind: str, found: Access, without: int, ldcs: int) -> dict[str, Any]:
    """One kind: languages whose readers lack something, then those that others stand in for."""
    gaps = [gap for gap in worst_first(found.rows) if gap.kind == kind]
    lacking = [gap for gap in gaps if gap.without or gap.unclear]
    return {
        "key": kind,
        "name": kinds()[kind].plural[wording.language()],
        "url": kind_url(kind),
        "known": found.known[kind],
        "without": without,
        "ldcs": ldcs,
        "rows": [_row(gap) for gap in lacking],
        "elsewhere": [_language(gap.language) for gap in gaps if gap not in lacking],
    }


def _language(code: str) -> tuple[str, bool]:
    """The name of a language, and whether it is in English only."""
    if not code:
        return _("no language known"), False
    text, language = wording.term("languages", code)
    return text, language not in ("", wording.language())


def _row(gap: Gap) -> dict[str, Any]:
    language, foreign = _language(gap.language)
    others = tuple(code for code in gap.without if code not in gap.ldcs_without)
    unclear = tuple(code for code in gap.unclear if code not in gap.ldcs_unclear)
    return {
        "language": language,
        "foreign": foreign,
        "ldcs_without": _named(gap.ldcs_without),
        "others_without": _named(others),
        "ldcs_unclear": _named(gap.ldcs_unclear),
        "others_unclear": _named(unclear),
        "elsewhere": len(gap.elsewhere),
    }


def _named(codes: tuple[str, ...]) -> list[tuple[str, str]]:
    """(code, name) in the order of the names in the reader's language."""
    return sorted(((code, wording.country_name(code)) for code in codes), key=lambda row: row[1])


urls = [path("access/", access_page, name="access")]
