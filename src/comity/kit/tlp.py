"""Who may see what: TLP 2.0 read as audiences. The one source of visibility in the house.

A *marking* denotes an audience; several markings mean their intersection. The decision is data:
`visibility_terms(viewer)` lists what a viewer's ids open, `may_see` evaluates those terms here,
and a room's `reads` evaluates the same terms in SQL; a property test holds the two together.

Decisions taken here, with their reasons:

- **Unmarked is nobody's.** TLP does not define unmarked text, so a `Handling` without a marking
  cannot be made. `Handling.unmarked` gives the body's default label and records `defaulted`.
  In SQL: an object without marking rows is seen by nobody.
- **The owner's members see what the body owns, RED excepted.** The owner is the body whose
  information it is, not the one that happens to keep it. A source cannot be outside its own
  AMBER+STRICT, nor outside a sharing group it chose. RED is between persons: if the whole body
  could read it, each new colleague would read what was written to two people. The owner's
  clients are not recipients: they see it only where the owner is among the named bodies.
- **AMBER and above need a second factor** (house rule, stricter than TLP), the owner's included.
- **An audience nobody is named in is empty.** A RED that names no person is seen by no one,
  which is safe; it becomes readable when somebody is named.
- **A sharing group narrows, never widens**, every label, CLEAR included: TLP is a permission,
  a group is a reach, and the smaller of the two applies.

TLP 2.0: FIRST, August 2022, https://www.first.org/tlp/. Labels are never translated.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import total_ordering
from uuid import UUID

from comity.kit.errors import BadMarking, UnknownLabel, shown

DEFAULT_COMMUNITY = UUID("c0311700-0000-8000-8000-000000000001")
"""The community GREEN means when it names none: the teams registered in this house."""

NOBODY: frozenset[UUID] = frozenset()


@total_ordering
class Label(Enum):
    """The five labels; the greater, the fewer may see. Compared by rank, not by spelling."""

    CLEAR = "CLEAR"
    GREEN = "GREEN"
    AMBER = "AMBER"
    AMBER_STRICT = "AMBER+STRICT"
    RED = "RED"

    @property
    def rank(self) -> int:
        """0 for CLEAR to 4 for RED."""
        return _RANKS[self]

    @property
    def needs_second_factor(self) -> bool:
        return self >= Label.AMBER

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Label):
            return NotImplemented
        return self.rank < other.rank

    def __str__(self) -> str:
        return f"TLP:{self.value}"


_RANKS = {label: rank for rank, label in enumerate(Label)}


# --- spelling -----------------------------------------------------------------------------

# OASIS, STIX 2.1 common objects, extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d.
STIX_IDS = {
    Label.CLEAR: "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487",
    Label.GREEN: "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
    Label.AMBER: "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421",
    Label.AMBER_STRICT: "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003",
    Label.RED: "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1",
}
# TLP 1, STIX 2.1 section 7.2.1.4. Its amber let clients in, so it is AMBER, not AMBER+STRICT.
_STIX_IDS_TLP1 = {
    "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9": Label.CLEAR,  # white
    "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da": Label.GREEN,
    "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82": Label.AMBER,
    "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed": Label.RED,
}
_LABELS_BY_STIX_ID = {id_: label for label, id_ in STIX_IDS.items()} | _STIX_IDS_TLP1
_LABELS_BY_NAME = {label.value: label for label in Label} | {"WHITE": Label.CLEAR}


def parse(text: str) -> Label:
    """The label a text names: "TLP:AMBER+STRICT", "tlp:white" (TLP 1: CLEAR), "GREEN".

    Letter case, outer blanks and the prefix are free; anything else raises `UnknownLabel`.
    """
    name = text.strip().upper().removeprefix("TLP:") if text.isascii() else ""
    try:
        return _LABELS_BY_NAME[name]
    except KeyError:
        remedy = f"Use one of {', '.join(str(label) for label in Label)}."
        raise UnknownLabel(f"{shown(text)} is no TLP label", remedy=remedy) from None


def to_stix(label: Label) -> str:
    """The id of the label's marking definition of TLP 2.0."""
    return STIX_IDS[label]


