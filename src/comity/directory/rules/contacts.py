"""One spelling for a mail address, a number, a page; and which mailbox is a role's, not a person's.

A directory that others rely on holds roles: they outlive the people, and no person's address
needs to stand in it. The rule is `is_role_mailbox`; who reads a file tells what it left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from urllib.parse import urlsplit

from comity.directory.rules.domains import canonical_domain
from comity.directory.types import ContactKind, ContactPurpose, DirectoryError
from comity.kit.countries import folded
from comity.kit.errors import shown
from comity.kit.languages import gettext_noop

_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")


def canonical_email(text: str) -> str:
    """A mail address with its domain in one spelling; the local part stays as it is written."""
    bare = text.strip().removeprefix("mailto:").strip("<>")
    local, at, domain = bare.rpartition("@")
    if not at or len(local) > 64 or not _LOCAL.fullmatch(local):
        remedy = gettext_noop("Write it as cert@example.gov.xx, without a name and without blanks.")
        raise DirectoryError(
            gettext_noop("{text} is no mail address"), "", remedy, text=shown(text, 80)
        )
    return f"{local}@{canonical_domain(domain)}"


_PHONE = re.compile(r"\+[1-9][0-9]{5,14}")  # E.164: at most fifteen digits


def canonical_phone(text: str) -> str:
    """A number as E.164 writes it: "+41 (0)44 268-1540" is "+41442681540"."""
    bare = text.strip().removeprefix("tel:").replace("(0)", "")
    digits = re.sub(r"[\s().\-/\u2010-\u2015\u00a0\u202f]", "", bare)
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    if not _PHONE.fullmatch(digits):
        remedy = gettext_noop(
            "Write it with the country's code: +254 20 1234567, without an extension."
        )
        raise DirectoryError(
            gettext_noop("{text} is no international number"), "", remedy, text=shown(text, 80)
        )
    return digits


def canonical_url(text: str) -> str:
    """The address of a page, of http or https, with its host in one spelling."""
    bare = text.strip()
    remedy = gettext_noop("Write the whole address: https://www.example.gov.xx/.")
    try:
        parts = urlsplit(bare)
        port = parts.port
    except ValueError:
        raise DirectoryError(
            gettext_noop("{text} is no address"), "", remedy, text=shown(text, 80)
        ) from None
    host = parts.hostname or ""
    if parts.scheme.lower() not in ("http", "https") or not host or not bare.isprintable():
        raise DirectoryError(
            gettext_noop("{text} is no address of a page"), "", remedy, text=shown(text, 80)
        )
    if parts.username is not None or " " in bare or "\\" in bare:
        raise DirectoryError(
            gettext_noop("{text} is no address of a page"), "", remedy, text=shown(text, 80)
        )
    place = f"{canonical_domain(host)}:{port}" if port else canonical_domain(host)
    rest = bare.partition("://")[2]
    path = rest[len(parts.netloc) :]
    return f"{parts.scheme.lower()}://{place}{path}"


def canonical_post(text: str) -> str:
    """A postal address: its lines without blanks around them."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    kept = "\n".join(line for line in lines if line)
    if not kept or len(kept) > 1_000:
        remedy = gettext_noop("Give the address in at most ten lines.")
        raise DirectoryError(
            gettext_noop("{text} is no postal address"), "", remedy, text=shown(text)
        )
    return kept


_CANONICAL = MappingProxyType(
    {
        ContactKind.EMAIL: canonical_email,
        ContactKind.PHONE: canonical_phone,
        ContactKind.FAX: canonical_phone,
        ContactKind.WEB: canonical_url,
        ContactKind.POST: canonical_post,
    }
)


def canonical_contact(kind: ContactKind, text: str) -> str:
    """The one spelling of a way to reach a team. Raises DirectoryError with the remedy."""
    return _CANONICAL[kind](text)


# --- roles and persons --------------------------------------------------------------------

# Names of roles: RFC 2142, the 66 mailboxes of the Trusted Introducer directory of 2012, and
# their like in the six languages. Those in the second list count inside a longer word too.
_ROLES = frozenset(
    """abuse admin administrator alert alerts automated bot ciso contact contacto communication
    communications desk duty emergency feed feeds feedback handler hello helpdesk hostmaster
    hotline incidencias incident incidente incidents info informacion information irt noc
    international
    mail mailbox media misp newsroom noc notification notifications notify office ops oncall
    operations phishing postmaster presse press psoc reception redaction report reporting reports
    response robot secretariat secretaria sec secure security securite seguridad sekretariat
    service servicedesk soc sos spam staff support svp taxii team tech threat threatintel threats
    vuln vulnerability vulnerabilities vulns warning webmaster xarf""".split()
)
_ROLES_WITHIN = (
    *("cert", "csirt", "cirt", "csoc", "psirt", "abuse", "incident", "cyber"),
    *("secur", "vulnerab", "report"),
)
_PERSON = re.compile(r"[a-z]+[._-][a-z]+", re.IGNORECASE)


def is_role_mailbox(address: str, *, purpose_said: bool = False, names: Iterable[str] = ()) -> bool:
    """Whether an address is a role's.

    - A word of its local part names a role, or holds "cert", "csirt" and the like; or it is one
      of the team's `names`: a role's.
    - Else two words, "jane.doe", "j_doe": a person's, whatever the file calls it.
    - Else one unknown word: a role's where the file said a purpose, a person's where not.
    """
    local = address.rpartition("@")[0]
    words = [word for word in re.split(r"[^a-z]+", local.lower()) if word]
    if any(word in _ROLES for word in words):
        return True
    if any(part in word for word in words for part in _ROLES_WITHIN):
        return True
    own = {folded(name) for name in names} - {""}
    if folded(local) in own or any(folded(word) in own for word in words):
        return True
    if len(words) != 1 or _PERSON.fullmatch(local):
        return False
    return purpose_said


PURPOSES: Mapping[str, ContactPurpose] = MappingProxyType(
    {
        folded(word): purpose
        for purpose, words in {
            ContactPurpose.INCIDENT: (
                "incident",
                "incidents",
                "incident reporting",
                "incident response",
                "main",
                "primary",
                "team",
                "business hours",
                "report",
            ),
            ContactPurpose.EMERGENCY: (
                *("emergency", "out of hours", "outside business hours", "24x7", "24/7"),
                *("duty", "hotline", "on call"),
            ),
            ContactPurpose.GENERAL: ("general", "public", "info", "office", "contact", "other"),
            ContactPurpose.VULNERABILITY: (
                *("vulnerability", "vulnerabilities", "vuln", "cvd", "disclosure"),
            ),
            ContactPurpose.ABUSE: ("abuse", "spam", "phishing"),
            ContactPurpose.PRESS: ("press", "media"),
            ContactPurpose.AUTOMATED: ("automated", "automatic", "feed", "feeds", "machine", "bot"),
        }.items()
        for word in words
    }
)
"""What files call a purpose, folded as names of countries are."""


def purpose_of(word: str) -> ContactPurpose | None:
    """The purpose that a file's word stands for; None for a word that is not known."""
    return PURPOSES.get(folded(word))
