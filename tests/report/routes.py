"""The doors of the room, for the walk (tests/walk.py)."""

from __future__ import annotations

from tests.walk import Row

YEAR = {"year": 2014}
KEPT = YEAR | {"edition": 1, "form": "docx"}
TEXT = {"issuer": "itu-pp", "name": "res-130", "label": "2014"}
_ACT = {"anonymous": 401, "reader": 403, "html": False}


def prepare() -> dict[str, object]:
    """One frozen report; the other rooms have put their data in."""
    from comity.report.actions import freeze

    freeze(None, 2014)
    return {}


ROWS = [
    Row("report:home"),
    Row("report:progress"),
    Row("report:guide"),
    Row("report:guide", query="?country=LS"),
    Row("report:guide", query="?country=XX", anonymous=404),
    Row("report:guide_file", kwargs={"form": "docx"}, query="?country=LS&lang=fr", html=False),
    Row("report:year", kwargs=YEAR),
    Row("report:year", kwargs={"year": 2001}),
    Row("report:year", kwargs={"year": 1066}, anonymous=404),
    Row("report:document", kwargs=YEAR),
    Row("report:document", kwargs={"year": 1066}, anonymous=404),
    Row("report:kept_document", kwargs=YEAR | {"edition": 1}),
    Row("report:kept_document", kwargs=YEAR | {"edition": 9}, anonymous=404),
    Row("report:beside", kwargs={"year": 2015}, anonymous=403, secretariat=200),
    Row("report:desk", kwargs=YEAR, anonymous=403, secretariat=200),
    Row(
        "report:desk",
        kwargs=YEAR,
        method="POST",
        data={"what": "comment", "text": "Look here."},
        anonymous=403,
        secretariat=302,
    ),
    Row("report:figures", kwargs=YEAR),
    Row("report:figure", kwargs=YEAR | {"figure": "activities.year"}),
    Row("report:figure", kwargs=YEAR | {"figure": "totals.activity.act-027"}),
    Row("report:figure", kwargs=YEAR | {"figure": "no.such"}, anonymous=404),
    Row("report:file", kwargs=YEAR | {"form": "html"}, html=False),
    Row("report:file", kwargs=YEAR | {"form": "odt"}, anonymous=404),
    Row("report:kept", kwargs=KEPT, html=False),
    Row("report:kept", kwargs=KEPT | {"edition": 9}, anonymous=404),
    Row("api:report_editions", html=False),
    Row("api:report_figures", kwargs=YEAR, html=False),
    Row("api:report_figure", kwargs=YEAR | {"figure": "activities.year"}, html=False),
    Row("api:report_edition", kwargs=YEAR | {"edition": 1}, html=False),
    Row("api:report_file", kwargs=YEAR | {"form": "docx"}, html=False),
    Row("api:report_progress", html=False),
    Row("api:report_dossier", kwargs=TEXT, query="?unit=instructs-bdt/2", html=False),
    Row("api:report_dossier", kwargs=TEXT, query="?unit=no-such", anonymous=404, html=False),
    # A form where JSON is asked for is refused with 400.
    Row("api:freeze_report", kwargs=YEAR, method="POST", **_ACT, secretariat=400),
    Row("api:publish_report", kwargs={"year": 2016}, method="POST", **_ACT, secretariat=409),
]
