"""The report is read on the site itself: in its frame, with contents, figures that lead on."""

from __future__ import annotations

import datetime as dt
import gzip
import re

import pytest
from django.test import Client
from lxml import html

from comity.kit.sayings import Voice
from comity.mandate.actions import load_shipped
from comity.registry.actions import Speaker, store
from comity.registry.models import Entry, FacetCount
from comity.registry.types import Given, Record
from comity.report import actions
from comity.report.reads.files import sheet

pytestmark = pytest.mark.django_db
PRESS = Speaker(Voice.SOURCE, "The Herald")
LONG_AGO = dt.datetime(2015, 3, 1, 12, tzinfo=dt.UTC)
DRAFT = "/en/report/2014/document"
FROZEN = "/en/report/2014/edition/1/document"


def drill(key: str) -> Record:
    values = (Given("title", f"Drill <{key}>", "en"), Given("period", "2014"))
    return Record("activity", key, "cyberdrill", values)


@pytest.fixture(autouse=True)
def world() -> None:
    load_shipped(now=LONG_AGO)
    store([drill("a-1")], PRESS, act="load", now=LONG_AGO)


def test_the_draft_is_a_page_with_contents_figures_and_files(client: Client) -> None:
    answer = client.get(DRAFT)
    page = html.fromstring(answer.content)
    assert len(page.findall(".//h1")) == 1
    targets = page.xpath("//nav[@class='toc']//a/@href")
    assert "#annex-a" in targets and all(
        page.get_element_by_id(to[1:]) is not None for to in targets
    )
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    figures = page.xpath("//article//a[contains(@href, '/en/report/2014/figures/')]/@href")
    assert "/en/report/2014/figures/activities.kind.cyberdrill" in figures
    assert client.get(figures[0]).status_code == 200
    for form in ("docx", "pdf", "html"):
        assert f"/en/report/2014/file/{form}?lang=en" in page.xpath("//a/@href")
    assert "Drill &lt;a-1&gt;" in answer.content.decode()


def test_it_keeps_to_the_sheet_and_to_the_first_view(client: Client) -> None:
    body = client.get("/ar/report/2014/document").content.decode()
    assert " style=" not in body and "<script" not in body
    article = body[body.index("<article") : body.index("</article>")]
    used = {name for each in re.findall(r'class="([^"]+)"', article) for name in each.split()}
    assert {name for name in used if f".{name}" not in sheet()} == set()
    assert 'dir="rtl"' in body
    first = len(gzip.compress(body.encode())) + len(gzip.compress(sheet().encode()))
    assert first <= 100_000


def test_a_frozen_edition_is_read_as_it_was_and_says_what_became_of_it(client: Client) -> None:
    actions.freeze(None, 2014)
    store([drill("a-2")], PRESS, act="load")
    frozen, draft = (client.get(url).content.decode() for url in (FROZEN, DRAFT))
    assert "Drill &lt;a-2&gt;" in draft and "Drill &lt;a-2&gt;" not in frozen
    assert "frozen" in frozen and FROZEN in draft
    for page in ("/en/report/", "/en/report/2014/"):
        assert FROZEN in client.get(page).content.decode()
    assert "/en/report/2015/document" in client.get("/en/report/").content.decode()
    assert client.get("/en/report/2014/edition/7/document").status_code == 404
    Entry.objects.filter(key="a-1").delete()
    FacetCount.objects.all().delete()
    assert "no longer to be seen by everybody" in client.get(FROZEN).content.decode()
