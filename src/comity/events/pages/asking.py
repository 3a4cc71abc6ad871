"""What an address and its query ask of the store, and the form that asks it."""

from __future__ import annotations

import datetime as dt
import ipaddress
import re
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from comity.directory.reads import team_of
from comity.events.types.asking import SEVERITIES, Question
from comity.kit.tlp import Viewer

WEEK = dt.timedelta(days=6)
TEXTS = ("feed", "report_type", "class_type", "severity", "country", "team")
NAMES = ("q", "since", "until", *TEXTS, "asn", "network", "whose", "unrouted")
_ASN = re.compile(r"(?:AS)?(\d{1,10})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the words it was asked in, and what of them was not understood."""

    question: Question
    words: dict[str, str]  # as typed: the form keeps them
    own: bool  # of the reader's own constituency
    has_team: bool
    faults: dict[str, str] = field(default_factory=dict)

    @property
    def fault(self) -> str:
        """Of the one field for address, network and AS number."""
        return self.faults.get("q") or self.faults.get("network", "")

    @property
    def narrowed(self) -> bool:
        return any(self.words.get(name) for name in NAMES if name not in ("since", "until"))

    def query(self, **changes: object) -> str:
        """The question as an address holds it, some of it changed; "" takes it away."""
        words = {name: value for name, value in self.words.items() if value}
        for name, value in changes.items():
            words[name] = "" if value is None else str(value)
        return urlencode({name: value for name, value in words.items() if value})


def asked(viewer: Viewer, query: QueryDict) -> Asked:
    """A team's people are asked about their own constituency unless they ask for more. What cannot
    be read is said, and the rest is answered."""
    words = {name: query.get(name, "").replace("\0", "").strip()[:100] for name in NAMES}
    faults: dict[str, str] = {}
    said: dict[str, Any] = {name: words[name] for name in TEXTS}
    said["country"] = said["country"].upper()[:2]
    if said["severity"] not in SEVERITIES:
        said["severity"] = ""
    _found(words, said, faults)
    for name in ("since", "until"):
        if words[name]:
            try:
                said[name] = dt.date.fromisoformat(words[name])
            except ValueError:
                faults[name] = _("Write a day, for example 2026-11-20.")
    has_team = team_of(viewer) is not None
    own = has_team and words["whose"] != "all"
    question = Question(**said, own=own, unrouted=words["unrouted"] == "1")
    return Asked(question, words, own, has_team, faults)


def _found(words: dict[str, str], said: dict[str, Any], faults: dict[str, str]) -> None:
    """Network and AS number, from their own fields or from the one field for both."""
    network, asn = words["network"], words["asn"]
    if words["q"]:
        if _ASN.fullmatch(words["q"]):
            asn = words["q"]
        else:
            network = words["q"]
    if network:
        try:
            net = ipaddress.ip_network(network, strict=False)
            said["network"] = str(net[0]) if net.prefixlen == net.max_prefixlen else str(net)
        except ValueError:
            where = "q" if words["q"] else "network"
            faults[where] = _("Write an address, a network or an AS number, for example 192.0.2.7.")
            said["network"] = ""
    if asn:
        match = _ASN.fullmatch(asn)
        if match and int(match[1]) < 2**32:
            said["asn"] = int(match[1])
        else:
            faults["asn"] = _("Write an AS number, for example AS64500.")


def lately(asked: Asked, newest: dt.date) -> Question:
    """The question over the last seven days where it names none."""
    question = asked.question
    if question.since is None and question.until is None:
        return replace(question, since=newest - WEEK, until=newest)
    return question
