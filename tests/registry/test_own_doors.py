"""What is one's own is one link away from every page, and nobody else is told of it."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from comity.people.actions import grant
from comity.people.types import Role
from tests.registry.submitting import cast, url

pytestmark = pytest.mark.django_db


def _ways(client: Client, address: str) -> set[str]:
    """Every address that a page links to."""
    return set(re.findall(r'href="(/[^"#]*)"', client.get(address).content.decode()))


@pytest.mark.parametrize(
    ("name", "has", "lacks"),
    [
        ("focal", {"my_tasks", "my_body", "upload", "submissions", "desk", "my_searches"}, set()),
        ("secretariat", {"my_tasks", "my_body", "submissions", "desk", "my_searches"}, set()),
        ("reader", {"my_searches"}, {"my_tasks", "my_body", "upload", "submissions", "desk"}),
    ],
)
def test_ones_own_pages_are_one_link_away_from_every_page(
    name: str, has: set[str], lacks: set[str]
) -> None:
    browser = cast().client(name)
    for page in ("/en/", "/en/registry/", "/en/directory/", "/en/people/"):
        ways = _ways(browser, page)
        assert {url(each) for each in has} <= ways, page
        assert not {url(each) for each in lacks} & ways, page
    for each in has:
        assert browser.get(url(each)).status_code == 200, each
    ways = _ways(Client(), "/en/registry/")
    assert not {url(each) for each in has | lacks} & ways


def test_administration_is_linked_for_who_may_enter_it(monkeypatch: pytest.MonkeyPatch) -> None:
    office = cast()
    grant(office.accounts["colleague"].person, Role.ADMINISTRATOR)
    assert "/admin/" not in _ways(office.client("colleague"), "/en/")
    monkeypatch.setattr("comity.people.reads.has_second_factor", lambda request: True)
    assert "/admin/" in _ways(office.client("colleague"), "/en/")
    assert "/admin/" not in _ways(office.client("secretariat"), "/en/")


def test_the_first_page_leads_to_catalogue_and_feed() -> None:
    ways = _ways(Client(), "/en/registry/")
    assert {url("catalogue"), url("feed")} <= ways
