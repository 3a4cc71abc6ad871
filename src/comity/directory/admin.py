"""Teams, contacts, keys and contact tests for an administrator: looked at, never changed.

What a marking keeps from an administrator's own eyes is not here either.
"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from comity.directory.models import Contact, ContactTest, Holding, Team, TeamKey
from comity.kit.tlp import Viewer
from comity.ledger.admin import Table, column
from comity.people.reads import visible_handlings


class Teams(Table):
    one, many = _("team"), _("teams")
    columns = (
        column("name", _("Name")),
        column("code", _("Code of the team")),
        column("country", _("Country")),
        column("body__name", _("Body")),
        column("review_due", _("Next review")),
        column("changed", _("Changed")),
        column("sample", _("Sample"), yesno=True),
    )
    joined = ("body",)
    searched = ("name", "=code", "=country")
    sorted_by = ("name",)

    def ledger_name(self, row: Any) -> str:
        return f"team/{row.code}"


class Said(Table):
    """Rows that a handling opens, each of one team and one speaker."""

    joined: tuple[str, ...] = ("team", "handling")
    sorted_by = ("-pk",)

    def seen_by(self, viewer: Viewer, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.filter(handling__in=visible_handlings(viewer))

    def ledger_name(self, row: Any) -> str:
        return f"team/{row.team.code}"


class Contacts(Said):
    one, many = _("contact"), _("contacts")
    columns = (
        column("value", _("Address or number")),
        column("team", _("Team")),
        column("purpose", _("For")),
        column("kind", _("Kind")),
        column("handling__label", _("TLP")),
        column("speaker", _("Said by")),
        column("verified_on", _("Last checked")),
        column("ended", _("Ended")),
        column("act", _("Act")),
    )
    searched = ("=value", "=team__code")


class Keys(Said):
    one, many = _("key"), _("keys")
    columns = (
        column("fingerprint", _("Fingerprint")),
        column("team", _("Team")),
        column("kind", _("Kind")),
        column("handling__label", _("TLP")),
        column("speaker", _("Said by")),
        column("expires", _("Until")),
        column("waits", _("waits for a second person"), yesno=True),
        column("ended", _("Ended")),
        column("act", _("Act")),
    )
    searched = ("=fingerprint", "=team__code")

    def seen_by(self, viewer: Viewer, rows: QuerySet[Any]) -> QuerySet[Any]:
        """What waits is seen by the team and the secretariat alone."""
        return super().seen_by(viewer, rows).filter(waits=False)


class Holdings(Said):
    one, many = _("piece of a constituency"), _("pieces of constituencies")
    columns = (
        column("value", _("What")),
        column("kind", _("Kind")),
        column("team", _("Team")),
        column("handling__label", _("TLP")),
        column("speaker", _("Said by")),
        column("began", _("Since")),
        column("ended", _("Ended")),
        column("act", _("Act")),
    )
    searched = ("=value", "=team__code")


class Tests(Table):
    """Contact tests: when asked and answered, never the link nor by whom."""

    one, many = _("contact test"), _("contact tests")
    columns = (
        column("contact__value", _("Address or number")),
        column("contact__team", _("Team")),
        column("asked", _("Asked")),
        column("sent", _("Sent")),
        column("answered", _("Answered")),
        column("expires", _("Until")),
    )
    joined = ("contact", "contact__team")
    searched = ("=contact__value", "=contact__team__code")
    sorted_by = ("-asked",)

    def seen_by(self, viewer: Viewer, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.filter(contact__handling__in=visible_handlings(viewer))

    def ledger_name(self, row: Any) -> str:
        return f"team/{row.contact.team.code}"


TABLES = (
    (Team, Teams),
    (Contact, Contacts),
    (TeamKey, Keys),
    (Holding, Holdings),
    (ContactTest, Tests),
)
