"""Work that another body already entered is told before it is saved, and little else is.

The sixty pairs were labelled by hand before the rule. It was tuned on one half; the other half was
only measured: of 15 duplicates 14 were found at first sight, of 15 others 14 were let pass.
"""

from __future__ import annotations

import calendar
import csv
import datetime as dt
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.registry.rules.duplicates import (
    BLOCKS,
    WARN_AT,
    Likeness,
    Sketch,
    Why,
    blocks,
    likeness,
    similar,
)
from comity.registry.rules.titles import alike, read_title

PAIRS = Path(__file__).resolve().parent.parent / "examples" / "registry" / "duplicates.csv"
# One public fact is in the real activities and in the pairs: X.1500, approved in April 2011.
ALSO_SAME = {"ACT-069": {"D24a", "D24b"}}


class Pair(NamedTuple):
    name: str
    half: str
    same: bool
    scripts: str
    a: Sketch
    b: Sketch


def bound(written: str, *, last: bool) -> dt.date | None:
    """The first or last day of a year, a month or a day."""
    if not written:
        return None
    year, month, day = (*map(int, written.split("-")), 0, 0)[:3]
    month = month or (12 if last else 1)
    return dt.date(year, month, day or (calendar.monthrange(year, month)[1] if last else 1))


def codes(written: str) -> frozenset[str]:
    return frozenset(filter(None, written.split(";")))


def sketch(row: dict[str, str], side: str) -> Sketch:
    of = {key.removeprefix(f"{side}_"): value for key, value in row.items()}
    return Sketch(
        id=row["pair"] + side,
        kind=of["kind"],
        body=of["body"],
        titles=(of["titles"],),
        text=of["text"],
        countries=codes(of["countries"]),
        regions=codes(of["regions"]),
        areas=codes(of["areas"]),
        since=bound(of["since"], last=False),
        until=bound(of["until"], last=True),
        provisions=codes(of["provisions"]),
    )


@cache
def pairs() -> tuple[Pair, ...]:
    with PAIRS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, strict=True))
    return tuple(
        Pair(
            r["pair"],
            r["half"],
            r["label"] == "duplicate",
            r["scripts"],
            sketch(r, "a"),
            sketch(r, "b"),
        )
        for r in rows
    )


def activities(shared: Path) -> list[Sketch]:
    with (shared / "data" / "activities" / "activities.csv").open(
        encoding="utf-8", newline=""
    ) as file:
        rows = list(csv.DictReader(file, strict=True))
    return [
        Sketch(
            id=row["id"],
            kind=row["kind"],
            body=row["id"],  # the harder case: as if another body had entered each
            titles=(row["title"],),
            text=row["note"],
            countries=codes(row["countries"]),
            regions=codes(row["region"]),
            since=bound(row["date_start"], last=False),
            until=bound(row["date_end"], last=True),
        )
        for row in rows
    ]


def warned(pair: Pair) -> bool:
    return likeness(pair.a, pair.b).score >= WARN_AT


def test_the_pairs_are_what_they_say():
    assert len(pairs()) == 60
    for half in ("tuning", "held_out"):
        labels = [pair.same for pair in pairs() if pair.half == half]
        assert (len(labels), sum(labels)) == (30, 15)
    assert {s for pair in pairs() for s in pair.scripts.split()} == {"Latn", "Arab", "Hani", "Cyrl"}


@pytest.mark.parametrize("half", ["tuning", "held_out"])
def test_nine_of_ten_duplicates_are_found_and_one_of_ten_others_is_told(half):
    missed = [p.name for p in pairs() if p.half == half and p.same and not warned(p)]
    alarms = [p.name for p in pairs() if p.half == half and not p.same and warned(p)]
    assert len(missed) / 15 <= 0.1, missed
    assert len(alarms) / 15 <= 0.1, alarms


