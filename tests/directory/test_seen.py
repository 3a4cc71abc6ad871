"""Nobody gets a contact that they may not see, by whatever door: checked against the kit's rule."""

from __future__ import annotations

import json

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comity.directory import models as m
from comity.directory import reads
from comity.directory.formats import any as formats
from comity.kit import tlp
from comity.kit.tlp import ANONYMOUS, DEFAULT_COMMUNITY, Viewer
from comity.people.reads import handlings

pytestmark = pytest.mark.django_db
WHAT = ("198.51.100.7", "203.0.113.7", "KE")


def seen_by(viewer: Viewer) -> set[str]:
    """The mailboxes that `kit.tlp` lets a viewer see."""
    rows = list(m.Contact.objects.filter(ended=None))
    held = handlings(row.handling_id for row in rows)
    return {row.value for row in rows if tlp.may_see(viewer, held[row.handling_id])}


def told_to(viewer: Viewer, code: str) -> str:
    """Everything that the reads give a viewer, as one text."""
    now = timezone.now()
    team = reads.team(viewer, code)
    said = [repr(reads.record(viewer, team))]
    page = reads.profile(viewer, code, now=now)
    said += [row.value for row in page.reached.contacts]
    for text in WHAT:
        for row in reads.responsible(viewer, text, now=now).rows:
            said += [c.value for c in row.reached.contacts]
    said += [
        formats.WRITERS[form]([reads.record(viewer, team)]).decode("utf-8", "replace")
        for form in ("first", "ti", "cerebrate", "csv", "rfc2350", "vcard")
    ]
    return "\n".join(said)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_random_viewer_gets_what_the_rule_allows_and_nothing_else(house, data) -> None:
    person, body = house.head.account.person_id, house.body.pk
    viewer = Viewer(
        person=data.draw(st.sampled_from([None, person, house.reader.account.person_id])),
        bodies=data.draw(st.sampled_from([frozenset(), frozenset({body})])),
        clients_of=data.draw(st.sampled_from([frozenset(), frozenset({body})])),
        groups=data.draw(st.sampled_from([frozenset(), frozenset({DEFAULT_COMMUNITY})])),
        roles=data.draw(st.sampled_from([frozenset(), frozenset({"secretariat"})])),
        second_factor=data.draw(st.booleans()),
    )
    allowed = seen_by(viewer)
    text = told_to(viewer, "cert-xx")
    for row in m.Contact.objects.filter(ended=None):
        assert (row.value in text) is (row.value in allowed), (row.value, viewer)


def test_the_doors_give_the_same_and_no_more(house) -> None:
    people = (house.head, house.focal, house.secretariat, house.reader)
    everything = set(m.Contact.objects.values_list("value", flat=True))
    for who in people:
        # A browser of the test has a password and no second factor: AMBER stays shut.
        allowed = seen_by(
            Viewer(
                person=who.viewer.person,
                bodies=who.viewer.bodies,
                groups=who.viewer.groups,
                roles=who.viewer.roles,
            )
        )
        browser = who.browser
        for url in (
            "/en/directory/teams/cert-xx",
            "/en/directory/call?q=198.51.100.7",
            "/en/directory/call?q=KE",
            "/api/v1/directory/teams/cert-xx",
            "/api/v1/directory/teams/cert-xx.csv",
            "/api/v1/directory/teams/cert-xx.vcf",
            "/api/v1/directory/teams/cert-xx/rfc2350.txt",
            "/api/v1/directory/responsible?q=198.51.100.7",
            "/api/v1/directory/teams.ti",
        ):
            answer = browser.get(url)
            assert answer.status_code == 200, url
            text = answer.content.decode()
            assert not {v for v in everything - allowed if v in text}, (url, who)
            if url.endswith("cert-xx"):
                assert {v for v in allowed if v in text} == allowed, (url, who)


def test_a_network_that_is_marked_answers_only_those_who_may_see_it(house) -> None:
    now = timezone.now()
    hidden = reads.responsible(ANONYMOUS, "203.0.113.7", now=now)
    assert hidden.rows == ()
    (found,) = reads.responsible(house.head.viewer, "203.0.113.7", now=now).rows
    assert found.answer.matched == "203.0.113.0/24"


def test_counts_tell_nothing_of_what_is_hidden(house, client) -> None:
    page = client.get("/en/directory/teams/cert-xx").content.decode()
    assert "203.0.113.0/24" not in page and "and 1 more" not in page
    body = json.loads(client.get("/api/v1/directory/teams/cert-xx").content)
    (networks,) = [row for row in body["holdings"] if row["kind"] == "prefix"]
    assert [row["value"] for row in networks["values"]] == ["198.51.100.0/24"]
    assert networks["more"] == 0
    assert "said: 2 facts, 1 contact" in page  # of five contacts one is CLEAR


def test_red_is_the_writers_alone(house) -> None:
    """What an import marks RED names nobody, so nobody reads it: safe until a person says it."""
    assert not [v for v in seen_by(house.head.viewer) if "red" in v]
