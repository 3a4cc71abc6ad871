"""Types into rows and back. Written in bulk: a version is some hundred rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from django.db import models

from comity.mandate.models import tables as t
from comity.mandate.rules import labels
from comity.mandate.rules.citations import UNKNOWN
from comity.mandate.types import (
    Change,
    Citation,
    Duty,
    Finding,
    MandateError,
    Passage,
    Proposal,
    Provision,
    Run,
    Source,
    Span,
    State,
    Text,
)

PARSER = 2  # raise it when parsing or the rules change: setup then reads the sources again

_KINDS = {"res": "resolution", "dec": "decision", "op": "opinion", "rec": "recommendation"}


def instrument(key: str, *, title: str = "") -> t.Instrument:
    """The instrument of a key, made when it is not there; a stub gains its title."""
    issuer, name = key.split("/", 1)
    kind, _, number = name.partition("-")
    found, _made = t.Instrument.objects.get_or_create(
        key=key,
        defaults={
            "issuer": "" if issuer == UNKNOWN else issuer,
            "kind": _KINDS.get(kind, kind),
            "number": number,
            "title": title,
        },
    )
    if title and not found.title:
        found.title = title
        found.save(update_fields=["title"])
    return found


def keep_revision(row: dict[str, str]) -> None:
    """One line of data/revisions.csv: a text known to exist."""
    t.Revision.objects.update_or_create(
        instrument=instrument(row["key"], title=row["title"]),
        status=row["status"],
        label=row["label"],
        year=int(row["year"]),
        defaults={
            "place": row["place"],
            "date": dt.date.fromisoformat(row["date"]) if row["date"] else None,
            "known_from": row["known_from"],
        },
    )


def known_date(instrument: t.Instrument, status: str, label: str) -> dt.date | None:
    """The day of a version: from its label or the revisions known, None where neither says it."""
    if len(label) == 10:
        return dt.date.fromisoformat(label)
    known = instrument.revisions.filter(status=status, year=int(label[:4])).first()
    day: dt.date | None = known.date if known else None
    return day


def in_order(versions: Iterable[t.Version]) -> list[t.Version]:
    """Versions as they are compared: each with the one before it."""
    return sorted(versions, key=lambda v: labels.order(v.date, v.label, v.status))


def conference_of(instrument: t.Instrument) -> str:
    """What "this conference" means in an instrument's texts: "PP" for itu-pp/res-130."""
    return instrument.key.split("/")[0].removeprefix("itu-").upper()


def keep_version(
    instrument: t.Instrument, label: str, date: dt.date | None, text: Text, now: dt.datetime
) -> t.Version:
    """The version, its passages and its findings. Provisions follow with their ids.

    Raises MandateError where a word of the text is longer than its column: PostgreSQL would
    refuse it, and SQLite would not notice.
    """
    _check_lengths(text)
    source = text.source or Source("", "", "")
    version = t.Version.objects.create(
        instrument=instrument,
        label=label,
        language=text.language,
        status=text.status,
        date=date,
        title=text.title,
        subtitle=text.subtitle,
        formula=text.formula,
        title_runs=[asdict(run) for run in text.title_runs],
        formula_runs=[asdict(run) for run in text.formula_runs],
        source_name=source.name,
        source_sha256=source.sha256,
        source_type=source.media_type,
        attribution=source.attribution,
        parser=PARSER,
        loaded_at=now,
    )
    t.Passage.objects.bulk_create(
        t.Passage(
            version=version,
            seq=seq,
            eid=f"passage_{seq}",  # until `keep_ids`
            key=f"passage/{seq}",
            runs=[asdict(run) for run in p.runs],
            lines=list(p.lines),
            start=p.span.start,
            end=p.span.end,
            **_same(p, _PASSAGE),
        )
        for seq, p in enumerate(text.passages)
    )
    t.Finding.objects.bulk_create(
        t.Finding(version=version, **(asdict(finding) | _short(finding)))
        for finding in text.findings
    )
    _keep_provisions(version, text)
    return version


