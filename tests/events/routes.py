"""The doors of the room, for the walk (tests/walk.py)."""

from __future__ import annotations

from typing import Any

from tests.walk import Row

NOBODY = "019a0000-0000-7000-8000-000000000000"
_DESK = {"anonymous": 403, "duty": 200, "focal": 403, "secretariat": 200}
_DESK_API = {"anonymous": 401, "reader": 403, "duty": 200, "focal": 403, "html": False} | {
    "secretariat": 200
}
_OVERSEEN = {"anonymous": 404, "secretariat": 200}


def prepare() -> dict[str, object]:
    """The sample reports, as `comity setup` takes them in; one event that everybody may see."""
    from comity.events import models as m
    from comity.events import reads
    from comity.events.actions.sample import load_sample
    from comity.events.types.asking import Question
    from comity.kit.tlp import ANONYMOUS

    load_sample()
    held = m.Intake.objects.get(sample=True, name="defects.csv")
    seen = reads.rows(ANONYMOUS, Question(feed="urlhaus", limit=1))
    return {"report": held.pk, "event": seen["event_id"][0]}


def _file(world: dict[str, Any]) -> dict[str, Any]:
    return {"key": world["report"]}


def _row(world: dict[str, Any]) -> dict[str, Any]:
    return {"key": world["report"], "row": 2}


def _event(world: dict[str, Any]) -> dict[str, Any]:
    return {"key": world["event"]}


ROWS = [
    Row("events:duty"),
    Row("events:duty", query="?day=2026-11-19&whose=all", anonymous=200),
    Row("events:duty", query="?day=2001-01-01"),
    Row("events:list"),
    Row("events:list", query="?whose=all&feed=shadowserver"),
    Row("events:list", query="?country=XA&asn=AS64500&network=192.0.2.0/24"),
    Row("events:list", query="?q=nonsense&since=never"),
    Row("events:list", query="?after=none", anonymous=302),
    Row("events:changes"),
    Row("events:changes", query="?day=2026-11-20&whose=all"),
    Row("events:totals", **_OVERSEEN),
    Row("events:totals", query="?by=cc_used", **_OVERSEEN),
    Row("events:event", kwargs=_event),
    Row("events:event", kwargs={"key": NOBODY}, anonymous=404),
    Row("events:files", **_DESK),
    Row("events:files", query="?state=rejected&feed=csv", **_DESK),
    Row("events:file", kwargs=_file, anonymous=404, duty=200, focal=404, secretariat=200),
    Row("events:file", kwargs={"key": NOBODY}, anonymous=404),
    Row("events:replay", kwargs={"key": NOBODY}, method="POST", anonymous=403, duty=404, focal=403,
        secretariat=404),
    Row("events:mend", kwargs=_row, anonymous=403, duty=404, focal=403, secretariat=200),
    Row("events:mend", kwargs=_row, method="POST", data={"raw": ""}, anonymous=403, duty=404,
        focal=403, secretariat=200),
    Row("events:rejected", **_DESK),
    Row("events:feeds"),
    Row("events:holds", anonymous=403, secretariat=200),
    Row("events:holds", method="POST", data={}, anonymous=403),
    Row("events:lift", kwargs={"key": NOBODY}, method="POST", anonymous=403),
    Row("events:informed", anonymous=403),
    Row("events:informed", method="POST", data={}, anonymous=403),
    Row("events:unrouted", **_DESK),
    Row("events:why"),
    Row("events:why", query="?address=192.0.2.200&domain=gov-a.example"),
    Row("events:why", query="?address=2001:db8:a::1"),
    Row("events:why", query="?address=nonsense", anonymous=400),
    Row("api:events", query="?limit=2", html=False),
    Row("api:events", query="?since=never", html=False, anonymous=400),
    Row("api:events", query="?after=none", html=False, anonymous=400),
    *(Row("api:events_file", kwargs={"form": form}, query="?limit=5", html=False)
      for form in ("csv", "jsonl", "parquet", "stix")),
    Row("api:events_file", kwargs={"form": "none"}, html=False, anonymous=404),
    Row("api:event", kwargs=_event, html=False),
    Row("api:event", kwargs={"key": NOBODY}, html=False, anonymous=404),
    Row("api:event_stix", kwargs=_event, html=False),
    Row("api:findings", html=False),
    Row("api:findings", query="?day=2026-11-20", html=False),
    Row("api:event_counts", query="?by=cc_used", html=False),
    Row("api:event_counts", query="?by=nothing", html=False, anonymous=400),
    Row("api:event_counts", query="?total=true", html=False, **_OVERSEEN),
    Row("api:event_feeds", html=False),
    Row("api:event_files", **_DESK_API),
    Row("api:event_file", kwargs=_file, **_DESK_API),
    Row("api:event_rejected", **_DESK_API),
    Row("api:event_unrouted", **_DESK_API),
    Row("api:event_why", query="?address=192.0.2.7", html=False),
    Row("api:event_why", query="?address=nonsense", html=False, anonymous=400),
    Row("api:event_holds", anonymous=401, reader=403, secretariat=200, html=False),
    Row("api:event_holds", method="POST", anonymous=401, reader=403, html=False),
    Row("api:lift_hold", kwargs={"key": NOBODY}, method="POST", anonymous=401, reader=403,
        html=False),
    Row("api:informed_teams", anonymous=401, reader=403, html=False),
    Row("api:informed_teams", method="POST", anonymous=401, reader=403, html=False),
    Row("api:push_report", method="POST", query="?feed=none", anonymous=401, reader=403, duty=400,
        focal=403, secretariat=400, html=False),
    Row("api:replay_file", kwargs={"key": NOBODY}, method="POST", anonymous=401, reader=403,
        duty=404, focal=403, secretariat=404, html=False),
    Row("api:mend_event_row", kwargs=_row, method="POST", anonymous=401, reader=403, duty=400, focal=403,
        secretariat=400, html=False),
]  # fmt: skip
