"""Everything one version says, beside the version before it: the rules of the room in one call."""

from __future__ import annotations

from dataclasses import dataclass, field

from comity.mandate.rules.align import align
from comity.mandate.rules.citations import citations
from comity.mandate.rules.duties import duties
from comity.mandate.rules.fates import fates
from comity.mandate.types import Change, ChangeKind, Citation, Duty, Proposal, Text, Unit

KEEPS_ITS_ID = (ChangeKind.SAME, ChangeKind.AMENDED, ChangeKind.RENUMBERED, ChangeKind.MOVED)


@dataclass(frozen=True, slots=True)
class Analysis:
    """What was found; indices of changes refer to `units` of the two texts."""

    changes: tuple[Change, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    citations: tuple[Citation, ...] = ()
    duties: tuple[Duty, ...] = ()
    first: dict[int, str] = field(default_factory=dict)  # index of provision to its older wId


def units(text: Text) -> tuple[Unit, ...]:
    """What the comparison sees: passages of a draft, struck ones with their words, or provisions.

    A struck passage takes part, for struck text may come back: "struck" is not "dropped".
    """
    if text.passages:
        return tuple(Unit(p.section, p.path, p.num, p.clean or p.text) for p in text.passages)
    return tuple(Unit(p.section, p.path, p.num, p.text) for p in text.provisions)


def wids(text: Text) -> dict[int, str]:
    """The wId of each unit that is a provision; passages that are wholly struck have none."""
    if not text.passages:
        return {i: p.wid for i, p in enumerate(text.provisions)}
    held = {(p.section, p.path): p.wid for p in text.provisions}
    return {
        i: held[p.section, p.path]
        for i, p in enumerate(text.passages)
        if (p.section, p.path) in held
    }


def analyse(earlier: Text | None, text: Text, *, place: str) -> Analysis:
    """Compare with the earlier text, and read citations and duties from the text's provisions.

    `place` is "Busan, 2014": what "this conference" means in this text.
    """
    cited = tuple(
        c for p in text.provisions for c in citations(p.section, p.path, p.text, conference=place)
    )
    asked = duties(text.provisions)
    if earlier is None:
        return Analysis(citations=cited, duties=asked)
    old, new = units(earlier), units(text)
    changes = align(old, new)
    older = wids(earlier)
    first = {
        c.new[0]: older[c.old[0]]
        for c in changes
        if c.kind in KEEPS_ITS_ID and c.old and c.old[0] in older and not text.passages
    }
    found = fates(earlier.passages, text.provisions, changes) if earlier.passages else ()
    return Analysis(changes, found, cited, asked, first)
