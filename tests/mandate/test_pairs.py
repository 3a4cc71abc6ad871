"""All pairs of a collection at once give what each pair gives alone."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.mandate.rules.pairs import (
    SAME_SECTION,
    Kinship,
    align_all,
    nearness,
    sections,
    spine,
    weigh,
)
from comity.mandate.rules.words import words
from comity.mandate.types import Unit

WORDS = st.sampled_from(["the", "of", "report", "annually", "ITU", "spam", "2014", "网络", ";"])
UNITS = st.builds(
    Unit,
    st.sampled_from(["recalling", "resolves", "Resolves"]),
    st.just("1"),
    st.just("1"),
    st.lists(WORDS, max_size=8).map(" ".join),
)
COLLECTIONS = st.lists(st.lists(UNITS, max_size=6), max_size=5)


def plain(texts: list[list[Unit]]) -> list[Kinship]:
    """One pair after the other, over the same weights."""
    weights = weigh([unit.text for text in texts for unit in text])
    ends = np.cumsum([0, *(len(text) for text in texts)])
    known: dict[str, int] = {}
    heads = [sections(text, known) for text in texts]
    rows = []
    for a, b in combinations(range(len(texts)), 2):
        first, second = weights[ends[a] : ends[a + 1]], weights[ends[b] : ends[b + 1]]
        scores = nearness(first, second, heads[a], heads[b])
        pairs = spine(scores)
        home = [heads[a][i] == heads[b][j] for i, j in pairs]
        said = [words(texts[a][i].text) == words(texts[b][j].text) for i, j in pairs]
        total = sum(
            float(scores[i, j]) - SAME_SECTION * h for (i, j), h in zip(pairs, home, strict=True)
        )
        same = sum(h and s for h, s in zip(home, said, strict=True))
        amended = sum(h and not s for h, s in zip(home, said, strict=True))
        longer = max(len(texts[a]), len(texts[b])) or 1
        rows.append(
            Kinship(a, b, same, amended, len(pairs) - same - amended,
                    len(texts[b]) - len(pairs), len(texts[a]) - len(pairs), total / longer)
        )  # fmt: skip
    return rows


def counts(row: Kinship) -> tuple[int, ...]:
    return (row.a, row.b, row.same, row.amended, row.moved, row.new, row.gone)


@settings(deadline=None)
@given(COLLECTIONS)
def test_the_fast_path_equals_the_plain_path(texts):
    fast, slow = align_all(texts), plain(texts)
    assert [counts(row) for row in fast] == [counts(row) for row in slow]
    assert all(abs(f.score - s.score) < 1e-3 for f, s in zip(fast, slow, strict=True))


@settings(deadline=None)
@given(st.lists(UNITS, max_size=8), st.lists(UNITS, max_size=8))
def test_every_unit_of_both_texts_is_counted_once(a, b):
    (row,) = align_all([a, b])
    assert row.same + row.amended + row.moved + row.gone == len(a)
    assert row.same + row.amended + row.moved + row.new == len(b)


def test_a_collection_of_none_or_one_has_no_pairs():
    assert align_all([]) == ()
    assert align_all([[Unit("resolves", "1", "1", "to report")]]) == ()


def test_two_copies_are_the_same_and_strangers_share_nothing():
    text = [Unit("resolves", str(n), str(n), f"to report {n} times") for n in range(4)]
    other = [Unit("noting", "a", "a)", "spam")]
    copy, stranger, _ = align_all([text, list(text), other])
    assert (copy.same, copy.score) == (4, 1.0)
    assert counts(stranger) == (0, 2, 0, 0, 0, 1, 4)
