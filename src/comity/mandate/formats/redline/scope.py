"""How far a tag reaches, and where a bracket that never closes may be taken to end.

The draft says whose text begins, never where it ends. The rules: a bracket under the tag ends
the scope when it closes; an option covers one paragraph with its items; a tag on a line that
cuts a paragraph covers what it cuts in; any other tag covers what follows as long as numbers
run on from its first paragraph.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from comity.mandate.formats.redline.doubts import Doubts
from comity.mandate.formats.redline.labels import Label
from comity.mandate.formats.redline.paragraphs import Paragraph


def bracket_of(paragraph: Paragraph) -> int:
    """The bracket that holds all words of a paragraph (offset of its sign), or -1."""
    found = {p.bracket for p in paragraph.pieces if any(c.isalnum() for c in p.text)}
    return found.pop() if len(found) == 1 else -1


def extend_unclosed(
    paragraphs: Sequence[Paragraph], unclosed: frozenset[int], doubts: Doubts
) -> None:
    """Let each unclosed bracket run on over unnumbered paragraphs and repeats of its number."""
    openers: dict[int, int] = {}
    for i, paragraph in enumerate(paragraphs):
        for piece in paragraph.pieces:
            if piece.bracket in unclosed:
                openers.setdefault(piece.bracket, i)
    for offset in sorted(unclosed):
        opener = openers.get(offset, -1)
        last = opener
        if opener >= 0 and bracket_of(paragraphs[opener]) == offset:
            for i in range(opener + 1, len(paragraphs)):
                if not _shares_bracket(paragraphs[opener], paragraphs[i]):
                    break
                paragraphs[i].pieces = [replace(p, bracket=offset) for p in paragraphs[i].pieces]
                last = i
        where = f" with line {paragraphs[last].lines[-1]}" if last >= 0 else " at once"
        doubts.add(
            "unclosed-bracket",
            f"A bracket opens and never closes; it is taken to end{where}, before the next "
            "number that is known without it.",
            offset,
            "Find in the published document where the bracketed text ends.",
        )


def _shares_bracket(opener: Paragraph, paragraph: Paragraph) -> bool:
    if paragraph.ordinal != opener.ordinal or paragraph.labels:
        return False
    if any(p.bracket >= 0 for p in paragraph.pieces):
        return False
    return not paragraph.printed.text or paragraph.printed.text == opener.printed.text


@dataclass(slots=True)
class _Scope:
    label: Label  # tag, name and option together
    first: Paragraph
    bracket: int
    all_struck: bool
    values: dict[int, int] = field(default_factory=dict)  # last value covered, by depth


def tag_scopes(paragraphs: Sequence[Paragraph]) -> list[Label]:
    """For each paragraph the tag and option it stands under; an empty label where none."""
    labels: list[Label] = []
    scope: _Scope | None = None
    latest, ordinal = Label(), -1
    for paragraph in paragraphs:
        if paragraph.ordinal != ordinal:
            scope, latest, ordinal = None, Label(), paragraph.ordinal
        if paragraph.labels:
            latest = _merge(latest, paragraph.labels)
            scope = _Scope(latest, paragraph, bracket_of(paragraph), paragraph.struck)
            scope.values[paragraph.place.depth] = paragraph.place.value
        elif scope and not _covers(scope, paragraph):
            scope = None
        labels.append(scope.label if scope else Label())
    return labels


def _merge(latest: Label, labels: Sequence[Label]) -> Label:
    """The tag and option of the lines before a paragraph; an option alone keeps the last tag."""
    tag = next((lb for lb in reversed(labels) if lb.tag), None)
    option = next((lb.option for lb in reversed(labels) if lb.option), "")
    return replace(tag or latest, option=option)


def _covers(scope: _Scope, paragraph: Paragraph) -> bool:
    bracket, place = bracket_of(paragraph), paragraph.place
    if scope.first.cuts >= 0:
        return False
    if scope.bracket >= 0:
        return bracket == scope.bracket
    numbered = bool(place.style)
    deeper = numbered and place.depth > scope.first.place.depth
    if scope.label.option:
        return deeper or not numbered
    if bracket >= 0 and not numbered:
        scope.bracket = bracket
        return True
    if len(place.candidates) > 1 or (scope.all_struck and numbered and not paragraph.struck):
        return False  # a fused number is base text renumbered; so is what follows struck text
    last = scope.values.get(place.depth)
    runs_on = not numbered or deeper or (last is not None and place.value == last + 1)
    if not runs_on or place.depth < scope.first.place.depth:
        return False
    scope.all_struck = scope.all_struck and paragraph.struck
    scope.bracket = bracket
    if numbered:
        scope.values[place.depth] = place.value
    return True
