"""Bodies by their ids, and which bodies the holders of a role belong to."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from comity.people.models import Body, Grant, Membership
from comity.people.types import Role


@dataclass(frozen=True, slots=True)
class Organisation:
    """A body as other rooms name it. `country` is a code of `kit.countries`, or empty."""

    id: UUID
    name: str
    country: str = ""
    sample: bool = False


@dataclass(frozen=True, slots=True)
class Addressee:
    """A holder of a role whom the house writes to. `email` is empty where none is known; it is
    for sending only and leaves by no other way."""

    person: UUID
    language: str
    email: str
    countries: frozenset[str]  # of the bodies that the person belongs to


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of a body, and the roles they hold."""

    name: str
    roles: tuple[str, ...]


def _held(on: dt.date) -> Q:
    return Q(since__lte=on) & (Q(until__isnull=True) | Q(until__gt=on))


def bodies_named(ids: Iterable[UUID]) -> list[Organisation]:
    """The bodies with these ids, by name."""
    rows = Body.objects.filter(pk__in=list(ids)).order_by("name", "pk")
    return [Organisation(row.pk, row.name, row.country, row.sample) for row in rows]


def every_body() -> list[Organisation]:
    """All bodies, by name: for those who look after all of them."""
    return bodies_named(Body.objects.values_list("pk", flat=True))


def bodies_with_role(role: Role, on: dt.date) -> list[Organisation]:
    """The bodies to which somebody with this role belongs on a day, by name."""
    holders = Grant.objects.filter(_held(on), role=role, person__account__is_active=True)
    edges = Membership.objects.filter(
        _held(on), body__isnull=False, person__in=holders.values("person")
    )
    return bodies_named(set(edges.values_list("body", flat=True)))


def colleagues(body: UUID, on: dt.date) -> list[Colleague]:
    """Who belongs to a body on a day, with their roles. For its own members only."""
    members = Membership.objects.filter(
        _held(on), body=body, person__isnull=False, person__account__is_active=True
    )
    persons = dict(members.values_list("person", "person__name"))
    roles: dict[UUID, set[str]] = defaultdict(set)
    for person, role in Grant.objects.filter(_held(on), person__in=list(persons)).values_list(
        "person", "role"
    ):
        roles[person].add(role)
    return sorted(
        (Colleague(name, tuple(sorted(roles[id_]))) for id_, name in persons.items()),
        key=lambda one: one.name,
    )


def holders_of(role: Role, on: dt.date) -> list[Addressee]:
    """Who holds a role on a day and can sign in, in the order of their ids: for letters of the
    house to all of them."""
    holders = Grant.objects.filter(_held(on), role=role, person__account__is_active=True)
    rows = holders.order_by("person").values_list(
        "person", "person__language", "person__account__email"
    )
    found = {person: (language, email) for person, language, email in rows}
    places: dict[UUID, set[str]] = defaultdict(set)
    edges = Membership.objects.filter(_held(on), body__isnull=False, person__in=found)
    for person, country in edges.values_list("person", "body__country"):
        places[person].add(country)
    return [
        Addressee(person, language, email, frozenset(places[person] - {""}))
        for person, (language, email) in found.items()
    ]
