"""Long runs (`make soak`): thousands of damaged sources, and starts that are killed again and again."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from comity.mandate.formats.any import parse
from comity.mandate.types import MandateError
from tests.mandate.conftest import source

pytestmark = pytest.mark.soak
ROOT = Path(__file__).resolve().parents[2]


def damaged(data: bytes, chance: random.Random) -> bytes:
    """The bytes with some cut out, doubled, moved or replaced."""
    for _ in range(chance.randint(1, 6)):
        a, b = sorted(chance.randrange(len(data)) for _ in range(2))
        b = min(b, a + chance.choice((1, 5, 50, 500)))
        piece = chance.choice((b"", data[a:b] * 2, b"~~", b"[", b"*", b"</li>", b'"', b"\xff"))
        data = data[:a] + piece + data[b:]
    return data


@pytest.mark.parametrize("name", ["2014-10-28.txt", "2014.json"])
def test_three_thousand_damaged_sources_are_read_or_refused(name: str) -> None:
    chance, whole = random.Random(130), source(name)
    read = refused = 0
    for _ in range(3000):
        try:
            text = parse(damaged(whole, chance), name=name)
        except MandateError as error:
            refused += 1
            assert error.remedy
        else:
            read += 1
            assert text.provisions or text.passages
    assert read > 100, (read, refused)


def test_a_start_killed_thirty_times_leaves_a_whole_house(tmp_path: Path) -> None:
    chance = random.Random(14)
    environment = os.environ | {
        "COMITY_HOME": str(tmp_path / "home"),
        "DJANGO_SETTINGS_MODULE": "comity.site.settings",
        "PYTHONPATH": str(ROOT / "src"),
    }
    environment.pop("COMITY_DATABASE", None)
    comity = [sys.executable, "-m", "comity.site.cli"]
    for _ in range(30):
        start = subprocess.Popen(
            [*comity, "setup"],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(chance.uniform(0.3, 5.0))
        start.send_signal(signal.SIGKILL)
        start.wait()
    subprocess.run([*comity, "setup"], env=environment, check=True, capture_output=True)
    verified = subprocess.run([*comity, "ledger", "verify"], env=environment, capture_output=True)
    assert json.loads(verified.stdout)["ok"]
    listed = subprocess.run(
        [*comity, "mandate", "provisions", "itu-pp/res-130", "--version", "2014"],
        env=environment,
        capture_output=True,
    )
    assert len(listed.stdout.splitlines()) == 95
