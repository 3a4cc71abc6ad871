"""Freeze and publish: what was told, kept with its hash; whom it was told to; which duty it ends.

Freezing writes the report in six languages and keeps the trees, the figures and the newest act of
each record that was used. Nothing of it changes after. Publishing is another act: it tells every
focal point and says in the room `mandate` that the duties to report are done, with the report as
evidence.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import replace

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from comity.kit.canonical import digest
from comity.kit.languages import LANGUAGES, gettext_noop
from comity.kit.tlp import ANONYMOUS, Viewer
from comity.ledger import actions as ledger
from comity.mandate import actions as mandate
from comity.mandate import reads as texts
from comity.mandate.types import DutyStatus
from comity.people.reads import actor_of, holders_of
from comity.people.rules import may
from comity.people.types import Role
from comity.report import models as m
from comity.report.reads.building import Prepared, prepare, scope_of, written
from comity.report.rules.document.material import Head
from comity.report.rules.figures import as_data
from comity.report.rules.kept import to_bytes
from comity.report.types.figures import INSTRUMENT, TEXT, ReportError

# Whom a published report answers: the two that report, and the Council that includes it in the
# documents sent to Member States (No. 81 of the Convention).
FULFILLED = ("instructs-sg-directors/6", "instructs-bdt/8", "requests-council/p")
SEND = "comity.report.jobs:send"


class NotFrozen(ReportError):
    """A report that must be frozen first."""


class AlreadyPublished(ReportError):
    """A report that was published already; the second time changes nothing."""


def demand(viewer: Viewer | None) -> None:
    """`viewer` None is the command line."""
    if viewer is not None and not may(viewer, "report.prepare"):
        raise PermissionDenied("report.prepare")


def actor(viewer: Viewer | None) -> str:
    return actor_of(viewer) if viewer else ledger.GATEWAY


def freeze(
    viewer: Viewer | None,
    year: int,
    *,
    cutoff: dt.datetime | None = None,
    number: str = "",
    agenda: str = "",
    meeting: str = "",
    now: dt.datetime | None = None,
) -> m.Report:
    """Keep the report on a year as it stands at the cut-off. The same again is the same row.

    Raises `ReportError` for a year that is no year of a report, or one with a figure that fails.
    """
    demand(viewer)
    now = now or timezone.now()
    scope = scope_of(year, cutoff, now=now)
    if year > scope.cutoff.year:
        raise ReportError(
            gettext_noop("This year has not begun at the cut-off; nothing of it can be frozen"),
            str(year),
            gettext_noop("Freeze it when the year is over, or at least under way."),
        )
    # Counted and written before the house is held: nothing of it depends on what is said now.
    prepared = prepare(scope)
    _refuse_failing(prepared)
    held = m.Report.objects.filter(year=year).order_by("-edition").first()
    edition = held.edition if held else 1
    head = Head(number, agenda, "frozen", edition, meeting)
    sha256, made = _texts(prepared, head)
    if held and held.sha256 == sha256:
        return held
    if held:
        head = replace(head, edition=edition + 1)
        sha256, made = _texts(prepared, head)
    with transaction.atomic():
        ledger.hold()
        if m.Report.objects.filter(year=year, edition=head.edition).exists():
            raise ReportError(
                gettext_noop("Somebody froze this year in the meantime"),
                str(year),
                gettext_noop("Look at that edition, then freeze again if another is needed."),
            )
        return _keep(viewer, prepared, head, sha256, made, now)


def _refuse_failing(prepared: Prepared) -> None:
    failing = [figure.id for figure in prepared.figures if figure.failed]
    if failing:
        raise ReportError(
            gettext_noop("A figure could not be counted, and a report without it would mislead"),
            ", ".join(failing),
            gettext_noop("Look at the figure’s page, mend what it is made from, then freeze."),
        )


def _texts(prepared: Prepared, head: Head) -> tuple[str, dict[str, bytes]]:
    made = {code: to_bytes(written(prepared, code, head)) for code in LANGUAGES}
    return digest(
        [_figures(prepared), _records(prepared), {c: _sha(t) for c, t in made.items()}]
    ), made


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _figures(prepared: Prepared) -> list[dict[str, object]]:
    return [as_data(figure) for figure in prepared.figures]


def _records(prepared: Prepared) -> dict[str, int]:
    """Every record that went into the report, at the version used: its newest act by then."""
    return {told.name: told.act for told in prepared.ground.facts.entries}


def _keep(
    viewer: Viewer | None,
    prepared: Prepared,
    head: Head,
    sha256: str,
    made: dict[str, bytes],
    now: dt.datetime,
) -> m.Report:
    scope = prepared.scope
    content = {"sha256": sha256, "cutoff": scope.cutoff}
    name = f"report/{scope.year}/{head.edition}"
    act = ledger.record("freeze_report", name, actor=actor(viewer), content=content, now=now)
    report = m.Report.objects.create(
        year=scope.year,
        edition=head.edition,
        cutoff=scope.cutoff,
        sha256=sha256,
        figures=_figures(prepared),
        records=_records(prepared),
        frozen=now,
        act=act,
    )
    m.Writing.objects.bulk_create(
        m.Writing(report=report, language=code, tree=text.decode(), sha256=_sha(text))
        for code, text in made.items()
    )
    return report


def publish(
    viewer: Viewer | None,
    year: int,
    *,
    edition: int | None = None,
    now: dt.datetime | None = None,
) -> m.Report:
    """Publish a frozen report: an act, a letter to every focal point, duties done.

    Raises `NotFrozen` where there is none, `AlreadyPublished` for one that is out."""
    demand(viewer)
    now = now or timezone.now()
    with transaction.atomic():
        ledger.hold()
        rows = m.Report.objects.filter(year=year)
        rows = rows.filter(edition=edition) if edition else rows
        report = rows.order_by("-edition").first()
        if report is None:
            raise NotFrozen(
                gettext_noop("No report on this year is frozen"),
                str(year),
                gettext_noop("Freeze it first, then publish it."),
            )
        if report.published:
            raise AlreadyPublished(
                gettext_noop("This edition is published"),
                report.name,
                gettext_noop("Freeze another edition if something must be corrected."),
            )
        content = {"sha256": report.sha256}
        report.published_act = ledger.record(
            "publish_report", report.name, actor=actor(viewer), content=content, now=now
        )
        report.published, report.state = now, "published"
        report.save(update_fields=["published", "published_act", "state"])
        _tell(report, now)
        _fulfil(viewer, report, now)
        return report


def _tell(report: m.Report, now: dt.datetime) -> None:
    """One letter for every focal point, queued with the act. Who has no address is noted."""
    for person in holders_of(Role.FOCAL_POINT, now.date()):
        language = person.language if person.language in LANGUAGES else "en"
        row, _made = m.Dispatch.objects.get_or_create(
            report=report,
            person_id=person.person,
            defaults={
                "language": language,
                "made": now,
                "reachable": bool(person.email and settings.MAIL_CONFIGURED),
            },
        )
        if row.reachable:
            import_string(settings.LATER)(SEND, row.pk)


def _fulfil(viewer: Viewer | None, report: m.Report, now: dt.datetime) -> None:
    try:
        version = texts.version(ANONYMOUS, INSTRUMENT, TEXT)
    except texts.NotHeld:
        return
    for key in FULFILLED:
        try:
            found = texts.duty_of(ANONYMOUS, texts.provision(ANONYMOUS, version, key))
        except texts.NotHeld:
            continue
        if found is not None:
            evidence = [report.name]
            mandate.say_state(None, found.duty, DutyStatus.COMPLETED, evidence, now=now)
