"""The document: one tree from which HTML, DOCX and PDF are written.

Annual report, reference guide and every printable page are such a tree. It knows nothing of
records, queries or viewers: whoever builds it has asked as the viewer, chosen the words in the
document's language and composed every sentence. So a renderer decides only how a thing looks.

Three rules hold everywhere. Words are plain text: nothing in them is markup. Numbers of
paragraphs and sections are given, never counted by a renderer, because people cite them. A figure
stands in the text as a `FigureRef`, and what it counts stands once, as a `FigureNote`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from decimal import Decimal
from enum import StrEnum

from comity.kit.errors import KitError, shown
from comity.kit.languages import Language, by_code, gettext_noop
from comity.kit.tlp import Label


class BadTree(KitError, ValueError):
    """A tree that cannot be a document; `place` says where in it."""


# --- runs: what a line of text is made of -------------------------------------------------


@dataclass(frozen=True, slots=True)
class Text:
    """Words as they are. Line ends in them are blanks; a `Break` breaks a line."""

    words: str


@dataclass(frozen=True, slots=True)
class Strong:
    """Words that weigh more."""

    words: str


@dataclass(frozen=True, slots=True)
class Emphasis:
    """Words set off, as the chapeau of a paragraph; slanted only where the script slants."""

    words: str


@dataclass(frozen=True, slots=True)
class Code:
    """An identifier, address, hash or path: written left to right in every language."""

    words: str


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead somewhere: `https:`, `http:`, `mailto:`, a path of this gateway ("/…"),
    or "#id" of a section. Any other address stays words without a link."""

    words: str
    address: str


@dataclass(frozen=True, slots=True)
class FigureRef:
    """The value of a figure, formatted for the language ("1 234", "61%", "not reported").

    `figure` names its `FigureNote`. In HTML it is a link to the figure's page, in DOCX and PDF
    it carries a note. `changed` marks one that differs from last year's report.
    """

    words: str
    figure: str
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Foreign:
    """Words in another language than the document's: a name, a title, a quotation."""

    words: str
    language: str


@dataclass(frozen=True, slots=True)
class Break:
    """A new line in the same paragraph or cell."""


Run = Text | Strong | Emphasis | Code | Link | FigureRef | Foreign | Break
Runs = tuple[Run, ...]

# --- blocks -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph, with its number as people cite it ("2.3"), or without."""

    runs: Runs
    number: str = ""


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """One paragraph of an official text: its number there, its depth (0 outermost)."""

    words: str
    number: str = ""
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Quote:
    """Official text, word for word in the language it is held in.

    `notice` stands before it, in the document's language, when that is not the document's own
    ("The official Arabic text is not held; shown in English"). No lines: the text is missing,
    and `notice` must say so.
    """

    lines: tuple[QuoteLine, ...]
    language: str
    notice: str = ""
    source: Runs = ()

    def __post_init__(self) -> None:
        by_code(self.language)
        if not self.lines and not self.notice:
            raise BadTree("A quotation has neither text nor a notice that it is missing")


@dataclass(frozen=True, slots=True)
class ListBlock:
    """Items with bullets, or numbered from 1."""

    items: tuple[Runs, ...]
    ordered: bool = False


