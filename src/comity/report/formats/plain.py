"""What every renderer does to words before it writes them: nothing in them can break a format.

Each run is made whole in itself, so that no character of one sentence (a line end, a control
character, a lone surrogate, half a pair of direction marks) reaches the next. What XML and PDF
cannot hold becomes U+FFFD: its place stays visible, and the three formats say the same.
"""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

# Letters, digits and signs of the six languages: nothing to do, and nearly all text is of them.
_HARMLESS = re.compile(
    "(?:[!-~\xa1-\u0377\u0400-\u0531\u0621-\u06d3\u4e00-\u9fa5\u3001-\u3011]| (?! ))*"
)
_BLANKS = re.compile("[\t\n\x0b\x0c\r \x85\u2028\u2029]+")
# Control characters, surrogates and noncharacters: no XML, no PDF. Overrides (U+202D, U+202E)
# make a text read backwards and have no honest use here.
_FORBIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\u202d\u202e"
    + "".join(
        f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(1, 17)
    )
    + "]"
)
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_EMBED, _POP_EMBED, _ISOLATE, _POP_ISOLATE = (
    "\u202a\u202b",
    "\u202c",
    "\u2066\u2067\u2068",
    "\u2069",
)


def clean(words: str) -> str:
    """The words as every format may hold them: one line, single blanks, closed directions."""
    if _HARMLESS.fullmatch(words):
        return words
    words = _FORBIDDEN.sub("\ufffd", _BLANKS.sub(" ", words)).replace("\ufeff", "\u2060")
    return _closed(words) if _DIRECTIONS.search(words) else words


def _closed(words: str) -> str:
    """Every embedding and isolate opened in these words ends in them; a stray end goes."""
    out: list[str] = []
    open_: list[str] = []
    for character in words:
        if character in _EMBED:
            open_.append(_POP_EMBED)
        elif character in _ISOLATE:
            open_.append(_POP_ISOLATE)
        elif character in (_POP_EMBED, _POP_ISOLATE):
            if not open_ or open_[-1] != character:
                continue
            open_.pop()
        out.append(character)
    return "".join(out) + "".join(reversed(open_))


_MAIL = re.compile(r"[^\s@<>\"]{1,64}@[A-Za-z0-9.-]{1,253}")


def address(of: str, base: str = "") -> str:
    """Where a link leads: an absolute address, or "" where it is none to follow.

    A path of this gateway ("/…") is put behind `base`, which may be empty (in HTML, where the
    page has one; elsewhere such a path then is no link).
    """
    of = clean(of).strip()
    if of.startswith("/") and not of.startswith(("//", "/\\")):
        return _escaped(base.rstrip("/") + of)
    scheme, _, rest = of.partition(":")
    if scheme == "mailto" and _MAIL.fullmatch(rest):
        return of if rest.isascii() else ""
    try:
        parts = urlsplit(of)
    except ValueError:
        return ""
    return _escaped(of) if parts.scheme in ("http", "https") and parts.netloc else ""


def _escaped(uri: str) -> str:
    """Only characters that a URI may hold; what is escaped already stays so."""
    return quote(uri, safe="!#$%&'()*+,/:;=?@[]~")
