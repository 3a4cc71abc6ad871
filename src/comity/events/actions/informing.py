"""A team chooses to be told of what others, nearer, answer for: a national team of its sectors.

It sees those events from then on, AMBER ones too. Who heads its body chooses, or an administrator.
"""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from comity.directory.reads import TeamNamed
from comity.events import models as m
from comity.events.reads import informed
from comity.kit.tlp import Viewer
from comity.ledger import actions as ledger
from comity.people.reads import actor_of


def inform(viewer: Viewer | None, code: str, wanted: bool) -> TeamNamed:
    """Tell a team from now on, or no longer. Twice is once. Raises `EventsError` where there is no
    such team; None is the operator at the machine itself."""
    team = informed.team_called(code)
    if not informed.may_choose(viewer, team):
        raise PermissionDenied("events.inform")
    actor = ledger.GATEWAY if viewer is None else actor_of(viewer)
    with transaction.atomic():
        if wanted:
            changed = m.Informed.objects.get_or_create(
                team=team.id, defaults={"since": timezone.now()}
            )[1]
        else:
            changed = m.Informed.objects.filter(team=team.id).delete()[0] > 0
        if changed:
            ledger.record(
                "inform_team", f"directory/{team.id}", actor=actor, content={"wanted": wanted}
            )
    return team
