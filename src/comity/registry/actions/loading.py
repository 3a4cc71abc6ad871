"""Take a file of rows: good rows arrive, bad ones wait with what is wrong and how to mend it.

The same bytes from the same speaker are one batch however often and from wherever they come, and
a row that says what is said already changes nothing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from difflib import get_close_matches
from functools import cache
from importlib import resources
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from comity.kit import tlp
from comity.kit.canonical import digest
from comity.kit.languages import gettext_noop
from comity.kit.sayings import Voice
from comity.kit.sheets import Finding, Sheet, read
from comity.ledger.actions import GATEWAY, hold, record
from comity.people.actions import clear, intern
from comity.registry.actions.writing import Speaker, handling_of, store
from comity.registry.formats.layouts import Layout, arrange, layout_of, read_layouts
from comity.registry.models import Batch, Entry, WaitingRow
from comity.registry.reads.kinds import kinds, vocabularies
from comity.registry.rules import values
from comity.registry.rules.checking import columns, from_cells, language_of, unknown_columns
from comity.registry.types import (
    BadValue,
    Kind,
    Outcome,
    Problem,
    Record,
    RegistryError,
    RowResult,
)

# What takes the good records of a batch: `store` for the operator, submissions for a body.
Take = Callable[[Sequence[Record], Batch], list[RowResult]]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of a file: one result a row, and what was noticed about the file itself."""

    results: tuple[RowResult, ...]
    findings: tuple[Finding, ...]
    batch: Batch | None = None
    fresh: bool = False  # this call took the file; before it nobody had


@cache
def layouts() -> dict[str, Layout]:
    """The layouts that come with the product."""
    return read_layouts((resources.files("comity.registry") / "data/layouts.yaml").read_bytes())


def kind_named(key: str) -> Kind:
    """A kind by its key. Raises `RegistryError` that lists them."""
    found = kinds().get(key)
    if found is None:
        raise RegistryError(f"No kind is called {key[:40]!r}", "kind", ", ".join(kinds()))
    return found


def _near(strange: Sequence[str], known: Sequence[str]) -> str:
    """The remedy for columns that mean nothing here: the names that may have been meant."""
    near = {
        name: found[0]
        for name in strange
        if (found := get_close_matches(name, known, 1, cutoff=0.7))
    }
    everything = ", ".join(known)
    if not near:
        return f"Rename or remove them. There are: {everything}."
    meant = ", ".join(f"{right} for {name}" for name, right in near.items())
    return f"Did you mean {meant}? Rename or remove the others. There are: {everything}."


def sheet_of(kind: Kind, data: bytes, name: str, encoding: str = "") -> Sheet:
    """The rows of a CSV or XLSX file; `encoding` is of a CSV that is not UTF-8. Raises
    `RegistryError` for columns that mean nothing here, and `kit.sheets.Unreadable`."""
    sheet = read(data, name=name, encoding=encoding)
    if layout_of(kind.key, sheet.columns, layouts()) is None:
        strange = unknown_columns(kind, sheet.columns)
        if strange:
            raise RegistryError(
                f"Columns that this kind does not have: {', '.join(strange)[:200]}",
                name,
                _near(strange, columns(kind)),
            )
        if "title" not in sheet.columns and "key" not in sheet.columns:
            raise RegistryError(
                gettext_noop("The file has no column title"),
                name,
                gettext_noop("Begin with a line of column names."),
            )
    return sheet


def checked(
    kind: Kind, sheet: Sheet, *, language: str = "en"
) -> Iterator[tuple[Record, tuple[Problem, ...]]]:
    """Each row as a record with its problems; a held row keeps what holds it."""
    layout = layout_of(kind.key, sheet.columns, layouts())
    for row in sheet.rows:
        cells: Mapping[str, str] = row.cells
        tongue, column = language, "language"
        if layout:
            cells, said_in = arrange(layout, row.cells)
            lost = unknown_columns(kind, cells)
            if lost:  # a fault of our table, never of the file
                raise RegistryError(f"The layout fills {', '.join(lost)}", kind.key, "Mend it.")
            if said_in:
                tongue, column = said_in, layout.language
        spoken, strange = language_of(tongue, column, row.number)
        item, problems = from_cells(
            kind, cells, vocabularies(), row=row.number, language=spoken or "en"
        )
        problems = (*strange, *problems)
        item = replace(item, raw=dict(cells))
        if row.held:
            held = _held(sheet, row.number)  # a cell that was not read is not called empty too
            told = {problem.field for problem in held if problem.field}
            problems = (*held, *(each for each in problems if each.field not in told))
        yield item, problems


