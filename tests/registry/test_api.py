"""/api/v1/registry, read: kinds with their schema, lists, entries, countries; ETags; nothing hidden."""

from __future__ import annotations

import json

import jsonschema_rs
import pytest
from django.test import Client

from comity.kit.tlp import ANONYMOUS, Label
from comity.registry import reads
from comity.registry.actions import load_sample
from comity.registry.formats.schema import record_schema
from comity.registry.models import Entry, Facet
from comity.registry.reads.facets import facet_names

from .api_world import API, Person, body, get, person, publish, said


@pytest.fixture(scope="module")
def _samples(django_db_setup, django_db_blocker):  # type: ignore[no-untyped-def]
    """One load for the module, rolled back behind it."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        load_sample()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def samples(_samples, db) -> None:
    """The entries that come with the product."""


@pytest.fixture
def maravia(samples) -> Person:
    """A focal point whose body has an entry for the teams registered here, and one for itself."""
    owner = body("Maravia administration", "KE")
    publish(
        said("tool", "green-tool", title="Quillwort for teams", country="KE"), Label.GREEN, owner
    )
    publish(
        said("tool", "amber-tool", title="Quillwort for Maravia", country="KE"), Label.AMBER, owner
    )
    return person("focal_point", owner)


def problem(response, status: int) -> dict:  # type: ignore[no-untyped-def]
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    return dict(response.json())


# --- kinds --------------------------------------------------------------------------------


def test_kinds_are_listed_with_what_one_may_see_of_them(maravia: Person, client: Client) -> None:
    rows = {row["kind"]: row for row in get(client, "/kinds").json()["kinds"]}
    assert list(rows) == list(reads.kinds())
    theirs = {
        row["kind"]: row for row in get(maravia.program("registry"), "/kinds").json()["kinds"]
    }
    assert theirs["tool"]["entries"] == rows["tool"]["entries"] + 2
    assert set(rows["activity"]["label"]) == {"ar", "en", "es", "fr", "ru", "zh"}


@pytest.mark.parametrize("key", list(reads.kinds()))
def test_the_schema_of_each_kind_is_a_schema_and_takes_what_is_held(key: str, samples) -> None:  # type: ignore[no-untyped-def]
    found = reads.kinds()[key]
    schema = record_schema(found, reads.vocabularies(), "en")
    checks = jsonschema_rs.validator_for(schema)
    for entry in Entry.objects.filter(kind=key)[:100]:
        values = [
            {
                "field": row.field,
                "value": row.value,
                "language": row.language,
                "url": "https://example.org/",
            }
            for row in entry.statements.filter(ended=None)
        ]
        record = {"kind": key, "key": entry.key, "subtype": entry.subtype, "values": values}
        assert checks.is_valid(json.loads(json.dumps(record))), (
            entry.key,
            list(checks.iter_errors(record))[:1],
        )


def test_the_schema_refuses_what_the_checks_refuse() -> None:
    schema = record_schema(reads.kinds()["activity"], reads.vocabularies(), "fr")
    good = {"kind": "activity", "values": [{"field": "title", "value": "Exercice"}]}
    checks = jsonschema_rs.validator_for(schema)
    assert checks.is_valid(good)
    for bad in (
        {"kind": "tool", "values": good["values"]},
        {"kind": "activity", "values": []},
        {"kind": "activity", "values": [*good["values"], {"field": "nothing", "value": "x"}]},
        {"kind": "activity", "values": [{"field": "title", "value": 5}]},
        {"kind": "activity", "values": [{"field": "title", "value": "x", "language": "de"}]},
    ):
        assert not checks.is_valid(bad), bad


def test_one_kind_has_fields_and_schema_in_the_language_asked_for(client: Client, db: None) -> None:
    one = get(client, "/kinds/agreement", Accept_Language="ar").json()
    assert one["schema"]["title"] == reads.kinds()["agreement"].label["ar"]
    assert {f["field"] for f in one["fields"]} >= {"title", "party", "country", "provision"}
    problem(get(client, "/kinds/nothing"), 404)


def test_a_vocabulary_has_its_codes(client: Client, db: None) -> None:
    terms = get(client, "/vocabularies/areas").json()["terms"]
    assert len(terms) > 5 and set(terms[0]) == {"code", "parent", "labels"}
    problem(get(client, "/vocabularies/nothing"), 404)


# --- lists --------------------------------------------------------------------------------


def test_pages_by_cursor_hold_every_entry_once(samples, client: Client) -> None:  # type: ignore[no-untyped-def]
    seen: list[str] = []
    after = ""
    while True:
        page = get(client, f"/entries?kind=activity&limit=40&after={after}").json()
        seen += [row["key"] for row in page["entries"]]
        if page["next"] is None:
            break
        after = page["next"]
    assert (
        len(seen)
        == len(set(seen))
        == page["total"]
        == Entry.objects.filter(kind="activity").count()
    )
    assert page["more_than"] is False


def test_facets_filter_and_are_counted(samples, client: Client) -> None:  # type: ignore[no-untyped-def]
    page = get(client, "/entries?country=KE&facets=kind,country,region".replace("kind,", "")).json()
    assert page["total"] == len(page["entries"]) > 0
    assert {"value": "KE", "n": page["total"]} in page["facets"]["country"]
    both = get(client, "/entries?country=KE&country=UG").json()["total"]
    assert both >= page["total"]
    assert get(client, "/entries?country=KE&year=2014").json()["total"] <= page["total"]


def test_every_facet_that_is_made_can_be_asked_for(samples) -> None:  # type: ignore[no-untyped-def]
    for kind in reads.kinds():
        made = set(Facet.objects.filter(kind=kind).values_list("facet", flat=True))
        assert made <= set(facet_names(kind)), kind


@pytest.mark.parametrize(
    ("path", "place", "told"),
    [
        ("/entries?kind=nothing", "kind", "activity"),
        ("/entries?colour=red", "colour", "country"),
        ("/entries?facets=colour", "colour", "country"),
        ("/entries?kind=term&party_level=state", "party_level", "language"),
        ("/entries?after=zzz", "", "first page"),
        ("/entries?" + "&".join(f"country=A{n}" for n in range(60)), "facets", "50"),
        ("/entries?q=" + "x" * 600, "q", "fewer"),
    ],
)
def test_what_cannot_be_asked_says_what_can(
    path: str, place: str, told: str, client: Client, db: None
) -> None:
    said = problem(get(client, path), 400)
    (error,) = said["errors"]
    assert place in error["pointer"] and told in error["remedy"]


def test_a_limit_out_of_range_is_unfit(client: Client, db: None) -> None:
    assert "limit" in problem(get(client, "/entries?limit=501"), 422)["errors"][0]["pointer"]
    problem(get(client, "/search"), 422)


def test_search_finds_in_every_kind(samples, client: Client) -> None:  # type: ignore[no-untyped-def]
    page = get(client, "/search?q=cybersecurity").json()
    assert page["total"] > 10 and len({row["kind"] for row in page["entries"]}) > 2
    assert get(client, "/search?q=%E2%80%A6").json()["total"] == 0


# --- one entry ----------------------------------------------------------------------------


def test_an_entry_is_one_by_key_and_by_id_and_has_its_sources(samples, client: Client) -> None:  # type: ignore[no-untyped-def]
    row = get(client, "/entries?kind=agreement&limit=1").json()["entries"][0]
    one = get(client, f"/entries/agreement/{row['key']}").json()
    assert get(client, f"/entries/by-id/{row['id']}").json() == one
    assert one["statements"] and all(s["said_by"] for s in one["statements"])
    past = get(client, f"/entries/agreement/{row['key']}/history").json()["statements"]
    assert len(past) == len(one["statements"]) and all(
        s["made"] and s["ended"] is None for s in past
    )


def test_a_country_counts_its_entries(samples, client: Client) -> None:  # type: ignore[no-untyped-def]
    kenya = get(client, "/countries/ke").json()
    assert kenya["code"] == "KE" and kenya["names"]["fr"] == "Kenya"
    assert sum(kenya["entries"].values()) == get(client, "/entries?country=KE").json()["total"]
    problem(get(client, "/countries/XX"), 404)


# --- who sees what ------------------------------------------------------------------------

PLACES = (
    "/entries/tool/{key}",
    "/entries/tool/{key}/history",
    "/entries/by-id/{id}",
)


def test_what_one_may_not_see_is_nowhere(maravia: Person, client: Client) -> None:
    ids = dict(Entry.objects.filter(key__endswith="-tool").values_list("key", "id"))
    assert {"green-tool", "amber-tool"} <= set(ids)
    stranger = person("reader")
    member = person("reader", body("Other team"))
    sees = (
        (client, set()),
        (stranger.program("registry"), set()),
        (member.program(), {"green-tool"}),
        (maravia.program(second_factor=False), {"green-tool"}),
        (maravia.program(), {"green-tool", "amber-tool"}),
        (maravia.browser, {"green-tool"}),  # no second factor in this session
    )
    for program, seen in sees:
        for key, id_ in ids.items():
            if key not in ("green-tool", "amber-tool"):
                continue
            for place in PLACES:
                status = get(program, place.format(key=key, id=id_)).status_code
                assert status == (200 if key in seen else 404), (key, place)
        for path in (
            "/entries?q=quillwort",
            "/search?q=quillwort",
            "/entries?kind=tool&q=quillwort&facets=country",
        ):
            page = get(program, path).json()
            assert page["total"] == len(seen) == len(page["entries"])
            if "facets" in path:
                assert page["facets"]["country"] == (
                    [{"value": "KE", "n": len(seen)}] if seen else []
                )


def test_absence_and_refusal_read_the_same(maravia: Person, client: Client) -> None:
    hidden = get(client, "/entries/tool/amber-tool").json()
    absent = get(client, "/entries/tool/umber-tool").json()
    assert hidden | {"instance": ""} == absent | {"instance": ""}


# --- asked again --------------------------------------------------------------------------


def test_an_unchanged_answer_is_not_sent_again(maravia: Person, client: Client) -> None:
    for program, control in ((client, "no-cache"), (maravia.program(), "private, no-cache")):
        for path in (
            "/kinds",
            "/entries?q=quillwort",
            "/entries/agreement/agr-001",
            "/countries/KE",
        ):
            first = get(program, path)
            tag = first["ETag"]
            assert tag.startswith('"') and first.status_code == 200, path
            assert {"Authorization", "Cookie"} <= {v.strip() for v in first["Vary"].split(",")}
            assert set(first["Cache-Control"].split(", ")) == set(control.split(", "))
            again = get(program, path, If_None_Match=tag)
            assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
            assert get(program, path, If_None_Match='"other"').status_code == 200


def test_the_tag_is_of_what_this_viewer_sees(maravia: Person, client: Client) -> None:
    path = "/entries?q=quillwort"
    mine, theirs = get(maravia.program(), path), get(client, path)
    assert mine["ETag"] != theirs["ETag"]
    assert get(client, path, If_None_Match=mine["ETag"]).status_code == 200


def test_the_tag_changes_with_the_entry(maravia: Person) -> None:
    program = maravia.program()
    before = get(program, "/entries/tool/green-tool")["ETag"]
    publish(
        said("tool", "green-tool", title="Quillwort two", country="KE"), Label.GREEN, maravia.body
    )
    assert get(program, "/entries/tool/green-tool", If_None_Match=before).status_code == 200


def test_a_list_takes_few_queries(samples, client: Client, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    with django_assert_max_num_queries(6):
        get(client, "/entries?kind=activity&facets=country,area")
    with django_assert_max_num_queries(6):
        get(client, "/entries/agreement/agr-001")


def test_what_the_list_says_the_reads_say(samples, client: Client) -> None:  # type: ignore[no-untyped-def]
    page = reads.listing(ANONYMOUS, reads.Question("agreement"), limit=5)
    assert get(client, "/entries?kind=agreement&limit=5").json()["entries"] == [
        reads.as_row(entry) for entry in page.entries
    ]
    assert API.startswith("/api/v1")
