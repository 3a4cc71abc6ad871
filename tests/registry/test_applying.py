"""'We apply this since': a State's own word beside those of others."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comity.kit.tlp import ANONYMOUS, Label
from comity.registry import reads
from comity.registry.actions.applying import say_applied
from comity.registry.models import Entry, Statement
from comity.registry.types import BadValue, Outcome, RegistryError
from tests.registry.desk_world import Somebody, event, part, somebody, text_of, written


@pytest.fixture
def focal(db: None) -> Somebody:
    return somebody("Focal Kenya", "focal_point", country="KE")


@pytest.fixture
def practice(db: None) -> Entry:
    return written(
        "practice",
        {"title": "Publish security.txt", "area": ["best_practice"]},
        key="prc-1",
        evidence_title="RFC 9116",
    )


def say(who: Somebody, what: str = "applies", date: str = "2019-06", **more: Any) -> Outcome:
    return say_applied(
        who.viewer, "practice", "prc-1", body=who.body.pk, event=what, date=date, **more
    )


def said(entry: Entry) -> list[tuple[str, str]]:
    rows = reads.statements(ANONYMOUS, [entry])[entry.pk]
    return [(r.value["event"], r.value["date"]) for r in rows if r.field == "applied_since"]


def test_a_state_says_so_and_others_words_stay(focal: Somebody, practice: Entry) -> None:
    before = Statement.objects.filter(ended__isnull=True).count()
    assert say(focal, evidence_url="https://example.org/decree") is Outcome.UPDATED
    assert Statement.objects.filter(ended__isnull=True).count() == before + 1
    assert said(practice) == [("applies", "2019-06")]
    shown = text_of(part("_applied", "practice", "prc-1"))
    assert "Kenya Body of Focal Kenya applied in full" in shown and "June 2019" in shown


def test_saying_it_again_changes_nothing_and_otherwise_replaces_it(
    focal: Somebody, practice: Entry
) -> None:
    say(focal)
    assert say(focal) is Outcome.UNCHANGED
    say(focal, "stopped", "2024")
    assert said(practice) == [("stopped", "2024")]
    assert Statement.objects.filter(ended__isnull=False, field="applied_since").count() == 1


def test_two_states_stand_side_by_side(focal: Somebody, practice: Entry) -> None:
    other = somebody("Focal Chad", "focal_point", country="TD")
    say(focal)
    say(other, "applies_in_part", "2021")
    assert sorted(said(practice)) == [("applies", "2019-06"), ("applies_in_part", "2021")]
    page = text_of(part("_applied", "practice", "prc-1"))
    assert page.index("Chad") < page.index("Kenya"), "by country"


WORDS = st.dictionaries(
    st.sampled_from(["summary", "lessons", "country", "note"]),
    st.sampled_from(["KE", "UG"]),
    max_size=4,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(own=WORDS, times=st.integers(1, 3))
def test_what_the_body_says_besides_stands_unchanged(
    focal: Somebody, own: dict[str, str], times: int
) -> None:
    from django.db import transaction

    with transaction.atomic():
        entry = written(
            "practice", {"title": "Own"} | own, owner=focal.body, key="own", label=Label.CLEAR,
            since="2020", evidence_title="Decree",
        )  # fmt: skip
        before = set(Statement.objects.filter(ended__isnull=True).values_list("pk", flat=True))
        for year in range(times):
            say_applied(
                focal.viewer,
                "practice",
                "own",
                body=focal.body.pk,
                event="applies",
                date=str(2019 + year),
            )
        after = set(Statement.objects.filter(ended__isnull=True).values_list("pk", flat=True))
        assert before < after and len(after - before) == 1
        assert said(entry) == [("applies", str(2018 + times))]
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("what", "date", "place"),
    [
        ("applies", "30 February", "applied_since"),
        ("applies", "2019-02-30", "applied_since"),
        ("loves", "2019", "applied_since"),
        ("applies", "2999", "date"),
    ],
)
def test_bad_words_are_told_with_their_place(
    what: str, date: str, place: str, focal: Somebody, practice: Entry
) -> None:
    with pytest.raises(BadValue) as caught:
        say(focal, what, date)
    assert caught.value.place == place and caught.value.remedy
    assert said(practice) == []
    assert say(focal, "planned", "2999") is Outcome.UPDATED


def test_only_those_who_speak_for_the_body_say_so(focal: Somebody, practice: Entry) -> None:
    contributor = somebody("Contributor", "contributor", body=focal.body)
    other = somebody("Other", "focal_point")
    for viewer in (contributor.viewer, other.viewer):
        with pytest.raises(RegistryError):
            say_applied(viewer, "practice", "prc-1", body=focal.body.pk, event="applies")
    for kind, key in (("practice", "none"), ("tool", "prc-1"), ("nothing", "x")):
        with pytest.raises(reads.NotHeld):
            say_applied(focal.viewer, kind, key, body=focal.body.pk, event="applies")


def test_what_one_may_not_see_one_cannot_speak_of(focal: Somebody) -> None:
    other = somebody("Other", "focal_point")
    hidden = written("practice", {"title": "Hidden"}, owner=other.body, label=Label.AMBER)
    with pytest.raises(reads.NotHeld):
        say_applied(focal.viewer, "practice", hidden.key, body=focal.body.pk, event="applies")


def test_it_is_said_from_the_page(focal: Somebody, practice: Entry, monkeypatch: Any) -> None:
    path, browser = "/en/registry/practice/prc-1/apply/", focal.browser(monkeypatch)
    assert path in part("_applied", "practice", "prc-1", focal.viewer)
    assert path not in part("_applied", "practice", "prc-1")
    assert browser.get(path).status_code == 200
    form = {"body": str(focal.body.pk), "event": "applies", "date": "2019-13"}
    refused = browser.post(path, form)
    assert refused.status_code == 200
    assert 'value="2019-13"' in refused.content.decode(), "what was typed stays"
    assert 'href="#id_date"' in refused.content.decode()
    assert browser.post(path, form | {"date": "2019"}).status_code == 302
    assert said(practice) == [("applies", "2019")]
    assert Client().get(path).status_code == 403
    assert Client().post(path, form).status_code == 403
    for gone in ("practice/none/apply/", "activity/prc-1/apply/"):
        assert browser.get(f"/en/registry/{gone}").status_code == 404
    stranger = form | {"body": str(somebody("Other", "head").body.pk), "date": "2019"}
    assert browser.post(path, stranger).status_code == 200, "not one of the choices"


def test_a_standard_is_applied_too(focal: Somebody) -> None:
    written("standard", {"title": "X.1500", "applied_since": [event("applies", "2015")]}, key="x")
    say_applied(focal.viewer, "standard", "x", body=focal.body.pk, event="planned", date="2030")
    shown = text_of(part("_applied", "standard", "x"))
    assert "Kenya" in shown and "A publication" in shown, "who is no body here has no country"
