"""One question in every shape that leaves the house: which shapes there are, and their bytes.

Pages and the command line give the same file for the same viewer. What is not for everybody says
so in the file and in its name.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO, Any
from urllib.parse import urlencode

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language, gettext

from comity.kit.canonical import digest
from comity.kit.languages import LANGUAGES, by_code
from comity.kit.tlp import ANONYMOUS, Label, Viewer
from comity.registry.formats import atom, dcat, iati, jsonld, rows
from comity.registry.formats.exported import Exported, file_name
from comity.registry.reads.entries import Question
from comity.registry.reads.exporting import Outline, latest, outline, walk
from comity.registry.reads.kinds import kinds, vocabularies
from comity.registry.types import Kind, RegistryError

XLSX_MOST = 20_000  # rows: a workbook is made whole before its first byte can leave
FEED = 50  # entries of a feed


@dataclass(frozen=True, slots=True)
class Here:
    """What files say of this gateway."""

    base: str  # its address, ends with /
    title: str
    operator: str
    contact: str
    iati_ref: str
    language: str

    @property
    def gateway(self) -> dcat.Gateway:
        return dcat.Gateway(self.base, self.title, self.operator, self.contact, self.language)

    @property
    def reporter(self) -> iati.Reporter:
        host = self.base.partition("://")[2].split("/")[0].split(":")[0]
        return iati.Reporter(self.operator or self.title, host, self.iati_ref)


def here(base: str = "") -> Here:
    """From the settings, in the active language; `base` is the address it was asked at."""
    if not base:
        host = settings.HOST.split(",")[0]
        base = f"https://{host}/" if settings.HTTPS else f"http://{host}:{settings.PORT}/"
    return Here(
        base,
        settings.GATEWAY_NAME or gettext("Cybersecurity gateway"),
        settings.OPERATOR,
        settings.CONTACT,
        getattr(settings, "IATI_ORGANISATION", ""),
        by_code(get_language() or "en").code,
    )


@dataclass(slots=True)
class File:
    """A file about to leave. `left_out` and `held` fill while `pieces` are taken."""

    name: str
    media_type: str
    label: Label
    tag: str
    changed: dt.datetime | None
    pieces: Iterator[bytes]
    left_out: list[rows.LeftOut] = field(default_factory=list)
    held: list[iati.Held] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Job:
    viewer: Viewer
    question: Question
    kind: Kind
    about: Outline
    here: Here
    today: dt.date

    def walk(self) -> Iterator[Exported]:
        return walk(self.viewer, self.question)


def _csv(job: _Job, file: File) -> Iterator[bytes]:
    names = rows.columns(job.kind, job.about.languages)
    return rows.to_csv(job.walk(), names, file.left_out)


def _xlsx(job: _Job, file: File) -> Iterator[bytes]:
    if job.about.entries > XLSX_MOST:
        raise RegistryError(
            f"A workbook holds at most {XLSX_MOST} entries, these are {job.about.entries}",
            "format",
            "Take CSV, or choose fewer entries.",
        )
    return _workbook(job, file)


def _workbook(job: _Job, file: File) -> Iterator[bytes]:
    names = rows.columns(job.kind, job.about.languages)
    with tempfile.TemporaryFile() as whole:
        rows.to_xlsx(
            whole,
            job.walk(),
            names,
            title=job.kind.plural.get(job.here.language) or job.kind.key,
            notes=_notes(job),
            notes_title=gettext("Notes"),
            rtl=LANGUAGES[job.here.language].dir == "rtl",
            left_out=file.left_out,
        )
        whole.seek(0)
        while piece := whole.read(2**16):
            yield piece


def _notes(job: _Job) -> list[str]:
    """What a workbook says of itself; its label first."""
    changed = job.about.changed
    notes = [str(job.about.label), job.here.title]
    if job.here.operator:
        notes.append(job.here.operator)
    notes.append(jsonld.address(job.here.base, job.kind.key, job.here.language))
    if changed:
        notes.append(gettext("Last changed: %(day)s") % {"day": changed.date().isoformat()})
    notes.append(
        gettext(
            "A row holds one entry. Where several sources differ it holds the words of the first; "
            "the JSON-LD file and the page of the entry hold all of them."
        )
    )
    return notes


def _jsonld(job: _Job, _file: File) -> Iterator[bytes]:
    return jsonld.stream(
        job.walk(),
        vocabularies(),
        base=job.here.base,
        name=f"{job.here.title}: {job.kind.plural.get(job.here.language) or job.kind.key}",
        label=job.about.label,
        language=job.here.language,
    )


def _iati(job: _Job, file: File) -> Iterator[bytes]:
    if not iati.can_be_told(job.kind):
        told = [key for key, kind in kinds().items() if iati.can_be_told(kind)]
        raise RegistryError(
            f"What is of kind {job.kind.key!r} is no activity in the sense of IATI",
            "format",
            f"IATI takes {', '.join(told)}.",
        )
    return iati.stream(
        job.walk(),
        job.here.reporter,
        vocabularies(),
        today=job.today,
        made=job.about.changed,
        label=job.about.label,
        held=file.held,
    )


@dataclass(frozen=True, slots=True)
class Shape:
    """A form of file: how its name ends, what it is, who makes it."""

    suffix: str
    media_type: str
    pieces: Callable[[_Job, File], Iterator[bytes]]


SHAPES: Mapping[str, Shape] = {
    "csv": Shape("csv", "text/csv; charset=utf-8", _csv),
    "xlsx": Shape("xlsx", dcat.XLSX.media_type, _xlsx),
    "jsonld": Shape("jsonld", jsonld.MEDIA_TYPE, _jsonld),
    "iati": Shape("iati.xml", iati.MEDIA_TYPE, _iati),
}


def file_of(
    viewer: Viewer, question: Question, shape: str, at: Here, *, now: dt.datetime | None = None
) -> File:
    """The entries of one kind as a file. Its bytes are the same for the same data.

    Raises `RegistryError` where the kind or the shape is none, or the two do not go together.
    """
    kind = kinds().get(question.kind)
    if kind is None:
        raise RegistryError(f"No kind is called {question.kind[:40]!r}", "kind", ", ".join(kinds()))
    if shape not in SHAPES:
        raise RegistryError(
            f"No format is called {shape[:40]!r}", "format", f"There are: {', '.join(SHAPES)}."
        )
    form = SHAPES[shape]
    about = outline(viewer, question)
    today = (now or timezone.now()).astimezone(dt.UTC).date()
    tag = digest([about.tag, shape, at.language, at.base, str(today) if shape == "iati" else ""])
    name = file_name(kind.key, about.label, form.suffix)
    file = File(name, form.media_type, about.label, tag[:32], about.changed, iter(()))
    file.pieces = form.pieces(_Job(viewer, question, kind, about, at, today), file)
    return file


def export(kind: str, shape: str, viewer: Viewer, out: IO[bytes]) -> File:
    """Write a whole kind into `out`: what the command line does. Gives the file with its name,
    and what could not be told in it. Raises `RegistryError` before the first byte."""
    file = file_of(viewer, Question(kind), shape, here())
    for piece in file.pieces:
        out.write(piece)
    return file


# --- what is not one kind's ---------------------------------------------------------------


def catalogue(at: Here) -> File:
    """The DCAT catalogue of what is for everybody, whoever asks."""
    public = {key: outline(ANONYMOUS, Question(key)) for key in kinds()}
    datasets = [
        dcat.Dataset(kind, public[key].entries, public[key].changed, _shapes(kind))
        for key, kind in kinds().items()
    ]
    changed = max((o.changed for o in public.values() if o.changed), default=None)
    tag = digest([[o.tag for o in public.values()], at.language, at.base])[:32]
    pieces = dcat.stream(at.gateway, datasets, _public(), vocabularies())
    return File("comity-catalogue.jsonld", jsonld.MEDIA_TYPE, Label.CLEAR, tag, changed, pieces)


def _shapes(kind: Kind) -> tuple[dcat.Shape, ...]:
    return (*dcat.SHAPES, dcat.IATI) if iati.can_be_told(kind) else dcat.SHAPES


def _public() -> Iterator[Exported]:
    for key, kind in kinds().items():
        if kind.rdf.dct:
            yield from walk(ANONYMOUS, Question(key))


def feed(viewer: Viewer, question: Question, at: Here, *, title: str, self_url: str) -> File:
    """What changed last among the entries of a question."""
    entries = latest(viewer, question, FEED)
    lasting = digest(question.as_data())
    about = atom.Feed(
        f"{at.base}registry/{lasting}",
        title,
        self_url,
        _page(question, at),
        at.base,
        at.operator,
        at.language,
        LANGUAGES[at.language].bcp47,
    )
    data = atom.write(about, entries, vocabularies())
    label = max((entry.strictest for entry in entries), default=Label.CLEAR)
    changed = max((entry.changed for entry in entries), default=None)
    tag = digest([data.decode()])[:32]
    return File("feed.atom", atom.MEDIA_TYPE, label, tag, changed, iter([data]))


def _page(question: Question, at: Here) -> str:
    """The list that a feed follows, narrowed as the feed is."""
    asked = [("q", question.text)] if question.text else []
    asked += [(name, value) for name, values in question.facets.items() for value in values]
    place = question.kind or ("search" if asked else "")
    page = jsonld.address(at.base, place, at.language).rstrip("/") + "/"
    return f"{page}?{urlencode(asked)}" if asked else page


def entry_document(entry: Exported, at: Here) -> dict[str, Any]:
    """One entry as JSON-LD."""
    return jsonld.document(entry, vocabularies(), base=at.base, language=at.language)


__all__ = [
    "FEED",
    "SHAPES",
    "File",
    "Here",
    "catalogue",
    "entry_document",
    "export",
    "feed",
    "file_of",
    "here",
]
