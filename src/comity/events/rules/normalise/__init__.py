"""Columns of a source to columns of an event. `plan` once a file, `normalise` once a chunk."""

from comity.events.rules.normalise.planning import plan
from comity.events.rules.normalise.rows import Normalised, normalise

__all__ = ["Normalised", "normalise", "plan"]
