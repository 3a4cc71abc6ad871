"""A team writes its own record; the secretariat stands beside; forms keep what they do not show."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re

import pytest
from django.core.exceptions import PermissionDenied

from comity.directory import actions, reads
from comity.directory import models as m
from comity.directory import types as t
from comity.directory.pages import wording
from comity.directory.pages.form import Contacts, Record
from comity.directory.pages.record import initial, record_of
from comity.kit.sayings import Voice
from comity.kit.tlp import Label
from tests.directory.conftest import record

pytestmark = pytest.mark.django_db
EDIT = "/en/directory/teams/cert-xx/edit"


def filled(who, **changes) -> dict[str, object]:  # type: ignore[no-untyped-def]
    """The form as the browser would send it back."""
    page = who.browser.get(EDIT)
    assert page.status_code == 200
    form, lines = page.context["form"], page.context["contacts"]
    data: dict[str, object] = {}
    for bound in form:
        value = bound.value()
        if value or not isinstance(value, list):
            data[bound.html_name] = value or ""
    for line in lines:
        for bound in line:
            value = bound.value()
            if value not in (None, False):
                data[bound.html_name] = value
    for bound in lines.management_form:
        data[bound.html_name] = bound.value() or "0"
    return data | changes


def test_who_may_write(house) -> None:
    for who in (house.head, house.focal, house.contributor):
        assert actions.voice_of(who.viewer, house.team) is Voice.OWN
    assert actions.voice_of(house.secretariat.viewer, house.team) is Voice.SECRETARIAT
    assert actions.voice_of(house.reader.viewer, house.team) is None
    assert house.reader.browser.get(EDIT).status_code == 403
    with pytest.raises(PermissionDenied):
        actions.edit(house.reader.viewer, house.team, record())


def test_the_team_begins_with_what_others_say_and_corrects_it(house) -> None:
    data = filled(house.focal, hours="24x7", prefix="198.51.100.0/24\n2001:db8::/32 TLP:GREEN")
    assert house.focal.browser.post(EDIT, data).status_code == 302
    own = reads.record(house.head.viewer, house.team, speaker="own")
    assert ("hours", "24x7") in [(v.field, v.value) for v in own.values]
    held = {(h.value, h.label) for h in own.holdings}
    assert ("2001:db8::/32", Label.GREEN) in held and ("198.51.100.0/24", Label.CLEAR) in held
    imported = m.Holding.objects.filter(speaker="source/A list", ended=None)
    assert imported.count() == 3  # nobody else's words are touched


def test_a_form_sent_back_unchanged_changes_nothing(house) -> None:
    data = filled(house.focal)
    assert house.focal.browser.post(EDIT, data).status_code == 302
    rows = m.Contact.objects.count(), m.Value.objects.count(), m.Holding.objects.count()
    assert house.focal.browser.post(EDIT, filled(house.focal)).status_code == 302
    assert (m.Contact.objects.count(), m.Value.objects.count(), m.Holding.objects.count()) == rows


def test_what_the_writer_cannot_see_stays(house) -> None:
    """The browser has no second factor: the AMBER mailboxes are not in its form, and stay."""
    actions.edit(house.head.viewer, house.team, record())
    amber = m.Contact.objects.filter(speaker="own", value__startswith="cert-amber", ended=None)
    assert amber.count() == 2
    data = filled(house.focal)
    assert not [v for v in data.values() if "amber" in str(v)]
    assert house.focal.browser.post(EDIT, data).status_code == 302
    assert amber.count() == 2


def test_red_is_read_by_who_wrote_it(house) -> None:
    actions.edit(house.head.viewer, house.team, record())
    mine = {c.value for c in reads.record(house.head.viewer, house.team).contacts}
    others = {c.value for c in reads.record(house.focal.viewer, house.team).contacts}
    assert "cert-red@cert-xx.example" in mine - others


def test_the_secretariat_stands_beside_and_never_over(house) -> None:
    actions.edit(house.head.viewer, house.team, record())
    data = filled(house.secretariat, hours="by day")
    assert house.secretariat.browser.post(EDIT, data).status_code == 302
    rows = m.Value.objects.filter(field="hours", ended=None)
    assert {(row.voice, row.value) for row in rows} == {("secretariat", "by day")}
    assert m.Value.objects.filter(speaker="own", ended=None).count() == 2
    team = m.Team.objects.get()
    assert team.name == "CERT-XX"


def test_faults_are_told_at_the_field_and_what_was_typed_stays(house) -> None:
    data = filled(
        house.focal,
        established="30 February",
        time_zone="Mars/Olympus",
        prefix="198.51.100.0/24\n198.51.100.1/24",
        country="XQ",
        website="javascript:alert(1)",
    )
    data["contact-0-value"] = "jane.doe@cert-xx.example"
    page = house.focal.browser.post(EDIT, data)
    text = page.content.decode()
    assert page.status_code == 200 and "<title>Error: " in text
    faulty = set(page.context["form"].errors)
    assert faulty == {"established", "time_zone", "prefix", "country", "website"}
    assert "Line 2" in str(page.context["form"].errors["prefix"])
    assert "value" in page.context["contacts"].errors[0]
    assert "30 February" in text and "jane.doe@cert-xx.example" in text
    for link in re.findall(r'href="#(id_[\w-]+)"', text):
        assert f'id="{link}"' in text, link
    assert not m.Value.objects.filter(speaker="own").exists()


def test_a_person_who_agreed_may_stand(house) -> None:
    data = filled(house.focal)
    data |= {"contact-0-value": "jane.doe@cert-xx.example", "contact-0-consent": "on"}
    assert house.focal.browser.post(EDIT, data).status_code == 302
    assert m.Contact.objects.get(value="jane.doe@cert-xx.example").consent


def test_a_form_that_is_out_of_date_is_refused(house) -> None:
    data = filled(house.focal, hours="by night")
    actions.edit(house.head.viewer, house.team, record(values=(t.Value("hours", "24x7"),)))
    page = house.focal.browser.post(EDIT, data)
    assert page.status_code == 200 and "Somebody changed this record" in page.content.decode()
    assert not m.Value.objects.filter(value="by night").exists()


def test_the_form_says_all_that_it_can_say(house) -> None:
    """Every field that the form starts from, a record has again: nothing is lost on the way."""
    whole = record(
        values=(
            t.Value("official_name", "Équipe", said=dataclasses.replace(t.UNSAID, language="fr")),
            t.Value("kind", "national"),
            t.Value("kind", "governmental"),
            t.Value("national_mandate", {"law": "Decree 1", "date": "2014", "scope": "the State"}),
            t.Value("government_role", True),
            t.Value("short_name", "XX"),
            t.Value("protocol", {"name": "taxii", "since": "2020", "tested_on": "2026-05-30"}),
            t.Value("protocol", {"name": "misp", "endpoint": "https://misp.cert-xx.example/"}),
            t.Value(
                "rfc2350",
                {
                    "url": "https://cert-xx.example/rfc2350.txt",
                    "sha256": "a1" * 32,
                    "checked_on": "2026-05-30",
                },
            ),
            t.Value("expertise", "incident_response"),
            t.Value("mandate_area", "critical infrastructure"),
            t.Value("language", "en"),
            t.Value("hours", "24x7", Label.GREEN),
            t.Value("service", "monitoring-and-detection"),
            t.Value("service", "event-analysis"),
            t.Value("cna", True),
            t.Value("former_name", "Old team", said=dataclasses.replace(t.UNSAID, language="en")),
            t.Value("former_name", "Older team"),
            t.Value("membership", {"community": "FIRST", "level": "full", "since": "2014"}),
            t.Value("membership", {"community": "AfricaCERT"}),
            # No field of the form has a place for these: carried.
            t.Value("official_name", "Timu", said=dataclasses.replace(t.UNSAID, language="sw")),
            t.Value("official_name", "Nobody said in which language"),
        )
    )
    first, lines = initial(whole, whole.name)
    form = Record(first)
    assert form.is_valid(), form.errors
    data = {"contact-TOTAL_FORMS": str(len(lines)), "contact-INITIAL_FORMS": "0"}
    for n, line in enumerate(lines):
        data |= {f"contact-{n}-{name}": str(v) for name, v in line.items() if v not in (False, "")}
    contacts = Contacts(data, prefix="contact")
    assert contacts.is_valid(), contacts.errors
    back = record_of(form.cleaned_data, contacts.cleaned_data, whole, whole.code)
    for part in ("values", "contacts", "holdings"):
        assert sorted(map(repr, getattr(back, part))) == sorted(map(repr, getattr(whole, part)))


def test_what_a_team_says_of_itself_stands_on_its_page(house, client) -> None:
    actions.load_sample()
    data = filled(
        house.focal,
        service="event-analysis\nEvent analysis\ncommunication",
        former_name="fr: Ancien CERT\nCERT Old",
        membership="FIRST, full member, since 2014-05\nOIC-CERT",
        cna="yes",
        protocol="taxii since 2020 tested 2026-05-30 https://taxii.cert-xx.example/\nmisp",
        expertise="telecommunications",
        mandate_area="critical infrastructure",
        mandate_scope="the whole State",
        mandate_law="Decree 1",
        government_role="yes",
        mission="To answer.",
        rfc2350="https://cert-xx.example/rfc2350.txt",
        rfc2350_sha256="AB " * 32,
        rfc2350_checked_on="2026-05-30",
    )
    assert house.focal.browser.post(EDIT, data).status_code == 302
    own = reads.record(house.head.viewer, house.team, speaker="own").values
    assert [v.value for v in own if v.field == "service"] == ["event-analysis", "communication"]
    taxii = {"name": "taxii", "since": "2020", "tested_on": "2026-05-30"}
    assert [v.value for v in own if v.field == "protocol"] == [
        taxii | {"endpoint": "https://taxii.cert-xx.example/"},
        {"name": "misp"},
    ]
    page = client.get("/en/directory/teams/cert-xx").content.decode()
    assert ">TAXII</bdi>" in page and ">MISP</bdi>" in page  # by name, not as the file spells it
    assert set(wording.PROTOCOLS) == set(t.PROTOCOLS)
    for words in (
        "Event analysis",
        "telecommunications",
        "Ancien CERT",
        "CERT Old",
        "FIRST",
        "full member",
        "/en/directory/communities/oic-cert",
        "Gives out CVE identifiers",
        "30 May 2026",
        "critical infrastructure",
        "the whole State",
        "Point of contact between governments",
        "To answer.",
        "https://taxii.cert-xx.example/",
        "ab" * 32,
    ):
        assert words in page, words


def test_lines_that_are_not_understood_are_told_by_number(house) -> None:
    data = filled(
        house.focal,
        service="event-analysis\nevent analisys",
        former_name="",
        membership=", full member\nFIRST, since yesterday",
        language="en klingon!",
        prefix="192.0.2.7/24",
        protocol="taxii\nsmoke signals\nmisp since yesterday\nmisp tested",
        rfc2350_sha256="abc",
    )
    page = house.focal.browser.post(EDIT, data)
    assert page.status_code == 200
    faults = page.context["form"].errors
    assert faults["service"][0].startswith("Line 2") and "event-analysis" in faults["service"][0]
    assert [fault[:6] for fault in faults["membership"]] == ["Line 1", "Line 2"]
    assert "klingon!" in faults["language"][0]
    assert "192.0.2.0/24" in faults["prefix"][0]
    assert [fault[:6] for fault in faults["protocol"]] == ["Line 2", "Line 3", "Line 4"]
    assert "64 characters" in faults["rfc2350_sha256"][0]
    assert not m.Value.objects.filter(speaker="own").exists()


def test_the_record_was_looked_at(house) -> None:
    url = "/en/directory/teams/cert-xx/reviewed"
    assert house.secretariat.browser.post(url).status_code == 403  # the team's own to say
    assert house.focal.browser.post(url).status_code == 302
    team = m.Team.objects.get()
    assert team.reviewed_on and team.review_due == team.reviewed_on + reads.REVIEW_EVERY


def test_the_page_and_the_api_tell_when_each_part_is_due(house, client) -> None:
    never = client.get("/en/directory/teams/cert-xx").content.decode()
    assert never.count("never reviewed") == 4
    moment = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
    actions.reviewed(house.head.viewer, house.team, now=moment)
    rows = client.get("/api/v1/directory/teams/cert-xx").json()["reviews"]
    due = {row["part"]: (row["last"], row["due"]) for row in rows}
    assert due["constituency"][0] == "2026-03-01" < due["constituency"][1]
    assert due["contacts"][0] is None  # only an answered test verifies a contact
    page = client.get("/en/directory/teams/cert-xx").content.decode()
    assert page.count("never reviewed") == 1 and "Next review" in page


def test_a_body_has_one_team(house) -> None:
    actions.apply([record("second")], actions.importing("A list"))
    second = m.Team.objects.get(code="second")
    with pytest.raises(t.DirectoryError, match="has a team"):
        actions.link_body(second, str(house.body.pk))
    with pytest.raises(PermissionDenied):
        actions.link_body(second, str(house.body.pk), viewer=house.head.viewer)