class Align(StrEnum):
    START = "start"
    NUMBER = "n"  # at the end side, figures of one width


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, its share of the width relative to the others."""

    heading: str
    share: float = 1.0
    align: Align = Align.START


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings that repeat on every page. A cell is a line of runs.

    The first column heads its rows unless `row_heads` is False. `keep` holds a short table on
    one page; `total` sets the last row off. `source` stands under it.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Runs, ...], ...]
    row_heads: bool = True
    keep: bool = False
    total: bool = False
    source: Runs = ()

    def __post_init__(self) -> None:
        for at, row in enumerate(self.rows, 1):
            if len(row) != len(self.columns):
                message = f"A row has {len(row)} cells under {len(self.columns)} columns"
                raise BadTree(message, f"table {shown(self.caption)}, row {at}")
        if not self.columns or any(not 0 < column.share < 1000 for column in self.columns):
            raise BadTree("A table needs columns with a width", f"table {shown(self.caption)}")


@dataclass(frozen=True, slots=True)
class Definitions:
    """Terms and what they mean, or names and values."""

    items: tuple[tuple[Runs, Runs], ...]


class Tone(StrEnum):
    """How a box or a series speaks. Its words say so too: colour is the third signal."""

    PLAIN = "plain"
    PALE = "pale"
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence to know (plain), to heed (warn) or to stop at (bad)."""

    runs: Runs
    tone: Tone = Tone.PLAIN
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of a timeline: the date in words, what happened, who said so."""

    date: str
    runs: Runs
    source: Runs = ()


@dataclass(frozen=True, slots=True)
class Timeline:
    """What happened, in the order given (newest first is the house's)."""

    moments: tuple[Moment, ...]


@dataclass(frozen=True, slots=True)
class Series:
    """One series of a picture, a value for each period; None is "not reported", never 0."""

    name: str
    values: tuple[Decimal | int | None, ...]
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Picture:
    """Stacked bars, one for each period: whole numbers or shares of one unit, none below 0.

    `alt` states what the picture shows, for those who cannot see it. The values stand in the
    bars where they fit and in a table under it in every format.
    """

    caption: str
    alt: str
    period: str  # heading of the periods: "Year"
    periods: tuple[str, ...]
    series: tuple[Series, ...]
    source: Runs = ()

    def __post_init__(self) -> None:
        place = f"picture {shown(self.caption)}"
        if not self.alt.strip():
            raise BadTree("A picture has no sentence that says what it shows", place)
        if not self.periods or not self.series:
            raise BadTree("A picture has nothing to draw", place)
        for series in self.series:
            if len(series.values) != len(self.periods):
                raise BadTree(f"{shown(series.name)} has no value for each period", place)
            if any(value is not None and not value >= 0 for value in series.values):
                raise BadTree(f"{shown(series.name)} has a value below 0", place)


@dataclass(frozen=True, slots=True)
class Contents:
    """The list of sections, down to `depth` levels."""

    depth: int = 2


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows starts a page (an annex)."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it. Its level is its depth in the tree, from 1.

    `id` is lasting, lower case ("annex-a"): addresses end in it. `number` as people cite it.
    """

    id: str
    heading: str
    blocks: tuple[Block, ...]
    number: str = ""


Block = (
    Paragraph
    | Quote
    | ListBlock
    | Table
    | Definitions
    | Notice
    | Timeline
    | Picture
    | Contents
    | PageBreak
    | Section
)

# --- the document -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """A name and a value; either may be empty."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Masthead:
    """The head of a Council document: the meeting, at the start side the agenda item, at the
    end side number, date and original language."""

    meeting: str  # "Council 2015"
    place: str = ""  # "Geneva, 12–22 May 2015"
    start: tuple[Row, ...] = ()
    end: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class BoxPart:
    """A part of the box under the title: "Summary", "Action required", "References"."""

    heading: str
    paragraphs: tuple[Runs, ...]


@dataclass(frozen=True, slots=True)
class FigureNote:
    """What a figure counts: its name, the filter in words, the date in words, where it is.

    `remark` says what else must be known: that it changed since last year, and from what.
    """

    id: str
    label: str
    filter: str
    as_of: str
    address: str = ""
    remark: str = ""

    def parts(self) -> tuple[str, ...]:
        """Label, filter, date and remark, those that are there."""
        return tuple(p for p in (self.label, self.filter, self.as_of, self.remark) if p)


@dataclass(frozen=True, slots=True)
class Words:
    """What renderers say themselves. In English here; a door gives them translated (each
    default is marked for the catalogues: `Words.translated(gettext)`)."""

    contents: str = gettext_noop("Contents")
    notes: str = gettext_noop("Notes on the figures")
    changed: str = gettext_noop("* Differs from the figure in last year’s report.")
    page: str = gettext_noop("Page {page} of {pages}")
    unknown: str = gettext_noop("not reported")

    @classmethod
    def translated(cls, say: Callable[[str], str]) -> Words:
        """The words of a language; `say` is its gettext."""
        return cls(**{field.name: say(str(field.default)) for field in fields(cls)})


@dataclass(frozen=True, slots=True)
class Document:
    """A document in one language. Equal documents give equal bytes in every format.

    `moment` is the only time in those bytes, so it belongs to the content: the cut-off or the
    moment of freezing, with its zone. `base` is the gateway's address ("https://comity.example");
    without it paths ("/…") are no links in DOCX and PDF. `state` ("Draft", "Published 3 May
    2015") and `identifier` ("C15/18-E") stand in the header of each page.
    """

    language: str
    title: str
    moment: dt.datetime
    blocks: tuple[Block, ...]
    author: str = ""  # the line under the title: "Report by the Secretary-General"
    masthead: Masthead | None = None
    box: tuple[BoxPart, ...] = ()
    figures: tuple[FigureNote, ...] = ()
    marking: Label = Label.CLEAR
    identifier: str = ""
    state: str = ""
    subject: str = ""
    publisher: str = "Comity"
    base: str = ""
    words: Words = Words()

    def __post_init__(self) -> None:
        by_code(self.language)
        if self.moment.tzinfo is None:
            raise BadTree("The moment of the document has no zone", shown(self.title))
        if not self.title.strip():
            raise BadTree("The document has no title")
        seen: set[str] = set()
        for _level, section in self.sections():
            if not _ID.fullmatch(section.id) or section.id in seen:
                why = "stands twice" if section.id in seen else "is no identifier (a-z, 0-9, -)"
                raise BadTree(f"{shown(section.id)} {why}", f"section {shown(section.heading)}")
            if not section.heading.strip():
                raise BadTree("A section has no heading", f"section {shown(section.id)}")
            seen.add(section.id)

    @property
    def tongue(self) -> Language:
        """The language with its codes and its direction."""
        return by_code(self.language)

    @property
    def rtl(self) -> bool:
        return self.tongue.dir == "rtl"

    def sections(self) -> Iterator[tuple[int, Section]]:
        """Every section in reading order with its level, from 1."""
        return _sections(self.blocks, 1)


_ID = re.compile(r"[a-z][a-z0-9-]{0,99}")


def _sections(blocks: tuple[Block, ...], level: int) -> Iterator[tuple[int, Section]]:
    for block in blocks:
        if isinstance(block, Section):
            yield level, block
            yield from _sections(block.blocks, level + 1)
