"""Persons, bodies, groups and roles for an administrator: looked at, and changed by acts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from comity.kit.countries import all_countries
from comity.kit.languages import LANGUAGES
from comity.ledger import admin as house
from comity.ledger.admin import ActForm, column
from comity.people import actions, reads
from comity.people.models import Account, Body, Grant, Group, Membership, Person, object_name
from comity.people.types import GroupKind, PeopleError, Role
from comity.people.words import ROLES

KINDS = (
    (GroupKind.COMMUNITY, _("Community")),
    (GroupKind.SHARING, _("Sharing group")),
    (GroupKind.CLIENTS, _("Clients of a body")),
)


class Day(forms.DateField):
    """A day, in the browser's own way of asking; no script."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class PeopleForm(ActForm):
    refusals = (PeopleError,)


class AddPerson(PeopleForm):
    name = forms.CharField(label=_("Name"), max_length=200)
    username = forms.CharField(label=_("User name"), max_length=80)
    email = forms.EmailField(label=_("E-mail address"), required=False)
    language = forms.ChoiceField(
        label=_("Language"), choices=[(code, one.own_name) for code, one in LANGUAGES.items()]
    )

    def act(self, said: dict[str, Any]) -> Model:
        email, language = said["email"], said["language"]
        account = actions.add_person(
            said["name"], said["username"], email=email, language=language, actor=self.actor
        )
        return account.person


class AddBody(PeopleForm):
    name = forms.CharField(label=_("Name"), max_length=200)
    country = forms.ChoiceField(
        label=_("Country"),
        required=False,
        choices=[("", "–"), *((c.iso2, f"{c.iso2} {c.name('en')}") for c in all_countries())],
    )

    def act(self, said: dict[str, Any]) -> Model:
        return actions.add_body(said["name"], country=said["country"], actor=self.actor)


