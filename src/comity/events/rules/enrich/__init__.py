"""An address to its network, AS, registered and geolocated country: offline, from range tables."""

from comity.events.rules.enrich.building import build
from comity.events.rules.enrich.looking import enrich
from comity.events.rules.enrich.reading import BadTable, Layer, read
from comity.events.rules.enrich.table import Table, pack, unpack

__all__ = ["BadTable", "Layer", "Table", "build", "enrich", "pack", "read", "unpack"]
