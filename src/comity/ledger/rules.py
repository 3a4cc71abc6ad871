"""How rows are chained and checked, how kept answers are sealed. Pure: no database, no clock."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Iterable

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from comity.ledger.types import GENESIS, Answer, Checkpoint, Fault, Row


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


# --- answers kept for a repeated request --------------------------------------------------

_NONCE = 12  # bytes, as AES-GCM wants it


def once_name(secret: bytes, who: str, key: str) -> str:
    """Under what a request is kept: says neither who sent it nor their key."""
    return _derived(secret, b"name", who, key).hex()


def seal(secret: bytes, who: str, key: str, answer: Answer, nonce: bytes) -> bytes:
    """The answer, readable only with the sender's key: AES-256-GCM, bound to its name."""
    head = json.dumps({"status": answer.status, "headers": answer.headers}, ensure_ascii=True)
    text = head.encode() + b"\n" + answer.body
    bound = once_name(secret, who, key).encode()
    return nonce + AESGCM(_derived(secret, b"seal", who, key)).encrypt(nonce, text, bound)


def unseal(secret: bytes, who: str, key: str, sealed: bytes) -> Answer:
    """What `seal` closed. Raises `InvalidTag` for anything else."""
    bound = once_name(secret, who, key).encode()
    cipher = AESGCM(_derived(secret, b"seal", who, key))
    head, _line, body = cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], bound).partition(b"\n")
    said = json.loads(head)
    headers = tuple((str(name), str(value)) for name, value in said["headers"])
    return Answer(int(said["status"]), headers, body)


def _derived(secret: bytes, purpose: bytes, who: str, key: str) -> bytes:
    """A key of its own for each purpose, sender and key."""
    parts = json.dumps([who, key], ensure_ascii=True).encode()
    return hmac.new(secret, b"comity once " + purpose + b"\0" + parts, hashlib.sha256).digest()
