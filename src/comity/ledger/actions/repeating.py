"""Do a request once, however often it is sent: what it changed and its answer commit together.

First the key is claimed, so that whoever sends it again meanwhile hears so; then the act, its line
in the record and its answer are one transaction. Who dies in between leaves a claim that lapses.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from comity.ledger import rules
from comity.ledger.models import Once
from comity.ledger.types import Answer, OtherRequest, UnderWay

LEASE = dt.timedelta(minutes=3)  # three times what the server lets a request take
KEPT = dt.timedelta(days=30)  # as `docs/api.md` promises
REFUSED = 400  # from this status on nothing was done, and the key is free again


def once(
    who: str, key: str, request: bytes, do: Callable[[], Answer], *, now: dt.datetime | None = None
) -> Answer:
    """The answer to a request of `who` under `key`: done now, or as it was given before.

    `request` is all that the request asks, as bytes. `do` runs inside a transaction that is undone
    when its answer is a refusal: nothing was done, nothing is kept. Raises `UnderWay` and
    `OtherRequest`.
    """
    moment = now or timezone.now()
    secret = settings.LEDGER_DIGEST_KEY
    name, asked = rules.once_name(secret, who, key), rules.content_digest(secret, request)
    ticket = secrets.token_hex(16)
    held = _claim(name, asked, ticket, moment)
    if held:
        return rules.unseal(secret, who, key, held)
    try:
        with transaction.atomic():
            answer = do()
            if answer.status >= REFUSED:
                transaction.set_rollback(True)
            else:
                sealed = rules.seal(secret, who, key, answer, secrets.token_bytes(12))
                ours = Once.objects.filter(name=name, ticket=ticket)
                if not ours.update(answer=sealed, made=moment):
                    raise UnderWay  # we took too long and another took over: our work is undone
    except BaseException:
        _release(name, ticket)
        raise
    if answer.status >= REFUSED:
        _release(name, ticket)
    return answer


def _claim(name: str, asked: str, ticket: str, now: dt.datetime) -> bytes:
    """The sealed answer where there is one; else the request is ours to do, and this is empty."""
    # Looked at before writing: on SQLite a transaction would wait for the one that is under way.
    held = _held(Once.objects.filter(name=name).first(), asked, now)
    if held:
        return held
    try:
        with transaction.atomic():
            row = Once.objects.select_for_update().filter(name=name).first()
            held = _held(row, asked, now)
            if not held:
                claim = {"request": asked, "ticket": ticket, "claimed": now}
                if row is None:
                    Once.objects.create(name=name, **claim)
                else:
                    Once.objects.filter(name=name).update(**claim)
    except IntegrityError:
        raise UnderWay from None  # two came at the same moment, and the other was first
    return held


def _held(row: Once | None, asked: str, now: dt.datetime) -> bytes:
    if row is None or (not row.answer and now - row.claimed >= LEASE):
        return b""
    if row.request != asked:
        raise OtherRequest
    if not row.answer:
        raise UnderWay
    return bytes(row.answer)


def _release(name: str, ticket: str) -> None:
    Once.objects.filter(name=name, ticket=ticket, made__isnull=True).delete()


def forget_answers(now: dt.datetime) -> int:
    """Remove answers a month old, and claims of requests that died; how many."""
    old = Once.objects.filter(made__lt=now - KEPT)
    dead = Once.objects.filter(made__isnull=True, claimed__lt=now - KEPT)
    return int(old.delete()[0] + dead.delete()[0])
