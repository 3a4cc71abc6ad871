"""Plan the bundle, share out its pages, join the data, sign off with a list of hashes.

Everything is written beside the target and renamed at the end, so that a folder of this name is
always whole. The same data give the same bytes: no clock is asked, the day is that of the newest
change.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path

import django
from django.contrib.staticfiles import finders
from django.db import connection
from django.utils import translation
from django.utils.translation import gettext as _

from comity.kit import countries
from comity.kit.errors import UnknownLanguage
from comity.kit.languages import LANGUAGES, by_code
from comity.kit.tlp import ANONYMOUS, Label
from comity.registry.formats import dcat, iati, jsonld, rows
from comity.registry.pages.bundle import around, render
from comity.registry.pages.bundle.piece import Done, Task, keep, part_path, run
from comity.registry.pages.bundle.render import Line, Site
from comity.registry.reads import files
from comity.registry.reads.entries import Question
from comity.registry.reads.exporting import Outline, outline, places
from comity.registry.reads.kinds import kinds
from comity.registry.types import RegistryError

LIST, LINKS = 200, 500  # entries on a page of a kind; titles on a page of a letter or a country
MARKER = "SHA256SUMS"  # its last file; a folder that has it may be replaced
ASSETS = ("comity.css", "mark.svg")
Progress = Callable[[int, int], None]


class BundleError(RegistryError):
    """A bundle that cannot be written: where, and what to do."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was written."""

    folder: Path
    entries: int
    files: int
    day: str
    held: tuple[iati.Held, ...]  # no valid IATI activities
    left_out: int  # values that a row of a table could not hold


@dataclass(slots=True)
class _Gathered:
    hashes: dict[str, str] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    held: dict[str, list[iati.Held]] = field(default_factory=lambda: defaultdict(list))
    pages: dict[str, int] = field(default_factory=dict)
    left_out: int = 0


def write_bundle(
    folder: Path,
    language: str = "en",
    *,
    processes: int = 2,
    progress: Progress | None = None,
) -> Written:
    """Write the public gateway into `folder`, which is replaced when it holds a bundle already.

    Raises `BundleError`. `progress` is told how many of how many pieces are done.
    """
    try:
        code = by_code(language).code
    except UnknownLanguage as error:
        raise BundleError(error.message, "lang", error.remedy) from error
    target = Path(os.path.abspath(folder))  # noqa: PTH100 - a link stays a link
    _refuse(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    making = target.parent / f".{target.name}.{secrets.token_hex(4)}"
    making.mkdir()
    try:
        with translation.override(LANGUAGES[code].django):
            written = _write(making, target, processes, progress)
        os.sync()  # what is renamed into place is on the disk
        _put(making, target)
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise
    return written


def _refuse(target: Path) -> None:
    if target.is_dir() and any(target.iterdir()) and not (target / MARKER).is_file():
        raise BundleError(
            "This folder holds something else", str(target), "Name a new or an empty folder."
        )
    if target.exists() and not target.is_dir():
        raise BundleError("This is no folder", str(target), "Name a new or an empty folder.")


def _put(making: Path, target: Path) -> None:
    old = target.parent / f".{target.name}.{secrets.token_hex(4)}"
    if target.exists():
        target.rename(old)
    try:
        making.rename(target)
    except OSError:
        if old.exists():
            old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)


# --- the work -----------------------------------------------------------------------------


def _write(making: Path, target: Path, processes: int, progress: Progress | None) -> Written:
    here = files.here()
    known = {key: outline(ANONYMOUS, Question(key)) for key in kinds()}
    days = [each.changed.date() for each in known.values() if each.changed]
    days += filter(None, [around.newest()])
    site = Site(here, max(days).isoformat() if days else "")
    gathered = _Gathered()
    tasks = list(_tasks(making, site, known, gathered))
    for number, (task, done) in enumerate(zip(tasks, _shared(tasks, processes), strict=True), 1):
        gathered.hashes |= done.hashes
        gathered.lines += done.lines
        gathered.held[task.kind] += done.held
        gathered.left_out += done.left_out
        if progress:
            progress(number, len(tasks))
    for name in ASSETS:
        keep(making, f"assets/{name}", _asset(name), gathered.hashes)
    _data(making, site, known, gathered)
    _indexes(making, site, known, gathered)
    keep(making, "README.txt", _readme(site, known).encode(), gathered.hashes)
    shutil.rmtree(making / ".parts", ignore_errors=True)
    sums = "".join(f"{gathered.hashes[name]}  {name}\n" for name in sorted(gathered.hashes))
    (making / MARKER).write_text(sums, encoding="utf-8")
    held = tuple(each for group in gathered.held.values() for each in group)
    count = len(gathered.lines)
    return Written(target, count, len(gathered.hashes) + 1, site.day, held, gathered.left_out)


