"""A document as HTML: the part of a page that a door puts into its frame, or a file of its own.

Classes are those of the house's sheet; there is no style, no script and nothing to fetch. In HTML
a figure is a link to its own page, so there are no notes; what one would say stands in its title.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from comity.kit.languages import by_code
from comity.kit.tlp import Label
from comity.report.formats.notes import Numbered, numbered
from comity.report.formats.picture import drawn, values
from comity.report.formats.plain import address, clean
from comity.report.formats.svg import bars
from comity.report.types.tree import (
    Align,
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
    Masthead,
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
    Tone,
)

_TLP = {Label.AMBER_STRICT: "amber"}
_DEEPEST_HEADING, _DEEPEST_LAW = 6, 2
_NOTICES = {Tone.WARN: " warn", Tone.BAD: " bad"}
# Rows of more columns than this scroll sideways on a phone instead of becoming records.
_STACKS = 5


def write_html(document: Document, *, sheet: str) -> bytes:
    """A whole file, with the house's sheet in it: to read without a network, print or send on."""
    tongue = document.tongue
    title = escape(clean(document.title))
    head = (
        f'<!DOCTYPE html>\n<html lang="{tongue.bcp47}" dir="{tongue.dir}">\n<head>\n'
        '<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">\n'
        f"<title>{title}</title>\n<style>{sheet}</style>\n</head>\n"
        f'<body class="p-{_page(document.marking)}">\n<main class="wrap">\n'
    )
    body = fragment(document, base=document.base)
    return f"{head}{body}</main>\n</body>\n</html>\n".encode()


def fragment(document: Document, *, base: str = "", level: int = 1) -> str:
    """The document without a page around it; its title is a heading of `level`.

    `base` goes before paths of the gateway, for a file that leaves it.
    """
    return "".join(_Writer(document, base, level).document())


def _page(label: Label) -> str:
    return "strict" if label is Label.AMBER_STRICT else label.value.lower()


def _attribute(words: str) -> str:
    return escape(clean(words), quote=True)


