"""Ranges that may overlap to starts that cover all addresses: each address is in one piece.

Works alike on numbers (IPv4) and on 16 bytes, most significant first (IPv6): all it asks of an
address is an order. "The innermost wins" is paid for here, once, and is free at every look-up.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
LAST4 = 2**32 - 1


def settle(first: Array, after: Array, value: Array, zero: Any) -> tuple[Array, Array]:
    """Starts in order, the first of them `zero`, and the value from each on; 0 is nothing known.

    Where ranges overlap the one that begins later speaks, and among those that begin together the
    shorter. An empty `after` (IPv6), or one past the last (IPv4), is the end of all addresses.
    """
    endless = after == b"" if after.dtype.kind == "S" else after > LAST4
    order = np.lexsort((np.arange(len(first)), first))
    first, after, value, endless = first[order], after[order], value[order], endless[order]
    overlaps = bool(np.any(endless[:-1]) or np.any(after[:-1] > first[1:]))
    if overlaps:
        starts, values = _swept(first, after, value, endless)
        return _joined(np.array(starts, first.dtype), np.array(values, np.uint32), zero)
    gaps = np.ones(len(first), bool)
    gaps[:-1] = after[:-1] < first[1:]
    gaps &= ~endless
    starts_ = np.concatenate([first, after[gaps]])
    values_ = np.concatenate([value, np.zeros(int(gaps.sum()), np.uint32)]).astype(np.uint32)
    order = np.argsort(starts_, kind="stable")
    return _joined(starts_[order], values_[order], zero)


def _joined(starts: Array, values: Array, zero: Any) -> tuple[Array, Array]:
    """From `zero` on, without pieces that say the same as the one before."""
    if not len(starts) or starts[0] != np.array(zero, starts.dtype):
        starts = np.concatenate([np.array([zero], starts.dtype), starts])
        values = np.concatenate([np.zeros(1, np.uint32), values])
    kept = np.ones(len(values), bool)
    kept[1:] = values[1:] != values[:-1]
    return starts[kept], values[kept]


def _swept(first: Array, after: Array, value: Array, endless: Array) -> tuple[list[Any], list[int]]:
    """The sweep over ends, for ranges inside or across each other."""
    never: Any = b"\xff" * 17 if first.dtype.kind == "S" else 1 << 200  # behind every address
    firsts, said = first.tolist(), value.tolist()
    ends = [never if no else end for end, no in zip(after.tolist(), endless.tolist(), strict=True)]
    starts: list[Any] = []
    values: list[int] = []
    stack: list[int] = []  # ranges that hold here, the one that speaks on top

    def say(at: Any, what: int) -> None:
        if starts and starts[-1] == at:
            values[-1] = what
        else:
            starts.append(at)
            values.append(what)

    def close(until: Any) -> None:
        while stack and ends[stack[-1]] <= until:
            end = ends[stack.pop()]
            while stack and ends[stack[-1]] <= end:
                stack.pop()
            if end != never:
                say(end, said[stack[-1]] if stack else 0)

    # Of those that begin together the longer first, so that the shorter lies on top.
    longer = sorted(range(len(firsts)), key=lambda place: ends[place], reverse=True)
    for place in sorted(longer, key=lambda place: firsts[place]):
        close(firsts[place])
        stack.append(place)
        say(firsts[place], said[place])
    close(never)
    return starts, values


def overlay(layers: list[tuple[Array, Array]]) -> tuple[Array, list[Array]]:
    """Several coverings as one: all their starts, and for each layer its value from there on."""
    starts = np.unique(np.concatenate([layer[0] for layer in layers]))
    found = [values[np.searchsorted(begins, starts, side="right") - 1] for begins, values in layers]
    return starts, found
