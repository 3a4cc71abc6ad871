"""The two documents of Resolution 130 in the database: loaded once a module, never changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files

import pytest
from django.db import transaction

KEY, DRAFT, ADOPTED = "itu-pp/res-130", "2014-10-28", "2014"
ISSUER, NAME = KEY.split("/")
FILES = files("comity.mandate") / "data" / "itu-pp" / "res-130"


def source(name: str) -> bytes:
    """The bytes of one of the two documents: "2014-10-28.txt" or "2014.json"."""
    return (FILES / name).read_bytes()


@pytest.fixture(scope="module")
def _loaded(django_db_setup: None, django_db_blocker: object) -> Iterator[None]:
    """One load for all tests of a module, rolled back behind the last."""
    from comity.mandate.actions import load_shipped

    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        load_shipped()
        yield
        transaction.set_rollback(True)


@dataclass(frozen=True)
class Shelf:
    """The two versions as rows."""

    draft: object
    adopted: object


@pytest.fixture
def shelf(_loaded: None, db: None) -> Shelf:
    """A database that holds both versions; what a test changes is gone after it."""
    from comity.kit.tlp import ANONYMOUS
    from comity.mandate import reads

    return Shelf(reads.version(ANONYMOUS, KEY, DRAFT), reads.version(ANONYMOUS, KEY, ADOPTED))


@dataclass(frozen=True)
class Person:
    """Somebody with an account: who they are to the room, and a browser signed in as them."""

    account: object
    viewer: object

    @property
    def pseudonym(self) -> str:
        return str(self.account.person.pseudonym)  # type: ignore[attr-defined]

    @property
    def browser(self) -> object:
        from django.conf import settings
        from django.test import Client

        made = Client()
        made.force_login(self.account, backend=settings.AUTHENTICATION_BACKENDS[0])
        return made


def person(role: str) -> Person:
    """A new person with one role."""
    from comity.people import reads
    from comity.people.actions import add_person, grant
    from comity.people.types import Role

    account = add_person(f"Test {role}", f"test-{role}")
    grant(account.person, Role(role))
    viewer = reads.viewer_for(account, on=reads.today(), second_factor=False)
    return Person(account, viewer)


@pytest.fixture
def secretariat(db: None) -> Person:
    """May settle, load and annotate."""
    return person("secretariat")


@pytest.fixture
def reader(db: None) -> Person:
    """May see everything of this room and do nothing in it."""
    return person("reader")
