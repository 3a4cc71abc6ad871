"""What this room does by itself: reports pushed are stored, the folder is watched, files are put in
order, what is past its time goes.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from comity.events import models as m
from comity.events.actions import compact, resume, retain, run
from comity.events.actions.watching import take
from comity.events.engine import Failed, chosen


def store(number: str) -> str:
    """Work on one file. Run twice it stores once: what is done is not waiting."""
    intake = m.Intake.objects.filter(pk=UUID(number)).first()
    if intake is None:
        return "gone"
    engine = chosen()
    try:
        return run(intake, engine).state
    finally:
        engine.cancel()


def watch() -> dict[str, Any]:
    """Take in what lies in the folder, and what a dead process left waiting."""
    taken = take()
    engine = chosen()
    done, faults = 0, 0
    try:
        for _intake in resume(engine):
            done += 1
    except Failed:  # it stays waiting: the next round tries it again
        faults += 1
    finally:
        engine.cancel()
    return {"taken": len(taken), "done": done, "faults": faults}


def tidy() -> dict[str, int]:
    return compact()


def forget() -> dict[str, int]:
    return retain()
