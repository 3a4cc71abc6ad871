"""Who owes what: measured on the adopted Resolution, then by the wording of other resolutions."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.mandate.rules.duties import actors, actors_meant, duties, force_of
from comity.mandate.types import Duty, Provision

from .reading import adopted

EXAMPLES = Path(__file__).parent.parent / "examples" / "mandate" / "duties.jsonl"
SG_AND_DIRECTORS = "instructs the Secretary-General and the Directors of the Bureaux"
BDT = "instructs the Director of the Telecommunication Development Bureau"


def truth() -> dict[tuple[str, str], dict[str, object]]:
    lines = EXAMPLES.read_text(encoding="utf-8").splitlines()
    return {(t["section"], t["path"]): t for t in map(json.loads, lines)}


def found() -> dict[tuple[str, str], Duty]:
    return {(d.section, d.path): d for d in duties(adopted(), conference="PP")}


def ask(heading: str, *texts: tuple[str, str]) -> tuple[Duty, ...]:
    return duties([Provision(heading, path, "", text) for path, text in texts])


def test_one_duty_for_each_operative_provision_that_states_an_act() -> None:
    assert list(found()) == list(truth())
    assert len(found()) == 46


@pytest.mark.parametrize(
    ("field", "least"),
    [("actors", 0.95), ("force", 0.95), ("frequency", 1.0), ("is_reporting", 1.0), ("binding", 1.0),
     ("verb", 0.95), ("object", 0.9), ("recipients", 0.95), ("condition", 0.95), ("parts", 1.0),
     ("further_acts", 0.9)],
)  # fmt: skip
def test_adopted_resolution_is_read_as_by_hand(field: str, least: float) -> None:
    want, got = truth(), found()
    wrong = []
    for key, t in want.items():
        value = getattr(got[key], field)
        if (list(value) if isinstance(value, tuple) else value) != t[field]:
            wrong.append((key, value, t[field]))
    assert 1 - len(wrong) / len(want) >= least, wrong


def test_annual_duties_are_exactly_two() -> None:
    annual = [key for key, d in found().items() if d.frequency == "annual"]
    assert annual == [(SG_AND_DIRECTORS, "6"), (BDT, "8")]


def test_reporting_duties_are_exactly_seven() -> None:
    assert [key for key, d in found().items() if d.is_reporting] == [
        (SG_AND_DIRECTORS, "2"),
        (SG_AND_DIRECTORS, "3"),
        (SG_AND_DIRECTORS, "6"),
        (BDT, "8"),
        ("instructs the Secretary-General", "1"),
        ("requests the Council", "p"),
        ("invites Member States", "4"),
    ]


def test_an_invitation_does_not_bind() -> None:
    assert all(d.binding is not d.force.startswith("invites") for d in found().values())


def test_a_recital_and_a_chapeau_are_no_duties() -> None:
    assert not ask("recognizing", ("c", "that WTDC-14 called on the Secretary-General to report;"))
    assert "chapeau" not in {path for _, path in found()}


def test_instruments_under_an_opening_line_are_its_object() -> None:
    tsb = "instructs the Director of the Telecommunication Standardization Bureau"
    duty = found()[tsb, "1/iii"]
    assert duty.parts == ("1/iii/a", "1/iii/b")
    assert "Resolution 52 (Rev. Dubai, 2012)" in duty.object
    assert duty.related == ()  # its own words cite nothing; the items do
    assert found()[tsb, "1/i"].related == ("wtsa/res-50", "wtsa/res-52", "wtsa/res-58")


def test_a_collective_actor_means_its_members() -> None:
    assert actors_meant(found()[SG_AND_DIRECTORS, "2"]) == ("sg", "br", "tsb", "bdt")
    assert {a.abbreviation for a in actors().values()} >= {"SG", "TSB", "BDT", "BR"}


@pytest.mark.parametrize(
    ("heading", "force", "names"),
    [
        ("resolves", "resolves", ("ITU",)),
        ("resolves to instruct the Secretary-General", "instructs", ("Secretary-General",)),
        ("further invites Member States and Academia", "further invites",
         ("Member States", "Academia")),
        ("encourages telecommunication operators and Sector Members", "encourages",
         ("telecommunication operators", "Sector Members")),
        ("instructs the Directors of the Telecommunication Standardization Bureau and BR",
         "instructs", ("Director of the Telecommunication Standardization Bureau",
          "Director of the Radiocommunication Bureau")),
        ("instructs the Director of BDT, in close collaboration with the Director of BR",
         "instructs", ("Director of the Telecommunication Development Bureau",)),
        ("requests the ITU Council", "requests", ("Council",)),
        ("instructs the Council Working Group", "instructs", ("Council Working Group",)),
    ],
)  # fmt: skip
def test_heading_names_force_and_actors(heading: str, force: str, names: tuple[str, ...]) -> None:
    (duty,) = ask(heading, ("1", "to act;"))
    assert (duty.force, duty.actors) == (force, names)


@pytest.mark.parametrize(
    "heading", ["recalling", "considering further", "bearing in mind", "", "reſolves"]
)
def test_other_headings_have_no_force(heading: str) -> None:
    assert force_of(heading) == ""


def test_report_made_to_the_council_is_reporting() -> None:
    (duty,) = ask(
        "instructs the Secretary-General", ("1", "to submit an annual report to the Council;")
    )
    assert (duty.is_reporting, duty.frequency, duty.recipients) == (True, "annual", ("Council",))


def test_that_clause_names_its_own_actor() -> None:
    (duty,) = ask("resolves", ("1", "that the Council should consider this matter;"))
    assert (duty.actors, duty.verb) == (("Council",), "consider")


def test_acts_behind_semicolons_are_further_acts() -> None:
    """BDT 2 is one sentence of five acts, four of them behind semicolons."""
    duty = found()[BDT, "2"]
    assert duty.object == "ITU Member States in their efforts to build capacity"
    assert [" ".join(act.split()[:3]) for act in duty.further_acts] == [
        "supporting ITU Member",
        "assisting Member States,",
        "establishing technical and",
        "establishing organizational structures,",
    ]
    assert found()[BDT, "1"].further_acts == (
        "to encourage all countries to take part in these activities",
    )


@pytest.mark.parametrize(
    ("text", "further"),
    [
        ("to review the plan; and to publish it;", ("to publish it",)),
        ("to help, by training; upon request, lending staff;", ("lending staff",)),
        ("to review the plan; reporting to the Council;", ("reporting to the Council",)),
        ("to review the plan; the budget; the staff;", ()),
        ("to review the plan; taking into account its cost;", ()),
    ],
)
def test_a_semicolon_opens_an_act_or_goes_on_with_the_object(
    text: str, further: tuple[str, ...]
) -> None:
    (duty,) = ask("instructs the Secretary-General", ("1", text))
    assert duty.further_acts == further
    assert duty.is_reporting is ("report" in text)


def test_whom_a_further_act_is_for_is_no_recipient_of_the_first_act() -> None:
    further = "further instructs the Director of the Telecommunication Standardization Bureau and "
    further += "the Director of the Telecommunication Development Bureau"
    duty = found()[further, "3"]
    assert (duty.verb, duty.recipients) == ("identify", ())
    assert "to prepare a reference guide for the Member States" in duty.further_acts
    assert "Member States" in found()[further, "2"].recipients


def test_an_item_without_its_opening_line_is_not_lost() -> None:
    (duty,) = ask("resolves", ("3/i", "the work done so far;"))
    assert (duty.path, duty.verb, duty.object) == ("3/i", "", "the work done so far")


WORDS = st.sampled_from(
    ["to ", "report ", "annually ", "the Council", ", and to ", "that ITU shall ", "continue to ",
     ":", "subject to ", "upon request", ", ", " and ", "inform ", "guide for ", "Member States",
     ";", "; ", "assisting ", "\u2011"]
)  # fmt: skip
TEXT = st.one_of(st.text(max_size=120), st.lists(WORDS, max_size=30).map("".join))


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["resolves", "instructs the Council", "noting", "invites ", "1"]),
            st.sampled_from(["1", "1/i", "1/i/a", "chapeau", "p", "", "/", "2"]),
            TEXT,
        ),
        max_size=6,
    ),
    TEXT,
)
@settings(max_examples=80, deadline=None)
def test_junk_never_crashes(rows: list[tuple[str, str, str]], heading: str) -> None:
    provisions = [Provision(s, p, "", t) for s, p, t in rows]
    for duty in duties([*provisions, Provision(f"instructs {heading}", "1", "1", heading)]):
        assert duty.force and duty.actors


@pytest.mark.parametrize(
    "junk", ["to do and to ", ", to x", "Member States, ", "guide for ", "; on a", "; on ing "]
)
def test_time_grows_with_length_only(junk: str) -> None:
    text = (junk * 100_000)[:100_000]
    started = time.perf_counter()
    duties([Provision(f"instructs {text}", "1", "1", text)])
    assert time.perf_counter() - started < 2  # 0.2 s alone on the machine of 2026