def from_stix(marking_id: str) -> Label:
    """The label of a STIX marking definition, of TLP 2.0 or TLP 1.

    Raises `UnknownLabel` for any other id: its object is not releasable until a person maps it.
    """
    try:
        return _LABELS_BY_STIX_ID[marking_id]
    except KeyError:
        remedy = "Hold the object back until an administrator maps this marking to a label."
        raise UnknownLabel(f"{shown(marking_id, 80)} is no TLP marking", remedy=remedy) from None


def subject_prefix(label: Label) -> str:
    """What a mail's subject begins with, its blank included: "[TLP:AMBER+STRICT] "."""
    return f"[{label}] "


def strictest(labels: Iterable[Label]) -> Label:
    """The label that binds where several stand. Raises `BadMarking` when none does."""
    try:
        return max(labels)
    except ValueError:
        remedy = "Give unmarked things a label with Handling.unmarked."
        raise BadMarking("no label stands here", remedy=remedy) from None


# --- who asks, what is asked for ----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is asking, as sets of ids on the day of asking. Only the room `people` builds one."""

    person: UUID | None = None
    bodies: frozenset[UUID] = NOBODY  # bodies the viewer belongs to
    clients_of: frozenset[UUID] = NOBODY  # bodies whose registered clients those are
    groups: frozenset[UUID] = NOBODY  # communities and sharing groups
    roles: frozenset[str] = frozenset()
    second_factor: bool = False
    scopes: frozenset[str] | None = None  # a token's; None is a session: all the roles allow

    def in_scope(self, scope: str) -> bool:
        """Whether the token reaches so far. It says nothing about roles or visibility."""
        return self.scopes is None or scope in self.scopes


ANONYMOUS = Viewer()


# Which field names the audience of a label. A field of another label is refused, since it would
# be obeyed by nobody: a GREEN "for these two bodies" would be open to the whole community.
_AUDIENCE_FIELD = {
    Label.RED: "persons",
    Label.AMBER_STRICT: "bodies",
    Label.AMBER: "bodies",
    Label.GREEN: "community",
    Label.CLEAR: "",
}


@dataclass(frozen=True, slots=True)
class Marking:
    """A label and the audience it names.

    RED names `persons`; AMBER+STRICT and AMBER name `bodies`; GREEN names a `community` (None is
    DEFAULT_COMMUNITY). Within one marking the ids are alternatives: to be in one of the bodies,
    and in one of the `sharing_groups` where any are given, is enough. To ask for both, use two
    markings. `defaulted`: nobody chose this label, the house did.
    """

    label: Label
    persons: frozenset[UUID] = NOBODY
    bodies: frozenset[UUID] = NOBODY
    community: UUID | None = None
    sharing_groups: frozenset[UUID] = NOBODY
    defaulted: bool = False

    def __post_init__(self) -> None:
        wanted = _AUDIENCE_FIELD[self.label]
        for name in ("persons", "bodies", "community"):
            if name != wanted and getattr(self, name):
                names = wanted or "no audience"
                raise BadMarking(f"{self.label} names {names}", name, f"Leave out {name}.")

    @property
    def audience(self) -> frozenset[UUID]:
        """The ids this label's audience is made of; empty for CLEAR, which needs none."""
        if self.label is Label.GREEN:
            return frozenset({self.community or DEFAULT_COMMUNITY})
        return self.persons | self.bodies


@dataclass(frozen=True, slots=True)
class Handling:
    """All that limits one thing: its markings, at least one, and the body that owns it."""

    markings: tuple[Marking, ...]
    owner: UUID | None = None

    def __post_init__(self) -> None:
        if not self.markings:
            remedy = "Give unmarked things a label with Handling.unmarked."
            raise BadMarking("a handling needs a marking", "markings", remedy)

    @classmethod
    def unmarked(cls, owner: UUID, label: Label = Label.AMBER) -> Handling:
        """What holds for a thing its source left unmarked: the house's default, recorded so.

        `label` is the setting of the house. RED is no default, for it would name nobody.
        """
        if label is Label.RED:
            raise BadMarking("RED cannot be a default: it names persons", "label", "Use AMBER.")
        named = frozenset({owner}) if _AUDIENCE_FIELD[label] == "bodies" else NOBODY
        return cls((Marking(label, bodies=named, defaulted=True),), owner)

    @property
    def label(self) -> Label:
        """The label to print on it: the strictest of all."""
        return strictest(marking.label for marking in self.markings)


