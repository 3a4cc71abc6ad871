"""National teams as the house held them at a moment: a report must come out the same again."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from comity.directory import reads
from comity.directory.actions import load_sample
from comity.kit.tlp import ANONYMOUS


@pytest.mark.django_db
def test_teams_that_came_later_were_not_there_then() -> None:
    before = timezone.now() - dt.timedelta(seconds=1)
    assert reads.newest_national(ANONYMOUS) is None
    load_sample()
    newest = reads.newest_national(ANONYMOUS)
    assert newest is not None
    held = reads.national_teams(ANONYMOUS, newest)
    assert len(held) > 40 and all(codes for codes in held.values())
    assert reads.national_teams(ANONYMOUS, before) == {}
    code = next(iter(held.values()))[0]
    assert reads.names_of(ANONYMOUS, [code, "no-such-team"]).keys() == {code}
