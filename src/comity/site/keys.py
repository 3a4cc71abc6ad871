"""Keys of this gateway: made at first start, kept in HOME/keys, never shipped."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


def _kept(home: Path, name: str, fresh: bytes) -> bytes:
    """Return the key file's bytes; write `fresh` first when there is none. Readable by us alone.

    `O_EXCL` settles a race between two processes that start at once: the first one's key stays.
    """
    folder = home / "keys"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / name
    if not path.exists():
        draft = folder / f".{name}.{os.getpid()}.{secrets.token_hex(4)}"
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as out:
            out.write(fresh)
            out.flush()
            os.fsync(out.fileno())
        try:
            os.link(draft, path)  # atomic, and refuses to overwrite
        except FileExistsError:
            pass  # another process was first: its key is the key
        finally:
            draft.unlink()
    return path.read_bytes()


def secret_key(home: Path) -> str:
    """Django's signing key: COMITY_SECRET_KEY, or the file `secret`."""
    return (
        os.environ.get("COMITY_SECRET_KEY")
        or _kept(home, "secret", secrets.token_urlsafe(64).encode()).decode()
    )


def digest_key(home: Path) -> bytes:
    """Key of the ledger's digests: without it nobody can guess content from a digest."""
    return _kept(home, "digest", secrets.token_bytes(32))


def signing_key(home: Path) -> Ed25519PrivateKey:
    """The Ed25519 key that signs checkpoints of the ledger."""
    fresh = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    key = serialization.load_pem_private_key(_kept(home, "ledger.ed25519.pem", fresh), None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError("keys/ledger.ed25519.pem holds no Ed25519 key. Put the key back.")
    return key
