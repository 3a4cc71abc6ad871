"""Acts of the registry. Doors import them from here."""

from comity.registry.actions.batching import submit_file
from comity.registry.actions.indexing import index, renew_standings
from comity.registry.actions.loading import (
    Loaded,
    kind_named,
    load_file,
    remove_sample,
    sheet_of,
    take_file,
)
from comity.registry.actions.mending import drop_row, mend_row
from comity.registry.actions.replying import answer, confirm_entry, withdraw_reply
from comity.registry.actions.reviewing import Words, act_on
from comity.registry.actions.sample import load_sample
from comity.registry.actions.searching import delete_search, save_search, see_search
from comity.registry.actions.submitting import own_body, submit_record
from comity.registry.actions.writing import Clash, Speaker, handling_of, store
from comity.registry.types import RegistryError

__all__ = [
    "Clash",
    "Loaded",
    "RegistryError",
    "Speaker",
    "Words",
    "act_on",
    "answer",
    "confirm_entry",
    "delete_search",
    "drop_row",
    "handling_of",
    "index",
    "kind_named",
    "load_file",
    "load_sample",
    "mend_row",
    "own_body",
    "remove_sample",
    "renew_standings",
    "save_search",
    "see_search",
    "sheet_of",
    "store",
    "submit_file",
    "submit_record",
    "take_file",
    "withdraw_reply",
]