class _Writer:
    def __init__(self, document: Document, base: str, level: int) -> None:
        self.of, self.base, self.level = document, base, level
        self.notes: dict[str, Numbered] = numbered(document)
        self.places = {section.id for _level, section in document.sections()}

    def document(self) -> Iterator[str]:
        of = self.of
        yield f'<article class="doc" lang="{of.tongue.bcp47}" dir="{of.tongue.dir}">\n'
        label = _TLP.get(of.marking, of.marking.value.lower())
        mark = f'<span class="tlp {label}" translate="no">{of.marking}</span>'
        state = f" {escape(clean(of.state))}" if of.state else ""
        yield f"<p>{mark}{state}</p>\n"
        if of.masthead:
            yield from self._masthead(of.masthead)
        yield f"<h{self.level}>{escape(clean(of.title))}</h{self.level}>\n"
        if of.author:
            yield f'<p class="lead">{escape(clean(of.author))}</p>\n'
        if of.box:
            yield '<div class="answer">\n'
            for part in of.box:
                heading = min(self.level + 1, _DEEPEST_HEADING)
                yield f"<h{heading}>{escape(clean(part.heading))}</h{heading}>\n"
                yield from (f"<p>{self.runs(runs)}</p>\n" for runs in part.paragraphs)
            yield "</div>\n"
        yield from self.blocks(of.blocks, self.level + 1)
        yield "</article>\n"

    def _masthead(self, head: Masthead) -> Iterator[str]:
        place = f"<br>{escape(clean(head.place))}" if head.place else ""
        meeting = f"<strong>{escape(clean(head.meeting))}</strong>"
        yield f'<header class="masthead">\n<p>{meeting}{place}</p>\n'
        for rows in (head.start, head.end):
            lines = (f"{clean(row.name)} {clean(row.value)}".strip() for row in rows)
            yield f"<p>{'<br>'.join(escape(line) for line in lines)}</p>\n"
        yield "</header>\n"

    # --- runs

    def runs(self, runs: Runs) -> str:
        return "".join([self.run(run) for run in runs])

    def run(self, run: Run) -> str:
        match run:
            case Text():
                return escape(clean(run.words))
            case Strong():
                return f"<strong>{escape(clean(run.words))}</strong>"
            case Emphasis():
                return f"<em>{escape(clean(run.words))}</em>"
            case Code():
                return f"<code>{escape(clean(run.words))}</code>"
            case Foreign():
                tongue = by_code(run.language)
                said = escape(clean(run.words))
                return f'<bdi lang="{tongue.bcp47}" dir="{tongue.dir}">{said}</bdi>'
            case FigureRef():
                return self._figure(run)
            case Link():
                if run.address.startswith("#"):
                    inside = run.address[1:] in self.places
                    to = run.address if inside else ""
                else:
                    to = address(run.address, self.base)
                return self._leads(to, escape(clean(run.words)))
            case Break():
                return "<br>"

    def _figure(self, run: FigureRef) -> str:
        note = self.notes[run.figure].note
        said = f'<span class="num">{escape(clean(run.words))}</span>'
        if run.changed:
            words = escape(clean(self.of.words.changed).removeprefix("*").strip())
            said += f'<span aria-hidden="true">*</span><span class="sr"> {words}</span>'
        title = f' title="{_attribute(" · ".join(note.parts()))}"'
        return self._leads(address(note.address, self.base), said, title)

    def _leads(self, to: str, inside: str, more: str = "") -> str:
        return f'<a href="{escape(to)}"{more}>{inside}</a>' if to else inside

    # --- blocks

    def blocks(self, blocks: tuple[Block, ...], level: int) -> Iterator[str]:
        for block in blocks:
            if isinstance(block, Section):
                yield from self._section(block, level)
            else:
                yield from self.block(block)

    def _section(self, section: Section, level: int) -> Iterator[str]:
        heading = min(level, _DEEPEST_HEADING)
        look = "sec" if level == self.level + 1 else "sub"
        number = f'<span class="quiet">{escape(clean(section.number))}</span> '
        yield f'<section class="{look}" id="{section.id}">\n<h{heading}>'
        yield number if section.number else ""
        yield f"{escape(clean(section.heading))}</h{heading}>\n"
        yield from self.blocks(section.blocks, level + 1)
        yield "</section>\n"

    def block(self, block: Block) -> Iterator[str]:
        match block:
            case Paragraph():
                number = f'<span class="quiet">{escape(clean(block.number))}</span> '
                yield f"<p>{number if block.number else ''}{self.runs(block.runs)}</p>\n"
            case Quote():
                yield from self._quote(block)
            case ListBlock():
                tag = "ol" if block.ordered else "ul"
                items = "".join(f"<li>{self.runs(item)}</li>\n" for item in block.items)
                yield f"<{tag}>\n{items}</{tag}>\n" if items else ""
            case Table():
                yield from self._table(block)
            case Definitions():
                items = "".join(
                    f"<div><dt>{self.runs(term)}</dt><dd>{self.runs(said)}</dd></div>\n"
                    for term, said in block.items
                )
                yield f'<dl class="dl">\n{items}</dl>\n' if items else ""
            case Notice():
                heading = f"<strong>{escape(clean(block.heading))}</strong><br>"
                said = (heading if block.heading else "") + self.runs(block.runs)
                yield f'<div class="note{_NOTICES.get(block.tone, "")}"><p>{said}</p></div>\n'
            case Timeline():
                yield from self._timeline(block)
            case Picture():
                yield from self._picture(block)
            case Contents():
                yield from self._contents(block)
            case PageBreak():
                yield '<hr class="page">\n'
            case Section():
                raise AssertionError("a section has its level from `blocks`")

    def _quote(self, quote: Quote) -> Iterator[str]:
        tongue = by_code(quote.language)
        if quote.notice:
            yield f'<p class="src">{escape(clean(quote.notice))}</p>\n'
        if quote.lines:
            yield f'<blockquote class="law" lang="{tongue.bcp47}" dir="{tongue.dir}">\n'
            for line in quote.lines:
                look = f' class="level{min(line.depth, _DEEPEST_LAW)}"' if line.depth else ""
                number = f"{escape(clean(line.number))} " if line.number else ""
                yield f"<p{look}>{number}{escape(clean(line.words))}</p>\n"
            yield "</blockquote>\n"
        yield self._source(quote.source)

    def _source(self, source: Runs) -> str:
        return f'<p class="src">{self.runs(source)}</p>\n' if source else ""

    def _timeline(self, timeline: Timeline) -> Iterator[str]:
        yield '<ol class="tl">\n'
        for moment in timeline.moments:
            source = f'<span class="src">{self.runs(moment.source)}</span>' if moment.source else ""
            date = f'<span class="quiet">{escape(clean(moment.date))}</span>'
            yield f"<li>{date}<div>{self.runs(moment.runs)}{source}</div></li>\n"
        yield "</ol>\n"

    def _contents(self, contents: Contents) -> Iterator[str]:
        lines = [(n, s) for n, s in self.of.sections() if n <= contents.depth]
        if not lines:
            return
        heading = min(self.level + 1, _DEEPEST_HEADING)
        name = escape(clean(self.of.words.contents))
        yield '<nav class="toc" aria-labelledby="contents-of">\n'
        yield f'<h{heading} id="contents-of">{name}</h{heading}>\n<ol>\n'
        open_ = 1
        for at, (level, section) in enumerate(lines):
            if at:
                yield "</li>\n" if level == open_ else "\n<ol>\n" if level > open_ else ""
                yield "</li>\n</ol>\n" * (open_ - level) + ("</li>\n" if level < open_ else "")
            open_ = level
            number = f"{escape(clean(section.number))} " if section.number else ""
            yield f'<li><a href="#{section.id}">{number}{escape(clean(section.heading))}</a>'
        yield "</li>\n" + "</ol></li>\n" * (open_ - 1) + "</ol>\n</nav>\n"

    # --- tables and pictures

    def _table(self, table: Table) -> Iterator[str]:
        stacks = len(table.columns) <= _STACKS
        keep = " keep" if table.keep else ""
        if not stacks:
            name = _attribute(table.caption)
            yield f'<div class="scroll" tabindex="0" role="region" aria-label="{name}">\n'
        yield f'<table class="t{" stack" if stacks else ""}{keep}" role="table">\n'
        yield f"<caption>{escape(clean(table.caption))}</caption>\n" if table.caption else ""
        cells = "".join(
            f'<th scope="col" role="columnheader"{self._side(column.align)}>'
            f"{escape(clean(column.heading))}</th>"
            for column in table.columns
        )
        yield f'<thead><tr role="row">{cells}</tr></thead>\n<tbody>\n'
        last = len(table.rows) - 1
        for n, row in enumerate(table.rows):
            if table.total and n == last:
                yield "</tbody>\n<tfoot>\n"
            yield self._row(table, row)
        yield ("</tfoot>" if table.total and table.rows else "</tbody>") + "\n</table>\n"
        yield "" if stacks else "</div>\n"
        yield self._source(table.source)

    def _row(self, table: Table, row: tuple[Runs, ...]) -> str:
        cells = []
        for at, (runs, column) in enumerate(zip(row, table.columns, strict=True)):
            inside = self.runs(runs)
            if at == 0 and table.row_heads:
                cells.append(f'<th scope="row" role="rowheader">{inside}</th>')
            else:
                label = f' data-l="{_attribute(column.heading)}"'
                cells.append(f'<td role="cell"{label}{self._side(column.align)}>{inside}</td>')
        return f'<tr role="row">{"".join(cells)}</tr>\n'

    def _side(self, align: Align) -> str:
        return ' class="n"' if align is Align.NUMBER else ""

    def _picture(self, picture: Picture) -> Iterator[str]:
        of = self.of
        drawing = drawn(picture, of.language, of.words.unknown)
        key = "".join(
            f'<li><svg class="swatch" aria-hidden="true"><rect width="100%" height="100%" '
            f'class="{tone}"/></svg>{escape(clean(name))}</li>'
            for tone, name in drawing.key
        )
        caption = f"<strong>{escape(clean(picture.caption))}</strong>"
        yield f"<figure>\n<figcaption>{caption}</figcaption>\n"
        yield f'<ul class="map-key">{key}</ul>\n'
        yield f'<svg class="plot stacked" role="img" aria-label="{_attribute(picture.alt)}">\n'
        yield from bars(drawing, rtl=of.rtl)
        yield "</svg>\n"
        yield from self._table(values(picture, of.language, of.words.unknown))
        yield f"{self._source(picture.source)}</figure>\n"
