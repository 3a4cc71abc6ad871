"""Every door of the house is walked: as each viewer, in English and in Arabic."""

from __future__ import annotations

import re

import pytest
from django.utils import translation

from tests import walk

# What a page may not load or send to another host. A link to elsewhere is allowed.
LOADS = re.compile(
    r"""<(?:script|img|iframe|source|video|audio|embed|object)\b[^>]*\b(?:src|srcset|data)\s*=\s*["']?\s*(?:https?:)?//"""
    r"""|<link\b(?![^>]*rel=["']?(?:canonical|license))[^>]*\bhref\s*=\s*["']?\s*(?:https?:)?//"""
    r"""|<form\b[^>]*\baction\s*=\s*["']?\s*(?:https?:)?//""",
    re.I,
)
HTML = re.compile(r'<html lang="(\w\w)" dir="(ltr|rtl)"')


def test_every_url_pattern_has_a_row() -> None:
    doors = walk.harvest()
    assert len(doors) > 10, "the harvest found no doors: the walk would be empty"
    listed = {(row.route, row.method) for row in walk.rows()}
    missing = [
        f"{door.route} {method}  ({door.pattern})"
        for door in doors
        for method in (door.methods or {"GET"})
        if (door.route, method) not in listed
        # A door that only takes POST has its row with that method.
        and not (not door.methods and (door.route, "POST") in listed)
    ]
    assert not missing, "add rows to tests/<room>/routes.py (see tests/walk.py):\n" + "\n".join(
        missing
    )


def test_every_row_names_a_door() -> None:
    known = {door.route for door in walk.harvest()}
    assert [row.route for row in walk.rows() if row.route not in known] == []


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("room", sorted(walk.tables()))
def test_doors_answer_as_promised(room: str) -> None:
    world, accounts = walk.prepare(), walk.sample_accounts()
    clients = {kind: walk.client(kind, accounts) for kind in ("anonymous", *accounts)}
    faults: list[str] = []
    for row in walk.tables()[room].ROWS:
        for kind, browser in clients.items():
            for language, direction in (("en", "ltr"), ("ar", "rtl")):
                with translation.override(language):
                    url = row.url(world)
                send = getattr(browser, row.method.lower())
                headers = {"Accept-Language": language}
                response = send(url, data=dict(row.data or {}), headers=headers)
                for fault in _faults(row, kind, response, language, direction):
                    faults.append(f"{row.method} {url} as {kind}: {fault}")
    assert not faults, "\n".join(faults)


@pytest.mark.slow
@pytest.mark.django_db
def test_a_control_character_in_an_address_is_nowhere_a_fault() -> None:
    """PostgreSQL takes no NUL: an address that carries one is a 404, whichever part holds it."""
    world, accounts = walk.prepare(), walk.sample_accounts()
    browser = walk.client("secretariat", accounts)
    faults: list[str] = []
    for row in walk.rows():
        url = row.url(world).partition("?")[0]
        parts = url.strip("/").split("/")
        spoilt = [
            "/".join([*parts[:n], part + "%00", *parts[n + 1 :]]) for n, part in enumerate(parts)
        ]
        for path in (*spoilt, f"{url[1:]}%00", f"{url[1:]}%1B"):
            response = getattr(browser, row.method.lower())(f"/{path}", data={})
            if response.status_code not in (301, 302, 404) and not path.startswith("%00"):
                faults.append(f"{row.method} /{path}: {response.status_code}")
        if row.method == "GET":
            names = "unit fate proposer kind actor force page reading q old new next"
            query = "&".join(f"{name}=a%00b" for name in names.split())
            status = browser.get(f"{url}?{query}").status_code
            if status != 404 and not url.startswith(("/health", "/ready", "/metrics")):
                faults.append(f"GET {url}?{query}: {status}")
    assert not faults, "\n".join(faults)


def _faults(row, kind, response, language, direction):  # type: ignore[no-untyped-def]
    wanted = row.expected(kind)
    if response.status_code != wanted:
        yield f"status {response.status_code}, not {wanted}"
        return
    for header in ("Content-Security-Policy", "X-Request-ID", "Permissions-Policy"):
        if header not in response.headers:
            yield f"no {header}"
    if "'none'" not in response.headers.get("Content-Security-Policy", ""):
        yield "the policy does not start from nothing"
    if response.headers.get("Content-Type", "").startswith("text/html") and response.content:
        text = response.content.decode()
        said = HTML.search(text)
        if not said or said.groups() != (language, direction):
            yield f"says {said and said.groups()}, not {language} {direction}"
        if found := LOADS.search(text):
            yield f"loads from or sends to another host: {found[0]}"
        if response.headers.get("Content-Language") != language:
            yield f"Content-Language {response.headers.get('Content-Language')}"
    elif row.html and wanted == 200:
        yield f"is {response.headers.get('Content-Type')}, no page"


def test_a_missing_row_is_noticed(monkeypatch) -> None:
    monkeypatch.setattr(walk, "rows", lambda: walk.tables()["site"].ROWS[1:])
    with pytest.raises(AssertionError, match="root GET"):
        test_every_url_pattern_has_a_row()
