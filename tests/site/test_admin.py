"""The administration: absent for all but administrators with a second factor; changed by acts."""

from __future__ import annotations

import re

import pytest
from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.test import Client, RequestFactory
from django.urls import reverse

from comity.kit.tlp import Label
from comity.ledger import reads as ledger
from comity.people import actions
from comity.people.types import Role
from tests.registry.api_world import Person, body, person, publish, said

pytestmark = pytest.mark.django_db

INDEX = "/admin/"
TABLES = (
    "ledger_act", "people_person", "people_account", "people_body", "people_group", "people_membership",
    "people_grant", "directory_team", "directory_contact", "directory_teamkey", "directory_holding",
    "directory_contacttest", "registry_entry", "registry_statement", "registry_batch", "registry_submission",
)  # fmt: skip


def signed_in(who: Person, *, second_factor: bool = True, strict: bool = False) -> Client:
    browser = Client(enforce_csrf_checks=strict)
    browser.force_login(who.account, backend=settings.AUTHENTICATION_BACKENDS[0])
    if second_factor:
        request = RequestFactory().get("/")
        request.session = browser.session
        record_authentication(request, who.account, "mfa", type="totp")
        request.session.save()
    return browser


@pytest.fixture
def chief(db) -> Person:
    return person("administrator", body("House"))


@pytest.fixture
def browser(chief: Person) -> Client:
    return signed_in(chief)


def text(response) -> str:  # type: ignore[no-untyped-def]
    assert response.status_code == 200, (response.status_code, response.wsgi_request.path)
    return str(response.content.decode())


# --- who may ------------------------------------------------------------------------------


def _paths() -> list[str]:
    tables = [reverse(f"admin:{table}_changelist") for table in TABLES]
    adds = [reverse(f"admin:{table}_add") for table in TABLES]
    return [
        "/admin",
        INDEX,
        "/admin/login/",
        "/admin/jsi18n/",
        "/admin/nothing/",
        "/admin/nothing",
        *tables,
        *adds,
    ]


def test_for_everybody_else_it_is_as_absent_as_any_page(chief: Person) -> None:
    roles = [role for role in Role if role is not Role.ADMINISTRATOR]
    others = [signed_in(person(role, body(f"Body-{role}"))) for role in roles]
    for visitor in (Client(), signed_in(chief, second_factor=False), *others):
        absent = visitor.get("/nowhere/")
        for path in _paths():
            got = visitor.get(path)
            assert got.status_code == 404, path
            assert got.content.decode().replace(path, "/nowhere/") == absent.content.decode(), path
            assert set(got.headers) == set(absent.headers), path


def test_without_a_forms_token_it_is_absent_too(chief: Person) -> None:
    """A refusal by CSRF would tell that something is there."""
    plain = person("reader")
    for visitor in (Client(enforce_csrf_checks=True), signed_in(plain, strict=True)):
        for path in (INDEX, reverse("admin:people_grant_add")):
            assert (
                visitor.post(path, {}).status_code
                == 404
                == visitor.post("/nowhere/", {}).status_code
            )
    assert (
        signed_in(chief, strict=True).post(reverse("admin:people_grant_add"), {}).status_code == 403
    )


def test_a_token_opens_nothing(chief: Person) -> None:
    for scopes in ((), ("registry", "mandate", "ledger")):
        assert chief.program(*scopes).get(INDEX).status_code == 404
    both = signed_in(chief)
    token = chief.program("registry").defaults["HTTP_AUTHORIZATION"]
    assert both.get(INDEX, headers={"Authorization": token}).status_code == 404


def test_who_is_no_administrator_any_more_is_out_at_once(chief: Person, browser: Client) -> None:
    assert browser.get(INDEX).status_code == 200
    actions.withdraw(chief.account.person, Role.ADMINISTRATOR)
    assert browser.get(INDEX).status_code == 404


# --- what is shown ------------------------------------------------------------------------


def _team() -> None:
    from comity.directory import actions as directory
    from tests.directory.conftest import SOURCE, record

    directory.apply([record()], SOURCE)


