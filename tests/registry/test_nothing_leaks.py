"""Every value through every door for everybody: it stands there exactly when `kit.tlp` says so.

A door is asked once for each asker; each triple of asker, entry and field is then looked for in
what came back. Every value and every evidence has a word of its own (`secret_world`).
"""

from __future__ import annotations

import random
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from comity.kit import countries
from comity.kit.sayings import Voice
from comity.kit.tlp import ANONYMOUS, Label, may_see
from comity.people.reads import today
from comity.registry import reads
from comity.registry.actions import Speaker, save_search, store
from comity.registry.formats import iati
from comity.registry.models import Entry
from comity.registry.pages import wording
from comity.registry.pages.bundle import write_bundle
from comity.registry.reads.duplicates import likely_same
from comity.registry.reads.facets import facets_of
from comity.registry.rules.checking import from_json
from comity.registry.rules.words import parse_query
from comity.registry.types import FieldType
from tests.planner import analyze

from .secret_world import WORDED, Asker, Doors, Secret, World, build

SEED = 20261122
BASE, API = "/en/registry", "/api/v1/registry"
EVERYWHERE = (
    "/", "/search/", "/countries/", "/needs/", "/access/", "/feed.atom", "/catalogue.jsonld",
    "/my/body/", "/my/tasks/", "/my/searches/", "/desk/", "/submissions/",
)  # fmt: skip
API_EVERYWHERE = ("/requests", "/submissions", "/searches", "/batches", "/kinds")
# A file of a kind: the words of values in it; JSON-LD and IATI tell some fields only.
WHOLE = frozenset({"csv", "xlsx"})