# --- the decision -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class VisibilityTerms:
    """What one viewer's ids open, as data, to be said again in SQL.

    A thing is visible when it has a marking and none of its markings fails. A marking passes when

    - `owner_labels` holds its label and `owner_bodies` holds the owner of the thing; or
    - (`open_labels` holds its label, or `named[label]` meets its audience) and
      (it names no sharing group, or `groups` meets those it names).

    A label absent from `named` and `open_labels` passes by ownership or not at all. In SQL it is
    NOT EXISTS (a failing marking) AND EXISTS (a marking).
    """

    open_labels: frozenset[Label]
    named: Mapping[Label, frozenset[UUID]]
    groups: frozenset[UUID]
    owner_labels: frozenset[Label]
    owner_bodies: frozenset[UUID]

    def passes(self, marking: Marking, owner: UUID | None) -> bool:
        """Whether one marking lets the viewer through."""
        if owner in self.owner_bodies and marking.label in self.owner_labels:
            return True
        opened = marking.label in self.open_labels or not marking.audience.isdisjoint(
            self.named.get(marking.label, NOBODY)
        )
        limits = marking.sharing_groups
        return opened and (not limits or not limits.isdisjoint(self.groups))

    def admits(self, handling: Handling) -> bool:
        """Whether all markings do."""
        return all(self.passes(marking, handling.owner) for marking in handling.markings)


def visibility_terms(viewer: Viewer) -> VisibilityTerms:
    """The whole rule of visibility, for one viewer. Make it once for a list of things."""
    audiences = {
        Label.RED: NOBODY if viewer.person is None else frozenset({viewer.person}),
        Label.AMBER_STRICT: viewer.bodies,
        Label.AMBER: viewer.bodies | viewer.clients_of,
        Label.GREEN: viewer.groups,
    }
    within_reach = {
        label for label in Label if viewer.second_factor or not label.needs_second_factor
    }
    return VisibilityTerms(
        open_labels=frozenset({Label.CLEAR}),
        named={label: ids for label, ids in audiences.items() if ids and label in within_reach},
        groups=viewer.groups,
        owner_labels=frozenset(within_reach - {Label.RED}),
        owner_bodies=viewer.bodies,
    )


def may_see(viewer: Viewer, handling: Handling) -> bool:
    """Whether the viewer may see the thing. What one may not see is absent, not forbidden."""
    return visibility_terms(viewer).admits(handling)


def may_relay(
    handling: Handling,
    *,
    ours: frozenset[UUID],
    theirs: frozenset[UUID],
    extendable: frozenset[UUID] = NOBODY,
) -> bool:
    """Whether a gateway may pass on what is not its own to another gateway.

    `ours`, `theirs`: the communities and sharing groups each end is in. `extendable`: the
    sharing groups whose owner allows relaying in them. Every marking must allow it:

    - RED never travels by a link;
    - AMBER+STRICT and AMBER only inside an extendable sharing group of the marking that both
      ends are in: the source's explicit permission, without which TLP forbids it;
    - GREEN inside a community both ends are in;
    - CLEAR always; and GREEN and CLEAR, where sharing groups limit them, inside one of these.
    """
    both = ours & theirs

    def allows(marking: Marking) -> bool:
        limits = marking.sharing_groups
        if marking.label is Label.RED:
            return False
        if marking.label >= Label.AMBER:
            return not limits.isdisjoint(both & extendable)
        if limits and limits.isdisjoint(both):
            return False
        return marking.label is Label.CLEAR or not marking.audience.isdisjoint(both)

    return all(allows(marking) for marking in handling.markings)
