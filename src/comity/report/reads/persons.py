"""What the room holds on one person: letters on published reports, remarks on drafts.

The house asks for it when a person takes their data out (`settings.HELD_ON_PERSONS`).
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from comity.report import models as m


def held_on(person: UUID, pseudonym: str) -> dict[str, Any]:
    """Letters go with the person when they are erased; remarks stay under a pseudonym that then
    leads to nobody, as acts do."""
    letters = m.Dispatch.objects.filter(person=person).select_related("report").order_by("made")
    remarks = m.Comment.objects.filter(actor=pseudonym).order_by("made")
    return {
        "letters_on_reports": [
            {
                "report": row.report.name,
                "language": row.language,
                "made": row.made.isoformat(),
                "sent": row.sent.isoformat() if row.sent else None,
            }
            for row in letters
        ],
        "remarks_on_reports": [
            {
                "year": row.year,
                "section": row.section,
                "text": row.text,
                "made": row.made.isoformat(),
            }
            for row in remarks
        ],
    }
