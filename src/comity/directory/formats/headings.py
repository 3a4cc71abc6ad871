"""The numbered headings of RFC 2350, appendix D, and the sections of a document under them.

Teams keep to the headings more than to the numbers or the layout, so a section is known by its
title and, failing that, by its number.
"""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass

# Number, title, and a word of the title that tells the section whatever its number.
SECTIONS: tuple[tuple[str, str, str], ...] = (
    ("1", "Document Information", "document information"),
    ("1.1", "Date of Last Update", "last update"),
    ("1.2", "Distribution List for Notifications", "distribution"),
    ("1.3", "Locations where this Document May Be Found", "location"),
    ("2", "Contact Information", "contact information"),
    ("2.1", "Name of the Team", "name of the team"),
    ("2.2", "Address", "address"),
    ("2.3", "Time Zone", "time"),
    ("2.4", "Telephone Number", "telephone"),
    ("2.5", "Facsimile Number", "facsimile"),
    ("2.6", "Other Telecommunication", "telecommunication"),
    ("2.7", "Electronic Mail Address", "mail"),
    ("2.8", "Public Keys and Other Encryption Information", "keys"),
    ("2.9", "Team Members", "members"),
    ("2.10", "Other Information", "other information"),
    ("2.11", "Points of Customer Contact", "customer contact"),
    ("3", "Charter", "charter"),
    ("3.1", "Mission Statement", "mission"),
    ("3.2", "Constituency", "constituency"),
    ("3.3", "Sponsorship and/or Affiliation", "sponsorship"),
    ("3.4", "Authority", "authority"),
    ("4", "Policies", "policies"),
    ("4.1", "Types of Incidents and Level of Support", "types of incidents"),
    ("4.2", "Co-operation, Interaction and Disclosure of Information", "disclosure"),
    ("4.3", "Communication and Authentication", "authentication"),
    ("5", "Services", "services"),
    ("5.1", "Incident Response", "incident response"),
    ("5.1.1", "Incident Triage", "triage"),
    ("5.1.2", "Incident Coordination", "incident coordination"),
    ("5.1.3", "Incident Resolution", "resolution"),
    ("5.2", "Proactive Activities", "proactive"),
    ("6", "Incident Reporting Forms", "reporting forms"),
    ("7", "Disclaimers", "disclaimer"),
)
TITLES = {number: title for number, title, _ in SECTIONS}


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands below it. `meaning` is the number in RFC 2350."""

    number: str
    title: str
    text: str
    line: int
    meaning: str


# --- the sections -------------------------------------------------------------------------

_HEADING = re.compile(
    r"^(?P<indent>[ \t]*)(?:#+\s*)?(?P<number>[1-9](?:\.[0-9]{1,2}){0,2})\.?\)?[ \t]+"
    r"(?P<title>[^\W\d_].{1,89}?)[ \t]*:?[ \t]*$"
)
CLEARSIGNED = re.compile(
    r"-----BEGIN PGP SIGNED MESSAGE-----\n(?:[A-Za-z-]+: [^\n]*\n)*\n?|"
    r"-----BEGIN PGP SIGNATURE-----.*?(?:-----END PGP SIGNATURE-----|\Z)",
    re.DOTALL,
)


def sections(text: str) -> tuple[Section, ...]:
    """The sections of a document. A heading met before, in a table of contents, has no text."""
    lines = text.splitlines()
    headings: list[tuple[int, int, str, str, str]] = []
    for at, line in enumerate(lines):
        match = _HEADING.match(line)
        if match is not None:
            number, title = match["number"], re.sub(r"[. ]{4,}\d+$", "", match["title"])
            headings.append((at, len(match["indent"]), number, title, _meaning(number, title)))
    sure = [indent for _, indent, _, title, meaning in headings if _told_by(title, meaning)]
    limit = min(sure, default=0) + 3  # what stands deeper is a list in the text
    headings = [h for h in headings if h[1] <= limit and h[4]]
    found = []
    ends = [*(at for at, *_ in headings), len(lines)][1:]
    for (at, _, number, title, meaning), end in zip(headings, ends, strict=True):
        body = textwrap.dedent("\n".join(lines[at + 1 : end])).strip("\n")
        found.append(Section(number, title, body.strip(), at + 1, meaning))
    return tuple(section for section in found if section.text)


def _meaning(number: str, title: str) -> str:
    folded = title.casefold()
    by_title = [known for known, _, word in SECTIONS if word in folded]
    if number in by_title:
        return number
    if "." in number:
        return by_title[0] if by_title else number
    # "1 Document Information" is a heading, "1. Turn the machine off" an item of a list.
    return next((known for known in by_title if "." not in known), "")


def _told_by(title: str, meaning: str) -> bool:
    return any(known == meaning and word in title.casefold() for known, _, word in SECTIONS)
