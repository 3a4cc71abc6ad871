"""What the templates of this work ask: a problem in words, the replies to an entry."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from comity.kit.tlp import ANONYMOUS, Label
from comity.people.rules import may
from comity.registry import reads
from comity.registry.models import Entry
from comity.registry.pages import work
from comity.registry.pages.work import mark, word_of
from comity.registry.reads.answering import answering_bodies
from comity.registry.rules.forms import FieldBox
from comity.registry.types import Problem

register = template.Library()


@register.filter
def in_words(problem: Problem) -> str:
    """Message and remedy in the reader's language."""
    return work.said(problem)


@register.simple_tag
def aria(box: FieldBox) -> SafeString:
    """What describes the controls of a field to who hears them: its hint, its faults."""
    ids = [f"h_{box.key}"] if box.help or box.hints else []
    ids += [f"e_{box.key}"] if box.problems else []
    invalid = SafeString(' aria-invalid="true"') if box.problems else ""
    described = format_html(' aria-describedby="{}"', " ".join(ids)) if ids else ""
    return format_html("{}{}", invalid, described)


@register.simple_tag(takes_context=True)
def replies_of(context: template.Context, entry: Entry) -> dict[str, Any]:
    """The replies that this reader may see, and the address of the form for who may reply."""
    request = context.get("request")
    who = getattr(request, "viewer", ANONYMOUS)
    signs = may(who, "registry.sign_off")
    return {
        "rows": [
            (
                row,
                mark(row.handling.label) if row.handling.label != Label.CLEAR.value else None,
                signs and row.body_id in who.bodies,
            )
            for row in reads.replies(who, entry)
        ],
        "form": reverse("registry:reply", kwargs={"kind": word_of(entry.kind), "key": entry.key})
        if answering_bodies(who, entry)
        else "",
    }
