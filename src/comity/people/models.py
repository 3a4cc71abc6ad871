"""How persons, bodies, groups and accounts are kept.

A *person* is whom markings name and the ledger hides; an *account* is how a person signs in. All
that identifies a person hangs on these two rows, so that erasing them erases the person.
"""

from __future__ import annotations

import secrets
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from comity.kit import ids
from comity.people.types import GroupKind, Purpose, Role


def _pseudonym() -> str:
    return f"p-{secrets.token_hex(16)}"


class Person(models.Model):
    """Somebody. `pseudonym` is their name in the ledger and exists nowhere else."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=2, default="en")
    pseudonym = models.CharField(max_length=40, unique=True, default=_pseudonym, editable=False)
    sample = models.BooleanField(default=False)  # made up, to show the house around

    def __str__(self) -> str:
        return self.name


class AccountManager(BaseUserManager["Account"]):
    """Finds an account by what a person types at sign-in."""

    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(username=(username or "").lower())

    def signing_in_as(self, login: str) -> Account | None:
        """The account of a user name or an e-mail address, in one query.

        A user name holds no @ (a constraint says so), so the two cannot be confused.
        """
        folded = login.strip().lower()
        if not folded:
            return None
        return self.filter(Q(username=folded) | Q(email=folded)).select_related("person").first()


class Account(AbstractBaseUser):
    """How a person signs in. Made by an administrator; without a password until one is set."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="account")
    username = models.CharField(_("user name"), max_length=80, unique=True)  # kept in lower case
    email = models.EmailField(_("e-mail address"), blank=True)  # kept in lower case
    is_active = models.BooleanField(default=True)

    objects = AccountManager()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["email"], condition=~Q(email=""), name="people_account_email"
            ),
            models.CheckConstraint(
                condition=~Q(username__contains="@"), name="people_account_username"
            ),
        )

    def __str__(self) -> str:
        return self.username


class Body(models.Model):
    """An organisation: who belongs to it is ours to say, what it is like is the directory's."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    name = models.CharField(max_length=200)
    country = models.CharField(max_length=2, blank=True)  # a code of `kit.countries`
    sample = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name


class Group(models.Model):
    """A community, a sharing group, or the registered clients of a body."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=[(kind, kind) for kind in GroupKind])
    owner = models.ForeignKey(Body, on_delete=models.CASCADE, null=True, related_name="owned")
    may_relay = models.BooleanField(default=False)  # members may pass on by a link
    sample = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~Q(kind=GroupKind.CLIENTS) | Q(owner__isnull=False),
                name="people_clients_have_an_owner",
            ),
            models.UniqueConstraint(
                fields=["owner"], condition=Q(kind=GroupKind.CLIENTS), name="people_one_clientele"
            ),
        )

    def __str__(self) -> str:
        return self.name


class Dated(models.Model):
    """From a day until the day it ends, which is not included."""

    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        abstract = True


class Membership(Dated):
    """A person in a body or a group, or a body in a group."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True)
    member_body = models.ForeignKey(
        Body, on_delete=models.CASCADE, null=True, related_name="memberships"
    )
    body = models.ForeignKey(Body, on_delete=models.CASCADE, null=True, related_name="members")
    group = models.ForeignKey(Group, on_delete=models.CASCADE, null=True, related_name="members")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=(
                    Q(person__isnull=False, member_body__isnull=True)
                    & (
                        Q(body__isnull=False, group__isnull=True)
                        | Q(body__isnull=True, group__isnull=False)
                    )
                )
                | Q(
                    person__isnull=True,
                    member_body__isnull=False,
                    body__isnull=True,
                    group__isnull=False,
                ),
                name="people_membership_shape",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="people_membership_dates",
            ),
        )

    def __str__(self) -> str:
        return str(self.id)


class Grant(Dated):
    """A role a person holds."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    role = models.CharField(max_length=20, choices=[(role, role) for role in Role])

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="people_grant_dates",
            ),
        )

    def __str__(self) -> str:
        return f"{self.role} {self.id}"


class ApiToken(models.Model):
    """A key for a program, in a person's name. Its text is not kept, only the SHA-256."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=8, unique=True)
    hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    networks = models.JSONField(default=list)
    second_factor = models.BooleanField(default=False)  # that of the session it was made in
    created = models.DateTimeField()
    expires = models.DateTimeField()
    last_used = models.DateTimeField(null=True)
    revoked = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.prefix} {self.name}"


class OneTimeLink(models.Model):
    """A link that works once. Its secret is not kept, only the SHA-256."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="links")
    purpose = models.CharField(max_length=10, choices=[(p, p) for p in Purpose])
    hash = models.CharField(max_length=64, unique=True)
    created = models.DateTimeField()
    expires = models.DateTimeField()
    used = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.purpose} {self.id}"


class Handling(models.Model):
    """One way of limiting who sees a thing (`kit.tlp.Handling`). Equal ones are one row, so that
    any table of any room says who may see a row of it with one number (ADR 13). Never changed.

    The ids are plain columns: who is erased leaves an audience that nobody is in.
    """

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=64, unique=True)  # SHA-256 of what it says
    label = models.CharField(max_length=12)  # the strictest, to print
    owner = models.UUIDField(null=True, db_index=True)

    def __str__(self) -> str:
        return f"TLP:{self.label} {self.pk}"


class HandlingMarking(models.Model):
    """One marking of a handling; several mean the intersection of their audiences."""

    id = models.BigAutoField(primary_key=True)
    handling = models.ForeignKey(Handling, on_delete=models.CASCADE, related_name="markings")
    position = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=12)
    defaulted = models.BooleanField(default=False)
    grouped = models.BooleanField(default=False)  # it names sharing groups

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["handling", "position"], name="people_one_marking"),
        )

    def __str__(self) -> str:
        return f"TLP:{self.label}"


class HandlingId(models.Model):
    """An id that a marking names: of its audience, or of a sharing group that narrows it."""

    id = models.BigAutoField(primary_key=True)
    marking = models.ForeignKey(HandlingMarking, on_delete=models.CASCADE, related_name="ids")
    group = models.BooleanField()  # a sharing group; otherwise audience
    ref = models.UUIDField(db_index=True)

    def __str__(self) -> str:
        return str(self.ref)


def object_name(kind: str, id_: UUID | str) -> str:
    """How the ledger names one of these: "person/0193…"."""
    return f"{kind}/{id_}"
