"""A file of IATI activities, written piece by piece, with what could not be told at its end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from lxml import etree

from comity.kit.tlp import Label
from comity.registry.formats.exported import Exported, legal
from comity.registry.formats.iati.activity import OWN, Held, Reporter, activity
from comity.registry.rules.values import Vocabularies

MEDIA_TYPE = "application/xml"


def stream(
    entries: Iterable[Exported],
    reporter: Reporter,
    vocabularies: Vocabularies,
    *,
    today: dt.date,
    made: dt.datetime | None = None,
    label: Label = Label.CLEAR,
    held: list[Held] | None = None,
) -> Iterator[bytes]:
    """The file. Entries that are no valid activities stand at its end, each with what it lacks;
    `held` takes them too. A file without a single activity is not valid by the schema, which
    asks for one: there is nothing that it could hold."""
    yield head(reporter, label, made)
    kept: list[Held] = [] if held is None else held
    for entry in entries:
        yield piece(entry, reporter, vocabularies, today, kept)
    yield tail(kept)


def head(reporter: Reporter, label: Label, made: dt.datetime | None) -> bytes:
    """How a file begins: what it is, and for whom."""
    lines = [f"{label}. " if label is not Label.CLEAR else ""]
    lines.append("Activities as a gateway reports them of others, each with its sources. ")
    if not reporter.ref:
        lines.append(f"{reporter.identifier} is no registered identifier. ")
    words = "".join(lines).replace("--", "- -")
    when = f' generated-datetime="{made.strftime("%Y-%m-%dT%H:%M:%SZ")}"' if made else ""
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<!-- {words}-->\n"
        f'<iati-activities version="2.03"{when}>\n'
    )
    return text.encode()


def piece(
    entry: Exported,
    reporter: Reporter,
    vocabularies: Vocabularies,
    today: dt.date,
    held: list[Held],
) -> bytes:
    """One activity, or nothing and one more that is held."""
    found = activity(entry, reporter, vocabularies, today=today)
    if isinstance(found, Held):
        held.append(found)
        return b""
    return etree.tostring(found, encoding="unicode").encode() + b"\n"


def tail(held: Iterable[Held]) -> bytes:
    """How a file ends: what is not in it, and why."""
    lines = []
    for each in held:
        made = etree.Element(f"{{{OWN}}}held", nsmap={"comity": OWN})
        made.set("entry", each.entry)
        made.set("missing", " ".join(each.missing))
        if each.dates:
            made.set("period", each.dates)
        made.text = legal(each.title)
        lines.append(etree.tostring(made, encoding="unicode").encode() + b"\n")
    return b"".join(lines) + b"</iati-activities>\n"
