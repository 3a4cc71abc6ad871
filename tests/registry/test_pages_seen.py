"""The reading pages as several people see them: nothing stricter shows, nor is it counted."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.test import Client, RequestFactory

from comity.kit.sayings import Voice
from comity.kit.tlp import ANONYMOUS, Label, Viewer
from comity.people.actions import add_body, add_person, grant, join
from comity.people.models import Account, Body
from comity.people.types import Role
from comity.registry import reads
from comity.registry.actions import Speaker, store
from comity.registry.models import Entry, FacetCount
from comity.registry.pages import home
from comity.registry.types import Given

from .reading import BASE, browser_fixture, loaded_fixture, page, said, sample_fixture, words  # noqa: F401

SECRET = "Zebrafish"  # a word that stands nowhere else


@dataclass(frozen=True)
class Told:
    """A body, a member with a second factor, and what the body keeps to itself."""

    body: Body
    member: Client
    viewer: Viewer


@pytest.fixture
def told(sample: None) -> Told:
    """An entry that is AMBER, and one that is CLEAR of which one value is AMBER."""
    body = add_body("Ministry of Kenya", country="KE")
    account = add_person("Member", "member")
    grant(account.person, Role.FOCAL_POINT)
    join(account.person, body)
    own = Speaker(Voice.OWN, body.name, body.pk)
    hidden = said(
        Given("country", "KE"),
        Given("summary", f"{SECRET} inside", "en"),
        key="hidden-1",
        title=f"{SECRET} tool",
    )
    store([hidden], own, act="load", owner=body.pk, label=Label.AMBER)
    partly = said(
        Given("country", "KE"),
        Given("country", "NR", label=Label.AMBER),
        Given("version", f"{SECRET} 9", "en", label=Label.AMBER),
        Given("maker", {"name": f"{SECRET} Ltd", "body": ""}, label=Label.AMBER),
        key="partly-1",
        title="Half open tool",
    )
    store([partly], own, act="load", owner=body.pk, label=Label.CLEAR)
    member = signed_in(account)
    viewer = Viewer(account.person.pk, frozenset({body.pk}), second_factor=True)
    return Told(body, member, viewer)


def signed_in(account: Account) -> Client:
    """A browser signed in with the second factor."""

    browser = Client()
    browser.force_login(account, backend=settings.AUTHENTICATION_BACKENDS[0])
    request = RequestFactory().get("/")
    request.session = browser.session
    record_authentication(request, account, method="mfa", type="totp")
    request.session.save()
    return browser


EVERYWHERE = (
    "/",
    "/search/",
    "/search/?country=KE",
    "/search/?country=NR",
    f"/search/?q={SECRET}",
    "/tool/",
    f"/tool/?q={SECRET}",
    "/tool/?country=NR",
    f"/tool/?body={SECRET}+Ltd",
    "/tool/partly-1/",
    "/tool/partly-1/history/",
    "/countries/",
    "/country/KE/",
    "/country/NR/",
)


def outsiders(told: Told) -> Iterator[Client]:
    yield Client()
    for role in Role:
        stranger = add_person(f"Other {role}", f"other-{role}".replace("_", "-"))
        grant(stranger.person, role)
        yield signed_in(stranger)


def test_what_is_amber_stands_in_no_page_of_others(told: Told) -> None:
    asked = re.compile(r'(?:value="[^"]*|\?[^"\s]*|<title>[^<]*|>)' + f'{SECRET}(?: Ltd)?["&<]')
    for browser in outsiders(told):
        for path in EVERYWHERE:
            main = page(browser, path)
            # What one asks for comes back in the form, the links and nowhere else.
            shown = asked.sub("", main) if SECRET in path else main
            assert SECRET not in words("<main" + shown.split("<main", 1)[1]), path
            assert "hidden-1" not in main, path
            assert "TLP:AMBER" not in main, path
        for path in ("/tool/hidden-1/", "/tool/hidden-1/history/"):
            assert browser.get(BASE + path).status_code == 404, path


def test_counts_tell_nothing_of_what_is_amber(told: Told) -> None:
    outside, inside = Client(), told.member
    for path, theirs in (("/search/?country=KE", 1), ("/search/?country=NR", 1), ("/tool/", 1)):
        totals = []
        for browser in (outside, inside):
            found = re.search(r"of (\d+)", words(page(browser, path)))
            totals.append(int(found[1]) if found else 0)
        assert totals[1] - totals[0] == theirs, path
    assert f"{SECRET} Ltd" in page(inside, "/tool/") or "partly-1" in page(inside, "/tool/")
    assert "of 31" in words(page(outside, "/tool/")) and "of 32" in words(page(inside, "/tool/"))
    offered = re.search(r'<select id="f-country".*?</select>', page(outside, "/tool/"), re.S)
    assert offered and 'value="KE"' in offered[0] and 'value="NR"' not in offered[0]


def test_the_member_sees_it_with_its_label_and_the_sheet_is_marked(told: Told) -> None:
    html = page(told.member, "/tool/partly-1/")
    assert '<body class="p-amber">' in html
    assert re.search(r"TLP:AMBER</span>\s*<span[^>]*>" + f"{SECRET} 9", html)
    assert '<body class="p-clear">' in page(Client(), "/tool/partly-1/")
    hidden = page(told.member, "/tool/hidden-1/")
    assert f"{SECRET} tool" in hidden and "TLP:AMBER" in hidden[hidden.index("<h1") :]
    listed = page(told.member, "/tool/")
    assert "TLP:AMBER" in listed and '<body class="p-amber">' in listed
    assert "TLP:AMBER" in page(told.member, "/")


def test_when_a_hidden_value_changed_is_not_told(told: Told) -> None:
    Entry.objects.filter(key="partly-1").update(changed=dt.datetime(2031, 3, 7, tzinfo=dt.UTC))
    assert "2031" not in page(Client(), "/tool/partly-1/")


def test_figures_count_what_the_viewer_may_see(told: Told) -> None:
    public, own = home.figures(ANONYMOUS), home.figures(told.viewer)
    assert own[0][0] == public[0][0] + 1 and len(public) <= 2
    assert sum(reads.kind_totals(ANONYMOUS).values()) == public[0][0]


def test_an_empty_registry_has_its_pages(db: None, browser: Client) -> None:
    Entry.objects.all().delete()  # what other tests of this module share
    FacetCount.objects.all().delete()
    for path in ("/", "/search/", "/agreement/", "/countries/", "/country/KE/"):
        assert page(browser, path), path
    assert home.figures(ANONYMOUS) == []
