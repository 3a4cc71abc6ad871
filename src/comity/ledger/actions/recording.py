"""Write to the ledger: one row an act, in the caller's transaction."""

from __future__ import annotations

import datetime as dt

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from comity.kit.canonical import canonical
from comity.ledger import rules, triggers
from comity.ledger.models import Act
from comity.ledger.types import GENESIS, Checkpoint

GATEWAY = "gateway"  # the actor of what no person did: first load, schedules
_LOCK = 0x636F6D697479  # "comity": the advisory lock that orders writers on PostgreSQL


class NotInTransaction(RuntimeError):
    """An act and its line belong in one transaction; the caller opened none."""


def record(
    act: str,
    obj: str,
    *,
    actor: str = GATEWAY,
    content: object = None,
    now: dt.datetime | None = None,
) -> int:
    """Append one act and return its sequence number.

    `content` is what the act changed (anything `kit.canonical` takes, or bytes): only its keyed
    digest is kept. A bulk act passes its whole batch once. Must run inside `transaction.atomic`,
    together with the change itself.
    """
    if not connection.in_atomic_block:
        raise NotInTransaction(f"{act} on {obj}: call record() inside transaction.atomic()")
    hold()
    head = Act.objects.order_by("-seq").first()
    seq, previous = (head.seq + 1, head.hash) if head else (1, GENESIS)
    digest = "" if content is None else _digest(content)
    moment = now or timezone.now()
    row_hash = rules.row_hash(seq, moment, act, actor, obj, digest, previous)
    Act.objects.create(
        seq=seq,
        moment=moment,
        act=act,
        actor=actor,
        object=obj,
        digest=digest,
        previous=previous,
        hash=row_hash,
    )
    return seq


def hold() -> None:
    """Let no other act happen until this transaction ends: what is read now still holds when it is
    recorded. SQLite writes one transaction at a time by itself (BEGIN IMMEDIATE)."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def put_guards_back() -> list[str]:
    """Install the triggers anew when one of them is missing; that is an act, with its line.

    Returns what was missing.
    """
    with transaction.atomic():
        missing = triggers.missing(connection)
        if missing:
            triggers.remove(connection)
            triggers.install(connection)
            record("put_guards_back", "ledger", content=missing)
    return missing


def _digest(content: object) -> str:
    data = content if isinstance(content, bytes) else canonical(content)
    return rules.content_digest(settings.LEDGER_DIGEST_KEY, data)


def checkpoint(now: dt.datetime | None = None) -> Checkpoint:
    """Sign the head of the chain. The result is meant to leave the machine."""
    with transaction.atomic():
        head = Act.objects.order_by("-seq").first()
    seq, tip = (head.seq, head.hash) if head else (0, GENESIS)
    moment = now or timezone.now()
    key: Ed25519PrivateKey = settings.LEDGER_SIGNING_KEY
    signature = key.sign(rules.checkpoint_bytes(seq, tip, moment))
    return Checkpoint(seq, tip, moment, public_key_hex(key), signature.hex())


def public_key_hex(key: Ed25519PrivateKey) -> str:
    """The raw public key, hex: what others keep to check our checkpoints."""
    raw = (serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return key.public_key().public_bytes(*raw).hex()
