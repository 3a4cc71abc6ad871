"""One act on several submissions: a file of a hundred rows needs no hundred clicks.

Each submission is acted on by itself, with its own step and its own line in the record; what
somebody else changed since the list was shown is left as it is, and said.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from comity.kit.errors import KitError
from comity.kit.tlp import Viewer
from comity.registry import actions, reads
from comity.registry.pages import work
from comity.registry.reads.submissions import parties, submission
from comity.registry.rules import submissions as rules
from comity.registry.rules.submissions import NEEDS_REASON, Act, State
from comity.registry.types import BadSubmission

# What may be done to many at once. Words, replies and withdrawals are for one at a time.
MANY = (Act.ACCEPT, Act.SIGN_OFF, Act.SUBMIT, Act.ASK_BACK, Act.REJECT, Act.HOLD_BACK)
MOST = 50  # one page of the list: what was shown


@dataclass(frozen=True, slots=True)
class Done:
    """How many were done, and why the others were not."""

    count: int
    refused: tuple[work.Fault, ...]


def picked(who: Viewer, lines: Iterable[work.Line]) -> tuple[list[work.Line], list[Act]]:
    """The lines, those that can be chosen marked so, and what can be done to some of them."""
    marked, acts = [], set()
    for line in lines:
        here = set(MANY) & set(rules.allowed(State(line.row.state), parties(who, line.row)))
        acts |= here
        marked.append(replace(line, pick=bool(here)))
    return marked, [act for act in MANY if act in acts]


def act_on_many(who: Viewer, act: Act, chosen: Iterable[str], reason: str) -> Done:
    """Do one act on each that was chosen; `chosen` are "id:seen"."""
    if act not in MANY:
        raise PermissionDenied(f"registry.{act}")
    rows = list(dict.fromkeys(chosen))[:MOST]
    if not rows:
        return Done(0, (work.Fault(_("Nothing was chosen. Mark the submissions that you mean.")),))
    if act in NEEDS_REASON and not reason.strip():
        words = _("This needs a reason. Say in a sentence or two why.")
        return Done(0, (work.Fault(words, "f_reason"),))
    count, refused = 0, []
    for text in rows:
        id_, _colon, seen = text.partition(":")
        name = ""
        try:
            row = submission(who, UUID(id_))
            name = row.title or _("without a title")
            actions.act_on(who, row.id, act, reason=reason, seen=work.number(seen))
        except BadSubmission as error:
            refused += [
                work.Fault(f"{name} · {each.words}") for each in work.faults(error.problems)
            ]
        except KitError as error:
            refused.append(work.Fault(f"{name} · {work.refusal(error).words}"))
        except (PermissionDenied, reads.NotHeld, ValueError):
            words = _("You cannot do this to it now.")
            refused.append(work.Fault(f"{name} · {words}" if name else words))
        else:
            count += 1
    return Done(count, tuple(refused))
