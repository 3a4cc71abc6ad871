"""The walk over every door of the house: how a room joins it.

A room lists its doors in `tests/<room>/routes.py`:

    from tests.walk import Row

    def prepare() -> dict[str, object]:          # optional: data the rows below need
        return {"key": "itu-pp/res-130"}          # (the house is empty before, but for samples)

    ROWS = [
        Row("mandate:instruments"),
        Row("mandate:instrument", kwargs={"key": "itu-pp/res-130"}),
        Row("mandate:paragraph", kwargs=lambda world: {"key": world["key"], "path": "…"}),
        Row("mandate:settle", anonymous=302, reader=403, duty=403),         # statuses by viewer
        Row("mandate:settle", method="POST", data={"fate": "…"}, …),        # one row a method
        Row("api:mandate_duties", kwargs=…, html=False),
    ]

`tests/house/test_routes.py` harvests every URL pattern of the house, API paths included, and fails
when one has no row. Each GET row is walked in English and Arabic as each kind of viewer; the rows
that show HTML are also opened in a browser by `tests/house/test_axe.py`.
"""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from tests.planner import analyze

KINDS = ("anonymous", "reader", "duty", "focal", "secretariat")
World = dict[str, Any]


@dataclass(frozen=True)
class Row:
    """One door. `kwargs` fill its address; the numbers are the expected status for each viewer."""

    route: str
    kwargs: Mapping[str, Any] | Callable[[World], Mapping[str, Any]] = field(default_factory=dict)
    anonymous: int = 200
    reader: int = 0  # 0: as anonymous
    duty: int = 0  # 0: as reader
    focal: int = 0  # 0: as duty
    secretariat: int = 0  # 0: as focal
    method: str = "GET"
    data: Mapping[str, Any] | None = None
    query: str = ""  # "?fate=dropped"
    html: bool = True  # the answer is a page
    browser: bool = True  # open it in the browser tests too

    def expected(self, kind: str) -> int:
        wanted = 0
        for name in KINDS[: KINDS.index(kind) + 1]:
            wanted = getattr(self, name) or wanted
        return wanted

    def url(self, world: World) -> str:
        """The address in the active language."""
        from django.urls import reverse

        given = self.kwargs(world) if callable(self.kwargs) else self.kwargs
        return reverse(self.route, kwargs=dict(given)) + self.query


@cache
def tables() -> dict[str, Any]:
    """The modules `tests/<room>/routes.py`, by room."""
    here = Path(__file__).parent
    return {
        path.parent.name: importlib.import_module(f"tests.{path.parent.name}.routes")
        for path in sorted(here.glob("*/routes.py"))
    }


def rows() -> list[Row]:
    return [row for table in tables().values() for row in table.ROWS]


def prepare() -> World:
    """Let every room put its data in; returns what their rows may ask for."""
    world: World = {}
    for table in tables().values():
        if hasattr(table, "prepare"):
            world |= table.prepare()
    analyze()
    return world


@dataclass(frozen=True)
class Door:
    """One URL pattern of the house: its full name, its methods where they are declared."""

    route: str
    pattern: str
    methods: frozenset[str] = frozenset()


def harvest() -> list[Door]:
    """Every URL pattern that Django would resolve, API and accounts included."""
    from django.urls import get_resolver

    def walk(patterns: list[Any], namespace: str, before: str) -> Iterator[Door]:
        for pattern in patterns:
            text = before + str(pattern.pattern)
            if hasattr(pattern, "url_patterns"):
                inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
                yield from walk(pattern.url_patterns, inner, text)
            else:
                name = pattern.name or f"unnamed {text}"
                yield Door(f"{namespace}{name}", text, _methods(pattern.callback))

    return list(walk(get_resolver().url_patterns, "", "/"))


def _methods(callback: Any) -> frozenset[str]:
    """The methods of an API path, as ninja keeps them beside its view."""
    found: set[str] = set()
    for cell in getattr(callback, "__closure__", None) or ():
        for operation in getattr(cell.cell_contents, "operations", ()):
            found |= set(operation.methods)
    return frozenset(found)


def sample_accounts() -> dict[str, Any]:
    """A reader, a duty officer, a focal point and a secretariat, as a newcomer's links give them."""
    try:
        from comity.people.actions import ensure_samples
    except ImportError:
        return {}
    found = {}
    for sample, account in ensure_samples():
        for kind in KINDS[1:]:
            if str(getattr(sample, "role", sample)).startswith(kind):
                found[kind] = account
    assert set(found) == set(KINDS[1:]), "one sample for each kind of viewer"
    return found


def client(kind: str, accounts: dict[str, Any]) -> Any:
    """A test client signed in as this kind of viewer."""
    from django.conf import settings
    from django.test import Client

    browser = Client(raise_request_exception=False)
    if kind != "anonymous":
        browser.force_login(accounts[kind], backend=settings.AUTHENTICATION_BACKENDS[0])
    return browser


def main() -> None:
    """For the browser tests, in a process with the product's own settings: fill the house, print
    the pages to open with the session of who may see each."""
    import django

    django.setup()
    from django.conf import settings
    from django.utils import translation

    from comity.kit.languages import LANGUAGES

    world, accounts = prepare(), sample_accounts()
    sessions = {
        kind: client(kind, accounts).cookies[settings.SESSION_COOKIE_NAME].value
        for kind in accounts
    }
    pages = []
    for row in rows():
        kind = next((k for k in ("anonymous", *accounts) if row.expected(k) == 200), None)
        if kind is None or not (row.html and row.browser and row.method == "GET"):
            continue
        urls = {}
        for code, language in LANGUAGES.items():
            with translation.override(language.django):
                urls[code] = row.url(world)
        pages.append({"route": row.route + row.query, "viewer": kind, "urls": urls})
    json.dump({"sessions": sessions, "pages": pages}, sys.stdout)


if __name__ == "__main__":
    main()
