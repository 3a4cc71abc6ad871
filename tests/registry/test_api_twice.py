"""Two programs at once with one key: one effect, in a real file of a database, with real threads."""

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
import json, sys, threading, uuid
import django
django.setup()
from django.conf import settings
from django.core.management import call_command
from django.db import close_old_connections, connection
assert settings.DATABASES["default"]["NAME"].parent == settings.HOME
call_command("migrate", verbosity=0)
from comity.ledger import reads as ledger
from comity.registry.models import Batch, Submission
from tests.registry.api_world import API, body, person, post, said
from tests.registry.test_api_files import GOOD, send

focal = person("focal_point", body("Maravia administration", "KE"))
token = focal.program("registry").defaults["HTTP_AUTHORIZATION"]
told = []
for turn in range(int(sys.argv[1])):
    mark, barrier, answers = f'"{uuid.uuid4()}"', threading.Barrier(3), []
    record = said("tool", title=f"Tool of turn {turn}")

    def ask(upload=turn % 3 == 2):
        from django.test import Client
        program = Client(SERVER_NAME="localhost", headers={"Authorization": token})
        barrier.wait()
        try:
            for _try in range(200):  # as a program does that was told to come again
                if upload:
                    got = send(program, GOOD + f"Tool of turn {turn},KE\n", mark=mark)
                else:
                    got = post(program, "/submissions", record, Idempotency_Key=mark)
                answers.append((got.status_code, got.content.decode()))
                if got.status_code != 409:
                    break
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _n in range(3)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    done = {body for status, body in answers if status == 201}
    others = sorted({status for status, _body in answers} - {201, 409})
    told.append([len(done), sum(s == 201 for s, _b in answers), others])

# Without a key, as two programs that know nothing of each other: the file is what is the same.
bare = []
for turn in range(int(sys.argv[1])):
    barrier, answers = threading.Barrier(3), []

    def put(text=GOOD + f"Tool of bare turn {turn},KE\n"):
        from django.test import Client
        program = Client(SERVER_NAME="localhost", headers={"Authorization": token})
        barrier.wait()
        try:
            got = send(program, text)
            answers.append((got.status_code, got.json().get("id")))
        finally:
            connection.close()

    threads = [threading.Thread(target=put) for _n in range(3)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    bare.append([sorted(status for status, _id in answers), len({id_ for _status, id_ in answers})])
print(json.dumps({"told": told, "bare": bare, "submissions": Submission.objects.count(), "batches": Batch.objects.count(),
                  "fault": str(ledger.verify()), "begun": sum(r.act == "begin_submission" for r in ledger.rows()),
                  "files": sum(r.act == "take_batch" for r in ledger.rows())}))
"""


@pytest.mark.slow
def test_two_at_once_with_one_key_are_one(tmp_path: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if k != "COMITY_DATABASE"}
    environment |= {
        "COMITY_HOME": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "comity.site.settings",
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
    }
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, "9"],
        env=environment,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout.splitlines()[-1])
    # One answer each turn, given to all three, and nothing but it and "under way".
    assert told["told"] == [[1, 3, []]] * 9
    # Without keys one of three made the batch; the others are told that it is held, and which.
    assert told["bare"] == [[[200, 200, 201], 1]] * 9
    assert told["begun"] == 6 and told["batches"] == told["files"] == 3 + 9
    # GOOD's two rows have no keys, so each different file brings all three of its rows.
    assert told["submissions"] == 6 + 3 * 3 + 3 * 9 and told["fault"] == "None"