@pytest.fixture(scope="module", name="_built")
def built_fixture(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        world = build()
        analyze()
        yield world
        transaction.set_rollback(True)


@pytest.fixture
def world(_built: World, db: None) -> World:
    return _built


def value_of(secret: Secret) -> str:
    given = secret.value
    return given["name"] if isinstance(given, dict) else str(given)


def facets_told(secret: Secret) -> list[tuple[str, str]]:
    """The facets that a value counts in. A country counts in its region too."""
    found = [(secret.field.facet, value_of(secret))] if secret.field.facet else []
    if secret.field.type is FieldType.COUNTRY:
        region = countries.membership(secret.value, today()).region
        found.append(("region", str(region or "")))
    return found


class Check:
    """All doors for one triple. What is wrong is collected, so that one run tells all of it."""

    def __init__(self, world: World) -> None:
        self.world, self.doors = world, Doors()
        self.wrong: list[str] = []
        self.looked = 0
        self._seen: dict[tuple[str, str, str, str], set[int]] = {}

    def say(self, what: str, asker: Asker, secret: Secret) -> None:
        labels = "/".join(handling.label.value for handling in secret.handlings)
        name = f"{secret.kind}/{secret.key}.{secret.field.key}"
        self.wrong.append(f"{what}: {asker.name}, {name} ({labels})")

    def triple(self, asker: Asker, secret: Secret) -> None:
        self.looked += 1
        may = secret.open_to(asker.viewer)
        self._entry(asker, secret, may)
        self._kind(asker, secret, may)
        for path in EVERYWHERE if asker.pages else ():
            self._absent(asker, secret, may, BASE + path)
        for path in API_EVERYWHERE:
            self._absent(asker, secret, may, API + path)
        if secret.field.type is FieldType.COUNTRY:
            self._country(asker, secret)

    def _absent(self, asker: Asker, secret: Secret, may: bool, path: str) -> None:
        if may:
            return
        if not self.doors.words(asker, path).isdisjoint((secret.word, secret.evidence)):
            self.say(path, asker, secret)

    def _exact(
        self, asker: Asker, secret: Secret, may: bool, path: str, *words: str, there: bool = True
    ) -> None:
        status, _text = self.doors.get(asker, path)
        if (status == 200) is not there:
            self.say(f"{status} {path}", asker, secret)
        found = self.doors.words(asker, path)
        for word in filter(None, words):
            if (word in found) is not may:
                self.say(f"{'not in ' if may else ''}{path}", asker, secret)

    def _entry(self, asker: Asker, secret: Secret, may: bool) -> None:
        there = self.world.sees_entry(asker.viewer, secret.entry)
        name = f"{wording.path_of(secret.kind)}/{secret.key}"
        both = (secret.word, secret.evidence)
        entry = self.world.entries[secret.entry]
        paths = [f"{API}/entries/{secret.kind}/{secret.key}"]
        paths.append(f"{paths[0]}/history")
        if asker.pages:
            paths += [
                f"{BASE}/{name}/",
                f"{BASE}/{name}/history/",
                f"{BASE}/{secret.kind}/{secret.key}.jsonld",
            ]
        if secret.entry % 4 == 0:  # the same shape as the API's, at two more addresses
            paths.append(f"{API}/entries/by-id/{entry.id}")
            paths += [f"{BASE}/{secret.kind}/{secret.key}.json"] if asker.pages else []
        for path in paths:
            self._exact(asker, secret, may, path, *both, there=there)

    def _kind(self, asker: Asker, secret: Secret, may: bool) -> None:
        kind = reads.kinds()[secret.kind]
        names = facets_of(kind)
        listed = f"{API}/entries?kind={kind.key}&limit=500&facets={','.join(names)}"
        self._absent(asker, secret, may, listed)
        facet = secret.field.facet
        if facet in names and secret.field.type in WORDED | {FieldType.COUNTRY, FieldType.CHOICE}:
            self._facet(asker, secret, facet, listed)
        if not asker.pages:
            return
        self._absent(asker, secret, may, f"{BASE}/{wording.path_of(kind.key)}/")
        for shape in ("csv", "xlsx", "jsonld", "atom"):
            path = f"{BASE}/{kind.key}.{shape}"
            if shape in WHOLE:
                self._exact(asker, secret, may, path, secret.word)
            self._absent(asker, secret, may, path)
        if iati.can_be_told(kind):
            self._absent(asker, secret, may, f"{BASE}/{kind.key}.iati.xml")

    def _having(self, asker: Asker, kind: str, facet: str, value: str) -> set[int]:
        """The entries of a kind that the asker may see with this value."""
        if (asker.name, "", "", "") not in self._seen:
            self._seen[asker.name, "", "", ""] = set()
            for secret in self.world.secrets:
                if secret.open_to(asker.viewer):
                    for name, each in facets_told(secret):
                        key = asker.name, secret.kind, name, each
                        self._seen.setdefault(key, set()).add(secret.entry)
        return self._seen.get((asker.name, kind, facet, value), set())

    def _facet(self, asker: Asker, secret: Secret, facet: str, path: str) -> None:
        """The value is counted as often as entries are that the asker may see with it."""
        value = value_of(secret)
        same = self._having(asker, secret.kind, facet, value)
        found = {one["value"]: one["n"] for one in self.doors.json(asker, path)["facets"][facet]}
        if found.get(value, 0) != len(same):
            what = f"facet {facet}={value} counts {found.get(value, 0)} for {len(same)}"
            self.say(what, asker, secret)
        if asker.pages and not same:
            _status, text = self.doors.get(asker, f"{BASE}/{wording.path_of(secret.kind)}/")
            field = text.partition(f'<select id="f-{facet}"')[2].partition("</select>")[0]
            if f'value="{value}"' in field:
                self.say(f"option of {facet} in the list", asker, secret)

    def _country(self, asker: Asker, secret: Secret) -> None:
        code = secret.value
        same = self._having(asker, secret.kind, "country", code)
        told = self.doors.json(asker, f"{API}/countries/{code}")["entries"]
        if told.get(secret.kind, 0) != len(same):
            self.say(f"/countries/{code} counts {told} for {len(same)}", asker, secret)
        if asker.pages:
            _status, text = self.doors.get(asker, f"{BASE}/country/{code}/")
            link = f"/{wording.path_of(secret.kind)}/{secret.key}/"
            if (link in text) is not (secret.entry in same):
                self.say(f"/country/{code}/", asker, secret)

    def search(self, asker: Asker, secret: Secret) -> None:
        """The words of a value find its entry where both may be seen, and nothing else."""
        may = secret.open_to(asker.viewer)
        name = f"{secret.kind}/{secret.key}"
        for word, finds in ((secret.word, secret.field.search), (secret.evidence, False)):
            if not word or not parse_query(word):
                continue
            found = self.doors.json(asker, f"{API}/search?q={word}&facets=country,year")
            rows = [f"{row['kind']}/{row['key']}" for row in found["entries"]]
            if may and not finds:
                continue
            wanted = [name] if may else []
            if rows != wanted or found["total"] != len(wanted):
                self.say(f"search finds {rows}", asker, secret)
            if not may and any(found["facets"].values()):
                self.say("facets of a search", asker, secret)

    def done(self, least: int) -> None:
        assert self.looked >= least
        assert not self.wrong, f"{len(self.wrong)} leaks or losses:\n" + "\n".join(
            sorted(set(self.wrong))[:60]
        )


# --- the tests ----------------------------------------------------------------------------


def test_the_world_is_rich_enough(world: World) -> None:
    """Each asker sees some and not all, and each pair of labels stands somewhere."""
    pairs = {tuple(h.label for h in secret.handlings) for secret in world.secrets}
    assert {pair[0] for pair in pairs} == set(Label) - {Label.RED} and len(pairs) == 10
    assert len(world.secrets) * len(world.askers) >= 10_000
    for asker in world.askers:
        seen = sum(secret.open_to(asker.viewer) for secret in world.secrets)
        assert 0 < seen < len(world.secrets), asker.name
    assert len({tuple(s.open_to(a.viewer) for s in world.secrets) for a in world.askers}) >= 6


def test_a_few_hundred_triples(world: World) -> None:
    chance = random.Random(SEED)
    check = Check(world)
    entries = set(chance.sample(range(len(world.entries)), 3))
    some = [secret for secret in world.secrets if secret.entry in entries]
    for asker in chance.sample(world.askers, 5):
        for secret in chance.sample(some, min(len(some), 60)):
            check.triple(asker, secret)
        for secret in chance.sample(some, 8):
            check.search(asker, secret)
    check.done(300)


@pytest.mark.slow
def test_ten_thousand_triples(world: World) -> None:
    chance = random.Random(SEED + 1)
    check = Check(world)
    every = [(asker, secret) for asker in world.askers for secret in world.secrets]
    for asker, secret in chance.sample(every, 10_000):
        check.triple(asker, secret)
    for asker, secret in chance.sample(every, 400):
        check.search(asker, secret)
    check.done(10_000)


def test_totals_are_of_what_one_sees(world: World) -> None:
    doors = Doors()
    for asker in world.askers:
        seen = [n for n in range(len(world.entries)) if world.sees_entry(asker.viewer, n)]
        told = {row["kind"]: row["entries"] for row in doors.json(asker, API + "/kinds")["kinds"]}
        for kind in reads.kinds():
            wanted = sum(world.entries[n].kind == kind for n in seen)
            assert told[kind] == wanted, (asker.name, kind)
        page = doors.json(asker, f"{API}/entries?limit=500")
        keys = {row["key"] for row in page["entries"]}
        assert page["total"] == len(seen) and keys == {world.entries[n].key for n in seen}


@pytest.mark.slow
def test_what_waits_is_for_its_parties(world: World) -> None:
    """Pending words stand in no door of entries; in lists of submissions for whom they are."""
    check = Check(world)
    for asker in world.askers:
        for word, handling in world.pending:
            may = may_see(asker.viewer, handling)
            found = check.doors.json(asker, f"{API}/search?q={word}")
            assert found["total"] == 0, asker.name
            paths = [f"{API}/entries?kind=activity&limit=500", f"{API}/submissions"]
            if asker.pages:
                paths += [BASE + path for path in EVERYWHERE]
                paths += [f"{BASE}/activity.csv", f"{BASE}/activity.atom"]
            for path in paths:
                _status, text = check.doors.get(asker, path)
                assert may or word not in text, (asker.name, path, handling.label)
    told = [check.doors.get(asker, f"{API}/submissions")[1] for asker in world.askers]
    assert any(word in text for text in told for word, _handling in world.pending)


@pytest.mark.slow
def test_replies_are_for_whom_sees_the_entry(world: World) -> None:
    assert len({world.handlings[number].label for _word, number in world.replies}) >= 3
    doors = Doors()
    for asker in world.askers:
        for word, number in world.replies:
            entry = world.entries[number]
            may = world.sees_entry(asker.viewer, number)
            paths = [f"{API}/entries/{entry.kind}/{entry.key}"]
            if asker.pages:
                paths.append(f"{BASE}/{wording.path_of(entry.kind)}/{entry.key}/")
                paths.append(f"{BASE}/{entry.kind}/{entry.key}.json")
            for path in paths:
                assert (word in doors.get(asker, path)[1]) is may, (asker.name, path)
            if not may and asker.pages:
                for path in EVERYWHERE:
                    assert word not in doors.get(asker, BASE + path)[1], (asker.name, path)


@pytest.mark.slow
def test_likely_duplicates_tell_of_nothing_hidden(world: World) -> None:
    """A record with the very words of a hidden entry finds nothing, and no hidden reason."""
    hidden = found_some = 0
    for number, record in enumerate(world.records):
        mine = [secret for secret in world.secrets if secret.entry == number]
        for asker in world.askers:
            found = likely_same(asker.viewer, record)
            names = {one.entry.pk for one in found}
            if not world.sees_entry(asker.viewer, number):
                hidden += 1
                assert world.entries[number].pk not in names, (asker.name, record.key)
            found_some += world.entries[number].pk in names
            for one in found:
                if one.entry.pk != world.entries[number].pk:
                    continue
                told = repr(one.reasons)
                for secret in mine:
                    assert (
                        not secret.word or secret.open_to(asker.viewer) or (secret.word not in told)
                    ), (asker.name, secret.field.key)
    assert hidden and found_some


def test_kept_searches_count_what_one_sees(world: World) -> None:
    chance = random.Random(SEED)
    worded = [s for s in world.secrets if s.word and s.field.search]
    for asker in world.askers:
        if asker.viewer.person is None or not asker.pages:
            continue
        chosen = chance.sample(worded, 12)
        for n, secret in enumerate(chosen):
            save_search(asker.viewer, f"search {n}", f"q={secret.word}")
        rows = Doors().json(asker, f"{API}/searches")["searches"]
        totals = {row["name"]: row["total"] for row in rows}
        for n, secret in enumerate(chosen):
            wanted = int(secret.open_to(asker.viewer))
            assert totals[f"search {n}"] == wanted, (asker.name, secret.kind, secret.field.key)


@pytest.mark.slow
def test_the_bundle_is_what_anybody_sees(world: World, tmp_path: Path) -> None:
    write_bundle(tmp_path / "b", processes=1)
    files = [path for path in (tmp_path / "b").rglob("*") if path.is_file()]
    text = ""
    for path in files:
        if path.suffix in (".xlsx", ".zip"):
            book = zipfile.ZipFile(path)
            text += "".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())
        else:
            text += path.read_bytes().decode("utf-8", "replace")
    words = {w for s in world.secrets for w in (s.word, s.evidence) if w and w in text}
    wanted = {s.word for s in world.secrets if s.word and s.open_to(ANONYMOUS)}
    open_ = {w for s in world.secrets if s.open_to(ANONYMOUS) for w in (s.word, s.evidence)}
    assert words <= open_ and wanted <= words
    assert not any(word in text for word, _handling in world.pending)
    for word, number in world.replies:
        assert word not in text or world.sees_entry(ANONYMOUS, number)


