"""Communities: the secretariat keeps them, sources stand beside, teams say that they are in one."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from comity.directory import actions, reads
from comity.directory import models as m
from comity.directory import types as t
from comity.directory.types import DirectoryError
from comity.kit.tlp import ANONYMOUS, Label
from tests.directory.conftest import OTHER, record

pytestmark = pytest.mark.django_db
NEW = "/en/directory/communities/new"


def filled(who, address, **changes):  # type: ignore[no-untyped-def]
    form = who.browser.get(address).context["form"]
    return {f.html_name: f.value() or "" for f in form if f.value() is not False} | changes


def test_the_secretariat_adds_and_corrects_a_community(house, client) -> None:
    desk = house.secretariat
    data = filled(
        desk,
        NEW,
        name="Network of the Lakes",
        code="lakes",
        kind="membership_network",
        established="2019-05",
        website="https://lakes.example/",
        evidence_title="Its charter",
        members="KE, full member, since 2019\nUganda\ncert-xx, host",
    )
    assert desk.browser.post(NEW, data).status_code == 302
    page = client.get("/en/directory/communities/lakes").content.decode()
    for words in ("Network of the Lakes", "Kenya", "Uganda", "CERT-XX", "full member", "May 2019"):
        assert words in page, words
    edit = "/en/directory/communities/lakes/edit"
    data = filled(desk, edit)
    assert data["members"].splitlines() == [
        "cert-xx, host",
        "KE, full member, since 2019",
        "UG",
    ]
    data |= {"members": "KE, full member, since 2019", "complete": "on"}
    assert desk.browser.post(edit, data).status_code == 302
    held = reads.community(ANONYMOUS, "lakes")
    assert [row.country for row in held.members] == ["KE"] and not held.community.partial
    assert m.CommunityMember.objects.filter(ended__isnull=False).count() == 2


def test_a_source_s_members_stand_and_sample_data_may_go(house) -> None:
    actions.load_sample()
    before = len(reads.community(ANONYMOUS, "oic-cert").members)
    facts = {"name": "OIC-CERT", "kind": "membership_network"}
    actions.keep_community(
        house.secretariat.viewer, "oic-cert", facts, [actions.Member(country="KE")]
    )
    assert len(reads.community(ANONYMOUS, "oic-cert").members) == before + 1
    actions.remove_sample()
    assert m.Community.objects.get(code="oic-cert").sample is False


def test_the_same_again_leaves_no_line(house) -> None:
    from comity.ledger.models import Act

    def keep() -> None:
        members = [actions.Member(country="KE"), actions.Member(team="cert-xx")]
        actions.keep_community(house.secretariat.viewer, "lakes", {"name": "Lakes"}, members)

    keep()
    before = (Act.objects.count(), m.CommunityMember.objects.count())
    keep()
    assert (Act.objects.count(), m.CommunityMember.objects.count()) == before


@pytest.mark.parametrize(
    ("code", "facts", "members", "place"),
    [
        ("new", {"name": "X"}, [], "code"),
        ("no code", {"name": "X"}, [], "code"),
        ("x", {}, [], "name"),
        ("x", {"name": "X", "kind": "circus"}, [], "kind"),
        ("x", {"name": "X", "established": "30 February"}, [], ""),
        ("x", {"name": "X" * 301}, [], "name"),
        ("x", {"name": "X"}, [actions.Member(team="nobody")], "members"),
    ],
)
def test_what_does_not_fit_is_told_and_nothing_is_kept(house, code, facts, members, place) -> None:
    with pytest.raises(DirectoryError) as refused:
        actions.keep_community(house.secretariat.viewer, code, facts, members)
    assert refused.value.remedy and refused.value.place == place
    assert not m.Community.objects.exists()


def test_nobody_else_keeps_one_and_an_old_form_is_refused(house) -> None:
    with pytest.raises(PermissionDenied):
        actions.keep_community(house.head.viewer, "lakes", {"name": "Lakes"}, [])
    data = filled(house.secretariat, NEW, name="Lakes", code="lakes")
    actions.keep_community(house.secretariat.viewer, "lakes", {"name": "Other"}, [])
    page = house.secretariat.browser.post(NEW, data)
    assert page.status_code == 200 and "Somebody changed this community" in page.content.decode()
    assert m.Community.objects.get().name == "Other"


def test_a_team_that_says_it_is_in_a_community_is_among_its_members(house, client) -> None:
    actions.load_sample()
    mine = t.Value("membership", {"community": "oic cert", "level": "full", "since": "2014"})
    hidden = t.Value("membership", {"community": "AfricaCERT"}, Label.GREEN)
    actions.apply([record(values=(mine, hidden))], OTHER)
    page = client.get("/en/directory/communities/oic-cert").content.decode()
    assert "CERT-XX" in page
    found = client.get("/api/v1/directory/communities/oic-cert").json()["members"]
    assert "cert-xx" in [row["team"] for row in found]
    listed = client.get("/en/directory/?community=oic-cert")
    assert [row.team.code for row in listed.context["listed"].rows] == ["cert-xx"]
    # What is GREEN adds to no count and no list of who may not see it.
    assert "CERT-XX" not in client.get("/en/directory/communities/africacert").content.decode()
    assert not client.get("/en/directory/?community=africacert").context["listed"].rows
    counts = {
        row["code"]: row["teams"] for row in client.get("/api/v1/directory/communities").json()
    }
    assert (counts["oic-cert"], counts["africacert"]) == (1, 0)
