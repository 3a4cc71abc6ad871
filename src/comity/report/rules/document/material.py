"""What a document is written from, and the small pieces every part of it is written with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from comity.kit.languages import gettext_noop as _
from comity.registry.types import Told, Word
from comity.report.rules.classing import Classed
from comity.report.rules.figures import Ground, plain
from comity.report.rules.tongue import Tongue
from comity.report.types.figures import Chapter, Figure, ParagraphFact
from comity.report.types.tree import (
    Align,
    Code,
    Column,
    FigureNote,
    FigureRef,
    Foreign,
    Link,
    Paragraph,
    Run,
    Runs,
    Table,
    Text,
)

ROWS = 200  # of a list in print: what is longer is told by number, and stands in the gateway


@dataclass(frozen=True)
class Addresses:
    """Where things are in this gateway, as paths ("/en/registry/…")."""

    record: Callable[[str], str]
    paragraph: Callable[[str], str]
    figure: Callable[[str], str]
    report: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """What the secretariat gives to the masthead; empty where it is not assigned yet."""

    number: str = ""  # "18"
    agenda: str = ""  # "PL 1.2"
    state: str = "draft"  # draft, frozen, published
    edition: int = 0
    meeting: str = ""  # place and dates of the Council, as "Geneva, 12 to 22 May 2015"


@dataclass(frozen=True)
class Material:
    """All that an annual report is written from."""

    tongue: Tongue
    ground: Ground
    figures: tuple[Figure, ...]
    addresses: Addresses
    text_language: str = ""  # of the paragraphs; empty: none are held
    text_notice: str = ""  # a sentence on the text held, marked for the catalogues
    paragraphs: tuple[ParagraphFact, ...] = ()
    last: Mapping[str, float | int | None] | None = None  # figures of last year's report
    head: Head = field(default_factory=Head)
    base: str = ""
    publisher: str = "Comity"
    unserved: tuple[str, ...] = ()  # threat types without a practice
    ended: Mapping[str, str] = field(default_factory=dict)  # paragraph to its last entry's end
    withdrawn: tuple[str, ...] = ()  # records of earlier editions, no longer for everybody

    @property
    def year(self) -> int:
        return self.ground.scope.year

    @property
    def day(self) -> dt.date:
        return self.ground.scope.day

    @cached_property
    def by_id(self) -> Mapping[str, Figure]:
        return {figure.id: figure for figure in self.figures}

    def of(self, *chapters: Chapter) -> tuple[Figure, ...]:
        return tuple(figure for figure in self.figures if figure.chapter in chapters)

    # --- figures in the text --------------------------------------------------------------

    def changed(self, figure: Figure) -> bool:
        """Whether last year's report gave another value under the same name."""
        return (
            self.last is not None
            and figure.id in self.last
            and self.last[figure.id] != plain(figure.value)
        )

    def ref(self, figure: Figure) -> FigureRef:
        return FigureRef(self.tongue.value(figure), figure.id, self.changed(figure))

    def notes(self) -> tuple[FigureNote, ...]:
        return tuple(self._note(figure) for figure in self.figures)

    def _note(self, figure: Figure) -> FigureNote:
        say, remarks = self.tongue, []
        if figure.failed:
            remarks.append(say(_("The query failed ({error})."), error=figure.failed))
        if figure.few:
            remarks.append(say(_("Totals under five of persons are not told.")))
        if self.changed(figure) and self.last is not None:
            held = self.last[figure.id]
            was = say(_("not reported")) if held is None else say.number(held)
            remarks.append(say(_("In last year’s report: {value}."), value=was))
        return FigureNote(
            figure.id,
            say.label(figure),
            say.filter(figure, self.year, self.day),
            say(_("As of {date}."), date=say.date(figure.as_of)),
            self.addresses.figure(figure.id),
            " ".join(remarks),
        )

    def figure_table(self, caption: str, figures: Iterable[Figure]) -> Table | None:
        rows = tuple(
            (
                (words_of(self.tongue.label(figure), figure.quoted, self.tongue.code),),
                (self.ref(figure),),
                (Text(self.tongue.unit(figure)),) if figure.unit else (),
                (Text(self.tongue.date(figure.as_of)),),
            )
            for figure in figures
        )
        if not rows:
            return None
        say = self.tongue
        columns = (
            Column(say(_("What is counted")), 4),
            Column(say(_("Value")), 1.6, Align.NUMBER),
            Column(say(_("Unit")), 1.4),
            Column(say(_("As of")), 1.8),
        )
        return Table(caption, columns, rows)

    # --- records --------------------------------------------------------------------------

    def title(self, told: Told) -> Run:
        """The title in the document's language where a source gives one, else as it stands."""
        words = told.said.get("title", ())
        for code in (self.tongue.code, "en"):
            for word in words:
                if (word.language or "en") == code:
                    return words_of(str(word.value), code, self.tongue.code)
        if words:
            return words_of(str(words[0].value), words[0].language, self.tongue.code)
        return Code(told.name)

    def when(self, told: Told) -> str:
        """Its dates as a source gives them, never more exact."""
        for key in ("period", "date", "adopted", "approved", "issued"):
            value = told.first_of(key)
            if value:
                return self.tongue.date(str(value))
        return ""

    def places(self, told: Told) -> str:
        return self.tongue.listed([self.tongue.country(code) for code in told.values("country")])

    def source(self, told: Told) -> Runs:
        """Who says so, with the address where it can be read."""
        words = told.said.get("title", ())
        return source_of(words[0]) if words else ()

    def note(self, told: Told) -> Run:
        word = told.said["note"][0]
        return words_of(str(word.value), word.language or "en", self.tongue.code)

    def record(self, told: Told) -> Link:
        return Link(told.name, self.addresses.record(told.name))

    def record_table(self, caption: str, entries: Iterable[Classed]) -> Table | None:
        """Entries with their dates, countries and sources; the first `ROWS` of them."""
        rows = list(entries)
        if not rows:
            return None
        say = self.tongue
        columns = (
            Column(say(_("Title")), 3.4),
            Column(say(_("When")), 1.5),
            Column(say(_("Countries")), 1.8),
            Column(say(_("Source")), 2),
            Column(say(_("Record")), 1.4),
        )
        made = tuple(
            (
                (self.title(entry.told),),
                (Text(self.when(entry.told)),),
                (Text(self.places(entry.told)),),
                self.source(entry.told),
                (self.record(entry.told),),
            )
            for entry in rows[:ROWS]
        )
        return Table(caption, columns, made, source=self.rest(len(rows)))

    def rest(self, number: int) -> Runs:
        """What a list in print leaves out."""
        return cut(self.tongue, number)


def cut(say: Tongue, number: int) -> Runs:
    """What is said of a list of which only the first `ROWS` stand in print."""
    if number <= ROWS:
        return ()
    words = say(
        _("{shown} of {all} are listed here; the gateway lists them all."),
        shown=say.number(ROWS),
        all=say.number(number),
    )
    return (Text(words),)


def words_of(words: str, language: str, own: str) -> Run:
    """Words with their language where it is not the document's own."""
    return Text(words) if not language or language == own else Foreign(words, language)


def source_of(word: Word) -> Runs:
    name = word.title or word.by
    if word.url:
        return (Link(name or word.url, word.url),)
    return (Text(name),) if name else ()


class Numbered:
    """Paragraphs that people cite: "3.1", "3.2" in the order they are written."""

    def __init__(self, section: str) -> None:
        self.section, self.count = section, 0

    def __call__(self, *runs: Run) -> Paragraph:
        self.count += 1
        return Paragraph(tuple(runs), f"{self.section}.{self.count}")
