"""From the tree to the JSON that the template reads, and through typst to bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

from comity.kit.languages import by_code
from comity.report.formats.notes import Numbered, numbered
from comity.report.formats.pdf.fonts import fonts, shown, surely_shown
from comity.report.formats.picture import drawn, values
from comity.report.formats.plain import address, clean
from comity.report.types.tree import (
    Align,
    BadTree,
    Block,
    Break,
    Code,
    Contents,
    Definitions,
    Document,
    Emphasis,
    FigureRef,
    Foreign,
    Link,
    ListBlock,
    Notice,
    PageBreak,
    Paragraph,
    Picture,
    Quote,
    Run,
    Runs,
    Section,
    Strong,
    Table,
    Text,
    Timeline,
)

_TEMPLATES = Path(__file__).parents[2] / "data" / "typst"
# The space between lines, in parts of the size: Arabic and Chinese want air.
_LEADING = {"ar": 0.85, "zh": 0.85}
_PAGE = re.compile(r"(\{page\}|\{pages\})")
# Letters of a heading if its column had the whole width: about ten lines.
_REPEATS = 900
# Longer than a line of a narrow column: such a word may break anywhere, with no hyphen.
_LONG = re.compile(r"[^\s\u2e80-\u9fff]{24,}")
_CHUNK = re.compile(r"[^/._?&=:@-]{1,12}[/._?&=:@-]*|[/._?&=:@-]{1,12}")


def write_pdf(document: Document) -> bytes:
    """The document as PDF/UA-1. Raises BadTree where typst refuses it."""
    for fit in (shown, surely_shown):
        data = json.dumps(_Setter(document, fit).document(), ensure_ascii=False)
        sources = {"main": _template("document.typ"), "picture.typ": _template("picture.typ")}
        try:
            written = _compile(
                {**sources, "document.json": data.encode()},
                pdf_standards=["ua-1"],
                timestamp=int(document.moment.timestamp()),
            )
        except typst.TypstError as error:
            refused = error
        else:
            return written
    raise BadTree(f"The PDF cannot be set: {refused}") from refused


def picture_png(picture: Picture, language: str, unknown: str) -> bytes:
    """A picture as PNG, 16 cm wide, drawn as in the PDF; for formats that take no drawing."""
    drawing = asdict(drawn(picture, language, unknown))
    tongue = by_code(language)
    main = (
        '#import "picture.typ": key, plot\n#let d = json("picture.json")\n'
        "#set page(width: 16cm, height: auto, margin: 1mm)\n"
        '#set text(font: ("Noto Sans", "Noto Sans Arabic", "Noto Sans CJK SC"), lang: d.lang)\n'
        "#key(d.drawing.key)\n#plot(d.drawing, rtl: d.rtl)\n"
    )
    data = {"drawing": _fitted(drawing, shown), "lang": tongue.code, "rtl": tongue.dir == "rtl"}
    files = {
        "main": main.encode(),
        "picture.typ": _template("picture.typ"),
        "picture.json": json.dumps(data).encode(),
    }
    return _compile(files, format="png", ppi=192.0)


def _compile(files: dict[str, bytes], **how: Any) -> bytes:
    """Run typst on files that stand in memory; it can reach no others."""
    run: Any = typst.compile  # its stub (0.15.2) knows no dictionary of files
    return bytes(run(files, font_paths=fonts(), ignore_system_fonts=True, **how))


@lru_cache(maxsize=4)
def _template(name: str) -> bytes:
    return (_TEMPLATES / name).read_bytes()


def _fitted(value: Any, fit: Callable[[str], str]) -> Any:
    """Every string in the data cleaned and fit to the fonts."""
    if isinstance(value, str):
        return fit(clean(value))
    if isinstance(value, dict):
        return {key: _fitted(inner, fit) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_fitted(inner, fit) for inner in value]
    return value


class _Setter:
    """Turns the parts of one document into what the template knows."""

    def __init__(self, document: Document, fit: Callable[[str], str]) -> None:
        self.of = document
        self.fit = fit
        self.notes: dict[str, Numbered] = numbered(document)
        self.labels = {section.id for _level, section in document.sections()}
        self.changed = False

    def words(self, words: str) -> str:
        return _LONG.sub(_breakable, self.fit(clean(words)))

    def document(self) -> dict[str, Any]:
        of, say = self.of, self.words
        head = of.masthead
        blocks = self.blocks(of.blocks, 1)
        box = [
            {"heading": say(part.heading), "paragraphs": [self.runs(p) for p in part.paragraphs]}
            for part in of.box
        ]
        identity = [part for part in (of.identifier, of.title) if part]
        return {
            "lang": of.tongue.code,
            "rtl": of.rtl,
            "leading": _LEADING.get(of.language, 0.65),
            "title": say(of.title),
            "publisher": say(of.publisher),
            "subject": say(of.subject),
            "keywords": [say(of.identifier)] if of.identifier else [],
            "author": say(of.author),
            "state": say(of.state),
            "header": say(" · ".join([*identity[:1], *([of.state] if of.state else [])])),
            "page": [
                {"{page}": 1, "{pages}": 2}.get(part, say(part))
                for part in _PAGE.split(of.words.page)
                if part
            ],
            "marking": of.marking.value,
            "words": {
                "contents": say(of.words.contents),
                "notes": say(of.words.notes),
                "changed": say(of.words.changed),
            },
            "masthead": head
            and {
                "meeting": say(head.meeting),
                "place": say(head.place),
                "start": [{"name": say(r.name), "value": say(r.value)} for r in head.start],
                "end": [{"name": say(r.name), "value": say(r.value)} for r in head.end],
            },
            "box": box,
            "blocks": blocks,
            "changed": self.changed,
            "notes": [
                {
                    "number": n,
                    "parts": [say(part) for part in note.parts()],
                    "address": address(note.address, of.base) if self._leads(note.address) else "",
                }
                for n, note in self.notes.values()
            ],
        }

    def _leads(self, to: str) -> bool:
        return bool(self.of.base) or not to.startswith("/")

    def runs(self, runs: Runs) -> list[list[Any]]:
        return [self.run(run) for run in runs]

    def run(self, run: Run) -> list[Any]:
        match run:
            case Text():
                return ["t", self.words(run.words)]
            case Strong():
                return ["s", self.words(run.words)]
            case Emphasis():
                return ["e", self.words(run.words)]
            case Code():
                return ["c", self.words(run.words)]
            case Foreign():
                tongue = by_code(run.language)
                other = tongue.dir if tongue.dir != self.of.tongue.dir else ""
                return ["x", self.words(run.words), tongue.code, other]
            case FigureRef():
                self.changed = self.changed or run.changed
                return ["f", self.words(run.words), self.notes[run.figure].number, run.changed]
            case Link():
                if run.address.startswith("#") and run.address[1:] in self.labels:
                    return ["a", self.words(run.words), f"s-{run.address[1:]}"]
                to = address(run.address, self.of.base) if self._leads(run.address) else ""
                return ["l", self.words(run.words), to] if to else ["t", self.words(run.words)]
            case Break():
                return ["b"]

    def blocks(self, blocks: tuple[Block, ...], level: int) -> list[dict[str, Any]]:
        out: list[dict[str, Any]] = []
        for block in blocks:
            if isinstance(block, Section):
                out.append(
                    {
                        "k": "h",
                        "level": level,
                        "number": self.words(block.number),
                        "words": self.words(block.heading),
                        "label": f"s-{block.id}",
                    }
                )
                out += self.blocks(block.blocks, level + 1)
            else:
                out.append(self.block(block))
        return out

    def block(self, block: Block) -> dict[str, Any]:
        match block:
            case Paragraph():
                return {"k": "p", "number": self.words(block.number), "runs": self.runs(block.runs)}
            case Quote():
                return self._quote(block)
            case ListBlock():
                items = [self.runs(item) for item in block.items]
                return {"k": "list", "ordered": block.ordered, "items": items}
            case Table():
                return {"k": "table", "source": self.runs(block.source), **self._table(block)}
            case Definitions():
                return {
                    "k": "terms",
                    "items": [[self.runs(term), self.runs(said)] for term, said in block.items],
                }
            case Notice():
                return {
                    "k": "notice",
                    "tone": block.tone.value,
                    "heading": self.words(block.heading),
                    "runs": self.runs(block.runs),
                }
            case Timeline():
                return {
                    "k": "timeline",
                    "moments": [
                        [self.words(m.date), self.runs(m.runs), self.runs(m.source)]
                        for m in block.moments
                    ],
                }
            case Picture():
                return self._picture(block)
            case Contents():
                return {"k": "contents", "depth": block.depth}
            case PageBreak():
                return {"k": "break"}
            case Section():
                raise AssertionError("a section is no block of its own here")

    def _quote(self, block: Quote) -> dict[str, Any]:
        tongue = by_code(block.language)
        lines = [
            [self.words(line.number), line.depth, self.words(line.words)] for line in block.lines
        ]
        return {
            "k": "quote",
            "notice": self.words(block.notice),
            "lang": tongue.code,
            "rtl": tongue.dir == "rtl",
            "lines": lines,
            "source": self.runs(block.source),
        }

    def _table(self, block: Table) -> dict[str, Any]:
        return {
            "caption": self.words(block.caption),
            "heads": [self.words(column.heading) for column in block.columns],
            # typst searches in vain for a page that holds a heading higher than a page: 3 s for
            # one of 1,000 letters, without end for 10,000. Such a heading stands once.
            "repeat": max(len(column.heading) / column.share for column in block.columns)
            * sum(column.share for column in block.columns)
            <= _REPEATS,
            "shares": [column.share for column in block.columns],
            "numbers": [column.align is Align.NUMBER for column in block.columns],
            "rows": [[self.runs(cell) for cell in row] for row in block.rows],
            "row-heads": block.row_heads,
            "total": block.total,
            "keep": block.keep,
        }

    def _picture(self, block: Picture) -> dict[str, Any]:
        drawing = drawn(block, self.of.language, self.of.words.unknown)
        return {
            "k": "picture",
            "alt": self.words(block.alt),
            "caption": self.words(block.caption),
            "drawing": _fitted(asdict(drawing), self.fit),
            "values": self._table(values(block, self.of.language, self.of.words.unknown)),
            "source": self.runs(block.source),
        }


def _breakable(word: re.Match[str]) -> str:
    return "\u200b".join(_CHUNK.findall(word.group()))
