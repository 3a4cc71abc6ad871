"""Acts on ways in: access tokens and one-time links. Neither is kept, only its SHA-256."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Collection
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from comity.ledger.actions import GATEWAY, record
from comity.people import rules
from comity.people.models import Account, ApiToken, OneTimeLink, object_name
from comity.people.types import NewLink, NewToken, PeopleError, Purpose

INVITATION_MINUTES = 7 * 24 * 60
NEWCOMER_MINUTES = 60


def create_token(
    account: Account,
    name: str,
    *,
    days: int,
    scopes: Collection[str] = (),
    networks: Collection[str] = (),
    second_factor: bool = False,
    actor: str = GATEWAY,
    now: dt.datetime | None = None,
) -> NewToken:
    """A new access token. Its text is in the answer and never again.

    `second_factor` is that of the session asking. Raises `PeopleError` for a life outside 1 to
    366 days, an unknown scope, a network nobody can read.
    """
    if not 1 <= days <= rules.MAX_DAYS:
        raise PeopleError(f"a life of {days} days", f"Use 1 to {rules.MAX_DAYS} days")
    label = " ".join(name.split())
    if not label or len(label) > rules.MAX_NAME or not label.isprintable():
        raise PeopleError("the name is empty or too long", f"Use 1 to {rules.MAX_NAME} letters")
    moment = now or timezone.now()
    text = rules.token_text(
        secrets.token_bytes(rules.PREFIX_BYTES), secrets.token_bytes(rules.SECRET_BYTES)
    )
    parts = rules.parse_token(text)
    assert parts is not None  # noqa: S101 - a test holds the two functions together
    with transaction.atomic():
        token = ApiToken.objects.create(
            account=account,
            name=label,
            prefix=parts.prefix,
            hash=rules.secret_hash(text),
            scopes=rules.checked_scopes(scopes),
            networks=rules.checked_networks(networks),
            second_factor=second_factor,
            created=moment,
            expires=moment + dt.timedelta(days=days),
        )
        content = {
            "scopes": token.scopes,
            "expires": token.expires.isoformat(),
            "second_factor": second_factor,
        }
        record("create_token", object_name("token", token.pk), actor=actor, content=content)
    return NewToken(token.pk, text, token.expires)


def revoke_token(
    token: UUID | str,
    *,
    account: Account | None = None,
    actor: str = GATEWAY,
    now: dt.datetime | None = None,
) -> None:
    """End a token at once, named by id or by prefix; only this account's where one is given."""
    named = {"pk": token} if isinstance(token, UUID) else {"prefix": token}
    found = ApiToken.objects.filter(**named)
    if account is not None:
        found = found.filter(account=account)
    with transaction.atomic():
        held = found.select_for_update().first()
        if held is None:
            raise PeopleError("there is no such token", "See `comity people token list`")
        if held.revoked is None:
            held.revoked = now or timezone.now()
            held.save(update_fields=["revoked"])
            record("revoke_token", object_name("token", held.pk), actor=actor)


def note_use(token: ApiToken, now: dt.datetime) -> None:
    """Remember when a token was last used, at most once a minute: a busy one must not write at
    every request. No act: nothing of record changes."""
    if token.last_used is None or now - token.last_used >= dt.timedelta(minutes=1):
        ApiToken.objects.filter(pk=token.pk).update(last_used=now)


def one_time_link(
    account: Account,
    *,
    minutes: int,
    purpose: Purpose,
    actor: str = GATEWAY,
    now: dt.datetime | None = None,
) -> NewLink:
    """A link that works once. A new one ends the older ones of the same purpose.

    The secret is 256 random bits looked up by its hash, which does all a signature would do and
    is needed anyway to work once only.
    """
    moment = now or timezone.now()
    secret = secrets.token_urlsafe(rules.SECRET_BYTES)
    expires = moment + dt.timedelta(minutes=minutes)
    with transaction.atomic():
        OneTimeLink.objects.filter(account=account, purpose=purpose).delete()
        link = OneTimeLink.objects.create(
            account=account,
            purpose=purpose,
            hash=rules.secret_hash(secret),
            created=moment,
            expires=expires,
        )
        record(f"make_{purpose}_link", object_name("link", link.pk), actor=actor)
    return NewLink(secret, purpose, expires)


def living_link(secret: str, now: dt.datetime) -> OneTimeLink | None:
    """The link of this secret while it can be used; None for unknown, used and expired alike."""
    return (
        OneTimeLink.objects.select_related("account__person")
        .filter(
            hash=rules.secret_hash(secret),
            used=None,
            expires__gt=now,
            account__is_active=True,
        )
        .first()
    )


def use_link(link: OneTimeLink, now: dt.datetime) -> None:
    """Use a link up. Must run in the transaction of what it allows.

    The condition in the UPDATE lets one of two simultaneous requests through.
    """
    if not OneTimeLink.objects.filter(pk=link.pk, used=None, expires__gt=now).update(used=now):
        raise PeopleError("this link was used already", "Ask for a new one")
    person = link.account.person
    record(f"use_{link.purpose}_link", object_name("link", link.pk), actor=person.pseudonym)


def accept_invitation(link: OneTimeLink, password: str, now: dt.datetime) -> None:
    """Set the invited account's password. Its open sessions end with the old one."""
    try:
        validate_password(password, link.account)
    except ValidationError as error:
        raise PeopleError(" ".join(error.messages), "Choose another password") from error
    with transaction.atomic():
        use_link(link, now)
        link.account.set_password(password)
        link.account.save(update_fields=["password"])
        person = link.account.person
        record("set_password", object_name("person", person.pk), actor=person.pseudonym)
