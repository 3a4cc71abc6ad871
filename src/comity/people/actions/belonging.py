"""Acts on identity: who belongs where, who may do what. Each is one transaction with its line in
the ledger, which names ids and pseudonyms only.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Model, Q, QuerySet

from comity.kit import countries, languages
from comity.kit.errors import KitError
from comity.kit.tlp import DEFAULT_COMMUNITY
from comity.ledger.actions import GATEWAY, record
from comity.people import reads
from comity.people.models import (
    Account,
    Body,
    Grant,
    Group,
    Membership,
    Person,
    object_name,
)
from comity.people.types import GroupKind, PeopleError, Role

T = TypeVar("T", bound=Model)


@contextmanager
def _settled(message: str, remedy: str) -> Iterator[None]:
    """One transaction; a constraint that refuses becomes an error with a way out."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise PeopleError(message, remedy) from error


def _clean(text: str, what: str, limit: int = 200) -> str:
    """A name somebody typed: one line, no blanks around, not too long, no control characters."""
    kept = " ".join(text.split())
    if not kept or len(kept) > limit or not kept.isprintable():
        raise PeopleError(f"{what} is empty, too long or unprintable", f"Use 1 to {limit} letters")
    return kept


def add_person(
    name: str,
    username: str,
    *,
    email: str = "",
    language: str = languages.DEFAULT,
    sample: bool = False,
    actor: str = GATEWAY,
) -> Account:
    """A person and an account that nobody can sign in to until `links.make` invites them."""
    login = _clean(username, "the user name", 80).lower()
    if "@" in login or "/" in login:
        raise PeopleError(
            f"{login!a} cannot be a user name", "Leave out @ and /; an address goes in email"
        )
    try:
        code = languages.by_code(language).code
    except KitError as error:
        raise PeopleError(error.message, error.remedy) from error
    with _settled("the user name or the address is taken", "Choose another"):
        person = Person.objects.create(name=_clean(name, "the name"), language=code, sample=sample)
        account = Account(person=person, username=login, email=email.strip().lower())
        account.set_unusable_password()
        account.save()
        record("add_person", object_name("person", person.pk), actor=actor)
    return account


def add_body(name: str, *, country: str = "", sample: bool = False, actor: str = GATEWAY) -> Body:
    """An organisation; `country` is a code, checked, or empty."""
    if country:
        try:
            country = countries.by_code(country).iso2
        except KitError as error:
            raise PeopleError(error.message, error.remedy) from error
    with transaction.atomic():
        body = Body.objects.create(name=_clean(name, "the name"), country=country, sample=sample)
        record("add_body", object_name("body", body.pk), actor=actor, content={"country": country})
    return body


def add_group(
    name: str,
    kind: GroupKind,
    *,
    owner: Body | None = None,
    may_relay: bool = False,
    actor: str = GATEWAY,
) -> Group:
    """A community, a sharing group, or the clients of a body (which needs its owner)."""
    with _settled(
        "a group of clients needs an owner, and a body has one such group", "Name the owner"
    ):
        group = Group.objects.create(
            name=_clean(name, "the name"), kind=kind, owner=owner, may_relay=may_relay
        )
        record(
            "add_group",
            object_name("group", group.pk),
            actor=actor,
            content={
                "kind": str(kind),
                "owner": str(owner.pk) if owner else "",
                "may_relay": may_relay,
            },
        )
    return group


def default_community() -> Group:
    """The teams registered here: whom GREEN reaches when it names no community."""
    found, _made = Group.objects.get_or_create(
        pk=DEFAULT_COMMUNITY,
        defaults={"name": "Teams registered in this gateway", "kind": GroupKind.COMMUNITY},
    )
    return found


def join(
    member: Person | Body,
    where: Body | Group,
    *,
    since: dt.date | None = None,
    until: dt.date | None = None,
    actor: str = GATEWAY,
) -> Membership:
    """A person joins a body or a group, a body joins a group. A second, overlapping membership of
    the same pair is refused: one of them could be ended and the other forgotten."""
    first = since or reads.today()
    edge = _edge(member, where)
    with _settled("the end lies before the beginning", "Check the two dates"):
        clash = Membership.objects.filter(**edge).filter(Q(until=None) | Q(until__gt=first))
        if until:
            clash = clash.filter(since__lt=until)
        if clash.exists():
            raise PeopleError("this membership exists already", "End it with `leave` first")
        made = Membership.objects.create(**edge, since=first, until=until)
        record(
            "join",
            object_name("membership", made.pk),
            actor=actor,
            content=_dated(edge, first, until),
        )
    return made


