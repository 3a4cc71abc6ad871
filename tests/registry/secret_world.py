"""A small registry in which every value holds a word of its own, and everybody who may ask for it.

What a person may see is told here from the labels alone (`kit.tlp`), never by asking the database.
"""

from __future__ import annotations

import html
import io
import itertools
import json
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.test import Client, RequestFactory
from django.utils import timezone

from comity.kit import countries
from comity.kit.sayings import Voice
from comity.kit.tlp import ANONYMOUS, Handling, Label, Viewer, may_see
from comity.people import actions as people
from comity.people.reads import handlings, today, viewer_for, viewer_of_token
from comity.people.types import GroupKind, Role
from comity.registry.actions import Speaker, answer, handling_of, store, submit_record
from comity.registry.actions.audience import keep_reviewers
from comity.registry.actions.desk import addressed, ask
from comity.registry.models import Entry
from comity.registry.reads import kinds, vocabularies
from comity.registry.reads.answering import answering_bodies
from comity.registry.rules.checking import from_json
from comity.registry.types import Field, FieldType, Kind, Record

LABELS = (Label.CLEAR, Label.GREEN, Label.AMBER, Label.AMBER_STRICT)
EACH = 2  # entries of every kind
COUNTRIES = 24  # few, so that open and hidden entries share them


@dataclass(frozen=True)
class Secret:
    """One value of one entry: the word that only it holds, and who may read it."""

    entry: int
    kind: str
    key: str
    field: Field
    word: str  # empty for a code of a vocabulary and for a country
    evidence: str
    value: Any
    handlings: tuple[Handling, ...]  # of the entry and of the value: both must admit

    def open_to(self, viewer: Viewer) -> bool:
        return all(may_see(viewer, handling) for handling in self.handlings)


@dataclass(frozen=True)
class Asker:
    """Somebody at the doors. A token opens the API only."""

    name: str
    viewer: Viewer
    client: Client
    pages: bool = True


@dataclass
class World:
    askers: list[Asker] = field(default_factory=list)
    secrets: list[Secret] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    handlings: list[Handling] = field(default_factory=list)  # of the entries
    records: list[Record] = field(default_factory=list)
    pending: list[tuple[str, Handling]] = field(default_factory=list)
    replies: list[tuple[str, int]] = field(default_factory=list)
    bodies: dict[str, Any] = field(default_factory=dict)
    accounts: dict[str, Any] = field(default_factory=dict)

    def sees_entry(self, viewer: Viewer, number: int) -> bool:
        return may_see(viewer, self.handlings[number])


# --- words --------------------------------------------------------------------------------


def _words() -> Iterator[str]:
    """Words of one length, so that none stands inside another."""
    letters = "bcdfghjkmp"
    for parts in itertools.product(letters, repeat=5):
        yield "qx" + "".join(parts)


Maker = Callable[[Field, str, int], Any]


def _code(each: Field, _word: str, n: int) -> str:
    codes = list(vocabularies()[each.vocabulary].terms)
    return codes[n % len(codes)]


@cache
def _country_codes() -> tuple[str, ...]:
    return tuple(sorted(country.iso2 for country in countries.all_countries()))


def _event(each: Field, word: str, n: int) -> dict[str, str]:
    return {"event": _code(each, word, n), "date": "2014", "until": "", "note": word}


MAKERS: Mapping[FieldType, Maker] = {
    FieldType.TEXT: lambda _f, word, _n: f"About {word}",
    FieldType.WORDS: lambda _f, word, _n: f"Words and {word} among them",
    FieldType.BODY: lambda _f, word, _n: {"name": word, "body": ""},
    FieldType.PARTY: lambda _f, word, _n: {
        "name": word, "country": "", "level": "union", "role": "",
    },
    FieldType.URL: lambda _f, word, _n: f"https://example.org/{word}",
    FieldType.EVENT: _event,
    FieldType.COUNT: lambda _f, word, _n: {"n": 5, "period": "2014", "unit": word},
    FieldType.TOTAL: lambda _f, word, _n: {"n": 7, "as_of": "2014", "unit": word},
    FieldType.CHOICE: _code,
    FieldType.COUNTRY: lambda _f, _word, n: _country_codes()[n % COUNTRIES],
    FieldType.PERIOD: lambda _f, _word, n: f"{1900 + n % 90}/{1900 + n % 90 + 3}",
    FieldType.DATE: lambda _f, _word, n: f"{1900 + n % 120}-03-0{1 + n % 9}",
    FieldType.YESNO: lambda _f, _word, n: bool(n % 2),
}  # fmt: skip
WORDED = frozenset({
    FieldType.TEXT, FieldType.WORDS, FieldType.BODY, FieldType.PARTY, FieldType.URL,
    FieldType.EVENT, FieldType.COUNT, FieldType.TOTAL,
})  # fmt: skip