HEADS = ("ETag", "Last-Modified", "Content-Disposition")


def test_a_hidden_change_moves_no_tag_and_no_date(world: World) -> None:
    """What one may not see changes: every answer, its tag and its date stay, byte for byte."""
    number, entry = next(
        (n, entry)
        for n, entry in enumerate(world.entries)
        if entry.kind == "project" and world.handlings[n].label <= Label.GREEN
    )
    owner = entry.owner
    reader = next(asker for asker in world.askers if asker.name == "reader")
    assert world.sees_entry(reader.viewer, number)
    name = f"project/{entry.key}"
    paths = [
        f"{API}/entries/{name}", f"{API}/entries/{name}/history", f"{API}/entries?kind=project",
        f"{API}/kinds", f"{BASE}/project.csv", f"{BASE}/project.jsonld", f"{BASE}/feed.atom",
        f"{BASE}/project.iati.xml", f"{BASE}/project.atom", f"{BASE}/catalogue.jsonld",
        f"{BASE}/{name}.json", f"{BASE}/{name}.jsonld",
    ]  # fmt: skip

    def answers() -> dict[str, Any]:
        got = {}
        for path in paths:
            response = reader.client.get(path)
            body = response.getvalue()
            got[path] = (*(response.headers.get(head) for head in HEADS), body)
        return got

    before = answers()
    record = world.records[number]
    strict = [given for given in record.values if given.label == Label.AMBER_STRICT]
    assert strict
    kept = tuple(given for given in record.values if given is not strict[0])
    speaker = Speaker(Voice.OWN, owner.name, owner.pk)
    (result,) = store([replace(record, values=kept)], speaker, act="load_entries", owner=owner.pk)
    assert result.outcome == "updated"
    secret = replace(record, key="s-new", values=record.values)
    (result,) = store(
        [secret], speaker, act="load_entries", owner=owner.pk, label=Label.AMBER_STRICT
    )
    assert result.outcome == "created" and Entry.objects.filter(key="s-new").exists()
    after = answers()
    for path in paths:
        assert before[path] == after[path], path


