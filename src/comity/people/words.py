"""The names of roles and kinds, for people: the tables say them once, gettext in six languages."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from comity.people.types import Role

ROLES: dict[str, str | Promise] = {
    Role.READER: _("Reader"),
    Role.CONTRIBUTOR: _("Contributor"),
    Role.FOCAL_POINT: _("Focal point"),
    Role.DUTY_OFFICER: _("Duty officer"),
    Role.HEAD: _("Head of team"),
    Role.SECRETARIAT: _("Secretariat"),
    Role.ADMINISTRATOR: _("Administrator"),
}

OUR_COMMUNITY = _("Teams registered in this gateway")


def role_words(roles: Iterable[str]) -> list[str | Promise]:
    """The words for roles, in the table's order."""
    held = set(roles)
    return [words for role, words in ROLES.items() if role in held]
