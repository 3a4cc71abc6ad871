"""Which instruments a provision names: issuer, kind, number, place, year, part.

One instrument named in one place is one citation: "Resolutions 45 and 69 (Rev. Dubai, 2014)" are
two ("Resolutions 45" and "69 (Rev. Dubai, 2014)", so that each can carry its own link), while
"§§ 35 and 36 of the Geneva Declaration of Principles" is one with a subdivision. Slips of the
source are kept as printed and flagged. A conference, an event or a programme without a number or
a name of its own ("WTSA-12", "the Global Cybersecurity Agenda", "this resolution") is none.
"""

from __future__ import annotations

from comity.mandate.types import Citation

from .finding import UNKNOWN, Finder

__all__ = ["UNKNOWN", "citations"]


def citations(section: str, path: str, text: str, *, conference: str) -> tuple[Citation, ...]:
    """The instruments that one provision names, in the order of the text, never overlapping.

    `conference` is the issuer of the text itself ("PP"): what "this conference" means.
    `as_printed` is `text[start:end]`. `issuer` is "" where nothing tells, and the key begins
    with `UNKNOWN`; `how` says what told:
    "named", "this conference", "place and year", "form of the number", "named before",
    "conference named before", "known by number" or "known by name".

    >>> [(c.key, c.year) for c in citations("x", "a", "Resolutions 45 and 69 (Rev. Dubai, 2014)",
    ...                                     conference="PP")]
    [('wtdc/res-45', 2014), ('wtdc/res-69', 2014)]
    """
    return Finder(section, path, text, conference).find()
