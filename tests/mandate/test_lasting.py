"""Addresses that last: every one that our exports and pages name leads somewhere."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from lxml import etree

from comity.kit.tlp import ANONYMOUS
from comity.mandate import reads
from comity.mandate.formats.export import export

from .conftest import ADOPTED, DRAFT, KEY, Shelf
from .test_pages import page


@pytest.fixture
def browser() -> Client:
    return Client()


LASTING = "/akn/un/statement/deliberation/itu-pp/2014/res-130"


def test_the_lasting_address_shown_on_a_page_resolves(shelf: Shelf, browser: Client) -> None:
    shown = set(re.findall(r"/akn/un/[\w/@-]+", page(browser, f"/{ADOPTED}/p/aware/h")))
    assert shown == {f"{LASTING}/eng@2014-11-07"}
    for date, label in (("2014-11-07", ADOPTED), ("2014-10-28", DRAFT)):
        for code in ("en", "fr"):
            response = browser.get(
                f"{LASTING}/eng@{date}",
                headers={
                    "Accept": "text/html,application/xml;q=0.9,*/*;q=0.8",
                    "Accept-Language": code,
                },
            )
            assert response.status_code == 302
            assert response["Location"] == f"/{code}/mandate/{KEY}/{label}/"
            assert {"Accept", "Accept-Language"} <= set(response["Vary"].split(", "))


@pytest.mark.slow
@pytest.mark.parametrize("version", ["draft", "adopted"])
def test_every_address_in_our_own_xml_leads_somewhere(
    version: str, shelf: Shelf, browser: Client
) -> None:
    xml = etree.fromstring(export(reads.bundle(ANONYMOUS, getattr(shelf, version)), "text.xml"))
    named = {
        value.partition("#")[0]
        for element in xml.iter()
        for name, value in element.attrib.items()
        if name in ("href", "value") and value.startswith(("/akn/", "/ontology/instrument/"))
    }
    assert len(named) >= 6
    for path in named:
        answer = browser.get(path, headers={"Accept": "text/html,*/*;q=0.8"}, follow=True)
        assert answer.status_code == 200, path
        assert b"<akomaNtoso" in answer.content or not path.endswith(".akn"), path


def test_a_work_leads_to_its_newest_text_and_a_machine_gets_it(
    shelf: Shelf, browser: Client
) -> None:
    for path in (LASTING, f"{LASTING}/!main"):
        assert browser.get(path)["Location"] == f"/en/mandate/{KEY}/{ADOPTED}/"
        xml = browser.get(path, headers={"Accept": "application/akn+xml"})
        assert b"eng@2014-11-07" in xml.content
    stub = "/akn/un/statement/deliberation/itu-pp/2010/res-181"
    assert browser.get(stub)["Location"] == "/en/mandate/cited/itu-pp/res-181"
    assert browser.get("/ontology/instrument/un/itu-pp/res-99999").status_code == 404


@pytest.mark.parametrize("accept", ["application/akn+xml", "application/xml"])
def test_a_machine_gets_akoma_ntoso_at_the_lasting_address(
    accept: str, shelf: Shelf, browser: Client
) -> None:
    response = browser.get(f"{LASTING}/eng@2014-11-07", headers={"Accept": accept})
    assert (response.status_code, response["Content-Type"]) == (200, accept)
    assert b"<akomaNtoso" in response.content and LASTING.encode() in response.content


@pytest.mark.parametrize(
    "path",
    [
        "itu-pp/2014/res-130/eng@2014-11-08",
        "itu-pp/2014/res-130/fra@2014-11-07",
        "itu-pp/2014/res-130/xxx@2014-11-07",
        "itu-pp/2018/res-130/eng@2014-11-07",
        "itu-pp/2014/res-999/eng@2014-11-07",
    ],
)
def test_an_unknown_lasting_address_is_not_there(path: str, shelf: Shelf, browser: Client) -> None:
    assert browser.get(f"/akn/un/statement/deliberation/{path}").status_code == 404
