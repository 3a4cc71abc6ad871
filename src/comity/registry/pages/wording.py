"""The room's fixed words: states, facets, voices. Those of kinds come from their files."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from comity.kit import countries
from comity.kit.languages import by_code
from comity.kit.sayings import Voice
from comity.kit.tlp import Label
from comity.registry.reads import kinds, vocabularies
from comity.registry.rules.agreements import Flag, State
from comity.registry.rules.requests import State as RequestState
from comity.registry.types import EntryState, Kind

Words = Promise | str


@dataclass(frozen=True, slots=True)
class Chip:
    """A state as a page shows it: kind is good, open, warn, bad or off (look.md)."""

    word: Words
    kind: str


AGREEMENTS = {
    State.ANNOUNCED: Chip(_("announced"), "open"),
    State.NEGOTIATING: Chip(_("being negotiated"), "open"),
    State.SIGNED: Chip(_("signed"), "open"),
    State.IN_FORCE: Chip(_("in force"), "good"),
    State.IN_FORCE_PRESUMED: Chip(_("presumed in force"), "warn"),
    State.SUSPENDED: Chip(_("suspended"), "warn"),
    State.LAPSED: Chip(_("lapsed"), "off"),
    State.EXPIRED: Chip(_("expired"), "off"),
    State.EXPIRED_PRESUMED: Chip(_("presumed expired"), "warn"),
    State.COMPLETED: Chip(_("completed"), "off"),
    State.TERMINATED: Chip(_("terminated"), "off"),
    State.SUCCEEDED: Chip(_("succeeded by another"), "off"),
    State.UNKNOWN: Chip(_("not known"), "warn"),
}
FLAGS: dict[Flag, Chip] = {
    Flag.NO_COUNCIL_APPROVAL: Chip(_("no approval by the Council on record"), "bad"),
    Flag.COUNCIL_ORDER_UNKNOWN: Chip(_("not clear whether the Council came first"), "warn"),
    Flag.NO_DATE: Chip(_("no date"), "warn"),
    Flag.DATES_DIFFER: Chip(_("dates differ"), "warn"),
    Flag.ORDER_CONTRADICTS: Chip(_("order contradicts itself"), "warn"),
    Flag.ENDS_SOON: Chip(_("ends soon"), "warn"),
    Flag.STALE: Chip(_("nothing heard for three years"), "warn"),
    Flag.DISPUTED: Chip(_("sources contradict each other"), "warn"),
}
REQUESTS = {
    RequestState.OPEN: Chip(_("open"), "open"),
    RequestState.MATCHED: Chip(_("matched"), "open"),
    RequestState.UNDER_WAY: Chip(_("help under way"), "open"),
    RequestState.DONE: Chip(_("done"), "good"),
    RequestState.DECLINED: Chip(_("declined"), "off"),
    RequestState.WITHDRAWN: Chip(_("withdrawn"), "off"),
}
STANDINGS: dict[str, dict[str, Chip]] = {
    "agreement": {state.value: chip for state, chip in AGREEMENTS.items()},
    "request": {state.value: chip for state, chip in REQUESTS.items()},
}
STATES = {
    EntryState.CONTESTED: Chip(_("contested"), "warn"),
    EntryState.WITHDRAWN: Chip(_("withdrawn"), "off"),
}
# Codes of the fields called "status", in whatever vocabulary: the shape of their chip. The word
# is the vocabulary's. A code that stands in no row is shown as a plain word.
SHAPES = {
    "good": ("in_force", "held", "completed", "published", "approved", "adopted", "binding"),
    "open": (
        "announced",
        "ongoing",
        "reported",
        "signed",
        "bill",
        "draft",
        "proposed",
        "under_study",
        "revised",
        "work_item",
        "under_approval",
        "in_revision",
    ),
    "warn": ("partly_in_force", "suspended", "presumed_expired"),
    "off": (
        "superseded",
        "repealed",
        "withdrawn",
        "merged",
        "suppressed",
        "amended",
        "historic",
        "expired",
    ),
}
SHAPE_OF = {code: shape for shape, codes in SHAPES.items() for code in codes}

VOICES: dict[str, Words] = {
    Voice.OWN: _("in its own words"),
    Voice.SECRETARIAT: _("secretariat of this gateway"),
    Voice.SOURCE: "",
}
# The facets that every kind is filtered by, in the order of the form. Those that no field carries
# need words here; the others have the label of their field.
FACETS: dict[str, Words] = {
    "subtype": _("Type"),
    "standing": _("Where it stands"),
    "flag": _("What is doubted"),
    "country": _("Country"),
    "region": _("ITU region"),
    "group": _("Group of countries"),
    "area": _("Area"),
    "pillar": _("Pillar of the Global Cybersecurity Agenda"),
    "itu_sector": _("ITU Sector"),
    "action_line": _("WSIS action line"),
    "body": _("Body"),
    "year": _("Year"),
    "language": _("Language"),
    "core_mandate": _("Core mandate"),
    "provision": _("Paragraph"),
}
FIRST = ("subtype", "standing", "country", "region", "area", "year")  # not behind "More filters"
# The vocabularies of those facets: a search over all kinds has no field to take them from.
TABLES = {
    "region": "regions",
    "group": "groups",
    "area": "areas",
    "pillar": "gca_pillars",
    "itu_sector": "itu_sectors",
    "action_line": "wsis_action_lines",
    "language": "languages",
    "core_mandate": "core_mandate",
}
YES = {"yes": _("yes"), "no": _("no"), True: _("yes"), False: _("no")}
# What a sheet carries at head and foot when printed (look.md, section 8).
PRINT = {
    Label.CLEAR: "p-clear",
    Label.GREEN: "p-green",
    Label.AMBER: "p-amber",
    Label.AMBER_STRICT: "p-strict",
    Label.RED: "p-red",
}
COLOURS = {
    Label.CLEAR: "clear",
    Label.GREEN: "green",
    Label.AMBER: "amber",
    Label.AMBER_STRICT: "amber",
    Label.RED: "red",
}


def language() -> str:
    """The reader's language, as the kinds' files write it."""
    return by_code(get_language() or "en").code


def path_of(kind: str) -> str:
    """A kind's word in addresses."""
    held = kinds().get(kind)
    return held.path or held.key if held else kind


