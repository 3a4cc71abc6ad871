"""The pure rules: roles, dates, tokens, addresses."""

from __future__ import annotations

import base64
import datetime as dt
import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.kit.tlp import ANONYMOUS, Viewer
from comity.people import rules
from comity.people.types import Belonging, GroupKind, PeopleError, Role

DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1))


def test_who_may_do_what() -> None:
    secretariat = Viewer(roles=frozenset({Role.SECRETARIAT}))
    assert rules.may(secretariat, "mandate.settle")
    assert not rules.may(Viewer(roles=frozenset({Role.READER})), "mandate.settle")
    assert not any(rules.may(ANONYMOUS, name) for name in rules.PERMISSIONS)
    with pytest.raises(KeyError):
        rules.may(secretariat, "mandate.setle")


def test_a_permission_that_wants_a_second_factor_is_refused_without() -> None:
    admin = Viewer(roles=frozenset({Role.ADMINISTRATOR}))
    assert not rules.may(admin, "people.manage")
    assert rules.may(Viewer(roles=admin.roles, second_factor=True), "people.manage")


def test_a_token_does_only_what_its_scopes_and_its_persons_roles_allow() -> None:
    roles = frozenset({Role.SECRETARIAT, Role.ADMINISTRATOR})
    narrow = Viewer(roles=roles, second_factor=True, scopes=frozenset({"read", "ledger"}))
    assert rules.may(narrow, "ledger.read")
    assert not rules.may(narrow, "mandate.settle")
    every = Viewer(roles=roles, second_factor=True, scopes=frozenset(rules.SCOPES))
    assert not rules.may(every, "people.manage"), "people are never managed by token"
    assert not rules.may(Viewer(scopes=frozenset(rules.SCOPES)), "ledger.read")


def test_every_permission_names_known_roles_and_a_scope_that_exists() -> None:
    for name, row in rules.PERMISSIONS.items():
        assert name == row.name and "." in name and row.roles <= frozenset(Role)
        assert row.scope in (*rules.SCOPES, "")


@settings(deadline=None)
@given(DAYS, DAYS, DAYS)
def test_a_membership_holds_from_its_first_day_until_before_its_last(since, until, on) -> None:
    held = rules.in_force(since, until, on)
    assert held == (since <= on < until)
    assert not rules.in_force(since, until, until)
    assert rules.in_force(since, None, on) == (on >= since)


def test_clients_are_no_group_and_groups_are_no_clientele() -> None:
    person, body, owner, sharing, clients = (uuid.uuid4() for _ in range(5))
    viewer = rules.viewer_from(
        person,
        [
            Belonging(role="reader"),
            Belonging(body=body),
            Belonging(group=sharing, kind=GroupKind.SHARING, owner=owner),
            Belonging(group=clients, kind=GroupKind.CLIENTS, owner=owner),
        ],
        second_factor=True,
    )
    assert viewer == Viewer(
        person,
        frozenset({body}),
        frozenset({owner}),
        frozenset({sharing}),
        frozenset({"reader"}),
        True,
        None,
    )


@settings(deadline=None)
@given(st.binary(min_size=5, max_size=5), st.binary(min_size=32, max_size=32))
def test_a_token_survives_being_written_and_read(prefix: bytes, secret: bytes) -> None:
    text = rules.token_text(prefix, secret)
    parts = rules.parse_token(text)
    assert parts and parts.whole == text and text.startswith(f"comity_{parts.prefix}_")
    assert rules.authorization_token(f"Bearer {text}") == text
    basic = base64.b64encode(f"anybody:{text}".encode()).decode()
    assert rules.authorization_token(f"Basic {basic}") == text


@settings(deadline=None)
@given(st.text(max_size=300))
def test_junk_is_no_token_and_never_crashes(text: str) -> None:
    assert rules.parse_token(text) is None
    rules.authorization_token(text)
    rules.authorization_token(f"Basic {text}")
    rules.address_allowed(text, ["192.0.2.0/24"])
    rules.from_this_machine(text, text, [text])
    assert len(rules.secret_hash(text)) == 64


def test_a_password_in_basic_is_no_token() -> None:
    pair = base64.b64encode(b"amina:correct horse battery staple").decode()
    assert rules.authorization_token(f"Basic {pair}") is None


def test_secrets_of_the_wrong_size_are_refused() -> None:
    with pytest.raises(ValueError):
        rules.token_text(b"12345", b"short")


def test_scopes_always_hold_reading_and_refuse_the_unknown() -> None:
    assert rules.checked_scopes([]) == ["read"]
    assert rules.checked_scopes(["ledger", "mandate"]) == ["read", "mandate", "ledger"]
    with pytest.raises(PeopleError, match="no scope"):
        rules.checked_scopes(["people"])


def test_address_limits() -> None:
    kept = rules.checked_networks([" 192.0.2.0/24 ", "2001:db8::/32"])
    assert rules.address_allowed("192.0.2.77", kept)
    assert rules.address_allowed("::ffff:192.0.2.77", kept), "IPv4 on an IPv6 socket"
    assert rules.address_allowed("2001:db8::1", kept)
    assert not rules.address_allowed("198.51.100.1", kept)
    assert not rules.address_allowed("", kept)
    assert rules.address_allowed("", []), "without limits from anywhere"
    with pytest.raises(PeopleError, match="no network"):
        rules.checked_networks(["192.0.2.1/24"])


@pytest.mark.parametrize(
    ("peer", "host", "headers", "local"),
    [
        ("127.0.0.1", "localhost:8000", [], True),
        ("::1", "[::1]:8000", [], True),
        ("::ffff:127.0.0.1", "127.0.0.1", ["Host"], True),
        ("192.0.2.1", "localhost:8000", [], False),
        ("127.0.0.1", "gateway.example", [], False),  # a name rebound to loopback
        ("127.0.0.1", "localhost", ["x-forwarded-for"], False),  # a proxy on this machine
        ("127.0.0.1", "localhost", ["FORWARDED"], False),
        ("", "localhost", [], False),
    ],
)
def test_what_counts_as_this_machine(peer, host, headers, local) -> None:
    assert rules.from_this_machine(peer, host, headers) is local
