"""Range tables to one table of addresses: painted once, so that a look-up is one step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from comity.events.rules.enrich.painting import overlay, settle
from comity.events.rules.enrich.reading import Layer
from comity.events.rules.enrich.table import RECORD, Table, direct

Array = npt.NDArray[Any]
ROOT6 = b""  # sixteen zero bytes: numpy leaves out zeros at the end
NOTHING = np.array([0], np.uint32)


def build(
    registered: Sequence[Layer],
    geo: Sequence[Layer] = (),
    asns: Sequence[Layer] = (),
    *,
    made: str,
    sources: Iterable[Mapping[str, Any]] = (),
) -> Table:
    """One table of several layers. Without `geo` nothing is said of where an address is."""
    countries = sorted({value[0] for layer in (*registered, *geo) for value in layer.values})
    country = {code: place for place, code in enumerate(countries, 1)}
    numbered = _as_list(asns)
    by_as = {said: place for place, said in enumerate(numbered, 1)}
    starts4, cells4 = _version4(registered, geo, asns, country, by_as)
    starts6, cells6 = _version6(registered, geo, asns, country, by_as)
    return Table(
        version="",
        made=made,
        sources=tuple(sources),
        v4_starts=starts4,
        v4_direct=direct(starts4),
        v4_records=cells4,
        v6_starts=starts6,
        v6_records=cells6,
        as_numbers=np.array([0, *(int(said[0]) for said in numbered)], np.uint32),
        as_names=pl.Series("as_names", [None, *(said[1] or None for said in numbered)], pl.String),
        countries=pl.Series("countries", [None, *countries], pl.String),
    )


def _as_list(layers: Sequence[Layer]) -> list[tuple[str, ...]]:
    return sorted({value for layer in layers for value in layer.values}, key=lambda v: int(v[0]))


def _version4(
    registered: Sequence[Layer],
    geo: Sequence[Layer],
    asns: Sequence[Layer],
    country: Mapping[str, int],
    by_as: Mapping[tuple[str, ...], int],
) -> tuple[Array, Array]:
    first, after, value = _gathered([layer.four for layer in asns], asns, by_as, np.int64)
    starts, which = settle(first, after, np.arange(1, len(first) + 1, dtype=np.uint32), 0)
    begins, piece, length = _cidrs4(starts, which)
    covers = [
        (begins, np.arange(1, len(begins) + 1, dtype=np.uint32)),
        *(
            settle(*_gathered([layer.four for layer in some], some, _one(country), np.int64), 0)
            for some in (registered, geo)
        ),
    ]
    asn = np.concatenate([NOTHING, value])[piece]
    starts, found = overlay(covers)
    return starts.astype(np.uint32), _records(found, asn, length)


def _version6(
    registered: Sequence[Layer],
    geo: Sequence[Layer],
    asns: Sequence[Layer],
    country: Mapping[str, int],
    by_as: Mapping[tuple[str, ...], int],
) -> tuple[Array, Array]:
    first, after, value = _gathered([layer.six for layer in asns], asns, by_as, "S16")
    starts, which = settle(first, after, np.arange(1, len(first) + 1, dtype=np.uint32), ROOT6)
    begins, piece, length = _cidrs6(starts, which)
    covers = [
        (begins, np.arange(1, len(begins) + 1, dtype=np.uint32)),
        *(
            settle(*_gathered([layer.six for layer in some], some, _one(country), "S16"), ROOT6)
            for some in (registered, geo)
        ),
    ]
    asn = np.concatenate([NOTHING, value])[piece]
    starts, found = overlay(covers)
    return starts, _records(found, asn, length)


def _one(country: Mapping[str, int]) -> dict[tuple[str, ...], int]:
    return {(code,): place for code, place in country.items()}


def _gathered(
    ranges: Sequence[tuple[Array, Array, Array]],
    layers: Sequence[Layer],
    places: Mapping[tuple[str, ...], int],
    dtype: Any,
) -> tuple[Array, Array, Array]:
    """The ranges of several files as one, their values as places in the list of all."""
    firsts: list[Array] = [np.empty(0, dtype)]
    afters: list[Array] = [np.empty(0, dtype)]
    values: list[Array] = [np.empty(0, np.uint32)]
    for (first, after, value), layer in zip(ranges, layers, strict=True):
        ours = np.array([0, *(places[said] for said in layer.values)], np.uint32)
        firsts.append(first.astype(dtype))
        afters.append(after.astype(dtype))
        values.append(ours[value])
    return np.concatenate(firsts), np.concatenate(afters), np.concatenate(values)


def _cidrs4(starts: Array, which: Array) -> tuple[Array, Array, Array]:
    """Each settled piece cut into the fewest prefixes: where each begins, which range it is of (0:
    of none), its length (0 then). They are settled first, so a prefix lies inside one range."""
    end = np.append(starts[1:], 1 << 32).astype(np.int64)
    at, piece = starts.astype(np.int64), which
    parts: list[tuple[Array, Array, Array]] = []
    while len(at):
        low = np.where(at == 0, 1 << 32, at & -at)
        room = np.left_shift(1, np.floor(np.log2(end - at)).astype(np.int64))
        size = np.where(piece == 0, end - at, np.minimum(low, room))
        bits = np.where(piece == 0, 0, 32 - np.log2(size).astype(np.uint32))
        parts.append((at, piece, bits))
        at = at + size
        more = at < end
        at, end, piece = at[more], end[more], piece[more]
    begins, pieces, lengths = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.argsort(begins, kind="stable")
    return begins[order], pieces[order], lengths[order].astype(np.uint32)


def _cidrs6(starts: Array, which: Array) -> tuple[Array, Array, Array]:
    begins: list[bytes] = []
    pieces: list[int] = []
    lengths: list[int] = []
    edges = [int.from_bytes(low.ljust(16, b"\0"), "big") for low in starts.tolist()]
    for at, end, piece in zip(edges, [*edges[1:], 1 << 128], which.tolist(), strict=True):
        while at < end:
            bits = min((at & -at).bit_length() - 1 if at else 128, (end - at).bit_length() - 1)
            begins.append(at.to_bytes(16, "big"))
            pieces.append(piece)
            lengths.append(128 - bits if piece else 0)
            at = at + (1 << bits) if piece else end
    return (
        np.array(begins, "S16"),
        np.array(pieces, np.uint32),
        np.array(lengths, np.uint32),
    )


def _records(found: list[Array], asn: Array, length: Array) -> Array:
    """Columns of the overlay to records. The first column counts prefixes from 1."""
    prefix, registered, geo = found
    records = np.zeros(len(prefix), RECORD)
    records["asn"] = np.concatenate([NOTHING, asn.astype(np.uint32)])[prefix]
    records["length"] = np.concatenate([NOTHING, length])[prefix]
    records["registered"], records["geo"] = registered, geo
    return records
