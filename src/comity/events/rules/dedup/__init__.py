"""Twice is once: a key for each row, runs of keys in order, what is new among them."""

from comity.events.rules.dedup.keys import finding_keys, row_keys
from comity.events.rules.dedup.runs import Keys, among, first_of, merged, ordered

__all__ = ["Keys", "among", "finding_keys", "first_of", "merged", "ordered", "row_keys"]
