"""What a request asks to hold before it is done: its version of a thing, its key of once.

ETags and their comparison (RFC 9110, 8.8.3 and 13.1), and the header Idempotency-Key
(draft-ietf-httpapi-idempotency-key-header), as text. Pure: a door reads and sets the headers.
"""

from __future__ import annotations

import hashlib
import re

from comity.kit.errors import KitError, shown
from comity.kit.languages import gettext_noop

SHORTEST_KEY, LONGEST_KEY = 16, 200
_TAG = re.compile(r'(?:W/)?"([\x21\x23-\x7e\x80-\xff]*)"')
_QUOTED = re.compile(r'"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"')
_BARE = re.compile(r"[A-Za-z0-9._~+/=:*-]+")


class BadKey(KitError, ValueError):
    """An Idempotency-Key that cannot be used."""


def etag(body: bytes) -> str:
    """The strong ETag of an answer: the same bytes, the same tag."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def tags(header: str) -> frozenset[str]:
    """The opaque tags in an If-Match or If-None-Match, the mark of weakness left out.

    A proxy, our own compression too, makes a strong tag weak on its way. It still names one
    version, so `matches` takes it.
    """
    return frozenset(_TAG.findall(header))


def matches(header: str, tag: str) -> bool:
    """Whether the condition of an If-Match holds for what has this ETag now."""
    return header.strip() == "*" or bool(tags(header) & tags(tag))


def idempotency_key(header: str) -> str:
    """The key that a header carries: a string of RFC 8941 ("…" in quotes), or bare as many send it.

    At least 16 signs: what is kept of the answer is sealed with it, so it must not be guessed.
    Raises `BadKey`.
    """
    text = header.strip()
    quoted = _QUOTED.fullmatch(text) if len(text) <= 2 * LONGEST_KEY + 2 else None
    if quoted:
        key = re.sub(r"\\(.)", r"\1", quoted[1])
    elif _BARE.fullmatch(text[: LONGEST_KEY + 1]):
        key = text
    else:
        key = ""
    if not SHORTEST_KEY <= len(key) <= LONGEST_KEY:
        raise BadKey(
            gettext_noop("The header Idempotency-Key holds no usable key"),
            shown(header),
            gettext_noop('Send 16 to 200 signs in quotes, best a new UUID for each act: "…".'),
        )
    return key
