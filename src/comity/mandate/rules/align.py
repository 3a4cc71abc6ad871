"""What became of each unit of one text in another: the comparison behind every history page.

Three passes, each kept only where the one before found nothing: units that are each other's
nearest (`rules.pairs`), the best assignment of what is left, and a search for words that a
provision has from more than one place. Nothing here knows a document; every guess says why.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import linear_sum_assignment

from comity.mandate.rules.pairs import FLOOR, Floats, nearness, sections, spine, weigh
from comity.mandate.rules.words import explain, fold, in_order, words
from comity.mandate.types import Change, ChangeKind, Confidence, Passage, Provision, Unit

# Three words in a row, four times over, is six words or more in the same order: seen by accident
# only in set phrases, and those do not count (`_Wording.runs`).
RUN, RUNS = 3, 4
# A run that stands in more provisions than this is a set phrase ("in the use of ICTs").
SET_PHRASE = 2
# A passage that lost its provision still gave to it when a third of what the winner does not
# explain (by weight, rare words weighing more) are its words. Less is what any two passages of
# one section share.
SHARE = 1 / 3
# Nearness that a person would call obvious, and one where two readers may differ.
OBVIOUS, ARGUABLE = 0.5, 0.3
# What moved to another section and kept fewer of its words than this is nearest, not the same:
# Cuba's "3 ii" of the draft has 0.08 with "invites all 4", which nobody would call its fate; the
# least like of the pairs that are true, "resolves 4", has 0.22.
MOVED_WORDS = 0.15
# A line that only names an instrument, "Resolution 181 (Rev. Guadalajara, 2010) of the
# Plenipotentiary Conference", has 9 to 15 words.
REFERENCE_WORDS = 15


def units(pieces: Iterable[Passage | Provision]) -> tuple[Unit, ...]:
    """What the comparison sees. A wholly struck passage keeps its words: it may come back."""
    return tuple(
        Unit(p.section, p.path, p.num, p.text if isinstance(p, Provision) else p.clean or p.text)
        for p in pieces
    )


def align(old: Sequence[Unit], new: Sequence[Unit]) -> tuple[Change, ...]:
    """What became of `old` in `new`: one change for each unit of `new`, then those gone.

    Each index of `new` stands in exactly one change, each index of `old` in at least one; it
    stands in several where its words went to several provisions. The first index in
    `Change.old` is the main source. Cost grows with len(old) * len(new); 115 by 95 take 0.1 s.
    """
    both = _Comparison(old, new)
    both.find_mains()
    both.find_more_sources()
    return tuple(both.changes())


@dataclass(slots=True)
class _Source:
    """Why an old unit is held to have given words to a new one."""

    old: int
    how: str
    confidence: Confidence


@dataclass(slots=True)
class _Wording:
    """The words of one unit, and which of them no counterpart explains yet."""

    words: tuple[str, ...]
    free: list[bool] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.free = [True] * len(self.words)

    def reference(self) -> set[str]:
        """Its numbers, where it is short enough to do no more than name an instrument."""
        if len(self.words) > REFERENCE_WORDS:
            return set()
        return {word for word in self.words if any(sign.isdigit() for sign in word)}

    def runs(self, *, free: bool = False) -> set[tuple[str, ...]]:
        """Its stretches of `RUN` words; with `free`, those not explained yet."""
        last = len(self.words) - RUN + 1
        return {
            self.words[i : i + RUN] for i in range(last) if not free or all(self.free[i : i + RUN])
        }

    def free_words(self) -> Counter[str]:
        return Counter(w for w, free in zip(self.words, self.free, strict=True) if free)


def _explain_away(a: _Wording, b: _Wording) -> None:
    """Mark what `a` and `b` have in common, in order, as explained on both sides.

    A lone word in common explains nothing: any two paragraphs share an "and".
    """
    for i, j, size in in_order(a.words, b.words).get_matching_blocks():
        if size < 2:
            continue
        a.free[i : i + size] = [False] * size
        b.free[j : j + size] = [False] * size


class _Comparison:
    def __init__(self, old: Sequence[Unit], new: Sequence[Unit]) -> None:
        self.old, self.new = old, new
        known: dict[str, int] = {}
        self.heads = sections(old, known), sections(new, known)
        weights = weigh([unit.text for unit in (*old, *new)])
        self.scores: Floats = nearness(weights[: len(old)], weights[len(old) :], *self.heads)
        self.before = [_Wording(words(unit.text)) for unit in old]
        self.after = [_Wording(words(unit.text)) for unit in new]
        self._part_references()
        self.sources: dict[int, list[_Source]] = {}
        self.targets: dict[int, list[int]] = defaultdict(list)
        self.unexplained: dict[int, float] = {}  # by the main source, in weight
        everywhere = Counter(run for wording in self.after for run in wording.runs())
        self.set_phrases = {run for run, count in everywhere.items() if count > SET_PHRASE}
        holders = Counter(w for wording in (*self.before, *self.after) for w in set(wording.words))
        total = len(old) + len(new)
        self.rarity = {w: float(np.log((1 + total) / (1 + n))) for w, n in holders.items()}

    def _part_references(self) -> None:
        """In a line that only names an instrument the number is the name: two lines of that kind
        without any number in common are two instruments, however like the rest is."""
        before, after = (
            {n: numbers for n, wording in enumerate(side) if (numbers := wording.reference())}
            for side in (self.before, self.after)
        )
        for i, a in before.items():
            for j, b in after.items():
                if not a & b:
                    self.scores[i, j] = 0.0

    def _link(self, old: int, new: int, how: str, confidence: Confidence) -> None:
        self.sources.setdefault(new, []).append(_Source(old, how, confidence))
        self.targets[old].append(new)
        _explain_away(self.before[old], self.after[new])

    def find_mains(self) -> None:
        """The spine, then the best assignment of the rest."""
        for i, j in spine(self.scores):
            score = self.scores[i, j]
            sure = self.before[i].words == self.after[j].words or score >= OBVIOUS
            confidence = Confidence.CERTAIN if sure else Confidence.LIKELY
            self._link(i, j, f"Each is the other's nearest of all ({score:.2f}).", confidence)
        rows = [i for i in range(len(self.old)) if i not in self.targets]
        columns = [j for j in range(len(self.new)) if j not in self.sources]
        if not rows or not columns:
            return
        rest = self.scores[np.ix_(rows, columns)]
        rest = np.where(rest >= FLOOR, rest, 0.0)
        for r, c in zip(*linear_sum_assignment(rest, maximize=True), strict=True):
            if rest[r, c] >= FLOOR:
                sure = rest[r, c] >= ARGUABLE
                if self._is_chance(rows[r], columns[c]):
                    continue
                confidence = Confidence.LIKELY if sure else Confidence.DOUBTFUL
                how = f"The best pairing of what was left ({rest[r, c]:.2f})."
                self._link(rows[r], columns[c], how, confidence)

    def _is_chance(self, i: int, j: int) -> bool:
        """Whether two units of different sections share too few words to be one that moved."""
        if self.heads[0][i] == self.heads[1][j]:
            return False
        return explain(self.old[i].text, self.new[j].text).similarity < MOVED_WORDS

    def find_more_sources(self) -> None:
        """Passages that lost their provision, and passages whose words went to two places."""
        lost = [i for i in range(len(self.old)) if i not in self.targets]
        best = {i: int(self.scores[i].argmax()) for i in lost if self.scores.shape[1]}
        lost = [i for i in lost if i in best and self.scores[i, best[i]] >= FLOOR]
        for i in sorted(lost, key=lambda i: (-self._share_found(i, best[i]), i)):
            if best[i] in self.sources:
                self._try_rival(i, best[i])
        pairs = self._pairs_with_free_runs()
        for i, j in sorted(pairs, key=lambda pair: (-len(self._free_runs(*pair)), pair)):
            shared = self._free_runs(i, j)  # may have shrunk since: a closer pair goes first
            if len(shared) >= RUNS and all(s.old != i for s in self.sources.get(j, [])):
                quoted = ", ".join(f"“{' '.join(run)}”" for run in sorted(shared)[:3])
                what = "else" if j in self.sources else "near"
                how = f"{len(shared)} runs of three words come from nothing {what}: {quoted}."
                self._link(i, j, how, Confidence.LIKELY)

    def _share_found(self, i: int, j: int) -> float:
        """How much of an old unit, by its runs, stands in a new one: the least loss goes first."""
        mine = self.before[i].runs()
        return len(mine & self.after[j].runs()) / len(mine) if mine else 0.0

    def _try_rival(self, i: int, j: int) -> None:
        main = self.sources[j][0].old
        if self.before[i].words == self.before[main].words:
            how = "Word for word the same as the main source; which of the two stood is not told."
            self._link(i, j, how, Confidence.LIKELY)
            return
        shared = (self.before[i].runs() & self.after[j].runs()) - self.set_phrases
        free = self.after[j].free_words()
        given = free & Counter(self.before[i].words)
        weight = self._weight(given) / self.unexplained.setdefault(j, self._weight(free) or 1.0)
        if len(shared) >= RUNS and given.total() >= RUNS and weight >= SHARE:
            rare = sorted(given, key=lambda w: (-self.rarity[w], w))[:6]
            how = (
                f"It shares {len(shared)} runs of three words with the provision and has "
                f"{weight:.0%} of what the main source does not explain: {', '.join(rare)}."
            )
            self._link(i, j, how, Confidence.DOUBTFUL)

    def _weight(self, counted: Counter[str]) -> float:
        return sum(self.rarity[word] * count for word, count in counted.items())

    def _free_runs(self, i: int, j: int) -> set[tuple[str, ...]]:
        common = self.before[i].runs(free=True) & self.after[j].runs(free=True)
        return common - self.set_phrases

    def _pairs_with_free_runs(self) -> list[tuple[int, int]]:
        holders: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for i, wording in enumerate(self.before):
            for run in wording.runs(free=True) - self.set_phrases:
                holders[run].append(i)
        counted = Counter(
            (i, j)
            for j, wording in enumerate(self.after)
            for run in wording.runs(free=True)
            for i in holders.get(run, ())
        )
        return [pair for pair, count in counted.items() if count >= RUNS]

    def changes(self) -> Iterable[Change]:
        crossing = self._crossing()
        done: set[int] = set()
        for j in range(len(self.new)):
            if j in done:
                continue
            sources = self.sources.get(j, [])
            targets = [j]
            if len(sources) == 1:  # parts that have this source alone are one split
                targets = [t for t in self.targets[sources[0].old] if len(self.sources[t]) == 1]
            done.update(targets)
            yield self._change(sources, sorted(targets), crossing)
        for i in range(len(self.old)):
            if i not in self.targets:
                yield self._alone(ChangeKind.GONE, i)

    def _change(self, sources: list[_Source], targets: list[int], crossing: set[int]) -> Change:
        if not sources:
            return self._alone(ChangeKind.NEW, targets[0])
        old = tuple(source.old for source in sources)
        kind, why = self._kind(old, targets, crossing)
        # From the main source alone: joined sources hold words twice, and a redline of them would
        # show as removed what stands in the new text.
        new = " ".join(self.new[j].text for j in targets)
        count = explain(self.old[old[0]].text, new)
        whence = " from the main source alone" if len(old) > 1 else ""
        said = f"{count.changes} changes over {count.words} words{whence}."
        rank = list(Confidence)
        return Change(
            kind,
            old,
            tuple(targets),
            count.similarity,
            max((source.confidence for source in sources), key=rank.index),
            (*(source.how for source in sources), *why, said),
            sources[0].confidence,
        )

    def _kind(
        self, old: tuple[int, ...], targets: list[int], crossing: set[int]
    ) -> tuple[ChangeKind, list[str]]:
        i, j = old[0], targets[0]
        if len(old) > 1:
            return ChangeKind.MERGED, ["Its words come from more than one passage."]
        if len(self.targets[i]) > 1:
            return ChangeKind.SPLIT, ["The passage went to more than one provision."]
        if self.heads[0][i] != self.heads[1][j]:
            return ChangeKind.MOVED, [f"It stood under “{self.old[i].section}”."]
        if i in crossing and _number(self.old[i]) != _number(self.new[j]):
            return ChangeKind.RENUMBERED, ["Its neighbours kept their order; it changed places."]
        if self.before[i].words == self.after[j].words:
            return ChangeKind.SAME, []
        return ChangeKind.AMENDED, []

    def _alone(self, kind: ChangeKind, index: int) -> Change:
        gone = kind is ChangeKind.GONE
        scores = self.scores[index, :] if gone else self.scores[:, index]
        others = self.new if gone else self.old
        best = int(scores.argmax()) if scores.size else -1
        score = float(scores[best]) if scores.size else 0.0
        evidence = "Nothing on the other side to compare it with."
        if score > 0:
            place = f"{others[best].section} {others[best].num or others[best].path}"
            evidence = f"No counterpart; the nearest is {place} ({score:.2f})."
        steps = ((ARGUABLE, Confidence.CERTAIN), (OBVIOUS, Confidence.LIKELY))
        sure = next((c for limit, c in steps if score < limit), Confidence.DOUBTFUL)
        where = (index,)
        return Change(kind, where if gone else (), () if gone else where, 0.0, sure, (evidence,))

    def _crossing(self) -> set[int]:
        """Old units that changed places with neighbours of their section: those outside the
        longest run of pairs that kept their order. A mere shift of numbers leaves all in it."""
        crossing: set[int] = set()
        homes: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for j, sources in self.sources.items():
            i = sources[0].old
            if self.heads[0][i] == self.heads[1][j] and self.targets[i][0] == j:
                homes[int(self.heads[1][j])].append((i, j))
        for pairs in homes.values():
            pairs.sort()
            kept = _longest_increasing([j for _, j in pairs])
            crossing.update(i for n, (i, _) in enumerate(pairs) if n not in kept)
        return crossing


def _number(unit: Unit) -> str:
    return fold(unit.num or unit.path).strip("().[] ")


def _longest_increasing(values: Sequence[int]) -> set[int]:
    """Positions of one longest increasing subsequence (patience sorting)."""
    tails: list[int] = []  # smallest last value of a run of each length
    ends: list[int] = []  # its position
    before: list[int] = []
    for n, value in enumerate(values):
        k = bisect_left(tails, value)
        before.append(ends[k - 1] if k else -1)
        tails[k : k + 1] = [value]
        ends[k : k + 1] = [n]
    kept: set[int] = set()
    n = ends[-1] if ends else -1
    while n >= 0:
        kept.add(n)
        n = before[n]
    return kept
