"""To whom a confidential entry is addressed: the bodies of those who review and run the desk."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from comity.people.reads import today
from comity.people.reads.bodies import bodies_with_role
from comity.people.types import Role


def reviewing_bodies(on: dt.date | None = None) -> frozenset[UUID]:
    """The bodies of the secretariat: what is sent to this gateway is open to their members.

    A person with that role opens every body that they belong to, so an officer on loan should
    hold the role as a member of the secretariat's body alone.
    """
    return frozenset(body.id for body in bodies_with_role(Role.SECRETARIAT, on or today()))