def leave(
    member: Person | Body,
    where: Body | Group,
    *,
    on: dt.date | None = None,
    actor: str = GATEWAY,
) -> Membership:
    """End a membership: `on` is the first day it no longer holds (default: today, at once)."""
    last = on or reads.today()
    edge = _edge(member, where)
    with _settled("the end lies before the beginning", "Choose a later day"):
        held = (
            Membership.objects.select_for_update()
            .filter(**edge)
            .filter(Q(until=None) | Q(until__gt=last))
            .order_by("since")
            .first()
        )
        if held is None:
            raise PeopleError("there is no such membership in force", "Check the two names")
        held.until = last
        held.save(update_fields=["until"])
        record(
            "leave",
            object_name("membership", held.pk),
            actor=actor,
            content=_dated(edge, held.since, last),
        )
    return held


def _edge(member: Person | Body, where: Body | Group) -> dict[str, Person | Body | Group | None]:
    """The two ends of a membership as its four columns."""
    if isinstance(member, Body) and isinstance(where, Body):
        raise PeopleError("a body cannot belong to a body", "Make a group and let both join it")
    return {
        "person": member if isinstance(member, Person) else None,
        "member_body": member if isinstance(member, Body) else None,
        "body": where if isinstance(where, Body) else None,
        "group": where if isinstance(where, Group) else None,
    }


def _dated(
    edge: dict[str, Person | Body | Group | None], since: dt.date, until: dt.date | None
) -> dict[str, str]:
    ends = {name: str(end.pk) for name, end in edge.items() if end is not None}
    return ends | {"since": since.isoformat(), "until": until.isoformat() if until else ""}


def grant(
    person: Person,
    role: Role,
    *,
    since: dt.date | None = None,
    until: dt.date | None = None,
    actor: str = GATEWAY,
) -> Grant:
    """Give a role from a day (default: today) until a day (default: until withdrawn)."""
    first = since or reads.today()
    with _settled("the end lies before the beginning", "Check the two dates"):
        clash = Grant.objects.filter(person=person, role=role)
        clash = clash.filter(Q(until=None) | Q(until__gt=first))
        if until:
            clash = clash.filter(since__lt=until)
        if clash.exists():
            raise PeopleError("the person holds this role already", "Withdraw it first")
        made = Grant.objects.create(person=person, role=role, since=first, until=until)
        content = {
            "role": str(role),
            "person": str(person.pk),
            "since": first.isoformat(),
            "until": until.isoformat() if until else "",
        }
        record("grant_role", object_name("grant", made.pk), actor=actor, content=content)
    return made


def withdraw(
    person: Person, role: Role, *, on: dt.date | None = None, actor: str = GATEWAY
) -> Grant:
    """End a role: `on` is the first day it no longer holds (default: today, at once)."""
    last = on or reads.today()
    with _settled("the end lies before the beginning", "Choose a later day"):
        held = (
            Grant.objects.select_for_update()
            .filter(person=person, role=role)
            .filter(Q(until=None) | Q(until__gt=last))
            .order_by("since")
            .first()
        )
        if held is None:
            raise PeopleError("the person does not hold this role", "See `comity people list`")
        held.until = last
        held.save(update_fields=["until"])
        content = {"role": str(role), "person": str(person.pk), "until": last.isoformat()}
        record("withdraw_role", object_name("grant", held.pk), actor=actor, content=content)
    return held


def close_account(account: Account, *, actor: str = GATEWAY) -> None:
    """Nobody signs in to it any more and its tokens open nothing; the person stays."""
    with transaction.atomic():
        Account.objects.filter(pk=account.pk).update(is_active=False)
        record("close_account", object_name("person", account.person_id), actor=actor)
    account.is_active = False


def find_account(login: str) -> Account:
    """The account of a user name, or an error that says so."""
    account = Account.objects.select_related("person").filter(username=login.lower()).first()
    if account is None:
        raise PeopleError(f"no account {login[:80]!a}", "See `comity people list`")
    return account


def find_body(wanted: str) -> Body:
    """A body by id or by its exact name."""
    return _only(Body.objects.filter(_id_or_name(wanted))[:2], "body", wanted)


def find_group(wanted: str) -> Group:
    """A group by id or by its exact name."""
    return _only(Group.objects.filter(_id_or_name(wanted))[:2], "group", wanted)


def _id_or_name(wanted: str) -> Q:
    try:
        return Q(pk=UUID(wanted))
    except ValueError:
        return Q(name=wanted)


def _only(found: QuerySet[T], what: str, wanted: str) -> T:
    rows = list(found)
    if len(rows) == 1:
        return rows[0]
    if rows:
        raise PeopleError(f"several are called {wanted[:80]!a}", "Name it by its id")
    raise PeopleError(f"no {what} {wanted[:80]!a}", "See `comity people list`")
