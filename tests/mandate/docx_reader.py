"""Reads a Word document with tracked changes back, as Word would accept or reject them."""

from __future__ import annotations

import io
import zipfile
from itertools import groupby

from lxml import etree

from comity.mandate.types import Text

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BODY = ("Title", "Subtitle", "Formula", "Heading1", "Item", "Text")


def xml(data: bytes, name: str = "word/document.xml") -> etree._Element:
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        return etree.fromstring(z.read(name))


def read(data: bytes, *, accept: bool) -> list[tuple[str, str]]:
    """Style and words of each paragraph when all changes are accepted or rejected.

    As Word does it: where the mark of a paragraph goes, what is left of it joins the next one.
    """
    gone, kept = ("del", "ins") if accept else ("ins", "del")
    out: list[tuple[str, str]] = []
    carried = ""
    for p in xml(data).iter(W + "p"):
        words = carried
        for node in p.iter(W + "t", W + "delText", W + "tab"):
            inside = {etree.QName(a).localname for a in node.iterancestors()}
            if gone in inside or (node.tag == W + "delText" and kept != "del"):
                continue
            words += "\t" if node.tag == W + "tab" else node.text or ""
        if p.find(f"{W}pPr/{W}rPr/{W}{gone}") is not None:
            carried = words
            continue
        carried = ""
        style = p.find(f"{W}pPr/{W}pStyle")
        before = p.find(f"{W}pPr/{W}pPrChange/{W}pPr/{W}pStyle")
        if before is not None and not accept:
            style = before
        out.append((style.get(W + "val") if style is not None else "", words))
    assert carried == "", "the last paragraph must stay"
    return out


def body(data: bytes, *, accept: bool) -> list[str]:
    return [words for style, words in read(data, accept=accept) if style.startswith(BODY)]


def authors(data: bytes, op: str) -> list[str]:
    return [e.get(W + "author", "") for e in xml(data).iter(W + op)]


def notes(data: bytes) -> list[tuple[str, str]]:
    return [
        (c.get(W + "author", ""), "".join(t.text or "" for t in c.iter(W + "t")))
        for c in xml(data, "word/comments.xml").iter(W + "comment")
    ]


def printed(num: str, text: str) -> str:
    return f"{num}\t{text}" if num else text


def whole(text: Text) -> list[str]:
    """The paragraphs that a reader of this version should see."""
    out = [said for said in (text.title, text.subtitle, text.formula) if said]
    for section, group in groupby(text.provisions, key=lambda p: p.section):
        out += [section, *(printed(p.num, p.text) for p in group)]
    return out
