"""`comity people`: what an administrator does at the machine. JSON lines out, words on stderr.

There is no default administrator: the first one is made here, by whoever holds the machine.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Iterable
from typing import Any
from uuid import UUID

import click

from comity.people.rules import SCOPES
from comity.people.types import GroupKind, PeopleError, Purpose, Role

DAY = click.DateTime(["%Y-%m-%d"])


class Refusing(click.Group):
    """Turns this room's errors into a sentence on stderr and exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except PeopleError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=Refusing)
def people() -> None:
    """Persons, bodies, groups; accounts, invitations, access tokens."""


def _out(*rows: dict[str, Any]) -> None:
    for row in rows:
        click.echo(json.dumps(row, ensure_ascii=False))


def _say(words: str) -> None:
    click.echo(words, err=True)


def _date(moment: dt.datetime | None) -> dt.date | None:
    return moment.date() if moment else None


def _address(secret: str, root: str = "") -> str:
    """The whole address of a one-time link, where this gateway is browsed."""
    from django.conf import settings
    from django.urls import reverse

    if root:
        return root.rstrip("/") + reverse("people:link", args=[secret])
    host = settings.HOST.split(",")[0]
    root = f"https://{host}" if settings.HTTPS else f"http://{host}:{settings.PORT}"
    return root + reverse("people:link", args=[secret])


@people.command("list")
def list_everything() -> None:
    """Persons with their roles, bodies, groups.

    Example: comity people list
    """
    from comity.people import reads

    _out(*reads.everybody(), *reads.bodies_and_groups())


@people.command()
@click.argument("username")
@click.option("--name", required=True, help="the person's name")
@click.option("--email", default="", help="lets the person sign in by address, and reset by mail")
@click.option("--language", default="en", show_default=True, help="ar, en, es, fr, ru or zh")
@click.option("--role", "roles", multiple=True, type=click.Choice([str(r) for r in Role]))
def add_person(username: str, name: str, email: str, language: str, roles: Iterable[str]) -> None:
    """Add a person with an account that has no password yet; then invite them.

    Example: comity people add-person amina --name "Amina Diallo" --role administrator
    """
    from django.db import transaction

    from comity.people import actions

    with transaction.atomic():
        account = actions.add_person(name, username, email=email, language=language)
        for role in roles:
            actions.grant(account.person, Role(role))
    _out({"id": str(account.person_id), "username": account.username, "roles": sorted(roles)})
    _say(f"Added. Invite with: comity people invite {account.username}")


@people.command()
@click.argument("name")
@click.option("--country", default="", help="code of the country or territory, for example NA")
def add_body(name: str, country: str) -> None:
    """Add a body (an organisation).

    Example: comity people add-body "CIRT Norland" --country NO
    """
    from comity.people import actions

    body = actions.add_body(name, country=country)
    _out({"id": str(body.pk), "name": body.name, "country": body.country})


@people.command("add-group")
@click.argument("name")
@click.option(
    "--kind", required=True, type=click.Choice([str(k) for k in GroupKind]), help="what it is for"
)
@click.option("--owner", help="body that owns it, by id or name")
@click.option("--may-relay", is_flag=True, help="members may pass on by a link between gateways")
def add_group(name: str, kind: str, owner: str | None, may_relay: bool) -> None:
    """Add a community, a sharing group, or the clients of a body.

    Example: comity people add-group "Banks of Norland" --kind clients --owner "CIRT Norland"
    """
    from comity.people import actions

    body = actions.find_body(owner) if owner else None
    group = actions.add_group(name, GroupKind(kind), owner=body, may_relay=may_relay)
    _out({"id": str(group.pk), "name": group.name, "kind": group.kind})


