"""A text changed in known ways: what the comparison should find, for texts it was not made on."""

from __future__ import annotations

import random
from collections.abc import Sequence

from comity.mandate.types import ChangeKind, Unit

Links = set[tuple[int, int]]


class Reviser:
    """Revises a text as conferences do and keeps account of what came from where."""

    def __init__(self, text: Sequence[Unit], seed: int) -> None:
        self.chance = random.Random(seed)
        self.text = text
        self.vocabulary = sorted({word for unit in text for word in unit.text.split()})
        # Each row of the new text: the unit, the old indices it comes from, what was done.
        self.rows = [(unit, [n], ChangeKind.SAME) for n, unit in enumerate(text)]

    def revise(self) -> tuple[list[Unit], Links, dict[int, ChangeKind]]:
        """The new text, the pairs (old, new), and the kind of each new unit that has one source
        and was changed in one way only."""
        for act, times in (
            (self.drop, 5), (self.add, 5), (self.amend, 30), (self.move, 5), (self.swap, 3),
            (self.merge, 3), (self.split, 3),
        ):  # fmt: skip
            for _ in range(times):
                act()
        links = {(i, j) for j, (_, sources, _) in enumerate(self.rows) for i in sources}
        kinds = {j: kind for j, (_, _, kind) in enumerate(self.rows)}
        return [unit for unit, _, _ in self.rows], links, kinds

    def pick(self, words: int = 0) -> int:
        """An untouched row of at least so many words."""
        return self.chance.choice([
            n for n, (unit, _, kind) in enumerate(self.rows)
            if kind is ChangeKind.SAME and len(unit.text.split()) >= words
        ])  # fmt: skip

    def drop(self) -> None:
        del self.rows[self.pick()]

    def add(self) -> None:
        words = self.chance.choices(self.vocabulary, k=self.chance.randint(12, 40))
        at = self.pick()
        unit = Unit(self.rows[at][0].section, "new", "new", " ".join(words))
        self.rows.insert(at, (unit, [], ChangeKind.NEW))

    def amend(self) -> None:
        at = self.pick(words=8)
        unit, sources, _ = self.rows[at]
        words = unit.text.split()
        for _ in range(self.chance.randint(1, len(words) // 4)):
            spot = self.chance.randrange(len(words))
            words[spot : spot + self.chance.randint(0, 2)] = [self.chance.choice(self.vocabulary)]
        changed = Unit(unit.section, unit.path, unit.num, " ".join(words))
        self.rows[at] = (changed, sources, ChangeKind.AMENDED)

    def move(self) -> None:
        row = self.rows.pop(self.pick(words=8))
        homes = [n for n, (unit, _, _) in enumerate(self.rows) if unit.section != row[0].section]
        at = self.chance.choice(homes)
        unit = Unit(self.rows[at][0].section, "moved", "moved", row[0].text)
        self.rows.insert(at, (unit, row[1], ChangeKind.MOVED))

    def swap(self) -> None:
        """Two neighbours of a section change places, each taking the other's number."""
        at = self.chance.choice([
            n for n, (a, b) in enumerate(zip(self.rows, self.rows[1:], strict=False))
            if a[2] is b[2] is ChangeKind.SAME and a[0].section == b[0].section
        ])  # fmt: skip
        (a, a_from, _), (b, b_from, _) = self.rows[at : at + 2]
        self.rows[at : at + 2] = [
            (Unit(a.section, a.path, a.num, b.text), b_from, ChangeKind.RENUMBERED),
            (Unit(b.section, b.path, b.num, a.text), a_from, ChangeKind.RENUMBERED),
        ]

    def merge(self) -> None:
        at = self.pick(words=12)
        unit, sources, _ = self.rows.pop(at)
        into = self.pick(words=12)
        host, others, _ = self.rows[into]
        text = f"{host.text.rstrip(';,.')}, and {unit.text}"
        merged = Unit(host.section, host.path, host.num, text)
        self.rows[into] = (merged, others + sources, ChangeKind.MERGED)

    def split(self) -> None:
        at = self.pick(words=30)
        unit, sources, _ = self.rows[at]
        words = unit.text.split()
        middle = len(words) // 2
        parts = (" ".join(words[:middle]) + ";", "to " + " ".join(words[middle:]))
        self.rows[at : at + 1] = [
            (Unit(unit.section, unit.path + str(n), unit.num + str(n), part), sources,
             ChangeKind.SPLIT)
            for n, part in enumerate(parts)
        ]  # fmt: skip
