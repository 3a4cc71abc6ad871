"""Questions about identity, first of all: who is asking?

This is the one place that builds a `Viewer` from the database. It costs one query for a person,
two for a token, whatever the person belongs to.
"""

from __future__ import annotations

import datetime as dt
import hmac
from typing import Any
from uuid import UUID

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import connection
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from comity.kit.tlp import ANONYMOUS, DEFAULT_COMMUNITY, Viewer
from comity.people import rules
from comity.people.models import Account, ApiToken, Body, Grant, Group, Membership, Person
from comity.people.reads.bodies import (
    Addressee,
    Colleague,
    Organisation,
    bodies_named,
    bodies_with_role,
    colleagues,
    holders_of,
)
from comity.people.reads.handlings import handling, handlings, visible_handlings
from comity.people.types import Belonging
from comity.people.words import OUR_COMMUNITY

__all__ = [  # the rest is below
    "Addressee",
    "Colleague",
    "Organisation",
    "bodies_named",
    "bodies_with_role",
    "colleagues",
    "handling",
    "handlings",
    "holders_of",
    "visible_handlings",
]

ANONYMOUS_ACTOR = "anonymous"  # the ledger's actor for somebody who did not sign in


def today() -> dt.date:
    """The day memberships are read on: UTC, the same for everybody."""
    return timezone.now().astimezone(dt.UTC).date()


def _held(on: dt.date) -> Q:
    """`rules.in_force`, said in SQL; a test holds the two together."""
    return Q(since__lte=on) & (Q(until__isnull=True) | Q(until__gt=on))


# Asked at every request of a person, so it is written out: composing the same UNION in the ORM
# took ten times as long as the query itself (22 November 2026: 9.5 ms beside 0.9 ms for a `get`).
_HELD = "{0}.since <= %(on)s AND ({0}.until IS NULL OR {0}.until > %(on)s)"
_BELONGINGS = f"""
SELECT r.role, NULL, NULL, '', NULL FROM people_grant r
 WHERE r.person_id = %(person)s AND {_HELD.format("r")}
UNION ALL
SELECT '', m.body_id, m.group_id, COALESCE(g.kind, ''), g.owner_id
  FROM people_membership m LEFT JOIN people_group g ON g.id = m.group_id
 WHERE {_HELD.format("m")} AND (m.person_id = %(person)s OR m.member_body_id IN (
   SELECT b.body_id FROM people_membership b
    WHERE b.person_id = %(person)s AND b.body_id IS NOT NULL AND {_HELD.format("b")}))
"""  # noqa: S608 - put together from the constants above


def belongings(person: UUID, on: dt.date) -> list[Belonging]:
    """Roles, bodies and groups of a person on a day, groups of their bodies included: one query."""
    key = {
        "person": Person._meta.pk.get_db_prep_value(person, connection),
        "on": connection.ops.adapt_datefield_value(on),
    }
    with connection.cursor() as cursor:
        cursor.execute(_BELONGINGS, key)
        rows = cursor.fetchall()
    return [
        Belonging(role, _uuid(body), _uuid(group), kind, _uuid(owner))
        for role, body, group, kind, owner in rows
    ]


def _uuid(value: UUID | str | None) -> UUID | None:
    """SQLite keeps ids as text, PostgreSQL has a type for them."""
    return UUID(value) if isinstance(value, str) else value


def viewer_for(account: Account, *, on: dt.date, second_factor: bool) -> Viewer:
    """The viewer an account's person is on a day. An account that was closed is anonymous."""
    if not account.is_active:
        return ANONYMOUS
    person = account.person_id
    return rules.viewer_from(person, belongings(person, on), second_factor=second_factor)


def token_named(
    text: str, *, address: str, now: dt.datetime, local: bool = False
) -> ApiToken | None:
    """The living token of this text, or None: unknown, revoked, expired, from elsewhere, or of a
    closed account. Nobody is told which. A sample person's works on this machine only (`local`).

    Asked on every request, so a revocation holds from the next one on.
    """
    parts = rules.parse_token(text)
    if parts is None:
        return None
    token = ApiToken.objects.select_related("account__person").filter(prefix=parts.prefix).first()
    if token is None or not hmac.compare_digest(token.hash, rules.secret_hash(parts.whole)):
        return None
    alive = token.revoked is None and now < token.expires and token.account.is_active
    here = local or not token.account.person.sample
    return token if alive and here and rules.address_allowed(address, token.networks) else None


def viewer_for_token(
    text: str, *, address: str = "", now: dt.datetime | None = None, local: bool = False
) -> Viewer | None:
    """The viewer a token stands for, or None when it opens nothing."""
    moment = now or timezone.now()
    token = token_named(text, address=address, now=moment, local=local)
    return None if token is None else viewer_of_token(token, moment)


