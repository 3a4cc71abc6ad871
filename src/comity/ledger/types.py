"""The nouns of the ledger: an act, a checkpoint, and what a verification finds."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

GENESIS = "0" * 64  # what the first row takes for the hash before it


@dataclass(frozen=True, slots=True)
class Row:
    """One act as the chain sees it: no personal data, no marked content."""

    seq: int
    moment: dt.datetime  # aware, UTC, microseconds
    act: str  # "load_instrument", "settle_fate": verb and noun
    actor: str  # a pseudonym, or "gateway"
    object: str  # id of what was changed, as its room names it
    digest: str  # keyed SHA-256 of the change, hex; "" where there is nothing to pin
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Fault:
    """The first row that does not hold, and why."""

    seq: int
    reason: str


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of the chain at a moment, signed, meant to leave the machine."""

    seq: int
    hash: str
    moment: dt.datetime
    key: str  # the public key, raw Ed25519, hex
    signature: str  # over `rules.checkpoint_bytes`, hex


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it left the house: kept to be given again byte for byte."""

    status: int
    headers: tuple[tuple[str, str], ...]  # those that belong to the answer: its type, its place
    body: bytes


class OnceError(Exception):
    """A request with a key that cannot be done now."""


class UnderWay(OnceError):
    """The same request is being done at this moment."""


class OtherRequest(OnceError):
    """The key was used for another request."""
