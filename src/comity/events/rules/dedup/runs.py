"""Runs of keys in order: what is known is looked up by search, and runs are merged as they grow.

A hit on 64 bits counts only when the other 64 agree: among 150 million keys a false hit has odds of
six in ten thousand a year, and it would drop an event in silence.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
RATIO = 4
"""A run joins the one before it when that is not this many times longer: a key is copied about
log4(n) times."""


@dataclass(frozen=True, slots=True, eq=False)
class Keys:
    """Keys in order with their checks beside them. Equal keys may stand beside each other."""

    key: Array
    check: Array

    def __len__(self) -> int:
        return len(self.key)


EMPTY = Keys(np.empty(0, np.uint64), np.empty(0, np.uint64))


def ordered(key: Array, check: Array) -> Keys:
    order = np.argsort(key)
    return Keys(key[order], check[order])


def distinct(numbers: Array) -> Array:
    """The different ones, in order. (`np.unique` hashes, which takes three times as long.)"""
    found: Array = np.sort(numbers)
    if len(found) < 2:
        return found
    fresh = found[1:] != found[:-1]
    return found if fresh.all() else found[np.concatenate(([True], fresh))]


def first_of(key: Array, check: Array, order: Array) -> tuple[Array, Array]:
    """Which rows are the first of their kind in a batch, and how often each of these came again.
    `order` puts the keys in order; equal ones in any."""
    kept, again = np.ones(len(key), bool), np.zeros(len(key), np.uint32)
    inside = key[order]
    same = inside[1:] == inside[:-1]
    if not same.any():
        return kept, again
    twins = np.zeros(len(order), bool)
    twins[1:] |= same
    twins[:-1] |= same
    some = np.sort(order[twins])  # as they stand in the file: of equal rows the first is kept
    some = some[np.lexsort((check[some], key[some]))]  # which is stable
    one, two = key[some], check[some]
    fresh = np.ones(len(some), bool)
    fresh[1:] = (one[1:] != one[:-1]) | (two[1:] != two[:-1])
    begins = np.flatnonzero(fresh)
    kept[some[~fresh]] = False
    again[some[begins]] = np.diff(np.append(begins, len(some))) - 1
    return kept, again


def among(run: Keys, key: Array, check: Array) -> Array:
    """Which of the keys the run holds. Quick where the keys come in order."""
    if not len(run) or not len(key):
        return np.zeros(len(key), bool)
    at = np.minimum(np.searchsorted(run.key, key), len(run) - 1)
    hit: Array = run.key[at] == key
    found = np.flatnonzero(hit)
    if not len(found):
        return hit
    sure = run.check[at[found]] == check[found]
    hit[found] = sure
    for place in found[~sure].tolist():  # equal in 64 bits, different in 128: look at the others
        end = np.searchsorted(run.key, key[place], side="right")
        hit[place] = bool(np.any(run.check[at[place] : end] == check[place]))
    return hit


def merged(one: Keys, other: Keys) -> Keys:
    """Two runs as one."""
    if not len(one) or not len(other):
        return other if not len(one) else one
    long, short = (one, other) if len(one) >= len(other) else (other, one)
    at = np.searchsorted(long.key, short.key) + np.arange(len(short))
    key = np.empty(len(long) + len(short), np.uint64)
    check = np.empty_like(key)
    rest = np.ones(len(key), bool)
    rest[at] = False
    key[at], check[at] = short.key, short.check
    key[rest], check[rest] = long.key, long.check
    return Keys(key, check)


def joins(lengths: list[int], fresh: int) -> int:
    """How many of the last runs a fresh one is merged with."""
    count, size = 0, fresh
    while count < len(lengths) and lengths[-1 - count] < RATIO * size:
        size += lengths[-1 - count]
        count += 1
    return count
