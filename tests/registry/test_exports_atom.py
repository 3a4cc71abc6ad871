"""Atom: a feed that any reader takes, with ids that last and labels in front."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from lxml import etree

from comity.kit.tlp import Label
from comity.registry.formats import atom
from tests.registry.exports import BASE, DAY, HOSTILE, VOCABULARIES, entry, without

NS = {"a": atom.ATOM}
FEED = atom.Feed("registry/x", "Changes", f"{BASE}feed.atom", f"{BASE}en/", BASE, "The operator")


def feed(*entries, about: atom.Feed = FEED) -> etree._Element:
    return etree.fromstring(atom.write(about, entries, VOCABULARIES))


def text(node: etree._Element, path: str) -> str | None:
    return node.findtext(path, namespaces=NS)


def test_a_feed_has_what_rfc_4287_asks() -> None:
    root = feed(entry(), entry(key="p-2"))
    assert root.tag == f"{{{atom.ATOM}}}feed"
    for name in ("id", "title", "updated"):
        assert len(root.findall(f"a:{name}", NS)) == 1
    assert {n.get("rel") for n in root.findall("a:link", NS)} == {"self", "alternate"}
    for one in root.findall("a:entry", NS):
        for name in ("id", "title", "updated", "author/a:name"):
            assert text(one, f"a:{name}")
        assert one.find("a:link[@rel='alternate']", NS).get("href")
    ids = [text(one, "a:id") for one in root.findall("a:entry", NS)]
    assert len(set(ids)) == 2 and all(str(i).startswith("urn:uuid:") for i in ids)


def test_ids_last_when_the_gateway_moves() -> None:
    moved = replace(FEED, base="https://other.example/", self_url="https://other.example/f")
    one, two = feed(entry()), feed(entry(), about=moved)
    assert text(one, "a:id") == text(two, "a:id")
    assert text(one, "a:entry/a:id") == text(two, "a:entry/a:id")


def test_the_feed_is_as_new_as_its_newest_entry() -> None:
    later = replace(entry(key="p-2"), changed=DAY + dt.timedelta(days=1))
    assert text(feed(entry(), later), "a:updated") == "2026-11-23T09:30:00Z"
    assert text(feed(), "a:updated") == "2014-11-07T00:00:00Z"


def test_words_say_their_language_where_it_is_not_the_readers() -> None:
    french = replace(FEED, language="fr", tongue="fr")
    title = feed(entry(), about=french).find("a:entry/a:title", NS)
    assert title.get(atom.XML_LANG) == "en"
    assert feed(entry()).find("a:entry/a:title", NS).get(atom.XML_LANG) is None


def test_categories_are_codes_with_words() -> None:
    found = {
        (c.get("scheme"), c.get("term"), c.get("label"))
        for c in feed(entry()).iterfind(".//a:category", NS)
    }
    assert ("country", "KE", "Kenya") in found
    assert ("area", "training", "training") in found
    assert ("kind", "project", "Project") in found


def test_a_marked_entry_says_so_before_its_title() -> None:
    root = feed(entry(label=Label.GREEN), entry(key="p-2"))
    assert text(root, "a:rights") == "TLP:GREEN"
    titles = [text(one, "a:title") for one in root.findall("a:entry", NS)]
    assert titles == ["[TLP:GREEN] Drill of the region", "Drill of the region"]


@pytest.mark.parametrize("words", [*HOSTILE, "a\x00\x0bb", "\ud800", "\uffff"])
def test_hostile_words_break_nothing(words: str) -> None:
    values = [*without("title", "summary"), ("title", words, "en"), ("summary", words, "en")]
    root = feed(entry(values))
    assert len(root.findall("a:entry", NS)) == 1
    assert not root.findall(".//script")


def test_a_long_summary_is_cut_and_none_is_made_up() -> None:
    long = feed(entry([("title", "T", "en"), ("summary", "x" * 5000, "en")]))
    assert len(str(text(long, "a:entry/a:summary"))) == atom.SUMMARY
    assert feed(entry([("title", "T", "en")])).find(".//a:summary", NS) is None
