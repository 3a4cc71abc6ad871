"""Pages: the list narrows and turns, the number of queries stays, an import is seen before it is."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from comity.directory import actions, reads
from comity.directory import models as m
from comity.directory import types as t
from comity.directory.formats import any as formats
from comity.directory.rules.services import framework
from comity.kit.tlp import ANONYMOUS
from tests.directory.conftest import SOURCE, person, record

pytestmark = pytest.mark.django_db


@pytest.fixture
def sample(db: None) -> None:
    actions.load_sample()


def codes(page) -> list[str]:  # type: ignore[no-untyped-def]
    return re.findall(r'href="/en/directory/teams/([\w-]+)"', page.content.decode())


def test_the_list_turns_forth_and_back(sample, client) -> None:
    first = client.get("/en/directory/")
    assert "1 to 40 of 67" in first.content.decode()
    (after,) = re.findall(r'rel="next" href="([^"]+)"', first.content.decode())
    second = client.get(f"/en/directory/{after}")
    assert "41 to 67 of 67" in second.content.decode()
    assert len(codes(first) + codes(second)) == len({*codes(first), *codes(second)}) == 67
    (before,) = re.findall(r'rel="prev" href="([^"]+)"', second.content.decode())
    back = client.get(before if before.startswith("/") else f"/en/directory/{before}")
    assert codes(back) == codes(first)


def test_the_list_is_narrowed(sample, client) -> None:
    def listed(query: str) -> set[str]:
        return set(codes(client.get(f"/en/directory/?{query}")))

    assert listed("country=KE") == {"ke-ke-cirt-cc"}
    assert listed("country=ke") == listed("country=KE")
    assert listed("q=Sample+CSIRT") == {f"csirt-sample-{x}" for x in "abc"}
    africa = {row.country for row in m.Team.objects.filter(code__in=listed("region=AFR"))}
    assert "KE" in africa and "DE" not in africa
    assert listed("kind=academic") == {"csirt-sample-b"}
    assert listed("freshness=fresh") == set() and len(listed("freshness=never")) == 40
    assert listed("kind=national&country=KE&q=zzz") == set()


def test_freshness_in_sql_is_the_rule(house, client) -> None:
    from comity.directory.rules.freshness import freshness

    today = timezone.now().date()
    for days in (None, -2, -1, 0, 90, 91, 183, 184, 900):
        day = None if days is None else today - dt.timedelta(days=days)
        m.Contact.objects.filter(value__startswith="cert-clear").update(verified_on=day)
        for age in t.Freshness:
            rows = reads.page(ANONYMOUS, reads.Wanted(freshness=age.value), today).rows
            assert bool(rows) is (freshness(day, today) is age), (days, age)


def test_queries_do_not_grow_with_what_is_said(sample, client, django_assert_num_queries) -> None:
    with django_assert_num_queries(8):
        client.get("/en/directory/")
    with django_assert_num_queries(13):
        client.get("/en/directory/teams/csirt-sample-a")
    many = record(
        "many",
        country="KE",
        values=tuple(t.Value("service", code) for code in framework()),
        holdings=tuple(t.Holding(t.HoldingKind.ASN, f"AS{n}") for n in range(1, 200)),
    )
    actions.apply([many], SOURCE)
    with django_assert_num_queries(13):
        client.get("/en/directory/teams/many")
    with django_assert_num_queries(6):
        client.get("/en/directory/countries")


def test_the_cursor_gives_each_team_once(sample, client) -> None:
    found: list[str] = []
    cursor = ""
    while True:
        body = client.get(f"/api/v1/directory/teams?limit=25&cursor={cursor}").json()
        found += [row["code"] for row in body["items"]]
        if body["next"] is None:
            break
        cursor = body["next"]
    assert len(found) == len(set(found)) == 67
    assert client.get("/api/v1/directory/teams?cursor=zzz").status_code == 400
    other = client.get(f"/api/v1/directory/teams?country=KE&cursor={cursor}")
    assert other.status_code == 400  # a cursor belongs to its question
    answer = client.get("/api/v1/directory/teams")
    again = client.get("/api/v1/directory/teams", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304


def test_an_import_is_seen_before_it_is_done(sample) -> None:
    who = person("loader", "secretariat")
    rows = [record("new-one", country="UG")]
    data = formats.WRITERS["csv"](rows)
    given = {"form": "csv", "name": "A list", "url": "https://list.example/"}
    page = who.browser.post(
        "/en/directory/import", given | {"file": SimpleUploadedFile("teams.csv", data)}
    )
    assert page.status_code == 200 and "new-one" in page.content.decode()
    assert not m.Team.objects.filter(code="new-one").exists()
    (sha256,) = set(re.findall(r'name="sha256" value="(\w{64})"', page.content.decode()))
    wrong = who.browser.post("/en/directory/import", given | {"sha256": "0" * 64})
    assert wrong.status_code == 200 and "here no longer" in wrong.content.decode()
    assert who.browser.post("/en/directory/import", given | {"sha256": sha256}).status_code == 302
    assert m.Team.objects.get(code="new-one").country == "UG"
    assert m.Contact.objects.filter(team__code="new-one", said_by="A list").exists()
    shorter = formats.WRITERS["csv"]([record("another", country="UG")])
    page = who.browser.post(
        "/en/directory/import", given | {"file": SimpleUploadedFile("teams.csv", shorter)}
    )
    assert "the source named this team before" in page.content.decode()
    assert [f["what"] for f in page.context["findings"]] == ["new-one"]


@pytest.mark.parametrize(
    ("form", "data"),
    [
        ("ti", b"[{"),
        ("xlsx", b"PK\x03\x04 no zip"),
        ("csv", b"\xff\xfe\x00"),
        ("csv", b""),
        ("first", b"<html>"),
    ],
)
def test_what_cannot_be_read_is_told_and_nothing_is_kept(form, data, db) -> None:
    who = person("loader", "secretariat")
    before = m.Team.objects.count()
    given = {"form": form, "name": "A list", "file": SimpleUploadedFile("file", data)}
    page = who.browser.post("/en/directory/import", given)
    assert page.status_code == 200
    assert not re.findall(r'name="sha256"', page.content.decode())
    assert m.Team.objects.count() == before


def test_too_large_is_refused_before_it_is_read(db, monkeypatch) -> None:
    from comity.directory.pages import importing

    monkeypatch.setattr(importing, "LARGEST", 10)
    who = person("loader", "secretariat")
    given = {"form": "csv", "name": "A list", "file": SimpleUploadedFile("file", b"x" * 11)}
    page = who.browser.post("/en/directory/import", given)
    assert "20 MB" in page.content.decode()


def test_local_time_is_the_other_side_s(house, client) -> None:
    from zoneinfo import ZoneInfo

    page = client.get("/en/directory/teams/cert-xx").content.decode()
    there = timezone.now().astimezone(ZoneInfo("Africa/Nairobi"))
    assert f"{there:%H}:" in page and "UTC+3" in page


def test_one_place_of_the_navigation_is_here(sample, client) -> None:
    for url, words in (("call", "Whom to call"), ("", "Directory"), ("countries", "Directory")):
        page = client.get(f"/en/directory/{url}").content.decode()
        nav = page[page.index('<nav class="nav"') : page.index("</nav>")]
        assert re.findall(r'aria-current="\w+">([^<]+)<', nav) == [words]


def test_the_home_page_has_the_doors(sample, client) -> None:
    page = client.get("/en/").content.decode()
    assert "/en/directory/call" in page and "countries with a national team" in page


def test_reviews_are_the_secretariats_and_ones_own(house) -> None:
    actions.apply([record("foreign", country="UG")], SOURCE)
    theirs = codes(house.secretariat.browser.get("/en/directory/reviews"))
    assert set(theirs) == {"cert-xx", "foreign"}
    assert set(codes(house.focal.browser.get("/en/directory/reviews"))) == {"cert-xx"}
    assert house.reader.browser.get("/en/directory/reviews").status_code == 403


def test_a_body_says_what_it_does(house, client) -> None:
    from django.core.exceptions import PermissionDenied

    key = house.body.pk
    face = actions.describe_body(
        house.head.viewer, key, mandate_areas=["incident response"], expertise=["5G"]
    )
    again = actions.describe_body(
        house.focal.viewer, key, mandate_areas=["incident response"], expertise=["5G"]
    )
    assert face == again
    actions.describe_body(house.secretariat.viewer, key, expertise=["spam"])
    page = client.get("/en/directory/bodies").content.decode()
    assert "incident response" in page and "5G" in page and "spam" in page
    with pytest.raises(PermissionDenied):
        actions.describe_body(house.reader.viewer, key)


@pytest.mark.parametrize("form", ["first", "ti", "cerebrate", "csv", "xlsx"])
def test_what_is_imported_can_be_exported_at_every_door(sample, client, form) -> None:
    """The page links the file of the list as it is narrowed; API and command line give its bytes."""
    from click.testing import CliRunner

    from comity.directory.cli import directory
    from comity.directory.formats import any as formats

    address = f"/api/v1/directory/teams.{form}?country=KE"
    assert address.replace("&", "&amp;") in client.get("/en/directory/?country=KE").content.decode()
    data = client.get(address).content
    (team,) = formats.READERS[form](data).teams
    assert team.country == "KE"
    done = CliRunner().invoke(directory, ["export", "--format", form, "--country", "ke"])
    assert done.exit_code == 0
    if form != "xlsx":  # the hour stands in a workbook
        assert done.stdout_bytes == data
    mine = client.get("/en/directory/teams/csirt-sample-a").content.decode()
    ending = form if form in ("csv", "xlsx") else f"{form}.json"
    one = f"/api/v1/directory/teams/csirt-sample-a.{ending}"
    assert one in mine
    assert len(formats.READERS[form](client.get(one).content).teams) == 1


def test_the_page_and_the_api_read_an_old_encoding_that_is_named(house) -> None:
    head = "team,country,purpose,kind,value,label\n"
    row = "КРУТО,KZ,incident,email,cert@cert-kz.example,TLP:CLEAR\n"
    data = f"{head}{row}".encode("windows-1251")

    def given(**more):  # type: ignore[no-untyped-def]
        file = SimpleUploadedFile("old.csv", data)
        return {"name": "A list", "encoding": "windows-1251", "file": file} | more

    desk = house.secretariat.browser
    page = desk.post("/en/directory/import", given(form="csv"))
    assert "КРУТО" in page.content.decode()
    hidden = {"form": "csv", "name": "A list", "sha256": page.context["sha256"]}
    done = desk.post("/en/directory/import", hidden | {"encoding": "windows-1251"})
    assert done.status_code == 302 and m.Team.objects.filter(name="КРУТО", country="KZ").exists()
    again = desk.post("/api/v1/directory/import", given(format="csv")).json()
    assert again["differences"] == [] and again["teams"] == 1
