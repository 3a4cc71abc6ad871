"""What is said about a text beside its words: changes, proposals, marks, source.

Akoma Ntoso has repeal, insertion, substitution, renumbering, split and join, but no move: a
move is written as a repeal and an insertion that share a link. It has no bracket either;
brackets, tags, proposers and fates stand in a `proprietary` block.
"""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree

from comity.mandate.formats.akn.body import Row
from comity.mandate.formats.akn.names import akn, own
from comity.mandate.types import Change, ChangeKind, Passage, Proposal, State, Text

_KINDS = {
    ChangeKind.AMENDED: ("substitution",),
    ChangeKind.RENUMBERED: ("renumbering",),
    ChangeKind.MOVED: ("repeal", "insertion"),
    ChangeKind.MERGED: ("join",),
    ChangeKind.SPLIT: ("split",),
    ChangeKind.NEW: ("insertion",),
    ChangeKind.GONE: ("repeal",),
}


def write_analysis(
    meta: etree._Element,
    changes: Sequence[Change],
    *,
    old: tuple[str, Sequence[str]],
    new: tuple[str, Sequence[str]],
) -> None:
    """The changes as textual modifications; `old` and `new` are (expression URI, eIds)."""
    wanted = [change for change in changes if change.kind in _KINDS]
    if not wanted:
        return
    analysis = etree.SubElement(meta, akn("analysis"), source="#comity")
    changed = etree.SubElement(analysis, akn("passiveModifications"))
    count = moves = 0
    for change in wanted:
        moves += change.kind is ChangeKind.MOVED
        sources = [f"{old[0]}#{old[1][i]}" for i in change.old] or [old[0]]
        targets = [f"#{new[1][i]}" for i in change.new] or [new[0]]
        for kind in _KINDS[change.kind]:
            count += 1
            mod = etree.SubElement(changed, akn("textualMod"), type=kind, eId=f"mod_{count}")
            mod.set(own("similarity"), f"{change.similarity:.4f}")
            mod.set(own("confidence"), change.confidence.value)
            if change.kind is ChangeKind.MOVED:
                mod.set(own("link"), f"move-{moves}")
            # What is repealed stands in the old version, all else in this one.
            ends = ([new[0]], sources) if kind == "repeal" else (sources, targets)
            for name, hrefs in zip(("source", "destination"), ends, strict=True):
                for href in hrefs:
                    etree.SubElement(mod, akn(name), href=href)


def write_proprietary(
    meta: etree._Element, text: Text, rows: Sequence[Row], proposals: Sequence[Proposal]
) -> None:
    """Source, marks of passages, proposals and their fate, in our own namespace."""
    marked = [(row, p) for row, p in zip(rows, text.passages, strict=False) if _is_marked(p)]
    if not (text.source or marked or proposals):
        return
    block = etree.SubElement(meta, akn("proprietary"), source="#comity")
    if text.source:
        source = etree.SubElement(block, own("source"), name=text.source.name)
        source.set("sha256", text.source.sha256)
        source.set("mediaType", text.source.media_type)
        source.set("attribution", text.source.attribution)
    for row, passage in marked:
        _passage(block, row, passage)
    for proposal in proposals:  # in an adopted text they point into the draft, not in here
        _proposal(block, proposal, rows if text.passages else ())


def _is_marked(passage: Passage) -> bool:
    return bool(
        passage.tag
        or passage.option
        or passage.bracketed
        or passage.group is not None
        or passage.explicit
        or passage.why
        or passage.state is not State.KEPT
    )


def _passage(block: etree._Element, row: Row, passage: Passage) -> None:
    element = etree.SubElement(block, own("passage"), href=f"#{row.provision.eid}")
    element.set("state", passage.state.value)
    element.set("explicit", "true" if passage.explicit else "false")
    element.set("bracketed", "true" if passage.bracketed else "false")
    for name in ("why", "tag", "proposer", "option"):
        if getattr(passage, name):
            element.set(name, getattr(passage, name))


def _proposal(block: etree._Element, proposal: Proposal, rows: Sequence[Row]) -> None:
    element = etree.SubElement(block, own("proposal"))
    if 0 <= proposal.passage < len(rows):
        element.set("href", f"#{rows[proposal.passage].provision.eid}")
    element.set("tag", proposal.tag)
    element.set("proposer", proposal.proposer)
    element.set("fate", proposal.fate.value)
    element.set("similarity", f"{proposal.similarity:.4f}")
    element.set("confidence", proposal.confidence.value)
    for target in proposal.targets:
        etree.SubElement(element, own("target"), section=target.section, path=target.path)
