"""Arrays in one block of bytes, each at a multiple of 64, with a head that says what they are.

A table of this shape is mapped into memory by every worker and costs nothing to open. The head
carries the SHA-256 of the body: what is half written is refused, never looked into.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from comity.events.types.sources import EventsError

Array = npt.NDArray[Any]
MAGIC = b"comity table 1\n"
_ALIGN = 64
_SIZE = 8  # digits of the length of the head


class DamagedTable(EventsError):
    """A table file that is half written, cut or changed."""


def pack(arrays: Mapping[str, Array], about: Mapping[str, Any]) -> bytes:
    """The block. `about` is what JSON can hold."""
    parts: list[bytes] = []
    rows: list[dict[str, Any]] = []
    at = 0
    for name, array in arrays.items():
        whole = np.ascontiguousarray(array)
        raw = whole.tobytes()
        padding = -len(raw) % _ALIGN
        kind = whole.dtype.str if whole.dtype.names is None else whole.dtype.descr
        rows.append({"name": name, "dtype": kind, "shape": list(whole.shape), "at": at})
        parts += [raw, bytes(padding)]
        at += len(raw) + padding
    body = b"".join(parts)
    head = json.dumps(
        {
            "arrays": rows,
            "about": dict(about),
            "bytes": len(body),
            "sha256": hashlib.sha256(body).hexdigest(),
        }
    ).encode()
    front = MAGIC + f"{len(head):0{_SIZE}d}".encode() + b"\n" + head
    return front + bytes(-len(front) % _ALIGN) + body


def unpack(
    block: bytes | memoryview, *, check: bool = True
) -> tuple[dict[str, Array], dict[str, Any]]:
    """The arrays, as views of the block, and what is said about them. Raises `DamagedTable`."""
    view = memoryview(block)
    start = len(MAGIC) + _SIZE + 1
    remedy = "Load the tables again: comity events tables update FILE…"
    try:
        if bytes(view[: len(MAGIC)]) != MAGIC:
            raise ValueError("no table")
        size = int(bytes(view[len(MAGIC) : start]))
        head = json.loads(bytes(view[start : start + size]))
        at = start + size + (-(start + size) % _ALIGN)
        body = view[at : at + head["bytes"]]
        if len(body) != head["bytes"]:
            raise ValueError("cut off")
        if check and hashlib.sha256(body).hexdigest() != head["sha256"]:
            raise ValueError("changed")
        arrays = {row["name"]: _array(body, row) for row in head["arrays"]}
    except (ValueError, KeyError, TypeError) as fault:
        raise DamagedTable(f"the table is damaged ({fault})", remedy=remedy) from None
    return arrays, head["about"]


def _array(body: memoryview, row: Mapping[str, Any]) -> Array:
    kind = row["dtype"]
    dtype = np.dtype(kind if isinstance(kind, str) else [tuple(part) for part in kind])
    count = int(np.prod(row["shape"], dtype=np.int64))
    array: Array = np.frombuffer(body, dtype, count, row["at"])
    return array.reshape(row["shape"])


def texts(values: list[str]) -> dict[str, Array]:
    """Texts as two arrays: their bytes, and where each ends."""
    encoded = [value.encode() for value in values]
    ends = np.cumsum([len(value) for value in encoded], dtype=np.int64)
    return {"bytes": np.frombuffer(b"".join(encoded), np.uint8), "ends": ends}


def from_texts(raw: Array, ends: Array) -> list[str]:
    """The texts of `texts`."""
    whole = raw.tobytes()
    stops = ends.tolist()
    return [whole[a:b].decode() for a, b in zip([0, *stops], stops, strict=False)]
