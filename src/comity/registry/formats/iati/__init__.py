"""Entries as activities of the International Aid Transparency Initiative, version 2.03.

`activity` shapes one entry, `parts` writes the elements, `stream` makes the file
(of `head`, a `piece` an entry, `tail`).
"""

from comity.registry.formats.iati.activity import Held, Reporter, activity, can_be_told
from comity.registry.formats.iati.file import MEDIA_TYPE, head, piece, stream, tail

__all__ = [
    "MEDIA_TYPE",
    "Held",
    "Reporter",
    "activity",
    "can_be_told",
    "head",
    "piece",
    "stream",
    "tail",
]
