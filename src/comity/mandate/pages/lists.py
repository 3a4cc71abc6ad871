"""Pages to search: a comparison, proposals, duties by actor, citations, the glossary."""

from __future__ import annotations

from collections import Counter

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comity.mandate import reads
from comity.mandate.formats.picture import citations_svg
from comity.mandate.pages import wording
from comity.mandate.pages.frame import cite, found, frame, viewer
from comity.mandate.pages.pieces import others, redlined
from comity.mandate.pages.texts import duty_context, proposal_rows
from comity.mandate.rules.duties import actors
from comity.mandate.rules.terms import terms as glossary
from comity.mandate.types import ChangeKind, Fate
from comity.people.rules import may

PAGE = 40  # rows; a comparison of Resolution 130 has about 130


def page_of(request: HttpRequest, rows: list[object], size: int = PAGE) -> dict[str, object]:
    """Rows of one page and what parts/pages.html needs. The list is computed, not stored."""
    book = Paginator(rows, size)
    page = book.get_page(request.GET.get("page"))
    return {
        "rows": page.object_list,
        "first": page.start_index(),
        "last": page.end_index(),
        "total": book.count,
        "page_before": page.previous_page_number() if page.has_previous() else None,
        "page_after": page.next_page_number() if page.has_next() else None,
    }


@require_safe
@found
def compare(request: HttpRequest, issuer: str, name: str) -> HttpResponse:
    """The form that chooses two versions leads to their comparison."""
    labels = [
        reads.version(viewer(request), f"{issuer}/{name}", request.GET.get(side) or None).label
        for side in ("old", "new")
    ]
    return redirect("mandate:comparison", issuer=issuer, name=name, old=labels[0], new=labels[1])


@require_safe
@found
def comparison(request: HttpRequest, issuer: str, name: str, old: str, new: str) -> HttpResponse:
    """Any two versions: the kept comparison where there is one, else made on the spot."""
    who = viewer(request)
    before, here = frame(request, issuer, name, old), frame(request, issuer, name, new)
    changes = reads.changes(who, before.version, here.version)
    kept = bool(changes)
    if not kept:
        changes = reads.compare_now(who, before.version, here.version)
    counts = Counter(c.kind for c in changes)
    kind = request.GET.get("kind", "")
    shown = [c for c in changes if not kind or c.kind == kind]
    context = page_of(request, shown)  # type: ignore[arg-type]
    context["rows"] = [
        {
            "change": c,
            "chip": wording.CHANGES[c.kind],
            "confidence": wording.CONFIDENCE[c.confidence],
            "ops": redlined(c) if c.kind != ChangeKind.SAME else (),
            "others": others(c, c.new[0].text) if len(c.old) > 1 and c.new else (),
        }
        for c in context["rows"]  # type: ignore[attr-defined]
    ]
    context |= {
        "here": here,
        "before": before,
        "kept": kept,
        "kinds": [(k.value, wording.CHANGES[k].word, counts[k]) for k in ChangeKind if counts[k]],
        "kind": kind,
        "formula": wording.FORMULA,
        "versions": reads.versions(who, here.version.instrument),
        "machines": [
            ("JSON", f"/api/v1/mandate/{here.key}/compare/{before.label}/{here.label}.json"),
            ("CSV", f"/api/v1/mandate/{here.key}/compare/{before.label}/{here.label}.csv"),
            *(here.machines("compared.docx") if kept else ()),
        ],
        "may_settle": kept and may(who, "mandate.settle"),
        "cite": cite(here, f"compared with {before.label}"),
    }
    return render(request, "mandate/comparison.html", context)


