"""Long runs of the events (`make soak`): the benchmarks at full length, held to their targets."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.soak
BENCH = Path(__file__).resolve().parents[2] / "bench"


@pytest.mark.parametrize(
    "told",
    [
        pytest.param(
            ("long/events_soak.py", "--files", "20"), id="twenty million rows cost what one did"
        ),
        pytest.param(("events_keys.py", "--days", "30"), id="150 million keys"),
    ],
)
def test_the_targets_hold_at_full_length(told: tuple[str, ...]) -> None:
    name, *options = told
    done = subprocess.run(
        [sys.executable, BENCH / name, *options, "--check"], capture_output=True, text=True
    )
    assert not done.returncode, done.stdout + done.stderr
