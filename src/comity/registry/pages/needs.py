"""Needs and offers: what is needed, pledged and paid, currency by currency, with every source."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comity.kit import countries
from comity.kit.errors import UnknownCountry
from comity.kit.tlp import Label
from comity.registry.models import Statement
from comity.registry.pages import showing, wording
from comity.registry.pages import wording_desk as words
from comity.registry.pages.entry import said_of
from comity.registry.pages.frame import kind_url, strictest, trail, viewer
from comity.registry.reads import kinds
from comity.registry.reads.needs import IN_KIND, Line, needs
from comity.registry.rules.needs import FIELDS, KINDS, SEVERAL, UNTOLD, Row

PAGE = 50  # entries


@require_safe
def needs_page(request: HttpRequest) -> HttpResponse:
    """What is needed and what is given?"""
    country = _country(request.GET.get("country", ""))
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else ""
    currency = request.GET.get("currency", "")[:3].upper()
    number = request.GET.get("page", "1")
    page = max(int(number), 1) if number.isascii() and number.isdigit() and len(number) < 7 else 1
    asked = {"country": country, "kind": kind, "currency": currency}
    found = needs(viewer(request), **asked, start=(page - 1) * PAGE, size=PAGE)
    if not found.lines and found.total:  # past the end: the last page is the nearest answer
        page = -(-found.total // PAGE)
        found = needs(viewer(request), **asked, start=(page - 1) * PAGE, size=PAGE)
    first = (page - 1) * PAGE
    context = {
        "found": found,
        "fields": [(name, words.MONEY[name]) for name in FIELDS],
        "totals": [(_kind(k), kind_url(k), c, _cells(row)) for (k, c), row in found.totals.items()],
        "countries": [
            (_place(code), code if len(code) == 2 else "", _kind(k), c, _cells(row))
            for (code, k, c), row in found.countries.items()
        ],
        "lines": [_line(line) for line in found.lines],
        "kinds": [(key, _kind(key)) for key in KINDS if key in kinds()],
        "kind": kind,
        "country": country,
        "country_name": wording.country_name(country) if country else "",
        "places": sorted(
            {*found.places, *({country} - {""})},
            key=wording.country_name,
        ),
        "currency": currency,
        "currencies": sorted({*found.currencies, *({currency} - {""})}),
        "first": first + 1,
        "last": first + len(found.lines),
        "shown": found.total,
        "page_before": page - 1 if page > 1 else None,
        "page_after": page + 1 if page * PAGE < found.total else None,
        "trail": trail(),
        "machines": [("JSON", _twin(asked))],
        **strictest(map(Label, found.labels)),
    }
    return render(request, "registry/needs.html", context)


def _country(text: str) -> str:
    try:
        return countries.by_code(text).iso2 if text else ""
    except UnknownCountry:
        return ""


def _kind(key: str) -> str:
    return kinds()[key].plural[wording.language()]


def _place(code: str) -> str:
    if code == SEVERAL:
        return _("several countries together")
    if code == UNTOLD:
        return _("country not reported")
    return wording.country_name(code)


def _cells(row: Row) -> list[tuple[wording.Words, Any]]:
    """A cell a field with its label: the sum, or None for what nobody reported."""
    return [
        (words.MONEY[name], showing.number(row[name]) if name in row else None) for name in FIELDS
    ]


def _line(line: Line) -> dict[str, Any]:
    entry = line.entry
    return {
        "entry": entry,
        "title": showing.titled(entry),
        "url": showing.entry_url(entry.kind, entry.key),
        "kind": kinds()[entry.kind].label[wording.language()],
        "label": Label(entry.handling.label),
        "countries": [wording.country_name(code) for code in line.countries],
        "cells": [
            (words.MONEY[name], [_stated(line, row) for row in line.said.get(name, ())])
            for name in FIELDS
        ],
        "in_kind": [_stated(line, row) for row in line.said.get(IN_KIND, ())],
    }


def _stated(line: Line, row: Statement) -> dict[str, Any]:
    """One statement with its source; `apart`: another speaker's, shown and not counted."""
    field = kinds()[line.entry.kind].by_key[row.field]
    return {
        "value": showing.shown(field, row.value, row.language),
        "said": said_of(row),
        "label": Label(row.handling.label),
        "apart": row.pk in line.otherwise,
    }


def _twin(asked: dict[str, str]) -> str:
    """The same question at the API."""
    return f"{reverse('api:registry_needs')}?{urlencode({k: v for k, v in asked.items() if v})}"


urls = [path("needs/", needs_page, name="needs")]
