"""What the house holds on a person: handed out whole, or erased.

UNGA resolution 68/167 and most data protection laws ask for both. The ledger keeps its rows: they
name a pseudonym that only the person's row could have resolved.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.utils.module_loading import import_string

from comity.ledger.actions import GATEWAY, record
from comity.people.models import Account, Grant, Membership, OneTimeLink, Person, object_name


def export_person(person: Person) -> dict[str, Any]:
    """Everything held on one person, ready for JSON; secrets excepted, which are nobody's to
    read: the hash of the password and of tokens, the keys of second factors."""
    account = Account.objects.filter(person=person).first()
    held: dict[str, Any] = {
        "person": {
            "id": str(person.pk),
            "name": person.name,
            "language": person.language,
            "pseudonym_in_the_record_of_acts": person.pseudonym,
            "sample": person.sample,
        },
        "roles": [
            {"role": g.role, "since": _iso(g.since), "until": _iso(g.until)}
            for g in Grant.objects.filter(person=person).order_by("since")
        ],
        "memberships": [
            {
                "in": (m.body or m.group).name,  # type: ignore[union-attr]
                "kind": m.group.kind if m.group else "body",
                "since": _iso(m.since),
                "until": _iso(m.until),
            }
            for m in Membership.objects.filter(person=person)
            .select_related("body", "group")
            .order_by("since")
        ],
    }
    for told in settings.HELD_ON_PERSONS:  # rooms above this one, which it does not import
        held |= import_string(told)(person.pk, person.pseudonym)
    return held | (_export_account(account) if account else {})


def _export_account(account: Account) -> dict[str, Any]:
    return {
        "account": {
            "username": account.username,
            "email": account.email,
            "active": account.is_active,
            "last_sign_in": _iso(account.last_login),
            "has_password": account.has_usable_password(),
        },
        "second_factors": [
            {"type": a.type, "made": _iso(a.created_at), "last_used": _iso(a.last_used_at)}
            for a in Authenticator.objects.filter(user=account)
        ],
        "sessions": [
            {"address": s.ip, "browser": s.user_agent, "since": _iso(s.created_at)}
            for s in UserSession.objects.filter(user=account)
        ],
        "tokens": [
            {
                "name": t.name,
                "prefix": t.prefix,
                "scopes": t.scopes,
                "networks": t.networks,
                "created": _iso(t.created),
                "expires": _iso(t.expires),
                "last_used": _iso(t.last_used),
                "revoked": _iso(t.revoked),
            }
            for t in account.tokens.order_by("created")
        ],
        "links": [
            {"purpose": link.purpose, "made": _iso(link.created), "used": _iso(link.used)}
            for link in account.links.order_by("created")
        ],
    }


def _iso(moment: Any) -> str | None:
    return moment.isoformat() if moment else None


def erase_person(person: Person, *, actor: str = GATEWAY) -> None:
    """Remove the person, the account and all that hangs on them, sessions included.

    The act itself is recorded under the gateway's name or another person's: the erased
    pseudonym must not stand in the row that says who was erased.
    """
    if actor == person.pseudonym:
        actor = GATEWAY
    with transaction.atomic():
        account = Account.objects.filter(person=person).first()
        if account is not None:
            keys = UserSession.objects.filter(user=account).values_list("session_key", flat=True)
            Session.objects.filter(session_key__in=list(keys)).delete()
        record("erase_person", object_name("person", person.pk), actor=actor)
        person.delete()


LINKS_KEPT = dt.timedelta(days=30)  # so that an administrator can see whether one was used


def forget_old(now: dt.datetime) -> dict[str, int]:
    """Remove what has served: links long over, notes of sessions that ended, counts of past
    rate limits. Nothing of record changes, so there is no act. How many rows of each."""
    links, _by_model = OneTimeLink.objects.filter(expires__lt=now - LINKS_KEPT).delete()
    live = Session.objects.filter(expire_date__gt=now).values("session_key")
    sessions, _by_model = UserSession.objects.exclude(session_key__in=live).delete()
    with connection.cursor() as cursor:
        # The cache itself removes rows only when it is full.
        moment = connection.ops.adapt_datetimefield_value(now.replace(microsecond=0))
        cursor.execute("DELETE FROM people_cache WHERE expires < %s", [moment])
        counts = cursor.rowcount
    return {"links": links, "sessions": sessions, "counts": counts}
