"""Codes of an authenticator app, RFC 6238 (SHA-1, six digits, 30 s), written apart from allauth."""

from __future__ import annotations

import base64
import hashlib
import hmac


def code(secret: str, now: float) -> str:
    mac = hmac.digest(base64.b32decode(secret), int(now // 30).to_bytes(8, "big"), hashlib.sha1)
    at = mac[-1] & 15
    return f"{(int.from_bytes(mac[at : at + 4], 'big') & 0x7FFFFFFF) % 10**6:06}"
