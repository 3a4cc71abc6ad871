"""The house's own pages: language, theme, headers, caching, error pages, the way in."""

from __future__ import annotations

import gzip
import json

import pytest
from django.test import Client, override_settings
from django.urls import reverse

from comity.kit.languages import LANGUAGES
from comity.site import languages, rooms

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("fr-CH, fr;q=0.9, en;q=0.8", "/fr/"),
        ("zh-TW", "/zh/"),
        ("de", "/en/"),
        ("ar;q=0.1, ru;q=0.9", "/ru/"),
        (";;;", "/en/"),
        ("", "/en/"),
    ],
)
def test_the_root_leads_to_the_language_the_browser_asks_for(client, asked, given) -> None:
    response = client.get("/", headers={"accept-language": asked})
    assert response["Location"] == given
    assert "Accept-Language" in response["Vary"]


def test_the_address_alone_decides_the_language(client) -> None:
    for code, language in LANGUAGES.items():
        response = client.get(f"/{code}/", headers={"accept-language": "es"})
        assert response["Content-Language"] == language.bcp47
        assert f'<html lang="{code}" dir="{language.dir}"' in response.content.decode()
        assert "Accept-Language" not in response["Vary"]


def test_each_language_links_to_the_same_page() -> None:
    found = {c.code: c.url for c in languages.choices("/en/about?x=1")}
    assert found == {code: f"/{code}/about?x=1" for code in LANGUAGES}
    assert {c.url for c in languages.choices("/robots.txt")} == {f"/{c}/" for c in LANGUAGES}
    assert languages.in_language("/en", "ar") == "/ar/"
    assert languages.in_language("/english", "ar") == "/ar/"


def test_a_theme_is_chosen_by_a_link_and_kept(client) -> None:
    assert "data-theme" not in client.get("/en/").content.decode()
    response = client.get("/en/about?theme=dark&page=2")
    assert (response.status_code, response["Location"]) == (302, "/en/about?page=2")
    assert response.cookies["theme"]["httponly"] and response.cookies["theme"]["samesite"] == "Lax"
    assert 'data-theme="dark"' in client.get("/en/").content.decode()
    client.get("/en/?theme=auto")
    assert "data-theme" not in client.get("/en/").content.decode()


def test_a_theme_link_leads_to_no_other_host_and_takes_no_other_value(client) -> None:
    response = client.get("/?theme=dark", PATH_INFO="//evil.example/")
    assert response["Location"] == "/evil.example/"
    assert client.get('/en/?theme="><script>').status_code == 200
    client.cookies["theme"] = '"><script>'
    assert "<script" not in client.get("/en/").content.decode()


def test_every_answer_carries_the_headers_of_a_careful_house(client) -> None:
    for url in ("/en/", "/en/nothing", "/health", "/api/v1/", "/api/v1/nothing"):
        headers = client.get(url).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy, url
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "camera=()" in headers["Permissions-Policy"]
        assert len(headers["X-Request-ID"]) == 32


def test_request_ids_differ_and_are_never_taken_from_outside(client) -> None:
    ids = {
        client.get("/health", headers={"x-request-id": "mine"})["X-Request-ID"] for _n in range(3)
    }
    assert len(ids) == 3 and "mine" not in ids


