"""What the columns of a feed mean: by a mapping that ships, or by a file of the operator's own, in
our form or as The Shadowserver Foundation publishes its schema.
"""

from __future__ import annotations

from functools import lru_cache

from comity.events.formats import foundation, mappings
from comity.events.types.sources import MappingTable, Source


def of(source: Source) -> MappingTable:
    """The mapping of a feed. Raises `BadMapping`."""
    if source.table:
        return _own(source.table, source.mapping)
    return mappings.mapping(source.mapping)


@lru_cache(maxsize=16)
def _own(text: str, name: str) -> MappingTable:
    return read(text.encode(), name)


def read(data: bytes, place: str) -> MappingTable:
    """A mapping file: YAML of ours, or the Foundation's JSON."""
    if data.lstrip()[:1] == b"{":
        return foundation.read_schema(data, place)
    return mappings.read_mapping(data, place)
