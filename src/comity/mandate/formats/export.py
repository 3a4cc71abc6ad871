"""One version in every shape that leaves the house: which shapes there are, and their bytes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from comity.mandate.formats import tables
from comity.mandate.formats.akn.write import write_akn
from comity.mandate.formats.docx import comparison_docx, draft_docx
from comity.mandate.formats.html import write_html
from comity.mandate.rules.align import align, units
from comity.mandate.rules.words import FORMULA
from comity.mandate.types import Change, Citation, Duty, MandateError, Proposal, Text

DRAFTER = "WGPL ad hoc group"  # who held the pen where a passage carries no tag


@dataclass(frozen=True, slots=True)
class Bundle:
    """All that is known of one version: what every shape is made from."""

    key: str
    label: str
    text: Text
    changes: tuple[Change, ...] = ()  # from the earlier version
    proposals: tuple[Proposal, ...] = ()  # of the earlier version, followed into this one
    fates: tuple[Proposal, ...] = ()  # of this draft, followed into the later one
    citations: tuple[Citation, ...] = ()
    duties: tuple[Duty, ...] = ()
    earlier: Text | None = None
    earlier_label: str = ""
    earlier_eids: tuple[str, ...] = ()

    @property
    def day(self) -> str:
        return self.text.date.isoformat() if self.text.date else self.label


ROWS: Mapping[str, Callable[[Bundle], list[tables.Row]]] = {
    "provisions": lambda b: tables.provision_rows(b.text.provisions),
    "passages": lambda b: tables.passage_rows(b.text.passages),
    "fates": lambda b: tables.fate_rows(b.proposals or b.fates),
    "citations": lambda b: tables.citation_rows(b.citations),
    "duties": lambda b: tables.duty_rows(b.duties),
}
MEDIA_TYPES = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xml": "application/akn+xml",
    "html": "text/html; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
NAMES = (*(f"{table}.{shape}" for table in ROWS for shape in ("json", "csv")),)
WHOLE = ("text.json", "text.xml", "text.html", "text.docx", "compared.docx")


def meta(bundle: Bundle) -> dict[str, Any]:
    """What stands above every table: which text this is, and whose."""
    source = bundle.text.source
    return {
        "instrument": bundle.key,
        "version": bundle.label,
        "status": bundle.text.status,
        "date": bundle.day,
        "language": bundle.text.language,
        "title": bundle.text.title,
        "attribution": source.attribution if source else "",
        "source_sha256": source.sha256 if source else "",
        "similarity": FORMULA,
    }


def export(bundle: Bundle, name: str) -> bytes:
    """The bytes of `name`: "provisions.csv", "text.xml", "compared.docx" … (`NAMES`, `WHOLE`).

    Raises MandateError where the version has nothing to put into that shape.
    """
    table, _dot, shape = name.rpartition(".")
    if table in ROWS and shape in ("json", "csv"):
        if table == "passages" and not bundle.text.passages:
            raise MandateError(
                "This version carries no marks, so it has no passages.",
                remedy="Ask for the draft that stands before it.",
            )
        rows = ROWS[table](bundle)
        if shape == "json":
            return tables.to_json(rows, meta(bundle))
        return tables.to_csv(rows, tables.COLUMNS[table])
    if name == "text.json":
        return _whole(bundle)
    if name == "text.xml":
        return _akn(bundle)
    if name == "text.html":
        return write_html(bundle.text, key=bundle.key, label=bundle.label)
    if name == "text.docx":
        if not bundle.text.passages:
            raise MandateError(
                "Only a marked-up draft has tracked changes of its own.",
                remedy="Ask for compared.docx: the draft against this text.",
            )
        return draft_docx(bundle.text, drafter=DRAFTER)
    if name == "compared.docx":
        if bundle.earlier is None:
            raise MandateError(
                "No earlier text of this instrument is held.", remedy="Load one to compare with."
            )
        changes = align(units(bundle.earlier.provisions), units(bundle.text.provisions))
        return comparison_docx(bundle.earlier, bundle.text, changes)
    known = ", ".join((*NAMES, *WHOLE))
    raise MandateError(f"There is no {name!r} of a version.", remedy=f"Ask for one of {known}.")


def _whole(bundle: Bundle) -> bytes:
    """Everything in one JSON object: what it is, then each table by its name, and the findings."""
    held = {name: rows(bundle) for name, rows in ROWS.items()}
    findings = [
        {"code": f.code, "message": f.message, "line": f.line, "column": f.column}
        for f in bundle.text.findings
    ]
    whole = {"meta": meta(bundle), **held, "findings": findings}
    return json.dumps(whole, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"


def _akn(bundle: Bundle) -> bytes:
    return write_akn(
        bundle.text,
        key=bundle.key,
        version=bundle.day,
        work=bundle.label[:4],
        citations=bundle.citations,
        proposals=bundle.fates,
        changes=bundle.changes,
        earlier=bundle.earlier_eids,
        earlier_version=bundle.earlier_label,
    )
