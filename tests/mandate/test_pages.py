"""The room's pages: six languages, addresses that last, filters, decisions, nothing foreign."""

from __future__ import annotations

import json
import re

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

from comity.kit.languages import LANGUAGES
from comity.kit.tlp import ANONYMOUS
from comity.mandate import actions, reads
from comity.mandate.formats.export import NAMES, WHOLE, export
from comity.mandate.pages.pieces import compared
from comity.mandate.types import ChangeKind, Fate, MandateError

from .conftest import ADOPTED, DRAFT, KEY, Shelf

BASE = f"/en/mandate/{KEY}"
PAGES = {  # address under BASE: the most queries it may take
    f"/{ADOPTED}/": 7,
    f"/{DRAFT}/": 7,
    f"/{ADOPTED}/p/resolves/1": 24,
    f"/{ADOPTED}/p/considering/a": 24,
    f"/{ADOPTED}/p/instructs-tsb/1/iii/a": 24,
    f"/{DRAFT}/p/recalling/a": 13,
    f"/{ADOPTED}/proposals": 10,
    f"/{ADOPTED}/duties": 11,
    f"/{ADOPTED}/citations": 8,
    f"/{ADOPTED}/source": 7,
    f"/compare/{DRAFT}/{ADOPTED}": 12,
    f"/compare/{ADOPTED}/{DRAFT}": 12,
}
FOREIGN = ("gist.githubusercontent", "goo.gl", "jsdelivr")  # what the adopted page carries
INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+=\s*[\"']|javascript:|<script(?![^>]*\ssrc=)", re.I)


@pytest.fixture
def browser() -> Client:
    return Client()


def page(browser: Client, path: str) -> str:
    response = browser.get(path if path.startswith("/en/") else BASE + path)
    assert response.status_code == 200, (path, response.status_code)
    return response.content.decode()


def words(html: str) -> str:
    """The words of the main part, without tags and blanks."""
    main = html[html.index("<main") : html.index("</main>")]
    return " ".join(re.sub(r"<[^>]*>", " ", main).split())


# --- every page ---------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("path", [*PAGES, "", "/terms", "/cited/wtdc/res-45"])
def test_every_page_answers_in_six_languages(path: str, shelf: Shelf, browser: Client) -> None:
    base = BASE if path in PAGES else "/en/mandate"
    for code in LANGUAGES:
        response = browser.get(f"{base}{path or '/'}".replace("/en/", f"/{code}/"))
        assert response.status_code == 200, code
        assert f'<html lang="{code}"' in response.content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_queries_are_few_and_do_not_grow_with_rows(
    path: str, shelf: Shelf, browser: Client
) -> None:
    page(browser, path)
    with CaptureQueriesContext(connection) as queries:
        page(browser, path)
    assert len(queries) <= PAGES[path], "\n".join(q["sql"][:160] for q in queries)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_holds_no_inline_script_or_style_and_nothing_foreign(
    path: str, shelf: Shelf, browser: Client
) -> None:
    html = page(browser, path)
    assert not INLINE.search(html), INLINE.search(html)
    assert not [word for word in FOREIGN if word in html]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_says_which_text_it_shows_its_date_and_what_is_not_held(
    path: str, shelf: Shelf, browser: Client
) -> None:
    shown = words(page(browser, path))
    is_draft = path.startswith(f"/{DRAFT}/") or path.endswith(f"/{DRAFT}")
    assert ("28 October 2014" if is_draft else "7 November 2014") in shown
    assert ("Draft, not adopted" if is_draft else "Adopted text") in shown
    assert "Later revisions exist and are not held" in shown
    for revision in ("Rev. Dubai, 2018", "Rev. Bucharest, 2022"):
        assert revision in shown


