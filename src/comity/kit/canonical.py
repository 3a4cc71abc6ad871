"""Canonical JSON, RFC 8785 (stand-in until the room is whole)."""

from __future__ import annotations

import rfc8785


def canonical(value: object) -> bytes:
    return rfc8785.dumps(value)  # type: ignore[arg-type]
