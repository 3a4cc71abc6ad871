"""The search words of the house, the same for SQLite's FTS5 and PostgreSQL's `simple` tsvector.

Neither finds 网络 in 网络安全合作, امن in الأمن, or "certin" in "CERT-In" by itself, and each
splits text in its own way. So words are made here: letters and digits only, which both leave alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

# The tokens below hold nothing that this tokenizer splits, drops or joins. An FTS5 table needs
# its default detail=full: without positions there are no phrases, and so no Chinese.
FTS5_TOKENIZE = "unicode61 remove_diacritics 0"

# Characters of a text that are indexed. PostgreSQL takes at most 1 MB in one tsvector, and counts
# positions only to 16,383, beyond which phrases are no longer found.
INDEXED = 30_000
ASKED = 200  # characters of a question that are read
TERMS = 12  # of them, words and phrases

# --- folding -------------------------------------------------------------------------------

# Letters that no decomposition takes apart, as people type them without their keyboard.
_LETTERS = {
    **{"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h"},
    **{"ı": "i", "ŋ": "n", "ŧ": "t", "ĸ": "k", "ɓ": "b", "ɗ": "d", "ɖ": "d", "ƴ": "y", "ƙ": "k"},
    # Arabic: teh marbuta and heh, alef maqsura and yeh are typed for each other; the carriers of
    # hamza and the other alefs decompose to their letter. Persian and Urdu kaf, yeh and heh have
    # code points of their own. A lone hamza stays: it is a letter of the root.
    **{"ة": "ه", "ى": "ي", "ٱ": "ا", "ک": "ك", "ی": "ي", "ہ": "ه", "ۀ": "ه", "ە": "ه"},
}
# Letters of their alphabets, with keys of their own: nobody types и for й, and "мой" is not "мои".
# Everyone prints е for ё, and stress marks come and go: those fold.
_KEPT = frozenset("йїўѓќ")
_FOLDED_SCRIPTS = ("LATIN ", "GREEK ", "CYRILLIC ", "ARABIC ", "HEBREW ")
_BLANKS = frozenset("\t\n\v\f\r\x1c\x1d\x1e\x1f\x85")
_MARKS = (  # of the folded scripts; those of Thai, Devanagari or kana are letters in all but name
    *((0x300, 0x36F), (0x483, 0x489), (0x591, 0x5BD), (0x610, 0x61A), (0x64B, 0x65F)),
    *((0x670, 0x670), (0x6D6, 0x6DC), (0x6DF, 0x6E8), (0x6EA, 0x6ED), (0x8CA, 0x8FF)),
    *((0x1AB0, 0x1ACE), (0x1DC0, 0x1DFF), (0x20D0, 0x20F0), (0xFE20, 0xFE2F)),
)
# Signs inside words that are only form: selectors of variants, tags, marks of byte order.
_FORMS = ((0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFF9, 0xFFFB), (0xE0000, 0xE0FFF))


def _folded(character: str) -> str:
    """What one character of a composed, casefolded text becomes."""
    category = unicodedata.category(character)
    if character in _LETTERS or character in _KEPT:
        return _LETTERS.get(character, character)
    if category == "Nd":
        return str(unicodedata.digit(character))
    if category in ("Cc", "Cf"):
        return " " if character in _BLANKS else ""
    if character == "\u0640" or any(low <= ord(character) <= high for low, high in _MARKS):
        return ""  # U+0640, the Arabic tatweel, only stretches a word
    if unicodedata.name(character, "").startswith(_FOLDED_SCRIPTS):
        base = unicodedata.normalize("NFD", character)[0]
        return _LETTERS.get(base, base) if base.isalnum() else character
    return character


_FOLDING = {
    **{point: _folded(chr(point)) for point in range(0x3000) if _folded(chr(point)) != chr(point)},
    **dict.fromkeys((point for low, high in _FORMS for point in range(low, high + 1)), ""),
    **{point: _folded(chr(point)) for point in range(0xA000, 0xAC00) if chr(point).isdigit()},
}


def fold(text: str) -> str:
    """The text as searched: one case, one width, one form of each letter. Never stored as text.

    >>> fold("Ｃôte d’Ivoire · Łódź · Ёлка · الأُمـن · ٢٠٢٤")
    'cote d’ivoire · lodz · елка · الامن · 2024'
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).casefold()
        text = unicodedata.normalize("NFKC", text)
    text = text.lower().translate(_FOLDING)
    return " ".join(unicodedata.normalize("NFKC", text).split())


# --- words ---------------------------------------------------------------------------------