@pytest.mark.parametrize(
    "path",
    [
        "/en/mandate/itu-pp/res-1/",
        f"{BASE}/1998/",
        f"{BASE}/{ADOPTED}/p/resolves/99",
        f"{BASE}/{DRAFT}/p/resolves/99",
        f"{BASE}/{ADOPTED}/proposals/recs_recalling__rec_zz",
        f"{BASE}/{ADOPTED}/duties/recalling/a",
        f"{BASE}/compare/{DRAFT}/1998",
        f"{BASE}/compare/{DRAFT}/{ADOPTED}/settle/recs_none",
        "/en/mandate/cited/itu-pp/res-9999",
        "/en/mandate/wtdc/res-45/",  # cited here, but no text of it is held
        f"{BASE}/{ADOPTED}/p/../../../etc/passwd",
    ],
)
def test_what_is_not_held_is_a_page_that_is_not_there(
    path: str, shelf: Shelf, browser: Client
) -> None:
    response = browser.get(path)
    assert response.status_code == 404
    assert "text/html" in response["Content-Type"]


# --- addresses ----------------------------------------------------------------------------


def test_eid_and_wid_lead_to_the_short_key(shelf: Shelf, browser: Client) -> None:
    row = reads.provision(ANONYMOUS, shelf.adopted, "aware/h")
    assert row.wid != row.eid
    for name in (row.eid, row.wid):
        response = browser.get(f"{BASE}/{ADOPTED}/p/{name}")
        assert (response.status_code, response["Location"]) == (301, f"{BASE}/{ADOPTED}/p/aware/h")
    passage = shelf.draft.passages.get(seq=3)
    response = browser.get(f"{BASE}/{DRAFT}/p/{passage.eid}")
    assert (response.status_code, response["Location"]) == (301, f"{BASE}/{DRAFT}/p/{passage.key}")


def test_every_unit_of_both_texts_has_its_anchor_and_its_page(
    shelf: Shelf, browser: Client
) -> None:
    for label, units in ((ADOPTED, shelf.adopted.provisions), (DRAFT, shelf.draft.passages)):
        html = page(browser, f"/{label}/")
        ids = re.findall(r'\sid="([^"]+)"', html)
        assert len(ids) == len(set(ids)), "an id stands twice"
        for unit in units.all():
            assert unit.eid in ids, unit.eid
            assert f'href="{BASE}/{label}/p/{unit.key}"' in html


def test_pages_of_units_open(shelf: Shelf, browser: Client) -> None:
    """Every ninth: the others differ in words only."""
    for label, units in ((ADOPTED, shelf.adopted.provisions), (DRAFT, shelf.draft.passages)):
        for key in list(units.values_list("key", flat=True))[::9]:
            assert browser.get(f"{BASE}/{label}/p/{key}").status_code == 200, key


@pytest.mark.slow
def test_links_inside_the_room_lead_somewhere(shelf: Shelf, browser: Client) -> None:
    """A few of each kind of address that the pages link to."""
    kinds: dict[str, set[str]] = {}
    for path in PAGES:
        for url in re.findall(r'href="(/(?:en/mandate|api|akn)[^"#]*)', page(browser, path)):
            kinds.setdefault(resolve(url.split("?")[0]).view_name, set()).add(url)
    assert len(kinds) > 12
    some = [url.replace("&amp;", "&") for urls in kinds.values() for url in sorted(urls)[:4]]
    assert [url for url in some if browser.get(url).status_code >= 400] == []


# --- reading and searching ----------------------------------------------------------------


def test_four_readings_of_one_paragraph(shelf: Shelf, browser: Client) -> None:
    readings = {
        reading: page(browser, f"/{ADOPTED}/p/aware/h?reading={reading}")
        for reading in ("both", "draft", "adopted", "side", "nonsense")
    }
    figure = {
        r: html[html.index("<figure") : html.index("</figure>")] for r, html in readings.items()
    }
    assert "<ins>" in figure["both"] and figure["nonsense"] == figure["both"]
    for reading in ("draft", "adopted"):
        assert (
            "<ins>" not in figure[reading] and "<del>" not in figure[reading].split("figcaption")[0]
        )
    assert figure["draft"] != figure["adopted"]
    assert figure["side"].count('class="redline') == 2


