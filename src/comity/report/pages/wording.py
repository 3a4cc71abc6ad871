"""The words of chapters and states on pages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from comity.report.types.figures import Chapter

CHAPTERS = {
    Chapter.LEGAL: _("Legal measures"),
    Chapter.TECHNICAL: _("Technical and procedural measures"),
    Chapter.ORGANIZATIONAL: _("Organizational structures"),
    Chapter.CAPACITY: _("Capacity building"),
    Chapter.COOPERATION: _("International cooperation"),
    Chapter.OVERVIEW: _("The year at a glance"),
    Chapter.SECTORS: _("Work of the Sectors and the General Secretariat"),
    Chapter.STATES: _("Information from Member States and their situations"),
    Chapter.REQUESTS: _("Requests for assistance, needs and offers"),
    Chapter.PROPOSALS: _("Proposals to the Council"),
    Chapter.INDICATORS: _("Indicators of effectiveness"),
    Chapter.WSIS: _("WSIS action line C5"),
    Chapter.OUTSIDE: _("Work outside the core mandate"),
    Chapter.DOUBTS: _("Difficulties, and contradictions in the sources"),
    Chapter.DUTIES: _("How the duties stand"),
    Chapter.TOTALS: _("Totals that sources report for the year"),
}
STATES = {"draft": _("draft"), "frozen": _("frozen"), "published": _("published")}