# Scripts written without blanks between words; Korean has blanks but compounds freely. No word
# list says where their words end, so each two neighbouring signs are a word.
_UNSPACED = (
    "\u0e00-\u0e4e\u0e80-\u0ece\u1000-\u103f\u1050-\u109d\u1780-\u17d3\u17dc\u17dd"  # Thai to Khmer
    "\u3005-\u3007\u3040-\u30fa\u30fc-\u30ff\u3400-\u4dbf\u4e00-\u9fff"  # kana, Han
    "\uac00-\ud7a3\uf900-\ufaff\U00020000-\U000323af"  # Hangul, Han
)
_COMBINING = "".join(
    re.escape(chr(point))
    for low, high in ((0x900, 0x1D00), (0x3099, 0x309B), (0xA800, 0xAC00))
    for point in range(low, high)
    if unicodedata.category(chr(point)) in ("Mn", "Mc")
)
_UNIT = rf"(?:[{_UNSPACED}](?<=\w)[{_COMBINING}]*)"  # one sign as the eye sees it
_LETTER = rf"(?:(?![{_UNSPACED}])[^\W_][{_COMBINING}]*)"
# What is written in one piece: "CERT-In", "A/70/174", "soc@cert.example", "2001:db8::1".
_RUN = re.compile(rf"{_UNIT}+|{_LETTER}+(?:[-‐‑–._/:@+&]{{1,3}}{_LETTER}+)*")
_PLAIN = re.compile(r"[a-z]+")  # most words of most texts
_UNITS = re.compile(_UNIT)
_UNSPACED_FIRST = re.compile(_UNIT)
_LOOSE = re.compile(r"[_/:@+&]+")  # parts of an address or a path
_TIGHT = re.compile(r"[-‐‑–.]+")  # parts of a name or number
_TURN = re.compile(r"(?<=[^\W\d])(?=\d)|(?<=\d)(?=[^\W\d])")  # AS|64500
_TURNS = 2  # more of them is a hash or a key, not a code
_LONGEST = 64  # letters of a word; a SHA-256 is found whole
_JOINED = 6  # parts of a name, at most, that are also one word

# Letters that SQLite's unicode61 (Unicode 6.1, 2012) and PostgreSQL's parser in any locale know
# as letters. Every other one is written as its code point, in digits and letters of ASCII; each
# has one width, so that a beginning of a word stays a beginning.
_OTHER = re.compile(
    "[^ a-z0-9\u00df-\u00f6\u00f8-\u02af\u0391-\u03a1\u03a3-\u03ce\u0400-\u0481\u048a-\u0527"
    "\u05d0-\u05ea\u0621-\u063a\u0641-\u064a\u0671-\u06d3\u3041-\u3096\u30a1-\u30fa\u30fc"
    "\u3400-\u4db5\u4e00-\u9fcc\uac00-\ud7a3]"
)


def _written(token: str) -> str:
    if token.isascii():
        return token
    return _OTHER.sub(_code_point, token)


def _code_point(match: re.Match[str]) -> str:
    point = ord(match[0])
    return f"u{point:04x}" if point < 0x10000 else f"v{point:06x}"


@dataclass(frozen=True, slots=True)
class _Piece:
    """What is written in one piece: its words in order, and the other words it is found by."""

    words: tuple[str, ...]
    also: tuple[str, ...] = ()
    unspaced: bool = False


@lru_cache(maxsize=16_384)
def _known(run: str) -> _Piece:
    return _read(run)


def _piece(run: str) -> _Piece:
    """Remembered where it is short: words come again, and an upload shall not fill the memory."""
    return _known(run) if len(run) <= _LONGEST else _read(run)


def _read(run: str) -> _Piece:
    if _UNSPACED_FIRST.match(run):
        return _unspaced(run)
    words: list[str] = []
    also: list[str] = []
    for tight in _LOOSE.split(run):
        parts = [part for whole in _TIGHT.split(tight) for part in _at_turns(whole) if part]
        if 1 < len(parts) <= _JOINED:
            also.append("".join(parts))
        words += parts
    if 1 < len(words) <= _JOINED:
        also.append("".join(words))
    also += [form for word in words for form in _arabic(word)]
    return _Piece(
        tuple(_written(word[:_LONGEST]) for word in words),
        tuple(_written(word) for word in dict.fromkeys(also) if len(word) <= _LONGEST),
    )


def _unspaced(run: str) -> _Piece:
    """Each two neighbours; the last sign once more, so that it too begins a word."""
    units = [_written(unit) for unit in _UNITS.findall(run)]
    if len(units) == 1:
        return _Piece((units[0],), unspaced=True)
    pairs = tuple(a + b for a, b in pairwise(units))
    return _Piece(pairs, (units[-1],), unspaced=True)


def _at_turns(word: str) -> list[str]:
    if word.isalpha() or word.isdigit():
        return [word]
    parts = _TURN.split(word)
    return parts if len(parts) - 1 <= _TURNS else [word]


# The article, and the article behind "and", "so", "with", "like" and "for": what is left after it
# has three letters at least, so that والد (father) and بالي (Bali) stay whole.
_ARTICLE = re.compile(r"(?:[وفبك]?ال|و?لل)(?=[ء-ي]{3})")
# "And" without the article is only taken off five letters and more, and only in what is indexed:
# وزارة and وطني begin with a letter of the root. The other particles of one letter (ب ل ك ف) are
# never taken off: as many words of this field begin with them (برنامج, لجنة, كفاءة, فريق).
_AND = re.compile(r"و(?=[ء-ي]{5})")


