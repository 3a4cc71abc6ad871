"""The act in a provision: its verb, what it is done to, its circumstances, and further acts.

ITU wording is regular: an adjunct may come first ("upon request, to support"), the act is an
infinitive ("to continue to review"), a that-clause ("that ITU shall focus") or, under an opening
line that ends in "to:", a bare verb. The object runs to the first circumstance; an infinitive
without a comma before it belongs to its noun ("steps to strengthen security").
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_ADVERB = r"(?:(?:further|closely|actively|also|urgently|jointly|regularly|fully)\s{1,3})"
_WORD = r"[a-z][a-z-]{1,30}"
# Verbs that may follow "and" or a comma without "to" of their own.
_VERBS = (
    r"(?:promote|document|disseminate|develop|facilitate|encourage|implement|assist|publish|maintain"
    r"|report|make|submit|present|propose|take|strengthen|support|update|monitor|evaluate|ensure)"
)
# After "to": a noun follows, not a verb.
_NOUN = r"(?!(?:the|an?|its|their|his|any|all|each|every|this|that|these|those|other)\b)"
_ACT = re.compile(
    rf"(?P<verb>{_ADVERB}?"
    rf"(?:continue\s{{1,3}}to\s{{1,3}}{_ADVERB}?{_WORD}|consider\s{{1,3}}[a-z]+ing\b|{_WORD})"
    rf"(?:\s{{1,3}}and\s{{1,3}}{_VERBS}(?=\s{{1,3}}(?!and\b)))?)"
)
_TO = re.compile(rf"(?:^|,\s{{1,3}}|\s)to\s{{1,3}}(?={_ADVERB}?{_NOUN}{_WORD})")
_THAT = re.compile(
    r"that\s{1,3}(?P<subject>.{1,120}?)\s{1,3}(?:shall|should|will|must|is\s{1,3}to|are\s{1,3}to)\s{1,3}"
)
_CIRCUMSTANCE = re.compile(
    r",?\s{1,3}(?:taking\s{1,3}into\s|with\s{1,3}(?:a\s{1,3}view|the\s{1,3}aim|the\s{1,3}goal)|in\s{1,3}order\s"
    r"|so\s{1,3}as\s|consistent\s{1,3}with|in\s{1,3}accordance\s|pursuant\s|(?<!this\s)(?<!the\s)subject\s{1,3}to|such\s{1,3}as"
    r"|as\s{1,3}(?:a\s{1,3}way|appropriate|necessary)|where\s{1,3}appropriate|through\s|towards?\s"
    r"|within\s{1,3}(?:the\s{1,3})?(?:existing|available|constraints\s{1,3}of)[a-z\s]{1,30}"
    r"(?:resources|budget))"
    r"|,\s{1,3}(?:including|in\s{1,3}particular|notably|providing|based\s{1,3}on|although|outside|by"
    r"|while|bearing|within|upon|with\s{1,3}ITU|and\s{1,3}not\s"
    rf"|to\s{{1,3}}{_NOUN}[a-z])"
)
_STRONG = re.compile(
    r",?\s{1,3}(?:taking\s{1,3}into|with\s{1,3}a\s{1,3}view|in\s{1,3}order\s|through\s|while\s)"
)
_AND_TO = re.compile(
    rf"(?P<comma>,?)\s{{1,3}}and(?P<aside>,\s{{1,3}}(?:where|as)\s{{1,3}}appropriate,)?\s{{1,3}}"
    rf"(?P<act>to\s{{1,3}}{_NOUN}{_WORD})"
)
_COMMA_TO = re.compile(rf",\s{{1,3}}(?P<act>to\s{{1,3}}{_NOUN}{_WORD})")
_AND_BARE = re.compile(rf"\s{{1,3}}and\s{{1,3}}(?P<act>{_VERBS}\s)")
_COMMA_BARE = re.compile(rf",\s{{1,3}}(?:and\s{{1,3}})?(?P<act>{_VERBS}\s)")
# Behind a semicolon an act goes on: "; establishing", "; and to publish", and with an adjunct
# before it, "; consistent with the law referred to above, assisting".
_ADJUNCT = (
    r"(?:consistent\s{1,3}with|in\s{1,3}accordance\s{1,3}with|pursuant\s{1,3}to|within|(?:up)?on\s"
    r"|as\s|where\s|subject\s{1,3}to|taking\s{1,3}into|without\s)[^,;]{1,160},\s{1,3}"
)
_BEHIND_SEMICOLON = re.compile(
    rf";\s{{1,3}}(?:and\s{{1,3}})?(?:{_ADJUNCT})?"
    rf"(?P<act>to\s{{1,3}}{_ADVERB}?{_NOUN}{_WORD}|{_ADVERB}?(?!(?:taking|bearing)\b)[a-z-]{{2,28}}ing\s|{_VERBS}\s)"
)
_INFINITIVE = re.compile(rf"\bto\s{{1,3}}{_NOUN}[a-z]{{1,30}}\s")


@dataclass(frozen=True, slots=True)
class Clause:
    """`rest`: the words behind the verb up to a further act; `subject`: that of a that-clause."""

    verb: str
    rest: str
    further: tuple[str, ...] = ()
    subject: str = ""


def clause(text: str, *, bare: bool) -> Clause | None:
    """Read one provision; None without an act. `bare`: an opening line has already said "to"."""
    text = text.rstrip(" ;,.")
    subject = ""
    if that := _THAT.match(text):
        at, subject = that.end(), that["subject"].removeprefix("the ")
    elif bare and not text.startswith("to "):
        at = 0
    else:
        to = _TO.match(text) or next((m for m in _TO.finditer(text) if m[0][0] == ","), None)
        if to is None:
            return None
        at = to.end()
    act = _ACT.match(text, at)
    if act is None:
        return None
    rest = text[act.end() :]
    starts = _further(rest, bare=bare)
    ends = [s for s, _ in starts[1:]] + [len(rest)]
    further = []
    for (_, begin), end in zip(starts, ends, strict=False):  # none starts: one end is left over
        words = rest[begin:end]
        cut = _STRONG.search(words)
        further.append((words[: cut.start()] if cut else words).strip(" ,;"))
    main = rest[: starts[0][0]] if starts else rest
    return Clause(act["verb"], main, tuple(words for words in further if words), subject)


def _further(rest: str, *, bare: bool) -> list[tuple[int, int]]:
    """Where further acts begin: (end of the words before, start of the act), in order.

    ", and to V" always opens one; " and to V" only while no other infinitive came before, which it
    could continue; ", to V" only as the middle of a series that an "and to V" closes. A semicolon
    opens one whatever its form ("; assisting Member States").
    """
    found: list[tuple[int, int]] = []
    for m in _AND_TO.finditer(rest):
        if m["comma"] or m["aside"] or not _INFINITIVE.search(rest, 0, m.start()):
            found.append((m.start(), m.start("act")))
    if found:
        last = found[-1][0]
        found += [(m.start(), m.start("act")) for m in _COMMA_TO.finditer(rest, 0, last)]
    for m in (_COMMA_BARE if bare else _AND_BARE).finditer(rest):
        if bare or not _INFINITIVE.search(rest, 0, m.start()):
            found.append((m.start(), m.start("act")))
    found += [(m.start(), m.start("act")) for m in _BEHIND_SEMICOLON.finditer(rest)]
    opened: dict[int, int] = {}  # one act may be found in two ways: the wider break counts
    for end, act in found:
        opened[act] = min(end, opened.get(act, end))
    return sorted((end, act) for act, end in opened.items())


def object_of(rest: str) -> str:
    """What the act is done to: the words after the verb up to the first circumstance."""
    cut = _CIRCUMSTANCE.search(rest)
    return (rest[: cut.start()] if cut else rest).strip(" ,;.:")
