"""The blocks of the tree as paragraphs and tables of Word."""

from __future__ import annotations

from itertools import zip_longest

from comity.kit.languages import by_code
from comity.report.formats.docx.ink import BOLD, LINE, TAB, Pen, attribute
from comity.report.formats.docx.styles import NUMBER, TEXT
from comity.report.formats.pdf import picture_png
from comity.report.formats.picture import values
from comity.report.types.tree import (
    Align,
    Block,
    Contents,
    Definitions,
    Document,
    ListBlock,
    Masthead,
    Notice,
    PageBreak,
    Paragraph,
    Picture,
    Quote,
    Row,
    Runs,
    Section,
    Table,
    Timeline,
)

_DEEPEST_HEADING, _DEEPEST_LAW = 6, 4
# A row this long could be higher than a page, and may then be split between two.
_SPLITS = 1500
_EMU = 360_000  # a centimetre
_SMALL = '<w:color w:val="485761"/><w:sz w:val="17"/><w:szCs w:val="19"/>'


class Body:
    """Writes one document's body; keeps the pictures and lists that other parts must hold."""

    def __init__(self, document: Document) -> None:
        self.of = document
        self.pen = Pen(document)
        self.pictures: list[bytes] = []
        self.lists = 0
        self.fresh = False  # whether the next heading starts a page
        self.xml = self._head() + self.blocks(document.blocks, 1) + self._notes()

    # --- the head

    def _head(self) -> str:
        of, pen = self.of, self.pen
        out = [self._masthead(of.masthead)] if of.masthead else []
        out.append(pen.paragraph("Title", pen.words(of.title)))
        if of.author:
            out.append(pen.paragraph("Subtitle", pen.words(of.author)))
        for part in of.box:
            out.append(pen.paragraph("BoxHeading", pen.words(part.heading)))
            out += [pen.paragraph("BoxText", pen.runs(runs)) for runs in part.paragraphs]
        return "".join(out)

    def _masthead(self, head: Masthead) -> str:
        """Tabs and no table: it is read line by line, and it is no data."""
        pen = self.pen
        out = [pen.paragraph("Meeting", pen.words(head.meeting))]
        out.append(pen.paragraph("Place", pen.words(head.place or "\xa0")))
        lines = list(zip_longest(head.start, head.end, fillvalue=Row("", "")))
        for n, pair in enumerate(lines, 1):
            start, end = (" ".join(p for p in (row.name, row.value) if p) for row in pair)
            style = "MastheadEnd" if n == len(lines) else "Masthead"
            out.append(pen.paragraph(style, pen.words(start) + TAB + pen.words(end)))
        return "".join(out)

    # --- blocks

    def blocks(self, blocks: tuple[Block, ...], level: int) -> str:
        out = []
        for block, after in zip_longest(blocks, blocks[1:]):
            if isinstance(block, Section):
                out.append(self._heading(block, level) + self.blocks(block.blocks, level + 1))
            elif isinstance(block, PageBreak) and isinstance(after, Section):
                self.fresh = True  # the heading starts the page itself: no empty line above it
            else:
                out.append(self.block(block))
        return "".join(out)

    def block(self, block: Block) -> str:
        pen = self.pen
        match block:
            case Paragraph():
                style = "Numbered" if block.number else "Normal"
                return pen.paragraph(style, pen.numbered(block.number) + pen.runs(block.runs))
            case Quote():
                return self._quote(block)
            case ListBlock():
                return self._list(block)
            case Table():
                return self._captioned(block)
            case Definitions():
                return "".join(
                    pen.paragraph("Definition", pen.runs(term, BOLD) + LINE + pen.runs(said))
                    for term, said in block.items
                )
            case Notice():
                head = pen.words(block.heading, BOLD) + LINE if block.heading else ""
                return pen.paragraph(f"Notice{block.tone.title()}", head + pen.runs(block.runs))
            case Timeline():
                return self._timeline(block)
            case Picture():
                return self._picture(block)
            case Contents():
                return self._contents(block)
            case PageBreak():
                return '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'
            case Section():
                raise AssertionError("a section has its level from `blocks`")

    def _heading(self, section: Section, level: int) -> str:
        pen = self.pen
        name = pen.places[section.id]
        key = int(name[4:])
        page, self.fresh = "<w:pageBreakBefore/>" if self.fresh else "", False
        return pen.paragraph(
            f"Heading{min(level, _DEEPEST_HEADING)}",
            f'<w:bookmarkStart w:id="{key}" w:name="{name}"/>'
            + pen.numbered(section.number)
            + pen.words(section.heading)
            + f'<w:bookmarkEnd w:id="{key}"/>',
            before=page,
        )

    def _quote(self, quote: Quote) -> str:
        pen = self.pen
        rtl = by_code(quote.language).dir == "rtl"
        direction = f'<w:bidi w:val="{int(rtl)}"/>'
        out = [pen.paragraph("QuoteNotice", pen.words(quote.notice))] if quote.notice else []
        for line in quote.lines:
            number = pen.foreign(line.number, quote.language) + TAB if line.number else ""
            style = f"Law{min(line.depth, _DEEPEST_LAW)}"
            out.append(
                f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{direction}</w:pPr>'
                f"{number}{pen.foreign(line.words, quote.language)}</w:p>"
            )
        return "".join(out) + self._source(quote.source)

    def _source(self, source: Runs) -> str:
        return self.pen.paragraph("Source", self.pen.runs(source)) if source else ""

    def _list(self, block: ListBlock) -> str:
        pen = self.pen
        if not block.ordered:
            return "".join(pen.paragraph("ListBullet", pen.runs(item)) for item in block.items)
        self.lists += 1  # each starts from 1, so each is a list of its own
        key = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{self.lists + 1}"/></w:numPr>'
        return "".join(
            pen.paragraph("ListNumber", pen.runs(item), before=key) for item in block.items
        )

    def _timeline(self, block: Timeline) -> str:
        pen = self.pen
        out = []
        for moment in block.moments:
            source = LINE + pen.runs(moment.source, _SMALL) if moment.source else ""
            line = pen.words(moment.date) + TAB + pen.runs(moment.runs) + source
            out.append(pen.paragraph("Timeline", line))
        return "".join(out)

    # --- tables

    def _captioned(self, table: Table) -> str:
        pen = self.pen
        caption = pen.paragraph("Caption", pen.words(table.caption)) if table.caption else ""
        # Two tables with nothing between them would be one.
        return caption + self._table(table) + pen.paragraph("Source", pen.runs(table.source))

    def _table(self, table: Table) -> str:
        pen = self.pen
        whole = sum(column.share for column in table.columns)
        widths = [round(TEXT * column.share / whole) for column in table.columns]
        look = (
            f'w:firstRow="1" w:lastRow="{int(table.total)}" w:firstColumn="{int(table.row_heads)}"'
            ' w:lastColumn="0" w:noHBand="1" w:noVBand="1"'
        )
        value = 0x0620 | (0x40 if table.total else 0) | (0x80 if table.row_heads else 0)
        said = f'<w:tblCaption w:val="{attribute(table.caption)}"/>' if table.caption else ""
        head = "".join(
            self._cell(width, "TableHeading", pen.words(column.heading, BOLD), column.align)
            for width, column in zip(widths, table.columns, strict=True)
        )
        rows = [f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{head}</w:tr>"]
        rows += [self._row(table, n, widths) for n in range(len(table.rows))]
        return (
            '<w:tbl><w:tblPr><w:tblStyle w:val="Ruled"/>'
            + ("<w:bidiVisual/>" if pen.rtl else "")
            + f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
            + f'<w:tblLook w:val="{value:04X}" {look}/>{said}</w:tblPr><w:tblGrid>'
            + "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
            + f"</w:tblGrid>{''.join(rows)}</w:tbl>"
        )

    def _row(self, table: Table, n: int, widths: list[int]) -> str:
        pen = self.pen
        last = n == len(table.rows) - 1
        keep = "<w:keepNext/>" if table.keep and not last else ""
        cells = []
        for at, (runs, width) in enumerate(zip(table.rows[n], widths, strict=True)):
            weight = BOLD if (at == 0 and table.row_heads) or (last and table.total) else ""
            inside = pen.runs(runs, weight)
            cells.append(self._cell(width, "TableText", inside, table.columns[at].align, keep))
        row = "".join(cells)
        whole = "<w:trPr><w:cantSplit/></w:trPr>" if len(row) < _SPLITS * len(widths) else ""
        return f"<w:tr>{whole}{row}</w:tr>"

    def _cell(self, width: int, style: str, inside: str, align: Align, keep: str = "") -> str:
        # In a paragraph from right to left, Word reads "right" as its end.
        side = '<w:jc w:val="right"/>' if align is Align.NUMBER else ""
        return (
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
            f"{self.pen.paragraph(style, inside, before=keep, after=side)}</w:tc>"
        )

    # --- pictures, contents, notes

    def _picture(self, picture: Picture) -> str:
        pen, of = self.pen, self.of
        png = picture_png(picture, of.language, of.words.unknown)
        self.pictures.append(png)
        n = len(self.pictures)
        wide, high = (int.from_bytes(png[at : at + 4], "big") for at in (16, 20))  # PNG, IHDR
        cx, cy = 16 * _EMU, 16 * _EMU * high // wide
        name, alt = f"Picture {n}", attribute(picture.alt)
        drawing = (
            '<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0">'
            f'<wp:extent cx="{cx}" cy="{cy}"/><wp:docPr id="{n}" name="{name}" descr="{alt}"/>'
            '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">'
            f'<pic:pic><pic:nvPicPr><pic:cNvPr id="{n}" name="{name}" descr="{alt}"/>'
            f'<pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="rpicture{n}"/>'
            f"<a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm>"
            f'<a:off x="0" y="0"/><a:ext cx="{cx}" cy="{cy}"/></a:xfrm>'
            '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
            "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
        )
        table = self._table(values(picture, of.language, of.words.unknown))
        return (
            pen.paragraph("Caption", pen.words(picture.caption))
            + pen.paragraph("Picture", drawing)
            + table
            + pen.paragraph("Source", pen.runs(picture.source))
        )

    def _contents(self, contents: Contents) -> str:
        """A real field, already filled in. Its lines have no page numbers until Word updates it:
        only a layout knows them, and a wrong one is worse than none."""
        pen = self.pen
        lines = [
            (level, pen.inside(s.id, pen.numbered(s.number) + pen.words(s.heading)))
            for level, s in self.of.sections()
            if level <= contents.depth
        ]
        if pen.notes:
            notes = pen.words(self.of.words.notes)
            lines.append((1, f'<w:hyperlink w:anchor="_Notes" w:history="1">{notes}</w:hyperlink>'))
        if not lines:
            return ""
        code = f' TOC \\o "1-{max(1, contents.depth)}" \\h \\z \\u '
        begin = (
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve">'
            f'{code}</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        )
        end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        out = [pen.paragraph("ContentsHeading", pen.words(self.of.words.contents))]
        for n, (level, line) in enumerate(lines, 1):
            inside = (begin if n == 1 else "") + line + (end if n == len(lines) else "")
            out.append(pen.paragraph(f"TOC{min(level, _DEEPEST_HEADING)}", inside))
        return "".join(out)

    def _notes(self) -> str:
        """The heading under which Word sets the endnotes: they are the last of the text."""
        pen, words = self.pen, self.of.words
        if not pen.notes:
            return ""
        mark = '<w:bookmarkStart w:id="200000" w:name="_Notes"/>'
        heading = mark + pen.words(words.notes) + '<w:bookmarkEnd w:id="200000"/>'
        changed = pen.paragraph("Source", pen.words(words.changed)) if pen.changed else ""
        return pen.paragraph("Heading1", heading) + changed


def numbering(lists: int) -> str:
    """The definitions of bullets (list 1) and of so many numbered lists."""
    hang = f'<w:pPr><w:ind w:left="{NUMBER}" w:hanging="340"/></w:pPr>'

    def level(form: str, sign: str) -> str:
        return (
            '<w:multiLevelType w:val="singleLevel"/><w:lvl w:ilvl="0"><w:start w:val="1"/>'
            f'<w:numFmt w:val="{form}"/><w:lvlText w:val="{sign}"/><w:lvlJc w:val="left"/>'
            f"{hang}</w:lvl>"
        )

    return (
        f'<w:abstractNum w:abstractNumId="0">{level("bullet", "•")}</w:abstractNum>'
        f'<w:abstractNum w:abstractNumId="1">{level("decimal", "%1.")}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        + "".join(
            f'<w:num w:numId="{n + 2}"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0">'
            '<w:startOverride w:val="1"/></w:lvlOverride></w:num>'
            for n in range(lists)
        )
    )
