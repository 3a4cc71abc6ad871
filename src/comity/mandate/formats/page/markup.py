"""Cut HTML into tags, words and what must not survive, with positions.

lxml and html5lib build better trees but forget where a word stood, and html.parser takes time
quadratic in its input on some junk. This reader follows the HTML standard's tokenizer as far as
a reprinted resolution needs it; the tests compare its words with html5lib's.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from comity.mandate.types import MandateError

MAX_TAGS = 50_000  # the page of 2014 has 550


class Kind(Enum):
    OPEN = "open"
    CLOSE = "close"
    WORDS = "words"
    COMMENT = "comment"
    FOREIGN = "foreign"  # code, frames, drawings, forms: the whole stretch, contents included


@dataclass(frozen=True, slots=True)
class Token:
    kind: Kind
    name: str  # of the tag, in small letters; "" for words
    start: int
    end: int


# The text inside these is not HTML: it runs to the next end tag of that name.
_RAW_TAGS = "script style iframe noembed noframes noscript plaintext textarea title xmp"
_RAW = frozenset(_RAW_TAGS.split())
# Whatever stands inside these is no part of a resolution.
_NESTED_TAGS = "svg math object applet template audio video canvas select button frameset head"
_NESTED = frozenset(_NESTED_TAGS.split())
_ALONE_TAGS = "embed link meta base img input frame param source track portal"
_ALONE = frozenset(_ALONE_TAGS.split())

# Quotes count only after "=", as in the standard; `*+` keeps the scan from going back.
_TAG = re.compile(r"""</?([a-zA-Z][^\s/>]*)((?:[^>=]|=\s*"[^"]*"|=\s*'[^']*'|=)*+)>""")
_COMMENT = re.compile(r"<!--(?:-?>|.*?(?:--!?>|\Z))|<(?:[!?]|/(?![a-zA-Z]))[^>]*(?:>|\Z)", re.S)
_OPENING = re.compile(r"<(?=[a-zA-Z/!?])")
_ACTIVE = re.compile(r"(?:^|[\s\"'/])on[a-z]+\s*=|javascript:|vbscript:|data:", re.I)


def tokenize(page: str) -> Iterator[Token]:
    """Yield tokens that cover `page` without gap or overlap, in order.

    >>> [(t.kind.value, t.name) for t in tokenize("<b>a</b><script>x</script>")]
    [('open', 'b'), ('words', ''), ('close', 'b'), ('foreign', 'script')]
    """
    at = tags = 0
    while at < len(page):
        token = _next(page, at)
        tags += token.kind is not Kind.WORDS
        if tags > MAX_TAGS:
            raise MandateError(
                f"The page has more than {MAX_TAGS:,} tags.",
                remedy="Give the page of one resolution.",
            )
        yield token
        at = token.end


def _next(page: str, at: int) -> Token:
    opening = _OPENING.search(page, at)
    if opening is None:
        return Token(Kind.WORDS, "", at, len(page))
    if opening.start() > at:
        return Token(Kind.WORDS, "", at, opening.start())
    comment = _COMMENT.match(page, at)
    if comment:
        return Token(Kind.COMMENT, "", at, comment.end())
    tag = _TAG.match(page, at)
    if tag is None:  # a tag that never ends swallows the rest, as in a browser
        return Token(Kind.FOREIGN, "", at, len(page))
    name = tag[1].lower()
    if page[at + 1] == "/":
        return Token(Kind.CLOSE, name, at, tag.end())
    if name in _RAW:
        return Token(Kind.FOREIGN, name, at, _raw_end(page, name, tag.end()))
    if name in _NESTED:
        alone = name in ("svg", "math") and tag[2].endswith("/")
        return Token(
            Kind.FOREIGN, name, at, tag.end() if alone else _nested_end(page, name, tag.end())
        )
    if name in _ALONE:
        return Token(Kind.FOREIGN, name, at, tag.end())
    return Token(Kind.OPEN, name, at, tag.end())


def _raw_end(page: str, name: str, at: int) -> int:
    close = re.compile(rf"</{name}(?=[\s/>])", re.I).search(page, at)
    return _after_bracket(page, close.end()) if close else len(page)


def _nested_end(page: str, name: str, at: int) -> int:
    depth = 1
    for tag in re.compile(rf"<(/?){name}(?=[\s/>])", re.I).finditer(page, at):
        depth += -1 if tag[1] else 1
        if depth == 0:
            return _after_bracket(page, tag.end())
    return len(page)


def _after_bracket(page: str, at: int) -> int:
    bracket = page.find(">", at)
    return bracket + 1 if bracket >= 0 else len(page)


def is_active(tag: str) -> bool:
    """Whether a tag carries code in its attributes (`onclick=`, `javascript:`).

    >>> is_active('<a href="java&#115;cript:alert(1)">'), is_active('<li class="on">')
    (True, False)
    """
    return bool(_ACTIVE.search(re.sub(r"[\x00-\x1f]+", " ", html.unescape(tag)))) or bool(
        re.search(r"(?:java|vb)script:", re.sub(r"\s+", "", html.unescape(tag)), re.I)
    )


# html.unescape's own pattern, with the digits bounded (Python refuses very long numbers).
_REFERENCE = re.compile(r"&(?:#[0-9]{1,4000};?|#[xX][0-9a-fA-F]{1,4000};?|[^\t\n\f <&#;]{1,32};?)")


def decode(page: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    """Cut words into plain stretches and decoded references, each with its positions.

    >>> list(decode("a&amp;b", 0, 7))
    [('a', 0, 1), ('&', 1, 6), ('b', 6, 7)]
    """
    at = start
    for reference in _REFERENCE.finditer(page, start, end):
        meaning = html.unescape(reference.group())
        if meaning == reference.group():
            continue
        if reference.start() > at:
            yield page[at : reference.start()], at, reference.start()
        yield meaning, reference.start(), reference.end()
        at = reference.end()
    if at < end:
        yield page[at:end], at, end
