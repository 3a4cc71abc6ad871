"""The words of the field with the definitions in use, side by side, each with its source.

The Resolution itself notes (noting c) that no definitions are universally agreed, so none is
preferred. `data/terms.json` holds quotations only; where the exact words of a source were not
certain, the term has fewer definitions. A language without an official name or text is absent.
"""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files
from typing import Any

from comity.mandate.types import Definition, Term


@cache
def _table() -> dict[str, Any]:
    text = (files("comity.mandate") / "data" / "terms.json").read_text(encoding="utf-8")
    table: dict[str, Any] = json.loads(text)
    return table


@cache
def terms() -> tuple[Term, ...]:
    """All terms, in the order of the table."""
    return tuple(
        Term(
            key=row["key"],
            names=dict(row["names"]),
            definitions=tuple(Definition(**d) for d in row["definitions"]),
            note=_table()["note"],
        )
        for row in _table()["terms"]
    )


@cache
def _spellings() -> tuple[dict[str, str], re.Pattern[str]]:
    """Spelling to key, and one pattern of all, longest first; abbreviations keep their case."""
    keys = {s: row["key"] for row in _table()["terms"] for s in row["spellings"]}
    ordered = sorted(keys, key=len, reverse=True)
    parts = [re.escape(s) if s[:2].isupper() else f"(?ai:{re.escape(s)})" for s in ordered]
    folded = {(s if s[:2].isupper() else s.lower()): key for s, key in keys.items()}
    return folded, re.compile(r"(?<![\w-])(?:" + "|".join(parts) + r")(?![\w-])")


def find_terms(text: str) -> list[tuple[str, int, int]]:
    """Key, start and end of every term in a text, in order, never overlapping, for links.

    >>> find_terms("national CIRTs and spam")
    [('cirt', 9, 14), ('spam', 19, 23)]
    """
    keys, pattern = _spellings()
    return [
        (keys.get(m[0]) or keys[m[0].lower()], m.start(), m.end()) for m in pattern.finditer(text)
    ]