def _held(sheet: Sheet, number: int) -> tuple[Problem, ...]:
    return tuple(
        Problem(f.column, f.message, f.remedy, "", number)
        for f in sheet.findings
        if f.row == number
    )


def take_file(
    kind: Kind,
    data: bytes,
    name: str,
    take: Take,
    *,
    speaker: str,
    handling: int,
    body: Any = None,
    actor: str = GATEWAY,
    language: str = "en",
    encoding: str = "",
) -> Loaded:
    """Check every row, hand the good ones to `take`, keep the bad ones waiting: one transaction."""
    sheet = sheet_of(kind, data, name, encoding)
    rows = list(checked(kind, sheet, language=language))
    good = [item for item, problems in rows if not problems]
    with transaction.atomic():
        hold()  # two clients with the same file: the second finds the batch of the first
        batch, fresh = _batch(kind, data, name, speaker, handling, body, len(rows), actor)
        by_row = {result.row: result for result in take(good, batch)}
        for item, problems in rows:
            if problems:
                key = item.raw.get("key") or item.key  # as it was written
                by_row[item.row] = RowResult(item.row, key, Outcome.REJECTED, problems, item.key)
        results = tuple(by_row[number] for number in sorted(by_row))
        _wait(batch, results, {item.row: item for item, _problems in rows})
    return Loaded(results, sheet.findings, batch, fresh)


def _batch(
    kind: Kind,
    data: bytes,
    name: str,
    speaker: str,
    handling: int,
    body: Any,
    rows: int,
    actor: str,
) -> tuple[Batch, bool]:
    """The batch of these bytes, and whether it was made just now."""
    sha256 = hashlib.sha256(data).hexdigest()
    found = Batch.objects.filter(speaker=speaker, kind=kind.key, sha256=sha256).first()
    if found is not None:
        return found, False
    content = {"kind": kind.key, "sha256": sha256, "rows": rows}
    seq = record("take_batch", f"registry/batch/{sha256[:16]}", actor=actor, content=content)
    made = Batch.objects.create(
        speaker=speaker,
        body_id=body,
        kind=kind.key,
        name=name[-200:],
        sha256=sha256,
        rows=rows,
        handling_id=handling,
        act=seq,
        made=timezone.now(),
    )
    return made, True


def _wait(batch: Batch, results: Sequence[RowResult], records: Mapping[int, Record]) -> None:
    """Rejected rows wait, once each; a row mended or dropped before is not put back."""
    known = set(batch.waiting.values_list("row", flat=True))
    WaitingRow.objects.bulk_create(
        WaitingRow(
            batch=batch,
            row=result.row,
            raw=dict(records[result.row].raw),
            problems=[asdict(problem) for problem in result.problems],
            act=batch.act,
        )
        for result in results
        if result.outcome is Outcome.REJECTED and result.row not in known
    )


def load_file(
    kind_key: str,
    data: bytes,
    name: str,
    *,
    said_by: str = "",
    licence: str = "",
    sample: bool = False,
    actor: str = GATEWAY,
    language: str = "en",
    encoding: str = "",
) -> Loaded:
    """The operator's way: rows are published at once, as words of a source, owned by nobody.

    Where nobody is named as the source it is the file by the name under which its bytes first came.
    """
    kind = kind_named(kind_key)
    said_by, licence = _short("said_by", said_by, 300), _short("licence", licence, 80)

    def take(records: Sequence[Record], batch: Batch) -> list[RowResult]:
        speaker = Speaker(Voice.SOURCE, said_by or batch.name, None, licence, sample)
        refused = [(item, found) for item in records if (found := not_public(kind, item))]
        rows = {item.row for item, _found in refused}
        named = [_named(i) for i in _restrained(kind, records) if i.row not in rows]
        return store(named, speaker, act="load_entries", actor=actor) + [
            RowResult(item.row, item.raw.get("key") or item.key, Outcome.REJECTED, found, item.key)
            for item, found in refused
        ]

    handling = clear()
    if kind.default_label != tlp.Label.CLEAR.value:
        handling = intern(handling_of(tlp.Label.GREEN, None))
    return take_file(
        kind,
        data,
        name,
        take,
        speaker="operator",
        handling=handling,
        actor=actor,
        language=language,
        encoding=encoding,
    )


