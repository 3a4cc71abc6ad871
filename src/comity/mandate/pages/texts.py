"""Pages to read: the instruments, a whole text with its contents, one paragraph, the source."""

from __future__ import annotations

from itertools import groupby

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.module_loading import import_string
from django.views.decorators.http import require_safe

from comity.mandate import models as m
from comity.mandate import reads
from comity.mandate.pages import wording
from comity.mandate.pages.frame import Frame, cite, found, frame, viewer
from comity.mandate.pages.pieces import compared, followed, linked
from comity.mandate.rules.identifiers import expression_uri
from comity.mandate.rules.words import explain
from comity.mandate.types import Confidence, Fate, State
from comity.people.rules import may

READINGS = ("both", "draft", "adopted", "side")


@require_safe
def instruments(request: HttpRequest) -> HttpResponse:
    who = viewer(request)
    rows = [(i, list(i.versions.all()), reads.revisions(who, i)) for i in reads.instruments(who)]
    return render(request, "mandate/instruments.html", {"rows": rows, "words": wording})


@require_safe
@found
def newest(request: HttpRequest, issuer: str, name: str) -> HttpResponse:
    """The instrument's address without a version leads to the newest adopted text held."""
    version = reads.version(viewer(request), f"{issuer}/{name}")
    return redirect("mandate:text", issuer=issuer, name=name, label=version.label)


@require_safe
@found
def text(request: HttpRequest, issuer: str, name: str, label: str) -> HttpResponse:
    here = frame(request, issuer, name, label)
    who = viewer(request)
    marked = reads.passages(who, here.version)
    template = "mandate/draft.html" if marked else "mandate/text.html"
    units = marked or reads.provisions(who, here.version)
    sections = [(heading, list(rows)) for heading, rows in groupby(units, lambda u: u.section)]
    earlier = reads.earlier(who, here.version)
    shapes = ("text.json", "provisions.csv", "text.html", "text.xml")
    shapes += ("text.docx",) if marked else ()
    shapes += ("compared.docx",) if earlier else ()
    context = {
        "here": here,
        "sections": sections,
        "earlier": earlier,
        "next": reads.later(who, here.version),
        "states": {s.value: chip for s, chip in wording.STATES.items()},
        "machines": here.machines(*shapes),
        "cite": cite(here),
        "lasting": request.build_absolute_uri(lasting(here)),
    }
    return render(request, template, context)


def lasting(here: Frame, eid: str = "") -> str:
    """The AKN address of the expression, and of one piece of it."""
    day = here.version.date.isoformat() if here.version.date else here.label
    uri = expression_uri(here.key, here.label[:4], version=day, language=here.version.language)
    return f"{uri}#{eid}" if eid else uri


@require_safe
@found
def source(request: HttpRequest, issuer: str, name: str, label: str) -> HttpResponse:
    """Where the text came from, and what the parser did not understand."""
    here = frame(request, issuer, name, label)
    context = {
        "here": here,
        "findings": here.version.findings.all(),
        "revisions": reads.revisions(viewer(request), here.version.instrument),
    }
    return render(request, "mandate/source.html", context)


@require_safe
@found
def paragraph(request: HttpRequest, issuer: str, name: str, label: str, unit: str) -> HttpResponse:
    here = frame(request, issuer, name, label)
    who = viewer(request)
    marked = reads.passages(who, here.version)
    if marked:
        return _passage(request, here, marked, unit)
    row = reads.provision(who, here.version, unit)
    if row.key != unit:
        return redirect(here.paragraph_url(row.key), permanent=True)
    rows = reads.provisions(who, here.version)
    citations = reads.citations_of(who, row)
    earlier = reads.earlier(who, here.version)
    changes = reads.changes(who, earlier, here.version, of_new=row.seq) if earlier else []
    every = reads.proposals(who, here.version) if earlier else []
    came = [p for p in every if any(target.pk == row.pk for target in p.target_rows)]
    others = [p for p in every if p.passage.section == row.section and p not in came]
    reading = request.GET.get("reading", "both")
    place = next(i for i, p in enumerate(rows) if p.pk == row.pk)
    context = {
        "here": here,
        "row": row,
        "contents": contents(rows, row),
        "before": rows[place - 1] if place else None,
        "after": rows[place + 1] if place + 1 < len(rows) else None,
        "pieces": linked(row, citations),
        "earlier": earlier,
        "comparisons": [compared(c, row) for c in changes],
        "reading": reading if reading in READINGS else "both",
        "formula": wording.FORMULA,
        "proposals": proposal_rows(came),
        "others": proposal_rows(others),
        "citations": citations,
        "duty": reads.duty_of(who, row),
        "may_settle": may(who, "mandate.settle"),
        "may_annotate": may(who, "mandate.annotate"),
        "words": wording,
        "machines": here.machines("paragraph.json", unit=row.key),
        "cite": cite(here, f"{row.section} {row.num.rstrip(')')}".strip()),
        "lasting": request.build_absolute_uri(lasting(here, row.eid)),
    }
    context |= duty_context(context["duty"])
    # The rest of the dossier (entries, figures, gaps) is another room's, which knows this one.
    context |= import_string(settings.DOSSIER)(who, here.version, row, context["duty"])
    return render(request, "mandate/paragraph.html", context)


