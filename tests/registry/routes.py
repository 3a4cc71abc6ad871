"""The doors of the room, for the walk (tests/walk.py). Those of the room's other doors stand in
modules beside this one, each with its own ROWS."""

from __future__ import annotations

from tests.registry import routes_api, routes_desk, routes_submissions
from tests.walk import Row

FILES = ("csv", "xlsx", "jsonld", "iati", "kind_feed")
NOBODY = "019a0000-0000-7000-8000-000000000000"
AGREEMENT = {"kind": "agreement", "key": "agr-003"}


def prepare() -> dict[str, object]:
    """The sample data, as `comity setup` loads it."""
    from comity.registry.actions import load_sample

    load_sample()
    world: dict[str, object] = {}
    for table in (routes_submissions, routes_desk):
        world |= table.prepare()
    return world


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
    *(Row(f"registry:{form}", kwargs={"kind": "activity"}, html=False) for form in FILES),
    Row("registry:iati", kwargs={"kind": "term"}, anonymous=404, html=False),
    Row("registry:csv", kwargs={"kind": "none"}, anonymous=404, html=False),
    Row("registry:catalogue", html=False),
    Row("registry:feed", query="?q=drill", html=False),
    Row("registry:saved_feed", kwargs={"search": NOBODY}, anonymous=404, html=False),
    Row("registry:entry_json", kwargs=AGREEMENT, html=False),
    Row("registry:entry_jsonld", kwargs=AGREEMENT, html=False),
    Row("registry:entry_json", kwargs=AGREEMENT | {"key": "none"}, anonymous=404, html=False),
    *routes_submissions.ROWS,
    *routes_desk.ROWS,
    *routes_api.ROWS,
]
