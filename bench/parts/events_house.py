"""A house with teams, claims and reports, for the benchmarks that ask it: real rows all of them,
the teams and who they are made up."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any
from uuid import UUID

from parts import events_input as made

NATIONAL = "KE"  # the country whose team and whose people ask
PEOPLE = ("duty", "secretariat")


def direct(claims: list[tuple[str, str, UUID]]) -> None:
    """The claims as rows of the directory: a team each, one of them with a body and people."""
    from django.db.models import Max
    from django.utils import timezone

    from comity.directory.models import Holding, Team
    from comity.kit import tlp
    from comity.people.actions import add_body, default_community, intern, join

    now = timezone.now()
    teams = sorted({team for _kind, _value, team in claims})
    country = {team: value for kind, value, team in claims if kind == "country"}
    seq = Team.objects.aggregate(last=Max("seq"))["last"] or 0
    Team.objects.bulk_create(
        (
            Team(
                id=team,
                seq=seq + n,
                code=f"team-{team.int}",
                name=f"Team {team.int}",
                country=country.get(team, ""),
                changed=now,
            )
            for n, team in enumerate(teams, 1)
        ),
        batch_size=1_000,
    )
    open_ = intern(tlp.Handling((tlp.Marking(tlp.Label.CLEAR),)))
    Holding.objects.bulk_create(
        (
            Holding(
                team_id=team,
                kind=kind,
                value=value,
                voice="source",
                speaker="source/bench",
                handling_id=open_,
                began=now,
                act=0,
            )
            for kind, value, team in claims
        ),
        batch_size=1_000,
    )
    body = add_body("Ministry", country=NATIONAL)
    join(body, default_community())
    mine = next(team for team, code in country.items() if code == NATIONAL)
    Team.objects.filter(pk=mine).update(body=body)
    _people(body)


def _people(body: Any) -> None:
    from comity.people.actions import add_person, grant, join
    from comity.people.types import Role

    for name, role in zip(PEOPLE, (Role.DUTY_OFFICER, Role.SECRETARIAT), strict=True):
        account = add_person(f"Bench {name}", f"bench-{name}")
        grant(account.person, role)
        if role is Role.DUTY_OFFICER:
            join(account.person, body)


def viewer(name: str) -> Any:
    """One of the people, signed in with a second factor."""
    from comity.people import reads

    return reads.viewer_for(account(name), on=reads.today(), second_factor=True)


def account(name: str) -> Any:
    from django.contrib.auth import get_user_model

    return get_user_model().objects.get(username=f"bench-{name}")


def fill(folder: Path, rows: int, days: int) -> None:
    """The reports of some days, stored and put in order."""
    from comity.events import actions
    from comity.events.engine.local import Local

    folder.mkdir(exist_ok=True)
    engine = Local(os.cpu_count() or 1)
    start = time.perf_counter()
    stored = 0
    try:
        for path in made.daily(folder, rows, days):
            for intake in actions.receive(path.read_bytes(), path.name):
                stored += actions.run(intake, engine).stored
            path.unlink()
    finally:
        engine.cancel()
    print(f"events house: {stored:,} events of {days} days in {time.perf_counter() - start:.0f} s")
    start = time.perf_counter()
    done = actions.compact()
    print(f"events house: put in order in {time.perf_counter() - start:.0f} s: {done}")