@pytest.fixture
def filled(chief: Person) -> Person:
    owner = body("Maravia administration", "KE")
    _team()
    publish(said("tool", "clear-tool", title="Open quillwort"), Label.CLEAR, owner)
    publish(said("tool", "amber-tool", title="Hidden quillwort"), Label.AMBER, owner)
    return person("focal_point", owner)


@pytest.mark.parametrize("language", ["en", "ar", "zh"])
@pytest.mark.parametrize("table", TABLES)
def test_each_table_is_shown_in_the_language_of_the_browser(
    table: str, language: str, filled: Person, browser: Client
) -> None:
    headers = {"Accept-Language": language}
    page = text(browser.get(reverse(f"admin:{table}_changelist"), headers=headers))
    assert f'dir="{"rtl" if language == "ar" else "ltr"}"' in page
    assert (
        "<style" not in page
        and " style=" not in page
        and not re.search(r"<script(?![^>]*src=)[^>]*>\s*\S", page)
    )
    links = re.findall(rf'href="(/admin/{table.replace("_", "/", 1)}/[^"/]+/change/)', page)
    assert links or table in (
        "directory_teamkey", "directory_contacttest", "registry_batch", "registry_submission"
    )  # fmt: skip
    for link in links[:2]:
        text(browser.get(link, headers=headers))
        text(browser.get(link.replace("change/", "history/"), headers=headers))


def test_being_an_administrator_opens_no_marking(filled: Person, browser: Client) -> None:
    from comity.registry.models import Entry

    hidden = Entry.objects.get(key="amber-tool")
    for table in ("registry_entry", "registry_statement"):
        page = text(browser.get(reverse(f"admin:{table}_changelist")))
        assert "Open quillwort" in page and "Hidden" not in page and "amber-tool" not in page
        assert "Hidden" not in text(
            browser.get(reverse(f"admin:{table}_changelist") + "?q=amber-tool")
        )
    for way in ("change", "history"):
        got = browser.get(reverse(f"admin:registry_entry_{way}", args=[hidden.pk]))
        assert got.status_code in (302, 404) and "Hidden" not in got.content.decode()


def test_no_marked_contact_is_shown_to_an_administrator(filled: Person, browser: Client) -> None:
    from comity.directory.models import Contact

    url = reverse("admin:directory_contact_changelist")
    assert "cert-clear@cert-xx.example" in text(browser.get(url))
    for label in ("amber", "amber-strict", "red"):
        assert f"cert-{label}@" not in text(browser.get(url))
        hidden = Contact.objects.get(value=f"cert-{label}@cert-xx.example")
        got = browser.get(reverse("admin:directory_contact_change", args=[hidden.pk]))
        assert got.status_code in (302, 404) and hidden.value not in got.content.decode()
    assert reverse("admin:directory_contact_changelist") in text(browser.get(INDEX))


OF_ACTS = ("ledger", "directory", "registry")


@pytest.mark.parametrize("table", [t for t in TABLES if t.startswith(OF_ACTS)])
def test_what_acts_own_is_only_looked_at(table: str, filled: Person, browser: Client) -> None:
    page = text(browser.get(reverse(f"admin:{table}_changelist")))
    assert "addlink" not in page and "action-select" not in page
    assert browser.get(reverse(f"admin:{table}_add")).status_code == 403
    row = re.search(r'href="(/admin/[^"]+)/change/', page)
    if row:
        assert "_save" not in text(browser.get(f"{row[1]}/change/"))
        for way in ("change", "delete"):
            assert (
                browser.post(f"{row[1]}/{way}/", {"post": "yes", "title": "x"}).status_code == 403
            )


def test_nothing_is_deleted_here(filled: Person, browser: Client) -> None:
    for table in TABLES:
        page = text(browser.get(reverse(f"admin:{table}_changelist")))
        assert "delete_selected" not in page
    data = {
        "action": "delete_selected",
        "_selected_action": [str(filled.account.person.pk)],
        "post": "yes",
    }
    browser.post(reverse("admin:people_person_changelist"), data)
    filled.account.person.refresh_from_db()


# --- what is changed ----------------------------------------------------------------------


