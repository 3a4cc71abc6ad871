"""The adopted page of Resolution 130 as provisions, read apart from the product's parser.

The rules on what provisions say are tested on this so that a fault of the parser shows in the
parser's tests and not here. It knows this one page and nothing else.
"""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files

from lxml import html

from comity.mandate.types import Provision

RECITALS = ("recalling", "considering", "recognizing", "aware", "noting", "bearing in mind")
HEADING = re.compile(r"resolves|(?:further )?(?:instructs|invites|requests) .*[a-zA-Z]")
NUMBERED = re.compile(r"([a-z]+\)|\d+)\s+(.*)", re.DOTALL)


@cache
def adopted() -> tuple[Provision, ...]:
    source = files("comity.mandate") / "data" / "itu-pp" / "res-130" / "2014.json"
    page = html.fromstring(json.loads(source.read_text(encoding="utf-8"))["content"]["rendered"])
    for foreign in page.xpath("//script|//style"):
        foreign.drop_tree()
    lines = [line.strip() for line in page.itertext() if line.strip()]
    found: list[Provision] = []
    section, trail = "", []
    for line in lines[lines.index("recalling") :]:
        if line in RECITALS or HEADING.fullmatch(line):
            section, trail = line, []
        elif m := NUMBERED.fullmatch(line):
            trail = place(trail, m[1].rstrip(")"))
            text = m[2].replace("countries1", "countries")  # a footnote's mark
            found.append(Provision(section, "/".join(trail), m[1], text))
        else:
            found.append(Provision(section, "chapeau" if line.endswith(":") else "p", "", line))
    return tuple(found)


def place(trail: list[str], number: str) -> list[str]:
    """Arabic numbers stand at the top; "i" is roman under one, or right after the letter i."""
    if number.isdigit() or not trail:
        return [number]
    if trail[0].isdigit():
        roman = re.fullmatch("[iv]+", number)
        return [trail[0], number] if roman else [*trail[:2], number]
    if re.fullmatch("i+", number) and trail[0] == "i":
        return ["i", number]
    return [number]
