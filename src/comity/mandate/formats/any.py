"""Tell the three shapes of source apart and parse: size first, then structure, then meaning."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace

from comity.mandate.formats.akn.read import read_akn
from comity.mandate.formats.page import parse_page
from comity.mandate.formats.redline import parse_redline
from comity.mandate.types import MandateError, Source, Text

LARGEST = 5_000_000  # bytes: a hundred times the longest resolution seen


def media_type(data: bytes) -> str:
    """What the first sign that is no blank says. Raises MandateError for what is no text."""
    if len(data) > LARGEST:
        raise MandateError(
            f"The file has {len(data):,} bytes; at most {LARGEST:,} are taken.",
            remedy="A resolution is a few hundred kilobytes: send the text alone.",
        )
    if b"\x00" in data:
        line = data[: data.index(b"\x00")].count(b"\n") + 1
        raise MandateError(
            "The file holds NUL bytes: it is not text.",
            line=line,
            column=1,
            remedy="Save it as UTF-8 text, JSON or XML.",
        )
    first = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if not first:
        raise MandateError("The file is empty.", line=1, column=1, remedy="Send the text.")
    return {b"{": "application/json", b"<": "application/xml"}.get(first, "text/plain")


def parse(
    data: bytes,
    *,
    name: str = "",
    proposers: Mapping[str, str] | None = None,
    attribution: str = "",
) -> Text:
    """One text from the bytes of a draft, a page's JSON or Akoma Ntoso. Raises MandateError.

    `attribution` says whose words they are. Without it Akoma Ntoso may say that they are the
    ITU's; of any other file we know only who brought it.
    """
    kind = media_type(data)
    if kind == "application/json":
        text = parse_page(data, name=name)
    elif kind == "application/xml":
        text = read_akn(data, name=name)
    else:
        text = parse_redline(data, name=name, proposers=proposers or {})
    said = text.source.attribution if text.source and kind == "application/xml" else ""
    whose = attribution or said or f"as brought by the loader: {name or 'no file name'}"
    sha256 = hashlib.sha256(data).hexdigest()
    return replace(text, source=Source(name, sha256, kind, whose))
