"""What became of every proposal of a draft: the question a delegate comes with.

A proposal is a passage that somebody's tag, a pair of brackets or a choice of options sets off
from the text. Its fate is read from the comparison with the adopted text (`rules.align`), where
all passages compete for the same provisions: of two options the one that gave the words wins and
the other is without a counterpart. A strike says what the drafters did on that day, not what the
conference adopted; it has no say here.
"""

from __future__ import annotations

from collections.abc import Sequence

from comity.mandate.rules.align import units
from comity.mandate.rules.words import explain, words
from comity.mandate.types import (
    Change,
    Confidence,
    Fate,
    Passage,
    Proposal,
    Provision,
    State,
    Target,
    Unit,
)


def is_proposal(passage: Passage) -> bool:
    """Whether a tag, brackets around the whole passage, or an offer of options set it off.

    Brackets around some of its words leave the passage itself undisputed.
    """
    if passage.tag or passage.option or passage.state in (State.BRACKETED, State.OPTION):
        return True
    if passage.group is not None and passage.state is not State.KEPT:
        return True
    spoken = [run for run in passage.runs if words(run.text)]
    return passage.bracketed and (
        not any(run.bracketed for run in spoken) or all(run.bracketed for run in spoken)
    )


def fates(
    passages: Sequence[Passage], adopted: Sequence[Provision], changes: Sequence[Change]
) -> tuple[Proposal, ...]:
    """The fate of every proposal among `passages`, in their order.

    `changes` is `align(units(passages), units(adopted))`. A proposal is *adopted* where it is the
    main source of a provision (verbatim: the same words), *merged* where its words went into a
    provision that mainly comes from another passage, and *dropped* where no trace was found.
    """
    before, after = units(passages), units(adopted)
    return tuple(
        _fate(index, passages, before, after, changes)
        for index, passage in enumerate(passages)
        if is_proposal(passage)
    )


def _fate(
    index: int,
    passages: Sequence[Passage],
    before: Sequence[Unit],
    after: Sequence[Unit],
    changes: Sequence[Change],
) -> Proposal:
    passage, mine = passages[index], before[index]
    found = [change for change in changes if index in change.old and change.new]
    # Where it is the main source first, then in the order of the adopted text.
    found.sort(key=lambda change: (change.old[0] != index, change.new))
    places = [j for change in found for j in change.new]
    if not found:
        fate = Fate.DROPPED
        best = max(range(len(after)), key=lambda j: _same(mine, after[j]), default=None)
        confidence, evidence = _absence(index, passages, before, after, changes)
    else:
        fate = _adopted(mine, found[0], index, before, after)
        best = max(places, key=lambda j: _same(mine, after[j]))
        confidence, evidence = found[0].confidence, list(found[0].evidence)
        if fate is not Fate.MERGED and found[0].old[0] != index:
            evidence.append("The main source has the same words, so its fate is theirs too.")
    if best is not None:
        count = explain(mine.text, after[best].text)
        near = f"{_place(after[best])}: {count.changes} changes over {count.words} words."
        evidence.append(f"Compared with {near}" if found else f"Most like it is {near}")
    return Proposal(
        passage=index,
        tag=passage.tag,
        proposer=passage.proposer,
        section=passage.section,
        text=mine.text,
        fate=fate,
        targets=tuple(Target(after[j].section, after[j].path) for j in dict.fromkeys(places)),
        similarity=_same(mine, after[best]) if best is not None else 0.0,
        confidence=confidence,
        evidence=tuple(evidence),
    )


def _adopted(
    mine: Unit, change: Change, index: int, before: Sequence[Unit], after: Sequence[Unit]
) -> Fate:
    """A copy of the main source shares its fate: the words were adopted, whichever stood."""
    main = change.old[0]
    if index != main and words(before[main].text) != words(mine.text):
        return Fate.MERGED
    if words(" ".join(after[j].text for j in change.new)) == words(mine.text):
        return Fate.VERBATIM
    return Fate.AMENDED


def _absence(
    index: int,
    passages: Sequence[Passage],
    before: Sequence[Unit],
    after: Sequence[Unit],
    changes: Sequence[Change],
) -> tuple[Confidence, list[str]]:
    """Why no trace was found: the comparison's word, and the rival that took the place."""
    (gone,) = [change for change in changes if change.old == (index,) and not change.new]
    evidence = list(gone.evidence)
    passage = passages[index]
    for change in changes:
        rivals = [
            i
            for i in change.old[:1]
            if change.new and passage.group is not None and passages[i].group == passage.group
        ]
        for i in rivals:
            count = explain(before[index].text, before[i].text)
            where = ", ".join(_place(after[j]) for j in change.new)
            evidence.append(
                f"Another passage offered at the same place became {where} "
                f"({count.changes} changes over {count.words} words between the two)."
            )
    # That no words came through can be seen; that no thought did cannot be seen from words.
    sure = Confidence.LIKELY if gone.confidence is Confidence.CERTAIN else gone.confidence
    return sure, evidence


def _same(a: Unit, b: Unit) -> float:
    return explain(a.text, b.text).similarity


def _place(unit: Unit) -> str:
    return f"{unit.section} {unit.path}"
