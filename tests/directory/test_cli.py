"""`comity directory`: JSON lines out, words on stderr, exit 1 when nobody answers."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from comity.directory import actions
from comity.directory import models as m
from comity.directory.cli import directory

pytestmark = pytest.mark.django_db


def run(*args: str, data: bytes | None = None):  # type: ignore[no-untyped-def]
    return CliRunner().invoke(directory, list(args), input=data)


@pytest.fixture
def sample(db: None) -> None:
    actions.load_sample()


def test_responsible(sample) -> None:
    done = run("responsible", "192.0.2.200", "AS64500", "www.gov-a.example", "KE")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.exit_code == 0
    assert [(row["asked"], row["team"], row["rule"]) for row in rows] == [
        ("192.0.2.200", "csirt-sample-c", "prefix"),
        ("192.0.2.200", "csirt-sample-a", "prefix"),
        ("AS64500", "csirt-sample-a", "asn"),
        ("www.gov-a.example", "csirt-sample-a", "domain"),
        ("KE", "ke-ke-cirt-cc", "country"),
    ]
    assert "+442079460101" not in done.stdout  # GREEN
    assert rows[1]["website"] == "https://csirt-a.example/"


def test_where_no_contact_is_held_communities_may_pass_it_on(sample, client) -> None:
    done = run("responsible", "KE")
    named = "no contact is held; these may pass it on: "
    assert done.exit_code == 0 and json.loads(done.stdout)["contacts"] == []
    assert named in done.stderr and "https://" in done.stderr
    found = client.get("/api/v1/directory/responsible", {"q": "www.treasury.go.ke"}).json()
    codes = [row["community"] for row in found["through"]]
    assert codes
    page = client.get("/en/directory/call", {"q": "Kenya"}).content.decode()
    assert all(f"/en/directory/communities/{code}" in page for code in codes)
    held = client.get("/api/v1/directory/responsible", {"q": "AS64500"}).json()
    assert held["answers"][0]["contacts"] and held["through"] == []


def test_nobody_answers_is_exit_1(sample) -> None:
    for what, words in (("8.8.8.8", "nobody here answers"), ("who knows", "not understood")):
        done = run("responsible", what)
        assert (done.exit_code, done.stdout) == (1, "") and words in done.stderr


def test_teams_team_export(sample, tmp_path) -> None:
    rows = [json.loads(line) for line in run("teams").stdout.splitlines()]
    assert len(rows) == 67
    assert json.loads(run("team", "csirt-sample-a").stdout)["code"] == "csirt-sample-a"
    missing = run("team", "none")
    assert missing.exit_code == 1 and "No team" in missing.stderr
    path = tmp_path / "teams.json"
    assert run("export", "csirt-sample-a", "--format", "first", "-o", str(path)).exit_code == 0
    assert b"+442079460101" not in path.read_bytes()
    assert run("export", "--format", "rfc2350").exit_code == 2
    assert b"Sample CSIRT B" in run("export", "csirt-sample-b", "--format", "rfc2350").stdout_bytes


def test_import_is_a_dry_run_unless_applied(sample, tmp_path) -> None:
    path = tmp_path / "teams.csv"
    run("export", "csirt-sample-a", "--format", "csv", "-o", str(path))
    actions.remove_sample()
    dry = run("import", str(path), "--format", "csv", "--source", "A list")
    assert dry.exit_code == 0 and not m.Team.objects.exists()
    kinds = {json.loads(line)["kind"] for line in dry.stdout.splitlines()}
    assert "new" in kinds and "--apply keeps them" in dry.stderr
    done = run("import", str(path), "--format", "csv", "--source", "A list", "--apply")
    assert json.loads(done.stdout.splitlines()[-1])["created"] == 1
    again = run("import", str(path), "--format", "csv", "--source", "A list", "--apply")
    last = json.loads(again.stdout.splitlines()[-1])
    assert (last["unchanged"], last["act"], len(again.stdout.splitlines())) == (1, 0, 1)
    assert run("import", "/nowhere", "--format", "csv").exit_code == 1


def test_networks_and_coverage(sample, tmp_path, settings) -> None:
    from comity.directory.reads import networks

    settings.HOME = tmp_path
    networks._read.cache_clear()
    assert run("coverage", "KE").exit_code == 1
    path = tmp_path / "table.csv"
    path.write_text("prefix,country,asn\n8.8.8.0/24,KE,AS64500\nnonsense,KE,1\n")
    done = run("networks", str(path), "--date", "2026-11-01")
    assert json.loads(done.stdout)["ranges"] == 1 and "line 3" in done.stderr
    share = json.loads(run("coverage", "KE").stdout)
    assert (share["ipv4_addresses"], share["ipv4_answered_for"]) == (256, 256)
    (row,) = [json.loads(line) for line in run("responsible", "8.8.8.8").stdout.splitlines()][:1]
    assert (row["team"], row["rule"], row["via_table"]) == ("csirt-sample-a", "asn", True)


def test_own_due_test_and_sample(sample, mail) -> None:
    from comity.people.actions import add_body

    add_body("Ministry")
    assert json.loads(run("own", "ke-ke-cirt-cc", "Ministry").stdout)["body"] == "Ministry"
    assert run("own", "ke-ke-cirt-cc", "Nobody").exit_code == 1
    assert run("due").stdout == ""  # sample teams are due to nobody
    refused = run("test", "csirt-sample-a")
    assert refused.exit_code == 1 and "sample" in refused.stderr
    assert json.loads(run("remove-sample").stdout) == {"communities": 10, "teams": 67}
    assert run("load-sample").exit_code == 0 and m.Team.objects.count() == 67


def test_a_list_in_an_old_encoding_is_read_when_it_is_named(db, tmp_path) -> None:
    """The refusal shows samples; with the encoding that reads right the file comes in."""
    rows = "team,country,purpose,kind,value,label\n"
    rows += "فريق,EG,incident,email,cert@cert-eg.example,TLP:CLEAR\n"
    file = tmp_path / "old.csv"
    file.write_bytes(rows.encode("windows-1256"))
    refused = run("import", str(file), "--format", "csv")
    assert refused.exit_code == 1 and "windows-1256" in refused.stderr and "فريق" in refused.stderr
    done = run("import", str(file), "--format", "csv", "--encoding", "windows-1256", "--apply")
    assert done.exit_code == 0, done.stderr
    assert m.Team.objects.get().name == "فريق"
    wrong = run("import", str(file), "--format", "csv", "--encoding", "klingon")
    assert wrong.exit_code == 1 and "windows-1251" in wrong.stderr
