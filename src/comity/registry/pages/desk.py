"""The request desk: the queue by state and age, one request with what may answer it, its acts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from comity.kit.tlp import Label, Viewer
from comity.people.rules import may
from comity.registry.actions.desk import LONGEST_REASON, act_on
from comity.registry.pages import showing, wording
from comity.registry.pages import wording_desk as words
from comity.registry.pages.frame import strictest, today
from comity.registry.reads import NotHeld
from comity.registry.reads import desk as reads
from comity.registry.reads.entries import statements
from comity.registry.reads.suggesting import Suggestion, suggestions
from comity.registry.reads.teams import PREFIX, Helper, helpers
from comity.registry.rules.matching import Match
from comity.registry.rules.requests import CLOSED, NEEDS_REASON, TABLE, Act, Band, State

PAGE = 50  # rows
_HIDDEN = ("title",)  # shown in the head
# Acts that take words beside those that need a reason.
_SAYS = NEEDS_REASON | {Act.ADD, Act.ANSWER, Act.FINISH}
_MUST_SAY = NEEDS_REASON | {Act.ADD, Act.ANSWER}


def _viewer(request: HttpRequest) -> Viewer:
    who: Viewer = request.viewer  # type: ignore[attr-defined]
    return who


@dataclass(frozen=True, slots=True)
class Line:
    """One request of the queue, in words."""

    row: reads.Asked
    url: str
    chip: wording.Chip
    band: wording.Words
    countries: tuple[str, ...]
    tlp: dict[str, str]


def tlp_of(label: str) -> dict[str, str]:
    """What parts/tlp.html needs."""
    return {"marking": f"TLP:{label}", "colour": wording.COLOURS[Label(label)]}


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """All requests for the secretariat, their own for a body that asks."""
    who = _viewer(request)
    everything = may(who, "registry.desk")
    if not everything and not (may(who, "registry.submit") and who.bodies):
        raise PermissionDenied("registry.desk")
    state = _known(request.GET.get("state", ""), State)
    band = _known(request.GET.get("band", ""), Band)
    now = timezone.now()
    found = reads.desk(who, now=now, state=state, band=band, own=not everything)
    page = Paginator(found.rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "everything": everything,
        "found": found,
        "lines": [_line(row) for row in page.object_list],
        "table": [
            (each, wording.REQUESTS[each], [(band, n) for band, n in found.counts[each].items()])
            for each in State
        ],
        "bands": list(words.BANDS.items()),
        "states": [(each.value, chip.word) for each, chip in wording.REQUESTS.items()],
        "state": state,
        "band": band,
        "first": page.start_index(),
        "last": page.end_index(),
        "shown": page.paginator.count,
        "page_before": page.previous_page_number() if page.has_previous() else None,
        "page_after": page.next_page_number() if page.has_next() else None,
        "situations": [_situation(who, row) for row in reads.situations(who)],
        "factor": who.second_factor,
        "now": now,
        "trail": [(_("Registry"), reverse("registry:home"))],
    }
    return render(request, "registry/desk.html", context)


def _known(text: str, enum: type[State] | type[Band]) -> str:
    return text if text in [str(member) for member in enum] else ""


def _line(row: reads.Asked) -> Line:
    return Line(
        row,
        reverse("registry:request", kwargs={"key": row.entry.key}),
        wording.REQUESTS[row.state],
        words.BANDS[row.band],
        tuple(wording.country_name(code) for code in row.entry.card.get("country", ())),
        tlp_of(row.entry.handling.label),
    )


def _situation(who: Viewer, row: Any) -> dict[str, Any]:
    """A situation with whether its State lets it be published; unsaid is no."""
    card = row.card
    says = [s.value for s in statements(who, [row])[row.pk] if s.field == "may_be_published"]
    return {
        "entry": row,
        "url": showing.entry_url(row.kind, row.key),
        "countries": [wording.country_name(code) for code in card.get("country", ())],
        "dates": [showing.date(text) for text in card.get("date", ())],
        "published": bool(says) and all(value is True for value in says),
        "tlp": tlp_of(row.handling.label),
    }


# --- one request --------------------------------------------------------------------------


class Saying(forms.Form):
    """The words beside an act."""

    reason = forms.CharField(
        max_length=LONGEST_REASON, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, act: Act, data: Any = None) -> None:
        super().__init__(data, auto_id=f"id_{act.value}_%s")
        self.act = act
        field = self.fields["reason"]
        field.label = words.SAYING.get(act, _("Reason"))
        field.required = act in _MUST_SAY


@dataclass(frozen=True, slots=True)
class Doing:
    """One act that the viewer can do now, with its form."""

    act: Act
    words: wording.Words
    form: Saying | None


@require_http_methods(["GET", "HEAD", "POST"])
def request_page(request: HttpRequest, key: str) -> HttpResponse:
    """One request for its parties: the need, what may answer it, what happened, what can be done.

    Who may see it without being a party reads the entry's page; here it is 403.
    """
    who = _viewer(request)
    try:
        found = reads.request(who, key, now=timezone.now())
    except NotHeld as error:
        raise Http404(str(error)) from error
    if not found.parties:
        raise PermissionDenied("registry.desk")
    tried = _try(request, who, found) if request.method == "POST" else None
    if isinstance(tried, HttpResponse):
        return tried
    if tried:
        found = reads.request(who, key, now=timezone.now())
    offers = _suggested(who, found)
    context = {
        "found": found,
        "entry": found.entry,
        "chip": wording.REQUESTS[found.asked.state],
        "tlp": tlp_of(found.entry.handling.label),
        "values": _values(found),
        "history": [_step(step) for step in found.steps],
        "matches": [_match(one, found.teams) for one in found.matches],
        "doing": _doing(found, tried),
        "match_open": Act.MATCH in found.acts,
        "suggested": offers["rows"],
        "compared": offers["compared"],
        "sharing": offers["sharing"],
        "closed": found.asked.state in CLOSED,
        "form": tried,
        "problems": bool(tried and tried.errors),
        **strictest([Label(found.entry.handling.label)]),
        "trail": [
            (_("Registry"), reverse("registry:home")),
            (_("Request desk"), reverse("registry:desk")),
        ],
    }
    return render(request, "registry/request.html", context)


def _try(request: HttpRequest, who: Viewer, found: reads.Request) -> HttpResponse | Saying:
    """Do the act that was posted: a redirect when it is done, else its form with what is wrong."""
    from comity.registry.rules.requests import RequestError

    given = request.POST.get("act", "")
    act = Act(given) if given in [str(each) for each in Act] else None
    if act is None or not any(row.act is act and row.who & found.parties for row in TABLE):
        raise PermissionDenied(f"registry.desk: {given[:20]}")
    form = Saying(act, request.POST)
    if not form.is_valid():
        return form
    seen = request.POST.get("seen", "")
    try:
        act_on(
            who,
            found.entry.key,
            act,
            reason=form.cleaned_data["reason"],
            offers=request.POST.getlist("offers"),
            seen=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 19 else None,
        )
    except RequestError as error:
        form.add_error(None, " ".join(_(part) for part in (error.message + ".", error.remedy)))
        return form
    except NotHeld as error:
        raise Http404(str(error)) from error
    messages.success(request, _("Kept, with your name's pseudonym in the record of acts."))
    return redirect("registry:request", key=found.entry.key)


def _doing(found: reads.Request, tried: Saying | None) -> list[Doing]:
    """The acts in the table's order; a match has its own form beside the suggestions."""
    made = []
    for act in found.acts:
        if act is Act.MATCH:
            continue
        form = tried if tried and tried.act is act else Saying(act) if act in _SAYS else None
        made.append(Doing(act, words.DO[act], form))
    return made


