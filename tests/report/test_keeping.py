"""Frozen stays as it was; publishing is told, recorded, and ends the duties to report."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.test import Client

from comity.kit.languages import LANGUAGES
from comity.kit.sayings import Voice
from comity.kit.tlp import ANONYMOUS
from comity.ledger import reads as ledger
from comity.mandate import reads as mandate
from comity.mandate.actions import load_shipped
from comity.people.actions import add_body, add_person, grant, join
from comity.people.types import Role
from comity.registry.actions import Speaker, store
from comity.registry.models import Entry, FacetCount
from comity.registry.types import Given, Record
from comity.report import actions, jobs, reads
from comity.report.models import Dispatch, Report
from comity.report.reads import files
from comity.report.rules.kept import to_bytes
from comity.report.types.figures import ReportError

pytestmark = pytest.mark.django_db
PRESS = Speaker(Voice.SOURCE, "The Herald")
LONG_AGO = dt.datetime(2015, 3, 1, 12, tzinfo=dt.UTC)
LATER = dt.datetime(2015, 4, 1, 12, tzinfo=dt.UTC)


def drill(key: str, period: str = "2014") -> Record:
    values = (Given("title", f"Drill {key}", "en"), Given("period", period))
    return Record("activity", key, "cyberdrill", values)


@pytest.fixture
def world() -> None:
    load_shipped(now=LONG_AGO)
    store([drill("a-1"), drill("a-2")], PRESS, act="load", now=LONG_AGO)


@pytest.mark.slow
@pytest.mark.usefixtures("world")
def test_a_frozen_report_stays_as_it_was_in_six_languages() -> None:
    kept = actions.freeze(None, 2014, number="18", now=LATER)
    before = {code: to_bytes(reads.document(kept, code)) for code in LANGUAGES}
    assert len(set(before.values())) == 6
    store([drill("a-3")], PRESS, act="load", now=LATER)
    assert {code: to_bytes(reads.document(kept, code)) for code in LANGUAGES} == before
    assert reads.document(kept, "en").identifier == "C15/18-E"
    row = next(row for row in kept.figures if row["id"] == "activities.kind.cyberdrill")
    assert row["value"] == 2
    assert set(kept.records) >= {"activity/a-1", "activity/a-2"}
    one, two = (files.rendered(reads.document(kept, "ar"), "docx") for _ in range(2))
    assert one == two


@pytest.mark.slow
@pytest.mark.usefixtures("world")
def test_the_same_cutoff_gives_the_same_report_whatever_was_said_since() -> None:
    def made() -> bytes:
        scope = reads.scope_of(2014, LONG_AGO, now=LATER)
        return to_bytes(reads.written(reads.prepare(scope), "fr"))

    first = made()
    store([drill("a-1", "2015"), drill("a-9")], PRESS, act="load", now=LATER)
    assert made() == first


@pytest.mark.slow
@pytest.mark.usefixtures("world")
def test_freezing_twice_is_once_and_a_change_is_another_edition() -> None:
    first = actions.freeze(None, 2014, now=LATER)
    assert actions.freeze(None, 2014, now=LATER).pk == first.pk
    store([drill("a-3")], PRESS, act="load", now=LATER)
    second = actions.freeze(None, 2014, now=LATER)
    assert (first.edition, second.edition) == (1, 2)
    assert [row.act for row in ledger.acts_on("report/2014/1")] == ["freeze_report"]
    assert ledger.verify() is None


@pytest.mark.usefixtures("world")
def test_a_record_withdrawn_after_freezing_is_named(client: Client) -> None:
    kept = actions.freeze(None, 2014, now=LATER)
    assert reads.since(kept) == reads.Since((), ())
    Entry.objects.filter(key="a-1").update(counted=None, state="withdrawn")
    FacetCount.objects.all().delete()
    store([drill("a-2", "2014-05")], PRESS, act="load", now=LATER)
    assert reads.since(kept) == reads.Since(("activity/a-1",), ("activity/a-2",))
    page = client.get("/en/report/2014/").content.decode()
    assert "no longer to be seen by everybody" in page and "activity/a-1" in page
    answer = client.get("/api/v1/report/2014/editions/1").json()
    assert answer["withdrawn_since"] == ["activity/a-1"]
    draft = reads.prepare(reads.scope_of(2014, now=LATER))
    assert draft.withdrawn == ("activity/a-1",), "the next edition names it too"


@pytest.mark.usefixtures("world")
def test_publishing_tells_focal_points_and_fulfils_the_duties(settings) -> None:  # type: ignore[no-untyped-def]
    settings.MAIL_CONFIGURED = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    for name, email, language in (("Amina", "amina@example.org", "fr"), ("Boris", "", "ru")):
        account = add_person(name, name.lower(), email=email, language=language)
        grant(account.person, Role.FOCAL_POINT)
        join(account.person, add_body(f"Ministry of {name}", country="KE"))
    with pytest.raises(actions.NotFrozen):
        actions.publish(None, 2014)
    frozen = actions.freeze(None, 2014)
    assert reads.document(frozen, "en").state == "Frozen"
    kept = actions.publish(None, 2014)
    assert sorted(kept.dispatches.values_list("language", "reachable")) == [
        ("fr", True),
        ("ru", False),
    ]
    for row in Dispatch.objects.all():
        jobs.send(row.pk)
        jobs.send(row.pk)  # twice is once
    (letter,) = mail.outbox
    assert letter.to == ["amina@example.org"]
    assert letter.subject.startswith("[TLP:CLEAR] Le rapport")
    assert "/fr/report/2014/" in letter.body
    version = mandate.version(ANONYMOUS, "itu-pp/res-130", "2014")
    for key in ("instructs-sg-directors/6", "instructs-bdt/8", "requests-council/p"):
        found = mandate.duty_of(ANONYMOUS, mandate.provision(ANONYMOUS, version, key))
        assert found and found.state
        assert (found.state.status, found.state.evidence) == ("completed", ["report/2014/1"])
    assert [reads.document(kept, code).state for code in ("en", "fr")] == ["Published", "Publié"]
    acts = [row.act for row in ledger.acts_on("report/2014/1")]
    assert acts == ["freeze_report", "publish_report"]
    with pytest.raises(actions.AlreadyPublished):
        actions.publish(None, 2014)


@pytest.mark.usefixtures("world")
def test_last_years_figures_are_compared() -> None:
    store([drill("b-1", "2015")], PRESS, act="load", now=LATER)
    actions.freeze(None, 2014)
    prepared = reads.prepare(reads.scope_of(2015, now=dt.datetime(2016, 3, 1, tzinfo=dt.UTC)))
    document = reads.written(prepared, "en")
    note = next(n for n in document.figures if n.id == "activities.kind.cyberdrill")
    assert note.remark == "In last year’s report: 2."


def test_only_the_secretariat_may_and_bad_years_are_refused() -> None:
    with pytest.raises(PermissionDenied):
        actions.freeze(ANONYMOUS, 2014)
    for year, cutoff in (
        (1066, None),
        (99999, None),
        (2014, dt.datetime.max.replace(tzinfo=dt.UTC)),
    ):
        with pytest.raises(ReportError):
            actions.freeze(None, year, cutoff=cutoff)
    with pytest.raises(ReportError, match="not begun"):
        actions.freeze(None, 2150)
    assert not Report.objects.exists()


@pytest.mark.usefixtures("world")
def test_a_failing_figure_is_not_frozen(monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    from comity.report.rules.figures import cooperation, council, held

    def broken(_ground: object) -> object:
        raise ArithmeticError

    monkeypatch.setattr(
        "comity.report.rules.figures.figures.__defaults__",
        (figures_with(broken), (held.reported_totals, cooperation.money, council.indicators)),
    )
    with pytest.raises(ReportError, match=r"activities\.year"):
        actions.freeze(None, 2014)
    page = client.get("/en/report/2014/").content.decode()
    assert "could not be counted" in page
    rows = client.get("/api/v1/report/2014/figures").json()["figures"]
    assert next(r for r in rows if r["id"] == "activities.year")["failed"] == "ArithmeticError"


def figures_with(find: object) -> tuple[object, ...]:
    from dataclasses import replace

    from comity.report.rules.figures import QUERIES

    return tuple(replace(q, find=find) if q.id == "activities.year" else q for q in QUERIES)


@pytest.mark.usefixtures("world")
def test_an_answer_of_the_api_is_plain_json(client: Client) -> None:
    answer = client.get("/api/v1/report/2014/figures/activities.kind.cyberdrill")
    data = json.loads(answer.content)
    assert data["value"] == 2 and data["type"] == "count" and data["as_of"] == "2014"
    assert data["records"] == ["activity/a-1", "activity/a-2"]
    assert client.get("/api/v1/report/2014/figures/none").status_code == 404
    assert client.get("/api/v1/report/1066/figures").status_code == 400


@pytest.mark.usefixtures("world")
def test_what_ended_last_under_a_paragraph_is_told_as_it_stood_at_the_cutoff() -> None:
    store([drill("a-0", "2011"), drill("a-00", "2012")], PRESS, act="load", now=LONG_AGO)

    def ended(year: int) -> str | None:
        prepared = reads.prepare(reads.scope_of(year, LONG_AGO, now=LATER))
        return prepared.ended.get("instructs-bdt/2")

    assert ended(2014) is None, "it has entries of its own"
    assert (ended(2013), ended(2012), ended(2010)) == ("2012", None, None)
    store([drill("a-00", "2009"), drill("a-9", "2012")], PRESS, act="load", now=LATER)
    assert ended(2013) == "2012"
