"""The fate of every proposal, against the truth read by eye; "all dropped" is printed beside it.

`tests/examples/mandate/fates.jsonl` was written from both documents before the rules.
"""

from __future__ import annotations

import json

from comity.mandate.rules.align import align, units
from comity.mandate.rules.fates import fates, is_proposal
from comity.mandate.types import (
    Confidence,
    Fate,
    Passage,
    Provision,
    Run,
    Span,
    State,
    Target,
)

from .test_align import EXAMPLES, compared, documents, passage_at


def truth():
    rows = [json.loads(row) for row in (EXAMPLES / "fates.jsonl").read_text().splitlines()]
    return {passage_at(row["line"]): row for row in rows}


def proposals():
    passages, provisions = documents()
    return fates(passages, provisions, compared())


def test_every_proposal_of_the_draft_and_no_other_is_judged():
    assert [p.passage for p in proposals()] == sorted(truth())
    assert len(proposals()) == 29


def test_fates_against_the_truth_and_beside_all_dropped():
    true = truth()
    right = sum(p.fate == true[p.passage]["fate"] for p in proposals())
    lazy = sum(row["fate"] == Fate.DROPPED for row in true.values())
    print(f"fates: {right} of {len(true)} right; calling all dropped: {lazy} of {len(true)}")
    assert right >= 24
    assert right > lazy


def test_what_moved_and_lost_nearly_all_its_words_is_nearest_and_not_adopted():
    """Cuba's "3 ii" (line 288) shares 0.08 with "invites all" 4, the best of what was left."""
    (cuba,) = [p for p in proposals() if p.passage == passage_at(288)]
    assert (cuba.fate, cuba.targets) == (Fate.DROPPED, ())


def test_survivors_have_the_right_target():
    survivors = {n: row for n, row in truth().items() if row["targets"]}
    found = {p.passage: p.targets for p in proposals()}
    right = sum(
        found[n] == tuple(Target(t["section"], t["path"]) for t in row["targets"])
        for n, row in survivors.items()
    )
    print(f"targets: {right} of {len(survivors)} that survived")
    assert right >= 0.8 * len(survivors)


def test_who_proposed_it_comes_along():
    passages, _ = documents()
    by_line = {passages[p.passage].lines[0]: p for p in proposals()}
    assert (by_line[25].tag, by_line[25].proposer) == ("ARB/79A2/13", "Arab States")
    assert (by_line[281].tag, by_line[281].proposer) == ("B/75/4", "Brazil")


def test_no_proposal_is_certainly_dropped():
    """Words show what came through; they cannot show that a thought did not."""
    gone = [p for p in proposals() if p.fate is Fate.DROPPED]
    assert gone
    assert all(p.confidence is not Confidence.CERTAIN for p in gone)
    assert all(p.targets == () and 0 < p.similarity < 1 for p in gone)


def passage(text, *, tag="", state=State.KEPT, group=None, bracketed=False, runs=None):
    return Passage(
        "resolves", "1", "1", "1", runs or (Run(text, state is State.STRUCK, Span(0, 0)),), state,
        True, "", tag, "", "", group, (1,), Span(0, 0), bracketed=bracketed,
    )  # fmt: skip


def judged(passages, texts):
    adopted = [Provision("resolves", str(n), str(n), text) for n, text in enumerate(texts, 1)]
    return fates(passages, adopted, align(units(passages), units(adopted)))


ASKED = "to publish every year the list of national response teams;"


def test_a_struck_proposal_that_came_back_is_adopted():
    (proposal,) = judged([passage(ASKED, tag="B/1/1", state=State.STRUCK)], [ASKED])
    assert (proposal.fate, proposal.similarity) == (Fate.VERBATIM, 1.0)
    assert proposal.targets == (Target("resolves", "1"),)


def test_punctuation_alone_does_not_amend():
    (proposal,) = judged([passage(ASKED, tag="B/1/1")], [ASKED.replace(";", ".")])
    assert proposal.fate is Fate.VERBATIM


def test_a_proposal_finds_no_adopted_text_at_all():
    (proposal,) = judged([passage(ASKED, tag="B/1/1")], [])
    assert (proposal.fate, proposal.similarity, proposal.targets) == (Fate.DROPPED, 0.0, ())


def test_of_two_options_the_loser_names_the_winner():
    first = passage(ASKED, state=State.OPTION, group=7)
    second = passage("to list such teams once in four years;", state=State.OPTION, group=7)
    won, lost = judged([first, second], [ASKED])
    assert (won.fate, lost.fate) == (Fate.VERBATIM, Fate.DROPPED)
    assert any("resolves 1" in sentence for sentence in lost.evidence)


def test_brackets_around_a_few_words_do_not_make_a_proposal():
    words = (Run("to support projects ", False, Span(0, 0)),)
    inner = (*words, Run("[such as FIRST]", False, Span(0, 0), bracketed=True))
    assert not is_proposal(passage("", bracketed=True, runs=inner))
    assert is_proposal(passage("", bracketed=True, runs=inner[1:]))
    assert is_proposal(passage("", tag="B/1/1", runs=words))
    assert not is_proposal(passage("", group=3, runs=words))
