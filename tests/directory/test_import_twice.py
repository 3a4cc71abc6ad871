"""One file of teams from three clients at once: one applies it, the others find it done. In a real
file of a database, with real threads."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# In a process of its own: the tests' database lives in memory, where threads share one connection.
PROGRAM = r"""
import json, threading
import django
django.setup()
from django.conf import settings
from django.core.management import call_command
from django.db import connection
assert settings.DATABASES["default"]["NAME"].parent == settings.HOME
call_command("migrate", verbosity=0)
from comity.directory import actions, models as m
from comity.ledger import reads as ledger

told = []
for turn in range(5):
    row = f"Team {turn},KE,incident,email,cert@t{turn}.example\n"
    data = ("team,country,purpose,kind,value\n" + row).encode()
    barrier, done = threading.Barrier(3), []

    def bring(data=data):
        barrier.wait()
        try:
            one = actions.import_file(data, "csv", actions.importing("A list"))
            done.append([one.created, one.changed, one.unchanged, len(one.rejected)])
        finally:
            connection.close()

    threads = [threading.Thread(target=bring) for _n in range(3)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    told.append(sorted(done))
print(json.dumps({"told": told, "teams": m.Team.objects.count(),
                  "contacts": m.Contact.objects.count(), "fault": str(ledger.verify())}))
"""


@pytest.mark.slow
def test_a_file_brought_by_three_at_once_is_applied_once(tmp_path: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if k != "COMITY_DATABASE"}
    environment |= {
        "COMITY_HOME": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "comity.site.settings",
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
    }
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["told"] == [[[0, 0, 1, 0], [0, 0, 1, 0], [1, 0, 0, 0]]] * 5
    assert (found["teams"], found["contacts"], found["fault"]) == (5, 5, "None")
