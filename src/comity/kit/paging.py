"""Pages by a strictly increasing sequence: never by offset, never by time alone.

A reader who holds a cursor gets everything after it, once, whatever was added meanwhile. What
the reader may not see is taken out *before* a page is cut, or "there is more" would tell of it.

A cursor is opaque, not secret: who decodes it learns the sequence number of the last thing
seen. Where gaps in the numbers would tell too much, number each collection by itself.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, TypeVar

from comity.kit.canonical import canonical
from comity.kit.errors import BadCursor, KitError, shown

DEFAULT_LIMIT = 50
MAX_LIMIT = 500
MAX_SEQUENCE = 2**63 - 1  # what both databases keep

_VERSION = 1
_LENGTH = 1 + 8 + 8  # version, sequence, check
_REMEDY = "Start again from the first page, without a cursor."

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some items in order, and the cursor of what follows; `next` is None at the end."""

    items: tuple[T, ...]
    next: str | None
    limit: int


def clamp_limit(limit: int | None) -> int:
    """How many items a page holds when so many are asked for: 1 to 500, 50 unasked."""
    return DEFAULT_LIMIT if limit is None else max(1, min(limit, MAX_LIMIT))


def _check(version: int, sequence: int, question: object) -> bytes:
    """Eight bytes that bind a cursor to its question and find a slip in it. No secret is in it:
    a forged cursor only asks for another place in what its viewer may see anyway."""
    return hashlib.sha256(canonical([version, sequence, question])).digest()[:8]


def encode_cursor(sequence: int, question: object = None) -> str:
    """The cursor after the item with this sequence number, for one question.

    `question` is whatever decides what is listed (filters, order, collection), any value that
    `canonical` takes. The viewer need not be part of it. 23 characters of base64url.
    """
    if not 0 <= sequence <= MAX_SEQUENCE:
        raise KitError(f"sequence {sequence} out of range", remedy="Sequences are 0 to 2**63 - 1.")
    data = bytes([_VERSION]) + sequence.to_bytes(8, "big")
    data += _check(_VERSION, sequence, question)
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode_cursor(cursor: str, question: object = None) -> int:
    """The sequence number to go on after.

    Raises `BadCursor` for anything `encode_cursor` did not give for the same question.
    """
    try:
        data = base64.b64decode(cursor.encode("ascii") + b"=", altchars=b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error):
        raise BadCursor(f"{shown(cursor)} is no cursor", remedy=_REMEDY) from None
    if len(data) != _LENGTH or data[0] != _VERSION:
        raise BadCursor(f"{shown(cursor)} is no cursor of this version", remedy=_REMEDY)
    sequence = int.from_bytes(data[1:9], "big")
    # Encoding again also refuses other spellings of the same bytes (base64's spare bits).
    if sequence > MAX_SEQUENCE or encode_cursor(sequence, question) != cursor:
        raise BadCursor("the cursor is damaged or belongs to another question", remedy=_REMEDY)
    return sequence


def cut(
    rows: Sequence[T], limit: int, sequence: Callable[[T], int], question: object = None
) -> Page[T]:
    """A page from rows read with `limit + 1`: the extra row says whether more follows.

    `rows` hold only what the viewer may see, in strictly increasing sequence; otherwise
    `KitError`, since a page cut from anything else would skip or repeat.
    """
    numbers = [sequence(row) for row in rows]
    if limit < 1 or any(a >= b for a, b in pairwise(numbers)):
        remedy = "Order by the sequence, read limit + 1 rows, limit at least 1."
        raise KitError("rows not in strictly increasing sequence", remedy=remedy)
    items = tuple(rows[:limit])
    more = len(rows) > limit
    return Page(items, encode_cursor(numbers[limit - 1], question) if more else None, limit)
