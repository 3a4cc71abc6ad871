"""A tree as data and back: how a frozen document is kept, and what its hash is taken of.

Each part carries the name of its type under "is". What comes back equals what went in, so every
format of a frozen report can be made again, byte for byte, without asking any record.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import Enum
from typing import Any

from comity.kit.canonical import canonical
from comity.kit.errors import shown
from comity.kit.tlp import Label
from comity.report.types import tree

_TYPES = {
    name: value
    for name, value in vars(tree).items()
    if isinstance(value, type) and is_dataclass(value) and value.__module__ == tree.__name__
}
_ENUMS = {"Align": tree.Align, "Tone": tree.Tone, "Label": Label}


def to_bytes(document: tree.Document) -> bytes:
    """Canonical JSON of a document: the same document, the same bytes."""
    return canonical(_out(document))


def from_bytes(data: bytes) -> tree.Document:
    """The document again. Raises `BadTree` for what is none."""
    try:
        found = _in(json.loads(data))
    except (KeyError, TypeError, ValueError) as error:
        raise tree.BadTree("This is no kept document", shown(str(error))) from error
    if not isinstance(found, tree.Document):
        raise tree.BadTree("This is no kept document")
    return found


def _out(value: Any) -> Any:
    if isinstance(value, Enum):
        name = type(value).__name__
        return {"is": name, "value": value.value}
    if is_dataclass(value) and not isinstance(value, type):
        held = {field.name: _out(getattr(value, field.name)) for field in fields(value)}
        return {"is": type(value).__name__} | held
    if isinstance(value, tuple | list):
        return [_out(item) for item in value]
    if isinstance(value, Decimal):
        return {"is": "Decimal", "value": str(value)}
    if isinstance(value, dt.datetime):
        return {"is": "datetime", "value": value.isoformat()}
    return value


def _in(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_in(item) for item in value)
    if not isinstance(value, dict):
        return value
    name = value["is"]
    if name == "Decimal":
        return Decimal(value["value"])
    if name == "datetime":
        return dt.datetime.fromisoformat(value["value"])
    if name in _ENUMS:
        return _ENUMS[name](value["value"])
    made = _TYPES[name]
    known = {field.name for field in fields(made)}
    return made(**{key: _in(item) for key, item in value.items() if key in known})