def _rows(kind: Kind, words: Iterator[str], number: int) -> list[dict[str, Any]]:
    """A value in every field, with evidence, marked in turn; what is many has two."""
    rows = []
    turn = number
    for place, each in enumerate(kind.fields):
        if each.type not in MAKERS:
            continue
        for again in range(2 if each.many and each.type in WORDED | {FieldType.COUNTRY} else 1):
            turn += 1
            word, evidence = next(words), next(words)
            n = number * 7 + place + again * 101
            rows.append({
                "field": each.key,
                "value": MAKERS[each.type](each, word, n),
                "tlp": ("", *(label.value for label in LABELS))[turn % 5],
                "title": f"Paper {evidence}",
                "url": f"https://example.org/{evidence}",
                "word": word if each.type in WORDED else "",
                "evidence": evidence,
            })  # fmt: skip
    return rows


def _record(kind: Kind, key: str, rows: list[dict[str, Any]]) -> tuple[Record, list[Any]]:
    """The record as every door checks it; rows that this kind refuses are left out."""
    data = {"key": key, "values": rows, "subtype": _subtype(kind)}
    made, problems = from_json(kind, data, vocabularies())
    refused = {problem.field for problem in problems}
    kept = [row for row in rows if row["field"] not in refused]
    made, problems = from_json(kind, data | {"values": kept}, vocabularies())
    assert not problems, (kind.key, problems)
    return made, kept


def _subtype(kind: Kind) -> str:
    return next(iter(vocabularies()[kind.subtypes].terms)) if kind.subtypes else ""


# --- who asks -----------------------------------------------------------------------------


def _signed_in(account: Any, second_factor: bool) -> Client:
    browser = Client()
    browser.force_login(account, backend=settings.AUTHENTICATION_BACKENDS[0])
    if second_factor:
        request = RequestFactory().get("/")
        request.session = browser.session
        record_authentication(request, account, method="mfa", type="totp")
        request.session.save()
    return browser


def _people(world: World) -> None:
    community = people.default_community()
    alpha = people.add_body("Alpha ministry", country="KE")
    beta = people.add_body("Beta agency", country="UG")
    office = people.add_body("Office of the gateway")
    people.join(alpha, community)
    people.join(office, community)
    clients = people.add_group("Clients of Alpha", GroupKind.CLIENTS, owner=alpha)
    world.bodies = {"alpha": alpha, "beta": beta, "office": office}
    cast = (
        ("reader", Role.READER, community),
        ("stranger", Role.READER, None),
        ("alpha", Role.FOCAL_POINT, alpha),
        ("beta", Role.FOCAL_POINT, beta),
        ("client", Role.READER, clients),
        ("secretariat", Role.SECRETARIAT, office),
    )
    world.askers.append(Asker("anonymous", ANONYMOUS, Client()))
    for name, role, where in cast:
        account = people.add_person(name.title(), f"asks-{name}")
        people.grant(account.person, role)
        if where is not None:
            people.join(account.person, where)
        world.accounts[name] = account
    keep_reviewers("the test")  # whom GREEN means while something waits for review
    for name, strong in (
        ("reader", True), ("stranger", True), ("alpha", True), ("alpha", False), ("beta", True),
        ("client", True), ("secretariat", True), ("secretariat", False),
    ):  # fmt: skip
        account = world.accounts[name]
        viewer = viewer_for(account, on=today(), second_factor=strong)
        shown = name if strong else f"{name} without second factor"
        world.askers.append(Asker(shown, viewer, _signed_in(account, strong)))
    for name, strong in (("alpha", True), ("beta", False)):
        account = world.accounts[name]
        token = people.create_token(
            account, "walk", days=1, scopes=("registry",), second_factor=strong
        )
        viewer = viewer_of_token(account.tokens.get(), timezone.now())
        program = Client(headers={"Authorization": f"Bearer {token.text}"})
        world.askers.append(Asker(f"token of {name}", viewer, program, pages=False))


