"""Where an agreement stands follows from its history, and what is presumed says so."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.kit.dates import BadDate, PartialDate
from comity.registry.rules import agreements as a
from comity.registry.rules.agreements import AgreementEvent as E
from comity.registry.rules.agreements import Flag, Happening, Standing, State, standing

TODAY = dt.date(2026, 11, 22)


def on(
    event: E, date: str = "", until: str = "", source: str = "", presumed: bool = False
) -> Happening:
    parsed = [PartialDate.parse(text) if text else None for text in (date, until)]
    return Happening(event, parsed[0], parsed[1], source, presumed=presumed)


def stands(*happenings: Happening, **terms: object) -> Standing:
    return standing(happenings, today=TODAY, **terms)  # type: ignore[arg-type]


DATES = st.none() | st.builds(
    lambda day, parts: PartialDate(*(day.year, day.month, day.day)[:parts]),
    st.dates(dt.date(2008, 1, 1), dt.date(2030, 12, 31)),
    st.integers(1, 3),
)
HAPPENINGS = st.builds(
    Happening,
    st.sampled_from(E),
    DATES,
    source=st.sampled_from(["", "A", "B"]),
    presumed=st.booleans(),
)
TERMS = st.fixed_dictionaries(
    {
        "term_months": st.none() | st.integers(1, 240),
        "auto_renews": st.booleans(),
        "union_party": st.booleans(),
    }
)


@given(st.lists(HAPPENINGS, max_size=8), TERMS)
def test_any_history_has_a_standing_that_names_its_grounds(happenings, terms) -> None:
    found = stands(*happenings, **terms)
    assert found.why
    for ground in found.why:
        assert ground.rule in a.RULES
        assert all(0 <= i < len(happenings) for i in ground.rests_on)
    told = {ground.rule for ground in found.why}
    assert {flag.value for flag in found.flags} == told & {flag.value for flag in Flag}
    if found.state in {State.IN_FORCE_PRESUMED, State.EXPIRED_PRESUMED}:
        assert found.presumed
    if found.state in {State.IN_FORCE, State.UNKNOWN, State.SUSPENDED} and found.presumed:
        assert any(happening.presumed for happening in happenings)
    if found.days_since_evidence is not None:
        assert found.days_since_evidence >= 0


@given(st.lists(HAPPENINGS.filter(lambda h: not h.presumed), max_size=6), st.randoms())
def test_the_order_in_which_it_was_entered_does_not_matter(happenings, random) -> None:
    first = stands(*happenings)
    mixed = list(happenings)
    random.shuffle(mixed)
    again = stands(*mixed)
    assert (again.state, again.since, again.ends, again.flags) == (
        first.state, first.since, first.ends, first.flags,
    )  # fmt: skip


LATER = st.builds(
    Happening,
    st.sampled_from(E),
    st.dates(TODAY + dt.timedelta(days=1), dt.date(2090, 1, 1)).map(PartialDate.of),
)


@given(st.lists(LATER))
def test_what_is_still_to_come_has_not_happened(happenings) -> None:
    assert stands(*happenings).state is State.UNKNOWN


@pytest.mark.parametrize(
    ("history", "state"),
    [
        ([], State.UNKNOWN),
        ([on(E.ANNOUNCED, "2024")], State.ANNOUNCED),
        ([on(E.INITIALLED, "2024"), on(E.ANNOUNCED, "2025")], State.NEGOTIATING),
        ([on(E.SIGNED, "2024"), on(E.APPROVED, "2025")], State.SIGNED),
        ([on(E.SIGNED, "2024"), on(E.PROVISIONALLY_APPLIED, "2025")], State.SIGNED),
        ([on(E.IN_FORCE, "2024"), on(E.SIGNED, "2023")], State.IN_FORCE),
        ([on(E.SIGNED), on(E.IN_FORCE, "2024")], State.IN_FORCE),
        ([on(E.IN_FORCE, "2020"), on(E.SUSPENDED, "2022")], State.SUSPENDED),
        ([on(E.IN_FORCE, "2020"), on(E.SUSPENDED, "2022", "2023")], State.IN_FORCE_PRESUMED),
        ([on(E.IN_FORCE, "2020"), on(E.SUSPENDED, "2022"), on(E.RESUMED, "2023")], State.IN_FORCE),
        ([on(E.SIGNED, "2015"), on(E.RENEWED, "2020")], State.IN_FORCE_PRESUMED),
        ([on(E.IN_FORCE, "2015"), on(E.RENEWED, "2020")], State.IN_FORCE),
        ([on(E.SIGNED, "2015"), on(E.LAPSED, "2020")], State.LAPSED),
        ([on(E.SIGNED, "2015", "2020"), on(E.LAPSED, "2020")], State.EXPIRED),
        ([on(E.SIGNED, "2015", "2025"), on(E.LAPSED, "2020")], State.LAPSED),
        ([on(E.IN_FORCE, "2015"), on(E.LAPSED, "2020"), on(E.IN_FORCE, "2021")], State.IN_FORCE),
        ([on(E.IN_FORCE, "2015"), on(E.LAPSED, "2020"), on(E.ANNOUNCED, "2021")], State.LAPSED),
        ([on(E.SIGNED, "2015"), on(E.SUCCEEDED)], State.SUCCEEDED),
        ([on(E.SIGNED, "2015"), on(E.COMPLETED, "2016")], State.COMPLETED),
        ([on(E.IN_FORCE, "2015"), on(E.TERMINATED, "2027")], State.IN_FORCE),
        ([on(E.IN_FORCE, "2015", "2020")], State.EXPIRED_PRESUMED),
        ([on(E.IN_FORCE, "2015", "2026")], State.IN_FORCE),  # some day of 2026, perhaps tomorrow
        ([on(E.IN_FORCE, "2015", "2020"), on(E.AMENDED, "2022")], State.IN_FORCE_PRESUMED),
        ([on(E.IN_FORCE, "2015", "2020"), on(E.RENEWED, "2020", "2030")], State.IN_FORCE),
    ],
)  # fmt: skip
def test_states(history: list[Happening], state: State) -> None:
    assert stands(*history).state is state


def test_a_term_that_passed_without_news_is_presumed_expired() -> None:
    signed = on(E.SIGNED, "2017-07-31")
    found = stands(signed, term_months=60)
    assert (found.state, found.presumed, str(found.ends)) == (
        State.EXPIRED_PRESUMED,
        True,
        "2022-07-31",
    )
    assert found.since == found.ends
    assert a.Ground("term_passed", (0,)) in found.why
    before = standing([signed], today=dt.date(2022, 7, 31), term_months=60)
    assert (before.state, Flag.ENDS_SOON in before.flags) == (State.SIGNED, True)
    force = on(E.IN_FORCE, "2017-08-01")
    again = stands(force, term_months=60, auto_renews=True)
    assert (again.state, again.presumed) == (State.IN_FORCE_PRESUMED, True)


def test_an_entry_into_force_on_an_unknown_day_has_no_reckoned_end() -> None:
    found = stands(on(E.SIGNED, "2010"), on(E.IN_FORCE), term_months=12)
    assert (found.state, found.ends) == (State.IN_FORCE, None)


def test_a_second_life_has_a_term_of_its_own() -> None:
    lapsed = [on(E.SIGNED, "2015", "2020"), on(E.LAPSED, "2020"), on(E.SIGNED, "2021-11-24")]
    found = stands(*lapsed)
    assert (found.state, found.ends, found.flags - {Flag.STALE}) == (State.SIGNED, None, set())


def test_an_announced_end_is_told() -> None:
    found = stands(on(E.IN_FORCE, "2024"), on(E.TERMINATED, "2027-01-31"))
    assert (found.state, str(found.ends), Flag.ENDS_SOON in found.flags) == (
        State.IN_FORCE, "2027-01-31", True,
    )  # fmt: skip


def test_a_notice_is_not_yet_an_end() -> None:
    found = stands(on(E.IN_FORCE, "2020"), on(E.DENOUNCED, "2025"))
    assert (found.state, found.presumed) == (State.TERMINATED, True)


@pytest.mark.parametrize(
    ("history", "flag"),
    [
        ([on(E.SIGNED, "2024")], Flag.NO_COUNCIL_APPROVAL),
        ([on(E.IN_FORCE, "2024")], Flag.NO_COUNCIL_APPROVAL),
        (
            [on(E.SIGNED, "2024-01-05"), on(E.APPROVED_BY_COUNCIL, "2024-06")],
            Flag.NO_COUNCIL_APPROVAL,
        ),
        (
            [on(E.SIGNED, "2024-06-05"), on(E.APPROVED_BY_COUNCIL, "2024")],
            Flag.COUNCIL_ORDER_UNKNOWN,
        ),
        ([on(E.SIGNED, "2024-06-05"), on(E.APPROVED_BY_COUNCIL)], Flag.COUNCIL_ORDER_UNKNOWN),
        ([on(E.SIGNED, "2024-06-05"), on(E.APPROVED_BY_COUNCIL, "2024-05")], None),
        ([on(E.SIGNED, "2024-06-05"), on(E.APPROVED_BY_COUNCIL, "2024-06-05")], None),
        ([on(E.SUBMITTED_TO_COUNCIL, "2024")], None),
        ([on(E.NEGOTIATING, "2024"), on(E.SIGNED, "2027")], None),
    ],
)
def test_the_union_asks_its_council_first(history: list[Happening], flag: Flag | None) -> None:
    council = {Flag.NO_COUNCIL_APPROVAL, Flag.COUNCIL_ORDER_UNKNOWN}
    assert stands(*history, union_party=True).flags & council == ({flag} if flag else set())
    assert stands(*history).flags & council == set()


@pytest.mark.parametrize(
    ("history", "contradicts"),
    [
        ([on(E.SIGNED, "2020"), on(E.IN_FORCE, "2019")], True),
        ([on(E.SIGNED, "2020-05"), on(E.IN_FORCE, "2020")], False),
        ([on(E.RESUMED, "2019"), on(E.SUSPENDED, "2020")], True),
        ([on(E.RENEWED, "2014"), on(E.SIGNED, "2015")], True),
        ([on(E.SIGNED, "2015"), on(E.SIGNED, "2013"), on(E.RENEWED, "2014")], False),
        ([on(E.SIGNED), on(E.IN_FORCE, "2019")], False),
        ([on(E.SIGNED, "2015"), on(E.NEGOTIATING, "2018")], False),
    ],
)
def test_an_event_before_what_it_presupposes_is_flagged(history, contradicts: bool) -> None:
    assert (Flag.ORDER_CONTRADICTS in stands(*history).flags) is contradicts


def test_dates_that_differ_are_both_kept_and_none_is_chosen() -> None:
    found = stands(
        on(E.IN_FORCE, "2020-03-01", source="A"),
        on(E.IN_FORCE, "2020-05-01", source="B"),
        term_months=240,
    )
    assert (found.state, found.since) == (State.IN_FORCE, None)
    assert a.Ground("dates_differ", (0, 1)) in found.why
    assert str(found.ends) == "2040-05-01"  # the latest that they allow
    assert Flag.DATES_DIFFER not in stands(on(E.SIGNED, "2020"), on(E.SIGNED, "2020-05-01")).flags


def test_sources_that_exclude_each_other_leave_the_state_unknown() -> None:
    renewed, ended = (
        on(E.RENEWED, "2020-07-31", source="A"),
        on(E.TERMINATED, "2020-07-31", source="B"),
    )
    signed = on(E.SIGNED, "2015")
    found = stands(signed, renewed, ended)
    assert (found.state, Flag.DISPUTED in found.flags) == (State.UNKNOWN, True)
    assert a.Ground("disputed", (1, 2)) in found.why
    settled = stands(signed, renewed, ended, on(E.SUSPENDED, "2024"), on(E.RENEWED, "2025"))
    assert Flag.DISPUTED in settled.flags
    assert settled.state is not State.UNKNOWN
    same = stands(on(E.RENEWED, "2020", source="A"), on(E.TERMINATED, "2020", source="A"))
    assert Flag.DISPUTED not in same.flags


def test_silence_and_missing_dates_are_told() -> None:
    assert stands(on(E.IN_FORCE)).flags == {Flag.NO_DATE}
    old = stands(on(E.IN_FORCE, "2020-01-01"))
    assert (old.flags, old.days_since_evidence) == ({Flag.STALE}, 2517)
    assert stands(on(E.IN_FORCE, "2023-12-01")).flags == set()
    assert Flag.STALE not in stands(on(E.TERMINATED, "2016")).flags
    assert stands(on(E.IN_FORCE, "2026")).days_since_evidence == 0


def test_what_is_reported_outweighs_what_is_presumed() -> None:
    presumed = on(E.LAPSED, "2018", presumed=True)
    assert stands(on(E.IN_FORCE, "2020"), presumed).state is State.IN_FORCE
    assert stands(on(E.IN_FORCE, "2015"), presumed).state is State.EXPIRED_PRESUMED
    assert stands(on(E.TERMINATED, "2015"), on(E.IN_FORCE, presumed=True)).state is State.TERMINATED
    assert (
        stands(on(E.SIGNED, "2012"), on(E.IN_FORCE, presumed=True)).state is State.IN_FORCE_PRESUMED
    )


def test_bad_input_is_refused() -> None:
    with pytest.raises(a.AgreementError, match="one month"):
        stands(term_months=0)
    with pytest.raises(BadDate):
        on(E.SIGNED, "2020", "2019")
    with pytest.raises(a.AgreementError, match="status"):
        a.from_seed_status("perhaps")


# --- application --------------------------------------------------------------------------

ACTIVITIES = st.lists(DATES.filter(bool), max_size=5)


@pytest.mark.parametrize(
    ("named", "met", "activities", "reviewed", "level"),
    [
        (False, False, [], False, 0),
        (False, False, [], True, 0),  # a review of nothing shows no application
        (True, False, [], False, 1),
        (True, True, [], True, 2),
        (True, True, ["2026-03"], False, 2),
        (True, True, ["2026-03", "2025-03"], False, 3),
        (True, True, ["2025"], False, 2),  # may lie in either year, not in both
        (True, True, ["2025", "2025"], False, 3),
        (True, True, ["2020", "2021"], True, 2),
        (False, False, ["2026-03", "2025-03"], True, 4),
        (True, False, ["2027"], False, 1),  # planned
    ],
)
def test_levels_of_application(named, met, activities, reviewed, level) -> None:
    dates = [PartialDate.parse(text) for text in activities]
    assert a.application_level(named, met, dates, reviewed, TODAY) == level


@given(st.booleans(), st.booleans(), ACTIVITIES, st.booleans(), DATES.filter(bool))
def test_more_evidence_never_lowers_a_level(named, met, activities, reviewed, more) -> None:
    level = a.application_level(named, met, activities, reviewed, TODAY)
    assert 0 <= level <= 4
    assert a.application_level(True, met, activities, reviewed, TODAY) >= level
    assert a.application_level(named, True, activities, reviewed, TODAY) >= level
    assert a.application_level(named, met, activities, True, TODAY) >= level
    assert a.application_level(named, met, [*activities, more], reviewed, TODAY) >= level


# --- vocabularies and the collection ------------------------------------------------------


def test_every_area_stands_under_one_that_is_there() -> None:
    assert {parent for parent in a.AREAS.values() if parent} <= set(a.AREAS)
    assert all(a.AREAS[parent] is None for parent in a.AREAS.values() if parent)
    assert all(len(words) == len(set(words)) for words in a.SCOPE.values())


@pytest.mark.parametrize("event", E)
def test_every_event_is_a_status_and_may_be_presumed(event: E) -> None:
    assert a.from_seed_status(event.value) == a.SeedStatus(event, False)
    assert a.from_seed_status(f"{event.value}_presumed") == a.SeedStatus(event, True)


# What a row of each status is, read on the day on which the collection was made.
EXPECTED = {
    "published": {State.SIGNED},
    "open_for_signature": {State.SIGNED},
    "approved": {State.NEGOTIATING, State.SIGNED},  # India's cabinet, before and after signature
    "signed": {State.SIGNED},
    "renewed": {State.IN_FORCE_PRESUMED},
    "in_force": {State.IN_FORCE},
    "in_force_presumed": {State.IN_FORCE_PRESUMED},
    "expired": {State.EXPIRED},
    "expired_presumed": {State.EXPIRED_PRESUMED},
    "completed_presumed": {State.COMPLETED},
    "succeeded": {State.SUCCEEDED},
    "unknown": {State.UNKNOWN, State.SIGNED},  # a signature may be known where its fate is not
}
PRESUMED = {"published", "open_for_signature", "renewed"}


def test_the_collection_loads_and_no_row_is_lost(shared: Path) -> None:
    path = shared / "data" / "agreements" / "agreements_seed.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, strict=True))
    assert len(rows) == 45
    seen = set()
    for row in rows:
        seed = a.from_seed_row(row)
        found = standing(seed.happenings, today=dt.date(2026, 11, 21), term_months=seed.term_months)
        assert found.state in EXPECTED[row["status"]], row["id"]
        presumed = row["status"].endswith("_presumed") or row["status"] in PRESUMED
        assert found.presumed is presumed, row["id"]
        assert row["expires_or_term"] in seed.note
        for column in ("signed", "in_force"):
            assert not row[column] or row[column] in {str(h.date) for h in seed.happenings}, row[
                "id"
            ]
        assert all(happening.source for happening in seed.happenings)
        assert row["instrument"] in a.SCOPE["instrument"]
        assert row["bindingness"] in (*a.SCOPE["bindingness"], "unknown")
        assert set(row["areas"].split(";")) <= set(a.AREAS), row["id"]
        seen.add(row["status"])
    assert seen == set(EXPECTED)
    by_id = {row["id"]: a.from_seed_row(row) for row in rows}
    assert [by_id[f"AGR-{n}"].term_months for n in ("001", "004", "009", "028", "029", "045")] == [
        24, 60, 6, 60, None, None,
    ]  # fmt: skip


def test_a_cell_that_is_no_date_names_its_column() -> None:
    row = dict.fromkeys(
        "status source_url text_url date_precision expires_or_term in_force quality_note status_as_of".split(),
        "",
    )
    with pytest.raises(BadDate, match="signed"):
        a.from_seed_row({**row, "signed": "2014-02-30"})
