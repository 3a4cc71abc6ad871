"""A marked-up draft as a Word document: accept for its clean reading, reject for its base.

The base reading holds the struck words and leaves out what is inserted; it is the text the
draft started from only as far as the marks allow, and the document says so.
An insertion that cuts a paragraph in two stands at its place in that paragraph, with its own
author: accepted, the two are one paragraph, though the clean reading of the draft counts them as
two provisions, because each has a fate of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from comity.mandate.formats.docx.paper import compose
from comity.mandate.formats.docx.revisions import DEL, INS, PASSED, SAME, Line, Note, Piece, merged
from comity.mandate.formats.docx.styles import item_style
from comity.mandate.formats.docx.words import Words
from comity.mandate.types import Passage, Run, Span, State, Text

_WORDS = re.compile(r"\s+|\S+")
_OFFERED = (State.INSERTED, State.OPTION, State.BRACKETED)


def draft_docx(
    text: Text, *, drafter: str = "", version: str = "", words: Words | None = None
) -> bytes:
    """The draft with its marks as tracked changes.

    A change is by the passage's proposer, else by its tag, else by `drafter` (say, the group
    that held the pen), else "Not named". `version` names the text in header and properties
    ("28 October 2014"); left out, it is the date. Brackets, options and tags are comments.
    """
    words = words or Words()
    drafter = drafter or words.unnamed
    head = [
        Line(style, _words(_strands(runs)) or (Piece(SAME, said),), drafter)
        for style, said, runs in (
            ("Title", text.title, text.title_runs),
            ("Subtitle", text.subtitle, ()),
            ("Formula", text.formula, text.formula_runs),
        )
        if said or runs
    ]
    body = _body(text.passages, drafter, words)
    explicit = sum(p.explicit for p in text.passages)
    numbers = {
        "unnamed": words.unnamed,
        "count": len(text.passages),
        "explicit": explicit,
        "inferred": len(text.passages) - explicit,
    }
    return compose(
        text,
        [*head, *body],
        kind=words.draft,
        version=version or (text.date.isoformat() if text.date else ""),
        when=text.date,
        notices=[
            said.format(**numbers)
            for said in (words.draft_use, words.draft_notes, words.draft_guess)
        ],
        words=words,
    )


def _body(passages: Sequence[Passage], drafter: str, words: Words) -> Iterator[Line]:
    """Headings and passages. A heading goes with its passages when one reading has none."""
    inside: dict[int, list[Passage]] = {}
    own: list[int] = []
    for i, passage in enumerate(passages):
        host = passage.within
        if host is not None and host in own and _holds(passages[host], passage):
            inside.setdefault(host, []).append(passage)
        else:
            own.append(i)
    for section, group in groupby(own, key=lambda i: passages[i].section):
        lines = [_line(passages[i], inside.get(i, ()), drafter, words) for i in group]
        ops = {line.op for line in lines}
        op = ops.pop() if len(ops) == 1 else SAME
        authors = {line.author for line in lines}
        author = authors.pop() if len(authors) == 1 else drafter
        yield Line("Heading1", (Piece(op, section),), author)
        yield from lines


def _holds(host: Passage, insertion: Passage) -> bool:
    """Only a paragraph with words in a reading can hold what stands in that reading."""
    there, here = (_readings(_strands(p.runs, is_offered(p))) for p in (host, insertion))
    return insertion.at is not None and here <= there


def _line(passage: Passage, inside: Sequence[Passage], drafter: str, words: Words) -> Line:
    """One paragraph, with what stands inside it at its place."""
    author = _author(passage, drafter)
    notes = [Note(author, said) for said in _remarks(passage, words)]
    strands = _strands_of(passage, notes, words, author)
    in_order = sorted(inside, key=lambda p: p.at or 0)
    for insertion in in_order[::-1]:  # from behind: the places before stay what they are
        by, note = _author(insertion, drafter), len(notes)
        notes += [Note(by, said) for said in _remarks(insertion, words)]
        hung = note if len(notes) > note else None
        mine = _strands_of(insertion, notes, words, by, hung)
        edge = _Strand(Run(" ", False, Span(0, 0)), blank_in=_readings(mine))
        before, behind = _cut(strands, insertion.at or 0)
        strands = [*before, edge, *mine, edge, *behind]
    body = _words(strands, by=author)
    pieces = merged([*_number(passage, body), *body])
    return Line(item_style(passage.path, passage.num), pieces, author, tuple(notes))


def _author(passage: Passage, drafter: str) -> str:
    return passage.proposer or passage.tag or drafter


def _remarks(passage: Passage, words: Words) -> Iterator[str]:
    """What the draft says of a passage beside its words: one comment."""
    said = []
    if passage.tag:
        said.append(words.tabled.format(tag=passage.tag))
    if passage.option:
        said.append(words.option.format(option=passage.option))
    elif passage.group is not None:
        said.append(words.alternative)
    if passage.bracketed or passage.state is State.BRACKETED:
        said.append(words.bracketed)
    if not passage.explicit and passage.state is not State.KEPT:
        said.append(words.inferred.format(state=passage.state.value, why=passage.why))
    if said:
        yield " ".join(said)


def is_offered(passage: Passage) -> bool:
    """Whether a passage is an insertion as a whole.

    So read where it is inserted, an option, in brackets or under a tag. Struck words in it
    prove that it stood in the base: then only its marked words are insertions.
    """
    struck = any(r.struck and r.text.strip() for r in passage.runs)
    return not struck and (passage.state in _OFFERED or bool(passage.tag))


def _number(passage: Passage, body: Sequence[Piece]) -> Iterator[Piece]:
    """The number as read from its place; rejecting gives back what else was printed."""
    ops = {p.op for p in body if p.op != PASSED}
    op = ops.pop() if len(ops) == 1 else SAME
    new, old = passage.num, base_number(passage.num_printed, passage.num)
    slant = passage.num[:1].isalpha()
    if op == DEL:
        new = old = passage.num_printed or passage.num
    if op != SAME or old == new:
        yield Piece(op, new, slant)
    else:
        yield Piece(DEL, old, slant)
        yield Piece(INS, new, slant)
    both = SAME if old and new else INS if new else DEL
    if old or new:
        yield Piece(both if op == SAME else op, "\t")


def base_number(printed: str, read: str) -> str:
    """The number before the draft changed it, from a fusion of both: "ed)" read "e)" was "d)".

    Without a fusion, or with one that does not hold the number read, it is what was printed.
    """
    letters, now = printed.rstrip(")."), read.rstrip(").")
    if letters == now or not now or len(letters) <= len(now):
        return printed
    for rest in (letters.removeprefix(now), letters.removesuffix(now)):
        if rest != letters:
            return rest + printed[len(letters) :]
    return printed


@dataclass(frozen=True, slots=True)
class _Strand:
    """A run as the document shows it; an edge between passages is a blank in `blank_in` only."""

    run: Run
    offered: bool = False
    author: str = ""
    note: int | None = None
    blank_in: frozenset[str] | None = None

    @property
    def op(self) -> str:
        if self.run.struck:
            return PASSED if self.run.inserted else DEL
        return INS if self.offered or self.run.inserted else SAME

    @property
    def readings(self) -> frozenset[str]:
        """The readings its words stand in: DEL is the old one, INS the new one."""
        if self.blank_in is not None:
            return self.blank_in
        return _IN[self.op]

    @property
    def words(self) -> str:
        """What it says in its readings: not always what is printed."""
        return self.run.text if self.run.stood is None else self.run.stood


_IN = {
    SAME: frozenset({DEL, INS}),
    DEL: frozenset({DEL}),
    INS: frozenset({INS}),
    PASSED: frozenset(),
}


def _strands(runs: Sequence[Run], offered: bool = False) -> list[_Strand]:
    return [_Strand(run, offered) for run in runs]


def _strands_of(
    passage: Passage, notes: list[Note], words: Words, author: str, note: int | None = None
) -> list[_Strand]:
    """The runs of a passage, by its author. `note` hangs on them all, but where only some stand
    in brackets these get a note of their own, which is added to `notes`."""
    aside = note
    if not passage.bracketed and any(r.bracketed and r.text.strip() for r in passage.runs):
        aside = len(notes)
        notes.append(Note(author, words.bracketed_part))
    offered = is_offered(passage)
    return [_Strand(r, offered, author, aside if r.bracketed else note) for r in passage.runs]


def _readings(strands: Sequence[_Strand]) -> frozenset[str]:
    return frozenset().union(*(s.readings for s in strands if s.words.strip()))


def _cut(strands: Sequence[_Strand], at: int) -> tuple[list[_Strand], list[_Strand]]:
    """Divide strands after so many printed characters of their runs."""
    before: list[_Strand] = []
    behind: list[_Strand] = []
    for strand in strands:
        text = strand.run.text
        if strand.blank_in is not None or not 0 < at < len(text):
            (before if at > 0 else behind).append(strand)
        else:
            stood = None if strand.run.stood is None else ""
            before.append(replace(strand, run=replace(strand.run, text=text[:at])))
            behind.append(replace(strand, run=replace(strand.run, text=text[at:], stood=stood)))
        at -= 0 if strand.blank_in is not None else len(text)
    return before, behind


def _words(strands: Sequence[_Strand], by: str = "") -> tuple[Piece, ...]:
    """The words of the two readings, blanks as `types.reading` would leave them in each.

    Blanks are decided for each reading by itself, because a mark may stand on either side of
    one: after "2006~~ Guadalajara" only one reading has a blank there. `by` is the author of the
    line: pieces of somebody else say so.
    """
    out: list[Piece] = []
    blank = {DEL: False, INS: False}  # a blank is due before the next word of that reading
    begun = {DEL: False, INS: False}
    for strand in strands:
        style = (strand.run.emphasis, strand.note, strand.author if strand.author != by else "")
        if strand.op == PASSED:
            out.append(Piece(PASSED, strand.words, *style))
            continue
        for word in _WORDS.findall(strand.words):
            if word.isspace():
                for reading in strand.readings:
                    blank[reading] = begun[reading]
                continue
            due = [reading for reading in (DEL, INS) if reading in strand.readings & _due(blank)]
            if due:
                out.append(Piece(due[0] if len(due) == 1 else SAME, " ", *style))
            out.append(Piece(strand.op, word, *style))
            for reading in strand.readings:
                blank[reading], begun[reading] = False, True
    return merged(out)


def _due(blank: dict[str, bool]) -> frozenset[str]:
    return frozenset(reading for reading, due in blank.items() if due)
