"""What applying a file to a team would change, and the team as it would stand then.

A source may change and withdraw only its own words. What another speaker said is never touched:
where the two disagree both stand, and the difference is shown as OTHERWISE. So a file applied
twice changes nothing the second time, and no import can overwrite what a team says of itself.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from comity.directory.types import (
    FIELDS,
    Contact,
    Difference,
    DifferenceKind,
    Holding,
    TeamKey,
    TeamRecord,
    Value,
)
from comity.kit.sayings import Saying

Piece = Value | Contact | TeamKey | Holding

EVERYTHING = frozenset({*FIELDS, "contacts", "keys", "holdings"})
"""What a file may speak of: fields by name, and the three lists. A format that has no place for
keys does not say, by its silence, that there are none: see `holds` below."""


@dataclass(frozen=True, slots=True)
class _Facet:
    """A piece of a record: `slot` is what one speaker says one thing in, `thing` what it is,
    `shown` how it is told."""

    about: str  # "contacts", "keys", "holdings" or the field
    slot: Hashable
    thing: Hashable
    what: str
    shown: str
    alone: bool  # one value a slot; where several may stand, another speaker's is no conflict
    piece: Piece


def differences(
    held: TeamRecord | None,
    said: TeamRecord,
    *,
    source: str,
    holds: Collection[str] = EVERYTHING,
) -> tuple[Difference, ...]:
    """What would change if the file of `source` were applied; `source` is the name its words are
    kept under (`Saying.by`). `holds`: what the format can say at all (`formats.any.HOLDS`)."""
    team = held.code if held is not None else said.code
    new = [Difference(team, DifferenceKind.NEW, "team", "", said.name)] if held is None else []
    known = held or TeamRecord(code=said.code, name=said.name)
    found = [*_ids(known, said), *_pieces(known, said, source, holds)]
    changes = (Difference(team, kind, what, before, after) for kind, what, before, after in found)
    return (*new, *sorted(changes, key=lambda d: (d.what, d.kind, d.before, d.after)))


Change = tuple[DifferenceKind, str, str, str]


def _ids(held: TeamRecord, said: TeamRecord) -> Iterator[Change]:
    # An id in another directory is that directory's own word: its newest file holds.
    for scheme, other in said.same_as.items():
        before = held.same_as.get(scheme, "")
        if before != other:
            kind = DifferenceKind.CHANGED if before else DifferenceKind.ADDED
            yield kind, f"id {scheme}", before, other


def _pieces(
    held: TeamRecord, said: TeamRecord, source: str, holds: Collection[str]
) -> Iterator[Change]:
    before = _by_slot(f for f in _facets(held) if _speaks(f.piece, source) and f.about in holds)
    others = _by_slot(f for f in _facets(held) if not _speaks(f.piece, source))
    after = _by_slot(f for f in _facets(said) if f.about in holds)
    for slot in before.keys() | after.keys():
        gone = _without(before.get(slot, ()), after.get(slot, ()))
        come = _without(after.get(slot, ()), before.get(slot, ()))
        if len(gone) == len(come) == 1:
            yield DifferenceKind.CHANGED, come[0].what, gone[0].shown, come[0].shown
            continue
        for facet in gone:
            yield DifferenceKind.REMOVED, facet.what, facet.shown, ""
        for facet in come:
            against = _without(others.get(slot, ()), [facet]) if facet.alone else []
            if against:
                words = "; ".join(sorted({other.shown for other in against}))
                yield DifferenceKind.OTHERWISE, facet.what, words, facet.shown
            else:
                yield DifferenceKind.ADDED, facet.what, "", facet.shown


def _speaks(piece: Piece, source: str) -> bool:
    return piece.said.by == source


def _by_slot(facets: Iterable[_Facet]) -> dict[Hashable, list[_Facet]]:
    slots: dict[Hashable, list[_Facet]] = {}
    for facet in facets:
        slots.setdefault(facet.slot, []).append(facet)
    return slots


def _without(facets: Iterable[_Facet], others: Iterable[_Facet]) -> list[_Facet]:
    """Those that say a thing which the others do not say, each thing once."""
    said = {other.thing for other in others}
    return list({f.thing: f for f in facets if f.thing not in said}.values())


def _facets(record: TeamRecord) -> Iterator[_Facet]:
    for value in record.values:
        yield _value(value)
    for contact in record.contacts:
        yield _contact(contact)
    for key in record.keys:
        yield _key(key)
    for holding in record.holdings:
        slot = ("holdings", holding.kind, holding.value)
        what = f"holding {holding.kind}"
        shown = f"{holding.value} ({holding.label})"
        thing = (holding.value, holding.label)
        yield _Facet("holdings", slot, thing, what, shown, False, holding)


def _value(value: Value) -> _Facet:
    field = FIELDS.get(value.field)
    many = field is not None and field.many
    slot: tuple[str, ...] = ("value", value.field)
    # A name in French stands beside the one in English; each language has one.
    language = value.said.language if value.field == "official_name" else ""
    if language:
        slot = (*slot, language)
    words = _words(value.value)
    marked = words if value.label.rank == 0 else f"{words} ({value.label})"
    what = f"field {value.field}" + (f" {language}" if language else "")
    alone = not many or bool(language)
    thing = (words, value.label)
    return _Facet(value.field, slot, thing, what, marked, alone, value)


def _words(value: str | bool | Mapping[str, str]) -> str:
    if isinstance(value, Mapping):
        given = {key: part for key, part in value.items() if part}
        return json.dumps(given, ensure_ascii=False, sort_keys=True)
    return ("yes" if value else "no") if isinstance(value, bool) else value


def _contact(contact: Contact) -> _Facet:
    slot = ("contacts", contact.purpose, contact.kind)
    rest = (contact.label, contact.hours, contact.note, contact.consent)
    more = ", ".join(part for part in (str(contact.label), contact.hours, contact.note) if part)
    what = f"contact {contact.purpose} {contact.kind}"
    shown = f"{contact.value} ({more})"
    return _Facet("contacts", slot, (contact.value, *rest), what, shown, False, contact)


def _key(key: TeamKey) -> _Facet:
    slot = ("keys", key.kind, key.fingerprint)
    dates = ((name, getattr(key, name)) for name in ("expires", "revoked"))
    told = [f"{name} {day.isoformat()}" for name, day in dates if day is not None]
    shown = " ".join([key.fingerprint, *told, str(key.label), key.purpose]).strip()
    thing = (key.expires, key.revoked, key.text, key.label, key.purpose)
    return _Facet("keys", slot, thing, f"key {key.kind}", shown, True, key)


# --- as it would stand --------------------------------------------------------------------


def applied(
    held: TeamRecord | None,
    said: TeamRecord,
    *,
    source: str,
    holds: Collection[str] = EVERYTHING,
) -> TeamRecord:
    """The team with the file applied: what others say as it was, what `source` says as in the
    file. The words taken in are marked as `source`'s; what it repeats keeps its old saying,
    verification included."""
    known = held or TeamRecord(code=said.code, name=said.name, country=said.country)
    standing = list(_facets(known))
    kept: list[_Facet] = []
    own: dict[Hashable, _Facet] = {}
    for facet in standing:
        if _speaks(facet.piece, source) and facet.about in holds:
            own.setdefault((facet.slot, facet.thing), facet)
        else:
            kept.append(facet)
    taken: dict[Hashable, Piece] = {}
    for facet in _facets(said):
        if facet.about in holds:
            old = own.get((facet.slot, facet.thing))
            piece = old.piece if old is not None else _spoken(facet.piece, source)
            taken.setdefault((facet.slot, facet.thing), piece)
    pieces = [facet.piece for facet in kept] + list(taken.values())
    return replace(
        known,
        same_as={**known.same_as, **said.same_as},
        values=tuple(p for p in pieces if isinstance(p, Value)),
        contacts=tuple(p for p in pieces if isinstance(p, Contact)),
        keys=tuple(p for p in pieces if isinstance(p, TeamKey)),
        holdings=tuple(p for p in pieces if isinstance(p, Holding)),
    )


def _spoken(piece: Piece, source: str) -> Piece:
    said: Saying = replace(piece.said, by=source)
    return replace(piece, said=said)