@pytest.mark.parametrize("script", ["Latn", "Arab", "Hani", "Cyrl"])
def test_no_script_is_served_worse(script):
    """Recall by script: three quarters at least, of three to twenty-six pairs."""
    found = [warned(p) for p in pairs() if p.same and script in p.scripts.split()]
    assert len(found) >= 2 and sum(found) / len(found) >= 0.75


def test_at_most_one_save_in_ten_raises_a_false_alarm(shared):
    entries = activities(shared)
    assert len(entries) == 53
    same: dict[str, set[str]] = {key: set(values) for key, values in ALSO_SAME.items()}
    for pair in pairs():
        entries += (pair.a, pair.b)
        if pair.same:
            same.setdefault(pair.a.id, set()).add(pair.b.id)
    for one, others in list(same.items()):
        for other in others:
            same.setdefault(other, set()).add(one)
    false = {
        entry.id: alarms
        for entry in entries
        if (alarms := {found.id for found in similar(entry, entries)} - same.get(entry.id, set()))
    }
    assert len(false) / len(entries) <= 0.1, false


def test_what_is_alike_shares_a_block():
    lost = [p.name for p in pairs() if p.same and not blocks(p.a) & blocks(p.b)]
    assert lost == []
    assert max(len(blocks(side)) for p in pairs() for side in (p.a, p.b)) <= BLOCKS


def test_a_warning_says_why():
    pair = next(p for p in pairs() if p.name == "D11")
    reasons = {reason.why: reason.values for reason in likeness(pair.a, pair.b).reasons}
    assert reasons[Why.COUNTRIES] == ("KI", "NR", "PW", "TV")
    assert reasons[Why.AREAS] == ("cirt_establishment",)
    assert reasons[Why.PERIOD] == ("2020-03", "2021-12")
    assert "300000" in reasons[Why.FIGURES]
    copied = next(p for p in pairs() if p.name == "D15")
    assert Why.TEXT in {reason.why for reason in likeness(copied.a, copied.b).reasons}


@pytest.mark.parametrize(
    ("since", "until", "told"),
    [
        ("2026-01-01", "2026-12-31", ("2026",)),  # given as a year: no day is made up
        ("2024-01-01", "2026-12-31", ("2024", "2026")),
        ("2026-02-01", "2026-02-28", ("2026-02",)),
        ("2026-03-02", "2026-03-04", ("2026-03-02", "2026-03-04")),
        ("2026-03-02", "2026-03-02", ("2026-03-02",)),
    ],
)
def test_a_year_that_two_share_stays_a_year(since, until, told):
    days = {"since": dt.date.fromisoformat(since), "until": dt.date.fromisoformat(until)}
    one = replace(next(p for p in pairs() if p.name == "D01").a, **days)
    reasons = likeness(one, replace(one, id="again", body="another")).reasons
    assert {r.why: r.values for r in reasons}.get(Why.PERIOD) == told


def test_another_kind_is_other_work():
    pair = next(p for p in pairs() if p.name == "D06")
    assert likeness(pair.a, replace(pair.b, kind="agreement")) == Likeness(pair.b.id, 0.0)


def test_a_body_is_not_told_of_its_own_neighbouring_work():
    pair = next(p for p in pairs() if p.name == "D08")
    own = replace(pair.b, body=pair.a.body)
    assert likeness(pair.a, own).score < WARN_AT <= likeness(pair.a, pair.b).score
    assert likeness(pair.a, replace(pair.a, id="again")).score == 1.0


def test_another_country_is_never_the_same_work():
    drill = next(p for p in pairs() if p.name == "D01").a
    assert likeness(drill, replace(drill, id="x", countries=frozenset({"UG"}))).score < 0.1


def test_another_party_is_another_agreement():
    signed = next(p for p in pairs() if p.name == "D18").a
    assert (
        likeness(signed, replace(signed, id="x", countries=frozenset({"EG", "TN"}))).score < WARN_AT
    )


def test_a_text_copied_under_another_title_is_told():
    paper = replace(
        next(p for p in pairs() if p.name == "D15").a, areas=frozenset(), provisions=frozenset()
    )
    copied = replace(paper, id="x", body="y", titles=("A note on the budget of the conference",))
    assert (
        likeness(paper, copied).score >= WARN_AT > likeness(paper, replace(copied, text="")).score
    )


