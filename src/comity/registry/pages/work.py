"""What the pages of work share: who asks, what is refused, submissions and values in words."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from comity.kit import countries
from comity.kit.errors import BadCursor, KitError, UnknownCountry
from comity.kit.languages import by_code
from comity.kit.sentences import said_in
from comity.kit.tlp import Label, Viewer
from comity.mandate.rules.words import redline
from comity.people.rules import may
from comity.registry import reads
from comity.registry.models import Entry, Submission
from comity.registry.rules.duplicates import Reason, Why
from comity.registry.rules.filling import shown
from comity.registry.rules.submissions import Act, Change, Party, State
from comity.registry.types import Field, FieldType, Kind, Problem

View = Callable[..., HttpResponse]
Words = str | Promise


def found(view: View) -> View:
    """What is not held, or not for this reader, is a page that is not there."""

    @functools.wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except reads.NotHeld as error:
            raise Http404(str(error)) from error
        except BadCursor:
            return redirect(request.path)

    return checked


def viewer(request: HttpRequest) -> Viewer:
    who: Viewer = request.viewer  # type: ignore[attr-defined]
    return who


def demand(request: HttpRequest, permission: str) -> Viewer:
    """What one may see but not do is 403; the error page offers to sign in."""
    who = viewer(request)
    if not may(who, permission):
        raise PermissionDenied(permission)
    return who


def language() -> str:
    """The reader's language, as the kinds' files write it."""
    return by_code(get_language() or "en").code


def kind_called(word: str) -> Kind:
    """A kind by its word in addresses, or its key. Raises `NotHeld`."""
    for kind in reads.kinds().values():
        if word in (kind.path, kind.key):
            return kind
    raise reads.NotHeld(word)


def word_of(kind: str) -> str:
    """A kind's word in addresses."""
    held = reads.kinds().get(kind)
    return (held.path or held.key) if held else kind


def soft(name: str, **kwargs: Any) -> str:
    """An address of this room, or "" for a page that this gateway does not have."""
    try:
        return reverse(f"registry:{name}", kwargs=kwargs)
    except NoReverseMatch:
        return ""


def entry_url(entry: Entry) -> str:
    return soft("entry", kind=word_of(entry.kind), key=entry.key)


def trail(*more: tuple[str, str]) -> list[tuple[str, str]]:
    home = soft("home")
    return [*([(_("Registry"), home)] if home else []), *more]


def button(request: HttpRequest) -> str:
    """Which button was pressed: `do_send` is "send"; a program may say do=send."""
    pressed = next((name[3:] for name in request.POST if name.startswith("do_")), "")
    return pressed or request.POST.get("do", "")


