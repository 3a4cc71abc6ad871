"""Fixtures of this room: people with a password, quick hashes, empty rate limits."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client

from comity.people import actions
from comity.people.models import Account
from comity.people.types import Role

PASSWORD = "correct horse battery staple"


@pytest.fixture(autouse=True)
def _quick_and_empty(request, settings):
    """Argon2 takes 50 ms on purpose; only the tests about it need it. Limits start at zero."""
    if "argon2" not in request.keywords and "slow_hash" not in request.fixturenames:
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if request.node.get_closest_marker("django_db"):
        request.getfixturevalue("db")
        cache.clear()


@pytest.fixture
def slow_hash() -> None:
    """Ask for it to keep the product's own hasher."""


@pytest.fixture
def amina(db) -> Account:
    """A person with password and address."""
    account = actions.add_person("Amina Diallo", "amina", email="amina@example.org")
    account.set_password(PASSWORD)
    account.save()
    return account


@pytest.fixture
def signed_in(amina) -> Client:
    client = Client()
    answer = client.post("/en/account/sign-in/", {"login": "amina", "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()
    return client


@pytest.fixture
def confirmed(signed_in) -> Client:
    """Signed in, and the password typed again a moment ago."""
    answer = signed_in.post("/en/account/confirm/", {"password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()
    return signed_in


@pytest.fixture
def with_role(amina) -> Callable[[Role], Account]:
    def give(role: Role) -> Account:
        actions.grant(amina.person, role)
        return amina

    return give
