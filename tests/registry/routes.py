"""The doors of the room, for the walk (tests/walk.py). Those of the room's other doors stand in
modules beside this one, each with its own ROWS."""

from __future__ import annotations

from tests.walk import Row

AGREEMENT = {"kind": "agreement", "key": "agr-003"}


def prepare() -> dict[str, object]:
    """The sample data, as `comity setup` loads it."""
    from comity.registry.actions import load_sample

    load_sample()
    return {}


ROWS = [
    Row("registry:home"),
    Row("registry:search"),
    Row("registry:search", query="?q=cyber"),
    Row("registry:search", query="?q=nothing+holds+these+words"),
    Row("registry:kind", kwargs={"kind": "agreement"}),
    Row("registry:kind", kwargs={"kind": "strategy"}, query="?country=KE&country=GH"),
    Row("registry:kind", kwargs={"kind": "project"}),  # none in the sample: the empty list
    Row("registry:kind", kwargs={"kind": "nothing-is-called-so"}, anonymous=404),
    Row("registry:entry", kwargs=AGREEMENT),
    Row("registry:entry", kwargs={"kind": "activity", "key": "act-027"}),
    Row("registry:entry", kwargs={"kind": "term", "key": "term-001"}),
    Row("registry:entry", kwargs=AGREEMENT | {"key": "none"}, anonymous=404),
    Row("registry:history", kwargs=AGREEMENT),
    Row("registry:countries"),
    Row("registry:country", kwargs={"code": "SG"}),
    Row("registry:country", kwargs={"code": "TV"}),
    Row("registry:country", kwargs={"code": "sgp"}, anonymous=301),
    Row("registry:country", kwargs={"code": "XX"}, anonymous=404),
]
