"""What the marks say of each paragraph, and what must be inferred where they say nothing.

Struck, option and bracketed are explicit. Kept and inserted are not marked in a flattened draft:
they are inferred from numbers (a fused number is an old paragraph renumbered), from the old end
of a section, from tags, and every inference says why.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from comity.mandate.formats.redline.labels import Label
from comity.mandate.formats.redline.numbers import rising
from comity.mandate.formats.redline.paragraphs import Paragraph
from comity.mandate.formats.redline.scope import bracket_of
from comity.mandate.types import State

COPY = 0.8  # share of common words from which a struck neighbour is a copy, not what was replaced


@dataclass(frozen=True, slots=True)
class Judgement:
    state: State
    explicit: bool
    why: str


def read_fused(paragraphs: Sequence[Paragraph], labels: Sequence[Label]) -> None:
    """Give every fused letter its value from the run of letters in its list."""
    for items in _letter_lists(paragraphs).values():
        if not any(len(p.place.candidates) > 1 for _, p in items):
            continue
        chain = [p for i, p in items if _is_base(p, labels[i])]
        for paragraph, value in zip(
            chain, rising([p.place.candidates for p in chain]) if chain else [], strict=True
        ):
            paragraph.place.value = value


def judge(
    paragraphs: Sequence[Paragraph], labels: Sequence[Label], repaired: Sequence[bool]
) -> list[Judgement]:
    """State of every paragraph. `repaired`: old and new words were told apart in it."""
    inserted = _unfused_in_renumbered(paragraphs, labels, repaired)
    behind = _behind_old_end(paragraphs, labels)
    judged: list[Judgement] = []
    for i, paragraph in enumerate(paragraphs):
        parent = paragraph.place.parent
        if marked := _marked(paragraph, labels[i]):
            verdict = marked
        elif labels[i].tag or labels[i].option:
            verdict = _infer(State.INSERTED, f"stands under the tag {labels[i].tag}")
        elif len(paragraph.place.candidates) > 1:
            verdict = _infer(
                State.KEPT, f"renumbered: {paragraph.printed.text} holds an old letter"
            )
        elif repaired[i] or any(p.struck for p in paragraph.pieces):
            verdict = _infer(State.KEPT, "holds old words beside new ones")
        elif i in inserted:
            verdict = inserted[i]
        elif replaced := _beside_struck(paragraphs, labels, i):
            verdict = replaced
        elif i in behind:
            verdict = _infer(
                State.INSERTED, f"stands behind the old end of the section, line {behind[i]}"
            )
        elif parent >= 0 and judged[parent].state is State.INSERTED:
            verdict = _infer(State.INSERTED, "item of an inserted paragraph")
        else:
            verdict = _infer(State.KEPT, "no mark, no tag")
        judged.append(verdict)
    return judged


def _infer(state: State, why: str) -> Judgement:
    return Judgement(state, False, why)


def _marked(paragraph: Paragraph, label: Label) -> Judgement | None:
    if paragraph.struck:
        return Judgement(State.STRUCK, True, "all words struck")
    if label.option:
        return Judgement(State.OPTION, True, f"labelled option {label.option}")
    if bracket_of(paragraph) >= 0:
        return Judgement(State.BRACKETED, True, "stands in brackets")
    return None


def _is_base(paragraph: Paragraph, label: Label) -> bool:
    """Not proposed by anybody in particular, not struck: the running text."""
    return not (paragraph.struck or label.tag or label.option or bracket_of(paragraph) >= 0)


def _letter_lists(
    paragraphs: Sequence[Paragraph],
) -> dict[tuple[int, int], list[tuple[int, Paragraph]]]:
    lists: dict[tuple[int, int], list[tuple[int, Paragraph]]] = defaultdict(list)
    for i, paragraph in enumerate(paragraphs):
        if paragraph.place.style == "letter":
            lists[paragraph.ordinal, paragraph.place.parent].append((i, paragraph))
    return lists


def _unfused_in_renumbered(
    paragraphs: Sequence[Paragraph], labels: Sequence[Label], repaired: Sequence[bool]
) -> dict[int, Judgement]:
    """In a list where others carry fused letters, who is new? Before an item that was d) stood
    three items; as many unfused ones as these leave room for are kept, the others are new."""
    verdicts: dict[int, Judgement] = {}
    for items in _letter_lists(paragraphs).values():
        if not any(len(p.place.candidates) > 1 for _, p in items):
            continue
        settled, kept, waiting = 0, 0, list[int]()
        for i, paragraph in items:
            place = paragraph.place
            if len(place.candidates) > 1:
                old = next(c for c in place.candidates if c != place.value)
                room = old - 1 - settled - kept
                if room <= len(waiting):  # else the old letter is misprinted
                    for n, index in enumerate(waiting):
                        verdicts[index] = (
                            _infer(State.KEPT, f"its letter stood before {paragraph.printed.text}")
                            if n < room
                            else _infer(State.INSERTED, "not renumbered, where others are")
                        )
                    kept += min(max(room, 0), len(waiting))
                    waiting = []
                settled += 1
            elif not _is_base(paragraph, labels[i]):
                settled += paragraph.struck
            elif repaired[i] or any(p.struck for p in paragraph.pieces):
                settled += 1
            else:
                waiting.append(i)
        for index in waiting:
            verdicts[index] = _infer(State.INSERTED, "not renumbered, where others are")
    return verdicts


def _behind_old_end(paragraphs: Sequence[Paragraph], labels: Sequence[Label]) -> dict[int, int]:
    """Items behind the one item of a section that ends on a comma, as sections end; the value is
    that item's line. Where commas are the habit of a section they say nothing."""
    sections: dict[int, list[int]] = defaultdict(list)
    for i, p in enumerate(paragraphs):
        if p.place.style and p.place.depth == 0 and p.cuts < 0 and _is_base(p, labels[i]):
            sections[p.ordinal].append(i)
    behind: dict[int, int] = {}
    for members in sections.values():
        ends = [i for i in members[:-1] if paragraphs[i].plain.endswith(",")]
        if len(ends) == 1:
            behind |= {i: paragraphs[ends[0]].lines[-1] for i in members if i > ends[0]}
    return behind


def _beside_struck(
    paragraphs: Sequence[Paragraph], labels: Sequence[Label], at: int
) -> Judgement | None:
    """A paragraph beside a struck one of the same number replaces it, or the other is its copy."""
    paragraph, best = paragraphs[at], -1.0
    for i in (at - 1, at + 1):
        if not 0 <= i < len(paragraphs) or not paragraphs[i].struck or labels[i].tag:
            continue
        other = paragraphs[i]
        same = (other.ordinal, other.printed.text) == (paragraph.ordinal, paragraph.printed.text)
        if same and paragraph.printed.text:
            best = max(best, _common(paragraph.plain, other.plain))
    if best < 0:
        return None
    if best >= COPY:
        return _infer(State.KEPT, "the struck text beside it is a copy")
    return _infer(State.INSERTED, "stands beside struck text of the same number")


def _common(a: str, b: str) -> float:
    left, right = (set(re.findall(r"\w+", t.lower())) for t in (a, b))
    return len(left & right) / max(len(left | right), 1)
