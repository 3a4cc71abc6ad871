"""The rows that every door shows: command line, API, CSV and the JSON twin of a page.

One place says which keys a row has and in which order, so that no two doors can differ.
The keys are a promise to those who read them by machine: add at the end, never rename.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from comity.kit.sheets.guard import guard
from comity.kit.sheets.guard import unguard as unguard  # its counterpart, for readers of `to_csv`
from comity.mandate.types import Change, Citation, Duty, Passage, Proposal, Provision

Row = dict[str, Any]

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "provisions": ("section", "path", "num", "text", "footnotes", "eid", "wid"),
    "passages": (
        *("section", "num_printed", "num", "text", "state"),
        *("explicit", "tag", "proposer", "lines"),
    ),
    "fates": (
        *("tag", "proposer", "section", "text", "fate"),
        *("targets", "similarity", "confidence"),
    ),
    "citations": (
        *("section", "path", "as_printed", "issuer", "kind"),
        *("number", "place", "year", "revised", "subdivision"),
    ),
    "duties": (
        *("section", "path", "actors", "force", "verb", "object"),
        *("recipients", "frequency", "condition", "is_reporting"),
    ),
    "changes": ("kind", "old", "new", "similarity", "confidence", "evidence"),
}


class Placed(Protocol):
    """Anything with a place in a text: a provision, a passage, a unit of comparison."""

    @property
    def section(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def num(self) -> str: ...


# --- from types to rows -------------------------------------------------------------------


def provision_rows(provisions: Iterable[Provision]) -> list[Row]:
    """One row a provision, in order of the text."""
    return [_row("provisions", p, footnotes=list(p.footnotes)) for p in provisions]


def passage_rows(passages: Iterable[Passage]) -> list[Row]:
    """One row a passage; `text` holds all words, struck ones too, without marks."""
    return [_row("passages", p, state=p.state.value, lines=list(p.lines)) for p in passages]


def fate_rows(proposals: Iterable[Proposal]) -> list[Row]:
    """One row a proposal; `similarity` is rounded to two digits."""
    return [
        _row(
            "fates",
            p,
            fate=p.fate.value,
            targets=[{"section": t.section, "path": t.path} for t in p.targets],
            similarity=round(p.similarity, 2),
            confidence=p.confidence.value,
        )
        for p in proposals
    ]


def citation_rows(citations: Iterable[Citation]) -> list[Row]:
    """One row for each instrument named, in order of the text."""
    return [_row("citations", c) for c in citations]


def duty_rows(duties: Iterable[Duty]) -> list[Row]:
    """One row a duty; `frequency` and `condition` are null where the text names none."""
    return [_row("duties", d, actors=list(d.actors), recipients=list(d.recipients)) for d in duties]


def change_rows(
    changes: Iterable[Change], old: Sequence[Placed], new: Sequence[Placed]
) -> list[Row]:
    """One row a change, its indices replaced by places.

    `old` and `new` are the sequences that the comparison was given, in the same order.
    """
    return [
        _row(
            "changes",
            c,
            kind=c.kind.value,
            old=[_place(old[i]) for i in c.old],
            new=[_place(new[i]) for i in c.new],
            similarity=round(c.similarity, 2),
            confidence=c.confidence.value,
            evidence=list(c.evidence),
        )
        for c in changes
    ]


def _row(table: str, thing: object, **given: Any) -> Row:
    return {key: given[key] if key in given else getattr(thing, key) for key in COLUMNS[table]}


def _place(thing: Placed) -> Row:
    return {"section": thing.section, "path": thing.path, "num": thing.num}


# --- from rows to bytes -------------------------------------------------------------------

# Line ends to readers that follow Unicode, though not to JSON: escaped, one object stays a line.
_LINE_ENDS = {0x85: "\\u0085", 0x2028: "\\u2028", 0x2029: "\\u2029"}


def to_csv(rows: Sequence[Row], columns: Sequence[str] = ()) -> bytes:
    """UTF-8 with a byte order mark, commas, CRLF (RFC 4180), header first.

    The mark is there because Excel reads a CSV without it in the machine's old code page
    and would break every name outside ASCII; Python reads it with "utf-8-sig".
    Without rows the header comes from `columns`. Lists are joined by "; ", the fields of a
    place by ": "; null is empty; booleans are true and false. Words that a spreadsheet would
    run as a formula get an apostrophe in front: `unguard` takes it off. Where an item holds
    "; " itself the list cannot be cut back: JSON is the exact twin.
    """
    head = list(columns or (rows[0] if rows else ()))
    sheet = io.StringIO(newline="")
    lines = csv.writer(sheet, lineterminator="\r\n")
    lines.writerow(head)
    lines.writerows([_cell(row[key]) for key in head] for row in rows)
    return b"\xef\xbb\xbf" + sheet.getvalue().encode("utf-8", "backslashreplace")


def to_json_lines(rows: Iterable[Row]) -> bytes:
    """One JSON object a line, UTF-8, each line ended by a line feed."""
    return "".join(f"{_json(row)}\n" for row in rows).encode("utf-8", "backslashreplace")


def to_json(rows: Sequence[Row], meta: Mapping[str, Any]) -> bytes:
    """One JSON object: `meta` (what the rows are, their source), `count`, `rows`."""
    whole = {"meta": dict(meta), "count": len(rows), "rows": list(rows)}
    return f"{_json(whole)}\n".encode("utf-8", "backslashreplace")


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)  # a number stays one: a leading minus is no formula here
    return guard(_words(value))


def _words(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return ": ".join(_words(part) for part in value.values() if part not in ("", None))
    if isinstance(value, (list, tuple)):
        return "; ".join(_words(item) for item in value)
    return str(value)


def _json(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(", ", ": "))
    return text.translate(_LINE_ENDS)
