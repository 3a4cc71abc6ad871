"""The reading pages: what is shown, to whom, at what cost; nothing stricter shows anywhere."""

from __future__ import annotations

import datetime as dt
import json
import re
import zlib

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from comity.directory import actions as directory
from comity.directory.actions import load_sample as load_teams
from comity.kit.languages import LANGUAGES
from comity.registry.actions import index, store
from comity.registry.models import Entry, Facet
from comity.registry.pages import showing, wording
from comity.registry.rules.agreements import State
from comity.registry.rules.requests import State as RequestState
from comity.registry.types import Given

from .desk_world import written
from .reading import (  # noqa: F401
    BASE,
    HERALD,
    UNION,
    browser_fixture,
    loaded_fixture,
    page,
    said,
    sample_fixture,
    words,
)

PAGES = {  # address under BASE: the most queries it may take
    "/": 8,
    "/search/": 7,
    "/search/?q=cyber": 8,
    "/agreement/": 5,
    "/agreement/?country=SG&q=mou": 9,
    "/strategy/": 5,
    "/agreement/agr-003/": 13,
    "/activity/act-027/": 10,
    "/agreement/agr-003/history/": 6,
    "/countries/": 9,
    "/country/SG/": 20,
}
BUDGET = 30_000  # bytes of HTML, compressed: of the 100,000 of a first view
INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+=\s*[\"']|javascript:|<script(?![^>]*\ssrc=)", re.I)


# --- every page ---------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("path", PAGES)
def test_every_page_answers_in_six_languages(path: str, sample: None, browser: Client) -> None:
    for code in LANGUAGES:
        html = page(browser, f"{BASE}{path}") if code == "en" else ""
        response = browser.get(f"{BASE}{path}".replace("/en/", f"/{code}/"))
        assert response.status_code == 200, code
        assert f'<html lang="{code}"' in (html or response.content.decode())


@pytest.mark.parametrize("path", PAGES)
def test_queries_are_few(path: str, sample: None, browser: Client) -> None:
    page(browser, path)
    with CaptureQueriesContext(connection) as queries:
        page(browser, path)
    assert len(queries) <= PAGES[path], "\n".join(q["sql"][:160] for q in queries)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_light_and_holds_nothing_inline(path: str, sample: None, browser: Client) -> None:
    html = page(browser, path)
    assert not INLINE.search(html), INLINE.search(html)
    assert len(zlib.compress(html.encode())) < BUDGET
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids)), "an id stands twice"


@pytest.mark.parametrize(
    "path",
    [
        "/nothing/",
        "/agreement/none/",
        "/agreement/none/history/",
        "/nothing/agr-003/",
        "/tool/agr-003/",
        "/country/XX/",
        "/country/European%20Union/",
        "/search/?kind=nothing",
    ],
)
def test_what_is_not_held_is_a_page_that_is_not_there(
    path: str, sample: None, browser: Client
) -> None:
    assert browser.get(BASE + path).status_code == 404


def test_what_nobody_can_mean_finds_nothing_and_breaks_nothing(
    sample: None, browser: Client
) -> None:
    for query in ("country=XX", "year=x", "region=%2527", "q=%22%20OR%20*", "from=-1&q=%E2%80%8F"):
        assert browser.get(f"{BASE}/agreement/?{query}").status_code == 200, query
        assert browser.get(f"{BASE}/search/?{query}").status_code == 200, query
    assert browser.get(f"{BASE}/agreement/?q={'x' * 5000}").status_code == 200


# --- lists --------------------------------------------------------------------------------


def test_a_list_is_walked_to_its_end_without_a_gap(sample: None, browser: Client) -> None:
    path, seen, told = f"{BASE}/strategy/", [], []
    while path:
        html = page(browser, path)
        seen += re.findall(r'rowheader"><a href="([^"]+)"', html)
        told.append(re.search(r"(\d+) to (\d+) of (\d+)", words(html))[0])
        following = re.search(r'rel="next" href="([^"]+)"', html)
        path = f"{BASE}/strategy/" + following[1].replace("&amp;", "&") if following else ""
    assert told == ["1 to 50 of 135", "51 to 100 of 135", "101 to 135 of 135"]
    assert len(seen) == len(set(seen)) == 135


