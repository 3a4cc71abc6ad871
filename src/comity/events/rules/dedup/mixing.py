"""128 bits of each row's bytes, many rows at once.

Not Polars' hash(), which changes with its version and so cannot be kept; not a cryptographic hash a
row at a time, which took 1,350 ns a row of 400 bytes where this takes 600 (2026-11-30, loaded
machine). Each word of 8 bytes is multiplied by an odd number of its own, folded and added; two sums
are kept. The numbers come from the house's secret: part of what stands in a report is chosen by
attackers, who could otherwise make a row that hides another. What is long is hashed singly.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
LONGEST = 8_192
"""Bytes of a row mixed in words; the rare longer one is hashed by BLAKE2."""
_AT_ONCE = 1 << 18  # bytes of rows side by side: they stay in the cache
_FOLD, _FOLD2 = np.uint64(32), np.uint64(29)
_ODD, _ODD2 = np.uint64(0xFF51AFD7ED558CCD), np.uint64(0xC4CEB9FE1A85EC53)  # MurmurHash3's


@lru_cache(maxsize=4)
def _numbers(secret: bytes) -> tuple[Array, Array]:
    """Odd numbers, two for each word of the longest row and for its end and length."""
    count = LONGEST // 8 + 4
    raw = hashlib.shake_256(b"comity row key 1" + secret).digest(16 * count)
    both = np.frombuffer(raw, "<u8").reshape(2, count) | np.uint64(1)
    return both[0], both[1]


def mix(data: bytes, starts: Array, lengths: Array, secret: bytes) -> tuple[Array, Array]:
    """Two times 64 bits for each stretch of bytes. The same bytes give the same, wherever they
    stand."""
    first, second = _numbers(secret)
    text = np.frombuffer(data, np.uint8)
    words = lengths >> 3
    one, two = _ends(text, starts, lengths, first, second)
    order = np.argsort(words, kind="stable")
    edges = np.flatnonzero(np.diff(words[order])) + 1
    for group in np.split(order, edges) if len(order) else ():
        count = int(words[group[0]])
        if not count:
            continue
        if count * 8 > LONGEST:
            _singly(data, starts, lengths, group, secret, one, two)
            continue
        size = count * 8
        windows = np.lib.stride_tricks.as_strided(
            text, shape=(len(text) - size + 1, size), strides=(1, 1)
        )
        odd, other = first[:count], second[:count]
        step = max(1, _AT_ONCE // size)
        for at in range(0, len(group), step):
            some = group[at : at + step]
            block = windows[starts[some]].view(np.uint64)
            block *= odd
            block ^= block >> _FOLD
            one[some] += np.add.reduce(block, axis=1)
            block *= other
            block ^= block >> _FOLD2
            two[some] += np.add.reduce(block, axis=1)
    return stirred(one), stirred(two)


def _ends(
    text: Array, starts: Array, lengths: Array, first: Array, second: Array
) -> tuple[Array, Array]:
    """The last bytes, those that fill no word, and the length."""
    rest = (lengths & 7).astype(np.uint64)
    ends = (starts + lengths).astype(np.int64)
    last = _before(text, ends)
    keep = np.where(rest == 0, np.uint64(0), last >> (np.uint64(64) - rest * np.uint64(8)) % 64)
    long = lengths.astype(np.uint64)
    return (
        stirred(keep * first[-1]) + long * first[-2],
        stirred(keep * second[-1]) + long * second[-2],
    )


def _before(text: Array, ends: Array) -> Array:
    """The 8 bytes before each place; before the beginning stand zeros."""
    early = ends < 8
    sliding = np.lib.stride_tricks.as_strided(
        text[:8].view(np.uint64) if len(text) >= 8 else np.zeros(1, np.uint64),
        shape=(max(len(text) - 7, 1),),
        strides=(1 if len(text) >= 8 else 8,),
    )
    found: Array = sliding[np.where(early, 0, ends - 8)]
    if early.any():
        head = np.concatenate([np.zeros(8, np.uint8), text[:8]])
        for place in np.flatnonzero(early).tolist():
            at = int(ends[place])
            found[place] = head[at : at + 8].view(np.uint64)[0]
    return found


def _singly(
    data: bytes,
    starts: Array,
    lengths: Array,
    group: Array,
    secret: bytes,
    one: Array,
    two: Array,
) -> None:
    key = hashlib.blake2b(secret, digest_size=32).digest()
    for place in group.tolist():
        at = int(starts[place])
        row = data[at : at + int(lengths[place])]
        found = hashlib.blake2b(row, digest_size=16, key=key).digest()
        one[place] = int.from_bytes(found[:8], "little")
        two[place] = int.from_bytes(found[8:], "little")


def stirred(numbers: Array) -> Array:
    """Every bit of a number in every bit of another: MurmurHash3's finalizer, one to one."""
    found: Array = numbers ^ (numbers >> np.uint64(33))
    found = found * _ODD
    found ^= found >> np.uint64(33)
    found *= _ODD2
    found ^= found >> np.uint64(33)
    return found


def seed(secret: bytes, *words: str) -> np.uint64:
    """64 bits of some words, to tell feeds and kinds apart."""
    said = "\x1f".join(words).encode()
    key = hashlib.blake2b(secret, digest_size=32).digest()
    return np.uint64(
        int.from_bytes(hashlib.blake2b(said, digest_size=8, key=key).digest(), "little")
    )
