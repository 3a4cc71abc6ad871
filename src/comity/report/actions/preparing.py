"""What is done while a report is prepared: remarks on a draft, letters to silent States."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from comity.kit import countries
from comity.kit.errors import shown
from comity.kit.languages import gettext_noop
from comity.kit.tlp import Viewer
from comity.ledger import actions as ledger
from comity.people.reads import holders_of
from comity.people.types import Role
from comity.report import models as m
from comity.report.actions.keeping import actor, demand
from comity.report.reads.building import scope_of
from comity.report.reads.desk import silent
from comity.report.reads.kept import draft
from comity.report.types.figures import ReportError

LONGEST = 2_000
PAUSE = dt.timedelta(days=7)  # between two letters to one State on one year
ASK = "comity.report.jobs:ask"


def comment(
    viewer: Viewer, year: int, text: str, *, section: str = "", now: dt.datetime | None = None
) -> m.Comment:
    """A remark on a part of the draft of a year."""
    demand(viewer)
    words = " ".join(text.split("\x00")).strip()
    if not words or len(words) > LONGEST:
        raise ReportError(
            gettext_noop("A comment has words, at most 2000 characters"),
            "text",
            gettext_noop("Say it shorter, or in two comments."),
        )
    moment, who = now or timezone.now(), actor(viewer)
    with transaction.atomic():
        content = {"section": section[:100], "text": words}
        act = ledger.record(
            "comment_report", f"report/{year}", actor=who, content=content, now=moment
        )
        return m.Comment.objects.create(
            year=year, section=section[:100], text=words, actor=who, made=moment, act=act
        )


def settle(viewer: Viewer, year: int, act: int, *, now: dt.datetime | None = None) -> m.Comment:
    """Mark a comment as dealt with. Twice is once."""
    demand(viewer)
    moment = now or timezone.now()
    with transaction.atomic():
        ledger.hold()
        found = m.Comment.objects.filter(year=year, act=act).first()
        if found is None:
            raise ReportError(
                gettext_noop("There is no such comment"),
                str(act),
                gettext_noop("Load the page again."),
            )
        if found.settled is None:
            name = f"report/{year}"
            ledger.record(
                "settle_comment", name, actor=actor(viewer), content={"act": act}, now=moment
            )
            found.settled = moment
            found.save(update_fields=["settled"])
        return found


def ask_all(viewer: Viewer, year: int, *, now: dt.datetime | None = None) -> int:
    """Letters to every silent State that has a focal point here and was not asked within the last
    week; how many States that are."""
    demand(viewer)
    moment = now or timezone.now()
    waiting = [
        row.country
        for row in silent(draft(scope_of(year, now=moment)), moment)
        if row.focal_points and not (row.asked and row.asked.made > moment - PAUSE)
    ]
    with transaction.atomic():
        for code in waiting:
            ask(viewer, year, code, now=moment)
    return len(waiting)


def ask(viewer: Viewer, year: int, country: str, *, now: dt.datetime | None = None) -> m.Asked:
    """Ask the focal points of a State for what it did in a year; once a week at most."""
    demand(viewer)
    moment = now or timezone.now()
    code = countries.by_code(country).iso2
    with transaction.atomic():
        ledger.hold()
        held = m.Asked.objects.filter(year=year, country=code).first()
        if held and held.made > moment - PAUSE:
            raise ReportError(
                gettext_noop("This State was asked within the last week"),
                shown(code),
                gettext_noop("Wait a week before you ask again."),
            )
        persons = [p for p in holders_of(Role.FOCAL_POINT, moment.date()) if code in p.countries]
        name = f"report/{year}"
        act = ledger.record(
            "ask_state", name, actor=actor(viewer), content={"country": code}, now=moment
        )
        row = m.Asked.objects.create(
            year=year, country=code, made=moment, persons=len(persons), act=act
        )
        if persons and settings.MAIL_CONFIGURED:
            import_string(settings.LATER)(ASK, row.pk)
        return row