def test_a_cursor_of_another_list_begins_that_list(sample: None, browser: Client) -> None:
    html = page(browser, "/strategy/")
    cursor = re.search(r"after=([^&\"]+)", html)[1]
    response = browser.get(f"{BASE}/activity/?year=2014&after={cursor}")
    assert (response.status_code, response["Location"]) == (302, f"{BASE}/activity/?year=2014")


def test_a_narrowed_list_offers_the_other_values_too(sample: None, browser: Client) -> None:
    html = page(browser, "/strategy/?country=KE")
    select = re.search(r'<select id="f-country".*?</select>', html, re.S)[0]
    assert re.search(r'value="KE" selected>Kenya \(1\)', select)
    assert re.search(r'value="GH">Ghana<', select), "without a count: none was made for it"
    assert "1 to 1 of 1" in words(html)


def test_several_values_of_a_facet_are_alternatives_and_stay_in_the_form(
    sample: None, browser: Client
) -> None:
    html = page(browser, "/strategy/?country=KE&country=GH")
    assert "1 to 2 of 2" in words(html)
    assert len(re.findall(r'value="(?:KE|GH)" selected', html)) == 2


def test_search_finds_in_chinese_and_arabic_and_titles_first(sample: None, browser: Client) -> None:
    chinese = page(browser, "/zh/registry/search/?q=网络安全")
    assert re.search(r"<h2><a[^>]*><bdi>网络安全</bdi>", chinese)
    arabic = page(browser, "/ar/registry/search/?q=الامن السيبراني")  # without its hamza
    assert re.search(r"<h2><a[^>]*><bdi>الأمن السيبراني</bdi>", arabic)
    english = re.findall(r"<h2><a[^>]*><bdi>(.*?)</bdi>", page(browser, "/search/?q=cybersecurity"))
    in_title = ["cybersecurity" in title.lower() for title in english]
    assert in_title[0] and in_title == sorted(in_title, reverse=True)


def test_search_tells_the_kinds_and_what_to_try(sample: None, browser: Client) -> None:
    html = page(browser, "/search/?q=singapore")
    told = dict(re.findall(r'kind=(\w+)"[^>]*>\w[^<]*<span class="quiet">(\d+)<', html))
    whole = int(re.search(r'All kinds <span class="quiet">(\d+)<', html)[1])
    assert sum(map(int, told.values())) == whole and int(told["agreement"]) >= 5
    only = page(browser, "/search/?q=singapore&kind=agreement")
    assert f"1 to {told['agreement']} of {told['agreement']}" in words(only)
    assert "Try fewer words" in words(page(browser, "/search/?q=zzzzzz"))
    assert "only the first words" in words(page(browser, "/search/?q=" + "word+" * 60))


def test_a_search_over_all_kinds_narrows_by_every_facet(sample: None, browser: Client) -> None:
    found = page(browser, "/search/")
    offered = set(re.findall(r'<select[^>]* name="(\w+)"', found))
    assert offered >= {"group", "pillar", "itu_sector", "language", "country", "region", "year"}
    legal = page(browser, "/search/?pillar=legal")
    told = dict(re.findall(r'kind=(\w+)"[^>]*>\w[^<]*<span class="quiet">(\d+)<', legal))
    assert told and sum(map(int, told.values())) < Entry.objects.count()
    assert all(Facet.objects.filter(kind=k, facet="pillar", value="legal").exists() for k in told)
    assert "Nothing that you may see was found." in page(browser, "/search/?provision=none")


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_search_over_all_kinds_says_its_codes_in_words(
    code: str, db: None, browser: Client
) -> None:
    said = {
        "pillar": "capacity_building",
        "itu_sector": "itu_d",
        "action_line": "C5",
        "area": "cirt_establishment",
        "language": "sw",
        "core_mandate": "shared",
    }
    written("initiative", {"title": "Drill", "country": ["TD"], **said})
    html = browser.get(f"/{code}/registry/search/").content.decode()
    for facet, value in (said | {"group": "ldc", "region": "AFR"}).items():
        options = re.search(rf'<select[^>]* name="{facet}".*?</select>', html, re.S)
        told = dict(
            re.findall(r'<option value="([^"]+)"[^>]*>([^<(]+)', options[0] if options else "")
        )
        assert value in told and told[value].strip() != value, facet


