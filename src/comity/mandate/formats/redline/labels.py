"""Lines that say whose text follows: tags ("B/75/4 Brazil - option 1"), options, remarks.

A tag is an ITU document symbol with the number of the proposal in it: submitter or submitters,
document (with addendum or revision), proposal. Drafters add a name, an option, or a note of
their own in front.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_DASH = r"[-–—]"
_SYMBOL = r"(?:[A-Z]{1,5}\s?/\s?)+\d{1,4}(?:[A-Z]{1,4}\d{0,3})*\s?/\s?\d{1,4}"
_ACTION = r"(?:(?:ADD|MOD|SUP|NOC)\s+)?"
_TAG = re.compile(rf"{_ACTION}(?P<symbol>{_SYMBOL})(?!\S)")
_BEFORE_TAG = re.compile(rf"\s*(?P<remark>\S.*{_DASH}\s+)?")
_BEHIND_TAG = re.compile(
    rf"(?:\s*(?:{_DASH}\s*)?(?P<name>[A-Z][\w'’]*(?:\s+(?:[A-Z][\w'’]*|of|the|and)){{0,6}}))?"
    rf"(?:\s*{_DASH}?\s*[Oo]ption\s+(?P<option>\w{{1,3}}))?\s*:?\s*"
)
_OPTION_LINE = re.compile(r"\s*(?:Option|OPTION|option)\s+(?P<option>\w{1,3})\s*:?\s*")
_REMARK_LINE = re.compile(
    r"\s*(?:(?:Editor'?s?'?|Drafting|Secretariat)\s+)?[Nn]ote\s*(?:by .*)?:.*"
)
LONGEST_LABEL = 200  # characters; the longest of Resolution 130 has 66


@dataclass(frozen=True, slots=True)
class Label:
    """What one tag or option line says. `tag_start` is an offset into its plain line."""

    tag: str = ""  # "B/75/4"
    name: str = ""  # "Brazil", as printed
    option: str = ""
    tag_start: int = -1  # a remark stands before it


def read_label(plain: str) -> Label | None:
    """The label that a whole line is, or None.

    >>> read_label("RCC/73A1/16 – RCC").tag, read_label("B/75/4 Brazil - option 1").option
    ('RCC/73A1/16', '1')
    """
    if len(plain) > LONGEST_LABEL:
        return None
    found = _TAG.search(plain)
    before = _BEFORE_TAG.fullmatch(plain, 0, found.start()) if found else None
    behind = _BEHIND_TAG.fullmatch(plain, found.end()) if found else None
    if found and before and behind:
        symbol = re.sub(r"\s", "", found["symbol"])
        name, option = behind["name"] or "", behind["option"] or ""
        return Label(symbol, name, option, found.start())
    alone = _OPTION_LINE.fullmatch(plain)
    return Label(option=alone["option"]) if alone else None


def is_remark(plain: str) -> bool:
    """True for a note of the drafters on a line of its own."""
    return len(plain) <= LONGEST_LABEL * 5 and bool(_REMARK_LINE.fullmatch(plain))


def submitters(tag: str) -> tuple[str, ...]:
    """The submitters in a tag.

    >>> submitters("ARB/79A2/13"), submitters("B/MEX/75/4")
    (('ARB',), ('B', 'MEX'))
    """
    return tuple(part for part in tag.split("/")[:-2] if part.isalpha())


def proposer(tag: str, name: str, proposers: Mapping[str, str]) -> str:
    """Who stands behind a tag: by the table, else as the tag line names them, else ""."""
    known = [proposers.get(symbol, "") for symbol in submitters(tag)]
    return ", ".join(known) if known and all(known) else name
