"""`comity mandate`: another resolution goes in by the same commands, and out in every shape."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from lxml import etree

from comity.kit.tlp import ANONYMOUS
from comity.ledger import reads as ledger
from comity.mandate import models as m
from comity.mandate import reads
from comity.mandate.cli import mandate
from comity.mandate.formats.akn import read_akn

from .conftest import ADOPTED, DRAFT, KEY, Shelf

OTHER = Path(__file__).parent.parent / "examples" / "mandate" / "other"
DRAFT_FILE, ADOPTED_FILE = str(OTHER / "draft.txt"), str(OTHER / "adopted.json")


def run(*words: str, data: bytes | None = None) -> Result:
    return CliRunner().invoke(mandate, list(words), input=data)


def rows(*words: str) -> list[dict[str, object]]:
    result = run(*words)
    assert result.exit_code == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


# --- another resolution -------------------------------------------------------------------


@pytest.mark.parametrize("files", [(DRAFT_FILE, ADOPTED_FILE), (ADOPTED_FILE, DRAFT_FILE)])
def test_another_resolution_in_both_shapes_loads_and_is_compared(
    files: tuple[str, ...], db: None
) -> None:
    loaded = rows("load", *files, "--as", "itu-pp/res-999")
    assert {(r["version"], r["status"], r["provisions"]) for r in loaded} == {
        ("2014-11-03", "draft", 7), ("2014", "adopted", 7),
    }  # fmt: skip
    changes = rows("compare", "itu-pp/res-999", "2014-11-03", "2014")
    kinds = {
        tuple(f"{u['section']} {u['path']}" for u in c["old"] + c["new"]): c["kind"]
        for c in changes
    }  # type: ignore[operator]
    assert kinds["resolves 1", "resolves 1"] == "same"
    assert kinds["considering b", "considering b"] == "amended"
    assert kinds["recalling b",] == "gone"
    (fate,) = rows("fates", "itu-pp/res-999")
    assert (fate["tag"], fate["proposer"], fate["fate"]) == ("B/75/4", "Brazil", "adopted verbatim")
    assert fate["targets"] == [{"section": "considering", "path": "a"}]
    (cited,) = rows("citations", "itu-pp/res-999")
    assert (cited["issuer"], cited["number"], cited["place"]) == ("WTDC", "45", "Dubai")
    annual = [d for d in rows("duties", "itu-pp/res-999") if d["frequency"] == "annual"]
    assert [(d["path"], d["is_reporting"]) for d in annual] == [("1", True)]
    assert {p["state"] for p in rows("passages", "itu-pp/res-999")} >= {
        "kept",
        "struck",
        "bracketed",
    }


INSIST = "--even-if-other-number"


def test_our_own_akoma_ntoso_loads_back_under_another_key(shelf: Shelf, tmp_path: Path) -> None:
    for label in (DRAFT, ADOPTED):
        file = tmp_path / f"{label}.xml"
        assert (
            run("export", KEY, "--version", label, "--as", "text.xml", "-o", str(file)).exit_code
            == 0
        )
        (said,) = rows("load", str(file), "--as", "itu-pp/res-131", INSIST)
        assert said["version"] == label and said["findings"] == 0
        names = ("section", "path", "num", "text")
        ours, theirs = (
            rows("provisions", key, "--version", label) for key in (KEY, "itu-pp/res-131")
        )
        assert [[r[n] for n in names] for r in theirs] == [[r[n] for n in names] for r in ours]
    same = [c["kind"] for c in rows("compare", "itu-pp/res-131", DRAFT, ADOPTED)]
    assert same.count("same") > 30 and len(rows("duties", "itu-pp/res-131")) == 46
    ours, theirs = (rows("passages", key, "--version", DRAFT) for key in (KEY, "itu-pp/res-131"))
    assert theirs == [row | {"lines": []} for row in ours], "all but the lines of the text file"
    assert rows("fates", "itu-pp/res-131") == rows("fates", KEY)


def test_an_akn_draft_without_marks_has_its_pages(shelf: Shelf, tmp_path: Path, client) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "draft.xml"
    run("export", KEY, "--version", DRAFT, "--as", "text.xml", "-o", str(file))
    bare = etree.fromstring(file.read_bytes())
    etree.strip_elements(bare, "{*}del", "{*}proprietary", with_tail=False)
    etree.strip_tags(bare, "{*}ins")
    file.write_bytes(etree.tostring(bare))
    rows("load", str(file), "--as", "itu-pp/res-131", INSIST)
    first = rows("provisions", "itu-pp/res-131")[0]
    html = client.get(f"/en/mandate/itu-pp/res-131/{DRAFT}/").content.decode()
    assert str(first["text"])[:60] in html
    assert client.get(f"/en/mandate/itu-pp/res-131/{DRAFT}/p/recalling/a").status_code == 200


def test_a_text_that_does_not_say_its_version_is_told_one(db: None, tmp_path: Path) -> None:
    silent = tmp_path / "draft.txt"
    text = Path(DRAFT_FILE).read_text("utf-8").replace("3 November 2014\n", "")
    silent.write_text(text.replace("BUSAN, 2014", "BUSAN").replace("Busan, 2014", "Busan"), "utf-8")
    refused = run("load", str(silent), "--as", "itu-pp/res-999")
    assert refused.exit_code == 1 and "--version" in refused.stderr
    (said,) = rows("load", str(silent), "--as", "itu-pp/res-999", "--version", "2014-11-04")
    assert said["version"] == "2014-11-04"
    assert (
        run("load", DRAFT_FILE, ADOPTED_FILE, "--as", "itu-pp/res-9", "--version", "2014").exit_code
        == 2
    )


def test_a_text_under_another_number_is_refused_until_one_insists(db: None) -> None:
    refused = run("load", ADOPTED_FILE, "--as", "itu-pp/res-130")
    assert refused.exit_code == 1 and INSIST in refused.stderr
    assert "PP RESOLUTION 999" in refused.stderr and "itu-pp/res-130" in refused.stderr
    (said,) = rows("load", ADOPTED_FILE, "--as", "itu-pp/res-130", INSIST)
    assert said["key"] == "itu-pp/res-130"


def test_of_several_files_the_one_refused_is_named_and_what_stands_is_said(
    db: None, tmp_path: Path
) -> None:
    nul = tmp_path / "nul.txt"
    nul.write_bytes(b"one\ntwo \x00")
    for bad, place in ((nul, ":2:1: "), (tmp_path / "absent.txt", ": ")):
        result = run("load", DRAFT_FILE, str(bad), "--as", "itu-pp/res-999")
        assert result.exit_code == 1
        assert f"{bad}{place}" in result.stderr
        assert f"Kept before it: {DRAFT_FILE}." in result.stderr
    assert m.Version.objects.filter(instrument__key="itu-pp/res-999").count() == 1


def test_a_text_wrongly_loaded_is_removed_again_with_an_act(db: None) -> None:
    for file in (DRAFT_FILE, ADOPTED_FILE):
        rows("load", file, "--as", "itu-pp/res-999")
    (gone,) = rows("remove", "itu-pp/res-999", "--version", "2014")
    assert (gone["key"], gone["version"]) == ("itu-pp/res-999", "2014")
    last = list(ledger.rows())[-1]
    assert (last.act, last.object, last.actor) == (
        "remove_version",
        "itu-pp/res-999/2014/en",
        "gateway",
    )
    (held,) = [row for row in rows("list") if row["key"] == "itu-pp/res-999"]
    assert [v["version"] for v in held["versions"]] == ["2014-11-03"]
    assert "no earlier version" in run("fates", "itu-pp/res-999").stderr
    again = run("remove", "itu-pp/res-999", "--version", "2014")
    assert again.exit_code == 1 and "Held: 2014-11-03" in again.stderr
    assert run("remove", "itu-pp/res-999", "--version", "2014-11-03", "--language", "fr").exit_code
    rows("remove", "itu-pp/res-999", "--version", "2014-11-03")
    assert not m.Instrument.objects.filter(key="itu-pp/res-999").exists(), (
        "nothing names them any more"
    )


def test_load_reads_from_stdin(db: None) -> None:
    result = run("load", "-", "--as", "itu-pp/res-999", data=Path(ADOPTED_FILE).read_bytes())
    assert result.exit_code == 0 and json.loads(result.stdout)["provisions"] == 7


def test_findings_go_to_stderr_with_file_line_column_and_remedy(db: None, tmp_path: Path) -> None:
    torn = tmp_path / "torn.txt"
    text = Path(DRAFT_FILE).read_text("utf-8").replace("is read;]", "is read;")
    torn.write_text(text.replace("~~b) Resolution 71", "[b) Resolution 71"), "utf-8")
    result = run("load", str(torn), "--as", "itu-pp/res-999")
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) == 1, "words are on stderr"
    places = [line.split(": ")[0] for line in result.stderr.splitlines()]
    assert f"{torn}:15:1" in places and len(places) >= 2


# --- what is held -------------------------------------------------------------------------


def test_list_names_versions_and_what_is_known_but_not_held(shelf: Shelf) -> None:
    (row,) = rows("list")
    assert [v["version"] for v in row["versions"]] == [DRAFT, ADOPTED]  # type: ignore[attr-defined]
    assert {"Rev. Dubai, 2018", "Rev. Bucharest, 2022"} <= set(row["not_held"])  # type: ignore[arg-type]


def test_compare_prints_the_formula_beside_its_numbers(shelf: Shelf) -> None:
    result = run("compare", KEY, DRAFT, ADOPTED)
    changes = [json.loads(line) for line in result.stdout.splitlines()]
    assert [list(c) for c in changes] == [
        ["kind", "old", "new", "similarity", "confidence", "evidence"]
    ] * len(changes)
    from comity.mandate.rules.words import FORMULA

    assert FORMULA in result.stderr
    kept = reads.changes(ANONYMOUS, shelf.draft, shelf.adopted)
    assert [c["kind"] for c in changes] == [c.kind for c in kept]


def test_terms_are_found_by_a_word_and_an_unknown_one_is_said(db: None) -> None:
    (spam,) = rows("terms", "spam")
    assert spam["key"] == "spam" and len(rows("terms")) > 5
    assert run("terms", "xyzzy").exit_code == 1


@pytest.mark.parametrize(
    ("name", "starts"),
    [
        ("text.xml", b"<?xml"),
        ("text.json", b"{"),
        ("compared.docx", b"PK"),
        ("provisions.csv", b"\xef\xbb\xbfsection"),
        ("duties.json", b"{"),
    ],
)
def test_export_writes_every_shape(name: str, starts: bytes, shelf: Shelf, tmp_path: Path) -> None:
    file = tmp_path / name
    assert run("export", KEY, "--as", name, "-o", str(file)).exit_code == 0
    data = file.read_bytes()
    assert data.startswith(starts) or data.startswith(starts.removeprefix(b"\xef\xbb\xbf"))
    if name.endswith("docx"):
        assert zipfile.ZipFile(io.BytesIO(data)).testzip() is None
    if name.endswith("xml"):
        assert len(read_akn(data).provisions) == 95


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("provisions", "itu-pp/res-1"), "Held: itu-pp/res-130"),
        (("provisions", KEY, "--version", "1998"), "Held: 2014-10-28, 2014"),
        (("provisions", "wtdc/res-45"), "cited here"),
        (("fates", KEY, "--version", DRAFT), "Load the draft"),
        (("passages", KEY, "--version", ADOPTED), "comity mandate list"),
        (("export", KEY, "--as", "text.pdf"), "Ask for one of"),
        (("load", "/nowhere/x.txt", "--as", "itu-pp/res-9"), "No such file"),
        (("load", ADOPTED_FILE, "--as", "Resolution 9"), "itu-pp/res-130"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_with_a_way_out_and_exit_1(
    words: tuple[str, ...], says: str, shelf: Shelf
) -> None:
    result = run(*words)
    assert (result.exit_code, result.stdout) == (1, "")
    assert says in result.stderr and "Traceback" not in result.stderr


def test_every_command_has_help_with_an_example() -> None:
    for name, command in mandate.commands.items():
        assert command.help, name
        if name != "list":
            assert "Example: comity mandate" in command.help, name