# --- what is kept -------------------------------------------------------------------------


def _entries(world: World, words: Iterator[str]) -> None:
    reviewers = frozenset({world.bodies["office"].pk})
    for number, kind in enumerate(each for each in kinds().values() for _n in range(EACH)):
        owner = world.bodies["alpha" if number // 2 % 2 else "beta"]
        label = LABELS[(number + number // 4) % 4]
        key = f"s-{number:03d}"
        record, rows = _record(kind, key, _rows(kind, words, number))
        speaker = Speaker(Voice.OWN, owner.name, owner.pk)
        (result,) = store([record], speaker, act="load_entries", owner=owner.pk, label=label)
        entry = Entry.objects.get(id=result.entry)
        of_entry = handling_of(label, owner.pk)
        if kind.key in ("request", "situation"):
            entry = ask(entry)
            if label >= Label.AMBER:
                of_entry = addressed(label, owner.pk, reviewers)
        for row in rows:
            given = Label(row["tlp"]) if row["tlp"] else label
            of_value = handling_of(given, owner.pk) if given > label else of_entry
            secret = Secret(
                number, kind.key, key, kind.by_key[row["field"]], row["word"], row["evidence"],
                row["value"], (of_entry, of_value),
            )  # fmt: skip
            world.secrets.append(secret)
        world.entries.append(entry)
        world.handlings.append(of_entry)
        world.records.append(record)


def _pending(world: World, words: Iterator[str]) -> None:
    """What waits for review, and drafts: words that stand in no entry."""
    alpha = world.bodies["alpha"]
    viewer = viewer_for(world.accounts["alpha"], on=today(), second_factor=True)
    for label, send in itertools.product(LABELS, (True, False)):
        word = next(words)
        record, _kept = _record(
            kinds()["activity"], "", [{"field": "title", "value": f"Waiting {word}"}]
        )
        row = submit_record(viewer, record, body=alpha.pk, label=label, send=send)
        row.refresh_from_db()
        world.pending.append((word, handlings([row.handling_id])[row.handling_id]))


def _replies(world: World, words: Iterator[str]) -> None:
    """An answer of the body itself to each of a few entries: seen by whom sees the entry."""
    viewer = viewer_for(world.accounts["alpha"], on=today(), second_factor=True)
    for number, entry in enumerate(world.entries):
        if world.sees_entry(viewer, number) and answering_bodies(viewer, entry):
            word = next(words)
            answer(viewer, entry, f"We say {word}", body=world.bodies["alpha"].pk)
            world.replies.append((word, number))


def build() -> World:
    world, words = World(), _words()
    _people(world)
    _entries(world, words)
    _pending(world, words)
    _replies(world, words)
    return world


# --- what comes back ----------------------------------------------------------------------

WORD = re.compile("qx[bcdfghjkmp]{5}")


class Doors:
    """What came back, asked for once."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], tuple[int, str]] = {}
        self._words: dict[tuple[str, str], frozenset[str]] = {}

    def get(self, asker: Asker, path: str) -> tuple[int, str]:
        key = asker.name, path
        if key not in self._kept:
            response = asker.client.get(path)
            data = response.getvalue()
            if path.endswith(".xlsx") and response.status_code == 200:
                book = zipfile.ZipFile(io.BytesIO(data))
                data = b"\n".join(book.read(name) for name in book.namelist())
            self._kept[key] = response.status_code, html.unescape(data.decode())
        return self._kept[key]

    def words(self, asker: Asker, path: str) -> frozenset[str]:
        """The words of secrets that stand in it."""
        key = asker.name, path
        if key not in self._words:
            self._words[key] = frozenset(WORD.findall(self.get(asker, path)[1]))
        return self._words[key]

    def json(self, asker: Asker, path: str) -> Any:
        status, text = self.get(asker, path)
        assert status == 200, (asker.name, path, status)
        return json.loads(text)
