"""Small plots as numbers: the pages only write them down. No axis, no scale to argue about: the
highest bar fills the height, and the number stands beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

HEIGHT, STEP, WIDTH = 24, 4, 3
LEAST = 1.0  # a bar of nothing is still seen as a bar
UNUSUAL = 3.0
"""Times the median from which a bar is marked: a look, no statistics."""
ENOUGH = 10  # counts below are not unusual, whatever the median


@dataclass(frozen=True, slots=True)
class Bar:
    x: int
    y: float
    height: float
    kind: str  # "hi": unusual; "now": the last one; "" otherwise


def bars(counts: Sequence[int], *, mirrored: bool = False) -> list[Bar]:
    """A bar a count, in order; `mirrored` begins at the right, for scripts that do."""
    top = max(counts, default=0)
    usual = median(counts) if counts else 0
    made = []
    for place, count in enumerate(counts):
        height = max(LEAST, round((HEIGHT - 2) * count / top, 2)) if top else LEAST
        kind = "now" if place == len(counts) - 1 else ""
        if count >= ENOUGH and usual and count > UNUSUAL * usual:
            kind = "hi"
        x = (len(counts) - 1 - place if mirrored else place) * STEP
        made.append(Bar(x, round(HEIGHT - height, 2), height, kind))
    return made