def term(vocabulary: str, code: str) -> tuple[str, str]:
    """The words of a code and their language; a name that is not translated stays English."""
    table = vocabularies().get(vocabulary)
    held = table.terms.get(code) if table else None
    if held is None:
        return code, ""
    own = language()
    return (held.labels[own], own) if held.labels.get(own) else (held.name(own), "en")


def country_name(code: str) -> str:
    """The UN's name of a country or territory in the reader's language."""
    return countries.by_code(code).name(language())


def standing(kind: Kind, code: str) -> Chip | None:
    """Where a thing stands by its history; nothing for a kind that has none."""
    return STANDINGS.get(kind.history, {}).get(code)


def status(vocabulary: str, code: str) -> Chip:
    """A status that a source reports: the vocabulary's word, with its shape."""
    return Chip(term(vocabulary, code)[0], SHAPE_OF.get(code, ""))


def facet_name(name: str, kind: Kind | None) -> str:
    """What a filter is called: its own word, else the label of the field it comes from."""
    if name in FACETS:
        return str(FACETS[name])
    for field in kind.fields if kind else ():
        if name in (field.facet, field.key):
            return field.label[language()]
    return name


def facet_value(name: str, value: str, kind: Kind | None) -> tuple[str, str]:
    """One value of a facet in words, with the language of the words ("": no language)."""
    if name == "country":
        return country_name(value), language()
    if name == "standing":
        chip = standing(kind, value) if kind else None
        chip = chip or next((c[value] for c in STANDINGS.values() if value in c), None)
        return (str(chip.word), language()) if chip else (value, "")
    if name == "flag" and value in FLAGS:
        return str(FLAGS[Flag(value)].word), language()
    if name == "subtype":
        return term(kind.subtypes, value) if kind else (value, "")
    for field in kind.fields if kind else ():
        if field.facet == name and field.vocabulary:
            return term(field.vocabulary, value)
    if name in TABLES:
        return term(TABLES[name], value)
    if value in ("yes", "no"):
        return str(YES[value]), language()
    return value, ""
