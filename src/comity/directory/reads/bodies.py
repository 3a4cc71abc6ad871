"""What bodies are like, as each speaker says. Their names and who belongs to them are people's."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from comity.directory import models as m
from comity.directory.reads.teams import NotHeld
from comity.kit.tlp import Viewer
from comity.people.reads import visible_handlings
from comity.people.reads.bodies import Organisation, bodies_named, every_body
from comity.people.types import Role


@dataclass(frozen=True, slots=True)
class BodyRow:
    """A body with what is said of it, first speaker first, and the team that is its own."""

    id: UUID
    name: str
    country: str
    sample: bool
    team: m.Team | None
    faces: tuple[m.BodyFace, ...]

    @property
    def names(self) -> dict[str, str]:
        """Language to name, by the first speaker who gives one."""
        found: dict[str, str] = {}
        for face in self.faces:
            found = dict(face.names) | found
        return found

    @property
    def kind(self) -> str:
        return next((face.kind for face in self.faces if face.kind), "")


def bodies(viewer: Viewer) -> list[BodyRow]:
    """The bodies that have a team or of which somebody says what they are like; besides, the
    viewer's own, and all for the secretariat, who describes them. That a body belongs to this house
    with neither is nobody else's business."""
    seen = visible_handlings(viewer)
    faces = m.BodyFace.objects.filter(ended=None, handling__in=seen)
    found: dict[UUID, list[m.BodyFace]] = defaultdict(list)
    for face in sorted(faces, key=lambda row: (row.precedence, row.pk)):
        found[face.body_id].append(face)
    teams = {team.body_id: team for team in m.Team.objects.filter(body__isnull=False)}
    everything = Role.SECRETARIAT in viewer.roles
    wanted = {*found, *teams, *viewer.bodies}
    rows = every_body() if everything else bodies_named(wanted)
    return [_row(row, teams.get(row.id), found.get(row.id, ())) for row in rows]


def body(viewer: Viewer, key: UUID) -> BodyRow:
    """Raises `NotHeld` for one that is not here, or that is nobody else's business."""
    rows = bodies_named([key])
    seen = visible_handlings(viewer)
    faces = m.BodyFace.objects.filter(body=key, ended=None, handling__in=seen)
    held = sorted(faces, key=lambda row: (row.precedence, row.pk))
    team = m.Team.objects.filter(body=key).first()
    mine = key in viewer.bodies or Role.SECRETARIAT in viewer.roles
    if not rows or not (held or team or mine):
        raise NotHeld(f"No body {key}.")
    return _row(rows[0], team, held)


def _row(body: Organisation, team: m.Team | None, faces: list[m.BodyFace] | tuple[()]) -> BodyRow:
    return BodyRow(body.id, body.name, body.country, body.sample, team, tuple(faces))