@people.command()
@click.argument("member")
@click.argument("where")
@click.option("--as-body", is_flag=True, help="MEMBER is a body, not a user name")
@click.option("--since", type=DAY, help="first day (default: today)")
@click.option("--until", type=DAY, help="first day it no longer holds")
def join(
    member: str, where: str, as_body: bool, since: dt.datetime | None, until: dt.datetime | None
) -> None:
    """Let MEMBER (a user name) join WHERE (a body or a group, by id or name).

    Example: comity people join amina "CIRT Norland" --since 2026-01-01
    """
    from comity.people import actions

    who, what = _member(member, as_body), _where(where)
    made = actions.join(who, what, since=_date(since), until=_date(until))
    _out({"id": str(made.pk), "since": str(made.since), "until": str(made.until or "")})


@people.command()
@click.argument("member")
@click.argument("where")
@click.option("--as-body", is_flag=True, help="MEMBER is a body, not a user name")
@click.option("--on", type=DAY, help="first day it no longer holds (default: today)")
def leave(member: str, where: str, as_body: bool, on: dt.datetime | None) -> None:
    """End a membership; by default at once.

    Example: comity people leave amina "CIRT Norland"
    """
    from comity.people import actions

    ended = actions.leave(_member(member, as_body), _where(where), on=_date(on))
    _out({"id": str(ended.pk), "since": str(ended.since), "until": str(ended.until)})


def _member(member: str, as_body: bool) -> Any:
    from comity.people import actions

    return actions.find_body(member) if as_body else actions.find_account(member).person


def _where(where: str) -> Any:
    """A body or a group; a name that is both must be given by id."""
    from comity.people import actions

    found: list[Any] = []
    for find in (actions.find_body, actions.find_group):
        try:
            found.append(find(where))
        except PeopleError:
            continue
    if len(found) != 1:
        what = "several bodies or groups are" if found else "no body or group is"
        raise PeopleError(f"{what} called {where[:80]!a}", "See `comity people list`")
    return found[0]


@people.command()
@click.argument("username")
@click.argument("role", type=click.Choice([str(r) for r in Role]))
@click.option("--since", type=DAY, help="first day (default: today)")
@click.option("--until", type=DAY, help="first day it no longer holds")
def grant(username: str, role: str, since: dt.datetime | None, until: dt.datetime | None) -> None:
    """Give a role.

    Example: comity people grant amina duty_officer --until 2027-01-01
    """
    from comity.people import actions

    person = actions.find_account(username).person
    made = actions.grant(person, Role(role), since=_date(since), until=_date(until))
    _out({"id": str(made.pk), "role": made.role, "since": str(made.since)})


@people.command()
@click.argument("username")
@click.argument("role", type=click.Choice([str(r) for r in Role]))
@click.option("--on", type=DAY, help="first day it no longer holds (default: today)")
def withdraw(username: str, role: str, on: dt.datetime | None) -> None:
    """Take a role away; by default at once.

    Example: comity people withdraw amina duty_officer
    """
    from comity.people import actions

    ended = actions.withdraw(actions.find_account(username).person, Role(role), on=_date(on))
    _out({"id": str(ended.pk), "role": ended.role, "until": str(ended.until)})


@people.command()
@click.argument("username")
@click.option("--days", default=7, show_default=True, type=click.IntRange(1, 30))
def invite(username: str, days: int) -> None:
    """Print a one-time link with which a person sets their password.

    Also for a forgotten password. An older invitation stops working.

    Example: comity people invite amina
    """
    from comity.people import actions

    account = actions.find_account(username)
    link = actions.one_time_link(account, minutes=days * 24 * 60, purpose=Purpose.INVITE)
    _out({"username": account.username, "url": _address(link.secret), "expires": _iso(link)})
    _say("Hand it over by a way only this person reads. It works once.")


def _iso(made: Any) -> str:
    text: str = made.expires.isoformat(timespec="seconds")
    return text


