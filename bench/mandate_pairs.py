"""Compare all pairs of 200 synthetic resolutions of 40 units: 19,900 pairs, target under 3 s.

    python bench/mandate_pairs.py            # prints one line
    python bench/mandate_pairs.py --check    # the same, and leaves with 1 above the target

The resolutions are drawn as resolutions come about: families that start from one text and are
revised again and again, with words changed, years moved on, units added, dropped, merged and put
under another heading. The generator is seeded; what it makes is sample, no real resolution.
"""

from __future__ import annotations

import random
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))  # this checkout's code

from comity.mandate.rules.pairs import align_all
from comity.mandate.types import Unit

TEXTS, UNITS, FAMILIES, TARGET = 200, 40, 20, 3.0
SECTIONS = (
    "recalling", "considering", "recognizing", "aware", "noting", "resolves",
    "instructs the Secretary-General", "instructs the Directors", "invites Member States",
)  # fmt: skip
# The words that tie sentences together are few and stand everywhere, as in real resolutions;
# the others follow Zipf's law.
TIES = ("the", "of", "and", "to", "in", "on", "for", "with", "by", "as", "that", "its", "under")


class Drafter:
    """Draws units and revises them. All chance comes from one seed."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - a benchmark, no secret
        syllables = [c + v for c in "bcdfglmnprstv" for v in "aeiou"]
        self.lexicon = [
            "".join(self.chance.choices(syllables, k=self.chance.randint(2, 4)))
            for _ in range(3000)
        ]
        self.zipf = [1 / (rank + 5) for rank in range(len(self.lexicon))]

    def wording(self) -> str:
        length = self.chance.randint(8, 70)
        words = self.chance.choices(self.lexicon, self.zipf, k=length)
        words = [self.chance.choice(TIES) if self.chance.random() < 0.4 else w for w in words]
        if self.chance.random() < 0.3:
            year = self.chance.choice((2002, 2006, 2010, 2014))
            words.append(f"Resolution {self.chance.randint(1, 200)} (Rev. Dubai, {year})")
        return " ".join(words) + ";"

    def resolution(self) -> list[Unit]:
        heads = sorted(self.chance.choices(range(len(SECTIONS)), k=UNITS))
        return [Unit(SECTIONS[h], str(n), str(n), self.wording()) for n, h in enumerate(heads)]

    def revised(self, text: list[Unit]) -> list[Unit]:
        units = []
        for unit in text:
            luck = self.chance.random()
            if luck < 0.05:  # dropped, and another put in its place
                units.append(Unit(unit.section, unit.path, unit.num, self.wording()))
            elif luck < 0.10:  # under another heading
                head = self.chance.choice(SECTIONS)
                units.append(Unit(head, unit.path, unit.num, unit.text))
            elif luck < 0.45:
                units.append(Unit(unit.section, unit.path, unit.num, self.amended(unit.text)))
            else:
                units.append(unit)
        return units

    def amended(self, text: str) -> str:
        words = text.replace("2010", "2014").split()
        for _ in range(self.chance.randint(1, 1 + len(words) // 5)):
            at = self.chance.randrange(len(words))
            words[at : at + self.chance.randint(0, 2)] = self.chance.choices(self.lexicon, k=1)
        return " ".join(words)


def collection(seed: int = 130) -> list[list[Unit]]:
    """`TEXTS` resolutions of `UNITS` units in `FAMILIES` families."""
    drafter = Drafter(seed)
    texts: list[list[Unit]] = []
    for _ in range(FAMILIES):
        text = drafter.resolution()
        for _ in range(TEXTS // FAMILIES):
            texts.append(text)
            text = drafter.revised(text)
    return texts


def main(arguments: list[str]) -> int:
    texts = collection()
    start = time.perf_counter()
    rows = align_all(texts)
    seconds = time.perf_counter() - start
    kin = sum(row.score >= 0.5 for row in rows)
    print(
        f"mandate pairs: {len(rows)} pairs of {TEXTS} resolutions of {UNITS} units "
        f"in {seconds:.2f} s (target {TARGET:.0f} s); {kin} pairs are close kin"
    )
    return int("--check" in arguments and seconds > TARGET)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
