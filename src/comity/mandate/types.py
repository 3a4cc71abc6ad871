"""The nouns of the room `mandate`: texts, their pieces, and what is said about them.

Offsets are characters of the source decoded as UTF-8, end exclusive; lines and columns count
from 1. A *section* is a heading as printed ("recalling", "instructs the Secretary-General").
A *path* names a provision inside its section: numbers without their brackets, joined by "/"
("1/iii/a"); `chapeau` for an opening line before numbers; `p` for a lone paragraph.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of characters in a source."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a parser did not understand, with its place and what to do about it."""

    code: str  # short kebab-case, stable: "unclosed-bracket"
    message: str
    line: int
    column: int
    remedy: str = ""


class MandateError(Exception):
    """Input that cannot be taken: what is wrong, where, what to do next."""

    def __init__(self, message: str, *, line: int = 0, column: int = 0, remedy: str = "") -> None:
        super().__init__(message)
        self.message, self.line, self.column, self.remedy = message, line, column, remedy

    def __str__(self) -> str:
        place = f" (line {self.line}, column {self.column})" if self.line else ""
        return f"{self.message}{place}" + (f" {self.remedy}" if self.remedy else "")


# --- pieces of a source -------------------------------------------------------------------


class ArtefactKind(StrEnum):
    """What a stretch of a source is, when it is not a passage, a provision or a mark."""

    HEAD = "head"  # document number, date, group: before the title
    TITLE = "title"
    FORMULA = "formula"  # "The Plenipotentiary Conference of ..."
    HEADING = "heading"  # section headings
    TAG = "tag"  # "B/75/4 Brazil - option 1"
    OPTION = "option"  # "Option 1" on a line of its own
    REMARK = "remark"  # a note of the drafters
    LIST_DASH = "list-dash"
    BLANK = "blank"
    PAGE_BREAK = "page-break"  # the blank that cuts a paragraph in two
    PAGE_MARK = "page-mark"  # page number, stray footnote mark, stray dash
    FOOTNOTE_MARK = "footnote-mark"
    ENVELOPE = "envelope"  # JSON fields around the page, HTML tags of the list
    FOREIGN = "foreign"  # script, style, and whatever else must not survive


@dataclass(frozen=True, slots=True)
class Artefact:
    """A named stretch of the source that is no passage. `text` is empty for FOREIGN."""

    kind: ArtefactKind
    span: Span
    text: str = ""


class MarkKind(StrEnum):
    """Signs of a marked-up draft that are neither words nor artefacts."""

    STRIKE = "strike"  # ~~
    EMPHASIS = "emphasis"  # *
    STRONG = "strong"  # **
    OPEN = "open"  # [
    CLOSE = "close"  # ]
    NUMBER = "number"  # the printed number of a passage


@dataclass(frozen=True, slots=True)
class Mark:
    kind: MarkKind
    span: Span
    text: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one passage under the same marks; `span` covers the words, marks lie between."""

    text: str
    struck: bool
    span: Span
    emphasis: bool = False
    bracketed: bool = False
    inserted: bool = False  # only where a mark or the fusion of old and new words shows it
    # What the old words had here, where that is not `text`: "" for a hyphen that only holds old
    # and new apart ("propose-report"), " " for one in place of a blank ("Rev.-Hyderabad").
    stood: str | None = None


class State(StrEnum):
    KEPT = "kept"
    INSERTED = "inserted"
    STRUCK = "struck"
    BRACKETED = "bracketed"
    OPTION = "option"


@dataclass(frozen=True, slots=True)
class Passage:
    """One paragraph of a marked-up draft, over page breaks, with the marks it carries."""

    section: str
    path: str  # from the number as read; unique in its version by a suffix "-2", "-3"
    num_printed: str  # "ed)", "2", "" where none
    num: str  # as read from its place in the section: "d)"
    runs: tuple[Run, ...]
    state: State
    explicit: bool  # the marks say so; otherwise inferred, see `why`
    why: str
    tag: str  # "B/75/4", "" where none
    proposer: str  # as the tables know it: "Brazil"; "" where unknown
    option: str  # "1", "2" where the draft says so
    group: int | None  # passages of one number offered as alternatives share a group
    lines: tuple[int, ...]  # source lines that hold its words
    span: Span
    bracketed: bool = False
    # An insertion that stands inside another passage: the index of that passage, and how many
    # characters of its runs stand before. Both None for every other passage.
    within: int | None = None
    at: int | None = None

    @property
    def text(self) -> str:
        """All words, marks off, struck words in."""
        return reading(self.runs, struck=True)

    @property
    def clean(self) -> str:
        """Struck words out: what the draft proposes. Empty when all is struck."""
        return reading(self.runs, struck=False)

    @property
    def base(self) -> str:
        """Inserted words out, struck words in: what stood there before, as the marks show it."""
        return base_reading(self.runs)


def reading(runs: tuple[Run, ...], *, struck: bool) -> str:
    """Join runs with single blanks, with or without the struck words."""
    return " ".join("".join(r.text for r in runs if struck or not r.struck).split())


def base_reading(runs: tuple[Run, ...]) -> str:
    """Join what the old words were; a run both inserted and struck was never among them."""
    words = (r.text if r.stood is None else r.stood for r in runs if not r.inserted)
    return " ".join("".join(words).split())


@dataclass(frozen=True, slots=True)
class Provision:
    """One addressable piece of a text, once, in order."""

    section: str
    path: str
    num: str  # as printed: "a)", "1", "iii)"; "" for chapeau and lone paragraphs
    text: str  # exact, slips of the source included, number and footnote marks taken off
    footnotes: tuple[str, ...] = ()
    span: Span = Span(0, 0)
    eid: str = ""  # follows the number of this version
    wid: str = ""  # keeps the id of the version where the provision first stood
    key: str = ""  # short and readable, for URLs: "instructs-tsb/1/iii/a"
    marks_at: tuple[int, ...] = ()  # where in `text` each footnote mark stood; -1: not known


ITU = "International Telecommunication Union (ITU)"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a text came from."""

    name: str
    sha256: str
    media_type: str
    attribution: str = ITU