def test_a_public_page_is_kept_but_asked_about(client) -> None:
    first = client.get("/en/about")
    assert first["Cache-Control"] == "no-cache"
    again = client.get("/en/about", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304 and not again.content
    other = client.get("/ar/about", headers={"if-none-match": first["ETag"]})
    assert other.status_code == 200


def test_a_page_is_compressed(client) -> None:
    response = client.get("/en/about", headers={"accept-encoding": "gzip"})
    assert response["Content-Encoding"] == "gzip"
    assert b"</html>" in gzip.decompress(response.content)


def test_a_missing_page_speaks_the_language_of_its_address(client) -> None:
    response = client.get("/ar/nothing")
    text = response.content.decode()
    assert response.status_code == 404 and 'dir="rtl"' in text
    assert "There is nothing here" not in text
    plain = client.get("/nothing", headers={"accept-language": "ru"})
    assert plain.status_code == 404 and '<html lang="ru"' in plain.content.decode()


def test_a_fault_of_ours_is_a_page_without_a_word_of_the_inside(client, monkeypatch) -> None:
    def broken(viewer: object) -> list[rooms.Figure]:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(rooms, "home_figures", broken)
    quiet = Client(raise_request_exception=False)
    response = quiet.get("/fr/")
    text = response.content.decode()
    assert response.status_code == 500 and '<html lang="fr"' in text
    assert "secret detail" not in text and "RuntimeError" not in text
    answer = quiet.get("/fr/", headers={"accept": "application/json"})
    assert answer["Content-Type"] == "application/problem+json"
    assert json.loads(answer.content)["type"] == "/problems/fault"


def test_a_fault_page_needs_no_database(monkeypatch) -> None:
    from django.db import DatabaseError

    from comity.site import context, faults

    def dead(*arguments: object, **names: object) -> None:
        raise DatabaseError("gone")

    monkeypatch.setattr(context.ScheduleRun.objects, "filter", dead)
    monkeypatch.setattr(context, "_kept", (0.0, None))
    from django.test import RequestFactory

    request = RequestFactory().get("/en/")
    request.resolver_match = None
    assert faults.failed(request).status_code == 500


@override_settings(ALLOWED_HOSTS=["gateway.example"])
def test_a_wrong_host_is_refused_as_bad_input(client) -> None:
    response = client.get("/en/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "evil.example" not in response.content.decode()


def test_a_form_without_a_token_is_refused_in_words() -> None:
    response = Client(enforce_csrf_checks=True).post("/en/about")
    assert response.status_code == 403
    assert "cookies" in response.content.decode()


def test_the_kind_of_each_problem_has_a_page(client) -> None:
    from comity.kit.problems import CATALOGUE

    for kind in CATALOGUE.values():
        assert client.get(kind.uri).status_code == 200
    assert client.get("/problems/made-up").status_code == 404


def test_security_txt_says_whom_to_write_to(client, settings) -> None:
    settings.CONTACT = "mailto:security@gateway.example"
    text = client.get("/.well-known/security.txt").content.decode()
    assert "Contact: mailto:security@gateway.example\n" in text
    assert "Expires: 2" in text and "Canonical: http://testserver/.well-known/security.txt" in text
    assert client.get("/security.txt").content.decode() == text
    assert "mailto:security@gateway.example" in client.get("/en/").content.decode()


def test_the_foot_says_who_runs_it_and_when_the_record_was_verified(client, settings) -> None:
    from django.utils import timezone

    from comity.site import context
    from comity.site.models import ScheduleRun

    settings.OPERATOR = "CIRT Norland <b>"
    context._kept = (0.0, None)
    ScheduleRun.objects.update_or_create(
        name="verify_ledger",
        defaults={
            "due": timezone.now(),
            "ended": timezone.now(),
            "ok": True,
            "result": {"holds": True, "row": 4},
        },
    )
    text = client.get("/en/").content.decode()
    context._kept = (0.0, None)
    assert "CIRT Norland &lt;b&gt;" in text
    assert "Record of acts verified" in text


def test_the_home_page_shows_only_counts_that_rooms_give(client, monkeypatch) -> None:
    assert 'class="fig"' not in _home(client, monkeypatch, [])
    figure = rooms.Figure(1304, "paragraphs", "each with a source", "/en/about")
    text = _home(client, monkeypatch, [figure])
    assert "1,304" in text and 'href="/en/about"' in text


def _home(client, monkeypatch, figures) -> str:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(rooms, "home_figures", lambda viewer: figures)
    text: str = client.get(reverse("home")).content.decode()
    return text


def test_each_room_has_a_figure_before_any_has_two(monkeypatch) -> None:
    lent = {
        "directory": [(1, "teams", "a", "/a"), (2, "countries", "b", "/b")],
        "mandate": [(3, "paragraphs", "c", "/c"), (4, "proposals", "d", "/d")],
        "registry": [(5, "entries", "e", "/e"), (6, "agreements", "f", "/f")],
    }
    monkeypatch.setattr(
        rooms,
        "lent",
        lambda name: (lambda viewer: lent.get(name.split(".")[1], [])) if name else None,
    )
    assert [figure.number for figure in rooms.home_figures(None)] == [1, 2, 3, 5]
