"""The static bundle: whole or not there, the same bytes, every link leads somewhere on the disk."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit
from uuid import uuid4

import pytest

from comity.directory import actions as directory
from comity.directory.actions import load_sample as load_teams
from comity.directory.models import Contact
from comity.kit.sayings import Voice
from comity.kit.tlp import Handling, Label, Marking
from comity.mandate.actions import load_documents
from comity.people.actions import intern
from comity.registry import actions
from comity.registry.actions import sample
from comity.registry.pages.bundle import BundleError, piece, render, write_bundle, writing
from comity.registry.types import Given, Record, RegistryError
from tests.registry.exports import HOSTILE
from tests.registry.exports import entry as made

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def some(db) -> None:
    for name, kind in (("agreements", "agreement"), ("tools", "tool"), ("terms", "term")):
        sample._load(name, kind)


class _Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag, attrs) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            self.attributes.add(name)
            if name in ("href", "src"):
                self.links.append(value or "")


def pages(folder: Path) -> dict[Path, _Page]:
    return {p: _Page(p.read_text(encoding="utf-8")) for p in folder.rglob("*.html")}


def tree(folder: Path) -> dict[str, str]:
    found = (p for p in folder.rglob("*") if p.is_file())
    return {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in found
    }


def test_every_link_leads_to_a_file_and_every_file_is_reached(some, tmp_path) -> None:
    write_bundle(tmp_path / "b")
    root = tmp_path / "b"
    found = pages(root)
    reached = {root / "index.html"}
    for path, page in found.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme in ("http", "https", "mailto", "tel") or not parts.path:
                continue
            assert not parts.scheme and not link.startswith("/"), link
            target = (path.parent / unquote(parts.path)).resolve()
            assert target.is_file(), f"{path.name}: {link}"
            reached.add(target)
    files = {p for p in root.rglob("*") if p.is_file()} - {root / "README.txt", root / "SHA256SUMS"}
    assert files - reached == set()


def test_no_page_needs_or_holds_a_script_or_a_style(some, tmp_path) -> None:
    write_bundle(tmp_path / "b")
    for path, page in pages(tmp_path / "b").items():
        assert not page.tags & {"script", "style", "iframe", "form", "object"}, path
        assert not {a for a in page.attributes if a.startswith("on") or a == "style"}, path


def test_the_same_data_are_the_same_bytes_and_the_hashes_prove_it(some, tmp_path) -> None:
    write_bundle(tmp_path / "one")
    write_bundle(tmp_path / "two")
    first = tree(tmp_path / "one")
    assert first == tree(tmp_path / "two")
    sums = (tmp_path / "one" / "SHA256SUMS").read_text(encoding="utf-8")
    listed = {line[66:]: line[:64] for line in sums.splitlines()}
    assert listed == {name: value for name, value in first.items() if name != "SHA256SUMS"}


def test_a_bundle_replaces_a_bundle_and_nothing_else(some, tmp_path) -> None:
    target = tmp_path / "b"
    write_bundle(target)
    (target / "old.txt").write_text("left over")
    write_bundle(target)
    assert not (target / "old.txt").exists()
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "letter.txt").write_text("precious")
    with pytest.raises(BundleError):
        write_bundle(mine)
    assert (mine / "letter.txt").read_text() == "precious"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["b", "mine"]


def test_a_failure_leaves_the_old_bundle_whole_and_nothing_beside(
    some, tmp_path, monkeypatch
) -> None:
    target = tmp_path / "b"
    write_bundle(target)
    before = tree(target)
    for place in ("_data", "_indexes", "_put"):
        with monkeypatch.context() as broken:

            def fail(*_args):
                raise OSError("no space left on device")

            broken.setattr(writing, place, fail)
            with pytest.raises(OSError, match="no space"):
                write_bundle(target)
        assert tree(target) == before
        assert [p.name for p in tmp_path.iterdir()] == ["b"]


def test_nothing_that_is_not_for_everybody_is_ever_written(some, tmp_path, monkeypatch) -> None:
    """Even when a read gave too much: the writer looks again."""
    monkeypatch.setattr(piece, "walk", lambda *_a, **_k: iter([made(label=Label.GREEN)]))
    with pytest.raises(RegistryError):
        write_bundle(tmp_path / "b")
    assert not (tmp_path / "b").exists()


@pytest.mark.django_db
def test_lists_are_cut_into_pages(tmp_path) -> None:
    records = [
        Record(
            "tool",
            f"t-{n:03d}",
            "",
            (Given("title", f"Tool {n:03d}", "en"), Given("country", "KE")),
        )
        for n in range(410)
    ]
    actions.store(records, actions.Speaker(Voice.SOURCE, "S"), act="load_entries")
    written = write_bundle(tmp_path / "b")
    root = tmp_path / "b"
    assert written.entries == 410
    assert {p.name for p in (root / "kind" / "tool").iterdir()} == {
        "index.html",
        "2.html",
        "3.html",
    }
    assert (root / "kind/tool/3.html").read_text(encoding="utf-8").count('<tr role="row">') == 11
    assert len(list((root / "entry/tool").iterdir())) == 410
    assert {p.name for p in (root / "title").iterdir()} == {"0054.html"}
    assert {p.name for p in (root / "country").iterdir()} == {"ke.html"}
    data = (root / "data/tool.csv").read_bytes()
    assert data.count(b"\r\n") == 411 and data.count(b"source_url") == 1
    assert data.count(b"\xef\xbb\xbf") == 1


@pytest.mark.django_db
@pytest.mark.parametrize("text", [t for t in HOSTILE if "\u202e" not in t])
def test_hostile_titles_stay_words(text: str, tmp_path) -> None:
    title = " ".join(text.split())
    given = (Given("title", title, "en"), Given("summary", text, "en"))
    actions.store(
        [Record("tool", "con", "", given)], actions.Speaker(Voice.SOURCE, text), act="load_entries"
    )
    write_bundle(tmp_path / "b")
    page = (tmp_path / "b/entry/tool/con_.html").read_text(encoding="utf-8")
    assert "script" not in _Page(page).tags
    assert "<script" not in page


@pytest.mark.django_db
def test_the_language_of_the_pages_is_chosen(tmp_path) -> None:
    write_bundle(tmp_path / "b", "ar")
    text = (tmp_path / "b/index.html").read_text(encoding="utf-8")
    assert '<html lang="ar" dir="rtl">' in text
    with pytest.raises(BundleError):
        write_bundle(tmp_path / "c", "xx")


def test_teams_communities_and_texts_are_in_it(some, tmp_path) -> None:
    load_teams()
    load_documents()
    write_bundle(tmp_path / "b")
    root = tmp_path / "b"
    team = (root / "team/csirt-sample-a.html").read_text(encoding="utf-8")
    assert "mailto:incidents@csirt-a.example" in team and "192.0.2.0/24" in team
    assert (root / "team/csirt-sample-a.asc").read_text().startswith("-----BEGIN PGP")
    assert "ke-ke-cirt-cc.html" in (root / "country/ke.html").read_text(encoding="utf-8")
    assert "KE-CIRT/CC" in (root / "index.html").read_text(encoding="utf-8")
    assert "country/ke.html" in (root / "index.html").read_text(encoding="utf-8")
    community = (root / "community/africacert.html").read_text(encoding="utf-8")
    assert "AfricaCERT" in community
    (text,) = (root / "text").iterdir()
    words = text.read_text(encoding="utf-8")
    assert "to continue to maintain the cybersecurity gateway" in words
    assert "What became of every proposal" in words
    test_every_link_leads_to_a_file_and_every_file_is_reached(some, tmp_path)


def test_a_team_tells_the_bundle_what_it_tells_everybody_and_no_more(db, tmp_path) -> None:
    team = {
        "official_name": "CERT-KE",
        "short_name": "CON",  # a name that some systems keep for a device
        "country": "KE",
        "constituency": {"countries": ["KE"]},
        "emails": [{"address": "cert@cert.example", "usage": "Main"}],
        "phones": [{"usage": "Main", "number": "+254 20 5550100"}],
    }
    speaker = directory.importing("A list")
    directory.import_file(json.dumps([team]).encode(), "ti", speaker)
    amber = intern(Handling((Marking(Label.AMBER, bodies=frozenset({uuid4()})),)))
    Contact.objects.filter(kind="phone").update(handling=amber)
    write_bundle(tmp_path / "b")
    pages_ = "".join(p.read_text(encoding="utf-8") for p in (tmp_path / "b").rglob("*.html"))
    assert "cert@cert.example" in pages_ and "5550100" not in pages_
    assert not (tmp_path / "b/team/con.html").exists()


@pytest.mark.parametrize(
    ("title", "letter"),
    [
        ("Élan", "E"),
        ("«Zebra»", "Z"),
        ("网络安全", "一"),
        ("أمن", "ا"),
        ("Ёлка", "Е"),
        ("42", "#"),
        ("…", "#"),
    ],
)
def test_titles_stand_under_a_letter(title: str, letter: str) -> None:
    assert render.letter(title) == letter


@pytest.mark.slow
def test_two_processes_write_what_one_writes(tmp_path) -> None:
    """In a house of its own: a database in memory has no second door."""
    script = tmp_path / "write.py"
    script.write_text(
        "import sys, django\n"
        "from pathlib import Path\n"
        "if __name__ == '__main__':\n"
        "    django.setup()\n"
        "    from django.core.management import call_command\n"
        "    call_command('migrate', verbosity=0)\n"
        "    from comity.registry.actions import sample\n"
        "    from comity.registry.pages.bundle import write_bundle\n"
        "    for name, kind in sample.FILES.items():\n"
        "        sample._load(name, kind)\n"
        "    write_bundle(Path(sys.argv[1]) / 'one', processes=1)\n"
        "    write_bundle(Path(sys.argv[1]) / 'two', processes=2)\n",
        encoding="utf-8",
    )
    env = {
        **os.environ,
        "COMITY_HOME": str(tmp_path / "home"),
        "DJANGO_SETTINGS_MODULE": "comity.site.settings",
        "PYTHONPATH": str(ROOT / "src"),
    }
    env.pop("COMITY_DATABASE", None)
    subprocess.run([sys.executable, str(script), str(tmp_path)], env=env, check=True, timeout=300)
    one, two = tree(tmp_path / "one"), tree(tmp_path / "two")
    assert one == two
    assert len(one) > 300
    assert re.match(r"[0-9a-f]{64}", one["index.html"])
