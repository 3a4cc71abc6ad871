"""Twice is once: a key for each row, runs of keys in order, what is new among them."""

from comity.events.rules.dedup.keys import finding_keys, row_keys
from comity.events.rules.dedup.runs import (
    EMPTY,
    Keys,
    among,
    distinct,
    first_of,
    joins,
    merged,
    ordered,
    sieve,
    sieve_size,
)

__all__ = [
    "EMPTY",
    "Keys",
    "among",
    "distinct",
    "finding_keys",
    "first_of",
    "joins",
    "merged",
    "ordered",
    "row_keys",
    "sieve",
    "sieve_size",
]