def _without_article(word: str) -> str:
    match = _ARTICLE.match(word)
    return word[match.end() :] if match else ""


def _arabic(word: str) -> Iterator[str]:
    if not "ء" <= word[:1] <= "ي":
        return
    if bare := _without_article(word):
        yield bare
    elif _AND.match(word):
        yield word[1:]


def _pieces(folded: str) -> Iterator[_Piece]:
    for run in _RUN.findall(folded):
        yield _Piece((run,)) if len(run) <= _LONGEST and _PLAIN.fullmatch(run) else _piece(run)


def index_words(text: str, limit: int = INDEXED) -> str:
    """The words that a text is found by, for the one column of the index: the words in their
    order, so that phrases are found, then those they are also found by.

    >>> index_words("CERT-In: 网络安全")
    'cert in 网络 络安 安全 certin 全'
    """
    words: list[str] = []
    also: dict[str, None] = {}
    for piece in _pieces(fold(text[:limit])):
        words.extend(piece.words)
        also.update(dict.fromkeys(piece.also))
    return " ".join((*words, *also))


# --- questions -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Term:
    """One thing asked for: any of its forms, each a row of words that stand together. With
    `prefix`, the last word of each form need only begin so."""

    forms: tuple[tuple[str, ...], ...]
    prefix: bool


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked: all of the terms. `cut` says that more was asked than is searched."""

    terms: tuple[Term, ...] = ()
    cut: bool = False

    def __bool__(self) -> bool:
        return bool(self.terms)


_QUOTED = re.compile(r'"([^"]*)("?)|([^"]+)')
# "l'assistance" asks for "assistance", and "CERT's" for "cert".
_ELIDED = re.compile(r"\b(?:[cdjlmnst]|qu)['’](?=\w)|(?<=\w)['’]s\b")
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»「」『』＂", '"'))


def parse_query(text: str, *, characters: int = ASKED, terms: int = TERMS) -> Query:
    """What a person typed, as terms that must all be found.

    Every word of two letters counts as a beginning, not only the last: people search in inflected
    languages ("сотрудничеств", "cooperat"), and correct a word in the middle. One Latin letter or
    digit stands for itself ("X", "1"), since half of all entries hold a word that begins so; one
    Chinese character is a beginning. What stands in quotation marks is found as it stands.
    """
    found: dict[Term, None] = {}
    for quoted, closed, plain in _QUOTED.findall(text[:characters].translate(_QUOTES)):
        for term in _phrase(quoted, bool(closed)) if quoted else _words(plain):
            found[term] = None
    kept = tuple(found)[:terms]
    return Query(kept, cut=len(text) > characters or len(found) > terms)


def _words(text: str) -> Iterator[Term]:
    for piece in _pieces(_ELIDED.sub(" ", fold(text))):
        whole = "".join(piece.words)
        bare = _without_article(whole)
        others = [form for form in (whole, bare) if form in piece.also]
        forms = (piece.words, *((form,) for form in others))
        yield Term(forms, prefix=piece.unspaced or len(whole) > 1)


def _phrase(text: str, closed: bool) -> Iterator[Term]:
    pieces = tuple(_pieces(fold(text)))
    words = tuple(word for piece in pieces for word in piece.words)
    if words:
        yield Term((words,), prefix=not closed or pieces[-1].unspaced)


def to_fts5(query: Query, column: str = "") -> str:
    """The question for `MATCH ?`; empty for an empty one, which FTS5 would refuse.

    >>> to_fts5(parse_query("CERT-In 网络"))
    '("cert in" * OR "certin" *) AND "网络" *'
    """
    asked = " AND ".join(_fts5(term) for term in query.terms)
    return '"' + column.replace('"', '""') + f'" : ({asked})' if asked and column else asked


def _fts5(term: Term) -> str:
    star = " *" if term.prefix else ""
    forms = [f'"{" ".join(words)}"{star}' for words in term.forms]
    return forms[0] if len(forms) == 1 else f"({' OR '.join(forms)})"


def to_tsquery(query: Query) -> str:
    """The question for `to_tsquery('simple', ?)`; empty for an empty one.

    >>> to_tsquery(parse_query("CERT-In 网络"))
    "('cert' <-> 'in':* | 'certin':*) & '网络':*"
    """
    return " & ".join(_tsquery(term) for term in query.terms)


def _tsquery(term: Term) -> str:
    star = ":*" if term.prefix else ""
    forms = [" <-> ".join(f"'{word}'" for word in words) + star for words in term.forms]
    return f"({' | '.join(forms)})" if len(forms) > 1 or len(term.forms[0]) > 1 else forms[0]