# --- one entry ----------------------------------------------------------------------------


def test_a_year_stays_a_year(sample: None, browser: Client) -> None:
    html = page(browser, "/strategy/str-ag/")
    assert '<time datetime="2018">2018</time>' in html


@pytest.mark.parametrize(
    ("text", "language", "shown"),
    [
        ("2014", "en", "2014"),
        ("2014-05", "en", "May 2014"),
        ("2014-05-30", "en", "30 May 2014"),
        ("2014", "zh-hans", "2014年"),
        ("2014-05", "zh-hans", "2014年5月"),
        ("2014-05", "es", "mayo de 2014"),
        ("2014-05", "ru", "май 2014 года"),
        ("2014-05-30", "ru", "30 мая 2014 года"),
        ("2014-05", "ar", "مايو 2014"),
    ],
)
def test_partial_dates_in_words(text: str, language: str, shown: str) -> None:
    with translation.override(language):
        assert showing.date(text) == f'<time datetime="{text}">{shown}</time>'


def test_a_total_is_not_a_count_of_a_period(sample: None, browser: Client) -> None:
    total = words(page(browser, "/activity/act-027/"))
    assert "103 countries total as of 2014" in total
    count = words(page(browser, "/activity/act-010/"))
    assert "5 countries in the period 2020" in count


def test_differing_speakers_stand_side_by_side(db: None, browser: Client) -> None:
    store(
        [said(Given("version", "1.0", "en", evidence_url="https://herald.example/a"))],
        HERALD,
        act="load",
    )
    store([said(Given("version", "2.0", "en"))], UNION, act="load")  # fmt: skip
    html = page(browser, "/tool/t-1/")
    row = html[html.index(">Version") :]
    assert "sources differ" in row[:200]
    shown = words(html)
    for text in ("1.0", "2.0", "The Herald", "Council report", "herald.example/a"):
        assert text in shown
    assert "no evidence named" in shown


def test_speakers_who_agree_stand_beside_one_value(db: None, browser: Client) -> None:
    for speaker, where in ((HERALD, "https://herald.example/a"), (UNION, "https://u.example/b")):
        store([said(Given("version", "7.0", "en", evidence_url=where))], speaker, act="load")
    html = page(browser, "/tool/t-1/")
    row = html[html.index(">Version") :]
    row = row[: row.index("</tr>")]
    assert "sources differ" not in html and html.count("7.0") == 1
    assert "The Herald" in row and "Council report" in row
    assert "herald.example/a" in row and "u.example/b" in row


def test_empty_fields_that_matter_are_not_reported(sample: None, browser: Client) -> None:
    shown = words(page(browser, "/activity/act-027/"))
    assert "Countries not reported" in shown and "other fields are not reported" in shown
    assert " 0 " not in shown


def test_a_title_not_held_in_the_readers_language_says_so(sample: None, browser: Client) -> None:
    arabic = page(browser, "/ar/registry/agreement/agr-003/")
    assert '<span class="block" lang="en" dir="ltr">MoU on cybersecurity' in arabic
    assert "العربية" in arabic[arabic.index("<h1") : arabic.index('id="values"')]
    held = page(browser, "/ar/registry/term/term-001/")
    assert '<span class="block">الأمن السيبراني</span>' in held


def test_the_sample_is_told_and_its_sources_stand_beside_the_values(
    sample: None, browser: Client
) -> None:
    html = page(browser, "/agreement/agr-003/")
    assert "Sample data, compiled" in words(html)
    values = html[html.index('class="t stack said"') : html.index("</table>")]
    rows = values.count('<td role="cell" class="src-c"')
    assert rows > 5 and values.count('rel="external"') == rows, "a source for each"


def test_what_names_an_entry_is_told_on_its_page(sample: None, browser: Client) -> None:
    html = page(browser, "/agreement/agr-004/")  # agr-003 succeeds it
    here = html[html.index('id="here"') :]
    assert "/agreement/agr-003/" in here[: here.index("</section>")]
    assert "/agreement/agr-004/" in page(browser, "/agreement/agr-003/")


