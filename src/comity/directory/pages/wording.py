"""The words of pages for kinds, states and fields: one word for one thing, everywhere."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from comity.directory import types as t
from comity.directory.rules.freshness import Subject
from comity.kit.tlp import Label

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Chip:
    """A state: shape and colour by `kind`, and its word."""

    kind: str
    word: Words


KINDS: dict[str, Words] = {
    "national": _("national"),
    "governmental": _("governmental"),
    "sectoral": _("sectoral"),
    "military": _("military"),
    "academic": _("academic"),
    "commercial": _("commercial"),
    "regional": _("regional"),
    "psirt": _("of a product (PSIRT)"),
    "other": _("other"),
}
PURPOSES: dict[str, Words] = {
    "incident": _("Incidents"),
    "emergency": _("Emergencies"),
    "general": _("Anything else"),
    "vulnerability": _("Weaknesses"),
    "abuse": _("Abuse"),
    "press": _("Press"),
    "automated": _("For programs"),
}
CONTACT_KINDS: dict[str, Words] = {
    "email": _("Mail"),
    "phone": _("Telephone"),
    "web": _("Web form"),
    "fax": _("Fax"),
    "post": _("Postal address"),
}
# What a team's page tells beside the way to reach it, in this order.
FACTS: dict[str, Words] = {
    "host_organisation": _("Host"),
    "established": _("Established"),
    "government_role": _("Point of contact between governments"),
    "service": _("Services"),
    "expertise": _("Expertise"),
    "mandate_area": _("Areas of the mandate"),
    "mission": _("Mission"),
    "authority": _("Authority"),
    "advisories": _("Advisories"),
    "sharing_policy": _("How they share"),
    "cna": _("Gives out CVE identifiers"),
}
HOLDINGS: dict[str, Words] = {
    "prefix": _("Networks"),
    "domain": _("Domains"),
    "asn": _("AS numbers"),
    "country": _("Countries"),
    "sector": _("Sectors"),
}
KEY_KINDS: dict[str, Words] = {"openpgp": "OpenPGP", "smime": "S/MIME"}
KEY_STATES: dict[str, Chip] = {
    "valid": Chip("good", _("valid")),
    "ends_soon": Chip("warn", _("ends soon")),
    "expired": Chip("off", _("expired")),
    "revoked": Chip("off", _("revoked")),
    "weak": Chip("warn", _("weak")),
    "replaced": Chip("off", _("replaced")),
    "unconfirmed": Chip("open", _("waits for a second person")),
    "not_yet": Chip("open", _("not yet valid")),
}
KEY_FAULTS: dict[str, Words] = {
    "rsa-short": _("RSA with fewer than 2048 bits"),
    "dsa": _("DSA, which is no longer safe"),
    "elgamal-short": _("ElGamal with fewer than 2048 bits"),
    "sha1": _("signs itself with SHA-1"),
    "md5": _("signs itself with MD5"),
    "ripemd": _("signs itself with RIPEMD-160"),
    "no-encryption-subkey": _("no part to encrypt to"),
    "encryption-subkey-expired": _("the part to encrypt to has expired"),
}
FRESHNESS: dict[str, Words] = {
    "fresh": _("fresh"),
    "ageing": _("ageing"),
    "stale": _("stale"),
    "never": _("never checked"),
}
SUBJECTS: dict[str, Words] = {
    Subject.CONTACTS.value: _("Contacts"),
    Subject.KEYS.value: _("Keys"),
    Subject.CONSTITUENCY.value: _("Whom they answer for"),
    Subject.REST.value: _("Everything else"),
}
PHASES: dict[str, Words] = {
    "assessment": _("assessment"),
    "design": _("design"),
    "establishment": _("establishment"),
    "enhancement": _("enhancement"),
}
# Names of protocols are names: the same in every language.
PROTOCOLS = {
    "taxii": "TAXII",
    "misp": "MISP",
    "iodef": "IODEF",
    "openpgp": "OpenPGP",
    "smime": "S/MIME",
    "xarf": "X-ARF",
    "csv": "CSV",
    "security.txt": "security.txt",
    "csaf": "CSAF",
}
STATUS: dict[str, Words] = {
    "planned": _("planned"),
    "active": _("active"),
    "suspended": _("suspended"),
    "ended": _("ended"),
}
STATUS_CHIPS = {"planned": "open", "active": "good", "suspended": "warn", "ended": "off"}
REGIONS: dict[str, Words] = {
    "AFR": _("Africa"),
    "AMS": _("Americas"),
    "ARB": _("Arab States"),
    "ASP": _("Asia and the Pacific"),
    "CIS": _("Commonwealth of Independent States"),
    "EUR": _("Europe"),
    "": _("Territories and others without a region of the ITU"),
}
MEMBERSHIPS: dict[str, Words] = {
    "member": _("Member State of the ITU"),
    "res99_observer": _("Observer under Plenipotentiary Resolution 99"),
    "none": _("not a Member State of the ITU"),
    "unknown": _("not known"),
}
GROUPS: dict[str, Words] = {
    "ldc": _("least developed country (LDC)"),
    "lldc": _("landlocked developing country (LLDC)"),
    "sids": _("small island developing State (SIDS)"),
}
COMMUNITY_KINDS: dict[str, Words] = {
    "membership_network": _("network with members"),
    "statutory_network": _("network set up by law"),
    "accreditation_service": _("accreditation of teams"),
    "multistakeholder_forum": _("forum of many stakeholders"),
    "regional_centre": _("regional centre"),
    "regional_organization": _("regional organization"),
    "regional_organisation": _("regional organization"),
}
BODY_KINDS: dict[str, Words] = {
    "government": _("ministry or government agency"),
    "regulator": _("regulator"),
    "law_enforcement": _("law enforcement"),
    "military": _("military"),
    "academic": _("academic"),
    "operator": _("operator of networks or infrastructure"),
    "company": _("company"),
    "civil_society": _("civil society"),
    "technical_community": _("technical community"),
    "regional_organization": _("regional organization"),
    "intergovernmental_organization": _("intergovernmental organization"),
    "other": _("other"),
}
DIFFERENCES: dict[str, Chip] = {
    "new": Chip("open", _("new team")),
    "added": Chip("open", _("added")),
    "removed": Chip("off", _("no longer said")),
    "changed": Chip("warn", _("changed")),
    "otherwise": Chip("bad", _("another says otherwise; both stand")),
}
SPECIAL: dict[str, Words] = {
    "documentation": _("This address is reserved for documentation: nobody uses it."),
    "loopback": _("This address means the machine itself."),
    "link-local": _("This address is used inside one network only."),
    "private": _("This address is private: ask the team of the network where you saw it."),
    "shared": _("This address is shared inside a provider's network (RFC 6598)."),
    "benchmark": _("This address is reserved for measurements."),
    "multicast": _("This address is a multicast group, no machine."),
    "reserved": _("This address is reserved: nobody uses it."),
}
FORMATS: dict[str, Words] = {
    "first": "FIRST (JSON)",
    "ti": "Trusted Introducer (teams.json)",
    "cerebrate": "Cerebrate (JSON)",
    "rfc2350": "RFC 2350",
    "csv": "CSV",
    "xlsx": "XLSX",
}
COLOURS = {
    Label.CLEAR: "clear",
    Label.GREEN: "green",
    Label.AMBER: "amber",
    Label.AMBER_STRICT: "amber",
    Label.RED: "red",
}


def rule(rule_: t.HoldingKind, via: str) -> Words:
    """Why a team was chosen, without telling more of its constituency than what matched."""
    if via == "asn":
        return _("The network is announced by an AS number that this team answers for.")
    if via == "country":
        return _("The network is registered in a country that this team answers for.")
    return _RULES[rule_]


_RULES: dict[t.HoldingKind, Words] = {
    t.HoldingKind.PREFIX: _("This team answers for a network that holds the address."),
    t.HoldingKind.DOMAIN: _("This team answers for the domain, or for one above it."),
    t.HoldingKind.ASN: _("This team answers for the AS number."),
    t.HoldingKind.COUNTRY: _("This team answers for the country, where nobody nearer does."),
    t.HoldingKind.SECTOR: _("This team answers for the sector."),
}
