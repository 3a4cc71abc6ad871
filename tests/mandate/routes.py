"""The doors of the room, for the walk (tests/walk.py)."""

from __future__ import annotations

from typing import Any

from tests.walk import Row

KEY = {"issuer": "itu-pp", "name": "res-130"}
ADOPTED = KEY | {"label": "2014"}
DRAFT = KEY | {"label": "2014-10-28"}
BOTH = KEY | {"old": "2014-10-28", "new": "2014"}
PARAGRAPH = ADOPTED | {"unit": "instructs-tsb/1/iii/a"}
WORK = KEY | {"work": "2014"}
EXPRESSION = WORK | {"language": "eng", "date": "2014-11-07"}
EID = "recs_aware__rec_h"
DUTY = "hcontainer_resolves__para_1"
_SETTLE = {"anonymous": 403, "secretariat": 200}  # seen by all, done by the secretariat
_ACT = {"anonymous": 401, "reader": 403, "html": False}
_REASON = "Read side by side."


def prepare() -> dict[str, object]:
    """Both documents, as `comity setup` loads them."""
    from comity.kit.tlp import ANONYMOUS
    from comity.mandate import reads
    from comity.mandate.actions import load_shipped

    load_shipped()
    adopted = reads.version(ANONYMOUS, "itu-pp/res-130", "2014")
    return {"proposal": reads.proposals(ANONYMOUS, adopted)[0].passage.eid}


def _proposal(world: dict[str, Any]) -> dict[str, str]:
    return ADOPTED | {"passage": world["proposal"]}


ROWS = [
    Row("mandate:instruments"),
    Row("mandate:terms"),
    Row("mandate:cited", kwargs={"issuer": "wtdc", "name": "res-45"}),
    Row("mandate:instrument", kwargs=KEY, anonymous=302),
    Row("mandate:compare", kwargs=KEY, anonymous=302, query="?old=2014-10-28&new=2014"),
    Row("mandate:comparison", kwargs=BOTH),
    Row("mandate:comparison", kwargs=BOTH, query="?kind=amended&page=2"),
    Row("mandate:settle_change", kwargs=BOTH | {"subject": EID}, **_SETTLE),
    Row("mandate:text", kwargs=ADOPTED),
    Row("mandate:text", kwargs=DRAFT),
    Row("mandate:text", kwargs=KEY | {"label": "2018"}, anonymous=404),
    Row("mandate:source", kwargs=ADOPTED),
    Row("mandate:paragraph", kwargs=PARAGRAPH),
    Row("mandate:paragraph", kwargs=PARAGRAPH, query="?reading=side"),
    Row("mandate:paragraph", kwargs=ADOPTED | {"unit": EID}, anonymous=301),
    Row("mandate:paragraph", kwargs=DRAFT | {"unit": "recalling/a"}),
    Row("mandate:proposals", kwargs=ADOPTED),
    Row("mandate:proposals", kwargs=ADOPTED, query="?fate=dropped"),
    Row("mandate:proposal", kwargs=_proposal),
    Row("mandate:proposal", kwargs=_proposal, method="POST", data={"decided": "dropped", "reason": _REASON},
        anonymous=403, secretariat=302),
    Row("mandate:duties", kwargs=ADOPTED),
    Row("mandate:duties", kwargs=ADOPTED, query="?reporting=1"),
    Row("mandate:duty", kwargs=ADOPTED | {"unit": "resolves/1"}, **_SETTLE | {"focal": 200}),
    Row("mandate:citations", kwargs=ADOPTED),
    *(Row(f"lasting{more}", kwargs=EXPRESSION, anonymous=302, html=False) for more in ("", "_main")),
    *(Row(f"lasting{more}", kwargs=EXPRESSION, html=False) for more in ("_file", "_main_file")),
    *(Row(f"lasting_work{more}", kwargs=WORK, anonymous=302, html=False) for more in ("", "_main")),
    Row("lasting_instrument", kwargs={"issuer": "wtdc", "name": "res-45"}, anonymous=302, html=False),
    Row("api:instruments", html=False),
    Row("api:terms", html=False),
    Row("api:paragraph", kwargs=ADOPTED, query="?unit=resolves/1", html=False),
    Row("api:version_file", kwargs=ADOPTED | {"file": "duties.csv"}, html=False),
    Row("api:compare", kwargs=KEY | {"old": "2014-10-28", "file": "2014.json"}, html=False),
    Row("api:load", kwargs=KEY, method="POST", **_ACT, secretariat=422),  # no file
    Row("api:remove", kwargs=KEY | {"label": "1998"}, method="DELETE", **_ACT, secretariat=404),
    # A form where JSON is asked for is refused with 400.
    Row("api:settle_fate", kwargs=_proposal, method="POST", **_ACT, secretariat=400),
    Row("api:settle_change", kwargs=ADOPTED | {"subject": EID}, method="POST", **_ACT, secretariat=400),
    Row("api:say_state", kwargs=ADOPTED | {"unit": DUTY}, method="POST", **_ACT, focal=400),
    Row("api:enter_deadline", kwargs=ADOPTED | {"unit": DUTY}, method="POST", **_ACT, focal=400),
    Row("api:withdraw_deadline", kwargs=ADOPTED | {"unit": DUTY, "act": 9}, method="DELETE", **_ACT, focal=404),
]  # fmt: skip