@require_safe
@found
def proposals(request: HttpRequest, issuer: str, name: str, label: str) -> HttpResponse:
    who = viewer(request)
    here = frame(request, issuer, name, label)
    everything = reads.proposals(who, here.version)
    proposer, fate = request.GET.get("proposer", ""), request.GET.get("fate", "")
    rows = reads.proposals(who, here.version, proposer=proposer, fate=fate)
    context = {
        "here": here,
        "rows": proposal_rows(rows),
        "total": len(everything),
        "proposers": sorted({r.passage.proposer for r in everything if r.passage.proposer}),
        "proposer": proposer,
        "fates": [(f.value, wording.SETTLED_FATES[f].word) for f in Fate],
        "fate": fate,
        "counts": [(wording.FATES[f].word, sum(r.final == f for r in everything)) for f in Fate],
        "settled": sum(bool(r.settled) for r in everything),
        "earlier": reads.earlier(who, here.version),
        "formula": wording.FORMULA,
        "machines": here.machines("fates.json", "fates.csv"),
        "cite": cite(here, "proposals and their fate"),
    }
    return render(request, "mandate/proposals.html", context)


@require_safe
@found
def duties(request: HttpRequest, issuer: str, name: str, label: str) -> HttpResponse:
    who = viewer(request)
    here = frame(request, issuer, name, label)
    actor, force = request.GET.get("actor", ""), request.GET.get("force", "")
    reporting = request.GET.get("reporting") == "1"
    everything = reads.duties(who, here.version)
    rows = reads.duties(who, here.version, actor=actor, force=force, reporting=reporting)
    names = {actor.key: actor.name for actor in actors().values()}
    context = {
        "here": here,
        "rows": [{"row": row, **duty_context(row)} for row in rows],
        "total": len(everything),
        "actors": [
            (key, names[key]) for key in names if any(key in r.duty.meant for r in everything)
        ],
        "actor": actor,
        "forces": [
            (f, words)
            for f, words in wording.FORCES.items()
            if any(f == r.duty.force for r in everything)
        ],
        "force": force,
        "reporting": reporting,
        "machines": here.machines("duties.json", "duties.csv"),
        "cite": cite(here, "duties"),
    }
    return render(request, "mandate/duties.html", context)


def picture_words() -> dict[str, str]:
    """The words of the picture, in the reader's language; names in braces are filled in."""
    return {
        "finding": _(
            "Sections: {sections}. Instruments: {instruments}. Citations: {citations}. "
            "Cited most: {top}."
        ),
        "cites": _("{section}, {instrument}: citations {count}"),
        "more": _("{count} more in the table"),
        "instrument.wcit/itr": "ITR",
        "instrument.itu/itr": "ITR",
    }


@require_safe
@found
def citations(request: HttpRequest, issuer: str, name: str, label: str) -> HttpResponse:
    who = viewer(request)
    here = frame(request, issuer, name, label)
    rows = reads.citations(who, here.version)
    context = {
        "here": here,
        "rows": rows,
        "instruments": len({row.cited_id for row in rows}),
        "flagged": [row for row in rows if row.flags],
        "picture": SafeString(
            citations_svg(
                reads.typed_citations(who, here.version),
                link=lambda key: reverse("mandate:cited", args=key.split("/", 1)),
                words=picture_words(),
                rtl=get_language_bidi(),
            )
        ),
        "machines": here.machines("citations.json", "citations.csv"),
        "cite": cite(here, "citations"),
    }
    return render(request, "mandate/citations.html", context)


@require_safe
@found
def cited(request: HttpRequest, issuer: str, name: str) -> HttpResponse:
    """An instrument that others cite: what is known of it and where it is named."""
    key = f"{issuer}/{name}"
    stub = reads.instrument(viewer(request), key)
    context = {
        "stub": stub,
        "rows": reads.cited_in(viewer(request), key),
        "held": list(stub.versions.all()),
        "trail": [(_("Resolutions"), reverse("mandate:instruments"))],
    }
    return render(request, "mandate/cited.html", context)


@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    trail = [(_("Resolutions"), reverse("mandate:instruments"))]
    return render(request, "mandate/terms.html", {"terms": glossary(), "trail": trail})
