"""One command removes all sample data, and setup does not bring it back."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from comity.people.actions import ensure_samples
from comity.people.models import Body, Person
from comity.registry.models import Entry
from comity.site import readying
from comity.site.commands import sample

pytestmark = pytest.mark.django_db


@pytest.mark.slow
def test_all_of_it_goes_at_once_and_stays_away_until_it_is_asked_back() -> None:
    ensure_samples()
    readying.load_sample()
    assert Entry.objects.filter(sample=True).exists()
    result = CliRunner().invoke(sample, ["remove"])
    assert result.exit_code == 0, result.output
    removed = {row["room"]: row["removed"] for row in map(json.loads, result.output.splitlines())}
    assert removed["registry"] > 300 and removed["people"] == 4 and removed["directory"]["teams"]
    for model in (Entry, Body, Person):
        assert not model.objects.filter(sample=True).exists(), model
    assert not readying.sample_wanted()
    assert not any("sample" in name for name, _words, _do in readying.steps())
    assert CliRunner().invoke(sample, ["load"]).exit_code == 0
    assert readying.sample_wanted() and Entry.objects.filter(sample=True).exists()
