"""The room's fixed words: severities, kinds of problem, reasons, states, flags."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from comity.directory.types import HoldingKind
from comity.events.models import Intake
from comity.events.types.schema import Flag

Words = Promise | str


@dataclass(frozen=True, slots=True)
class Chip:
    """A state as a page shows it: kind is good, open, warn, bad or off (look.md)."""

    word: Words
    kind: str


SEVERITIES = {
    "critical": Chip(_("critical"), "bad"),
    "high": Chip(_("high"), "warn"),
    "medium": Chip(_("medium"), "open"),
    "low": Chip(_("low"), "off"),
    "info": Chip(_("for information"), "off"),
}
UNRATED = Chip(_("not rated"), "off")
STATES = {
    Intake.WAITING: Chip(_("waiting"), "open"),
    Intake.DONE: Chip(_("stored"), "good"),
    Intake.FAILED: Chip(_("refused"), "bad"),
}
# Types of the Reference Security Incident Taxonomy, and what IntelMQ and n6 add to them.
TYPES = {
    "spam": _("spam"),
    "harmful-speech": _("harmful speech"),
    "violence": _("violence"),
    "infected-system": _("infected system"),
    "c2-server": _("control server of malware"),
    "malware-distribution": _("spreads malware"),
    "malware-configuration": _("holds configuration of malware"),
    "scanner": _("scans others"),
    "sniffing": _("listens to traffic"),
    "social-engineering": _("social engineering"),
    "ids-alert": _("tries known weaknesses"),
    "brute-force": _("tries passwords"),
    "exploit": _("tries an unknown weakness"),
    "privileged-account-compromise": _("privileged account taken over"),
    "unprivileged-account-compromise": _("account taken over"),
    "application-compromise": _("application taken over"),
    "system-compromise": _("system taken over"),
    "burglary": _("burglary"),
    "dos": _("denial of service"),
    "ddos": _("distributed denial of service"),
    "misconfiguration": _("misconfigured"),
    "sabotage": _("sabotage"),
    "outage": _("outage"),
    "unauthorised-information-access": _("information read without right"),
    "unauthorised-information-modification": _("information changed without right"),
    "data-loss": _("loss of data"),
    "data-leak": _("leak of data"),
    "unauthorised-use-of-resources": _("resources used without right"),
    "copyright": _("copyright"),
    "masquerade": _("pretends to be another"),
    "phishing": _("phishing"),
    "weak-crypto": _("weak cryptography"),
    "ddos-amplifier": _("amplifies attacks"),
    "potentially-unwanted-accessible": _("service open to the world"),
    "information-disclosure": _("discloses information"),
    "vulnerable-system": _("vulnerable system"),
    "other": _("other"),
    "undetermined": _("undetermined"),
    "test": _("test"),
    "blacklist": _("on a block list"),
    "proxy": _("open proxy"),
    "tor": _("Tor node"),
    "dga-domain": _("name made by malware"),
}
REASONS = {
    "too_few_cells": _("The row has fewer cells than the header."),
    "too_many_cells": _("The row has more cells than the header."),
    "truncated": _("The file ends in the middle of the row."),
    "bad_quotes": _("A quotation mark is never closed."),
    "not_json": _("The line is no JSON object."),
    "too_long": _("The row is longer than a row may be."),
    "no_address": _("The row names neither address, network, domain, URL nor account."),
    "bad_address": _("The address is no address."),
    "bad_network": _("The network is no network."),
    "bad_time": _("The time is no time."),
    "bad_row": _("The row does not have the shape of this feed."),
    "bad_report": _("The report lacks a field its format demands."),
}
FLAGS = {
    Flag.TIME_MISSING: _("The row has no time. Noon UTC of the report's date stands in."),
    Flag.TIME_UNLIKELY: _("The time is later than the clock allows, or long ago."),
    Flag.TIME_ASSUMED_UTC: _("The source states no time zone. UTC was assumed."),
    Flag.PORT_DROPPED: _("The port is none and was left out."),
    Flag.ASN_DROPPED: _("The AS number is none and was left out."),
    Flag.COUNTRY_DROPPED: _("The country is none and was left out."),
    Flag.COUNTRY_UNREAL: _("The code names no country. Nothing is routed by it."),
    Flag.ADDRESS_FOLDED: _("The address was an IPv4 address written as IPv6."),
    Flag.ADDRESS_SPECIAL: _("The address is private or reserved for documentation."),
    Flag.TEXT_REPAIRED: _("The file was not UTF-8 and was decoded otherwise."),
    Flag.TEXT_CUT: _("A long cell was cut. The raw row has all of it."),
    Flag.DST_DROPPED: _("The address of the other end is none and was left out."),
    Flag.CELLS_MISSING: _("The rows of the file lack the last columns of its header."),
    Flag.ASN_TRANS: _("AS 23456 stands for any number and was left out."),
}
RULES = {
    HoldingKind.PREFIX.value: _("address or network"),
    HoldingKind.DOMAIN.value: _("domain"),
    HoldingKind.ASN.value: _("AS number"),
    HoldingKind.COUNTRY.value: _("country"),
}
LEVELS = {
    "cc_used": _("Country"),
    "src_asn": _("AS number"),
    "prefix": _("Network"),
    "src_ip": _("Address"),
}
TOPS = {
    "class_type": _("Kinds of problem"),
    "report_type": _("Types of report"),
    "feed_name": _("Feeds"),
    "severity": _("Severity"),
}
COUNTED_BY = {
    "class_type": _("Kind of problem"),
    "cc_used": _("Country"),
    "src_asn": _("AS number"),
    "feed_name": _("Feed"),
    "severity": _("Severity"),
}


def flags(number: int) -> list[Words]:
    """What was noticed in a row, in words."""
    return [words for flag, words in FLAGS.items() if number & flag]
