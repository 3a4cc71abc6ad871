"""Input made to hurt: deep, huge, unprintable, of others. Each is answered by what is wrong."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from comity.kit.errors import KitError
from comity.kit.tlp import Label
from comity.registry.actions import save_search
from comity.registry.reads.mine import searches as kept_searches

from .api_world import API, Person, body, get, person, publish, said

BASE = "/en/registry"


@pytest.fixture
def member(db: None) -> Person:
    owner = body("Ministry of Kenya", "KE")
    for n in range(3):
        publish(said("tool", f"tool-{n}", title=f"Tool {n}", country="KE"), Label.CLEAR, owner)
    return person("focal_point", owner)


def raw(program: Client, path: str, text: str | bytes) -> Any:
    return program.post(API + path, text, content_type="application/json")


def nested(depth: int) -> str:
    return "[" * depth + "]" * depth


def words(value: str) -> str:
    """A record whose title's value is this piece of JSON."""
    before = '{"kind": "tool", "subtype": "software", "values": [{"field": "title", "value": '
    return before + value + "}]}"


WRONG = {
    "deep": nested(100_000),
    "deep value": words(nested(100_000)),
    "deep enough to parse": words(nested(800)),
    "deep object": words('{"a":' * 700 + "1" + "}" * 700),
    "huge number": words("9" * 6000),
    "exponent": words("1e999999"),
    "not a number": words("NaN"),
    "lone surrogate": words('"a \\ud800 b"'),
    "nul": words('"a \\u0000 b"'),
    "lone surrogate as key": '{"kind": "tool", "key": "\\ud800", "values": []}',
    "nul as kind": '{"kind": "\\u0000", "values": []}',
    "surrogate as kind": '{"kind": "\\udfff", "values": []}',
    "surrogate as member": '{"kind": "tool", "\\ud800": 1, "values": []}',
    "nul as evidence": words('"a", "title": "b\\u0000"'),
    "surrogate as evidence": words('"a", "title": "b\\ud800"'),
    "surrogate as field": '{"kind":"tool","values":[{"field":"\\ud800","value":"a"}]}',
    "surrogate as subtype": '{"kind":"tool","subtype":"\\ud800","values":[]}',
    "not utf-8": b'{"kind": "\xff"}',
    "utf-16": '{"kind": "tool"}'.encode("utf-16"),
    "empty": "",
}


@pytest.mark.parametrize("name", WRONG)
@pytest.mark.parametrize("path", ["/submissions", "/submissions/check"])
def test_bodies_made_to_hurt_are_refused(path: str, name: str, member: Person) -> None:
    program = member.program("registry")
    got = raw(program, path, WRONG[name])
    assert 400 <= got.status_code < 500, (got.status_code, got.content[:300])
    assert got["Content-Type"].startswith("application/problem+json")
    assert json.loads(got.content)["title"]


def test_a_body_is_measured_before_it_is_read(member: Person) -> None:
    program = member.program("registry")
    got = raw(program, "/submissions", words(json.dumps("a" * 7_000_000)))
    assert got.status_code == 413, got.content[:200]
    assert "6 MB" in got.json()["detail"]
    form = member.browser.post(
        f"{BASE}/submit/tool/",
        "title=" + "a" * 7_000_000,
        content_type="application/x-www-form-urlencoded",
    )
    assert form.status_code == 413 and "6 MB" in form.content.decode()
    many = json.dumps({"kind": "tool", "values": [{"field": "title", "value": "a"}] * 40_000})
    assert raw(program, "/submissions", many).status_code in (400, 413, 422)


ASKED = {
    "facets": "&".join(f"country=K{n}" for n in range(1000)),
    "one facet": "country=KE&" * 900,
    "names": "&".join(f"f{n}=1" for n in range(900)),
    "nul": "q=a%00b&country=%00",
    "surrogate": "q=%ED%A0%80&country=%ED%A0%80",
    "bad utf-8": "q=%FF%FE&country=%FF",
    "long words": "q=" + "a" * 20_000,
    "many words": "q=" + "+".join(f"w{n}" for n in range(2_000)),
    "signs": "q=%22%22+AND+OR+NOT+NEAR(+*+^+%27",
    "foreign cursor": "after=wAQAAAAAAAAAAAAAAAAAAAAA",
    "cursor of signs": "after=%F0%9F%92%A9",
    "limits": "limit=-1",
    "limits too": "limit=99999999999999999999999",
}
PAGES = (
    "/tool/",
    "/search/",
    "/tool.csv",
    "/tool.xlsx",
    "/tool.jsonld",
    "/tool.atom",
    "/feed.atom",
)


@pytest.mark.parametrize("name", ASKED)
def test_questions_made_to_hurt_are_answered(name: str, member: Person) -> None:
    browser = Client()
    query = ASKED[name]
    for path in PAGES:
        got = browser.get(f"{BASE}{path}?{query}")
        got.getvalue()
        assert got.status_code < 500, (path, got.status_code)
    for path in ("/entries?kind=tool", "/search?q=tool"):
        got = get(browser, f"{path}&{query}")
        assert got.status_code < 500, path
        if got.status_code >= 400:
            assert got["Content-Type"].startswith("application/problem+json")


def test_a_cursor_of_another_list_opens_nothing(member: Person) -> None:
    browser = Client()
    first = get(browser, "/entries?kind=tool&limit=1").json()
    assert first["next"]
    same = get(browser, f"/entries?kind=tool&limit=1&after={first['next']}")
    assert same.status_code == 200 and same.json()["entries"][0] != first["entries"][0]
    for other in ("/entries?limit=1", "/entries?kind=law&limit=1", "/search?q=tool&limit=1"):
        got = get(browser, f"{other}&after={first['next']}")
        assert got.status_code == 400, other
        assert "entries" not in got.json()


@pytest.mark.parametrize(
    "query", ["q=%00", "kind=nothing", "q=%ED%A0%80", "country=%00", "q=a&after=zz", "kind=%00"]
)
def test_a_kept_search_made_to_hurt_breaks_no_page(query: str, member: Person) -> None:
    """Kept once, it is asked at each visit: it must not shut its keeper out of the page."""
    try:
        row = save_search(member.viewer, "odd", query)
    except KitError:
        assert "%00" in query  # refused with what is wrong
        return
    assert "%00" not in query, "PostgreSQL takes no NUL: each later visit would fail"
    assert kept_searches(member.viewer)
    browser = member.browser
    assert browser.get(f"{BASE}/my/searches/").status_code == 200
    assert browser.get(f"{BASE}/my/searches/{row.pk}/").status_code < 500
    assert browser.get(f"{BASE}/saved/{row.pk}.atom").status_code < 500
    assert get(member.program("registry"), "/searches").status_code == 200


@pytest.mark.parametrize("text", ["a\x00b", "a\ud800b", "\u202e" * 50, "a" * 100_000, "\U0010ffff"])
def test_a_form_takes_or_refuses_every_sign(text: str, member: Person) -> None:
    browser = member.browser
    sent = text.encode("utf-8", "surrogatepass")
    data = "&".join(f"{name}={quote(sent)}" for name in ("title", "title-0", "summary", "country"))
    got = browser.post(
        f"{BASE}/submit/tool/", data, content_type="application/x-www-form-urlencoded"
    )
    assert got.status_code < 500
