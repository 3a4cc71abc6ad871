"""What became of each passage: against the truth read by eye, and against changes we made.

The truth (`tests/examples/mandate/alignment.jsonl`) was written before the rules, from both
documents; it is still one pair of documents. The second measure revises the adopted text in known
ways, by chance, and is out of sample.
"""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import comity.mandate
from comity.mandate.formats.page import parse_page
from comity.mandate.formats.redline import parse_redline
from comity.mandate.rules.align import align, units
from comity.mandate.rules.proposers import read_proposers
from comity.mandate.types import ChangeKind, Confidence, Unit

from .known_changes import Reviser

DATA = Path(comity.mandate.__file__).parent / "data" / "itu-pp" / "res-130"
EXAMPLES = Path(__file__).resolve().parent.parent / "examples" / "mandate"


@cache
def documents():
    table = read_proposers((DATA.parents[1] / "proposers.csv").read_text())
    names = {symbol: proposer.name for symbol, proposer in table.items()}
    draft = parse_redline((DATA / "2014-10-28.txt").read_bytes(), proposers=names)
    adopted = parse_page((DATA / "2014.json").read_bytes())
    return draft.passages, adopted.provisions


@cache
def compared():
    passages, provisions = documents()
    return align(units(passages), units(provisions))


def truth():
    return [json.loads(row) for row in (EXAMPLES / "alignment.jsonl").read_text().splitlines()]


def passage_at(line):
    """The passage that holds the words of a source line."""
    passages, _ = documents()
    (found,) = [n for n, passage in enumerate(passages) if line in passage.lines]
    return found


def provision_at(section, path):
    _, provisions = documents()
    (found,) = [n for n, p in enumerate(provisions) if (p.section, p.path) == (section, path)]
    return found


def links(changes):
    return {(i, j) for change in changes for i in change.old for j in change.new}


def test_precision_and_recall_against_the_truth():
    true = {
        (passage_at(source["line"]), provision_at(row["section"], row["path"]))
        for row in truth()
        if row["kind"] != "gone"
        for source in row["from"]
    }
    found = links(compared())
    precision, recall = len(found & true) / len(found), len(found & true) / len(true)
    print(f"alignment: precision {precision:.3f}, recall {recall:.3f} of {len(true)} pairs")
    assert precision >= 0.97
    assert recall >= 0.93


def test_kinds_against_the_truth():
    found = {j: change.kind for change in compared() for j in change.new}
    rows = [row for row in truth() if row["kind"] != "gone"]
    right = [row for row in rows if found[provision_at(row["section"], row["path"])] == row["kind"]]
    print(f"kinds: {len(right)} of {len(rows)}")
    assert len(right) >= 0.95 * len(rows)


def test_what_the_truth_calls_gone_is_gone():
    gone = {change.old[0] for change in compared() if change.kind is ChangeKind.GONE}
    rows = [passage_at(row["from"][0]["line"]) for row in truth() if row["kind"] == "gone"]
    assert len(gone & set(rows)) >= 0.93 * len(rows)


def test_struck_words_may_come_back():
    came_back = {(i, j) for i, j in links(compared())}
    assert (passage_at(152), provision_at("bearing in mind", "p")) in came_back
    for line, path in ((136, "e"), (138, "f"), (140, "g")):
        assert (passage_at(line), provision_at("aware", path)) in came_back


def test_known_changes_to_the_adopted_text_are_found():
    """Dropped, new, amended, moved, swapped, merged and split provisions, eight times over."""
    text = units(documents()[1])
    right = found = true = 0
    kinds = Counter()
    for seed in range(8):
        revised, expected, made = Reviser(text, seed).revise()
        changes = align(text, revised)
        got = {j: change.kind for change in changes for j in change.new}
        pairs = links(changes)
        right, found, true = (
            right + len(pairs & expected), found + len(pairs), true + len(expected),
        )  # fmt: skip
        kinds.update((kind, got[j] is kind) for j, kind in made.items())
    print(f"known changes: precision {right / found:.3f}, recall {right / true:.3f}")
    assert right / found >= 0.97
    assert right / true >= 0.93
    for kind in ChangeKind:
        told = kinds[kind, True] / ((kinds[kind, True] + kinds[kind, False]) or 1)
        # Of two that change places one is enough to say so; half a split may find another home.
        wanted = {ChangeKind.RENUMBERED: 0.45, ChangeKind.SPLIT: 0.7, ChangeKind.GONE: 0}
        assert told >= wanted.get(kind, 0.9), kind