def _room(model: type[models.Model], field: str) -> int:
    """How many characters a column takes."""
    return int(model._meta.get_field(field).max_length or 0)


def _short(finding: Finding) -> dict[str, str]:
    """What a finding says, cut: it may quote a source of any length."""
    return {
        name: getattr(finding, name)[: _room(t.Finding, name)] for name in ("message", "remedy")
    }


def _check_lengths(text: Text) -> None:
    for model, names, things in (
        (t.Version, ("title", "subtitle", "formula", "language"), (text,)),
        (t.Passage, ("section", "path", "num_printed", "num", "tag", "proposer"), text.passages),
        (t.Provision, ("section", "path", "num"), text.provisions),
    ):
        for thing in things:
            for name in names:
                words, most = getattr(thing, name), _room(model, name)
                if len(words) > most:
                    raise MandateError(
                        f"The {_CALLED.get(name, name)} {words[:40]!r}… has {len(words):,} "
                        f"characters; at most {most} are taken.",
                        remedy="Put headings and numbers on lines of their own, apart from text.",
                    )


_CALLED = {"section": "heading", "path": "place", "num": "number", "num_printed": "number"}
_PASSAGE = [
    "section",
    "path",
    "num_printed",
    "num",
    "state",
    "explicit",
    "why",
    "tag",
    "proposer",
    "option",
    "group",
    "bracketed",
    "within",
    "at",
]


def _same(noun: object, names: Iterable[str]) -> dict[str, object]:
    return {name: getattr(noun, name) for name in names}


def _keep_provisions(version: t.Version, text: Text) -> None:
    version.provisions.all().delete()
    t.Provision.objects.bulk_create(
        t.Provision(
            version=version,
            seq=seq,
            footnotes=list(p.footnotes),
            marks_at=list(p.marks_at),
            start=p.span.start,
            end=p.span.end,
            eid=p.eid or f"unit_{seq}",
            key=p.key or f"unit/{seq}",
            **_same(p, ("section", "path", "num", "text", "wid")),
        )
        for seq, p in enumerate(text.provisions)
    )


def text_of(version: t.Version) -> Text:
    """The version as the rules see it."""
    passages = tuple(
        Passage(
            runs=_runs(row.runs),
            lines=tuple(row.lines),
            span=Span(row.start, row.end),
            **{**_same(row, _PASSAGE), "state": State(row.state)},  # type: ignore[arg-type]
        )
        for row in version.passages.all()
    )
    provisions = tuple(
        Provision(
            row.section,
            row.path,
            row.num,
            row.text,
            tuple(row.footnotes),
            Span(row.start, row.end),
            row.eid,
            row.wid,
            row.key,
            tuple(row.marks_at),
        )
        for row in version.provisions.all()
    )
    return Text(
        version.title,
        version.subtitle,
        version.formula,
        provisions,
        passages,
        findings=tuple(
            Finding(f.code, f.message, f.line, f.column, f.remedy) for f in version.findings.all()
        ),
        language=version.language,
        status=version.status,
        date=version.date,
        source=Source(
            version.source_name, version.source_sha256, version.source_type, version.attribution
        ),
        title_runs=_runs(version.title_runs),
        formula_runs=_runs(version.formula_runs),
    )


def _runs(kept: Iterable[dict[str, Any]]) -> tuple[Run, ...]:
    return tuple(Run(**{**run, "span": Span(**run["span"])}) for run in kept)


def places(version: t.Version) -> Iterable[tuple[str, str]]:
    """(section, path) of every unit that comparisons see: struck passages of a draft too."""
    marked = list(version.passages.values_list("section", "path"))
    return marked or version.provisions.values_list("section", "path")