def test_a_merge_is_compared_with_its_main_source_and_the_others_stand_below(
    shelf: Shelf, browser: Client
) -> None:
    """*resolves* 2: two word-identical passages and a third. Joined, they would show words of the
    adopted text as removed."""
    for path in (f"/{ADOPTED}/p/resolves/2", f"/compare/{DRAFT}/{ADOPTED}?kind=merged"):
        html = page(browser, path)
        labels = re.findall(
            r">resolves 2</bdi> · ([^<]*?) · (?:<code>.*?</code> · )?line (\d+)", html
        )
        assert {line for _state, line in labels} >= {"164", "166", "172"}
        assert "struck" in {state for state, _line in labels}
        assert "word for word the same as the one compared above" in words(html)
    row = reads.provision(ANONYMOUS, shelf.adopted, "resolves/2")
    (change,) = reads.changes(ANONYMOUS, shelf.draft, shelf.adopted, of_new=row.seq)
    made = compared(change, row)
    assert (made.count.changes, made.count.words) == (53, 79)
    assert made.count.similarity == change.similarity, "page and JSON say one figure"
    assert "".join(op.text for op in made.ops if op.op != "ins").split() == made.old_text.split()
    same, third = made.others
    assert same.same and not third.same and third.shared
    assert all(stretch in row.text for stretch in third.shared)


def test_a_passage_that_is_not_the_main_source_is_compared_with_its_own_words(
    shelf: Shelf, browser: Client
) -> None:
    passage = next(p for p in shelf.draft.passages.all() if 172 in p.lines)
    html = page(browser, f"/{DRAFT}/p/{passage.key}")
    figure = html[html.index('id="became"') :]
    figure = figure[: figure.index("</figure>")]
    plain = " ".join(re.sub(r'<span class="sr".*?</span>|<[^>]*>', "", figure).split())
    assert "to encourage ITU" in plain and "bearing in mind above" in plain
    assert "while being mindful of the need to avoid duplicating work among" not in plain


def test_the_list_of_proposals_tells_options_apart(shelf: Shelf, browser: Client) -> None:
    options = [r for r in reads.proposals(ANONYMOUS, shelf.adopted) if r.passage.option]
    html = page(browser, f"/{ADOPTED}/proposals")
    assert options
    assert html.count(', option <bdi class="ltr">') == len(options)


def test_a_text_without_a_title_goes_by_its_key_and_by_who_brought_it(
    db: None, browser: Client
) -> None:
    untitled = b"recalling\n\na) Resolution 45;\n\nb) the words;\n"
    actions.load(untitled, "itu-pp/res-9", name="new.txt", label="2014-10-01")
    html = page(browser, "/en/mandate/itu-pp/res-9/2014-10-01/")
    assert ">itu-pp/res-9 – draft</h1>" in html
    assert "as brought by the loader: new.txt" in html and "ITU, itu-pp" not in html


def test_proposals_are_filtered_by_proposer_and_fate(shelf: Shelf, browser: Client) -> None:
    everything = reads.proposals(ANONYMOUS, shelf.adopted)

    def shown(query: str) -> int:
        html = page(browser, f"/{ADOPTED}/proposals{query}")
        return len(re.findall(rf'href="{BASE}/{ADOPTED}/proposals/', html))

    assert shown("") == len(everything) == 29
    proposer = next(r.passage.proposer for r in everything if r.passage.proposer)
    for query, wanted in (
        (f"?proposer={proposer}", [r for r in everything if r.passage.proposer == proposer]),
        ("?fate=dropped", [r for r in everything if r.fate is Fate.DROPPED]),
        ("?fate=merged&proposer=Nobody", []),
    ):
        assert shown(query) == len(wanted), query


def test_what_left_no_trace_is_never_called_dropped_on_a_page(
    shelf: Shelf, browser: Client
) -> None:
    shown = words(page(browser, f"/{ADOPTED}/proposals"))
    assert "no trace found" in shown.casefold()
    assert not re.search(r"\bdropped\b", shown)


