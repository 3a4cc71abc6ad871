"""Where a team's key is in its life, and what a new key does to those that stand.

The dangerous act is to put another key in place of one that stands: whoever can do it reads the
team's mail. So that, and only that, waits for a second person.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from enum import StrEnum

from pysequoia import Cert

from comity.directory.rules.certificates import parse_certificate
from comity.directory.rules.openpgp import LARGEST, parse_openpgp
from comity.directory.types import KeyKind, KeyState, TeamKey

__all__ = [
    "LARGEST",
    "KeyChange",
    "compare_keys",
    "ends_on",
    "faults_on",
    "merge_keys",
    "needs_confirmation",
    "parse_certificate",
    "parse_openpgp",
    "state",
]

ENDS_SOON_DAYS = 30

WEAK_FAULTS = frozenset({"rsa-short", "dsa", "elgamal-short", "sha1", "md5", "ripemd"})


class KeyChange(StrEnum):
    """What a new key does beside a key that stands."""

    SAME = "same"  # nothing new
    REFRESHED = "refreshed"  # the same key, with other dates or revoked: needs no confirmation
    REPLACES = "replaces"  # another key for the same purpose: a second person confirms
    BESIDE = "beside"  # another kind or purpose: both stand


def state(
    key: TeamKey, today: dt.date, *, replaced_by: str | None = None, confirmed: bool = True
) -> KeyState:
    """The one word for a key on a day. The first that holds is told: what is revoked is not
    called expired, and a weak key that stands is called weak."""
    end = ends_on(key)
    if key.revoked is not None and key.revoked <= today:
        return KeyState.REVOKED
    if replaced_by:
        return KeyState.REPLACED
    if end is not None and end <= today:
        return KeyState.EXPIRED
    if key.created is not None and key.created > today:
        return KeyState.NOT_YET
    if not confirmed:
        return KeyState.UNCONFIRMED
    if WEAK_FAULTS.intersection(key.faults):
        return KeyState.WEAK
    if end is not None and end <= today + dt.timedelta(days=ENDS_SOON_DAYS):
        return KeyState.ENDS_SOON
    return KeyState.VALID


def ends_on(key: TeamKey) -> dt.date | None:
    """The day from which nobody can write to the team with this key."""
    ends = [end for end in (key.expires, key.encrypts_until) if end is not None]
    return min(ends, default=None)


def faults_on(key: TeamKey, today: dt.date) -> tuple[str, ...]:
    """The key's faults on a day: those it was made with, and a part for encryption that ended."""
    until = key.encrypts_until
    ended = until is not None and until <= today and until != key.expires
    return (*key.faults, "encryption-subkey-expired") if ended else key.faults


def compare_keys(standing: TeamKey, new: TeamKey) -> KeyChange:
    """What the new key would do to one that stands."""
    if standing.kind is not new.kind:
        return KeyChange.BESIDE
    if standing.fingerprint == new.fingerprint:
        same = _said(standing) == _said(new) or not new.text  # a bare fingerprint tells no dates
        return KeyChange.SAME if same else KeyChange.REFRESHED
    return KeyChange.REPLACES if standing.purpose == new.purpose else KeyChange.BESIDE


def needs_confirmation(standing: Iterable[TeamKey], new: TeamKey) -> bool:
    """Whether a second person must confirm the new key.

    A key that is revoked or expired stands too: a lapsed key is the moment an impostor waits for.
    """
    return any(compare_keys(key, new) is KeyChange.REPLACES for key in standing)


def merge_keys(standing: TeamKey, new: TeamKey) -> TeamKey:
    """The same OpenPGP key with what both texts say: a revocation once seen stays seen."""
    if standing.fingerprint != new.fingerprint or standing.kind is not KeyKind.OPENPGP:
        return new
    if not (standing.text and new.text):
        return new if new.text else standing
    merged = Cert.from_bytes(standing.text.encode()).merge(Cert.from_bytes(new.text.encode()))
    return parse_openpgp(bytes(merged))


def _said(key: TeamKey) -> tuple[object, ...]:
    return (key.expires, key.revoked, key.encrypts_until, key.faults, key.user_ids)