@people.command()
@click.option("--minutes", default=60, show_default=True, type=click.IntRange(1, 24 * 60))
@click.option(
    "--url", default="", help="where this gateway is browsed, if not at the settings' host"
)
def links(minutes: int, url: str) -> None:
    """Print one-time links for the sample persons; they work on this machine only.

    Makes the sample persons where they are missing. Remove them with `remove-sample`.

    Example: comity people links
    """
    from comity.people import actions

    for sample, link in actions.newcomer_links(minutes):
        address = _address(link.secret, url)
        _out({"role": str(sample.role), "url": address, "expires": _iso(link)})


@people.command()
def remove_sample() -> None:
    """Remove the sample persons and bodies.

    Example: comity people remove-sample
    """
    from comity.people import actions

    _out({"removed": actions.remove_samples()})


@people.command()
@click.argument("username")
def close(username: str) -> None:
    """Close an account: no sign-in, tokens open nothing, the person stays.

    Example: comity people close amina
    """
    from comity.people import actions

    account = actions.find_account(username)
    actions.close_account(account)
    _out({"username": account.username, "active": False})


@people.command()
@click.argument("username")
def export(username: str) -> None:
    """Print everything held on a person as one JSON object.

    Example: comity people export amina > amina.json
    """
    from comity.people import actions

    _out(actions.export_person(actions.find_account(username).person))


@people.command()
@click.argument("username")
@click.option("--yes", is_flag=True, help="do not ask")
def erase(username: str, yes: bool) -> None:
    """Erase a person and all that is held on them. The record of acts stays valid.

    Example: comity people erase amina --yes
    """
    from comity.people import actions

    account = actions.find_account(username)
    if not yes:
        if not sys.stdin.isatty():
            raise PeopleError("erasing cannot be undone", "Add --yes")
        click.confirm(f"Erase {account.username}? This cannot be undone.", abort=True, err=True)
    actions.erase_person(account.person)
    _out({"erased": True})


@people.group()
def token() -> None:
    """Access tokens of persons, for programs."""


@token.command("create")
@click.argument("username")
@click.option("--name", required=True, help="which program will use it")
@click.option("--days", default=90, show_default=True, type=click.IntRange(1, 366))
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    help=f"{', '.join(SCOPES[1:])}; reading is always allowed",
)
@click.option("--network", "networks", multiple=True, help="only from here, e.g. 192.0.2.0/24")
def create_token(
    username: str, name: str, days: int, scopes: tuple[str, ...], networks: tuple[str, ...]
) -> None:
    """Make a token and print it: it is not shown again.

    It carries no second factor; a person gets one that does on their own page.

    Example: comity people token create amina --name "nightly load" --scope mandate
    """
    from comity.people import actions

    account = actions.find_account(username)
    made = actions.create_token(account, name, days=days, scopes=scopes, networks=networks)
    _out({"id": str(made.id), "token": made.text, "expires": _iso(made)})
    _say("Keep it now: it is not shown again.")


@token.command("list")
@click.argument("username")
def list_tokens(username: str) -> None:
    """List a person's tokens, without their secrets.

    Example: comity people token list amina
    """
    from django.utils import timezone

    from comity.people import actions, reads

    now = timezone.now()
    for held in reads.tokens_of(actions.find_account(username)):
        _out(
            {
                "id": str(held.pk),
                "prefix": held.prefix,
                "name": held.name,
                "scopes": held.scopes,
                "networks": held.networks,
                "second_factor": held.second_factor,
                "state": reads.token_state(held, now),
                "expires": _iso(held),
                "last_used": held.last_used.isoformat() if held.last_used else None,
            }
        )


@token.command("revoke")
@click.argument("prefix")
def revoke_token(prefix: str) -> None:
    """Revoke a token, named by its prefix or id, at once.

    Example: comity people token revoke k2xq7a3b
    """
    from comity.people import actions

    try:
        named: UUID | str = UUID(prefix)
    except ValueError:
        named = prefix
    actions.revoke_token(named)
    _out({"revoked": prefix})
