"""Everything one version says, beside the version before it: the rules of the room in one call."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from comity.mandate.rules.align import align, units
from comity.mandate.rules.citations import citations
from comity.mandate.rules.duties import actors_meant, duties
from comity.mandate.rules.fates import fates
from comity.mandate.rules.identifiers import with_ids
from comity.mandate.types import (
    Change,
    ChangeKind,
    Citation,
    Confidence,
    Duty,
    Passage,
    Proposal,
    Provision,
    Text,
)

KEEPS_ITS_ID = frozenset(ChangeKind) - {ChangeKind.NEW, ChangeKind.GONE, ChangeKind.SPLIT}


@dataclass(frozen=True, slots=True)
class Analysis:
    """One version with its ids, and what was found. Indices of changes count `align.units`."""

    text: Text
    passages: tuple[Provision, ...]  # one for each passage: the ids of struck ones too
    changes: tuple[Change, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    citations: tuple[Citation, ...] = ()
    duties: tuple[Duty, ...] = ()
    meant: tuple[tuple[str, ...], ...] = ()  # for each duty the actors meant, as keys

    @property
    def wids(self) -> tuple[str, ...]:
        """The wId of each unit that comparisons see."""
        return tuple(p.wid for p in self.passages or self.text.provisions)


def analyse(
    text: Text,
    *,
    label: str,
    conference: str,
    earlier: Analysis | None,
    taken: Collection[str] = (),
) -> Analysis:
    """Give ids, compare with the earlier version, read citations and duties.

    `conference` is the issuer that "this conference" means in this text: "PP". `taken` holds
    every wId that the work has used so far: a new provision never takes over an old one's.
    """
    changes = align(units(_compared(earlier.text)), units(_compared(text))) if earlier else ()
    first = {c.new[0]: earlier.wids[c.old[0]] for c in changes if _keeps_id(c)} if earlier else {}
    text, passages = _named(text, first, taken, label)
    asked = duties(text.provisions, conference=conference)
    return Analysis(
        text=text,
        passages=passages,
        changes=changes,
        proposals=fates(earlier.text.passages, text.provisions, changes)
        if earlier and earlier.text.passages
        else (),
        citations=tuple(
            c
            for p in text.provisions
            for c in citations(p.section, p.path, p.text, conference=conference)
        ),
        duties=asked,
        meant=tuple(actors_meant(duty) for duty in asked),
    )


def _keeps_id(change: Change) -> bool:
    """Whether a provision takes over the id of its main source: not on a doubtful guess.

    A second source may be doubtful and the first beyond doubt: only the first gives its id.
    """
    sure = (change.main or change.confidence) is not Confidence.DOUBTFUL
    return sure and change.kind in KEEPS_ITS_ID and bool(change.old)


def _compared(text: Text) -> Sequence[Passage | Provision]:
    return text.passages or text.provisions


def _named(
    text: Text, first: dict[int, str], taken: Collection[str], label: str
) -> tuple[Text, tuple[Provision, ...]]:
    """Ids for the provisions; in a draft for every passage, and its clean reading takes them."""
    if not text.passages:
        return with_ids(text, first=first, taken=taken, version=label), ()
    all_words = tuple(Provision(p.section, p.path, p.num, p.text) for p in text.passages)
    whole = replace(text, provisions=all_words)
    named = with_ids(whole, first=first, taken=taken, version=label).provisions
    by_place = {(p.section, p.path): p for p in named}
    clean = tuple(
        replace(p, eid=at.eid, wid=at.wid, key=at.key)
        for p in text.provisions
        for at in (by_place[p.section, p.path],)
    )
    return replace(text, provisions=clean), named