def _short(name: str, text: str, longest: int) -> str:
    try:
        return values.line(text, longest) if text.strip() else ""
    except BadValue as error:
        raise RegistryError(error.message, name, error.remedy) from None


def not_public(kind: Kind, item: Record) -> tuple[Problem, ...]:
    """Why a record that nobody owns cannot be shown to others: it is marked for a body that it does
    not have, or whose words they are has not agreed."""
    found = []
    for label in sorted({given.label for given in item.values if given.label}):
        try:
            handling_of(label, None)
        except RegistryError as error:
            found.append(Problem("tlp", error.message, error.remedy, label.value, item.row))
    agreed = [given.value for given in item.values if given.field == kind.publish_field]
    if kind.publish_field and agreed != [True]:
        found.append(
            Problem(
                kind.publish_field,
                gettext_noop("Nobody has said that this may be published"),
                gettext_noop("Write yes when whose words they are agrees; until then keep it."),
                "no" if agreed else "",
                item.row,
            )
        )
    return tuple(found)


def _named(item: Record) -> Record:
    """A row without a key is named by what it says, so that the same row twice is one entry."""
    if item.key:
        return item
    said = [[g.field, g.value, g.language] for g in item.values]
    return replace(item, key=f"{item.kind[:20]}-{digest([item.subtype, said])[:12]}")


def _restrained(kind: Kind, records: Sequence[Record]) -> Sequence[Record]:
    """What nobody owns cannot be AMBER: confidential kinds come in GREEN when no body is named."""
    if kind.default_label != tlp.Label.AMBER.value:
        return records
    green = tlp.Label.GREEN
    return [
        replace(item, values=tuple(replace(g, label=g.label or green) for g in item.values))
        for item in records
    ]


def remove_sample(actor: str = GATEWAY) -> int:
    """Remove every sample entry with all that hangs on it; how many.

    What others said stays: an entry of which not only the sample speaks loses the sample's words.
    """
    from comity.registry.actions.indexing import index, remove_counted
    from comity.registry.models import Source, Statement

    with transaction.atomic():
        hold()
        said = Statement.objects.filter(source__sample=True)
        others = Statement.objects.filter(source__sample=False)
        entries = list(Entry.objects.filter(sample=True).exclude(pk__in=others.values("entry")))
        touched = Entry.objects.filter(Q(sample=True) | Q(pk__in=said.values("entry")))
        kept = list(touched.filter(pk__in=others.values("entry")))
        if entries or kept:
            names = sorted(entry.name for entry in entries)
            content = {"removed": names, "kept": sorted(entry.name for entry in kept)}
            seq = record("remove_sample", "registry/entries", actor=actor, content=content)
            now = timezone.now()
            Entry.objects.filter(pk__in=[e.pk for e in kept]).update(
                sample=False, act=seq, changed=now
            )
            said.filter(entry__in=[e.pk for e in kept]).delete()
            index(kept, today=now.astimezone(dt.UTC).date())
        remove_counted(entries)
        places = [entry.pk for entry in entries]
        for start in range(0, len(places), 500):
            chunk = places[start : start + 500]
            Statement.objects.filter(entry__in=chunk).delete()
            Entry.objects.filter(pk__in=chunk).delete()
        Batch.objects.filter(speaker=SAMPLE_SPEAKER).delete()
        Source.objects.filter(sample=True, statements__isnull=True).delete()
    return len(entries)


SAMPLE_SPEAKER = "sample"
