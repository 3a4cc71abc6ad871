"""Read the items of a resolution's page as provisions: sections outside, provisions inside."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict

from comity.mandate.formats.page.envelope import open_envelope
from comity.mandate.formats.page.items import Builder, Item, Page, plain
from comity.mandate.formats.page.words import collapse, read_line
from comity.mandate.rules.identifiers import Names, ordinals
from comity.mandate.types import (
    Artefact,
    ArtefactKind,
    MandateError,
    Provision,
    Source,
    Span,
    Text,
)

_HEADING = re.compile(r"h[1-6]")
_FOOTNOTE_TEXT = re.compile(r"[\[(]?(\d{1,2})[\])]?[\s\xa0]+\S")


def parse_page(data: bytes, *, name: str = "") -> Text:
    """Read the JSON of a page into a Text; spans are offsets in the decoded file.

    A provision's span runs from its number to its last character; footnote marks and tags
    inside it are artefacts of their own. Artefacts of tags, JSON and foreign code carry no
    text: nothing of them passes on.

    Raises MandateError with place and remedy for a file over 5 MB, one with NULs or that is
    not UTF-8, for broken JSON or JSON of another shape, and for a page without provisions.
    """
    rendered = open_envelope(data)
    page = Page(rendered)
    Builder(page).build()
    if not page.sections:
        raise MandateError(
            "The page has no list of provisions.",
            remedy="Give a page whose text is a nested list (<ul>) of sections and items.",
        )
    title, subtitle, formula, footnotes = _front(page)
    provisions = _provisions(page, footnotes)
    if not provisions:
        raise MandateError(
            "The list of the page holds no text below its headings.",
            remedy="Check that the page shows the resolution's text.",
        )
    _note_foreign(page)
    sha256 = hashlib.sha256(data).hexdigest()
    return Text(
        title=title or plain(rendered.title),
        subtitle=subtitle,
        formula=formula,
        provisions=provisions,
        artefacts=_partition(page, provisions),
        findings=tuple(sorted(page.findings, key=lambda f: (f.line, f.column))),
        source=Source(name, sha256, "application/json"),
    )


def _front(page: Page) -> tuple[str, str, str, frozenset[str]]:
    """Title, subtitle, formula, and the numbers of the footnotes whose text stands below."""
    headings: list[str] = []
    formula: list[str] = []
    footnotes: set[str] = set()
    for tag, after, words in page.blocks:
        if words.is_blank():
            continue
        text = collapse(words.text)
        if after:
            kind = ArtefactKind.REMARK
            note = _FOOTNOTE_TEXT.match(text)
            if note:
                footnotes.add(note[1])
            else:
                page.note(
                    "text-outside-list",
                    "Words after the list belong to no provision; they are kept as a remark.",
                    words.bounds()[0],
                    "Check whether they are part of the resolution.",
                )
        elif _HEADING.fullmatch(tag):
            kind = ArtefactKind.TITLE
            headings.append(text)
        elif headings:
            kind = ArtefactKind.FORMULA
            formula.append(text)
        else:
            kind = ArtefactKind.HEAD
        page.claim(kind, words)
    title, *rest = headings or [""]
    return title, " ".join(rest), " ".join(formula), frozenset(footnotes)


def _provisions(page: Page, footnotes: frozenset[str]) -> tuple[Provision, ...]:
    reader = _Reader(page, footnotes)
    for section in page.sections:
        if section.words.is_blank():
            heading = ""
            if section.children:
                page.note(
                    "heading-missing",
                    "A list of provisions has no heading.",
                    reader.first(section),
                    "Check the page above this place.",
                )
        else:
            heading = collapse(section.words.text)
            page.claim(ArtefactKind.HEADING, section.words)
            if not section.children:
                page.note(
                    "heading-without-text",
                    "A section has no provisions; its words are kept as a heading.",
                    section.words.bounds()[0],
                    "Check whether it is a provision.",
                )
        reader.read(heading, "", section.children)
    return tuple(reader.provisions)


class _Reader:
    """Numbers, paths, texts and footnotes of the items, in the order of the page."""

    def __init__(self, page: Page, footnotes: frozenset[str]) -> None:
        self.page = page
        self.footnotes = footnotes
        self.provisions: list[Provision] = []
        self.names: defaultdict[str, Names] = defaultdict(Names)  # paths, by section
        self.seen = 0  # the highest footnote so far

    def first(self, item: Item) -> int:
        while item.words.is_blank() and item.children:
            item = item.children[0]
        return 0 if item.words.is_blank() else item.words.bounds()[0]

    def read(self, section: str, above: str, items: list[Item]) -> None:
        expected, nums = 1, list[tuple[str, int]]()
        for position, item in enumerate(items):
            if item.words.is_blank():
                self.read(section, above, item.children)
                continue
            line = read_line(item.words, expected, self.seen)
            step = re.sub(r"[().\s]", "", line.num.rstrip("."))
            if line.num:
                expected = int(step) + 1 if step.isdigit() else expected
            elif position == 0 and self._numbers_follow(items):
                step = "chapeau"
            else:
                step = "p"
            path = self.names[section].take(above + step)
            self._footnotes(line.marks)
            nums.append((line.num, line.bounds[0]))
            start, end = (self.page.rendered.offset(at) for at in line.bounds)
            self.provisions.append(
                Provision(
                    section=section,
                    path=path,
                    num=line.num,
                    text=line.text,
                    footnotes=tuple(mark for mark, _, _ in line.marks),
                    marks_at=line.offsets,
                    span=Span(start, end),
                )
            )
            self.read(section, path + "/", item.children)
        self._order(nums)

    def _order(self, nums: list[tuple[str, int]]) -> None:
        """Numbers should rise among siblings; a gap is no fault, a step back is."""
        highest = 0
        for value, (num, at) in zip(ordinals([num for num, _ in nums]), nums, strict=True):
            if value is not None and value <= highest:
                self.page.note(
                    "number-order",
                    f"The number {num} does not follow the one before it.",
                    at,
                    "Check the numbers of this section against the Final Acts.",
                )
            highest = max(highest, value or 0)

    def _numbers_follow(self, items: list[Item]) -> bool:
        lines = (read_line(i.words, 1, 0) for i in items[1:] if not i.words.is_blank())
        return any(line.num for line in lines)

    def _footnotes(self, marks: tuple[tuple[str, int, int], ...]) -> None:
        for mark, start, end in marks:
            self.page.artefacts.append((ArtefactKind.FOOTNOTE_MARK, start, end, mark))
            if int(mark) > self.seen and mark not in self.footnotes:
                self.page.note(
                    "footnote-text-missing",
                    f"Footnote {mark} is marked here, but the page does not hold its text.",
                    start,
                    "Look it up in the Final Acts.",
                )
            self.seen = max(self.seen, int(mark))


def _note_foreign(page: Page) -> None:
    """One finding for all foreign code. It names no address: those are the attacker's words."""
    if not page.foreign:
        return
    names = sorted({token.name or "unfinished tag" for token in page.foreign})
    page.note(
        "foreign-content",
        f"{len(page.foreign)} pieces of code or foreign content ({', '.join(names)}) "
        "were left out, from here on.",
        page.foreign[0].start,
        "None needed; tell whoever runs the page that it was tampered with, if it is not theirs.",
    )


