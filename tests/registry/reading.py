"""What the tests of the reading pages share: the sample data loaded once, and how to read a page."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client

from comity.kit.sayings import Voice
from comity.registry.actions import Speaker, load_sample
from comity.registry.types import Given, Record

BASE = "/en/registry"


@pytest.fixture(scope="module", name="_loaded")
def loaded_fixture(django_db_setup: None, django_db_blocker: object) -> Iterator[None]:
    """One load for all tests of a module, rolled back behind the last."""
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        load_sample()
        yield
        transaction.set_rollback(True)


@pytest.fixture(name="sample")
def sample_fixture(_loaded: None, db: None) -> None:
    """A database with the sample data; what a test changes is gone after it."""


@pytest.fixture(name="browser")
def browser_fixture() -> Client:
    return Client()


def page(browser: Client, path: str) -> str:
    response = browser.get(path if path.startswith(("/en/", "/ar/", "/zh/")) else BASE + path)
    assert response.status_code == 200, (path, response.status_code)
    return response.content.decode()


def words(html: str) -> str:
    """The words of the main part, without tags and blanks."""
    main = html[html.index("<main") : html.index("</main>")]
    return " ".join(re.sub(r"<[^>]*>", " ", main).split())


def said(*values: Given, key: str = "t-1", kind: str = "tool", title: str = "A tool") -> Record:
    return Record(kind, key, "", (Given("title", title, "en"), *values))


HERALD = Speaker(Voice.SOURCE, "The Herald")
UNION = Speaker(Voice.SOURCE, "Council report")