def viewer_of_token(token: ApiToken, now: dt.datetime) -> Viewer:
    """The viewer of a token already found alive."""
    person = token.account.person_id
    return rules.viewer_from(
        person,
        belongings(person, now.astimezone(dt.UTC).date()),
        second_factor=token.second_factor,
        scopes=frozenset(token.scopes),
    )


def has_second_factor(request: HttpRequest) -> bool:
    """Whether a second factor was shown in this session: TOTP, a key or passkey, a recovery code.

    A passkey alone counts: it is asked to verify its holder, so it is possession and knowledge.
    """
    records = get_authentication_records(request, request.user)  # type: ignore[arg-type]
    return any(record.get("method") == "mfa" for record in records)


def viewer_of(request: HttpRequest) -> Viewer:
    """Who is asking with this request; the middleware keeps the answer as `request.viewer`."""
    kept = getattr(request, "viewer", None)
    return kept if isinstance(kept, Viewer) else session_viewer(request)


def session_viewer(request: HttpRequest) -> Viewer:
    """The viewer of the session's account, or the anonymous one."""
    if not isinstance(request.user, Account):
        return ANONYMOUS
    return viewer_for(request.user, on=today(), second_factor=has_second_factor(request))


def actor_of(viewer: Viewer) -> str:
    """The viewer's name in the ledger: a pseudonym that leads nowhere once the person is erased."""
    if viewer.person is None:
        return ANONYMOUS_ACTOR
    found = Person.objects.filter(pk=viewer.person).values_list("pseudonym", flat=True).first()
    return found or ANONYMOUS_ACTOR


def tokens_of(account: Account) -> list[ApiToken]:
    """A person's tokens, newest first, dead ones too: what once had access is worth seeing."""
    return list(account.tokens.order_by("-created"))


def token_state(token: ApiToken, now: dt.datetime) -> str:
    """ "active", "revoked" or "expired"."""
    if token.revoked is not None:
        return "revoked"
    return "active" if now < token.expires else "expired"


def names_of(viewer: Viewer) -> dict[str, list[str]]:
    """The names behind a viewer's ids, for the viewer's own page."""

    def named(model: type[Body] | type[Group], ids: frozenset[UUID]) -> list[str]:
        found = model._default_manager.filter(pk__in=ids).order_by("name")
        rows = found.values_list("pk", "name") if ids else []
        # The default community is the house's own: its name is words, not data.
        return [str(OUR_COMMUNITY) if pk == DEFAULT_COMMUNITY else name for pk, name in rows]

    return {
        "bodies": named(Body, viewer.bodies),
        "groups": named(Group, viewer.groups),
        "clients_of": named(Body, viewer.clients_of),
    }


def second_factors_of(account: Account) -> list[str]:
    """Which kinds of second factor an account has set up: "totp", "webauthn"."""
    kinds = Authenticator.objects.filter(user=account).values_list("type", flat=True)
    return sorted(set(kinds) - {Authenticator.Type.RECOVERY_CODES})


def held_on(account: Account) -> dict[str, int]:
    """How many rows of each kind the house holds on a person."""
    person = account.person_id
    return {
        "memberships": Membership.objects.filter(person=person).count(),
        "roles": Grant.objects.filter(person=person).count(),
        "tokens": account.tokens.count(),
        "sessions": UserSession.objects.filter(user=account).count(),
    }


def everybody() -> list[dict[str, Any]]:
    """Persons with user name and roles in force, for the administrator's command line."""
    rows = []
    accounts = Account.objects.select_related("person").order_by("username")
    grants: dict[UUID, list[str]] = {}
    for person, role in Grant.objects.filter(_held(today())).values_list("person", "role"):
        grants.setdefault(person, []).append(role)
    for account in accounts:
        rows.append(
            {
                "kind": "person",
                "id": str(account.person_id),
                "username": account.username,
                "name": account.person.name,
                "roles": sorted(grants.get(account.person_id, [])),
                "active": account.is_active,
                "sample": account.person.sample,
            }
        )
    return rows


def bodies_and_groups() -> list[dict[str, Any]]:
    """Bodies, then groups, for the administrator's command line."""
    bodies = [
        {"kind": "body", "id": str(b.pk), "name": b.name, "country": b.country, "sample": b.sample}
        for b in Body.objects.order_by("name")
    ]
    groups = [
        {
            "kind": g.kind,
            "id": str(g.pk),
            "name": g.name,
            "owner": str(g.owner_id) if g.owner_id else "",
            "may_relay": g.may_relay,
        }
        for g in Group.objects.order_by("name")
    ]
    return bodies + groups
