"""How two wordings are compared: one folding, one formula, one redline, used everywhere.

A number beside a comparison is only worth something if everyone can count it again. So there is
one formula in the product (`FORMULA`), over words, and pages print what it was counted from.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from comity.mandate.types import WordOp

FORMULA = (
    "similarity = 1 - changes / words: changes is the least number of words to insert, delete or "
    "replace to turn one text into the other; words is the length of the longer text. Capitals, "
    "punctuation and kinds of hyphen and quotation mark do not count."
)

# Pages of the ITU mix U+2011 (kept "ITU-T" on one line), U+2019 and no-break blanks with the
# plain signs of the drafts: the same words, typed by another hand.
_SIGNS = str.maketrans(
    {
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", None),
    }
)

# A word keeps its inner hyphens, apostrophes, slashes and points ("ITU-T", "22-1/1", "3.2").
# Chinese is written without blanks: there each character counts as one word.
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_LETTER = rf"[^\W{_HAN}]"
_WORD = re.compile(rf"[{_HAN}]|{_LETTER}+(?:[-'/.]{_LETTER}+)*")
# The same over exact text, for the redline, where no sign has been folded yet: the blanks before
# a token, and the token.
_TOKEN = re.compile(rf"(\s*)([{_HAN}]|{_LETTER}+(?:[-\u2010\u2011'\u2019/.]{_LETTER}+)*|\S|$)")


def fold(text: str) -> str:
    """The text as compared: one case, one kind of hyphen, quote and blank. Never stored."""
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFD", text).casefold())
    text = unicodedata.normalize("NFKC", text.translate(_SIGNS).casefold())
    return " ".join(text.split())


@lru_cache(maxsize=8192)
def words(text: str) -> tuple[str, ...]:
    """The folded words of a text, in order, without punctuation.

    >>> words("Resolutions 50 and 52 (Rev. Dubai, 2012) of ITU\u2011T;")
    ('resolutions', '50', 'and', '52', 'rev', 'dubai', '2012', 'of', 'itu-t')
    """
    return tuple(_WORD.findall(fold(text)))


class Count(NamedTuple):
    """What a similarity was counted from: "27 changes over 40 words"."""

    changes: int
    words: int

    @property
    def similarity(self) -> float:
        return 1.0 - self.changes / self.words if self.words else 1.0


def explain(a: str, b: str) -> Count:
    """Changes and words of `FORMULA` for two texts."""
    first, second = words(a), words(b)
    return Count(Levenshtein.distance(first, second), max(len(first), len(second)))


def similarity(a: str, b: str) -> float:
    """`FORMULA`, from 0 (no word in common) to 1 (the same words); two empty texts are the same."""
    return explain(a, b).similarity


# The longest provision of the texts of 2014 has 189 words. Above this many tokens those that stand
# everywhere no longer serve as anchors, or a text of one repeated word would take minutes.
_LONG = 2000


def in_order(a: Sequence[str], b: Sequence[str]) -> SequenceMatcher[str]:
    """What two rows of words have in common, in order."""
    return SequenceMatcher(None, a, b, autojunk=max(len(a), len(b)) > _LONG)


def redline(old: str, new: str, *, signs: bool = True) -> tuple[WordOp, ...]:
    """The word-level difference of two exact texts, tidied for reading.

    Joining "same" and "ins" gives `new`, joining "same" and "del" gives `old`, to the character.
    With `signs` off, another kind of hyphen or quotation mark is no change (a reader would see
    "ITU-T" struck and "ITU-T" inserted): `new` still comes back exactly, `old` but for them.
    """
    pieces = _pieces(_TOKEN.findall(old), _TOKEN.findall(new), signs)
    ops: list[WordOp] = []
    for piece in _tidy(pieces):
        if piece.same:
            ops.append(WordOp("same", "".join(piece.old)))
            continue
        for op, tokens in (("del", piece.old), ("ins", piece.new)):
            if tokens:
                ops.append(WordOp(op, "".join(tokens)))
    return tuple(ops)


class _Piece(NamedTuple):
    old: list[str]
    new: list[str]
    same: bool

    @property
    def size(self) -> int:
        return max(len("".join(self.old)), len("".join(self.new)))


def _pieces(old: list[tuple[str, str]], new: list[tuple[str, str]], signs: bool) -> list[_Piece]:
    """Matched by the tokens alone: blanks are too many to be anchors, and slow to match."""
    a, b = [token for _, token in old], [token for _, token in new]
    if not signs:
        a, b = ([token.translate(_SIGNS) for token in side] for side in (a, b))
    matcher = in_order(a, b)
    pieces: list[_Piece] = []
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag != "equal":
            pieces.append(_Piece(_flat(old[i:j]), _flat(new[k:m]), False))
            continue
        for (blank, _), (other, token) in zip(old[i:j], new[k:m], strict=True):
            pieces.append(_Piece(_flat([(blank, "")]), _flat([(other, "")]), blank == other))
            pieces.append(_Piece(_flat([("", token)]), _flat([("", token)]), True))
    return _joined([piece for piece in pieces if piece.old or piece.new])


def _flat(tokens: Sequence[tuple[str, str]]) -> list[str]:
    return [part for token in tokens for part in token if part]


# An island of at most two kept words that is no longer than the changes on both its sides is
# chance ("the", "of the"), and reads worse than one longer change. The rule of length is that of
# Neil Fraser's semantic clean-up (https://neil.fraser.name/writing/diff/, 2006); the limit of two
# words is ours: a longer run of kept words helps the eye even between long changes.
_ISLAND_WORDS = 2


def _tidy(pieces: list[_Piece]) -> list[_Piece]:
    """Sink islands into the changes around them, then give back what a change keeps at its ends."""
    stack: list[_Piece] = []
    for piece in pieces:
        stack.append(piece)
        while len(stack) >= 3 and _is_island(stack[-3:]):
            left, island, right = stack[-3:]
            stack[-3:] = [_Piece(left.old + island.old + right.old,
                                 left.new + island.new + right.new, False)]  # fmt: skip
    return _joined([part for piece in stack for part in _trimmed(piece)])


def _is_island(three: Sequence[_Piece]) -> bool:
    left, island, right = three
    if not island.same or left.same or right.same:
        return False
    count = sum(1 for token in island.old if _WORD.match(fold(token)))
    return count <= _ISLAND_WORDS and island.size <= min(left.size, right.size)


def _trimmed(piece: _Piece) -> list[_Piece]:
    """A change without the tokens that both its sides start or end with."""
    if piece.same:
        return [piece]
    old, new = piece.old, piece.new
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    parts = [
        _Piece(old[:head], new[:head], True),
        _Piece(old[head : len(old) - tail], new[head : len(new) - tail], False),
        _Piece(old[len(old) - tail :], new[len(new) - tail :], True),
    ]
    return [part for part in parts if part.old or part.new]


def _joined(pieces: list[_Piece]) -> list[_Piece]:
    """Neighbours of one kind as one piece."""
    joined: list[_Piece] = []
    for piece in pieces:
        if joined and joined[-1].same == piece.same:
            last = joined.pop()
            piece = _Piece(last.old + piece.old, last.new + piece.new, piece.same)
        joined.append(piece)
    return joined
