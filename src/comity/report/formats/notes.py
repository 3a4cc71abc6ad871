"""The notes of a document: each figure's number, in the order in which readers meet it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from comity.kit.errors import shown
from comity.report.types.tree import (
    BadTree,
    Block,
    Definitions,
    Document,
    FigureNote,
    FigureRef,
    ListBlock,
    Notice,
    Paragraph,
    Picture,
    Quote,
    Runs,
    Section,
    Table,
    Timeline,
)


class Numbered(NamedTuple):
    number: int
    note: FigureNote


def numbered(document: Document) -> dict[str, Numbered]:
    """The notes of the figures that stand in the text, by figure, in order of first mention.

    A figure without a note raises BadTree: a total without its source is not shown.
    """
    held = {note.id: note for note in document.figures}
    out: dict[str, Numbered] = {}
    for run in figures(document):
        if run.figure in out:
            continue
        if run.figure not in held:
            raise BadTree(
                f"The figure {shown(run.figure)} has no note",
                f"document {shown(document.title)}",
                "Put its FigureNote into Document.figures.",
            )
        out[run.figure] = Numbered(len(out) + 1, held[run.figure])
    return out


def figures(document: Document) -> Iterator[FigureRef]:
    """Every figure of the text in reading order, each mention of it."""
    for part in document.box:
        yield from _in(part.paragraphs)
    yield from _of(document.blocks)


def _of(blocks: Iterable[Block]) -> Iterator[FigureRef]:
    for block in blocks:
        match block:
            case Section():
                yield from _of(block.blocks)
            case Paragraph() | Notice():
                yield from _in((block.runs,))
            case Table():
                for row in block.rows:
                    yield from _in(row)
                yield from _in((block.source,))
            case ListBlock():
                yield from _in(block.items)
            case Definitions():
                for item in block.items:
                    yield from _in(item)
            case Timeline():
                for moment in block.moments:
                    yield from _in((moment.runs, moment.source))
            case Quote() | Picture():
                yield from _in((block.source,))
            case _:
                pass


def _in(lines: Iterable[Runs]) -> Iterator[FigureRef]:
    for runs in lines:
        for run in runs:
            if isinstance(run, FigureRef):
                yield run
