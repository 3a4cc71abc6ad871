"""Which facets there are: what a list may be filtered by and counted along."""

from __future__ import annotations

from comity.registry.reads.kinds import kinds
from comity.registry.rules.made import FLAG_FACET
from comity.registry.types import FieldType, Kind

ALWAYS = ("subtype", "standing", "body", "year")  # made of every entry (`rules/made.py`)
# What a value of a field counts in besides the field's own facet.
_MORE = {
    FieldType.COUNTRY: ("region", "group"),
    FieldType.PARTY: ("country", "region", "group"),
    FieldType.PROVISION: ("instrument",),
    FieldType.ENTRY: ("entry",),
}


def facets_of(kind: Kind) -> tuple[str, ...]:
    """The facets of a kind, in the order of its fields."""
    found = [*ALWAYS, *([FLAG_FACET] if kind.history == "agreement" else [])]
    for field in kind.fields:
        found += [field.facet] if field.facet else []
        found += _MORE.get(field.type, ())
    return tuple(dict.fromkeys(found))


def facet_names(kind: str = "") -> tuple[str, ...]:
    """The facets of one kind, or of all."""
    chosen = [kinds()[kind]] if kind else kinds().values()
    return tuple(dict.fromkeys(facet for each in chosen for facet in facets_of(each)))
