"""Entries, statements, batches and submissions for an administrator: looked at, never changed.

What a marking keeps from an administrator's own eyes is not here either.
"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from comity.kit.tlp import Viewer
from comity.ledger.admin import Table, column
from comity.people.reads import visible_handlings
from comity.registry.models import Batch, Entry, Statement, Submission


class Marked(Table):
    """Rows that a handling opens."""

    def seen_by(self, viewer: Viewer, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.filter(handling__in=visible_handlings(viewer))


class Entries(Marked):
    one, many = _("entry"), _("entries")
    columns = (
        column("title", _("Title")),
        column("kind", _("Kind")),
        column("key", _("Key")),
        column("state", _("State")),
        column("handling__label", _("TLP")),
        column("owner__name", _("Owner")),
        column("changed", _("Changed")),
        column("sample", _("Sample"), yesno=True),
        column("id", _("Id")),
    )
    joined = ("handling", "owner")
    searched = ("title", "=key", "=kind")
    sorted_by = ("-place",)

    def ledger_name(self, row: Any) -> str:
        return f"registry/{row.name}"


class Statements(Marked):
    one, many = _("statement"), _("statements")
    columns = (
        column("entry", _("Entry"), order="entry__key"),
        column("field", _("Field")),
        column("value", _("Value"), order="pk"),
        column("language", _("Language")),
        column("source", _("Said by"), order="source__by"),
        column("handling__label", _("TLP")),
        column("made", _("Made")),
        column("ended", _("Ended")),
        column("act", _("Act")),
    )
    joined = ("entry", "source", "handling")
    searched = ("=field", "=entry__key", "=entry__kind")
    sorted_by = ("-pk",)

    def seen_by(self, viewer: Viewer, rows: QuerySet[Any]) -> QuerySet[Any]:
        visible = visible_handlings(viewer)
        return rows.filter(handling__in=visible, entry__handling__in=visible)

    def ledger_name(self, row: Any) -> str:
        return f"registry/{row.entry.name}"


class Batches(Marked):
    one, many = _("batch"), _("batches")
    columns = (
        column("name", _("File")),
        column("kind", _("Kind")),
        column("body__name", _("Body")),
        column("rows", _("Rows")),
        column("handling__label", _("TLP")),
        column("sha256", _("SHA-256")),
        column("made", _("Made")),
    )
    joined = ("body", "handling")
    searched = ("name", "=sha256")
    sorted_by = ("-made",)

    def ledger_name(self, row: Any) -> str:
        return f"registry/batch/{row.pk}"


class Submissions(Marked):
    one, many = _("submission"), _("submissions")
    columns = (
        column("title", _("Title")),
        column("kind", _("Kind")),
        column("state", _("State")),
        column("body__name", _("Body")),
        column("handling__label", _("TLP")),
        column("made", _("Made")),
        column("changed", _("Changed")),
        column("id", _("Id")),
    )
    joined = ("body", "handling")
    searched = ("title", "=state", "=kind")
    sorted_by = ("-place",)

    def ledger_name(self, row: Any) -> str:
        return f"registry/submission/{row.id}"


TABLES = ((Entry, Entries), (Statement, Statements), (Batch, Batches), (Submission, Submissions))