def _values(found: reads.Request) -> list[dict[str, Any]]:
    return [
        {
            "label": each.field.label[wording.language()],
            "values": [
                (
                    showing.shown(each.field, value.row.value, value.row.language),
                    tlp_of(value.label.value)
                    if value.row.handling_id != found.entry.handling_id
                    else None,
                )
                for value in each.values
            ],
        }
        for each in found.values
        if each.field.key not in _HIDDEN
    ]


def _step(step: Any) -> dict[str, Any]:
    """A line of the history; an event that only stands for a missing step looks the same."""
    act = Act(getattr(step, "act_name", None) or step.act)
    return {"words": words.DONE[act], "party": words.PARTIES[step.party], "step": step}


def _match(one: Any, teams: Mapping[str, Any]) -> dict[str, Any]:
    if one.team:
        return {
            "match": one,
            "title": showing.name(teams[one.team].name),
            "url": reverse("directory:team", kwargs={"code": one.team}),
            "kind": _("Team"),
            "chosen": one.state == reads.CHOSEN,
        }
    return {
        "match": one,
        "title": showing.titled(one.offered),
        "url": showing.entry_url(one.offered.kind, one.offered.key),
        "kind": _kind(one.offered.kind),
        "chosen": one.state == reads.CHOSEN,
    }