class AddGroup(PeopleForm):
    name = forms.CharField(label=_("Name"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS)
    owner = forms.CharField(
        label=_("Owner"), required=False, help_text=_("A body, by its name or its id.")
    )
    may_relay = forms.BooleanField(label=_("Members may pass on by a link"), required=False)

    def act(self, said: dict[str, Any]) -> Model:
        owner = actions.find_body(said["owner"]) if said["owner"] else None
        kind = GroupKind(said["kind"])
        return actions.add_group(
            said["name"], kind, owner=owner, may_relay=said["may_relay"], actor=self.actor
        )


class Join(PeopleForm):
    person = forms.CharField(label=_("Person"), required=False, help_text=_("By the user name."))
    member_body = forms.CharField(
        label=_("or body"), required=False, help_text=_("A body, by its name or its id.")
    )
    body = forms.CharField(
        label=_("joins the body"), required=False, help_text=_("By its name or its id.")
    )
    group = forms.CharField(
        label=_("or the group"), required=False, help_text=_("By its name or its id.")
    )
    since = Day(label=_("Since"), required=False)
    until = Day(
        label=_("Until"), required=False, help_text=_("The first day on which it holds no more.")
    )

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        for pair in (("person", "member_body"), ("body", "group")):
            if sum(bool(said.get(name)) for name in pair) != 1:
                self.add_error(pair[0], _("Fill in one of the two."))
        return said

    def act(self, said: dict[str, Any]) -> Model:
        member: Person | Body
        if said["person"]:
            member = actions.find_account(said["person"]).person
        else:
            member = actions.find_body(said["member_body"])
        where: Body | Group
        where = (
            actions.find_body(said["body"]) if said["body"] else actions.find_group(said["group"])
        )
        return actions.join(
            member, where, since=said["since"], until=said["until"], actor=self.actor
        )


class Leave(PeopleForm):
    ends = Day(label=_("Ends on"), help_text=_("The first day on which it holds no more."))

    def act(self, said: dict[str, Any]) -> Model:
        row: Membership = self.instance
        member, where = row.person or row.member_body, row.body or row.group
        assert member is not None and where is not None  # noqa: S101 - the table's constraint
        return actions.leave(member, where, on=said["ends"], actor=self.actor)


class GrantRole(PeopleForm):
    person = forms.CharField(label=_("Person"), help_text=_("By the user name."))
    role = forms.ChoiceField(label=_("Role"), choices=list(ROLES.items()))
    since = Day(label=_("Since"), required=False)
    until = Day(
        label=_("Until"), required=False, help_text=_("The first day on which it holds no more.")
    )

    def act(self, said: dict[str, Any]) -> Model:
        person = actions.find_account(said["person"]).person
        dates = {"since": said["since"], "until": said["until"]}
        return actions.grant(person, Role(said["role"]), actor=self.actor, **dates)


class WithdrawRole(Leave):
    def act(self, said: dict[str, Any]) -> Model:
        row: Grant = self.instance
        return actions.withdraw(row.person, Role(row.role), on=said["ends"], actor=self.actor)


class CloseAccount(PeopleForm):
    close = forms.BooleanField(
        label=_("Close this account"),
        help_text=_("Nobody signs in to it any more, and its tokens open nothing."),
    )

    def act(self, said: dict[str, Any]) -> Model:
        actions.close_account(self.instance, actor=self.actor)
        return self.instance


# --- tables -------------------------------------------------------------------------------


class Table(house.Table):
    kind = ""  # as the record of acts names a row

    def actor(self, request: HttpRequest) -> str:
        return reads.actor_of(reads.viewer_of(request))

    def ledger_name(self, row: Any) -> str:
        return object_name(self.kind, row.pk)


class Persons(Table):
    one, many, kind = _("person"), _("persons"), "person"
    columns = (
        column("name", _("Name")),
        column("account__username", _("User name")),
        column("language", _("Language")),
        column("sample", _("Sample"), yesno=True),
    )
    joined = ("account",)
    searched = ("name", "account__username")
    sorted_by = ("name",)
    add_by = AddPerson


class Accounts(Table):
    one, many, kind = _("account"), _("accounts"), "person"
    columns = (
        column("username", _("User name")),
        column("person__name", _("Name")),
        column("email", _("E-mail address")),
        column("is_active", _("Open"), yesno=True),
        column("last_login", _("Last sign-in")),
    )
    joined = ("person",)
    searched = ("username", "email", "person__name")
    sorted_by = ("username",)
    change_by = CloseAccount

    def ledger_name(self, row: Any) -> str:
        return object_name(self.kind, row.person_id)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None or obj.is_active


class Bodies(Table):
    one, many, kind = _("body"), _("bodies"), "body"
    columns = (
        column("name", _("Name")),
        column("country", _("Country")),
        column("sample", _("Sample"), yesno=True),
        column("id", _("Id")),
    )
    searched = ("name", "=country")
    sorted_by = ("name",)
    add_by = AddBody


class Groups(Table):
    one, many, kind = _("group"), _("groups"), "group"
    columns = (
        column("name", _("Name")),
        column("kind", _("Kind")),
        column("owner__name", _("Owner")),
        column("may_relay", _("Members may pass on by a link"), yesno=True),
        column("id", _("Id")),
    )
    joined = ("owner",)
    searched = ("name",)
    sorted_by = ("name",)
    add_by = AddGroup


class Memberships(Table):
    one, many, kind = _("membership"), _("memberships"), "membership"
    columns = (
        column("person__name", _("Person")),
        column("member_body__name", _("Body")),
        column("body__name", _("in the body")),
        column("group__name", _("in the group")),
        column("since", _("Since")),
        column("until", _("Until")),
    )
    joined = ("person", "member_body", "body", "group")
    searched = ("person__name", "member_body__name", "body__name", "group__name")
    sorted_by = ("-since", "pk")
    add_by, change_by = Join, Leave


class Grants(Table):
    one, many, kind = _("role granted"), _("roles granted"), "grant"
    columns = (
        column("person__name", _("Person")),
        column("role", _("Role")),
        column("since", _("Since")),
        column("until", _("Until")),
    )
    joined = ("person",)
    searched = ("person__name", "=role")
    sorted_by = ("-since", "pk")
    add_by, change_by = GrantRole, WithdrawRole


TABLES = (
    (Person, Persons),
    (Account, Accounts),
    (Body, Bodies),
    (Group, Groups),
    (Membership, Memberships),
    (Grant, Grants),
)