def keep_ids(version: t.Version, text: Text, passages: Sequence[Provision]) -> None:
    """The provisions with their ids; in a draft the ids of the passages too."""
    _keep_provisions(version, text)
    rows = list(version.passages.all())
    for row, named in zip(rows, passages, strict=True):
        row.eid, row.wid, row.key = named.eid, named.wid, named.key
    t.Passage.objects.bulk_update(rows, ["eid", "wid", "key"])


def keep_sayings(
    version: t.Version,
    citations: Sequence[Citation],
    duties: Sequence[Duty],
    meant: Sequence[Sequence[str]],
) -> None:
    """What the provisions cite and ask."""
    rows = {(p.section, p.path): p for p in version.provisions.all()}
    _keep_citations(rows, citations)
    t.Duty.objects.bulk_create(
        t.Duty(
            provision=rows[d.section, d.path],
            actors=list(d.actors),
            meant=list(keys),
            recipients=list(d.recipients),
            parts=list(d.parts),
            related=list(d.related),
            further_acts=list(d.further_acts),
            **_same(
                d, ["force", "binding", "verb", "object", "frequency", "condition", "is_reporting"]
            ),
        )
        for d, keys in zip(duties, meant, strict=True)
    )


def keep_changes(
    before: t.Version, version: t.Version, found: Sequence[Change], fates: Sequence[Proposal]
) -> None:
    """The comparison with the version before, and what became of its proposals."""
    changes = t.Change.objects.bulk_create(
        t.Change(
            old=before,
            new=version,
            seq=seq,
            evidence=list(c.evidence),
            **_same(c, ("kind", "similarity", "confidence")),
        )
        for seq, c in enumerate(found)
    )
    t.ChangeEnd.objects.bulk_create(
        t.ChangeEnd(change=row, is_new=is_new, unit=unit, rank=rank)
        for row, c in zip(changes, found, strict=True)
        for is_new, side in ((False, c.old), (True, c.new))
        for rank, unit in enumerate(side)
    )
    passages = {p.seq: p for p in before.passages.all()}
    t.Proposal.objects.bulk_create(
        t.Proposal(
            passage=passages[p.passage],
            adopted=version,
            seq=seq,
            targets=[asdict(target) for target in p.targets],
            evidence=list(p.evidence),
            **_same(p, ("fate", "similarity", "confidence")),
        )
        for seq, p in enumerate(fates)
    )


def forget_changes(instrument: t.Instrument) -> None:
    """Before all comparisons of an instrument are made anew."""
    t.Change.objects.filter(new__instrument=instrument).delete()
    t.Proposal.objects.filter(adopted__instrument=instrument).delete()


def forget_unnamed() -> None:
    """Instruments that nothing names any more: no text, no citation, no decision."""
    t.Instrument.objects.filter(
        versions=None,
        cited_by=None,
        revisions=None,
        settlements=None,
        duty_states=None,
        deadlines=None,
    ).delete()


def _keep_citations(rows: dict[tuple[str, str], t.Provision], found: Sequence[Citation]) -> None:
    """Citations, each with the stub of the instrument it names."""
    stubs = {key: instrument(key) for key in {c.key for c in found}}
    for c in found:  # a stub says what it is: its key alone may not
        stub = stubs[c.key]
        if not stub.title and (stub.kind, stub.number) != (c.kind, c.number):
            stub.kind, stub.number, stub.issuer = c.kind, c.number, c.issuer
            stub.save(update_fields=["kind", "number", "issuer"])
    t.Citation.objects.bulk_create(
        t.Citation(
            provision=rows[c.section, c.path],
            cited=stubs[c.key],
            seq=seq,
            flags=list(c.flags),
            **_same(
                c,
                [
                    "as_printed",
                    "issuer",
                    "kind",
                    "number",
                    "place",
                    "year",
                    "revised",
                    "subdivision",
                    "start",
                    "end",
                    "how",
                ],
            ),
        )
        for seq, c in enumerate(found)
    )
