"""One page of a kind's list with the pages and the data of its entries: the work that is shared
out among processes. It reads as somebody who did not sign in, and nothing else can be asked."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from django.utils import translation

from comity.kit.languages import LANGUAGES
from comity.kit.tlp import ANONYMOUS, Label
from comity.registry import reads
from comity.registry.formats import dcat, iati, jsonld, rows
from comity.registry.formats.exported import Exported
from comity.registry.pages.bundle import render
from comity.registry.pages.bundle.render import Line, Site
from comity.registry.reads.entries import Question
from comity.registry.reads.exporting import walk
from comity.registry.reads.kinds import kinds, vocabularies
from comity.registry.types import FieldType, RegistryError


@dataclass(frozen=True, slots=True)
class Task:
    """The entries of a kind from behind one place to another, which is one page of its list."""

    folder: Path
    site: Site
    kind: str
    after: int
    until: int
    number: int
    pages: int
    columns: tuple[str, ...]
    downloads: tuple[tuple[str, str], ...]
    reporter: iati.Reporter
    today: str


@dataclass(slots=True)
class Done:
    """What a task made: the hash of each file, and what the pages for all kinds need."""

    hashes: dict[str, str] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    held: list[iati.Held] = field(default_factory=list)
    left_out: int = 0


def run(task: Task) -> Done:
    """Write the pages of the task and its parts of the data files."""
    with translation.override(LANGUAGES[task.site.here.language].django):
        return _run(task)


def _run(task: Task) -> Done:
    found = list(walk(ANONYMOUS, Question(task.kind), after=task.after, until=task.until))
    done = Done()
    for entry in found:
        if entry.strictest is not Label.CLEAR:
            raise RegistryError(
                f"{entry.name} is {entry.strictest}", entry.name, "Nothing of it was published."
            )
    linked = _linked(found, task.site.here.language)
    for entry in found:
        page = render.entry_page(entry, task.site, linked)
        keep(task.folder, f"entry/{task.kind}/{render.file_of(entry.key)}", page, done.hashes)
        done.lines.append(render.line(entry, task.site.here.language))
    kind = kinds()[task.kind]
    page = render.list_page(
        task.site,
        "../../",
        heading=render.words_of(kind, task.site.here.language)[1],
        lead=kind.about.get(task.site.here.language) or kind.about["en"],
        lines=done.lines,
        number=task.number,
        pages=task.pages,
        downloads=task.downloads,
    )
    keep(task.folder, f"kind/{task.kind}/{render.page_file('', task.number)}", page, done.hashes)
    _parts(task, found, done)
    return done


def _linked(found: list[Exported], language: str) -> dict[str, str]:
    """The titles of the public entries that these name."""
    names = {
        str(s.value)
        for entry in found
        for s in entry.statements
        if (told := entry.kind.by_key.get(s.field)) and told.type is FieldType.ENTRY
    }
    held = reads.entries_named(ANONYMOUS, names) if names else {}
    return {name: row.titles.get(language) or row.title for name, row in held.items()}


def _parts(task: Task, found: list[Exported], done: Done) -> None:
    """Its share of each data file, to be joined in order."""
    here, words = task.site.here, vocabularies()
    left_out: list[rows.LeftOut] = []
    table = b"".join(rows.to_csv(found, task.columns, left_out))
    if task.number > 1:
        table = table[table.index(b"\r\n") + 2 :]
    done.left_out = len(left_out)
    parts = {"csv": table}
    parts["jsonld"] = b"".join(
        b",\n" + jsonld.dumped(jsonld.node(entry, words, base=here.base, language=here.language))
        for entry in found
    )
    kind = kinds()[task.kind]
    if kind.rdf.dct:
        parts["dcat"] = b"".join(dcat.record(here.gateway, entry, words) for entry in found)
    if iati.can_be_told(kind):
        today = dt.date.fromisoformat(task.today)
        parts["iati.xml"] = b"".join(
            iati.piece(entry, task.reporter, words, today, done.held) for entry in found
        )
    for suffix, data in parts.items():
        path = part_path(task.folder, task.kind, task.number, suffix)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def part_path(folder: Path, kind: str, number: int, suffix: str) -> Path:
    return folder / ".parts" / f"{kind}-{number}.{suffix}"


_made: set[Path] = set()


def keep(folder: Path, name: str, data: bytes, hashes: dict[str, str]) -> None:
    """Write one file and remember its hash."""
    path = folder / name
    if path.parent not in _made:
        path.parent.mkdir(parents=True, exist_ok=True)
        _made.add(path.parent)
    path.write_bytes(data)
    hashes[name] = hashlib.sha256(data).hexdigest()