def _tasks(
    making: Path, site: Site, known: dict[str, Outline], gathered: _Gathered
) -> Iterator[Task]:
    for key, kind in kinds().items():
        found = places(ANONYMOUS, Question(key))
        bounds = [0, *found[LIST - 1 :: LIST]]
        if (found and bounds[-1] != found[-1]) or not found:
            bounds.append(found[-1] if found else 0)
        gathered.pages[key] = pages = len(bounds) - 1
        shapes = [("CSV", f"../../data/{key}.csv"), ("JSON-LD", f"../../data/{key}.jsonld")]
        if iati.can_be_told(kind):
            shapes.append(("IATI", f"../../data/{key}.iati.xml"))
        columns = rows.columns(kind, known[key].languages)
        for number, (after, until) in enumerate(pairwise(bounds), 1):
            yield Task(
                making, site, key, after, until, number, pages, columns, tuple(shapes),
                site.here.reporter, site.day or "2014-11-07",
            )  # fmt: skip


def _shared(tasks: Sequence[Task], processes: int) -> Iterator[Done]:
    """The tasks' results in their order. One process where two would find another database."""
    inside = connection.vendor == "sqlite" and connection.is_in_memory_db()
    if processes < 2 or len(tasks) < 8 or inside or connection.in_atomic_block:
        yield from map(run, tasks)
        return
    # Spawned, not forked: a fork would share this process's connection to the database.
    pool = ProcessPoolExecutor(processes, get_context("spawn"), django.setup)
    try:
        yield from pool.map(run, tasks, chunksize=1)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _asset(name: str) -> bytes:
    found = finders.find(name)
    if not found:
        raise BundleError(f"The file {name} of this house is missing", name, "Install it anew.")
    return Path(str(found)).read_bytes()


# --- data files ---------------------------------------------------------------------------


def _data(making: Path, site: Site, known: dict[str, Outline], gathered: _Gathered) -> None:
    here = site.here
    datasets = []
    for key, kind in kinds().items():
        many = f"{here.title}: {render.words_of(kind, here.language)[1]}"
        _join(making, f"data/{key}.csv", b"", key, "csv", b"", gathered)
        head = jsonld.head(many)
        _join(making, f"data/{key}.jsonld", head, key, "jsonld", jsonld.TAIL, gathered)
        shapes = [dcat.CSV, dcat.JSON_LD]
        if iati.can_be_told(kind):
            begin = iati.head(here.reporter, Label.CLEAR, known[key].changed)
            end = iati.tail(gathered.held[key])
            _join(making, f"data/{key}.iati.xml", begin, key, "iati.xml", end, gathered)
            shapes.append(dcat.IATI)
        about = known[key]
        datasets.append(dcat.Dataset(kind, about.entries, about.changed, tuple(shapes)))
    told = [key for key, kind in kinds().items() if kind.rdf.dct]
    name = "data/catalogue.jsonld"
    parts = [part for key in told for part in _part_paths(making, key, "dcat", gathered)]
    _joined(making, name, dcat.head(here.gateway, datasets), parts, dcat.TAIL, gathered)


def _part_paths(making: Path, kind: str, suffix: str, gathered: _Gathered) -> list[Path]:
    numbers = range(1, gathered.pages[kind] + 1)
    return [part_path(making, kind, number, suffix) for number in numbers]


def _join(
    making: Path, name: str, head: bytes, kind: str, suffix: str, tail: bytes, gathered: _Gathered
) -> None:
    _joined(making, name, head, _part_paths(making, kind, suffix, gathered), tail, gathered)


