"""How rows are chained and checked. Pure: no database, no clock."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Iterable

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from comity.ledger.types import GENESIS, Checkpoint, Fault, Row


def stamp(moment: dt.datetime) -> str:
    """A moment as the hash reads it: UTC, always with microseconds."""
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def row_hash(
    seq: int, moment: dt.datetime, act: str, actor: str, obj: str, digest: str, previous: str
) -> str:
    """SHA-256, hex, over the fields as a JSON array: no separator can be forged."""
    fields = [seq, stamp(moment), act, actor, obj, digest, previous]
    return hashlib.sha256(
        json.dumps(fields, ensure_ascii=True, separators=(",", ":")).encode()
    ).hexdigest()


def content_digest(key: bytes, content: bytes) -> str:
    """Keyed SHA-256, hex: pins a change without letting anyone guess it from the ledger."""
    return hmac.new(key, content, hashlib.sha256).hexdigest()


def first_fault(rows: Iterable[Row], checkpoint: Checkpoint | None = None) -> Fault | None:
    """The first row that is missing, out of order, altered, or not what a checkpoint signed."""
    previous, seq = GENESIS, 0
    for row in rows:
        if row.seq != seq + 1:
            return Fault(seq + 1, f"row {seq + 1} is missing; the next one held is {row.seq}")
        if row.previous != previous:
            return Fault(row.seq, "does not follow the row before it")
        wanted = row_hash(
            row.seq, row.moment, row.act, row.actor, row.object, row.digest, row.previous
        )
        if row.hash != wanted:
            return Fault(row.seq, "was altered: its hash does not fit its fields")
        if checkpoint and row.seq == checkpoint.seq and row.hash != checkpoint.hash:
            return Fault(row.seq, "is not the row that the checkpoint signed")
        previous, seq = row.hash, row.seq
    if checkpoint and checkpoint.seq > seq:
        return Fault(seq + 1, f"the tail was cut: the checkpoint signed row {checkpoint.seq}")
    return None


def checkpoint_bytes(seq: int, head: str, moment: dt.datetime) -> bytes:
    """What a checkpoint's signature covers."""
    return f"comity ledger checkpoint 1\n{seq}\n{head}\n{stamp(moment)}\n".encode()


def signature_holds(checkpoint: Checkpoint) -> bool:
    """Whether the checkpoint was signed by the key it names."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(checkpoint.key)).verify(
            bytes.fromhex(checkpoint.signature),
            checkpoint_bytes(checkpoint.seq, checkpoint.hash, checkpoint.moment),
        )
    except (InvalidSignature, ValueError):
        return False
    return True
