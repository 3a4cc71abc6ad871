"""Which unit of one text is nearest to which of another, for two texts or for hundreds.

The comparison of two versions (`rules.align`) starts from the spine made here. The same spine
alone, over all pairs of a collection at once, tells which resolutions are kin and how much of
one stands in the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from comity.mandate.rules.words import fold, words
from comity.mandate.types import Unit

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

# Trials on the draft and the adopted text of 2014 (reference note, section 6): below 0.2 a nearest
# neighbour is chance; 0.1 decides between equal texts of two sections ("Resolution 50 ..., on
# cybersecurity" stands in two) and is too little to outweigh a text that really moved.
FLOOR = 0.2
SAME_SECTION = 0.1


def weigh(texts: Sequence[str]) -> sparse.csr_matrix:
    """TF-IDF over words and pairs of neighbouring words: one row a text, of length 1.

    idf = 1 + ln((1 + texts) / (1 + texts with the term)); a text without words is a row of zeros.
    """
    tokens = [words(text) for text in texts]
    lengths = np.fromiter((len(t) for t in tokens), dtype=np.int64, count=len(tokens))
    rows = np.repeat(np.arange(len(tokens)), lengths)
    known: dict[str, int] = {}
    ids = np.fromiter(
        (known.setdefault(word, len(known)) for word in chain.from_iterable(tokens)),
        dtype=np.int64,
        count=int(lengths.sum()),
    )
    inside = rows[1:] == rows[:-1]  # a pair of words does not reach over two texts
    pairs = (ids[:-1] + 1) * len(known) + ids[1:]
    terms = np.concatenate([ids, pairs[inside]])
    rows = np.concatenate([rows, rows[1:][inside]])
    kinds, columns = np.unique(terms, return_inverse=True)
    shape = (len(tokens), max(len(kinds), 1))
    counts = sparse.csr_matrix((np.ones(len(terms), np.float32), (rows, columns)), shape=shape)
    counts.sum_duplicates()
    holders = np.bincount(counts.indices, minlength=shape[1])
    idf = (1.0 + np.log((1.0 + len(tokens)) / (1.0 + holders))).astype(np.float32)
    counts.data *= idf[counts.indices]
    norms = np.sqrt(np.asarray(counts.multiply(counts).sum(axis=1))).ravel()
    norms[norms == 0] = 1.0
    counts.data /= np.repeat(norms, np.diff(counts.indptr)).astype(np.float32)
    return counts


def sections(units: Sequence[Unit], known: dict[str, int]) -> Ints:
    """The number of each unit's heading; `known` grows, so that two texts share numbers."""
    return np.fromiter(
        (known.setdefault(fold(unit.section), len(known)) for unit in units),
        dtype=np.int64,
        count=len(units),
    )


def nearness(a: sparse.csr_matrix, b: sparse.csr_matrix, in_a: Ints, in_b: Ints) -> Floats:
    """Cosine of every row of `a` with every row of `b`, and `SAME_SECTION` where it is the same.

    The narrow side is made dense: the cost is then the entries of `b` times the rows of `a`,
    whatever the words, where a sparse product slows down on words that stand everywhere.
    """
    cosine = np.asarray(b @ a.toarray(order="F").T).T
    # Six decimals: sums in another order must not decide between equal texts.
    scores: Floats = np.round(cosine, 6) + np.float32(SAME_SECTION) * (
        in_a[:, None] == in_b[None, :]
    )
    return scores


def spine(scores: Floats) -> list[tuple[int, int]]:
    """Pairs (row, column) that are each other's best, at `FLOOR` or above; first of equals wins."""
    if not scores.size:
        return []
    across, down = scores.argmax(axis=1), scores.argmax(axis=0)
    return [
        (row, int(column))
        for row, column in enumerate(across)
        if down[column] == row and scores[row, column] >= FLOOR
    ]