def test_equals_are_told_in_the_order_of_their_ids():
    drill = pairs()[0].a
    same = [replace(drill, id=name) for name in "cab"]
    assert [found.id for found in similar(drill, same)] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "Agreement of NCSC and CSA",
            "Agreement of the National Cyber Security Centre and the Cyber Security Agency",
        ),
        ("Trainning on forensics for judges", "Training on forensics for judges"),
        ("مذكرة تفاهم حول الأدلة الرقمية", "مذكره تفاهم حول الادله الرقميه"),
        ("中国与柬埔寨网络安全合作谅解备忘录", "中国与柬埔寨网络安全合作备忘录"),
        ("Меморандум о защите банков", "Меморандум о защите банка"),
    ],
)
def test_titles_in_other_spelling_are_near(one, other):
    assert alike(read_title(one), read_title(other)) >= 0.9


@pytest.mark.parametrize(
    ("title", "numbers", "codes"),
    [
        ("National CIRT, phase II", {"2"}, set()),
        ("Phase I of the project", {"1"}, set()),
        ("التمرين السيبراني الحادي عشر", {"11"}, set()),
        ("第三届网络安全演练", {"3"}, set()),
        ("Второй семинар", {"2"}, set()),
        ("ITU-T X.1500 (04/2011)", {"1500", "04"}, {"x1500"}),
        ("Grant of 1,200,000 in 2020", {"1200000"}, set()),
    ],
)
def test_numbers_and_codes_of_a_title(title, numbers, codes):
    read = read_title(title)
    assert (read.numbers, read.codes) == (numbers, codes)


def test_the_entry_itself_is_no_duplicate():
    pair = pairs()[0]
    assert similar(pair.a, [pair.a]) == []


SIDES = tuple(side for pair in pairs() for side in (pair.a, pair.b))
DAYS = st.none() | st.dates(dt.date(2011, 1, 1), dt.date(2026, 12, 31))


def some(values: str) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(values.split()), max_size=4)


ANY = st.builds(
    Sketch,
    id=st.uuids().map(str),
    kind=st.sampled_from("agreement training cyberdrill project strategy ncs tool other".split()),
    body=st.sampled_from("ITU FIRST GIZ".split()),
    titles=st.lists(
        st.sampled_from([t for s in SIDES for t in s.titles]) | st.text(max_size=40), max_size=3
    ).map(tuple),
    text=st.sampled_from([s.text for s in SIDES]) | st.text(max_size=100),
    countries=some("KE UG ZM CN KH CI"),
    regions=some("AFR ASP GLOBAL"),
    areas=some("training exercises crime legal"),
    since=DAYS,
    until=DAYS,
    provisions=some("PP/130/bdt/2 PP/130/bdt/4 PP/179"),
) | st.sampled_from(SIDES)


@given(ANY, ANY)
def test_likeness_is_symmetric_and_a_share(a, b):
    there, back = likeness(a, b), likeness(b, a)
    assert there.score == back.score and 0.0 <= there.score <= 1.0
    assert {r.why for r in there.reasons} == {r.why for r in back.reasons}


@given(ANY, st.text(max_size=10))
def test_the_same_again_is_certain_and_shares_every_block(a, body):
    again = replace(a, id=a.id + "x", body=body)
    assert likeness(a, again).score == 1.0
    assert blocks(a) == blocks(again) and len(blocks(a)) <= BLOCKS


@given(ANY, st.lists(ANY, max_size=8, unique_by=lambda s: s.id), st.randoms())
def test_the_order_of_candidates_does_not_matter(new, others, chance):
    shuffled = chance.sample(others, len(others))
    found = similar(new, others)
    assert found == similar(new, shuffled)
    assert [f.score for f in found] == sorted((f.score for f in found), reverse=True)
    assert all(f.score >= WARN_AT for f in found)