def test_duties_are_filtered_by_actor_force_and_reporting(shelf: Shelf, browser: Client) -> None:
    everything = reads.duties(ANONYMOUS, shelf.adopted)

    def shown(query: str) -> int:
        html = page(browser, f"/{ADOPTED}/duties{query}")
        return html.count('<th scope="row"')

    assert shown("") == len(everything) == 46
    actor = everything[-1].duty.meant[0]
    for query, wanted in (
        (f"?actor={actor}", [r for r in everything if actor in r.duty.meant]),
        ("?force=invites", [r for r in everything if r.duty.force == "invites"]),
        ("?reporting=1", [r for r in everything if r.duty.is_reporting]),
        ("?actor=nobody", []),
    ):
        assert shown(query) == len(wanted), query
        assert len(wanted) < len(everything)


def test_the_comparison_is_paged_and_filtered_by_kind(shelf: Shelf, browser: Client) -> None:
    changes = reads.changes(ANONYMOUS, shelf.draft, shelf.adopted)
    base = f"/compare/{DRAFT}/{ADOPTED}"

    def shown(query: str) -> int:
        return page(browser, base + query).count('class="sub change"')

    pages = -(-len(changes) // 40)
    assert sum(shown(f"?page={n + 1}") for n in range(pages)) == len(changes) > 100
    assert shown("?page=99") == shown(f"?page={pages}")
    assert shown("?page=x") == shown("")
    amended = sum(c.kind is ChangeKind.AMENDED for c in changes)
    assert shown("?kind=amended") == min(amended, 40)


def test_the_form_of_a_comparison_leads_to_it(shelf: Shelf, browser: Client) -> None:
    response = browser.get(f"{BASE}/compare?old={DRAFT}&new={ADOPTED}")
    assert response["Location"] == f"{BASE}/compare/{DRAFT}/{ADOPTED}"


def test_citations_stand_as_a_table_and_as_a_picture(shelf: Shelf, browser: Client) -> None:
    html = page(browser, f"/{ADOPTED}/citations")
    rows = reads.citations(ANONYMOUS, shelf.adopted)
    table = html[html.index('<h2 id="table"') :]
    assert table.count("<tr") >= len(rows)
    assert "<svg" in html and "<title" in html
    assert any(row.flags for row in rows) and "Rev. Dubai , 2014" in html, "slips are kept"


def test_pages_with_many_similarities_print_how_they_are_counted(
    shelf: Shelf, browser: Client
) -> None:
    from comity.mandate.rules.words import FORMULA

    for path in (f"/compare/{DRAFT}/{ADOPTED}", f"/{ADOPTED}/proposals"):
        assert FORMULA in words(page(browser, path)), path


def test_a_term_linked_from_a_paragraph_stands_in_the_glossary(
    shelf: Shelf, browser: Client
) -> None:
    linked = set(
        re.findall(r'href="/en/mandate/terms#([^"]+)"', page(browser, f"/{ADOPTED}/p/recalling/d"))
    )
    glossary = page(browser, "/en/mandate/terms")
    assert linked and all(f'id="{term}"' in glossary for term in linked)


# --- nothing foreign ----------------------------------------------------------------------


def test_nothing_foreign_reaches_storage_or_any_export(shelf: Shelf) -> None:
    """The adopted page carries scripts of others; see `formats.page`."""
    stored = [
        repr(row)
        for model in apps.get_app_config("mandate").get_models()
        for row in model._default_manager.values_list()
    ]
    assert len(stored) > 500
    for word in (*FOREIGN, "<script", "<style", "<iframe", "javascript:"):
        assert not [row for row in stored if word in row], word
    for version in (shelf.draft, shelf.adopted):
        bundle = reads.bundle(ANONYMOUS, version)
        for name in (*NAMES, *WHOLE):
            try:
                data = export(bundle, name)
            except MandateError:
                continue
            assert not [w for w in (*FOREIGN, "<script", "javascript:") if w.encode() in data], name


def test_the_whole_text_as_json_lists_the_findings_of_the_parser(shelf: Shelf) -> None:
    for version in (shelf.draft, shelf.adopted):
        held = json.loads(export(reads.bundle(ANONYMOUS, version), "text.json"))
        assert len(held["findings"]) == version.findings.count() > 0