def test_history_keeps_what_has_ended(db: None, browser: Client) -> None:
    store([said(Given("version", "1.0", "en"))], HERALD, act="load")
    store([said(Given("version", "2.0", "en"))], HERALD, act="load")
    shown = words(page(browser, "/tool/t-1/history/"))
    assert "Version ended" in shown and "1.0" in shown and "Version stands 2.0" in shown
    assert "1.0" not in words(page(browser, "/tool/t-1/"))


def test_a_withdrawn_entry_says_so_and_is_in_no_list(db: None, browser: Client) -> None:
    store([said(key="gone-1")], HERALD, act="load")
    entry = Entry.objects.get(key="gone-1")
    entry.state = "withdrawn"
    entry.save()
    index([entry], today=dt.date(2026, 11, 22))
    assert "was withdrawn" in words(page(browser, "/tool/gone-1/"))
    for path in ("/", "/tool/", "/search/"):
        assert "gone-1" not in page(browser, path), path


def test_words_of_a_source_cannot_be_markup(db: None, browser: Client) -> None:
    nasty = '<b onclick="x">&amp; {{ 1 }} {0} %s'
    body = Given("maker", {"name": nasty, "body": ""})
    store([said(body, Given("summary", nasty, "en"), title=nasty)], HERALD, act="load")
    for path in ("/", "/tool/", "/tool/t-1/", "/tool/t-1/history/", "/search/?q=onclick"):
        html = page(browser, path)
        assert "<b onclick" not in html and "&lt;b onclick" in html, path


def test_every_state_has_its_word() -> None:
    assert set(wording.AGREEMENTS) == set(State)
    assert set(wording.REQUESTS) == set(RequestState)


# --- countries ----------------------------------------------------------------------------


def test_the_table_names_every_member_state_and_counts_what_its_profile_counts(
    sample: None, browser: Client
) -> None:
    html = page(browser, "/countries/")
    linked = re.findall(r'/en/registry/country/([A-Z]{2})/"', html)
    assert len(linked) == len(set(linked)) >= 195 and {"TV", "NR", "PS", "KE"} <= set(linked)
    row = re.search(r'country/SG/">.*?</tr>', html, re.S)[0]
    total = int(re.findall(r'<td class="n">(\d+)</td>', row)[-1])
    assert f"{total} entries that you may see name it" in words(page(browser, "/country/SG/"))
    assert "do not imply the expression of any opinion" in words(html)
    assert "SIDS" in row


def test_a_profile_says_that_no_record_is_not_no_cooperation(sample: None, browser: Client) -> None:
    shown = words(page(browser, "/country/TV/"))
    assert "none is recorded here" in shown
    assert "Absence of a record is not absence of cooperation" in shown
    assert "Requests for assistance" not in shown, "what is confidential is never called missing"


def test_a_profile_begins_with_whom_to_call(sample: None, browser: Client) -> None:
    assert "No team of it is in the directory" in words(page(browser, "/country/KE/"))
    load_teams()
    for path in ("/country/KE/", "/countries/"):
        team = re.search(
            r'<a href="(/en/directory/teams/[^"]+)"><bdi>KE-CIRT/CC<', page(browser, path)
        )
        assert team and browser.get(team[1]).status_code == 200, path
    profile = words(page(browser, "/country/KE/"))
    assert "No contact of this team is held" in profile and "Who may pass it on" in profile
    ask = re.search(r'href="(/en/directory/call[^"]*KE)"', page(browser, "/country/KE/"))
    assert ask and browser.get(ask[1]).status_code == 200


def test_a_profile_tells_how_its_team_is_reached(db: None, browser: Client) -> None:
    team = {
        "official_name": "CERT-KE",
        "short_name": "CERT-KE",
        "country": "KE",
        "constituency": {"countries": ["KE"]},
        "timezone": "Africa/Nairobi",
        "emails": [{"address": "cert@cert.example", "usage": "Main"}],
        "phones": [{"usage": "Main", "number": "+254 20 5550100"}],
    }
    data = json.dumps([team]).encode()
    directory.import_file(data, "ti", directory.importing("A list", "", ""))
    shown = words(page(browser, "/country/KE/"))
    assert "cert@cert.example" in shown and "+254" in shown and "UTC+3" in shown
    assert "Who may pass it on" not in shown
