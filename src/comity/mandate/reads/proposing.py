"""What became of every proposal: the machine's guess, and beside it a person's decision."""

from __future__ import annotations

from dataclasses import dataclass

from comity.kit.tlp import Viewer
from comity.mandate import models as m
from comity.mandate.reads.comparing import passage_text, settlements
from comity.mandate.reads.finding import earlier, provisions
from comity.mandate.types import Confidence, Fate, Target


@dataclass(frozen=True, slots=True)
class ProposalRow:
    seq: int
    passage: m.Passage
    fate: Fate
    targets: tuple[Target, ...]
    target_rows: tuple[m.Provision, ...]
    similarity: float
    confidence: Confidence
    evidence: tuple[str, ...]
    target_version: m.Version
    settled: m.Settlement | None = None

    @property
    def text(self) -> str:
        return passage_text(self.passage)

    @property
    def final(self) -> str:
        """The fate that holds: a person's decision, else the machine's guess."""
        return self.settled.decided if self.settled else str(self.fate)


def proposals(
    viewer: Viewer,
    adopted: m.Version,
    *,
    proposer: str = "",
    fate: str = "",
    touching: str = "",
    passage: str = "",
) -> list[ProposalRow]:
    """Proposals of the draft before, filtered by proposer, by the fate that holds, or by target.

    `touching` is the key of a provision: proposals that went there, by guess or by decision.
    `passage` is the eId of one proposal's passage in the draft.
    """
    before = earlier(viewer, adopted)
    found = m.Proposal.objects.filter(adopted=adopted)
    if before is None or not passage.isprintable():
        return []
    if passage:
        found = found.filter(passage__eid=passage)
    settled = settlements(before, adopted, "fate")
    places = {(p.section, p.path): p for p in provisions(viewer, adopted)}
    made = []
    for row in found.select_related("passage").order_by("seq"):
        row.passage.version = before
        made.append(_proposal_row(row, adopted, places, settled.get(row.passage.eid)))
    return [
        row
        for row in made
        if (not proposer or row.passage.proposer == proposer or row.passage.tag == proposer)
        and (not fate or row.final == fate)
        and (not touching or any(p.key == touching for p in row.target_rows))
    ]


def _proposal_row(
    row: m.Proposal,
    adopted: m.Version,
    places: dict[tuple[str, str], m.Provision],
    settled: m.Settlement | None,
) -> ProposalRow:
    held = settled.targets if settled else row.targets
    return ProposalRow(
        row.seq,
        row.passage,
        Fate(row.fate),
        tuple(Target(**target) for target in row.targets),
        tuple(places[t["section"], t["path"]] for t in held if (t["section"], t["path"]) in places),
        row.similarity,
        Confidence(row.confidence),
        tuple(row.evidence),
        adopted,
        settled,
    )
