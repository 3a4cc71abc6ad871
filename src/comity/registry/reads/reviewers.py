"""To whom a confidential entry is addressed: the bodies of those who review and run the desk."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from comity.people.reads import bodies_with_role, today
from comity.people.rules import PERMISSIONS

_ROLES = PERMISSIONS["registry.review"].roles | PERMISSIONS["registry.desk"].roles


def reviewing_bodies(on: dt.date | None = None) -> frozenset[UUID]:
    """The bodies of the secretariat: what is sent to this gateway is open to their members.

    A person with that role opens every body that they belong to, so an officer on loan should
    hold the role as a member of the secretariat's body alone.
    """
    day = on or today()
    return frozenset(body.id for role in _ROLES for body in bodies_with_role(role, day))