def test_a_facet_told_twice_is_found_by_whom_may_read_one_of_them(world: World) -> None:
    """Kenya is for its body alone, Uganda for the community: the region of both is GREEN."""
    owner = world.bodies["alpha"]
    data = {
        "key": "twice",
        "values": [
            {"field": "title", "value": "Told twice"},
            {"field": "country", "value": "KE", "tlp": "AMBER+STRICT"},
            {"field": "country", "value": "UG", "tlp": "GREEN"},
            {"field": "country", "value": "KE", "tlp": "AMBER+STRICT", "title": "Again"},
        ],
    }
    record, problems = from_json(reads.kinds()["activity"], data, reads.vocabularies())
    assert not problems
    speaker = Speaker(Voice.OWN, owner.name, owner.pk)
    store([record], speaker, act="load_entries", owner=owner.pk, label=Label.CLEAR)
    found = {}
    for asker in world.askers:
        listed = [
            reads.listing(asker.viewer, reads.Question("activity", "told twice", {name: (value,)}))
            for name, value in (("country", "KE"), ("country", "UG"), ("region", "AFR"))
        ]
        found[asker.name] = [page.total for page in listed]
    assert found["alpha"] == [1, 1, 1]
    assert found["reader"] == found["alpha without second factor"] == [0, 1, 1]
    assert found["anonymous"] == found["beta"] == [0, 0, 0]
