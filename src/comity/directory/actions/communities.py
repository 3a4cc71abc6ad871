"""The secretariat describes a community and names its members, beside what sources list."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from comity.directory import models as m
from comity.directory import types as t
from comity.directory.actions.batches import require
from comity.directory.actions.editing import ChangedMeanwhile
from comity.directory.models.said import saying_columns
from comity.directory.rules.contacts import canonical_url
from comity.directory.rules.speakers import Speaker
from comity.directory.rules.times import canonical_date
from comity.kit import canonical
from comity.kit.errors import shown
from comity.kit.languages import gettext_noop
from comity.kit.sayings import Saying, Voice
from comity.kit.tlp import Viewer
from comity.ledger import actions as ledger
from comity.people.actions import clear
from comity.people.reads import actor_of

FACTS = (
    *("name", "kind", "scope", "region", "established", "operator", "website"),
    *("members_stated", "members_as_of", "note"),
    *("evidence_title", "evidence_url", "evidence_date", "licence"),
)
_DATES = ("established", "members_as_of", "evidence_date")
_ADDRESSES = ("website", "evidence_url")
_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Member:
    """A country or a team, by its code, in a community."""

    country: str = ""
    team: str = ""
    level: str = ""
    since: str = ""


def seen_of(community: m.Community | None) -> str:
    """What a form carries to notice that somebody else changed the community meanwhile."""
    if community is None:
        return ""
    facts = [getattr(community, name) for name in (*FACTS, "partial")]
    named = [_place(row) for row in _own(community)]
    return canonical.digest([facts, sorted(map(list, named))])


def members_of(community: m.Community) -> list[Member]:
    """Those that the secretariat named, which it may change; a source's stand beside them."""
    return [Member(*_place(row)) for row in _own(community)]


def _own(community: m.Community) -> list[m.CommunityMember]:
    rows = community.members.filter(speaker=Voice.SECRETARIAT.value, ended=None)
    return list(rows.select_related("team").order_by("country", "team__code", "pk"))


def _place(row: m.CommunityMember) -> tuple[str, str, str, str]:
    return (row.country, row.team.code if row.team else "", row.level, row.since)


def keep_community(
    viewer: Viewer,
    code: str,
    facts: Mapping[str, str],
    members: Sequence[Member],
    *,
    partial: bool = True,
    seen: str | None = None,
    now: dt.datetime | None = None,
) -> m.Community:
    """Keep it as given: facts that are absent are emptied, members of the secretariat that are
    absent end. Permission `directory.load`. Raises DirectoryError with the field as its place."""
    require(viewer, "directory.load")
    wanted: dict[str, Any] = _checked(code, facts) | {"partial": partial}
    moment = now or timezone.now()
    with transaction.atomic():
        ledger.hold()
        held = m.Community.objects.select_for_update().filter(code=code).first()
        if seen is not None and seen != seen_of(held):
            raise ChangedMeanwhile(
                gettext_noop("Somebody changed this community since the form was opened"),
                "",
                gettext_noop("Load the form again and repeat your change."),
            )
        named = _named(members)
        before = {_place(row): row for row in _own(held)} if held else {}
        same = held is not None and all(getattr(held, k) == v for k, v in wanted.items())
        if held is not None and same and set(before) == set(named):
            return held
        number = ledger.record(
            "keep_community",
            f"community/{code}",
            actor=actor_of(viewer),
            content=wanted | {"members": sorted(map(list, named))},
            now=moment,
        )
        # Kept by this house from now on: removing the sample data leaves it.
        kept, _new = m.Community.objects.update_or_create(
            code=code, defaults=wanted | {"sample": False}
        )
        gone = [row.pk for place, row in before.items() if place not in named]
        m.CommunityMember.objects.filter(pk__in=gone).update(ended=moment)
        speaker = Speaker(Voice.SECRETARIAT)
        m.CommunityMember.objects.bulk_create(
            m.CommunityMember(
                community=kept,
                country=place[0],
                team=team,
                level=place[2],
                since=place[3],
                speaker=speaker.key,
                handling_id=clear(),
                began=moment,
                act=number,
                **saying_columns(speaker.saying(Saying(since=place[3]))),
            )
            for place, team in named.items()
            if place not in before
        )
    return kept


def _named(members: Sequence[Member]) -> dict[tuple[str, str, str, str], m.Team | None]:
    codes = {member.team for member in members if member.team}
    teams = {team.code: team for team in m.Team.objects.filter(code__in=codes)}
    if missing := sorted(codes - set(teams)):
        raise t.DirectoryError(
            gettext_noop("No team here has this code"), "members", ", ".join(missing[:5])
        )
    return {
        (member.country, member.team, member.level, member.since): teams.get(member.team)
        for member in members
    }


def _checked(code: str, facts: Mapping[str, str]) -> dict[str, str]:
    if not _CODE.fullmatch(code) or len(code) > 80 or code == "new":  # the address of the form
        raise t.DirectoryError(
            gettext_noop("This cannot stand in an address"),
            "code",
            gettext_noop("Make the code of small letters, digits and hyphens."),
        )
    made = {name: " ".join(str(facts.get(name, "")).split()) for name in FACTS}
    if not made["name"]:
        remedy = gettext_noop("Give it a name and a code.")
        raise t.DirectoryError(gettext_noop("A community has no name"), "name", remedy)
    if made["kind"] and made["kind"] not in t.COMMUNITY_KINDS:
        kinds = ", ".join(t.COMMUNITY_KINDS)
        raise t.DirectoryError(gettext_noop("This is no kind of community"), "kind", kinds)
    for name in _DATES:
        made[name] = canonical_date(made[name]) if made[name] else ""
    for name in _ADDRESSES:
        made[name] = canonical_url(made[name]) if made[name] else ""
    for name, value in made.items():
        limit = m.Community._meta.get_field(name).max_length
        if (limit and len(value) > limit) or "\x00" in value:
            raise t.DirectoryError(
                gettext_noop("{text} is too long or cannot be kept"),
                name,
                gettext_noop("Shorten it."),
                text=shown(value),
            )
    return made