def _joined(
    making: Path, name: str, head: bytes, parts: Iterable[Path], tail: bytes, gathered: _Gathered
) -> None:
    """Parts into one file, hashed on the way."""
    path = making / name
    path.parent.mkdir(parents=True, exist_ok=True)
    seen = hashlib.sha256(head)
    with path.open("wb") as whole:
        whole.write(head)
        for part in parts:
            with part.open("rb") as source:
                while block := source.read(2**20):
                    whole.write(block)
                    seen.update(block)
        whole.write(tail)
    seen.update(tail)
    gathered.hashes[name] = seen.hexdigest()


# --- pages for all kinds ------------------------------------------------------------------


def _indexes(making: Path, site: Site, known: dict[str, Outline], gathered: _Gathered) -> None:
    language = site.here.language
    by_letter: dict[str, list[Line]] = defaultdict(list)
    by_country: dict[str, list[Line]] = defaultdict(list)
    ordered = sorted(
        gathered.lines, key=lambda one: (render.sort_key(one.title), one.kind, one.file)
    )
    for each in ordered:
        by_letter[render.letter(each.title)].append(each)
        for code in each.countries:
            by_country[code].append(each)
    letters = [
        (letter, _letter_stem(letter), len(by_letter[letter])) for letter in sorted(by_letter)
    ]
    for letter, stem, _n in letters:
        _lists(making, site, "title", stem, letter, by_letter[letter], gathered)
    beside = around.write(making, site, gathered.hashes)
    held = {*by_country, *filter(None, beside.teams)}
    named = {code: countries.by_code(code).name(language) for code in held}
    lands = sorted(named, key=lambda code: render.sort_key(named[code]))
    for code in lands:
        pages = beside.teams.get(code, ())
        name, file = named[code], code.lower()
        _lists(making, site, "country", file, name, by_country[code], gathered, teams=pages)
    page = render.render(
        "index",
        site,
        "",
        kinds=[
            (*render.words_of(kind, language), key, known[key].entries)
            for key, kind in kinds().items()
        ],
        letters=letters,
        countries=[(named[code], code.lower(), len(by_country[code])) for code in lands],
        teams=around.by_country(beside, language),
        communities=beside.communities,
        texts=beside.texts,
        files=sorted(name for name in gathered.hashes if name.startswith("data/")),
        total=len(gathered.lines),
    )
    keep(making, "index.html", page, gathered.hashes)


def _letter_stem(letter: str) -> str:
    return "other" if letter == render.OTHER else f"{ord(letter):04x}"


def _lists(
    making: Path,
    site: Site,
    folder: str,
    stem: str,
    heading: str,
    lines: Sequence[Line],
    gathered: _Gathered,
    *,
    teams: Sequence[around.Page] = (),
) -> None:
    pages = max(1, -(-len(lines) // LINKS))
    for number in range(1, pages + 1):
        page = render.list_page(
            site,
            "../",
            heading=heading,
            lines=lines[(number - 1) * LINKS : number * LINKS],
            number=number,
            pages=pages,
            stem=stem,
            with_kind=True,
            teams=teams if number == 1 else (),
        )
        keep(making, f"{folder}/{render.page_file(stem, number)}", page, gathered.hashes)


def _readme(site: Site, known: dict[str, Outline]) -> str:
    """What this folder is, for whoever finds it on a disk."""
    lines = [
        site.here.title,
        _("The public part of a gateway as files: open index.html in a browser."),
        _("Data as of: %(day)s") % {"day": site.day or "-"},
        _("Taken from: %(address)s") % {"address": site.here.base},
        "",
        *(f"{known[key].entries:>8}  {render.words_of(kind, site.here.language)[1]}"
          for key, kind in kinds().items()),
        "",
        _("data/ holds the same as CSV, JSON-LD (schema.org), DCAT 3 and IATI 2.03."),
        _("SHA256SUMS proves that nothing was changed: sha256sum -c SHA256SUMS"),
        "",
    ]  # fmt: skip
    return "\n".join(lines)


__all__ = ["BundleError", "Written", "write_bundle"]
