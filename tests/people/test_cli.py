"""`comity people`: JSON lines out, words on stderr, exit codes that mean something."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from comity.ledger.reads import verify
from comity.people import actions, reads
from comity.people.cli import people
from comity.people.models import Account

pytestmark = pytest.mark.django_db


def run(*words: str, code: int = 0) -> list[dict]:
    result = CliRunner().invoke(people, words)
    assert result.exit_code == code, (result.stdout, result.stderr, result.exception)
    if code:
        assert result.stderr.startswith("Error: ") and not result.stdout
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_from_nothing_to_a_team_with_a_duty_officer() -> None:
    run("add-person", "amina", "--name", "Amina Diallo", "--role", "administrator")
    run("add-body", "CIRT Norland", "--country", "NO")
    run("add-body", "Bank")
    run("add-group", "Clients", "--kind", "clients", "--owner", "CIRT Norland")
    run("join", "amina", "CIRT Norland", "--since", "2026-01-01")
    run("join", "--as-body", "Bank", "Clients")
    run("grant", "amina", "duty_officer", "--until", "2099-01-01")
    rows = {row.get("username") or row["name"]: row for row in run("list")}
    assert rows["amina"]["roles"] == ["administrator", "duty_officer"]
    assert rows["Clients"]["owner"] == rows["CIRT Norland"]["id"]
    run("withdraw", "amina", "duty_officer")
    run("leave", "amina", "CIRT Norland")
    assert run("export", "amina")[0]["memberships"][0]["until"]
    run("close", "amina")
    run("erase", "amina", "--yes")
    assert not Account.objects.exists() and verify() is None


def test_an_invitation_is_an_address_that_works(amina, client) -> None:
    made = run("invite", "amina")[0]
    assert made["url"].startswith("http://localhost:8000/en/people/link/")
    assert client.get(made["url"].removeprefix("http://localhost:8000")).status_code == 200


def test_links_for_a_newcomer_name_each_side() -> None:
    rows = run("links", "--url", "http://localhost:8123")
    assert [row["role"] for row in rows] == ["reader", "duty_officer", "focal_point", "secretariat"]
    assert all(row["url"].startswith("http://localhost:8123/en/people/link/") for row in rows)
    assert run("remove-sample") == [{"removed": 4}]


def test_tokens_by_command(amina) -> None:
    made = run("token", "create", "amina", "--name", "nightly", "--scope", "mandate")[0]
    viewer = reads.viewer_for_token(made["token"])
    assert viewer.scopes == {"read", "mandate"} and not viewer.second_factor
    listed = run("token", "list", "amina")[0]
    assert listed["state"] == "active" and made["token"] not in json.dumps(listed)
    run("token", "revoke", listed["prefix"])
    assert reads.viewer_for_token(made["token"]) is None
    assert run("token", "list", "amina")[0]["state"] == "revoked"


@pytest.mark.parametrize(
    "words",
    [
        ("invite", "nobody"),
        ("join", "nobody", "x"),
        ("join", "amina", "no such body"),
        ("add-person", "amina", "--name", "Again"),
        ("add-body", "Body", "--country", "XX"),
        ("add-group", "G", "--kind", "clients"),
        ("token", "create", "amina", "--name", "n", "--scope", "all"),
        ("token", "create", "amina", "--name", "n", "--network", "x"),
        ("token", "revoke", "unknown0"),
        ("withdraw", "amina", "head"),
        ("erase", "amina"),
    ],
)
def test_what_cannot_be_done_is_said_with_exit_code_1(amina, words) -> None:
    run(*words, code=1)


def test_two_bodies_of_one_name_must_be_told_apart(amina) -> None:
    one, _two = actions.add_body("Team"), actions.add_body("Team")
    run("join", "amina", "Team", code=1)
    run("join", "amina", str(one.pk))


def test_every_command_has_help_and_an_example() -> None:
    def commands(group, before=()):
        for name, command in group.commands.items():
            if hasattr(command, "commands"):
                yield from commands(command, (*before, name))
            else:
                yield (*before, name), command

    found = dict(commands(people))
    assert len(found) >= 17
    for name, command in found.items():
        assert f"Example: comity people {' '.join(name)}" in command.help, name
