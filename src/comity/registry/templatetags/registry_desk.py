"""What the parts of an entry's page ask for themselves: an agreement's history, access, who
applies a practice. Each takes the page's `entry` and `request`, so any page may carry the part."""

from __future__ import annotations

from typing import Any

from django import template

from comity.registry.pages import parts_desk

register = template.Library()


def _asked(context: template.Context) -> tuple[Any, Any]:
    return context["request"].viewer, context["entry"]


@register.simple_tag(takes_context=True)
def agreement_told(context: template.Context) -> Any:
    """Where an agreement stands and why; None for any other kind."""
    return parts_desk.agreement_part(*_asked(context), context.get("fields"))


@register.simple_tag(takes_context=True)
def access_told(context: template.Context) -> Any:
    """What using a tool or training needs; None for any other kind."""
    return parts_desk.access_part(*_asked(context))


@register.simple_tag(takes_context=True)
def applied_told(context: template.Context) -> Any:
    """Who says that it applies a practice or standard; None for any other kind."""
    return parts_desk.applied_part(*_asked(context))
