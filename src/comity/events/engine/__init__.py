"""What runs tasks: a seam of three methods, and two things behind it. A cluster is a third.

A task is a reference (raw file, stretch, versions of mapping and tables) and yields one file and
its keys. Rows are never handed over: that costs 2 to 10 times (ADR 15).
"""

from comity.events.engine.seam import Engine, Failed, Fault, Inline, attempted, chosen
from comity.events.engine.task import Outcome, Task, perform

__all__ = [
    "Engine",
    "Failed",
    "Fault",
    "Inline",
    "Outcome",
    "Task",
    "attempted",
    "chosen",
    "perform",
]
