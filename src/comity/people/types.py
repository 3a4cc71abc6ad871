"""The nouns of identity: roles, kinds of group, scopes of a token, permissions."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class PeopleError(Exception):
    """What cannot be done with a person, a group or a token: what is wrong, and the way out."""

    def __init__(self, message: str, remedy: str = "", place: str = "") -> None:
        super().__init__(message, remedy, place)
        self.message, self.remedy, self.place = message, remedy, place

    def __str__(self) -> str:
        return f"{self.message}. {self.remedy}" if self.remedy else f"{self.message}."


class Role(StrEnum):
    """What a person does in this gateway. The words are the field's, not a hierarchy."""

    READER = "reader"
    CONTRIBUTOR = "contributor"
    FOCAL_POINT = "focal_point"
    DUTY_OFFICER = "duty_officer"
    HEAD = "head"
    SECRETARIAT = "secretariat"
    ADMINISTRATOR = "administrator"


class GroupKind(StrEnum):
    """What belonging to a group means for TLP."""

    COMMUNITY = "community"  # who GREEN reaches
    SHARING = "sharing"  # narrows the audience of any label
    CLIENTS = "clients"  # the registered clients of the owner, for AMBER


class Purpose(StrEnum):
    """What a one-time link does."""

    INVITE = "invite"  # set the password of a new account, or of one whose password was lost
    NEWCOMER = "newcomer"  # sign in as a sample person, from this machine only


@dataclass(frozen=True, slots=True)
class Permission:
    """One thing that may be done: who may, which scope lets a token do it."""

    name: str  # "mandate.settle": room and verb
    roles: frozenset[Role]
    scope: str
    second_factor: bool = False


@dataclass(frozen=True, slots=True)
class Belonging:
    """One edge of the graph of who belongs to what, as the database holds it."""

    role: str = ""  # a role granted, or
    body: UUID | None = None  # a body the person is in, or
    group: UUID | None = None  # a group the person, or one of their bodies, is in
    kind: str = ""
    owner: UUID | None = None  # the body a group of clients belongs to


@dataclass(frozen=True, slots=True)
class TokenParts:
    """An access token taken apart. `whole` is what was hashed."""

    prefix: str
    whole: str


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token just made: the only moment its text is known."""

    id: UUID
    text: str
    expires: dt.datetime


@dataclass(frozen=True, slots=True)
class NewLink:
    """A one-time link just made: the only moment its secret is known."""

    secret: str
    purpose: Purpose
    expires: dt.datetime
