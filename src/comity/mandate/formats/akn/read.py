"""Read Akoma Ntoso: our own documents back exactly, and others as far as their shape is common.

Understood are recitals or containers in the preamble, and any hierarchy (hcontainer, section,
article, paragraph, ...) in the body. Words in elements that are not understood are findings.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from typing import cast

from lxml import etree

from comity.mandate.formats.akn.marks import Marks, Stretch
from comity.mandate.formats.akn.names import DRAFT, own
from comity.mandate.rules.identifiers import LANGUAGES, Names
from comity.mandate.types import ITU, Finding, MandateError, Provision, Source, Text

MAX_BYTES = 5_000_000  # ours of the 2014 text has 60 kB
MAX_TAGS = 50_000  # start and end tags; ours of the 2014 text has 1,000
MAX_PROVISIONS = 5_000  # the text of 2014 has 95
MAX_FINDINGS = 100

_HIERARCHY_NAMES = (
    "hcontainer section part chapter title article book tome division clause subclause "
    "paragraph subparagraph point indent alinea rule subrule proviso subsection subpart "
    "subchapter subtitle subdivision level transitional recital citation item"
)
_HIERARCHY = frozenset(_HIERARCHY_NAMES.split())
_GROUPS = frozenset(["recitals", "citations", "container"])
_WRAPPERS = frozenset(["blockList", "ul", "ol", "list", "sublist", "blockContainer"])
_WORDS = frozenset(["p", "listIntroduction", "listWrapUp", "block", "li"])
_PARTS = frozenset(["intro", "content", "wrapUp"])
_BLANKS = re.compile(r"[ \t\n\r\f]+")
_NOTE = "\x00"  # where a footnote stands, while words are gathered: XML cannot hold it
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_PATH = re.compile(r"[^\s/]{1,40}(?:/[^\s/]{1,40}){0,20}")
_CODES = {code: language for language, code in LANGUAGES.items()}
_REMEDY = "Give an Akoma Ntoso 3.0 document, in UTF-8 and without a document type."


def read_akn(data: bytes, *, name: str = "") -> Text:
    """Read an Akoma Ntoso document. Offsets into XML would help nobody: spans are empty.

    Struck words (`del`) are left out of the provisions: a draft gives its clean reading, and
    passages with its marks. In an adopted text they are a finding. Ids, where the document has
    them, are kept as eid and wid.

    Raises MandateError for more than 5 MB, NULs, a document type or entities, other encodings
    than UTF-8, broken XML, other XML, and a document without provisions.
    """
    root = _parse(data)
    document = next((e for e in root if isinstance(e.tag, str)), None)
    if _local(root) != "akomaNtoso" or document is None:
        raise MandateError("This XML is no Akoma Ntoso document.", line=1, column=1, remedy=_REMEDY)
    draft = DRAFT in (document.get("name"), _value(document, "FRBRWork", "FRBRsubtype", "value"))
    marks = Marks(document)
    reader = _Reader(marks if draft and marks.there else None)
    if marks.struck and not draft:
        what = f"{marks.struck} stretches of struck words stand in a text that is no draft."
        remedy = f'Name the document "{DRAFT}" if its marks are wanted; they are left out.'
        reader.findings.append(Finding("struck-words", what, _line(document), 1, remedy))
    for part in document:
        local = _local(part)
        if local == "preamble":
            reader.preamble(part)
        elif local in ("mainBody", "body"):
            reader.children(part, "", "")
    if not reader.provisions:
        raise MandateError(
            "The document holds no provisions.",
            line=_line(document),
            column=1,
            remedy="Give one with recitals in its preamble or paragraphs in its body.",
        )
    title, subtitle = _preface(document)
    code = _value(document, "FRBRExpression", "FRBRlanguage", "language") or "eng"
    return Text(
        title=title,
        subtitle=subtitle,
        formula=" ".join(reader.formula),
        provisions=tuple(reader.provisions),
        passages=tuple(marks.passages),
        findings=tuple(reader.findings),
        language=_CODES.get(code, code),
        status="draft" if draft else "adopted",
        date=_date(document),
        source=Source(
            name, hashlib.sha256(data).hexdigest(), "application/akn+xml", _attribution(document)
        ),
    )


def _parse(data: bytes) -> etree._Element:
    if len(data) > MAX_BYTES:
        raise MandateError(
            f"The file has {len(data):,} bytes; a document may have {MAX_BYTES:,}.",
            remedy="Give one instrument a file.",
        )
    if data.count(b"<") > MAX_TAGS:
        raise MandateError(
            f"The document has more than {MAX_TAGS:,} tags.",
            remedy="Give one instrument a file.",
        )
    nul = data.find(b"\0")
    if nul >= 0:
        raise MandateError(
            "The file holds NUL bytes, so it is no XML in UTF-8.",
            line=data.count(b"\n", 0, nul) + 1,
            column=nul - data.rfind(b"\n", 0, nul),
            remedy=_REMEDY,
        )
    # Entities need a declaration, and no instrument needs entities. This is checked on the
    # bytes, before a parser sees them; the parser below would not load or expand them either.
    for word in (b"<!DOCTYPE", b"<!ENTITY"):
        at = data.find(word)
        if at >= 0:
            raise MandateError(
                f"The file declares a document type or entities ({word.decode()}).",
                line=data.count(b"\n", 0, at) + 1,
                column=at - data.rfind(b"\n", 0, at),
                remedy=_REMEDY,
            )
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line, column = getattr(error, "position", (1, 1))
        raise MandateError(
            f"The file is no well-formed XML: {str(error)[:200]}.",
            line=max(line or 1, 1),
            column=max(column or 1, 1),
            remedy=_REMEDY,
        ) from None


def _local(element: etree._Element) -> str:
    """The name without its namespace; "" for what is no element of Akoma Ntoso."""
    return _name(element.tag) if isinstance(element.tag, str) else ""


@lru_cache(maxsize=512)
def _name(tag: str) -> str:
    namespace, _, local = tag.rpartition("}")
    return local if "/akn/" in namespace or "akomantoso" in namespace or not namespace else ""


def _line(element: etree._Element) -> int:
    return int(cast(int, element.sourceline) or 1)


def _all_words(element: etree._Element) -> str:
    return "".join(str(words) for words in element.itertext()).strip()


class _Reader:
    """Gathers provisions in document order."""

    def __init__(self, marks: Marks | None = None) -> None:
        self.marks = marks  # of a draft; they are gathered where there are any
        self.provisions: list[Provision] = []
        self.findings: list[Finding] = []
        self.formula: list[str] = []
        self.names: defaultdict[str, Names] = defaultdict(Names)  # paths, by section

    def note(self, element: etree._Element, what: str) -> None:
        if len(self.findings) < MAX_FINDINGS:
            self.findings.append(
                Finding(
                    "element-not-understood",
                    what,
                    _line(element),
                    1,
                    "Check these words; they are in no provision.",
                )
            )

    def preamble(self, preamble: etree._Element) -> None:
        for part in preamble:
            local = _local(part)
            if local in ("formula", "p"):
                words = self.words(part)[0]
                if words:
                    self.formula.append(words)
            else:
                self.children(preamble, "", "", only=part)

    def children(
        self,
        parent: etree._Element,
        section: str,
        above: str,
        *,
        only: etree._Element | None = None,
    ) -> None:
        """Read what stands in a group, a section or a provision, below its heading."""
        parts = [only] if only is not None else list(parent)
        if only is None:
            self._stray(parent)
        numbered = [i for i, e in enumerate(parts) if _local(e) in _HIERARCHY]
        listed = [i for i, e in enumerate(parts) if _local(e) in _WRAPPERS]
        # Loose words before the first numbered piece open what follows.
        opening = min(numbered, default=max(listed, default=0))
        for position, element in enumerate(parts):
            local = _local(element)
            if local in ("num", "heading", "subheading"):
                continue
            if local in _HIERARCHY and self._is_section(element, above):
                self._section(element, section)
            elif local in _HIERARCHY:
                self._provision(element, section, above)
            elif local in _GROUPS:
                self._section(element, section)
            elif local in _WRAPPERS:
                self.children(element, section, above)
            elif local in _PARTS or local in _WORDS:
                self._loose(element, section, above, opening=position < opening)
            elif _all_words(element):
                self.note(element, f"The element {local or 'of another namespace'} holds words.")

    def _stray(self, parent: etree._Element) -> None:
        """Words where the standard has none, between the elements of a group."""
        between = [parent.text, *(child.tail for child in parent)]
        if any((words or "").strip() for words in between):
            self.note(parent, f"Words stand between the parts of {_local(parent)}.")

    def _is_section(self, element: etree._Element, above: str) -> bool:
        """A heading over further levels, not inside a provision, makes a section."""
        if above or _local(element) in ("recital", "citation", "item"):
            return False
        has = {_local(child) for child in element}
        return "heading" in has or (_local(element) == "hcontainer" and "content" not in has)

    def _section(self, element: etree._Element, outer: str) -> None:
        heading = self._named(element, "heading")
        num = self._named(element, "num")
        own_name = " ".join(part for part in (num, heading) if part)
        section = ", ".join(part for part in (outer, own_name) if part)
        self.children(element, section, "")

    def _named(self, element: etree._Element, name: str) -> str:
        return " ".join(self.words(child)[0] for child in element if _local(child) == name)

    def _loose(self, element: etree._Element, section: str, above: str, *, opening: bool) -> None:
        """Words directly below a section: its opening line, or a lone paragraph."""
        if _local(element) in _PARTS and any(_local(child) in _WRAPPERS for child in element):
            self.children(element, section, above)
            return
        words, notes = self.marked(element)
        stretches = self._stretches(element)
        if words or stretches:
            step = "chapeau" if opening else "p"
            self._add(element, section, above + step, "", words, notes, stretches)

    def _provision(self, element: etree._Element, section: str, above: str) -> None:
        """A numbered piece: its own words first, then what stands below it."""
        num = self._named(element, "num")
        texts: list[str] = [self._named(element, "heading")]
        notes: list[tuple[str, int]] = []
        stretches = [Stretch(texts[0] + " ")] if texts[0] else []
        before = len(texts[0]) + 1 if texts[0] else 0  # characters of the words read so far
        below: list[etree._Element] = []
        for child in _flat(element):
            local = _local(child)
            if local in ("num", "heading", "subheading"):
                continue
            if local in _WORDS and not below:
                words, marks = self.marked(child)
                texts.append(words)
                notes += [(mark, before + at) for mark, at in marks]
                stretches += self._stretches(child)
                before += len(words) + 1 if words else 0
            else:
                below.append(child)
        text = " ".join(words for words in texts if words)
        step = re.sub(r"[().\s]", "", num) or "p"
        path = _own_path(element) or above + step
        self._stray(element)
        if text or any(stretch.struck for stretch in stretches):
            path = self._add(element, section, path, num, text, notes, stretches)
        elif not below and not any(_local(e) == "del" for e in element.iter()):
            self.note(element, f"The provision {num or step} holds no words.")
        for child in below:
            self.children(element, section, path + "/", only=child)

    def _add(
        self,
        element: etree._Element,
        section: str,
        path: str,
        num: str,
        text: str,
        notes: list[tuple[str, int]],
        stretches: list[Stretch],
    ) -> str:
        """Keep a provision, and its passage in a marked draft: struck whole, it is only that."""
        path = self.names[section].take(_own_path(element) or path)
        if max(len(self.provisions), len(self.marks.passages) if self.marks else 0) >= (
            MAX_PROVISIONS
        ):
            raise MandateError(
                f"The document has more than {MAX_PROVISIONS:,} provisions.",
                line=_line(element),
                column=1,
                remedy="Give one instrument a file.",
            )
        if self.marks:
            self.marks.add(element, section, path, num, stretches)
        if not text:
            return path
        eid = element.get("eId", "")
        wid = element.get("wId", eid)
        marks, places = tuple(mark for mark, _ in notes), tuple(at for _, at in notes)
        self.provisions.append(
            Provision(section, path, num, text, marks, eid=eid, wid=wid, marks_at=places)
        )
        return path

    def words(self, element: etree._Element) -> tuple[str, list[str]]:
        """The words of an element and the marks of the footnotes in it."""
        notes: list[str] = []
        text = "".join(self._inline(element, notes))
        return _BLANKS.sub(" ", text.replace(_NOTE, "")).strip(), notes

    def marked(self, element: etree._Element) -> tuple[str, list[tuple[str, int]]]:
        """The words, and the marks of the footnotes with the place in the words of each."""
        notes: list[str] = []
        first, *rest = "".join(self._inline(element, notes)).split(_NOTE)
        text, places = first, []
        for more in rest:
            places.append(len(_BLANKS.sub(" ", text).strip()))
            text += more
        return _BLANKS.sub(" ", text).strip(), list(zip(notes, places, strict=True))

    def _stretches(
        self, element: etree._Element, *, struck: bool = False, inserted: bool = False
    ) -> list[Stretch]:
        """The words with what the marks show of them; none where no marks are gathered."""
        if self.marks is None:
            return []
        made = [Stretch(element.text or "", struck, inserted)]
        for child in element:
            local = _local(child)
            if local in ("eol", "br") or local in _WORDS:
                made.append(Stretch(" ", struck, inserted))
            if local not in ("", "authorialNote", "noteRef", "foreign", "script", "style", "img"):
                made += self._stretches(
                    child, struck=struck or local == "del", inserted=inserted or local == "ins"
                )
            if local in _WORDS:
                made.append(Stretch(" ", struck, inserted))
            made.append(Stretch(child.tail or "", struck, inserted))
        return [stretch for stretch in made if stretch.text]

    def _inline(self, element: etree._Element, notes: list[str]) -> Iterator[str]:
        yield element.text or ""
        for child in element:
            local = _local(child)
            if local in ("authorialNote", "noteRef"):
                notes.append(child.get("marker", ""))
                yield _NOTE
            elif local in ("eol", "br") or local in _WORDS:
                yield " "
                yield from self._inline(child, notes)
                yield " "
            elif not local or local == "foreign":
                if _all_words(child):
                    self.note(child, "Words of another namespace were left out.")
            elif local not in ("del", "script", "style", "img"):
                yield from self._inline(child, notes)
            yield child.tail or ""


def _own_path(element: etree._Element) -> str:
    path = element.get(own("path"), "")
    return path if _PATH.fullmatch(path) else ""


def _flat(element: etree._Element) -> Iterator[etree._Element]:
    """The parts of a provision, out of intro, content, wrapUp and lists."""
    for child in element:
        if _local(child) in _PARTS or _local(child) in ("blockList", "ul", "ol"):
            yield from _flat(child)
        else:
            yield child


def _preface(document: etree._Element) -> tuple[str, str]:
    reader = _Reader()
    lines: list[str] = []
    named: dict[str, str] = {}
    for preface in (part for part in document if _local(part) == "preface"):
        for element in preface.iter():
            local = _local(element)
            if local in ("docTitle", "docPurpose"):
                named.setdefault(local, reader.words(element)[0])
            elif local == "p":
                lines.append(reader.words(element)[0])
    if named:
        return named.get("docTitle", ""), named.get("docPurpose", "")
    lines = [line for line in lines if line]
    return (lines or [""])[0], " ".join(lines[1:])


def _attribution(document: etree._Element) -> str:
    """`ITU` where the document says so: our own in its source, others by the work's author."""
    for source in document.iter(own("source")):
        return ITU if source.get("attribution") == ITU else ""
    author = _value(document, "FRBRWork", "FRBRauthor", "href").removeprefix("#")
    for element in document.iter():
        if _local(element) == "TLCOrganization" and element.get("eId") == author:
            return ITU if element.get("showAs", "") in ITU.split(" (") else ""
    return ""


def _value(document: etree._Element, level: str, name: str, attribute: str) -> str:
    for element in document.iter():
        if _local(element) == name:
            above = element.getparent()
            if above is not None and _local(above) == level:
                return element.get(attribute, "")
    return ""


def _date(document: etree._Element) -> dt.date | None:
    """The day of the expression; one that only stands for its year is none."""
    day = _value(document, "FRBRExpression", "FRBRdate", "date")
    if _value(document, "FRBRExpression", "FRBRdate", "name") == "year-only":
        return None
    try:
        return dt.date.fromisoformat(day[:10]) if _DAY.match(day) else None
    except ValueError:
        return None
