"""A body says what it is charged with and what it knows; the secretariat beside it, nobody else."""

from __future__ import annotations

import json

import pytest
from django.core.exceptions import PermissionDenied

from comity.directory import actions, reads
from comity.directory import models as m
from comity.directory.cli import directory
from comity.directory.types import DirectoryError
from comity.kit.tlp import ANONYMOUS
from comity.people.actions import add_body
from tests.directory.conftest import person

pytestmark = pytest.mark.django_db


def page_of(body) -> str:  # type: ignore[no-untyped-def]
    return f"/en/directory/bodies/{body.pk}"


def filled(who, body, **changes):  # type: ignore[no-untyped-def]
    form = who.browser.get(f"{page_of(body)}/describe").context["form"]
    return {field.html_name: field.value() or "" for field in form} | changes


def test_a_body_describes_itself_and_everybody_reads_it(house, client) -> None:
    data = filled(
        house.focal,
        house.body,
        kind="government",
        name_fr="Ministère des communications",
        name_ar="وزارة الاتصالات",
        mandate_areas="incident response\ncritical  infrastructure\n",
        expertise="5G\n5G\nspam",
        website="https://ministry.example/",
    )
    done = house.focal.browser.post(f"{page_of(house.body)}/describe", data)
    assert done.status_code == 302 and done.headers["Location"] == page_of(house.body)
    page = client.get(page_of(house.body)).content.decode()
    for words in (
        "Ministère des communications",
        "وزارة الاتصالات",
        "critical infrastructure",
        "spam",
        "https://ministry.example/",
        "ministry or government agency",
        "the body itself",
    ):
        assert words in page, words
    assert page_of(house.body) in client.get("/en/directory/bodies").content.decode()
    assert page_of(house.body) in client.get("/en/directory/countries/KE").content.decode()
    (row,) = client.get("/api/v1/directory/bodies").json()
    assert row == client.get(f"/api/v1/directory/bodies/{house.body.pk}").json()
    assert row["described"][0]["mandate_areas"] == ["incident response", "critical infrastructure"]
    assert row["described"][0]["expertise"] == ["5G", "spam"]
    assert row["names"]["fr"] == "Ministère des communications" and row["team"] == "cert-xx"


def test_the_secretariat_stands_beside_and_never_over(house) -> None:
    key = house.body.pk
    actions.describe_body(house.head.viewer, key, expertise=["5G"])
    actions.describe_body(house.secretariat.viewer, key, expertise=["spam"])
    row = reads.body(ANONYMOUS, key)
    assert [(face.speaker, face.expertise) for face in row.faces] == [
        ("own", ["5G"]),
        ("secretariat", ["spam"]),
    ]
    for who in (house.reader, person("elsewhere", "head", body=add_body("Elsewhere"))):
        with pytest.raises(PermissionDenied):
            actions.describe_body(who.viewer, key, expertise=["mine"])
        assert who.browser.get(f"{page_of(house.body)}/describe").status_code == 403


def test_what_is_said_again_leaves_no_line_and_what_is_taken_back_ends(house) -> None:
    from comity.ledger.models import Act

    key, head = house.body.pk, house.head.viewer
    actions.describe_body(head, key, expertise=["5G"])
    before = Act.objects.count()
    actions.describe_body(head, key, expertise=["5G"])
    assert Act.objects.count() == before
    assert actions.describe_body(head, key) is None
    assert Act.objects.count() == before + 1
    assert reads.body(ANONYMOUS, key).faces == ()
    assert m.BodyFace.objects.get().ended is not None
    assert actions.describe_body(head, key) is None
    assert Act.objects.count() == before + 1


def test_a_form_that_is_out_of_date_is_refused(house) -> None:
    data = filled(house.focal, house.body, expertise="mine")
    actions.describe_body(house.head.viewer, house.body.pk, expertise=["5G"])
    page = house.focal.browser.post(f"{page_of(house.body)}/describe", data)
    assert page.status_code == 200 and "Somebody changed this description" in page.content.decode()
    assert reads.body(ANONYMOUS, house.body.pk).faces[0].expertise == ["5G"]


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"kind": "circus"}, "kind"),
        ({"names": {"sw": "Wizara"}}, "names"),
        ({"expertise": ["x" * 201]}, "expertise"),
        ({"expertise": [str(n) for n in range(61)]}, "expertise"),
        ({"mandate_areas": ["\x00"]}, "mandate_areas"),
        ({"website": "javascript:alert(1)"}, ""),
    ],
)
def test_what_does_not_fit_is_told(house, given, place) -> None:
    with pytest.raises(DirectoryError) as refused:
        actions.describe_body(house.head.viewer, house.body.pk, **given)
    assert refused.value.remedy and refused.value.place == place


def test_that_a_silent_body_is_here_is_nobody_elses_business(house, client) -> None:
    silent = add_body("Silent body", country="UG")
    member = person("member", "contributor", body=silent)
    assert client.get(page_of(silent)).status_code == 404
    assert client.get(f"/api/v1/directory/bodies/{silent.pk}").status_code == 404
    assert "Silent body" not in client.get("/en/directory/bodies").content.decode()
    for who in (member, house.secretariat):
        assert who.browser.get(page_of(silent)).status_code == 200
        assert "Silent body" in who.browser.get("/en/directory/bodies").content.decode()


def test_the_command_line_lists_bodies(house) -> None:
    from click.testing import CliRunner

    actions.describe_body(house.head.viewer, house.body.pk, expertise=["5G"])
    done = CliRunner().invoke(directory, ["bodies"])
    (row,) = [json.loads(line) for line in done.stdout.splitlines()]
    assert (row["name"], row["described"][0]["expertise"]) == ("Ministry", ["5G"])
