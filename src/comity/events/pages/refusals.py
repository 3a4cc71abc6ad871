"""Why a file was refused, in the language of the reader. The manifest keeps the English sentence:
what is wrong, at which place, and the remedy."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from django.utils.translation import get_language, gettext

from comity.kit.languages import by_code
from comity.kit.languages import gettext_noop as _

# What formats, the planning of columns and the spool say of a file that was taken in; a test goes
# through their sources.
WRONG = (
    _("the file is empty"),
    _("the file is no text"),
    _("the file is a web page, not a report"),
    _("the file has no header"),
    _("the file has a header and no row"),
    _("the file holds comments and no row"),
    _("the file holds no row"),
    _("the header (%(shown)s) has none of %(wanted)s"),
    _("no column (%(shown)s) says what a row is about"),
    _("the JSON is no object and no list"),
    _("the raw file is not in the spool (%(fault)s)"),
)
REMEDIES = (
    _("Ask the source whether it has nothing to say."),
    _("Hand in CSV, JSON, gzip or zip."),
    _("The source answered with an error page: fetch it again later."),
    _("Hand in the report as it was sent."),
    _("Ask the source if that is right."),
    _("Fetch it again."),
    _("Check which feed the file is of."),
    _("Give a mapping that names an address, a domain, a URL or an account."),
    _("Hand in events as objects."),
    _("Hand it in again."),
)
_PLACE = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True, slots=True)
class Refusal:
    words: str
    english: bool  # no catalogue has it


def told(error: str) -> Refusal | None:
    """The sentence that a file's row keeps; None where it keeps none."""
    if not error:
        return None
    for remedy in REMEDIES:
        if error.endswith(f" {remedy}"):
            said = error.removesuffix(f" {remedy}")
            for wrong, shape in _shapes():
                if found := shape.fullmatch(said):
                    parts = found.groupdict()
                    place = parts.pop("_place")
                    words = gettext(wrong) % parts + (f" ({place})" if place else "")
                    stop = by_code((get_language() or "en")[:2]).stop
                    return Refusal(f"{words}{stop} {gettext(remedy)}", english=False)
    return Refusal(error, english=True)


@cache
def _shapes() -> tuple[tuple[str, re.Pattern[str]], ...]:
    def shape(sentence: str) -> re.Pattern[str]:
        parts = _PLACE.split(sentence)
        for at, part in enumerate(parts):
            parts[at] = f"(?P<{part}>.*?)" if at % 2 else re.escape(part)
        return re.compile("".join(parts) + r"(?: at (?P<_place>.+))?\.", re.DOTALL)

    return tuple((wrong, shape(wrong)) for wrong in WRONG)
