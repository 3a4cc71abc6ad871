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
FAN = 8
"""So many runs of about one length become one: a key is copied log8(n) times, not log2(n)."""
SIEVE_BITS = 8
"""Bits of a sieve a key, at least: of keys that are not in a run one in eight or fewer is looked
for in vain."""


@dataclass(frozen=True, slots=True, eq=False)
class Keys:
    """Keys in order with their checks beside them. Equal keys may stand beside each other. The
    sieve says of most keys that they are not among these: 12 ns, where a search takes 40 to 80."""

    key: Array
    check: Array
    sieve: Array | None = None

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


def sieve_size(count: int) -> int:
    """Bytes of the sieve of so many keys; none for few."""
    return 0 if count < 256 else 1 << (SIEVE_BITS * count - 1).bit_length() - 3


def sieve(key: Array) -> Array:
    """A bit for each stretch of the numbers, by their first bits: set where a key lies in it."""
    size = sieve_size(len(key))
    if not size:
        return np.empty(0, np.uint8)
    made = np.empty(size, np.uint8)
    shift = np.uint64(64 - (size.bit_length() + 2))
    block = min(size, 1 << 20)
    edges = np.arange(1, size // block, dtype=np.uint64) * np.uint64(block * 8) << shift
    cuts = [0, *np.searchsorted(key, edges).tolist(), len(key)]
    marks = np.empty(block * 8, np.bool_)
    for number in range(size // block):
        marks[:] = False
        at = key[cuts[number] : cuts[number + 1]] >> shift
        marks[at - np.uint64(number * block * 8)] = True
        made[number * block : (number + 1) * block] = np.packbits(marks, bitorder="little")
    return made


def _may_be(run: Keys, key: Array) -> Array:
    """Places of the keys that the run may hold."""
    if run.sieve is None or not len(run.sieve):
        return np.arange(len(key))
    at = key >> np.uint64(64 - (len(run.sieve).bit_length() + 2))
    return np.flatnonzero(run.sieve[at >> np.uint64(3)] & _BIT[at & np.uint64(7)])


_BIT = np.left_shift(1, np.arange(8)).astype(np.uint8)


def among(run: Keys, key: Array, check: Array) -> Array:
    """Which of the keys the run holds. Quick where the keys come in order."""
    hit = np.zeros(len(key), bool)
    if not len(run) or not len(key):
        return hit
    some = _may_be(run, key)
    wanted = key[some]
    at = np.minimum(np.searchsorted(run.key, wanted), len(run) - 1)
    found = np.flatnonzero(run.key[at] == wanted)
    sure = run.check[at[found]] == check[some[found]]
    hit[some[found[sure]]] = True
    for place in found[~sure].tolist():  # equal in 64 bits, different in 128: look at the others
        end = np.searchsorted(run.key, wanted[place], side="right")
        hit[some[place]] = bool(np.any(run.check[at[place] : end] == check[some[place]]))
    return hit


def merged(*runs: Keys) -> Keys:
    """Runs as one."""
    some = [run for run in runs if len(run)]
    if len(some) < 2:
        return some[0] if some else EMPTY
    return ordered(
        np.concatenate([run.key for run in some]), np.concatenate([run.check for run in some])
    )


def joins(lengths: list[int], fresh: int) -> int:
    """How many of the last runs a fresh one is merged with: those that are not longer by their
    class, when there are enough of them."""
    count, size = 0, fresh
    while True:
        more = count
        while more < len(lengths) and _class(lengths[-1 - more]) <= _class(size):
            more += 1
        if more - count < FAN - 1:
            return count
        size += sum(lengths[len(lengths) - more : len(lengths) - count])
        count = more


def _class(length: int) -> int:
    """Three bits are eight times as long."""
    return length.bit_length() // 3