@dataclass(frozen=True, slots=True)
class Kinship:
    """What two texts of a collection have in common, from the spine alone.

    Each unit is counted once: same + amended + moved + gone is the length of `a`, same +
    amended + moved + new that of `b`. `score` is the mean nearness of all units of the longer
    text, section bonus left out, unmatched units counting 0: for ranking, never shown as
    `rules.words.similarity`.
    """

    a: int  # index of the text
    b: int
    same: int  # the same words, same section
    amended: int
    moved: int  # in another section, whatever the words
    new: int
    gone: int
    score: float


def align_all(texts: Sequence[Sequence[Unit]]) -> tuple[Kinship, ...]:
    """The spine of every pair of texts (a < b), in order: n * (n - 1) / 2 rows.

    Terms are weighed over the whole collection. 200 texts of 40 units are 19,900 pairs: 1.2 s on
    one core (`bench/mandate_pairs.py`); a second thread gains nothing, scipy holds the lock.
    """
    shelf = _Shelf(texts)
    return tuple(chain.from_iterable(shelf.row(a) for a in range(len(texts) - 1)))


class _Shelf:
    """A collection laid out for comparison: every text padded to the units of the longest."""

    def __init__(self, texts: Sequence[Sequence[Unit]]) -> None:
        units = list(chain.from_iterable(texts))
        self.lengths = np.array([len(text) for text in texts], dtype=np.int64)
        self.width = int(self.lengths.max(initial=1)) or 1
        starts = np.cumsum(self.lengths) - self.lengths
        place = np.arange(self.width)[None, :] + np.zeros((len(texts), 1), np.int64)
        self.filled = place < self.lengths[:, None]  # (texts, width)
        rows = np.where(self.filled, starts[:, None] + place, len(units)).ravel()
        blank = sparse.csr_matrix((1, 1), dtype=np.float32)
        weights = weigh([unit.text for unit in units])
        blank.resize(1, weights.shape[1])
        # A term of one unit alone can meet no other: leaving it out changes no cosine.
        shared = np.flatnonzero(np.bincount(weights.indices, minlength=weights.shape[1]) > 1)
        self.weights = sparse.vstack([weights, blank], format="csr")[:, shared][rows]
        wordings: dict[tuple[str, ...], int] = {}
        said = [wordings.setdefault(words(unit.text), len(wordings)) for unit in units]
        self.said = np.array([*said, -1], dtype=np.int64)[rows]
        self.heads = np.append(sections(units, {}), -1)[rows]

    def row(self, a: int) -> list[Kinship]:
        """Text `a` against all that follow it."""
        width, size = self.width, int(self.lengths[a])
        mine = slice(a * width, a * width + size)
        rest = slice((a + 1) * width, None)
        others = len(self.lengths) - a - 1
        if not size:
            return [Kinship(a, a + 1 + k, 0, 0, 0, int(n), 0, 0.0)
                    for k, n in enumerate(self.lengths[a + 1 :])]  # fmt: skip
        shape = (size, others, width)
        near = nearness(
            self.weights[mine], self.weights[rest], self.heads[mine], self.heads[rest]
        ).reshape(shape)
        near[:, ~self.filled[a + 1 :]] = -1.0
        across = near.argmax(axis=2)  # (size, others): the best unit of each text
        down = near.argmax(axis=0)  # (others, width): the best unit of mine
        i, k = np.indices(across.shape)
        best = near[i, k, across]
        mutual = (down[k, across] == i) & (best >= FLOOR)
        columns = k * width + across
        at_home = self.heads[rest][columns] == self.heads[mine][:, None]
        equal = self.said[rest][columns] == self.said[mine][:, None]
        same = (mutual & at_home & equal).sum(axis=0)
        amended = (mutual & at_home & ~equal).sum(axis=0)
        moved = (mutual & ~at_home).sum(axis=0)
        total = ((best - np.float32(SAME_SECTION) * at_home) * mutual).sum(axis=0)
        found = same + amended + moved
        longer = np.maximum(self.lengths[a + 1 :], size)
        return [
            Kinship(a, a + 1 + n, int(same[n]), int(amended[n]), int(moved[n]),
                    int(self.lengths[a + 1 + n] - found[n]), int(size - found[n]),
                    round(float(total[n] / longer[n]), 4))
            for n in range(others)
        ]  # fmt: skip
