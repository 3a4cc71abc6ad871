"""One file taken in by three processes at the same moment: kept once, by one of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

COMITY = ("-m", "comity.site.cli")
MIGRATE = ("-m", "django", "migrate", "--verbosity=0")
TEAMS = 60


def environment(home: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("COMITY", "DJANGO"))}
    return kept | {"COMITY_HOME": str(home), "DJANGO_SETTINGS_MODULE": "comity.site.settings"}


def run(home: Path, *arguments: str) -> str:
    command = [sys.executable, *arguments]
    done = subprocess.run(command, env=environment(home), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.mark.slow
def test_three_at_once_keep_a_file_once(tmp_path: Path) -> None:
    home, file = tmp_path / "var", tmp_path / "teams.csv"
    run(home, *MIGRATE)
    rows = [f"TEAM-{n:02d},Team {n:02d},KE,incidents,mail,ir@t{n}.example" for n in range(TEAMS)]
    file.write_text("\n".join(["team,official_name,country,purpose,kind,value", *rows, ""]))
    command = [
        sys.executable,
        *COMITY,
        "directory",
        "import",
        str(file),
        "--format",
        "csv",
        "--apply",
    ]
    running = [
        subprocess.Popen(command, env=environment(home), stdout=subprocess.PIPE, text=True)
        for _process in range(3)
    ]
    told = [json.loads(process.communicate()[0].splitlines()[-1]) for process in running]
    assert [process.returncode for process in running] == [0, 0, 0]
    assert sorted(row["created"] for row in told) == [0, 0, TEAMS]
    assert sorted(row["unchanged"] for row in told) == [0, TEAMS, TEAMS]
    assert all(row["rejected"] == [] for row in told)
    held = [
        json.loads(line)["code"] for line in run(home, *COMITY, "directory", "teams").splitlines()
    ]
    assert len(held) == len(set(held)) == TEAMS
    assert json.loads(run(home, *COMITY, "ledger", "verify").splitlines()[-1])["ok"] is True
