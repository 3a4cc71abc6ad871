"""The room's fixed words for states, in the reader's language: a word, never a colour alone."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from comity.mandate.types import ChangeKind, Confidence, DutyStatus, Fate, State

Words = Promise | str


@dataclass(frozen=True, slots=True)
class Chip:
    """A state as a page shows it: kind is good, open, warn, bad or off (look.md)."""

    word: Words
    kind: str


FATES = {
    Fate.VERBATIM: Chip(_("adopted as written"), "good"),
    Fate.AMENDED: Chip(_("adopted, reworded"), "good"),
    Fate.MERGED: Chip(_("merged into another"), "good"),
    Fate.DROPPED: Chip(_("no trace found"), "off"),  # the machine's field says "dropped"
}
LIKELY_FATES = {
    Fate.VERBATIM: Chip(_("likely adopted as written"), "warn"),
    Fate.AMENDED: Chip(_("likely adopted, reworded"), "warn"),
    Fate.MERGED: Chip(_("likely merged into another"), "warn"),
    Fate.DROPPED: Chip(_("no trace found, in doubt"), "warn"),
}
SETTLED_FATES = FATES | {Fate.DROPPED: Chip(_("not adopted"), "off")}
CHANGES = {
    ChangeKind.SAME: Chip(_("same"), "good"),
    ChangeKind.AMENDED: Chip(_("amended"), "open"),
    ChangeKind.RENUMBERED: Chip(_("renumbered"), "open"),
    ChangeKind.MOVED: Chip(_("moved"), "open"),
    ChangeKind.MERGED: Chip(_("merged"), "open"),
    ChangeKind.SPLIT: Chip(_("split"), "open"),
    ChangeKind.NEW: Chip(_("new"), "open"),
    ChangeKind.GONE: Chip(_("gone"), "off"),
}
CONFIDENCE = {
    Confidence.CERTAIN: _("certain"),
    Confidence.LIKELY: _("likely"),
    Confidence.DOUBTFUL: _("doubtful"),
}
STATES = {
    State.KEPT: Chip(_("kept"), "good"),
    State.INSERTED: Chip(_("inserted"), "open"),
    State.STRUCK: Chip(_("struck"), "off"),
    State.BRACKETED: Chip(_("in brackets, not agreed"), "warn"),
    State.OPTION: Chip(_("option, not agreed"), "warn"),
}
DUTY_STATES = {
    DutyStatus.COMPLETED: Chip(_("completed"), "good"),
    DutyStatus.IN_PROGRESS: Chip(_("in progress"), "open"),
    DutyStatus.NOT_IMPLEMENTED: Chip(_("not implemented"), "bad"),
    DutyStatus.NOT_APPLICABLE: Chip(_("not applicable"), "off"),
    DutyStatus.NO_INDICATION: Chip(_("no indication"), "off"),
}
FORCES = {
    "resolves": _("resolves: the Union binds itself"),
    "instructs": _("instructs: binding"),
    "further instructs": _("further instructs: binding"),
    "requests": _("requests: asked, not ordered"),
    "invites": _("invites: not binding"),
}
FREQUENCIES = {
    "annual": _("every year"),
    "continuous": _("continuous"),
    "once": _("once"),
    None: _("the text names none"),
}
# The sentence of rules.words.FORMULA, for readers of six languages; a test holds the English equal.
FORMULA = _(
    "similarity = 1 - changes / words: changes is the least number of words to insert, delete or "
    "replace to turn one text into the other; words is the length of the longer text. Capitals, "
    "punctuation and kinds of hyphen and quotation mark do not count."
)


def fate_chip(fate: Fate, confidence: Confidence, *, settled: bool) -> Chip:
    """The chip of a fate: a guess that is not certain says "likely" and waits for a person."""
    if settled:
        return SETTLED_FATES[fate]
    return (LIKELY_FATES if confidence is Confidence.DOUBTFUL else FATES)[fate]
