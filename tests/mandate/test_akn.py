"""Akoma Ntoso: valid by the official schema, back without loss, and safe to read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import astuple, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from comity.mandate.formats.akn import read_akn, write_akn
from comity.mandate.formats.akn.names import AKN, OWN
from comity.mandate.formats.page import parse_page
from comity.mandate.formats.redline import parse_redline
from comity.mandate.rules.identifiers import with_ids
from comity.mandate.types import (
    Change,
    ChangeKind,
    Citation,
    Confidence,
    Fate,
    MandateError,
    Passage,
    Proposal,
    Provision,
    Run,
    Span,
    State,
    Target,
    Text,
)

DATA = Path(__file__).resolve().parents[2] / "src/comity/mandate/data/itu-pp/res-130"
KEY = "itu-pp/res-130"
NS = {"a": AKN, "c": OWN}
Validator = Callable[[bytes], str]


@pytest.fixture(scope="session")
def faults(shared: Path) -> Validator:
    """What the official schema finds wrong with a document; "" when it is valid."""
    schema = etree.XMLSchema(etree.parse(shared / "data/akn/akomantoso30.xsd"))

    def check(data: bytes) -> str:
        return "" if schema.validate(etree.fromstring(data)) else str(schema.error_log)

    return check


@pytest.fixture(scope="module")
def adopted() -> Text:
    return with_ids(parse_page((DATA / "2014.json").read_bytes(), name="2014.json"))


@pytest.fixture(scope="module")
def draft() -> Text:
    return with_ids(parse_redline((DATA / "2014-10-28.txt").read_bytes(), name="draft"))


def bare(text: Text) -> list[Provision]:
    """Provisions without what a document does not keep: spans in another source, URL keys.

    A mark without a place is written at the end.
    """
    return [
        replace(
            p,
            span=Span(0, 0),
            key="",
            marks_at=p.marks_at or tuple(len(p.text) for _ in p.footnotes),
        )
        for p in text.provisions
    ]


def provision(section: str, path: str, num: str, words: str) -> Provision:
    return Provision(section, path, num, words)


# --- writing ------------------------------------------------------------------------------


def test_the_adopted_text_is_valid_and_comes_back_whole(adopted: Text, faults: Validator) -> None:
    data = write_akn(adopted, key=KEY, version="2014")
    assert faults(data) == ""
    back = read_akn(data)
    assert bare(back) == bare(adopted)
    assert (back.title, back.subtitle, back.formula) == (
        adopted.title,
        adopted.subtitle,
        adopted.formula,
    )
    assert (back.status, back.language, back.date, back.findings) == ("adopted", "en", None, ())


def test_the_draft_is_valid_and_comes_back_as_its_clean_reading(
    draft: Text, faults: Validator
) -> None:
    data = write_akn(draft, key=KEY, version="2014-10-28", work="2014")
    assert faults(data) == ""
    back = read_akn(data)
    assert bare(back) == bare(draft)
    assert back.status == "draft"
    root = etree.fromstring(data)
    assert len(root.xpath("//a:del", namespaces=NS)) > 20
    assert root.xpath("//@alternativeTo")
    assert root.xpath("//c:passage[@tag='CUB/70/2']", namespaces=NS)
    assert root.xpath("string(//a:statement/@name)", namespaces=NS) == "resolutionDraft"


def test_eids_are_unique_and_the_same_text_gives_the_same_bytes(draft: Text) -> None:
    data = write_akn(draft, key=KEY, version="2014-10-28")
    eids = etree.fromstring(data).xpath("//@eId")
    assert len(eids) == len(set(eids)) > 100
    assert data == write_akn(draft, key=KEY, version="2014-10-28")


def test_frbr_names_the_work_the_expression_and_the_series(draft: Text) -> None:
    root = etree.fromstring(write_akn(draft, key=KEY, version="2014-10-28", work="2014"))
    uris = root.xpath("//a:FRBRuri/@value", namespaces=NS)
    work = "/akn/un/statement/deliberation/itu-pp/2014/res-130"
    assert uris[:2] == [work, f"{work}/eng@2014-10-28"]
    assert root.xpath("//a:FRBRalias/@value", namespaces=NS) == [KEY]


def citation(path: str, start: int, end: int, key: str, year: int | None = 2014) -> Citation:
    return Citation(
        "recalling", path, f"Resolution {key}", "PP", "resolution", "", "", year, False, "",
        start=start, end=end, key=key,
    )  # fmt: skip


def test_citations_become_refs_even_where_they_overlap(faults: Validator) -> None:
    words = "Resolutions 45 and 69 (Rev. Dubai, 2014) & <more>"
    text = Text("T", "", "F", (provision("recalling", "a", "a)", words),))
    cited = (
        citation("a", 19, 40, "wtdc/res-69"),
        citation("a", 0, 21, "wtdc/res-45"),
        citation("a", 43, 900, "un-ga/res-1", None),
        citation("a", 5, 7, ""),
        citation("b", 0, 3, "wtdc/res-9"),
    )
    data = write_akn(text, key=KEY, version="2014", citations=cited)
    assert faults(data) == ""
    refs = etree.fromstring(data).xpath("//a:ref", namespaces=NS)
    assert [(r.text, r.get("href")) for r in refs] == [
        ("Resolutions 45 and 69", "/akn/un/statement/deliberation/wtdc/2014/res-45"),
        (" (Rev. Dubai, 2014)", "/akn/un/statement/deliberation/wtdc/2014/res-69"),
        ("<more>", "/ontology/instrument/un/un-ga/res-1"),
    ]
    assert read_akn(data).provisions[0].text == words
    assert len(etree.fromstring(data).xpath("//a:TLCReference", namespaces=NS)) == 4


def run(text: str, *, struck: bool = False, inserted: bool = False) -> Run:
    return Run(text, struck, Span(0, 0), inserted=inserted)


def passage(path: str, *runs: Run, group: int | None = None, tag: str = "") -> Passage:
    return Passage(
        "resolves", path, f"{path[0]}.", path[0], runs,
        State.OPTION if group is not None else State.KEPT, True, "said so", tag,
        "Brazil" if tag else "", "", group, (1,), Span(0, 0), bracketed=bool(tag),
    )  # fmt: skip


def test_marks_options_and_fates_of_a_draft_are_written(faults: Validator) -> None:
    passages = (
        passage("1", run("to keep "), run("old", struck=True), run("new", inserted=True)),
        passage("2", run("one way"), group=1, tag="B/75/4"),
        passage("2-2", run("another way"), group=1),
        passage("3", run("gone", struck=True)),
        passage("3/a", run("yet this stays")),
    )
    clean = tuple(Provision(p.section, p.path, p.num, p.clean) for p in passages if p.clean)
    text = with_ids(Text("T", "", "F", clean, passages, status="draft"))
    proposal = Proposal(
        1, "B/75/4", "Brazil", "resolves", "one way", Fate.AMENDED,
        (Target("resolves", "2"),), 0.51239, Confidence.LIKELY,
    )  # fmt: skip
    data = write_akn(text, key=KEY, version="2014-10-28", proposals=(proposal,))
    assert faults(data) == ""
    root = etree.fromstring(data)
    assert root.xpath("//a:del/text()", namespaces=NS) == ["old", "gone"]
    assert root.xpath("//a:ins/text()", namespaces=NS) == ["new"]
    (option,) = root.xpath("//*[@alternativeTo]")
    assert option.get("eId") == "hcontainer_resolves__para_2-2"
    assert option.get("alternativeTo") == "hcontainer_resolves__para_2"
    (said,) = root.xpath("//c:proposal", namespaces=NS)
    assert dict(said.attrib) == {
        "href": "#hcontainer_resolves__para_2",
        "tag": "B/75/4",
        "proposer": "Brazil",
        "fate": "adopted amended",
        "similarity": "0.5124",
        "confidence": "likely",
    }
    assert [(p.path, p.text) for p in read_akn(data).provisions] == [
        ("1", "to keep new"),
        ("2", "one way"),
        ("2-2", "another way"),
        ("3/a", "yet this stays"),
    ]


def test_changes_become_textual_modifications_and_a_move_is_two(faults: Validator) -> None:
    text = with_ids(
        Text("T", "", "F", tuple(provision("noting", n, f"{n})", f"words {n}") for n in "abcd"))
    )
    sure = Confidence.CERTAIN
    changes = [Change(ChangeKind.SAME, (0,), (0,), 1.0, sure)]
    changes += [
        Change(kind, old, new, 0.5, sure)
        for kind, old, new in (
            (ChangeKind.AMENDED, (0,), (0,)),
            (ChangeKind.MOVED, (1,), (1,)),
            (ChangeKind.MERGED, (0, 2), (2,)),
            (ChangeKind.SPLIT, (1,), (2, 3)),
            (ChangeKind.RENUMBERED, (2,), (3,)),
            (ChangeKind.NEW, (), (1,)),
            (ChangeKind.GONE, (2,), ()),
        )
    ]
    data = write_akn(
        text, key=KEY, version="2014", changes=changes, earlier=["o1", "o2", "o3"],
        earlier_version="2010",
    )  # fmt: skip
    assert faults(data) == ""
    mods = etree.fromstring(data).xpath("//a:textualMod", namespaces=NS)
    assert [m.get("type") for m in mods] == [
        "substitution", "repeal", "insertion", "join", "split", "renumbering", "insertion", "repeal",
    ]  # fmt: skip
    links = [m.get(f"{{{OWN}}}link") for m in mods]
    assert links == [None, "move-1", "move-1", None, None, None, None, None]
    was = "/akn/un/statement/deliberation/itu-pp/2014/res-130/eng@2010"
    assert mods[1][1].get("href") == f"{was}#o2"
    assert mods[0][1].get("href") == "#recs_noting__rec_a"


@pytest.mark.parametrize(("key", "version"), [("nonsense", "2014"), (KEY, "yesterday")])
def test_a_wrong_name_is_refused(adopted: Text, key: str, version: str) -> None:
    with pytest.raises(MandateError):
        write_akn(adopted, key=key, version=version)


def test_a_character_that_xml_cannot_hold_is_refused() -> None:
    text = Text("", "", "", (provision("noting", "a", "a)", "be\x07ll"),))
    with pytest.raises(MandateError, match="character that XML cannot"):
        write_akn(text, key=KEY, version="2014")


# --- there and back -----------------------------------------------------------------------

LETTERS = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff")
WORDS = st.text(LETTERS, min_size=1, max_size=30).map(lambda t: " ".join(t.split())).filter(bool)
HEADINGS = st.one_of(
    st.sampled_from(["recalling", "noting", "resolves", "instructs the Secretary-General"]), WORDS
)


@st.composite
def texts(draw: st.DrawFn) -> Text:
    provisions: list[Provision] = []
    for section in draw(st.lists(HEADINGS, min_size=1, max_size=4, unique=True)):
        above: list[str] = []
        for index in range(draw(st.integers(1, 6))):
            above = above[: draw(st.integers(0, min(3, len(above))))]
            kind = draw(st.sampled_from(["number", "letter", "p"]))
            num = {"number": f"{index + 1}", "letter": f"{'abcdef'[index]})", "p": ""}[kind]
            step = num.strip(")") or ("chapeau" if index == 0 else "p" + f"-{index}")
            above.append(step)
            notes = draw(st.sampled_from([(), (), ("1",), ("1", "2")]))
            provisions.append(Provision(section, "/".join(above), num, draw(WORDS), notes))
    title, formula = draw(WORDS), draw(st.one_of(st.just(""), WORDS))
    return with_ids(Text(title, draw(WORDS), formula, tuple(provisions)))


@given(texts())
@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_text_comes_back_as_it_went(text: Text) -> None:
    back = read_akn(write_akn(text, key=KEY, version="2014"))
    assert bare(back) == bare(text)
    assert (back.title, back.subtitle, back.formula) == (text.title, text.subtitle, text.formula)
    assert not back.findings


@given(texts())
@settings(max_examples=40, deadline=None)
def test_any_text_is_valid(faults: Validator, text: Text) -> None:
    assert faults(write_akn(text, key=KEY, version="2014")) == ""


# --- documents of others ------------------------------------------------------------------


def document(body: str, *, preamble: str = "", kind: str = "act", main: str = "body") -> bytes:
    return (
        f'<akomaNtoso xmlns="{AKN}"><{kind} name="x"><meta><identification><FRBRExpression>'
        '<FRBRdate date="2016-01-02" name="x"/><FRBRlanguage language="fra"/></FRBRExpression>'
        f"</identification></meta><preface><p>Loi</p><p>sur tout</p></preface>{preamble}"
        f"<{main}>{body}</{main}></{kind}></akomaNtoso>"
    ).encode()


def places(text: Text) -> list[tuple[str, str, str, str]]:
    return [(p.section, p.path, p.num, p.text) for p in text.provisions]


def test_chapters_articles_and_lists_of_another_house_are_read() -> None:
    text = read_akn(
        document(
            """<chapter eId="c"><num>I</num><heading>Scope</heading>
              <article eId="a1"><num>Article 1</num><heading>Aim</heading>
                <paragraph eId="p1"><num>1.</num><intro><p>As <b>follows</b>:</p></intro>
                  <point eId="pa"><num>(a)</num><content><p>one <ins>new</ins><del>old</del></p>
                  </content></point></paragraph>
                <paragraph><num>2.</num><list><intro><p>open</p></intro>
                  <point><num>(a)</num><content><p>x</p></content></point></list></paragraph>
              </article></chapter>"""
        )
    )
    section = "I Scope, Article 1 Aim"
    assert places(text) == [
        (section, "1", "1.", "As follows:"),
        (section, "1/a", "(a)", "one new"),
        (section, "2/chapeau", "", "open"),
        (section, "2/a", "(a)", "x"),
    ]
    assert (text.title, text.subtitle, text.language) == ("Loi", "sur tout", "fr")
    assert str(text.date) == "2016-01-02"
    assert text.provisions[0].eid == "p1"


def test_a_preamble_of_containers_is_read_like_one_of_recitals() -> None:
    inner = """<heading>recalling</heading>
        <{0}><num>a)</num><p>one;</p></{0}>
        <{0}><num>b)</num><blockList><listIntroduction>two:</listIntroduction>
          <item><num>i)</num><p>deep<authorialNote marker="3"><p>n</p></authorialNote>,</p></item>
        </blockList></{0}>"""
    for group, item in (("recitals", "recital"), ('container name="recitals"', "blockList/item")):
        name = group.split()[0]
        if "/" in item:
            content = "<blockList>" + inner.format("item").replace(
                "<heading>recalling</heading>", ""
            )
            content = f"<heading>recalling</heading>{content}</blockList>"
        else:
            content = inner.format(item)
        data = document(
            "", preamble=f"<preamble><p>The Conference,</p><{group}>{content}</{name}></preamble>",
            kind="statement", main="mainBody",
        )  # fmt: skip
        text = read_akn(data)
        assert places(text) == [
            ("recalling", "a", "a)", "one;"),
            ("recalling", "b", "b)", "two:"),
            ("recalling", "b/i", "i)", "deep,"),
        ]
        assert text.provisions[2].footnotes == ("3",)
        assert text.formula == "The Conference,"


def test_words_that_are_not_understood_are_findings_and_foreign_ones_never_text() -> None:
    text = read_akn(
        document(
            """<section><heading>resolves</heading>
            <paragraph><num>1</num><content><p>keep <x:script xmlns:x="urn:x">EVIL</x:script>it</p>
            </content></paragraph>
            <tblock><p>a table</p></tblock>stray
            <paragraph><num>2</num></paragraph></section>"""
        )
    )
    assert places(text) == [("resolves", "1", "1", "keep it")]
    assert len(text.findings) == 4
    assert all(f.line >= 1 for f in text.findings)
    assert "EVIL" not in repr(astuple(text))
