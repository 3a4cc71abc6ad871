"""What of an entry the duplicate check compares: only what everybody who sees it may see."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from comity.registry.rules.duplicates import Sketch, blocks
from comity.registry.rules.made import dates
from comity.registry.types import Kind, Statement

TEXT = 2_000  # characters of the summary that are compared


def sketch_of(
    kind: Kind, said: Iterable[Statement], *, id_: str, subtype: str = "", owner: str = ""
) -> Sketch:
    """The sketch of what these statements say. They must all be for the same eyes."""
    rows = tuple(said)
    first, last = dates(kind, rows)
    return Sketch(
        id=id_,
        kind=subtype if kind.key == "activity" and subtype else kind.key,
        body=owner or _first(rows, "body"),
        titles=tuple(dict.fromkeys(_all(rows, "title"))),
        text=_first(rows, "summary")[:TEXT],
        countries=frozenset([*_all(rows, "country"), *_party_countries(rows)]),
        regions=frozenset(_all(rows, "region")),
        areas=frozenset(_all(rows, "area")),
        since=first,
        until=last,
        provisions=frozenset(_all(rows, "provision")),
    )


def block_keys(sketch: Sketch) -> frozenset[int]:
    """The blocking keys as numbers of 63 bits, so that an index of integers finds them."""
    return frozenset(
        int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "big") >> 1
        for key in blocks(sketch)
    )


def _all(rows: Sequence[Statement], field: str) -> list[str]:
    return [_word(row.value) for row in rows if row.field == field]


def _first(rows: Sequence[Statement], field: str) -> str:
    return next(iter(_all(rows, field)), "")


def _word(value: object) -> str:
    return str(value.get("name", "")) if isinstance(value, dict) else str(value)


def _party_countries(rows: Sequence[Statement]) -> list[str]:
    return [row.value["country"] for row in rows if row.field == "party" and row.value["country"]]
