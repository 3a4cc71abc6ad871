"""The dated sample data: national teams by name and link, communities, three made-up teams.

Loaded at setup unless somebody removed it; loading again changes nothing.
"""

from __future__ import annotations

import csv
import datetime as dt
from importlib import resources
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from comity.directory import models as m
from comity.directory.actions import batches
from comity.directory.actions.around import keep_communities
from comity.directory.rules import sample
from comity.ledger import actions as ledger
from comity.ledger.reads import acts_on
from comity.people.actions import find_body
from comity.people.types import PeopleError

OBJECT = "directory/sample"
# Bodies of the sample persons, so that a newcomer who signs in as one finds a team to look after.
BODIES = {"csirt-sample-a": "Sample administration", "csirt-sample-b": "Sample team"}


def _table(name: str) -> list[dict[str, str]]:
    text = resources.files("comity.directory").joinpath(f"data/sample/{name}").read_text("utf-8")
    return list(csv.DictReader(text.splitlines(), strict=True))


def _key(path: str) -> str:
    folder = Path(str(resources.files("comity.directory").joinpath("data/sample")))
    return (folder / path).read_text("ascii")


def removed() -> bool:
    """Whether somebody took the sample data out, and did not load it again since."""
    acts = [row.act for row in acts_on(OBJECT)]
    return bool(acts) and acts[-1] == "remove_sample"


def load_sample(*, again: bool = False, now: dt.datetime | None = None) -> str | None:
    """Load it; None when nothing changed. Removed data stays away unless asked for `again`."""
    if removed() and not again:
        return None
    moment = now or timezone.now()
    batch = sample.batches(
        teams=_table("teams.csv"),
        assessments=_table("cirt_assessments.csv"),
        made_up=_table("sample_teams.csv"),
        contacts=_table("sample_contacts.csv"),
        certificates=_table("sample_keys.csv"),
        constituencies=_table("sample_constituencies.csv"),
        key_text=_key,
    )
    changed = 0
    with transaction.atomic():
        if again and removed():
            ledger.record("load_sample", OBJECT, now=moment)
        for speaker, records in batch:
            done = batches.apply(records, speaker, sample=True, act="load_sample", now=moment)
            changed += done.created + done.changed
        changed += keep_communities(
            _table("communities.csv"), _table("memberships.csv"), now=moment
        )
        changed += link_bodies()
    held = m.Team.objects.filter(sample=True).count()
    return f"{held} sample teams, {m.Community.objects.count()} communities" if changed else None


def link_bodies() -> int:
    """Sample teams to the bodies of the sample persons, as soon as there are any."""
    linked = 0
    for code, name in BODIES.items():
        team = m.Team.objects.filter(code=code, sample=True, body=None).first()
        try:
            body = find_body(name) if team else None
        except PeopleError:
            continue  # nobody asked for sample persons
        if team and body and body.sample and not m.Team.objects.filter(body=body).exists():
            from comity.directory.actions.editing import link_body

            link_body(team, str(body.pk))
            linked += 1
    return linked


def remove_sample(*, now: dt.datetime | None = None) -> dict[str, int]:
    """Remove the sample teams and communities and all that hangs on them; it stays away."""
    with transaction.atomic():
        teams = m.Team.objects.filter(sample=True)
        communities = m.Community.objects.filter(sample=True)
        gone = {"teams": teams.count(), "communities": communities.count()}
        codes = sorted(teams.values_list("code", flat=True))
        if any(gone.values()) or not removed():
            ledger.record(
                "remove_sample", OBJECT, content={"teams": codes} | gone, now=now or timezone.now()
            )
        teams.delete()
        communities.delete()
    return gone
