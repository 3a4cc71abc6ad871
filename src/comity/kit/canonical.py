"""One spelling in JSON for one value (RFC 8785), so that a digest means the same everywhere.

`plain` is the one place where the house's values become JSON's; `canonical` spells the result.
The ledger's chain stands on this: to change a rule below is to break old digests.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any
from uuid import UUID

import rfc8785

from comity.kit.errors import NotCanonical

MAX_DEPTH = 64  # deeper is a cycle or an attack; the deepest thing of the house is below 15
MAX_INT = 2**53 - 1  # beyond it JSON's readers lose digits (RFC 7493, 2.2)

Plain = bool | int | float | str | list["Plain"] | dict[str, "Plain"] | None


def plain(value: object, place: str = "$", depth: int = 0) -> Plain:
    """A value in JSON's own types. Raises `NotCanonical` with the place, as "$.rows[3].when".

    | value | becomes |
    |---|---|
    | None, bool, str, int within 2**53 - 1 | itself |
    | float | itself; NaN and infinities are refused; -0.0 and 1.0 will spell as 0 and 1 |
    | Enum | its value |
    | UUID | its text, lower case |
    | datetime, aware | UTC, "2014-11-07T10:00:00.000000Z", always with microseconds |
    | date | "2014-11-07" |
    | dataclass | an object of its fields |
    | mapping with keys of str, Enum or UUID | an object |
    | list, tuple | an array |
    | set, frozenset | an array in the order of the members' canonical bytes |

    Anything else is refused: naive datetimes (no moment), bytes (say which encoding), Decimal
    (say which scale), lone surrogates (no UTF-8).
    """
    if depth > MAX_DEPTH:
        raise NotCanonical("nested too deep", place, f"At most {MAX_DEPTH} levels; is it a cycle?")
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Enum):
        return plain(value.value, place, depth + 1)
    if isinstance(value, str):
        return _text(value, place)
    if isinstance(value, int | float):
        return _number(value, place)
    if isinstance(value, UUID | dt.date):
        return _named(value, place)
    if isinstance(value, Mapping):
        return _object(value, place, depth)
    if isinstance(value, list | tuple):
        return [plain(item, f"{place}[{i}]", depth + 1) for i, item in enumerate(value)]
    if isinstance(value, set | frozenset):
        members = [plain(item, f"{place}{{}}", depth + 1) for item in value]
        return sorted(members, key=rfc8785.dumps)
    if is_dataclass(value) and not isinstance(value, type):
        pairs = {field.name: getattr(value, field.name) for field in fields(value)}
        return _object(pairs, place, depth)
    remedy = "Turn it into text, numbers, lists or objects first."
    raise NotCanonical(f"a {type(value).__name__} has no form in JSON", place, remedy)


def _text(value: str, place: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise NotCanonical("lone surrogate in a text", place, "Decode the bytes again.") from None
    return str(value)


def _number(value: int | float, place: str) -> int | float:
    if isinstance(value, int):
        if abs(value) > MAX_INT:
            raise NotCanonical("integer beyond 2**53 - 1", place, "Send it as text.")
        return int(value)
    if not math.isfinite(value):
        raise NotCanonical(f"{value} is no number in JSON", place, "Use null for a missing value.")
    return float(value)


def _named(value: UUID | dt.date, place: str) -> str:
    if isinstance(value, UUID):
        return str(value)
    if not isinstance(value, dt.datetime):
        return value.isoformat()
    if value.utcoffset() is None:
        raise NotCanonical("a time without a zone is no moment", place, "Make it aware, in UTC.")
    utc = value.astimezone(dt.UTC).replace(tzinfo=None)
    return utc.isoformat(timespec="microseconds") + "Z"


def _object(value: Mapping[Any, object], place: str, depth: int) -> dict[str, Plain]:
    result: dict[str, Plain] = {}
    for key, item in value.items():
        name = plain(key, f"{place} (key)") if isinstance(key, str | Enum | UUID) else None
        if not isinstance(name, str):
            kind = type(key).__name__
            raise NotCanonical(f"a key of type {kind}", place, "Keys of objects are texts.")
        if name in result:
            raise NotCanonical("two keys with one spelling", f"{place}.{name}", "Rename one.")
        result[name] = plain(item, f"{place}.{name}", depth + 1)
    return result


def canonical(value: object) -> bytes:
    """The canonical JSON of a value, UTF-8. Raises `NotCanonical` with the place."""
    return rfc8785.dumps(plain(value))


def digest(value: object) -> str:
    """SHA-256 of the canonical JSON, 64 hexadecimal digits."""
    return hashlib.sha256(canonical(value)).hexdigest()