def last_act() -> tuple[str, str]:
    row = ledger.head()
    assert row is not None
    return row.act, row.actor


def send(browser: Client, door: str, *args: object, **data: str):  # type: ignore[no-untyped-def]
    return browser.post(reverse(f"admin:{door}", args=args), data)


def test_each_change_is_an_act_under_the_administrators_name(
    chief: Person, browser: Client
) -> None:
    from comity.people.models import Account, Body, Grant, Group, Membership

    me = chief.account.person.pseudonym
    steps = (
        (
            "people_person_add",
            {"name": "Amina Diallo", "username": "amina", "language": "fr"},
            "add_person",
        ),
        ("people_body_add", {"name": "Ruritania CIRT", "country": "KE"}, "add_body"),
        (
            "people_group_add",
            {"name": "Clients of R", "kind": "clients", "owner": "Ruritania CIRT"},
            "add_group",
        ),
        ("people_membership_add", {"person": "amina", "body": "Ruritania CIRT"}, "join"),
        ("people_grant_add", {"person": "amina", "role": "reader"}, "grant_role"),
    )
    for name, data, act in steps:
        done = send(browser, name, **data)
        assert done.status_code == 302, (
            name,
            re.findall(r"errorlist.*?</ul>", done.content.decode(), re.S),
        )
        assert last_act() == (act, me)
    account = Account.objects.get(username="amina")
    assert account.person.language == "fr" and not account.has_usable_password()
    assert Group.objects.get(name="Clients of R").owner == Body.objects.get(name="Ruritania CIRT")
    member, role = (
        Membership.objects.get(person=account.person),
        Grant.objects.get(person=account.person),
    )
    ends = member.since.isoformat()
    assert send(browser, "people_membership_change", member.pk, ends=ends).status_code == 302
    assert last_act() == ("leave", me)
    assert send(browser, "people_grant_change", role.pk, ends=ends).status_code == 302
    assert last_act() == ("withdraw_role", me)
    assert send(browser, "people_account_change", account.pk, close="on").status_code == 302
    assert last_act() == ("close_account", me)
    account.refresh_from_db()
    member.refresh_from_db()
    assert not account.is_active and member.until == member.since
    assert "add_person" in text(
        browser.get(reverse("admin:people_person_history", args=[account.person.pk]))
    )
    assert ledger.verify() is None


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("people_person_add", {"name": "A", "username": "a@b", "language": "en"}),
        ("people_person_add", {"name": "", "username": "a", "language": "en"}),
        ("people_group_add", {"name": "G", "kind": "clients"}),
        ("people_group_add", {"name": "G", "kind": "sharing", "owner": "nobody"}),
        ("people_membership_add", {"person": "nobody", "body": "House"}),
        ("people_membership_add", {"body": "House"}),
        ("people_membership_add", {"member_body": "House", "body": "House"}),
        ("people_grant_add", {"person": "nobody", "role": "reader"}),
        ("people_grant_add", {"person": "test-administrator-house", "role": "administrator"}),
        ("people_grant_add", {"person": "test-administrator-house", "role": "king"}),
        (
            "people_grant_add",
            {"person": "test-administrator-house", "role": "head", "since": "2026-02-30"},
        ),
    ],
)
def test_what_an_act_refuses_is_an_error_of_the_form(
    name: str, data: dict[str, str], browser: Client
) -> None:
    before = ledger.head()
    page = text(send(browser, name, **data))
    assert "errorlist" in page or "errornote" in page
    assert ledger.head() == before


def test_a_day_that_lies_before_the_beginning_is_refused(chief: Person, browser: Client) -> None:
    from comity.people.models import Grant

    row = Grant.objects.get(person=chief.account.person)
    page = text(send(browser, "people_grant_change", row.pk, ends="2001-01-01"))
    assert "errorlist" in page
    row.refresh_from_db()
    assert row.until is None


def test_djangos_own_log_stays_empty(browser: Client) -> None:
    from django.contrib.admin.models import LogEntry

    send(browser, "people_body_add", name="Ruritania CIRT", country="")
    assert not LogEntry.objects.exists()
