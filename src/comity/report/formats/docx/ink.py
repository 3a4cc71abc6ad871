"""Runs and paragraphs as WordprocessingML, and what they need beside the text: addresses and
bookmarks. The only place where words become XML."""

from __future__ import annotations

from xml.sax.saxutils import escape

from comity.kit.languages import by_code
from comity.report.formats.docx.styles import REGIONS
from comity.report.formats.notes import Numbered, numbered
from comity.report.formats.plain import address, clean
from comity.report.types.tree import (
    Break,
    Code,
    Document,
    Emphasis,
    FigureRef,
    Foreign,
    Link,
    Run,
    Runs,
    Strong,
    Text,
)

BOLD = "<w:b/><w:bCs/>"
TAB = "<w:r><w:tab/></w:r>"
LINE = "<w:r><w:br/></w:r>"
_LRM, _RLM = "\u200e", "\u200f"


def text(words: str) -> str:
    """Words as the content of an element."""
    return escape(clean(words))


def attribute(words: str) -> str:
    """Words as the value of an attribute, in double quotes."""
    return escape(clean(words), {'"': "&quot;"})


class Pen:
    """Writes the runs of one part (the body, the endnotes) and remembers its addresses.

    Every run says its direction itself: Word takes none from the paragraph, and digits and
    brackets turn by it.
    """

    def __init__(self, document: Document) -> None:
        self.of = document
        self.rtl = document.rtl
        self.notes: dict[str, Numbered] = numbered(document)
        self.places = {
            section.id: f"_Toc{n:08}" for n, (_level, section) in enumerate(document.sections(), 1)
        }
        self.addresses: dict[str, str] = {}
        self.mentioned: set[str] = set()
        self.changed = False
        self._hint = '<w:rFonts w:hint="eastAsia"/>' if document.language == "zh" else ""
        self._end = "<w:rtl/>" if self.rtl else ""

    # --- paragraphs

    def paragraph(self, style: str, inside: str, *, before: str = "", after: str = "") -> str:
        """`before` and `after` are further properties, before and after the direction."""
        bidi = "<w:bidi/>" if self.rtl else ""
        properties = f'<w:pStyle w:val="{style}"/>{before}{bidi}{after}'
        return f"<w:p><w:pPr>{properties}</w:pPr>{inside}</w:p>"

    def numbered(self, number: str) -> str:
        """A number and the tab after it, or nothing."""
        return self.words(number) + TAB if number else ""

    # --- runs

    def words(self, words: str, look: str = "", style: str = "") -> str:
        """One run; `look` are its direct properties, `style` a character style."""
        named = f'<w:rStyle w:val="{style}"/>' if style else ""
        return self._run(words, f"{named}{self._hint}{look}{self._end}")

    def _run(self, words: str, properties: str) -> str:
        said = text(words)
        if not said:
            return ""
        look = f"<w:rPr>{properties}</w:rPr>" if properties else ""
        return f'<w:r>{look}<w:t xml:space="preserve">{said}</w:t></w:r>'

    def runs(self, runs: Runs, look: str = "") -> str:
        return "".join([self.run(run, look) for run in runs])

    def run(self, run: Run, look: str = "") -> str:
        match run:
            case Text():
                return self.words(run.words, look)
            case Strong():
                return self.words(run.words, look, "Strong")
            case Emphasis():
                slanted = self.of.language not in ("ar", "zh")
                return self.words(run.words, look, "Emphasis" if slanted else "Strong")
            case Code():
                turn = '<w:rtl w:val="0"/>' if self.rtl else ""
                code = self._run(run.words, f'<w:rStyle w:val="Code"/><w:noProof/>{turn}')
                return self._apart(code) if self.rtl else code
            case Foreign():
                said = self.foreign(run.words, run.language, look)
                same = by_code(run.language).dir == self.of.tongue.dir
                return said if same else self._apart(said)
            case FigureRef():
                return self._figure(run, look)
            case Link():
                return self._link(run, look)
            case Break():
                return LINE

    def foreign(self, words: str, language: str, look: str = "") -> str:
        """Words with their own language and direction."""
        tongue = by_code(language)
        key = {"ar": "bidi", "zh": "eastAsia"}.get(tongue.code, "val")
        hint = '<w:rFonts w:hint="eastAsia"/>' if tongue.code == "zh" else ""
        turn = "<w:rtl/>" if tongue.dir == "rtl" else '<w:rtl w:val="0"/>' if self.rtl else ""
        return self._run(words, f'{hint}{look}{turn}<w:lang w:{key}="{REGIONS[tongue.code]}"/>')

    def _apart(self, run: str) -> str:
        """What runs against the document, between marks: outside of its direction, so that a
        bracket between two such runs does not turn with them; inside of theirs, so that an
        address that begins with digits stays whole."""
        if not run:
            return ""
        outer, inner = (_RLM, _LRM) if self.rtl else (_LRM, _RLM)
        against = '<w:rtl w:val="0"/>' if self.rtl else "<w:rtl/>"
        edge, mark = self._run(outer, self._end), self._run(inner, against)
        return f"{edge}{mark}{run}{mark}{edge}"

    def _figure(self, run: FigureRef, look: str) -> str:
        """The value, and its note: the first mention holds it, later ones refer to its number."""
        self.changed = self.changed or run.changed
        value = self.words(run.words + ("*" if run.changed else ""), look)
        number = self.notes[run.figure].number
        style = f'<w:rPr><w:rStyle w:val="EndnoteReference"/>{self._end}</w:rPr>'
        name = f"_Ref{number:08}"
        if run.figure in self.mentioned:
            return (
                f'{value}<w:fldSimple w:instr=" NOTEREF {name} \\f \\h ">'
                f"<w:r>{style}<w:t>{number}</w:t></w:r></w:fldSimple>"
            )
        self.mentioned.add(run.figure)
        key = 100_000 + number
        return (
            f'{value}<w:bookmarkStart w:id="{key}" w:name="{name}"/><w:r>{style}'
            f'<w:endnoteReference w:id="{number}"/></w:r><w:bookmarkEnd w:id="{key}"/>'
        )

    def _link(self, run: Link, look: str) -> str:
        if run.address.startswith("#") and run.address[1:] in self.places:
            return self.inside(run.address[1:], self.words(run.words, look, "Hyperlink"))
        if run.address.startswith("/") and not self.of.base:
            return self.words(run.words, look)
        return self.outside(run.words, address(run.address, self.of.base), look)

    def inside(self, section: str, inside: str) -> str:
        """Runs that lead to a section."""
        return (
            f'<w:hyperlink w:anchor="{self.places[section]}" w:history="1">{inside}</w:hyperlink>'
        )

    def outside(self, words: str, to: str, look: str = "") -> str:
        """Words that lead to an address, or only words where there is none."""
        if not to:
            return self.words(words, look)
        key = self.addresses.setdefault(to, f"rLink{len(self.addresses) + 1}")
        run = self.words(words, look, "Hyperlink")
        return f'<w:hyperlink r:id="{key}" w:history="1">{run}</w:hyperlink>'