@dataclass(frozen=True, slots=True)
class Text:
    """One version of an instrument in one language, parsed.

    `provisions` is the text as a reader would have it (for a draft: its clean reading).
    `passages` is empty unless the source carries marks.
    """

    title: str
    subtitle: str
    formula: str
    provisions: tuple[Provision, ...]
    passages: tuple[Passage, ...] = ()
    artefacts: tuple[Artefact, ...] = ()
    findings: tuple[Finding, ...] = ()
    language: str = "en"
    status: str = "adopted"  # "draft" | "adopted"
    date: dt.date | None = None
    source: Source | None = None
    marks: tuple[Mark, ...] = ()  # runs, marks and artefacts together are the whole source
    # Title and formula of a draft with the marks they stand under; empty where there are none.
    title_runs: tuple[Run, ...] = ()
    formula_runs: tuple[Run, ...] = ()


# --- comparing ----------------------------------------------------------------------------


class ChangeKind(StrEnum):
    SAME = "same"
    AMENDED = "amended"
    RENUMBERED = "renumbered"  # same section, other number, not explained by shift alone
    MOVED = "moved"  # another section
    MERGED = "merged"
    SPLIT = "split"
    NEW = "new"
    GONE = "gone"


class Confidence(StrEnum):
    CERTAIN = "certain"
    LIKELY = "likely"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True, slots=True)
class Unit:
    """What the comparison sees of a provision or a passage."""

    section: str
    path: str
    num: str
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """What became of `old` (indices into the old version) in `new` (into the new one)."""

    kind: ChangeKind
    old: tuple[int, ...]
    new: tuple[int, ...]
    similarity: float  # rules.words.similarity of the main source and the joined new texts
    confidence: Confidence  # of the least sure of its links
    evidence: tuple[str, ...] = ()
    # Of the link to the main source, which alone decides on ids; not kept. None: as `confidence`.
    main: Confidence | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class WordOp:
    """One stretch of a word-level redline: op is "same", "del" or "ins"."""

    op: str
    text: str


class Fate(StrEnum):
    VERBATIM = "adopted verbatim"
    AMENDED = "adopted amended"
    MERGED = "merged"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Target:
    section: str
    path: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A tagged, bracketed or optional passage and what the machine thinks became of it."""

    passage: int  # index into Text.passages
    tag: str
    proposer: str
    section: str
    text: str
    fate: Fate
    targets: tuple[Target, ...]
    similarity: float  # to the best target, or to the nearest provision when dropped
    confidence: Confidence
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposer:
    """Who stands behind a document symbol such as B/75/4."""

    symbol: str  # "B", "INS", "CUB", "ARB", "RCC"
    name: str  # "Brazil", "Arab States"
    kind: str  # "state" | "group"
    country: str = ""  # ISO 3166-1 alpha-2 for a State
    members: tuple[str, ...] = ()  # only where known
    source: str = ""


# --- what provisions say ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Citation:
    """One instrument named by a provision. `start`, `end` are offsets in the provision's text."""

    section: str
    path: str
    as_printed: str
    issuer: str  # "PP", "WTDC", "WTSA", "WTPF", "UNGA", "ITU Council", "WSIS", ...
    kind: str  # "resolution", "opinion", "question", "decision", "treaty", ...
    number: str
    place: str
    year: int | None
    revised: bool
    subdivision: str  # "§ 15", "Article 6", "Objective 3", "No. 81"
    start: int = 0
    end: int = 0
    key: str = ""  # stub of the cited instrument: "wtdc/res-45"
    how: str = ""  # how the issuer was found: "named", "place and year", "this conference"
    flags: tuple[str, ...] = ()  # slips of the source: "comma missing before the year"


@dataclass(frozen=True, slots=True)
class Duty:
    """What a provision asks of whom."""

    section: str
    path: str
    actors: tuple[str, ...]
    force: str  # resolves | instructs | further instructs | requests | invites
    verb: str
    object: str
    recipients: tuple[str, ...]
    frequency: str | None  # annual | continuous | once
    condition: str | None
    is_reporting: bool
    binding: bool = True  # an invitation does not bind
    parts: tuple[str, ...] = ()  # paths of the items that an opening line governs
    related: tuple[str, ...] = ()  # keys of the instruments it cites
    further_acts: tuple[str, ...] = ()  # as printed: "to make proposals as appropriate"


class DutyStatus(StrEnum):
    """The statuses of the UN mandate registry (2006)."""

    COMPLETED = "completed"
    IN_PROGRESS = "in progress"
    NOT_IMPLEMENTED = "not implemented"
    NOT_APPLICABLE = "not applicable"
    NO_INDICATION = "no indication"


@dataclass(frozen=True, slots=True)
class Definition:
    text: str
    source: str
    url: str = ""
    language: str = "en"
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the field with the definitions in use, side by side."""

    key: str
    names: dict[str, str] = field(default_factory=dict)  # language to name, official ones only
    definitions: tuple[Definition, ...] = ()
    note: str = ""
