"""Who may read what is not published yet, and what is published but not for all.

A draft is for the body that writes it. Sending it to review is that body's own act of sharing: from
then on the bodies of those who review here read it too, and the form names them before it is sent.
What will be public or TLP:GREEN travels until then as GREEN to a community of just these bodies;
what is stricter as TLP:AMBER+STRICT between them.
"""

from __future__ import annotations

from uuid import UUID

from comity.kit.tlp import Handling, Label, Marking
from comity.people.actions import intern, keep_group
from comity.people.reads import Organisation, bodies_with_role, today
from comity.people.types import GroupKind, Role
from comity.registry.actions.writing import handling_of
from comity.registry.rules.submissions import State

REVIEWERS = UUID("c0311700-0000-8000-8000-000000000002")
"""The community of the bodies that review here. It follows from the role, nobody keeps it."""

UNSHARED = frozenset({State.DRAFT})


def reviewing_bodies() -> list[Organisation]:
    """The bodies of those who review: who reads what is sent."""
    return bodies_with_role(Role.SECRETARIAT, today())


def keep_reviewers(actor: str) -> frozenset[UUID]:
    """Bring the community of reviewers in line with the role; which bodies it has."""
    bodies = frozenset(body.id for body in reviewing_bodies())
    keep_group(
        REVIEWERS,
        "Bodies that review in this gateway",
        bodies,
        kind=GroupKind.COMMUNITY,
        actor=actor,
    )
    return bodies


def of_draft(label: Label, body: UUID) -> Handling:
    """For the members of the body alone, who pass as its owners."""
    if label < Label.AMBER:
        # A community that bears the body's own id: nobody is in it but by owning.
        return Handling((Marking(Label.GREEN, community=body),), body)
    return Handling((Marking(Label.AMBER_STRICT, bodies=frozenset({body})),), body)


def of_review(label: Label, body: UUID, reviewers: frozenset[UUID]) -> Handling:
    """For the body and the bodies that review."""
    if label < Label.AMBER:
        return Handling((Marking(Label.GREEN, community=REVIEWERS),), body)
    return Handling((Marking(Label.AMBER_STRICT, bodies=reviewers | {body}),), body)


def of_entry(label: Label, body: UUID) -> Handling:
    """What the label means once it is published. TLP:AMBER names the secretariat beside the body:
    it reviewed the entry and keeps it. TLP:AMBER+STRICT names the body alone."""
    if label is not Label.AMBER:
        return handling_of(label, body)
    bodies = frozenset(one.id for one in reviewing_bodies()) | {body}
    return Handling((Marking(Label.AMBER, bodies=bodies),), body)


def handling_in(state: State, label: Label, body: UUID, actor: str) -> int:
    """The number of the handling of a submission in this state."""
    if state in UNSHARED:
        return intern(of_draft(label, body))
    return intern(of_review(label, body, keep_reviewers(actor)))