SHORT = [
    Unit("resolves", "1", "1", "to continue the study of spam and its costs in all regions"),
    Unit("resolves", "2", "2", "to publish every year the list of national response teams"),
    Unit("resolves", "3", "3", "to help developing countries draft laws against computer crime"),
]


def kinds_of(old, new):
    return [(change.kind, change.old, change.new) for change in align(old, new)]


def test_a_mere_shift_of_numbers_is_the_same():
    new = [Unit("resolves", "1", "1", "that Council Decision 5 shall apply to all meetings")]
    new += [Unit("resolves", str(n), str(n), u.text) for n, u in enumerate(SHORT, start=2)]
    assert kinds_of(SHORT, new) == [
        (ChangeKind.NEW, (), (0,)),
        *((ChangeKind.SAME, (n,), (n + 1,)) for n in range(3)),
    ]


def test_a_change_of_places_is_renumbered():
    new = [
        Unit("resolves", str(n), str(n), SHORT[k].text) for n, k in enumerate((2, 0, 1), start=1)
    ]
    assert kinds_of(SHORT, new) == [
        (ChangeKind.RENUMBERED, (2,), (0,)),
        (ChangeKind.SAME, (0,), (1,)),
        (ChangeKind.SAME, (1,), (2,)),
    ]


def test_another_section_is_moved_and_the_rest_is_gone():
    new = [Unit("invites", "1", "1", SHORT[1].text)]
    assert kinds_of(SHORT, new) == [
        (ChangeKind.MOVED, (1,), (0,)),
        (ChangeKind.GONE, (0,), ()),
        (ChangeKind.GONE, (2,), ()),
    ]


def test_of_two_references_the_number_is_the_name():
    old = [Unit("recalling", "a", "a)", "Resolution 130 (Rev. Antalya, 2006) of the Conference;")]
    new = [Unit("recalling", "a", "a)", "Resolution 140 (Rev. Busan, 2014) of the Conference;")]
    revised = [Unit("recalling", "a", "a)", "Resolution 130 (Rev. Busan, 2014) of the Conference;")]
    assert kinds_of(old, new) == [(ChangeKind.NEW, (), (0,)), (ChangeKind.GONE, (0,), ())]
    assert kinds_of(old, revised) == [(ChangeKind.AMENDED, (0,), (0,))]


def test_of_two_options_the_one_that_gave_the_words_wins():
    shared = "that the number of attacks is growing"
    old = [
        Unit("considering", "h", "h)", f"{shared}, and they become ever more subtle everywhere;"),
        Unit("considering", "h", "h)", f"{shared}, as well as our dependence on the Internet;"),
    ]
    new = [Unit("considering", "h", "h)", f"{shared}, as is dependence on the Internet;")]
    assert kinds_of(old, new) == [(ChangeKind.AMENDED, (1,), (0,)), (ChangeKind.GONE, (0,), ())]


@pytest.mark.parametrize(("old", "new"), [([], []), (SHORT, []), ([], SHORT)])
def test_a_side_may_be_empty(old, new):
    changes = align(old, new)
    assert len(changes) == len(old) + len(new)
    assert {change.kind for change in changes} <= {ChangeKind.GONE, ChangeKind.NEW}


WORDS = st.sampled_from(["the", "of", "report", "annually", "ITU", "spam", "50", "teams", "网", ""])
UNITS = st.builds(
    Unit,
    st.sampled_from(["recalling", "resolves"]),
    st.sampled_from(["1", "2", "a"]),
    st.sampled_from(["1", "2", "a)", ""]),
    st.lists(WORDS, max_size=14).map(" ".join),
)


@settings(deadline=None)
@given(st.lists(UNITS, max_size=7), st.lists(UNITS, max_size=7))
def test_every_unit_of_both_texts_is_accounted_for(old, new):
    changes = align(old, new)
    assert sorted(j for change in changes for j in change.new) == list(range(len(new)))
    assert {i for change in changes for i in change.old} == set(range(len(old)))
    for change in changes:
        assert 0.0 <= change.similarity <= 1.0
        assert change.evidence and all(change.evidence)
        assert isinstance(change.confidence, Confidence)
        assert (not change.old) == (change.kind is ChangeKind.NEW)
        assert (not change.new) == (change.kind is ChangeKind.GONE)


@settings(deadline=None)
@given(st.lists(UNITS, max_size=7), st.lists(UNITS, max_size=7))
def test_the_same_texts_give_the_same_answer(old, new):
    assert align(old, new) == align(list(old), list(new))
