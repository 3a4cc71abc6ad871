"""Sentences with something filled in, said again in a reader's language.

An error carries a finished English sentence, and the row that waits with it keeps that sentence.
Where a part of it is somebody's own input, no catalogue can hold the whole. So the sentence is
laid on the patterns it may have been made of, and the pattern is what is translated.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from comity.kit.languages import gettext_noop as _
from comity.kit.sheets.faults import FAULTS

# Of the kit's errors that people meet at forms and files; a test holds each to what is raised.
FILLED = (
    _("the file is %(kind)s"),
    _("the file has %(size)s MB, more than %(most)s"),
    _("a part would unpack to more than %(ratio)s times its size"),
    _("the workbook would unpack to more than %(size)s MB"),
    _("the bytes are not UTF-8; they could be %(samples)s"),
    _("%(text)s is no country code"),
    _("%(text)s names no country here"),
    _("%(code)s (%(name)s) is no ISO 3166-1 country code"),
    _("%(text)s is no TLP label"),
    _("%(text)s is none of the languages"),
    _("Use one of %(known)s."),
    _("Columns that this kind does not have: %(names)s"),
    _("Rename or remove them. There are: %(names)s."),
    _("Did you mean %(names)s? Rename or remove the others. There are: %(known)s."),
    _("No kind is called %(text)s"),
)
# Whole sentences of the same errors, and the words that fill `kind`.
WHOLE = (
    _("the file is empty"),
    _("Send a file with a header and rows."),
    _("the file is a page in HTML or XML, whatever its name says"),
    _("the file is no text, or UTF-16 without its mark"),
    _("the bytes are not UTF-8"),
    _("Save the file as CSV UTF-8, or name the encoding whose sample reads right."),
    _("the header cannot be read: a stray quotation mark, NUL, or bytes that are not UTF-8"),
    _("Write the names of the columns anew and save the file as CSV UTF-8."),
    _("a column's name is a formula, a date or an error"),
    _("Type the names of the columns as text."),
    _("Save the table as an Excel workbook (.xlsx) or as CSV UTF-8, without a password."),
    _("Send only the table that is meant, or split it and send the parts."),
    _("Send only the table that is meant, or send CSV."),
    _("Open it in a spreadsheet program and save it again as .xlsx, or as CSV UTF-8."),
    _("a part declares a document type or entities, which no workbook needs"),
    _("the workbook is damaged or was cut off"),
    _("the workbook is encrypted"),
    _("Save it without a password."),
    _("the workbook holds another archive"),
    _("no sheet has anything in it"),
    _("Use two or three letters of ISO 3166-1, or the three digits of M49."),
    _("Give the UN's name in one of the six languages, or the code."),
    _("an old Excel workbook (.xls) or one with a password"),
    _("a PDF"),
    _("a picture"),
    _("a gzip archive"),
    _("a 7z archive"),
    _("a RAR archive"),
    _("a database"),
    _("a program"),
    _("a text document"),
)
_PLACE = re.compile(r"%\((\w+)\)s")
_OURS = ("kind",)  # what fills these is a word of the house


@cache
def _patterns(more: tuple[str, ...]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    told = [sentence for fault in FAULTS.values() for sentence in (fault.message, fault.remedy)]
    made = [(each, _pattern(each)) for each in (*told, *FILLED, *more) if _PLACE.search(each)]
    # The one with the most words of its own first: "%(text)s is no country code" fits much.
    return tuple(sorted(made, key=lambda pair: -len(_PLACE.sub("", pair[0]))))


def _pattern(sentence: str) -> re.Pattern[str]:
    parts = _PLACE.split(sentence)
    for at, part in enumerate(parts):
        parts[at] = f"(?P<{part}>.+?)" if at % 2 else re.escape(part)
    return re.compile("".join(parts), re.DOTALL)


def said_in(sentence: str, translate: Callable[[str], str], more: tuple[str, ...] = ()) -> str:
    """The sentence as `translate` has it, whole or by its pattern, which may be one of a room's
    own (`more`); else as it is."""
    words = translate(sentence)
    if words != sentence or not sentence:
        return words
    for pattern, shape in _patterns(more):
        found = shape.fullmatch(sentence)
        if found:
            parts = found.groupdict()
            parts |= {name: translate(parts[name]) for name in _OURS if name in parts}
            return translate(pattern) % parts
    return sentence
