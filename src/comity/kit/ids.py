"""Ids: made once at a door, derived from a name, or hiding a person.

`new` is the kit's one exception to purity: it reads the clock and the system's randomness,
because ids are made at the doors and nothing is decided by them. Rules take ids, never make them.
"""

from __future__ import annotations

import base64
import hmac
from uuid import UUID, uuid5

import uuid_utils.compat

from comity.kit.canonical import digest
from comity.kit.errors import KitError, WeakSecret

__all__ = ["NAMESPACE", "derived", "digest", "new", "pseudonym"]

NAMESPACE = UUID("c0311700-0000-8000-8000-000000000000")
"""The root of every derived id. It never changes, or all of them would."""

MIN_SECRET = 32  # bytes: as long as the digest, RFC 2104 section 3


def new() -> UUID:
    """A fresh UUIDv7 (RFC 9562): ids of one process sort in the order they were made.

    It shows its moment to the millisecond, so it is no secret and no token.
    """
    return uuid_utils.compat.uuid7()


def derived(kind: str, *names: str) -> UUID:
    """The UUIDv5 of a thing that has a name: same kind and names, same id, on every machine.

    The parts are joined by a unit separator, so ("a", "b") is not ("ab",). A part that holds
    one, or an empty kind, raises `KitError`.
    """
    parts = (kind, *names)
    if not kind or any("\x1f" in part for part in parts):
        raise KitError("a part of a derived id is empty or holds U+001F", remedy="Clean the name.")
    return uuid5(NAMESPACE, "\x1f".join(parts))


def pseudonym(secret: bytes, person: UUID) -> str:
    """The name a person has in the ledger: HMAC-SHA256, base64url, 43 characters.

    With the secret lost or changed nobody can tell whose it was, which is how a person is
    erased while the chain stays valid. Raises `WeakSecret` below 32 bytes.
    """
    if len(secret) < MIN_SECRET:
        remedy = f"Use at least {MIN_SECRET} random bytes."
        raise WeakSecret(f"a secret of {len(secret)} bytes", "secret", remedy)
    mac = hmac.digest(secret, b"comity ledger pseudonym\x00" + person.bytes, "sha256")
    return base64.urlsafe_b64encode(mac).rstrip(b"=").decode("ascii")
