"""The room's fixed words cover every state, and say the formula as the rules have it."""

from __future__ import annotations

import pytest
from django.utils import translation

from comity.mandate.pages import wording
from comity.mandate.rules.words import FORMULA
from comity.mandate.types import ChangeKind, Confidence, DutyStatus, Fate, State


def test_the_formula_shown_is_the_formula_used() -> None:
    with translation.override("en"):
        assert str(wording.FORMULA) == FORMULA


@pytest.mark.parametrize(
    ("table", "states"),
    [
        (wording.FATES, Fate),
        (wording.LIKELY_FATES, Fate),
        (wording.SETTLED_FATES, Fate),
        (wording.CHANGES, ChangeKind),
        (wording.CONFIDENCE, Confidence),
        (wording.STATES, State),
        (wording.DUTY_STATES, DutyStatus),
    ],
)
def test_every_state_has_a_word(table: dict, states: type) -> None:  # type: ignore[type-arg]
    assert set(table) == set(states)


def test_dropped_is_said_as_no_trace_found() -> None:
    with translation.override("en"):
        for confidence in Confidence:
            chip = wording.fate_chip(Fate.DROPPED, confidence, settled=False)
            assert str(chip.word).startswith("no trace found")
        settled = wording.fate_chip(Fate.DROPPED, Confidence.LIKELY, settled=True)
        assert str(settled.word) == "not adopted"