def _partition(page: Page, provisions: tuple[Provision, ...]) -> tuple[Artefact, ...]:
    """All artefacts in file offsets, with the blanks between them; neighbours are joined."""
    rendered = page.rendered
    spans = [(rendered.offset(s), rendered.offset(e), k, t) for k, s, e, t in page.artefacts]
    envelope = ArtefactKind.ENVELOPE
    spans += [
        (0, rendered.start, envelope, ""),
        (rendered.end, len(rendered.source), envelope, ""),
    ]
    inside: list[tuple[int, int, ArtefactKind | None, str]] = [*spans]
    inside += [(p.span.start, p.span.end, None, "") for p in provisions]
    found: list[Artefact] = []

    def add(kind: ArtefactKind, start: int, end: int, text: str) -> None:
        last = found[-1] if found else None
        if last and last.kind is kind is envelope and last.span.end == start:
            found[-1] = Artefact(kind, Span(last.span.start, end))
        elif end > start:
            found.append(Artefact(kind, Span(start, end), text))

    layout = (envelope, ArtefactKind.FOREIGN)
    at, before = 0, envelope
    for start, end, kind, text in sorted(inside, key=lambda s: (s[0], -s[1])):
        if start > at:  # blanks between two tags are layout, beside words they are blanks
            between = before in layout and kind in layout
            add(envelope if between else ArtefactKind.BLANK, at, start, "")
        at, before = max(at, end), kind or ArtefactKind.BLANK
        if kind is not None:
            add(kind, start, end, text)
    return tuple(found)
