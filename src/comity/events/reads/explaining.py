"""Why an address goes where it goes, for a viewer: claims under a marking that they do not pass are
not named, nor is who made them, except to the team itself and to who oversees the house.
"""

from __future__ import annotations

from typing import Any

from comity.directory import reads as directory
from comity.events.reads import routing
from comity.kit.tlp import Viewer
from comity.people.rules import may


def explain(viewer: Viewer, address: str, domain: str = "") -> dict[str, Any]:
    """As `routing.explained`. Raises `EventsError` for what is no address."""
    told = routing.explained(address, domain)
    if may(viewer, "events.oversee"):
        return told
    values = [step["matched"] for step in told["steps"] if step["matched"]]
    open_ = directory.seen_claims(viewer, values)
    teams = {team.code: team for team in directory.teams_named().values()}

    def heard(kind: str, value: str, code: str) -> bool:
        team = teams[code]
        ours = team.body is not None and team.body in viewer.bodies
        return ours or (kind, value, team.id) in open_

    steps, owners, reason = [], [], ""
    decided = False
    for step in told["steps"]:
        known = [code for code in step["teams"] if heard(step["rule"], step["matched"], code)]
        decides = bool(step["matched"]) and not decided
        decided = decided or bool(step["matched"])
        if decides:
            owners = known
            reason = told["reason"] if known else ""
        matched = step["matched"] if known else ""
        # What is asked of a later rule follows from the address alone and tells nothing.
        steps.append(step | {"teams": known, "matched": matched})
    mine = {t.code for t in teams.values() if t.body in viewer.bodies}
    informed = [code for code in told["informed"] if code in mine]
    why = told["informed_reason"] if informed and reason else ""
    return told | {
        "steps": steps,
        "owners": owners,
        "reason": reason,
        "informed": informed,
        "informed_reason": why,
    }