def _passage(request: HttpRequest, here: Frame, rows: list[m.Passage], unit: str) -> HttpResponse:
    """A passage of a draft: its marks, and what became of it."""
    who = viewer(request)
    row = next(
        (p for name in ("key", "eid", "wid") for p in rows if getattr(p, name) == unit), None
    )
    if row is None:
        raise reads.NotHeld(f"{here.key} {here.label} has no passage {unit}.")
    if row.key != unit:
        return redirect(here.paragraph_url(row.key), permanent=True)
    later = reads.later(who, here.version)
    changes = reads.changes(who, here.version, later, of_old=row.seq) if later else []
    mine = reads.proposals(who, later, passage=row.eid) if later else []
    context = {
        "here": here,
        "row": row,
        "contents": contents(rows, row),
        "state": wording.STATES[State(row.state)],
        "later": later,
        "changes": [(c, *followed(c, row.eid)) for c in changes],
        "proposals": proposal_rows(mine),
        "formula": wording.FORMULA,
        "machines": here.machines("passages.json", "passages.csv"),
        "cite": cite(here, f"{row.section} {row.num.rstrip(')')}".strip()),
        "lasting": request.build_absolute_uri(lasting(here, row.eid)),
    }
    return render(request, "mandate/passage.html", context)


def contents(
    rows: list[m.Provision] | list[m.Passage], here: m.Provision | m.Passage
) -> list[tuple[str, str, list[m.Provision | m.Passage]]]:
    """The sections; the one we are in with its paragraphs."""
    made = []
    for heading, group in groupby(rows, lambda p: p.section):
        inside = list(group)
        made.append((heading, inside[0].key, inside if heading == here.section else []))
    return made


def proposal_rows(rows: list[reads.ProposalRow]) -> list[dict[str, object]]:
    """Proposals with their chips and counts, as tables show them."""
    made = []
    for row in rows:
        fate = Fate(row.final)
        target = " ".join(t.text for t in row.target_rows)
        made.append(
            {
                "row": row,
                "chip": wording.fate_chip(fate, row.confidence, settled=bool(row.settled)),
                "confidence": wording.CONFIDENCE[row.confidence],
                "count": explain(reads.passage_clean(row.passage) or row.text, target)
                if target
                else None,
                "awaits": not row.settled and row.confidence is not Confidence.CERTAIN,
                "url": reverse(
                    "mandate:proposal",
                    kwargs={
                        **dict(
                            zip(
                                ("issuer", "name"),
                                row.target_version.instrument.key.split("/", 1),
                                strict=True,
                            )
                        ),
                        "label": row.target_version.label,
                        "passage": row.passage.eid,
                    },
                ),
            }
        )
    return made


def duty_context(found_duty: object) -> dict[str, object]:
    """The words of a duty's state, force and frequency."""
    if not isinstance(found_duty, reads.DutyRow):
        return {}
    duty, state = found_duty.duty, found_duty.state
    status = state.status if state else "no indication"
    return {
        "duty_state": {str(k): v for k, v in wording.DUTY_STATES.items()}[status],
        "duty_force": wording.FORCES[duty.force],
        "duty_frequency": wording.FREQUENCIES[duty.frequency],
    }