def _kind(key: str) -> str:
    from comity.registry.reads import kinds

    return kinds()[key].label[wording.language()]


def _suggested(who: Viewer, found: reads.Request) -> dict[str, Any]:
    if found.asked.state in CLOSED:
        return {"rows": [], "compared": 0, "sharing": 0}
    best = suggestions(who, found.entry, today=today())
    teams = helpers(who, found.entry, today=today())
    return {
        "rows": [*map(_suggestion, best.rows), *map(_helper, teams.rows)],
        "compared": best.compared,
        "sharing": best.sharing,
    }


# The vocabulary that says a reason's value in words, by the field the reason names.
_VOCABULARY = {
    "areas": "areas",
    "services": "first_services",
    "phases": "cirt_phases",
    "sectors": "economic_sectors",
    "languages": "languages",
    "regions": "regions",
    "cost": "cost",
}
_NAMED = ("countries", "done_for")


def _suggestion(each: Suggestion) -> dict[str, Any]:
    return {
        "name": each.entry.name,
        "title": showing.titled(each.entry),
        "url": showing.entry_url(each.entry.kind, each.entry.key),
        "kind": _kind(each.entry.kind),
        "tlp": tlp_of(each.entry.handling.label),
        "reasons": _reasons(each.match),
    }


def _helper(each: Helper) -> dict[str, Any]:
    """A team as an offer; that a team exists is public."""
    country = wording.country_name(each.country) if each.country else ""
    return {
        "name": f"{PREFIX}{each.code}",
        "title": showing.name(each.name),
        "url": reverse("directory:team", kwargs={"code": each.code}),
        "kind": f"{_('Team')} · {country}" if country else _("Team"),
        "tlp": tlp_of(Label.CLEAR.value),
        "reasons": _reasons(each.match),
    }


def _reasons(match: Match) -> list[tuple[str, list[str]]]:
    """Sentences, each with the values that it rests on."""
    grouped: dict[str, list[str]] = {}
    for reason in match.reasons:
        grouped.setdefault(reason.rule, []).append(_said(reason.field, reason.value))
    return [
        (words.reason(rule), [value for value in values if value])
        for rule, values in grouped.items()
    ]


def _said(field: str, value: str) -> str:
    """A reason's value in words; several are joined by commas in the rule."""
    if not value:
        return ""
    if field == "checked":
        return showing.date(value)
    parts = value.split(", ")
    if field in _NAMED:
        names = [wording.country_name(part) if len(part) == 2 else part for part in parts]
        return _(", ").join(names)
    if field in _VOCABULARY:
        return _(", ").join(wording.term(_VOCABULARY[field], part)[0] for part in parts)
    return value


urls = [
    path("desk/", desk, name="desk"),
    path("desk/<str:key>/", request_page, name="request"),
]