def number(text: str) -> int | None:
    """The number of an act in a hidden field; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def uuid_in(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


# --- words --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Chip:
    """A state as a page shows it: kind is good, open, warn, bad or off (look.md)."""

    word: Words
    kind: str


STATES: Mapping[str, Chip] = {
    State.DRAFT: Chip(gettext_lazy("draft"), "open"),
    State.SUBMITTED: Chip(gettext_lazy("in review"), "open"),
    State.RETURNED: Chip(gettext_lazy("asked back"), "warn"),
    State.AMENDED: Chip(gettext_lazy("other words proposed"), "warn"),
    State.ACCEPTED: Chip(gettext_lazy("accepted, not signed off"), "warn"),
    State.PUBLISHED: Chip(gettext_lazy("published"), "good"),
    State.CONTESTED: Chip(gettext_lazy("contested"), "warn"),
    State.REJECTED: Chip(gettext_lazy("rejected"), "bad"),
    State.WITHDRAWN: Chip(gettext_lazy("withdrawn"), "off"),
}
ACTS: Mapping[str, Words] = {  # what a button says
    Act.BEGIN: gettext_lazy("Begin"),
    Act.EDIT: gettext_lazy("Change the words"),
    Act.SUBMIT: gettext_lazy("Send to review"),
    Act.TAKE_BACK: gettext_lazy("Take it back"),
    Act.ASK_BACK: gettext_lazy("Ask back"),
    Act.AMEND: gettext_lazy("Propose other words"),
    Act.RETRACT: gettext_lazy("Take the proposed words away"),
    Act.AGREE: gettext_lazy("Agree to the proposed words"),
    Act.KEEP_WORDS: gettext_lazy("Keep our words"),
    Act.ACCEPT: gettext_lazy("Accept"),
    Act.REJECT: gettext_lazy("Reject"),
    Act.TAKE_UP: gettext_lazy("Take it up again"),
    Act.SIGN_OFF: gettext_lazy("Sign off and publish"),
    Act.HOLD_BACK: gettext_lazy("Do not sign, send it back"),
    Act.REPLY: gettext_lazy("Reply"),
    Act.CONTEST: gettext_lazy("Contest"),
    Act.SETTLE: gettext_lazy("Say that it is settled"),
    Act.WITHDRAW: gettext_lazy("Withdraw"),
}
DONE: Mapping[str, Words] = {  # what a step says
    Act.BEGIN: gettext_lazy("written"),
    Act.EDIT: gettext_lazy("words changed"),
    Act.SUBMIT: gettext_lazy("sent to review"),
    Act.TAKE_BACK: gettext_lazy("taken back"),
    Act.ASK_BACK: gettext_lazy("asked back"),
    Act.AMEND: gettext_lazy("other words proposed"),
    Act.RETRACT: gettext_lazy("proposed words taken away"),
    Act.AGREE: gettext_lazy("agreed to the proposed words"),
    Act.KEEP_WORDS: gettext_lazy("own words kept"),
    Act.ACCEPT: gettext_lazy("accepted"),
    Act.REJECT: gettext_lazy("rejected"),
    Act.TAKE_UP: gettext_lazy("taken up again"),
    Act.SIGN_OFF: gettext_lazy("signed off and published"),
    Act.HOLD_BACK: gettext_lazy("not signed, sent back"),
    Act.REPLY: gettext_lazy("replied"),
    Act.CONTEST: gettext_lazy("contested"),
    Act.SETTLE: gettext_lazy("said to be settled"),
    Act.WITHDRAW: gettext_lazy("withdrawn"),
}
PARTIES: Mapping[str, Words] = {
    Party.AUTHOR: gettext_lazy("its author"),
    Party.REVIEWER: gettext_lazy("a reviewer"),
    Party.STATE: gettext_lazy("the State"),
    Party.GATEWAY: gettext_lazy("this gateway, from a file"),
}
COLOURS = {
    Label.CLEAR: "clear",
    Label.GREEN: "green",
    Label.AMBER: "amber",
    Label.AMBER_STRICT: "amber",
    Label.RED: "red",
}
PRINT = {
    Label.CLEAR: "p-clear",
    Label.GREEN: "p-green",
    Label.AMBER: "p-amber",
    Label.AMBER_STRICT: "p-strict",
    Label.RED: "p-red",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """A TLP label as `parts/tlp.html` takes it."""

    marking: str
    colour: str


def mark(label: str | Label) -> Mark:
    held = Label(label)
    return Mark(str(held), COLOURS[held])


def printed(labels: Iterable[str]) -> str:
    """The class of the page's body: the strictest label of what it shows, for print."""
    return PRINT[max((Label(text) for text in labels), default=Label.CLEAR)]


@dataclass(frozen=True, slots=True)
class Fault:
    """A problem in the reader's language, and where on the page it leads."""

    words: str
    anchor: str = ""
    label: str = ""


def faults(problems: Iterable[Problem], kind: Kind | None = None) -> list[Fault]:
    own = language()
    made = []
    for problem in problems:
        field = kind.by_key.get(problem.field) if kind else None
        label = field.label[own] if field else problem.field
        made.append(Fault(said(problem), f"f_{problem.field}", label))
    return made


def said(problem: Problem) -> str:
    """Message and remedy as sentences."""
    parts = [sentence(part) for part in (problem.message, problem.remedy) if part]
    if problem.value and not problem.value.startswith("{"):  # boxes show their own parts
        parts.append(f"«{problem.value}»")
    return " ".join(parts)


