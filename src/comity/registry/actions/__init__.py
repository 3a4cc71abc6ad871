"""Acts of the registry. Doors import them from here."""

from comity.registry.actions.indexing import index, renew_standings
from comity.registry.actions.loading import (
    Loaded,
    kind_named,
    load_file,
    remove_sample,
    sheet_of,
    take_file,
)
from comity.registry.actions.sample import load_sample
from comity.registry.actions.writing import Clash, Speaker, handling_of, store
from comity.registry.types import RegistryError

__all__ = [
    "Clash",
    "Loaded",
    "RegistryError",
    "Speaker",
    "handling_of",
    "index",
    "kind_named",
    "load_file",
    "load_sample",
    "remove_sample",
    "renew_standings",
    "sheet_of",
    "store",
    "take_file",
]
