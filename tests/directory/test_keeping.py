"""What is said is kept: idempotent, two speakers side by side, nothing overwritten or doubled."""

from __future__ import annotations

import dataclasses

import pytest
from django.db.models import Count

from comity.directory import actions, reads
from comity.directory import models as m
from comity.directory import types as t
from comity.directory.formats import any as formats
from comity.kit.tlp import ANONYMOUS, Label
from comity.ledger.reads import head, verify
from tests.directory.conftest import OTHER, SOURCE, record

pytestmark = pytest.mark.django_db
NEW = "new@cert-xx.example"


def counted() -> list[int]:
    return [model.objects.count() for model in (m.Team, m.Value, m.Contact, m.Holding, m.TeamKey)]


def test_the_same_batch_again_changes_nothing() -> None:
    first = actions.apply([record()], SOURCE)
    assert (first.created, first.changed) == (1, 0)
    rows, line = counted(), head()
    again = actions.apply([record()], SOURCE)
    assert (again.created, again.changed, again.unchanged, again.act) == (0, 0, 1, 0)
    assert counted() == rows and head() == line


def test_what_is_no_longer_said_is_ended_and_stays() -> None:
    actions.apply([record()], SOURCE)
    fewer = record(holdings=())
    actions.apply([fewer], SOURCE)
    held = m.Holding.objects.all()
    assert held.count() == 3 and held.filter(ended=None).count() == 0
    assert verify() is None


def test_two_speakers_stand_side_by_side() -> None:
    mine = record(contacts=(), holdings=())
    theirs = dataclasses.replace(mine, values=(t.Value("kind", "governmental"),))
    actions.apply([mine], SOURCE)
    actions.apply([theirs], OTHER)
    team = m.Team.objects.get()
    kinds = {(row.value, row.said_by) for row in team.values.filter(field="kind", ended=None)}
    assert kinds == {("national", "A list"), ("governmental", "Another list")}
    actions.apply([dataclasses.replace(theirs, values=())], OTHER)
    assert [v.value for v in reads.record(ANONYMOUS, team).values if v.field == "kind"] == [
        "national"
    ]


def test_another_country_is_no_match() -> None:
    """Two States claim one team: the second is told, the first stands."""
    actions.apply([record()], SOURCE)
    done = actions.apply([record(country="UG"), record("cert-ug", country="UG")], OTHER)
    assert [row.team for row in done.rejected] == ["cert-xx"]
    assert done.rejected[0].remedy
    assert done.created == 1
    assert m.Team.objects.get(code="cert-xx").country == "KE"


def test_a_team_is_found_by_an_id_of_another_directory() -> None:
    actions.apply([record(same_as={"first": "ke-1"})], SOURCE)
    actions.apply([record("other-code", same_as={"first": "ke-1", "ti": "9"})], OTHER)
    assert m.Team.objects.get().same_as == {"first": "ke-1", "ti": "9"}


@pytest.mark.parametrize(
    "bad",
    [
        {"name": ""},
        {"country": "XX"},
        {"code": "no code"},
        {"values": (t.Value("shoe_size", "44"),)},
        {"values": (t.Value("service", "bakery"),)},
        {"values": (t.Value("service", "Event analysis"),)},
        {"values": (t.Value("hours", "x"),), "name": "x" * 201},
        {
            "contacts": (
                t.Contact(t.ContactPurpose.GENERAL, t.ContactKind.EMAIL, "a@b\x00.example"),
            )
        },
    ],
)
def test_what_does_not_fit_is_told_and_the_rest_arrives(bad) -> None:
    spoilt = dataclasses.replace(record("spoilt"), **bad)
    done = actions.apply([spoilt, record("whole")], SOURCE)
    assert len(done.rejected) == 1 and done.rejected[0].message and done.rejected[0].remedy
    assert list(m.Team.objects.values_list("code", flat=True)) == ["whole"]


def test_a_team_named_twice_is_kept_once() -> None:
    done = actions.apply([record(), record()], SOURCE)
    assert (done.created, len(done.rejected)) == (1, 1)


@pytest.mark.parametrize("form", ["first", "ti", "cerebrate", "rfc2350", "csv", "xlsx"])
def test_every_format_is_imported_once(form) -> None:
    """Written by us, read again: the dry run tells, the application keeps, the second is empty."""
    actions.load_sample()
    team = m.Team.objects.get(code="csirt-sample-a")
    data = formats.WRITERS[form](reads.records(ANONYMOUS, [team]))
    m.Team.objects.all().delete()
    speaker = actions.importing(f"A file of {form}")
    run = actions.plan(data, form, speaker)
    assert run.differences and not run.rejected
    assert not m.Team.objects.exists()
    done = actions.import_file(data, form, speaker)
    assert done.created == 1 and done.act
    rows = counted()
    assert actions.plan(data, form, speaker).differences == ()
    again = actions.import_file(data, form, speaker)
    assert (again.unchanged, again.act) == (1, 0)
    assert counted() == rows


def test_verification_is_carried_to_the_row_that_follows() -> None:
    actions.apply([record()], SOURCE)
    mailbox = m.Contact.objects.get(value__startswith="cert-clear")
    m.Contact.objects.filter(pk=mailbox.pk).update(verified_on="2026-11-01", verified_by="test")
    told_anew = tuple(dataclasses.replace(c, hours="24x7") for c in record().contacts)
    actions.apply([record(contacts=told_anew)], SOURCE)
    row = m.Contact.objects.get(value=mailbox.value, ended=None)
    assert row.pk != mailbox.pk
    assert (str(row.verified_on), row.verified_by, row.hours) == ("2026-11-01", "test", "24x7")


def test_a_file_does_not_say_that_it_verified() -> None:
    import datetime as dt

    from comity.kit.sayings import Saying

    claims = Saying(verified_on=dt.date(2026, 11, 20), verified_by="ourselves")
    actions.apply(
        [record(contacts=tuple(dataclasses.replace(c, said=claims) for c in record().contacts))],
        SOURCE,
    )
    assert not m.Contact.objects.filter(verified_on__isnull=False).exists()


def test_sample_data_comes_and_goes() -> None:
    assert actions.load_sample()
    assert actions.load_sample() is None
    doubled = (
        m.Value.objects.filter(ended=None)
        .values("team", "field", "value", "speaker", "said_since")
        .annotate(n=Count("id"))
        .filter(n__gt=1)
    )
    assert not doubled.exists()
    gone = actions.remove_sample()
    assert gone["teams"] == 67 and not m.Team.objects.exists() and not m.Value.objects.exists()
    assert actions.load_sample() is None  # what was removed stays away
    assert actions.load_sample(again=True)
    assert m.Team.objects.count() == 67


def test_a_teams_own_body_sees_what_was_marked_before(house) -> None:
    told = reads.record(house.head.viewer, house.team).contacts
    assert {c.label for c in told} == {
        Label.CLEAR,
        Label.GREEN,
        Label.AMBER,
        Label.AMBER_STRICT,
    }
