"""One text as a single HTML file: to read, print or paste, without a network, a script or a link.

Headings, ids and languages are those of the page, so that a citation by eId works in the file too.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import groupby

from comity.mandate.formats.akn.body import Row, rows_of
from comity.mandate.types import ITU, Text

RIGHT_TO_LEFT = frozenset(["ar"])
STYLE = (
    "body{max-inline-size:42rem;margin:2rem auto;padding:0 1rem;font:1rem/1.5 serif}"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:0 1rem;overflow-wrap:anywhere}"
    "dd{margin:0}.level1{margin-inline-start:2rem}.level2{margin-inline-start:4rem}"
    ".said{position:absolute;inline-size:1px;block-size:1px;overflow:hidden;clip-path:inset(50%)}"
)
_DEEPEST = 2
_SAID = {"del": "removed", "ins": "added"}


def write_html(text: Text, *, key: str, label: str) -> bytes:
    """A text, with its marks where it is a draft, as HTML5 in UTF-8: the same bytes each time.

    Every paragraph carries its eId. A word before and after each mark says what the mark shows,
    for those who cannot see it.
    """
    title = escape(text.title or key)
    direction = "rtl" if text.language in RIGHT_TO_LEFT else "ltr"
    parts = [
        f'<!DOCTYPE html>\n<html lang="{escape(text.language)}" dir="{direction}">\n<head>\n',
        '<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">\n',
        f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n",
        f"<header>\n<h1>{title}</h1>\n",
        *(f"<p>{escape(words)}</p>\n" for words in (text.subtitle,) if words),
        *_about(text, key, label),
        "</header>\n<main>\n",
        *(f"<p>{escape(words)}</p>\n" for words in (text.formula,) if words),
        *_sections(rows_of(text, ())),
        "</main>\n</body>\n</html>\n",
    ]
    return "".join(parts).encode("utf-8", "backslashreplace")


def _about(text: Text, key: str, label: str) -> Iterator[str]:
    """Which text this is and whose, in English: our words, not the text's."""
    source = text.source
    said = [
        ("Instrument", key),
        ("Version", f"{label}, {'a draft, not adopted' if text.status == 'draft' else 'adopted'}"),
        ("Date", text.date.isoformat() if text.date else ""),
        ("Source", source.attribution if source else ""),
        ("File read", source.name if source else ""),
        ("SHA-256", source.sha256 if source else ""),
    ]
    yield '<dl lang="en" dir="ltr">\n'
    yield from (f"<dt>{name}</dt><dd>{escape(value)}</dd>\n" for name, value in said if value)
    yield '</dl>\n<p lang="en" dir="ltr">Not an official document.'
    if source and source.attribution == ITU:
        yield " The texts of record are those that the ITU publishes."
    yield "</p>\n"


def _sections(rows: list[Row]) -> Iterator[str]:
    for heading, inside in groupby(rows, lambda row: row.provision.section):
        yield "<section>\n"
        if heading:
            yield f"<h2>{escape(heading)}</h2>\n"
        for row in inside:
            yield from _paragraph(row)
        yield "</section>\n"


def _paragraph(row: Row) -> Iterator[str]:
    provision = row.provision
    level = min(provision.path.count("/"), _DEEPEST)
    yield f'<p id="{escape(provision.eid)}"' + (f' class="level{level}">' if level else ">")
    if provision.num:
        yield f"{escape(provision.num)} "
    places = provision.marks_at or (-1,) * len(provision.footnotes)
    notes = sorted(zip(places, provision.footnotes, strict=True), key=lambda note: note[0])
    at = 0
    for piece in row.pieces:
        words, start = "", 0
        while notes and at <= notes[0][0] <= at + len(piece.text):
            place, mark = notes.pop(0)
            words += f"{escape(piece.text[start : place - at])}<sup>{escape(mark)}</sup>"
            start = place - at
        words += escape(piece.text[start:])
        at += len(piece.text)
        yield _marked(piece.element, words)
    yield from (f"<sup>{escape(mark)}</sup>" for _place, mark in notes)
    yield "</p>\n"


def _marked(element: str, words: str) -> str:
    said = _SAID.get(element)
    if said is None:
        return words
    before, after = (
        f'<span class="said" lang="en">{sentence}</span>'
        for sentence in (f"{said}: ", f" (end of what was {said}) ")
    )
    return f"<{element}>{before}{words}{after}</{element}>"
