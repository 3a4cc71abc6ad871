"""Fixed words of the request desk, of matching, of access and of agreements' reasons and doubts."""

from __future__ import annotations

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from comity.registry.pages.wording import Chip, Words
from comity.registry.rules.agreements import RULES
from comity.registry.rules.matching import REASONS
from comity.registry.rules.requests import Act, Band, Party

BANDS: dict[Band, Words] = {
    Band.UNDER_30: _("under 30 days"),
    Band.FROM_30: _("30 to 89 days"),
    Band.FROM_90: _("90 to 180 days"),
    Band.OVER_180: _("over 180 days"),
}
PARTIES: dict[Party, Words] = {
    Party.ASKING: _("the asking body"),
    Party.SECRETARIAT: _("the secretariat"),
    Party.HELPER: _("the helper"),
}
# What happened, as a line of the history.
DONE: dict[Act, Words] = {
    Act.ASK: _("Asked"),
    Act.ADD: _("Said more"),
    Act.ANSWER: _("Answered"),
    Act.MATCH: _("Matched"),
    Act.UNMATCH: _("Match undone"),
    Act.BEGIN: _("Help began"),
    Act.STOP: _("Help stopped"),
    Act.FINISH: _("Finished"),
    Act.DECLINE: _("Declined"),
    Act.WITHDRAW: _("Withdrawn"),
    Act.ASK_AGAIN: _("Asked again"),
}
# What one does, on a button: a verb with its object.
DO: dict[Act, Words] = {
    Act.ADD: _("Add to the request"),
    Act.ANSWER: _("Answer the request"),
    Act.MATCH: _("Match the request"),
    Act.UNMATCH: _("Undo the match"),
    Act.BEGIN: _("Say that help has begun"),
    Act.STOP: _("Say that help has stopped"),
    Act.FINISH: _("Say that the help is done"),
    Act.DECLINE: _("Decline the request"),
    Act.WITHDRAW: _("Withdraw the request"),
    Act.ASK_AGAIN: _("Ask again"),
}
# What the words typed beside an act are.
SAYING: dict[Act, Words] = {
    Act.ADD: _("What there is to add"),
    Act.ANSWER: _("The answer"),
    Act.UNMATCH: _("Why the match is undone"),
    Act.STOP: _("Why the help has stopped"),
    Act.FINISH: _("What was reached and what is still lacking"),
    Act.DECLINE: _("Why it is declined"),
}
ACCESS = {
    True: Chip(_("yes"), "good"),
    False: Chip(_("no"), "off"),
    None: Chip(_("not reported"), "warn"),
}
# Fields of the three words of the Resolution: status, scope, application (resolves 4).
SCOPE = (
    "bindingness",
    "party_level",
    "geography",
    "area",
    "sector",
    "rsit",
    "information_kind",
    "handling_rule",
    "channel",
    "around_the_clock",
    "language",
    "cost_rule",
    "confidentiality",
)
APPLICATION = (
    "application_level",
    "governing_body",
    "last_meeting",
    "focal_points_named",
    "focal_point",
    "action_plan",
    "figure",
    "last_review",
    "obstacles",
)
RELATIONS = ("amends", "renews", "implements", "succeeds")
MONEY: dict[str, Words] = {
    "finance_needed": _("Needed"),
    "pledged": _("Pledged"),
    "disbursed": _("Disbursed"),
}


def reason(rule: str) -> str:
    """Why an offer was suggested, in a sentence."""
    return _now(REASONS[rule])


def ground(rule: str) -> str:
    """Why an agreement stands where it does, in a sentence."""
    return _now(RULES[rule])
