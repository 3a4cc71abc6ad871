"""What every room's API asks of a request before it acts, and how it answers (ADR 14).

Who may, by token or by a session's CSRF token; once, by Idempotency-Key; unchanged since, by
If-Match; and an answer that can be asked for again by its ETag.
"""

from comity.people.doors.answers import as_problem, fresh, remark, send
from comity.people.doors.asking import viewer, who_is_known, who_may, who_signed_in
from comity.people.doors.repeating import once
from comity.people.doors.versions import CHANGED, Changed, if_unchanged

__all__ = [
    "CHANGED",
    "Changed",
    "as_problem",
    "fresh",
    "if_unchanged",
    "once",
    "remark",
    "send",
    "viewer",
    "who_is_known",
    "who_may",
    "who_signed_in",
]
