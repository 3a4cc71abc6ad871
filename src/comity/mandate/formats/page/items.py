"""Build the items of a page's nested list, as a browser would nest them.

An item ends where the next one begins, an end tag without a start is passed over, and both
are said. Everything that is no word of the resolution becomes an artefact on the way.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from comity.mandate.formats.page.envelope import Rendered
from comity.mandate.formats.page.markup import Kind, Token, decode, is_active, tokenize
from comity.mandate.formats.page.words import Words, collapse
from comity.mandate.types import ArtefactKind, Finding, MandateError

MAX_DEPTH = 12  # lists in lists; the text of 2014 has four
MAX_ITEMS = 5_000
MAX_FINDINGS = 100

# Tags that do not break a line of words; every other one does.
_INLINE_TAGS = (
    "a abbr acronym b bdi bdo big cite code del dfn em font i ins kbd label mark q s samp "
    "small span strike strong sub sup tt u var wbr"
)
_INLINE = frozenset(_INLINE_TAGS.split())
_ONLY_FOOTNOTE = re.compile(r"\s*[\[(]?(\d{1,2})[\])]?\s*")


@dataclass(slots=True)
class Item:
    """One `<li>`: its own words and the items of its lists."""

    words: Words = field(default_factory=Words)
    children: list[Item] = field(default_factory=list)
    listed: bool = False  # a list began inside: later words are an item of their own


@dataclass(slots=True)
class Page:
    """What the reading of one page gathers."""

    rendered: Rendered
    sections: list[Item] = field(default_factory=list)
    blocks: list[tuple[str, bool, Words]] = field(default_factory=list)  # tag, after list?, words
    artefacts: list[tuple[ArtefactKind, int, int, str]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    foreign: list[Token] = field(default_factory=list)

    def note(self, code: str, message: str, at: int, remedy: str) -> None:
        if len(self.findings) < MAX_FINDINGS:
            self.findings.append(Finding(code, message, *self.rendered.place(at), remedy))

    def claim(self, kind: ArtefactKind, words: Words) -> None:
        """Name words that are no provision, and the footnote marks raised in them."""
        self.artefacts += [(kind, start, end, text) for text, start, end in words.runs()]
        raised = ArtefactKind.FOOTNOTE_MARK
        self.artefacts += [(raised, start, end, mark) for mark, start, end in words.raised]


class Builder:
    """Walks the tokens of a page once, keeping the lists and items that are open."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.open: list[Item | None] = []  # None stands for a list, an Item for an open <li>
        self.items = self.depth = self.raised = 0
        self.stray = -1  # where the run of stray end tags began that is being read
        self.tail: Words | None = None  # words beside items: an item of their own

    def build(self) -> None:
        html = self.page.rendered.html
        for token in tokenize(html):
            kind = ArtefactKind.ENVELOPE
            if token.kind is Kind.WORDS:
                self._words(token)
                continue
            if token.kind is Kind.FOREIGN or (
                token.kind is Kind.OPEN and is_active(html[token.start : token.end])
            ):
                kind = ArtefactKind.FOREIGN
                self.page.foreign.append(token)
            self.page.artefacts.append((kind, token.start, token.end, ""))
            if token.kind is Kind.OPEN:
                self._opened(token)
            elif token.kind is Kind.CLOSE:
                self._closed(token)

    def _opened(self, token: Token) -> None:
        if token.name == "sup":
            self.raised += 1
        if token.name in _INLINE:
            return
        self.stray, self.tail = -1, None
        if token.name in ("ul", "ol", "menu"):
            self._open_list(token)
        elif token.name == "li":
            self._open_item(token)
        else:
            self._break(token)

    def _open_list(self, token: Token) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            line, column = self.page.rendered.place(token.start)
            raise MandateError(
                f"Lists are nested more than {MAX_DEPTH} deep.",
                line=line,
                column=column,
                remedy="Close the lists that are left open.",
            )
        if self.open and (item := self.open[-1]) is not None:
            item.listed = True
        self.open.append(None)

    def _open_item(self, token: Token) -> None:
        if self.open and self.open[-1] is not None:
            self.open.pop()  # the item before ends here, as in a browser
        if not self.open:
            self.page.note(
                "item-outside-list",
                "An item stands outside any list; it is read as a section.",
                token.start,
                "Check the page's list.",
            )
        self.open.append(self._new_item())

    def _new_item(self) -> Item:
        """A new item below the innermost open one."""
        self.items += 1
        if self.items > MAX_ITEMS:
            raise MandateError(
                f"The page has more than {MAX_ITEMS:,} items.",
                remedy="Give the page of one resolution.",
            )
        item = Item()
        parent = next((o for o in reversed(self.open) if o is not None), None)
        (parent.children if parent else self.page.sections).append(item)
        return item

    def _closed(self, token: Token) -> None:
        if token.name == "sup":
            self.raised = max(0, self.raised - 1)
        if token.name in _INLINE:
            return
        self.tail = None
        if token.name in ("ul", "ol", "menu"):
            if self.depth:
                self.depth -= 1
                while self.open.pop() is not None:
                    pass
                return
        elif token.name == "li":
            if self.open and self.open[-1] is not None:
                self.open.pop()
                return
        else:
            self._break(token)
            return
        if self.stray < 0:
            self.stray = token.start
            self.page.note(
                "stray-end-tag",
                f"The end tag </{token.name}> closes nothing; it is passed over.",
                token.start,
                "None needed; check that the list above is whole.",
            )

    def _break(self, token: Token) -> None:
        if not self.open:
            name = token.name if token.kind is Kind.OPEN else ""
            self.page.blocks.append((name, bool(self.page.sections), Words()))
        elif (item := self.open[-1]) is not None and not item.listed:
            item.words.gap(token.end)

    def _words(self, token: Token) -> None:
        html = self.page.rendered.html
        stretch = html[token.start : token.end]
        if not stretch.strip(" \t\n\r\f"):
            words = self._sink(blank=True)
            if words is not None:
                words.add(stretch, token.start, token.end)
            return
        self.stray = -1
        words = self._sink(blank=False)
        if words is None:
            return
        mark = _ONLY_FOOTNOTE.fullmatch(stretch) if self.raised else None
        if mark and not words.is_blank():
            start = token.start + mark.start() + len(stretch) - len(stretch.lstrip())
            words.raised.append((mark[1], start, token.start + len(stretch.rstrip())))
            return
        for text, start, end in decode(html, token.start, token.end):
            words.add(text, start, end)

    def _sink(self, *, blank: bool) -> Words | None:
        """Where words go now; blanks never open anything."""
        if not self.open:
            if not self.page.blocks:
                self.page.blocks.append(("", bool(self.page.sections), Words()))
            return self.page.blocks[-1][2]
        item = self.open[-1]
        if item is not None and not item.listed:
            return item.words
        if self.tail is None and not blank:
            self.tail = self._new_item().words
        return self.tail


def plain(html: str) -> str:
    """The words of a piece of HTML."""
    tokens = (t for t in tokenize(html) if t.kind is Kind.WORDS)
    return collapse("".join(text for t in tokens for text, _, _ in decode(html, t.start, t.end)))
