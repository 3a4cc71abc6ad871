"""The table of routes as it is kept and mapped."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from comity.events.rules import packed

Array = npt.NDArray[Any]
LOW_AS = 1 << 19
"""Below it AS numbers are looked up directly: all that registries gave out by 2026, 402,000."""


@dataclass(frozen=True, eq=False)
class RouteTable:
    """Numbers of route sets, by address, AS number, country and domain. 0 is nobody.

    `told` are the sets by AS number and country with a team that wants to be told where somebody
    nearer answers, `told_sets` those teams.
    """

    version: str
    v4_starts: Array
    v4_direct: Array
    v4_sets: Array
    v6_starts: Array
    v6_sets: Array
    low_as: Array  # uint32, LOW_AS of them
    high_as: Array  # numbers in order, and
    high_as_sets: Array
    countries: Array  # uint32, 65,536 of them: by two letters
    told: Array  # numbers in order, and
    told_sets: Array
    domains: tuple[str, ...]
    domain_sets: Array
    prefixes: tuple[str, ...]  # for networks, which must lie inside a claim as a whole
    prefix_sets: Array

    @cached_property
    def by_domain(self) -> dict[str, int]:
        return dict(zip(self.domains, self.domain_sets.tolist(), strict=True))

    @cached_property
    def by_prefix(self) -> dict[str, int]:
        return dict(zip(self.prefixes, self.prefix_sets.tolist(), strict=True))

    @cached_property
    def ends_of_domains(self) -> frozenset[str]:
        """The last two labels of every domain claimed: what ends otherwise is nobody's."""
        return frozenset(".".join(name.split(".")[-2:]) for name in self.domains)


_ARRAYS = (
    *("v4_starts", "v4_direct", "v4_sets", "v6_starts", "v6_sets", "low_as", "high_as"),
    *("high_as_sets", "countries", "told", "told_sets", "domain_sets", "prefix_sets"),
)


def pack(table: RouteTable) -> bytes:
    arrays = {name: getattr(table, name) for name in _ARRAYS}
    for name in ("domains", "prefixes"):
        said = packed.texts(list(getattr(table, name)))
        arrays |= {f"{name}_bytes": said["bytes"], f"{name}_ends": said["ends"]}
    return packed.pack(arrays, {"kind": "routes"})


def unpack(block: bytes | memoryview, version: str, *, check: bool = True) -> RouteTable:
    """The table of a block. Raises `packed.DamagedTable`."""
    arrays, about = packed.unpack(block, check=check)
    if about.get("kind") != "routes":
        raise packed.DamagedTable("the file is another kind of table")
    words = {
        name: tuple(packed.from_texts(arrays[f"{name}_bytes"], arrays[f"{name}_ends"]))
        for name in ("domains", "prefixes")
    }
    return RouteTable(
        version=version,
        domains=words["domains"],
        prefixes=words["prefixes"],
        **{name: arrays[name] for name in _ARRAYS},
    )


def country_place(code: str) -> int:
    """Where a country of two letters stands in `countries`."""
    return ord(code[0]) << 8 | ord(code[1])


def as_sets(table: RouteTable, numbers: Array) -> Array:
    """The set of each AS number, 0 for nobody's."""
    found: Array = table.low_as[np.minimum(numbers, LOW_AS - 1)]
    high = np.flatnonzero(numbers >= LOW_AS)
    if len(high):
        found[high] = 0
        if len(table.high_as):
            wanted = numbers[high]
            at = np.minimum(np.searchsorted(table.high_as, wanted), len(table.high_as) - 1)
            found[high] = np.where(table.high_as[at] == wanted, table.high_as_sets[at], 0)
    return found
