"""The door of the format: bytes of a draft in, a Text whose pieces cover every character out."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate

from comity.mandate.formats.redline.cover import Cover
from comity.mandate.formats.redline.doubts import Doubts
from comity.mandate.formats.redline.head import read_head
from comity.mandate.formats.redline.paragraphs import Paragraph, Reader
from comity.mandate.formats.redline.passages import passages_of, provisions_of
from comity.mandate.formats.redline.scope import extend_unclosed
from comity.mandate.formats.redline.tokens import BYTE_ORDER_MARK, Piece, scan
from comity.mandate.types import (
    Artefact,
    ArtefactKind,
    MandateError,
    Passage,
    Source,
    Span,
    Text,
    reading,
)

LARGEST = 5_000_000  # bytes; the draft of Resolution 130 has 46,000
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def parse_redline(
    data: bytes, *, name: str = "", proposers: Mapping[str, str] | None = None
) -> Text:
    """Read a negotiation draft: a redline flattened to text with ~~ ~~, [ ], tags and options.

    `proposers` maps the symbols of tags ("B", "ARB") to names; without it a proposer is what the
    tag line itself says. Runs, marks and artefacts of the result partition the source.
    Raises MandateError for what is no such draft; doubts about one are findings.
    """
    text = _decode(data)
    doubts, cover = Doubts(text), Cover()
    scanned = scan(text, doubts)
    cover.marks += scanned.marks
    first = next((i for i, line in enumerate(scanned.lines) if line.heading), -1)
    if first < 0:
        raise MandateError(
            "No section heading found.",
            line=1,
            column=1,
            remedy='A draft has lines such as "recalling" or "resolves"; check the file.',
        )
    head = read_head(scanned.lines[:first], cover)
    reader = Reader(text, cover, doubts)
    for line in scanned.lines[first:]:
        reader.read(line)
    reader.trim_ends()
    if not reader.paragraphs:
        raise doubts.refuse(
            "Headings but no paragraph found.",
            scanned.lines[first].pieces[0].start,
            "Check that the file is whole.",
        )
    extend_unclosed(reader.paragraphs, scanned.unclosed, doubts)
    passages = passages_of(reader.paragraphs, proposers or {})
    _doubt_strikes(passages, reader.paragraphs, doubts)
    for paragraph in reader.paragraphs:
        _doubt_parentheses(paragraph, doubts)
    cover.artefacts += [Artefact(ArtefactKind.BLANK, end, "\n") for end in scanned.ends]
    if text.startswith(BYTE_ORDER_MARK):
        cover.artefacts.append(Artefact(ArtefactKind.BLANK, Span(0, 1), BYTE_ORDER_MARK))
    return Text(
        title=reading(head.title, struck=False),
        subtitle=head.subtitle,
        formula=reading(head.formula, struck=False),
        provisions=provisions_of(passages),
        passages=passages,
        artefacts=cover.merged(text),
        findings=doubts.findings,
        status="draft",
        date=head.date,
        source=Source(name, hashlib.sha256(data).hexdigest(), "text/plain"),
        marks=tuple(sorted(cover.marks, key=lambda m: m.span)),
        title_runs=head.title,
        formula_runs=head.formula,
    )


def _decode(data: bytes) -> str:
    if len(data) > LARGEST:
        raise MandateError(
            f"The file has {len(data):,} bytes; a draft has at most {LARGEST:,}.",
            remedy="Load one resolution at a time.",
        )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        raise MandateError(
            "The file is not UTF-8 text.",
            line=line,
            column=column,
            remedy="Save the draft as plain text in UTF-8.",
        ) from None
    found = _CONTROL.search(text)
    if found:
        raise Doubts(text).refuse(
            f"A control character (U+{ord(found[0]):04X}) stands in the file: it is no plain text.",
            found.start(),
            "Export the draft as plain text in UTF-8.",
        )
    return text


_NUMBERED_NOUN = re.compile(
    r"\b(?:Study Groups?|Resolutions?|Questions?|Opinions?|Articles?|Objectives?|Decisions?) $"
)


def _doubt_strikes(
    passages: Sequence[Passage], paragraphs: Sequence[Paragraph], doubts: Doubts
) -> None:
    """Strikes whose edges are certainly wrong, or that leave a noun without its number."""
    for passage, paragraph in zip(passages, paragraphs, strict=True):
        if passage.num_printed and "the strike opens too early" in passage.why:
            doubts.add(
                "strike-too-wide",
                f"The strike covers the number {passage.num_printed} and ends inside a "
                "reference; only the old place and year are taken as struck.",
                passage.runs[0].span.start,
                "Check in the published document which words are struck.",
            )
        pieces = paragraph.pieces
        for before, piece, behind in zip(pieces, pieces[1:], pieces[2:], strict=False):
            bare = piece.struck and piece.text.strip().isdigit() and not before.struck
            if bare and _NUMBERED_NOUN.search(before.text) and behind.text[:1].isspace():
                doubts.add(
                    "number-struck",
                    f'The strike of "{piece.text.strip()}" leaves no number behind '
                    f'"{before.text.split()[-1]}"; {_read_as(piece, passage)}.',
                    piece.start,
                    "Look up the number in the published document.",
                )


def _read_as(piece: Piece, passage: Passage) -> str:
    """What the repairs made of a struck number."""
    now = "".join(
        r.text for r in passage.runs if piece.start <= r.span.start < piece.end and not r.struck
    ).strip()
    if not now:
        return "it may cover an old and a new one"
    return f'it is taken to cover an old number and the new one, "{now}"'


_PARENTHESIS = re.compile(r"(?<!\S)(?:[a-z]|[ivx]{1,4})\)|[()]")  # "considering a)" is no close


def _doubt_parentheses(paragraph: Paragraph, doubts: Doubts) -> None:
    text = "".join(p.text for p in paragraph.pieces)
    opened: list[int] = []
    stray: list[int] = []
    for found in _PARENTHESIS.finditer(text):
        if found[0] == "(":
            opened.append(found.start())
        elif found[0] == ")" and opened:
            opened.pop()
        elif found[0] == ")":
            stray.append(found.start())
    for at in sorted(opened + stray):
        closes = text[at] == ")"
        doubts.add(
            "unbalanced-parenthesis",
            "A parenthesis closes that was never opened; it is kept as printed."
            if closes
            else "A parenthesis opens and never closes; it is kept as printed.",
            _offset(paragraph, at),
            "Compare with the published document.",
        )


def _offset(paragraph: Paragraph, at: int) -> int:
    """Offset in the source of a place in a paragraph's text."""
    sizes: Iterable[int] = accumulate(len(p.text) for p in paragraph.pieces)
    for piece, end in zip(paragraph.pieces, sizes, strict=True):
        if at < end:
            return piece.end - (end - at)
    return paragraph.start
