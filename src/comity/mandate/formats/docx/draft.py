"""A marked-up draft as a Word document: accept for its clean reading, reject for its base.

The base reading holds the struck words and leaves out what is inserted; it is the text the
draft started from only as far as the marks allow, and the document says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from comity.mandate.formats.docx.paper import compose
from comity.mandate.formats.docx.revisions import DEL, INS, SAME, Line, Note, Piece, merged
from comity.mandate.formats.docx.styles import item_style
from comity.mandate.formats.docx.words import Words
from comity.mandate.types import Passage, Run, State, Text

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
    body = [line for p in _sections(text.passages) for line in _section(p, drafter, words)]
    head = [
        Line(style, (Piece(SAME, said),))
        for style, said in (
            ("Title", text.title),
            ("Subtitle", text.subtitle),
            ("Formula", text.formula),
        )
        if said
    ]
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


def _sections(passages: Sequence[Passage]) -> Iterator[list[Passage]]:
    for _, group in groupby(passages, key=lambda p: p.section):
        yield list(group)


def _section(passages: list[Passage], drafter: str, words: Words) -> Iterator[Line]:
    """The heading, then the passages. It goes with them when one reading has none of them."""
    lines = [_line(p, drafter, words) for p in passages]
    ops = {line.op for line in lines}
    op = ops.pop() if len(ops) == 1 else SAME
    authors = {line.author for line in lines}
    author = authors.pop() if len(authors) == 1 else drafter
    yield Line("Heading1", (Piece(op, passages[0].section),), author)
    yield from lines


def _line(passage: Passage, drafter: str, words: Words) -> Line:
    author = passage.proposer or passage.tag or drafter
    notes = tuple(Note(author, said) for said in _remarks(passage, words))
    aside = None
    if not passage.bracketed and any(r.bracketed and r.text.strip() for r in passage.runs):
        aside = len(notes)
        notes = (*notes, Note(author, words.bracketed_part))
    body = _body(passage, aside)
    pieces = merged([*_number(passage, body), *body])
    return Line(item_style(passage.path, passage.num), pieces, author, notes)


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
    ops = {p.op for p in body}
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


def words_of(runs: Sequence[Run]) -> Iterator[Run]:
    """The runs without a struck blank that only holds old words and new ones apart.

    "(~~Hyderabad, 2010~~ Rev. Dubai, 2014)": the blank is the seam, not part of "2010)".
    """
    for n, run in enumerate(runs):
        seam = 0 < n < len(runs) - 1 and runs[n - 1].struck and runs[n + 1].inserted
        if not (seam and run.struck and run.text.isspace()):
            yield run


def _body(passage: Passage, aside: int | None) -> tuple[Piece, ...]:
    """The words of the two readings, blanks as `types.reading` would leave them in each.

    Blanks are decided for each reading by itself, because a mark may stand on either side of
    one: after "2006~~ Guadalajara" only one reading has a blank there. `aside` is the note that
    hangs on words in brackets.
    """
    offered = is_offered(passage)
    out: list[Piece] = []
    blank = {DEL: False, INS: False}  # a blank is due before the next word of that reading
    begun = {DEL: False, INS: False}
    for run in words_of(passage.runs):
        op = DEL if run.struck else INS if offered or run.inserted else SAME
        readings = (DEL, INS) if op == SAME else (op,)
        note = aside if run.bracketed else None
        for word in _WORDS.findall(run.text):
            if word.isspace():
                for reading in readings:
                    blank[reading] = begun[reading]
                continue
            due = [reading for reading in readings if blank[reading]]
            if due:
                out.append(Piece(due[0] if len(due) == 1 else SAME, " ", run.emphasis, note))
            out.append(Piece(op, word, run.emphasis, note))
            for reading in readings:
                blank[reading], begun[reading] = False, True
    return merged(out)