def sentence(part: str) -> str:
    """A sentence in the reader's language, with its stop where it has none."""
    words = said_in(part, _)
    return f"{words}{by_code(language()).stop}" if words[-1:].isalnum() else words


def refusal(error: KitError) -> Fault:
    """An error of an act in the reader's language."""
    parts = [sentence(part) for part in (error.message, error.remedy) if part]
    return Fault(" ".join(parts))


# --- rows ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """One submission in a list."""

    row: Submission
    url: str
    kind: str
    chip: Chip
    mark: Mark
    pick: bool = False  # a list that acts on many offers it


def lines(rows: Iterable[Submission]) -> list[Line]:
    own = language()
    return [
        Line(
            row,
            reverse("registry:submission", kwargs={"id_": row.id}),
            reads.kinds()[row.kind].label[own] if row.kind in reads.kinds() else row.kind,
            STATES[row.state],
            mark(row.handling.label),
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Told:
    """One value in words: with its language, its evidence and its own label where it has them."""

    text: str
    language: str = ""
    evidence_title: str = ""
    evidence_url: str = ""
    since: str = ""
    mark: Mark | None = None
    ops: Sequence[Any] = ()  # against the other wording, word by word


@dataclass(frozen=True, slots=True)
class Difference:
    label: str
    before: tuple[Told, ...]
    after: tuple[Told, ...]


def told(kind: Kind, key: str, value: Any) -> Told:
    """A value of a submission's content, or a subtype."""
    own = language()
    if key == "subtype":
        terms = reads.vocabularies()[kind.subtypes].terms if kind.subtypes else {}
        return Told(terms[value].name(own) if value in terms else str(value))
    field = kind.by_key.get(key)
    text = shown(field, value["value"], reads.vocabularies(), own) if field else str(value["value"])
    if field and field.type is FieldType.YESNO:
        text = _("yes") if value["value"] else _("no")
    return Told(
        text,
        value["language"],
        value["title"],
        value["url"],
        value["since"],
        mark(value["tlp"]) if value.get("tlp") else None,
    )


def differences(kind: Kind, changes: Iterable[Change]) -> list[Difference]:
    """Changes in the reader's words; a sentence that changed is compared word by word."""
    own = language()
    made = []
    for change in changes:
        field = kind.by_key.get(change.field)
        label = field.label[own] if field else _("Type")
        before = [told(kind, change.field, value) for value in change.before]
        after = [told(kind, change.field, value) for value in change.after]
        if _long(field) and len(before) == len(after) == 1:
            after = [_compared(before[0], after[0])]
            before = []
        made.append(Difference(label, tuple(before), tuple(after)))
    return made


def _long(field: Field | None) -> bool:
    return field is not None and field.translatable and not field.many


def _compared(before: Told, after: Told) -> Told:
    ops = redline(before.text, after.text, signs=True)
    return Told(
        after.text,
        after.language,
        after.evidence_title,
        after.evidence_url,
        after.since,
        after.mark,
        ops,
    )


# --- likely duplicates --------------------------------------------------------------------


WHY: Mapping[Why, Words] = {
    Why.COUNTRIES: gettext_lazy("the same countries"),
    Why.AREAS: gettext_lazy("the same areas"),
    Why.PERIOD: gettext_lazy("the same time"),
    Why.PROVISIONS: gettext_lazy("the same paragraphs"),
    Why.FIGURES: gettext_lazy("the same figures"),
    Why.TITLE: gettext_lazy("a title much like it"),
    Why.TEXT: gettext_lazy("a text much like it"),
}


def why(reason: Reason) -> str:
    """What two entries have in common, and what of it."""
    own, titles = language(), reason.why is Why.TITLE
    named = [] if titles else [_named(reason.why, value, own) for value in reason.values[:4]]
    values = by_code(own).comma.join(named)
    return f"{WHY[reason.why]} · {values}" if values else str(WHY[reason.why])


def _named(why_: Why, value: str, own: str) -> str:
    if why_ is Why.COUNTRIES:
        try:
            return countries.by_code(value).name(own)
        except UnknownCountry:
            return value
    if why_ is Why.AREAS:
        term = reads.vocabularies()["areas"].terms.get(value)
        return term.name(own) if term else value
    return value
