"""What every format of export is made from: an entry with what one viewer may see of it.

The filter has been applied before one of these is made, so no format has anything to hide; it
only has to say the label of what it carries.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from comity.kit.sayings import Voice
from comity.kit.tlp import Label, strictest
from comity.registry.types import EntryState, Kind, Statement

# What neither XML 1.0 (2.2) nor UTF-8 can hold.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_VOICES = {voice: rank for rank, voice in enumerate(Voice)}


@dataclass(frozen=True, slots=True)
class Exported:
    """One entry as it leaves the house. `changed` is when what the viewer sees of it last did."""

    kind: Kind
    key: str
    id: UUID
    label: Label  # the entry's own
    statements: tuple[Statement, ...]  # those that stand, in their order
    created: dt.datetime
    changed: dt.datetime
    subtype: str = ""
    state: EntryState = EntryState.PUBLISHED
    standing: str = ""
    owner: str = ""
    sample: bool = False

    @property
    def name(self) -> str:
        """ "agreement/agr-001": how statements name it."""
        return f"{self.kind.key}/{self.key}"

    @property
    def strictest(self) -> Label:
        """The label that binds the entry with all that is here of it."""
        return strictest((self.label, *(s.label for s in self.statements)))

    def of(self, field: str) -> list[Statement]:
        """What is said in one field: whom it is about before the secretariat before sources."""
        return sorted((s for s in self.statements if s.field == field), key=precedence)

    def by_field(self) -> dict[str, list[Statement]]:
        """All that is said, in the order of the kind's fields; a field without words is absent."""
        found: dict[str, list[Statement]] = {field.key: [] for field in self.kind.fields}
        for statement in self.statements:
            if statement.field in found:  # a field that the kind no longer has stays inside
                found[statement.field].append(statement)
        return {key: sorted(said, key=precedence) for key, said in found.items() if said}

    def words(self, field: str) -> dict[str, str]:
        """The leading words of a field by language."""
        return {s.language or "en": str(s.value) for s in reversed(self.of(field))}

    def title(self, language: str) -> tuple[str, str]:
        """The title to show in a language, and the language it is in; the key where none is."""
        return in_language(self.words("title"), language, self.key)


def precedence(statement: Statement) -> int:
    """The order of showing where several speak: `Voice` says it."""
    return _VOICES[statement.said.voice]


def in_language(words: Mapping[str, str], language: str, otherwise: str = "") -> tuple[str, str]:
    """The words in a language, else in English, else in any; and the language they are in."""
    for code in (language, "en", *sorted(words)):
        if code in words:
            return words[code], code
    return otherwise, ""


def legal(text: str) -> str:
    """A text that XML and UTF-8 can hold: each sign that they cannot becomes a visible one."""
    return _ILLEGAL.sub("�", text)


def label_of(entries: Iterable[Exported]) -> Label:
    """The label of a file that holds these; CLEAR where it holds none."""
    return max((entry.strictest for entry in entries), default=Label.CLEAR)


def file_name(stem: str, label: Label, suffix: str) -> str:
    """The name of a file: what is not for everybody says so before anything else."""
    mark = "" if label is Label.CLEAR else f"TLP-{label.value.replace('+', '-')}_"
    return f"{mark}comity-{stem}.{suffix}"
