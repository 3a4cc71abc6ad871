"""How the words of one speaker about teams become rows: found or made, compared with what the same
speaker said before, ended where no longer said. Nobody else's rows are touched.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Max, Model

from comity.directory import models as m
from comity.directory import types as t
from comity.directory.models.said import saying_columns
from comity.directory.reads import key_of
from comity.directory.rules import keys
from comity.directory.rules.differences import EVERYTHING
from comity.directory.rules.services import canonical_service
from comity.directory.rules.speakers import Speaker, handling
from comity.kit import countries
from comity.kit.errors import KitError, shown
from comity.kit.languages import gettext_noop
from comity.people.actions import intern

_CODE = re.compile(r"[a-z0-9][a-z0-9_-]*", re.ASCII)
CHUNK = 400  # ids in one IN (…): SQLite takes 32,766 variables, and plans for few


@dataclass(frozen=True, slots=True)
class Table:
    """One table of what is said: its model, the part of a record it keeps, what makes two equal."""

    model: type[Any]
    part: str
    columns: Callable[[Any], dict[str, Any]]


def _value(said: t.Value) -> dict[str, Any]:
    value = dict(said.value) if isinstance(said.value, Mapping) else said.value
    return {"field": said.field, "value": value}


def _contact(said: t.Contact) -> dict[str, Any]:
    return {
        "purpose": said.purpose.value,
        "kind": said.kind.value,
        "value": said.value,
        "hours": said.hours,
        "note": said.note,
        "consent": said.consent,
    }


def _key(said: t.TeamKey) -> dict[str, Any]:
    kept = {f.name: getattr(said, f.name) for f in dataclasses.fields(said)}
    kept |= {"kind": said.kind.value, "user_ids": list(said.user_ids), "faults": list(said.faults)}
    return {name: value for name, value in kept.items() if name not in ("label", "said")}


def _holding(said: t.Holding) -> dict[str, Any]:
    return {"kind": said.kind.value, "value": said.value}


TABLES = (
    Table(m.Value, "values", _value),
    Table(m.Contact, "contacts", _contact),
    Table(m.TeamKey, "keys", _key),
    Table(m.Holding, "holdings", _holding),
)


@dataclass(slots=True)
class Batch:
    """One application: who speaks, who brought it, when; and what came of it."""

    speaker: Speaker
    now: dt.datetime
    actor: str
    keepers: frozenset[UUID] = frozenset()
    person: UUID | None = None
    act: int = 0
    handlings: dict[tuple[Any, ...], int] = field(default_factory=dict)

    def handling(self, label: Any, owner: UUID | None) -> int:
        """The number of who may see a row: asked once for each label and owner of a batch."""
        place = (label, owner)
        if place not in self.handlings:
            self.handlings[place] = intern(handling(label, owner, self.keepers, self.person))
        return self.handlings[place]


@dataclass(slots=True)
class Change:
    """What one record asks of one team: rows to begin, rows to end."""

    team: m.Team
    new: bool = False
    begin: list[tuple[Table, Any]] = field(default_factory=list)
    end: list[Any] = field(default_factory=list)
    columns: dict[str, Any] = field(default_factory=dict)  # of the team itself

    @property
    def any(self) -> bool:
        return bool(self.new or self.begin or self.end or self.columns)


# --- whose record is it -------------------------------------------------------------------


class Finder:
    """Finds the team of a record: by an id both directories know, else by code."""

    def __init__(self) -> None:
        self.by_code = {team.code: team for team in m.Team.objects.select_for_update()}
        self.by_id: dict[tuple[str, str], m.Team] = {}
        for team in self.by_code.values():
            for name, id_ in team.same_as.items():
                self.by_id[(name, id_)] = team
        self.next = (m.Team.objects.aggregate(last=Max("seq"))["last"] or 0) + 1

    def find(self, record: t.TeamRecord, now: dt.datetime) -> tuple[m.Team, bool]:
        """The team and whether it is new. Raises DirectoryError where two would become one."""
        same = [self.by_id[pair] for pair in record.same_as.items() if pair in self.by_id]
        team = same[0] if same else self.by_code.get(record.code)
        if team is None:
            return self._made(record, now), True
        if team.country and record.country and team.country != record.country:
            raise t.DirectoryError(
                gettext_noop("This code or id is that of a team in another country"),
                f"{record.code} ({record.country}; {team.country})",
                gettext_noop("Correct the country, or give the team another code."),
            )
        return team, False

    def _made(self, record: t.TeamRecord, now: dt.datetime) -> m.Team:
        team = m.Team(
            seq=self.next,
            code=record.code,
            name=record.name,
            country=record.country,
            same_as=dict(record.same_as),
            changed=now,
        )
        self.next += 1
        self.by_code[record.code] = team
        for pair in record.same_as.items():
            self.by_id[pair] = team
        return team


# --- what would change --------------------------------------------------------------------


def _spelled(columns: Mapping[str, Any], since: str, language: str, label: str) -> str:
    """Two rows of one speaker are equal when this is: evidence and verification do not count."""
    return json.dumps([columns, since, language, label], sort_keys=True, default=str)


def _held_rows(table: Table, teams: Iterable[m.Team], speaker: Speaker) -> Iterator[Any]:
    numbers = [team.pk for team in teams]
    for start in range(0, len(numbers), CHUNK):
        yield from (
            table.model.objects.filter(
                team__in=numbers[start : start + CHUNK], speaker=speaker.key, ended=None
            ).select_related("handling")
        )


def changes(
    pairs: Sequence[tuple[m.Team, bool, t.TeamRecord]],
    speaker: Speaker,
    *,
    whole: bool = True,
    within: Collection[int] | None = None,
    holds: Collection[str] = EVERYTHING,
) -> list[Change]:
    """What each record asks, compared with what this speaker said before. `whole`: what a record
    leaves out is no longer said; otherwise it only adds. `within`: the handlings that a writer may
    see, who cannot have meant to end a row that the form did not show. `holds`: what the format of
    the record can say at all; silence about the rest is no word (`rules.differences`)."""
    made = {team.pk: Change(team, new) for team, new, _record in pairs}
    old = [team for team, new, _record in pairs if not new]
    for table in TABLES:
        held: dict[UUID, dict[str, Any]] = defaultdict(dict)
        for row in _held_rows(table, old, speaker):
            columns = {name: getattr(row, name) for name in _names(table)}
            place = _spelled(columns, row.said_since, row.language, row.handling.label)
            held[row.team_id][place] = row
        for team, _new, record in pairs:
            wanted: dict[str, Any] = {}
            for said in getattr(record, table.part):
                place = _spelled(
                    table.columns(said), said.said.since, said.said.language, said.label.value
                )
                wanted[place] = said
            mine, change = held[team.pk], made[team.pk]
            change.begin += [(table, said) for place, said in wanted.items() if place not in mine]
            if whole:
                change.end += [
                    row
                    for place, row in mine.items()
                    if place not in wanted
                    and (within is None or row.handling_id in within)
                    and (row.field if table.part == "values" else table.part) in holds
                ]
    _let_keys_stand(list(made.values()), old)
    for team, new, record in pairs:
        _own_columns(made[team.pk], new, record, speaker)
    return list(made.values())


def _let_keys_stand(found: Sequence[Change], teams: Sequence[m.Team]) -> None:
    """A key that another one would replace stands until that one is confirmed, said or not."""
    waiting = set(
        m.TeamKey.objects.filter(team__in=teams, waits=True, ended=None).values_list(
            "team", "kind", "purpose"
        )
    )
    for change in found:
        begun = [said for table, said in change.begin if table.model is m.TeamKey]
        told_anew = {said.fingerprint for said in begun}
        places = waiting | {(change.team.pk, said.kind.value, said.purpose) for said in begun}
        change.end = [
            row
            for row in change.end
            if not isinstance(row, m.TeamKey)
            or row.waits
            or row.fingerprint in told_anew
            or (row.team_id, row.kind, row.purpose) not in places
        ]


def _names(table: Table) -> tuple[str, ...]:
    return _COLUMNS[table.part]


_COLUMNS = {
    "values": ("field", "value"),
    "contacts": ("purpose", "kind", "value", "hours", "note", "consent"),
    "keys": tuple(f.name for f in dataclasses.fields(t.TeamKey) if f.name not in ("label", "said")),
    "holdings": ("kind", "value"),
}


def _own_columns(change: Change, new: bool, record: t.TeamRecord, speaker: Speaker) -> None:
    """Name, country and ids of the team itself: its own words stand; others only fill gaps."""
    team = change.team
    if not new:
        ids = team.same_as | dict(record.same_as)  # another directory's id is its own word
        if ids != team.same_as:
            change.columns["same_as"] = ids
        own = speaker.voice.value == "own"
        if record.name and record.name != team.name and (own or not team.name):
            change.columns["name"] = record.name
        if record.country and record.country != team.country and (own or not team.country):
            change.columns["country"] = record.country


# --- what cannot be kept ------------------------------------------------------------------


def check(record: t.TeamRecord) -> None:
    """Raises DirectoryError where a record does not fit: code, name, country, length of a value."""
    if not record.code or not record.name:
        raise t.DirectoryError(
            gettext_noop("A team has no name"),
            record.code or record.name,
            gettext_noop("Give it a name and a code."),
        )
    if not _CODE.fullmatch(record.code):
        raise t.DirectoryError(
            gettext_noop("This cannot stand in an address"),
            shown(record.code),
            gettext_noop("Make the code of small letters, digits and hyphens."),
        )
    if record.country:
        try:
            known = countries.by_code(record.country).iso2
        except KitError as error:
            raise t.DirectoryError(error.message, record.code, error.remedy) from error
        if known != record.country:
            raise t.DirectoryError(
                gettext_noop("This is no code of ISO 3166-1 in two letters"),
                f"{record.code}: {record.country}",
                known,
            )
    _fits(m.Team, {"code": record.code, "name": record.name}, record.code)
    for table in TABLES:
        for said in getattr(record, table.part):
            columns = table.columns(said) | saying_columns(said.said)
            _fits(table.model, columns, record.code)
            if isinstance(said, t.Value) and said.field not in t.FIELDS:
                raise t.DirectoryError(
                    gettext_noop("The directory has no such field"),
                    f"{record.code}: {shown(said.field)}",
                    ", ".join(t.FIELDS),
                )
            if isinstance(said, t.Value) and said.field == "service":
                _known_service(said, record.code)


def _known_service(said: t.Value, code: str) -> None:
    """A program may send a service as its code only; forms and formats take its name too."""
    if canonical_service(str(said.value)) != said.value:
        raise t.DirectoryError(
            gettext_noop("A service is kept by its code"),
            f"{code}: {shown(str(said.value))}",
            canonical_service(str(said.value)),
        )


def _fits(model: type[Model], columns: Mapping[str, Any], place: str) -> None:
    for column in model._meta.get_fields():
        name, limit = column.name, getattr(column, "max_length", None)
        value = columns.get(name)
        if not isinstance(value, str):
            continue
        if (limit and len(value) > limit) or "\x00" in value:
            raise t.DirectoryError(
                gettext_noop("A value is too long or cannot be kept"),
                f"{place}, {name}: {shown(value)}",
                gettext_noop("Shorten it."),
            )


# --- keeping ------------------------------------------------------------------------------


def keep(batch: Batch, found: Sequence[Change]) -> None:
    """Write what changes asks; `batch.act` is the line of the record it belongs to."""
    _keep_teams(found, batch.now)
    carried = _end(found, batch)
    rows: dict[type[Any], list[Any]] = defaultdict(list)
    for change in found:
        for table, said in change.begin:
            rows[table.model].append(_row(batch, change.team, table, said, carried))
    for model, made in rows.items():
        if model is m.TeamKey:
            for row in made:
                _set_waiting(row)
        model.objects.bulk_create(made, batch_size=500)


def _keep_teams(found: Sequence[Change], now: dt.datetime) -> None:
    m.Team.objects.bulk_create([c.team for c in found if c.new], batch_size=500)
    for change in found:
        if change.any and not change.new:
            for name, value in change.columns.items():
                setattr(change.team, name, value)
            change.team.changed = now
    changed = [c.team for c in found if c.any and not c.new]
    if changed:
        m.Team.objects.bulk_update(changed, ["name", "country", "same_as", "changed"], 500)


Carried = dict[tuple[UUID, str, str], tuple[dt.date | None, str]]


def _end(found: Sequence[Change], batch: Batch) -> Carried:
    """End rows; returns when each mailbox or number was verified, to be carried to its new row."""
    carried: Carried = {}
    ended: dict[type[Any], list[int]] = defaultdict(list)
    for change in found:
        for row in change.end:
            if isinstance(row, m.Contact):
                place = (change.team.pk, row.kind, row.value)
                carried[place] = (row.verified_on, row.verified_by)
            ended[type(row)].append(row.pk)
    for model, numbers in ended.items():
        for start in range(0, len(numbers), CHUNK):
            part = model.objects.filter(pk__in=numbers[start : start + CHUNK])
            part.update(ended=batch.now)
    return carried


def _row(batch: Batch, team: m.Team, table: Table, said: Any, carried: Carried) -> Any:
    columns = table.columns(said) | saying_columns(batch.speaker.saying(said.said))
    if table.model is m.Contact:
        place = (team.pk, columns["kind"], columns["value"])
        columns["verified_on"], columns["verified_by"] = carried.get(place, (None, ""))
    if table.model is m.TeamKey:
        columns["added_by"] = batch.actor
    return table.model(
        team=team,
        speaker=batch.speaker.key,
        handling_id=batch.handling(said.label, team.body_id),
        began=batch.now,
        act=batch.act,
        **columns,
    )


def _set_waiting(row: m.TeamKey) -> None:
    """A key that would replace a standing one waits. One that stood before and is told anew is no
    other key."""
    told = m.TeamKey.objects.filter(team=row.team, waits=False)
    if told.filter(fingerprint=row.fingerprint).exists():
        return
    standing = list(told.filter(ended=None).order_by("-began", "-pk"))
    new = key_of(row)
    row.replaces = next(
        (old for old in standing if keys.needs_confirmation([key_of(old)], new)), None
    )
    row.waits = row.replaces is not None
