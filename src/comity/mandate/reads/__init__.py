"""Questions to the room. The first argument is the viewer.

Resolutions, and what this room computes of them, are public documents: their handling is
TLP:CLEAR, so every viewer sees the same. The viewer is asked for all the same, because one rule
decides (`kit.tlp`) and because a later instrument may not be public.
"""

from comity.mandate.reads.comparing import (
    ChangeRow,
    UnitRow,
    changes,
    changes_between,
    compare_now,
    compared,
    passage_clean,
    passage_text,
    unit_rows,
)
from comity.mandate.reads.finding import (
    NotHeld,
    earlier,
    expression,
    instrument,
    instruments,
    later,
    later_not_held,
    newest_draft,
    of_work,
    passages,
    provision,
    provisions,
    revisions,
    version,
    versions,
)
from comity.mandate.reads.proposing import (
    ProposalRow,
    proposals,
)
from comity.mandate.reads.sayings import (
    DutyRow,
    citations,
    citations_of,
    cited_in,
    duties,
    duty_of,
)
from comity.mandate.reads.typed import (
    bundle,
    loaded,
    paragraph,
    text,
    typed_changes,
    typed_citations,
    typed_duties,
    typed_passages,
    typed_proposals,
    typed_provisions,
)

__all__ = [
    "ChangeRow",
    "DutyRow",
    "NotHeld",
    "ProposalRow",
    "UnitRow",
    "bundle",
    "changes",
    "changes_between",
    "citations",
    "citations_of",
    "cited_in",
    "compare_now",
    "compared",
    "duties",
    "duty_of",
    "earlier",
    "expression",
    "instrument",
    "instruments",
    "later",
    "later_not_held",
    "loaded",
    "newest_draft",
    "of_work",
    "paragraph",
    "passage_clean",
    "passage_text",
    "passages",
    "proposals",
    "provision",
    "provisions",
    "revisions",
    "text",
    "typed_changes",
    "typed_citations",
    "typed_duties",
    "typed_passages",
    "typed_proposals",
    "typed_provisions",
    "unit_rows",
    "version",
    "versions",
]
