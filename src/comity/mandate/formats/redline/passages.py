"""From paragraphs to passages: runs, numbers as read, paths, groups of alternatives."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from comity.mandate.formats.redline.labels import Label, proposer
from comity.mandate.formats.redline.numbers import letter
from comity.mandate.formats.redline.paragraphs import Paragraph
from comity.mandate.formats.redline.repairs import join_blanks, repair, repair_struck
from comity.mandate.formats.redline.scope import bracket_of, tag_scopes
from comity.mandate.formats.redline.states import Judgement, judge, read_fused
from comity.mandate.types import Passage, Provision, Run, Span, State

# Of passages with one number, the running text has the plain path; what is offered or struck
# beside it takes the suffixes.
_RANK = {State.KEPT: 0, State.INSERTED: 0, State.OPTION: 1, State.BRACKETED: 2, State.STRUCK: 3}


def passages_of(
    paragraphs: Sequence[Paragraph], proposers: Mapping[str, str]
) -> tuple[Passage, ...]:
    """Every paragraph as a passage, in the order of the source."""
    labels = tag_scopes(paragraphs)
    read_fused(paragraphs, labels)
    repaired = [_runs(p) for p in paragraphs]
    judged = judge(paragraphs, labels, [bool(evidence) for _, evidence in repaired])
    paths = _paths(paragraphs, judged)
    groups = _groups(paragraphs, labels)
    standing = _standing_inside(paragraphs)
    return tuple(
        Passage(
            section=p.section,
            path=paths[i],
            num_printed=p.printed.text,
            num=_read_number(p),
            runs=repaired[i][0],
            state=judged[i].state,
            explicit=judged[i].explicit,
            why="; ".join((judged[i].why, *repaired[i][1])),
            tag=labels[i].tag,
            proposer=proposer(labels[i].tag, labels[i].name, proposers) if labels[i].tag else "",
            option=labels[i].option,
            group=groups[i],
            lines=tuple(p.lines),
            span=Span(p.start, max([p.start, *(piece.end for piece in p.pieces)])),
            bracketed=bracket_of(p) >= 0,
            within=standing[i][0] if i in standing else None,
            at=standing[i][1] if i in standing else None,
        )
        for i, p in enumerate(paragraphs)
    )


def _standing_inside(paragraphs: Sequence[Paragraph]) -> dict[int, tuple[int, int]]:
    """For each insertion the outermost passage it stands in, and how many characters of that
    passage's runs stand before it."""
    standing: dict[int, tuple[int, int]] = {}
    for i, paragraph in enumerate(paragraphs):
        if paragraph.cuts >= 0:
            host = paragraph.cuts  # always before it: an insertion in an insertion comes later
            standing[i] = standing.get(host, (host, paragraph.cuts_at))
    return standing


def provisions_of(passages: Sequence[Passage]) -> tuple[Provision, ...]:
    """The clean reading: every passage that has words left when the struck ones are gone."""
    return tuple(
        Provision(p.section, p.path, p.num, p.clean, span=p.span)
        for p in passages
        if any(c.isalnum() for c in p.clean)
    )


def _runs(paragraph: Paragraph) -> tuple[tuple[Run, ...], tuple[str, ...]]:
    """Runs with their repairs. A blank that stands for a line end joins the run behind it."""
    runs = join_blanks(
        Run(p.text, p.struck, Span(p.start, p.end), p.emphasis, p.bracket >= 0)
        for p in paragraph.pieces
    )
    done, evidence = (repair_struck if paragraph.struck else repair)(runs)
    return tuple(join_blanks(done)), evidence


def _read_number(paragraph: Paragraph) -> str:
    printed, place = paragraph.printed, paragraph.place
    if len(place.candidates) < 2:
        return printed.text
    return printed.text.replace(printed.letters, letter(place.value))


def _paths(paragraphs: Sequence[Paragraph], judged: Sequence[Judgement]) -> list[str]:
    """Numbers joined by "/" from the outermost list inwards, unique in each section name."""
    paths = [""] * len(paragraphs)
    numbered = {p.ordinal for p in paragraphs if p.place.style}
    names = [_name(paragraphs, p, numbered) for p in paragraphs]
    taken: dict[tuple[str, str], int] = defaultdict(int)
    unnumbered = [not p.place.style and p.place.anchor >= 0 for p in paragraphs]
    order = sorted(
        range(len(paragraphs)),
        key=lambda i: (
            paragraphs[i].place.depth, unnumbered[i], _RANK[judged[i].state], i
        ),
    )  # fmt: skip
    for i in order:
        parent = paragraphs[i].place.parent
        full = f"{paths[parent]}/{names[i]}" if parent >= 0 else names[i]
        key = (paragraphs[i].section, full)
        taken[key] += 1
        paths[i] = full if taken[key] == 1 else f"{full}-{taken[key]}"
    return paths


def _name(paragraphs: Sequence[Paragraph], paragraph: Paragraph, numbered: set[int]) -> str:
    anchor = paragraph if paragraph.place.style else None
    if anchor is None and paragraph.place.anchor >= 0:
        anchor = paragraphs[paragraph.place.anchor]
    if anchor:
        return _read_number(anchor).strip("().")
    return "chapeau" if paragraph.ordinal in numbered else "p"


def _groups(paragraphs: Sequence[Paragraph], labels: Sequence[Label]) -> list[int | None]:
    """Neighbours of one number in the same bracket, or each under a tag or option of its own, are
    alternatives; so is an unnumbered paragraph in brackets to the one before it."""
    groups: list[int | None] = [None] * len(paragraphs)
    count = 0
    for i in range(1, len(paragraphs)):
        if not _alternatives(paragraphs[i - 1], labels[i - 1], paragraphs[i], labels[i]):
            continue
        if groups[i - 1] is None:
            groups[i - 1], count = count, count + 1
        groups[i] = groups[i - 1]
    return groups


def _alternatives(a: Paragraph, a_label: Label, b: Paragraph, b_label: Label) -> bool:
    if a.ordinal != b.ordinal or a.place.depth != b.place.depth or b.cuts >= 0:
        return False
    same_bracket = bracket_of(a) >= 0 and bracket_of(a) == bracket_of(b)
    if not b.printed.text:
        return same_bracket or (bracket_of(b) >= 0 and bool(b_label.tag) and a_label == b_label)
    same_number = a.printed.text == b.printed.text
    return same_number and (same_bracket or bool(a_label.tag and b_label.tag))
