"""Who may do what, who belongs where on a day, how a token is written. Pure.

Visibility (who may *see*) is `kit.tlp`; this is about what one may *do*.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import ipaddress
import re
from collections.abc import Collection, Iterable
from uuid import UUID

from comity.kit.tlp import Viewer
from comity.people.types import (
    Belonging,
    GroupKind,
    PeopleError,
    Permission,
    Role,
    TokenParts,
)

# --- what roles may do --------------------------------------------------------------------

READ = "read"  # every token may read what its person may see
SCOPES = (READ, "mandate", "directory", "registry", "events", "report", "ledger")
"""What a token may be allowed. People are never managed by token: a leaked one must not be able
to make another."""


def _permission(name: str, *roles: Role, scope: str, second_factor: bool = False) -> Permission:
    return Permission(name, frozenset(roles), scope, second_factor)


# One row a permission. A later room adds its rows here, where they can be read side by side.
PERMISSIONS: dict[str, Permission] = {
    row.name: row
    for row in (
        # A machine's guess becomes a finding of this house: that is the secretariat's word.
        _permission("mandate.settle", Role.SECRETARIAT, scope="mandate"),
        _permission("mandate.load", Role.SECRETARIAT, Role.ADMINISTRATOR, scope="mandate"),
        # Deadlines with their source, the state of a duty with its evidence.
        _permission("mandate.annotate", Role.FOCAL_POINT, Role.SECRETARIAT, scope="mandate"),
        # What a team says of itself is its own people's to write; the secretariat's word stands
        # beside it, never over it. The acts ask whose body it is.
        _permission(
            "directory.edit",
            Role.CONTRIBUTOR,
            Role.FOCAL_POINT,
            Role.HEAD,
            Role.SECRETARIAT,
            scope="directory",
        ),
        _permission("directory.confirm", Role.FOCAL_POINT, Role.HEAD, scope="directory"),
        _permission("directory.test", Role.HEAD, Role.SECRETARIAT, scope="directory"),
        _permission("directory.load", Role.SECRETARIAT, Role.ADMINISTRATOR, scope="directory"),
        _permission(
            "registry.submit",
            Role.CONTRIBUTOR,
            Role.FOCAL_POINT,
            Role.HEAD,
            Role.SECRETARIAT,
            scope="registry",
        ),
        _permission("registry.review", Role.SECRETARIAT, scope="registry"),
        # The State's own word: its focal point, or the head of the body.
        _permission("registry.sign_off", Role.FOCAL_POINT, Role.HEAD, scope="registry"),
        _permission("registry.desk", Role.SECRETARIAT, scope="registry"),
        _permission("registry.load", Role.SECRETARIAT, Role.ADMINISTRATOR, scope="registry"),
        # The duty desk: counts of files, silent feeds, the unrouted by country and AS. Who sees
        # which event is the marking's to say, not a role's.
        _permission(
            "events.watch",
            Role.DUTY_OFFICER,
            Role.HEAD,
            Role.SECRETARIAT,
            Role.ADMINISTRATOR,
            scope="events",
        ),
        # Hand reports in, see and mend the rows held back of what one's own body handed in.
        _permission(
            "events.ingest",
            Role.DUTY_OFFICER,
            Role.SECRETARIAT,
            Role.ADMINISTRATOR,
            scope="events",
        ),
        # The same for the files of everybody. A raw row names a machine, at times a person.
        _permission("events.oversee", Role.SECRETARIAT, Role.ADMINISTRATOR, scope="events"),
        # Whether a team is told of what others, nearer, answer for. The head of its body chooses;
        # for every team, who may also oversee.
        _permission(
            "events.inform", Role.HEAD, Role.ADMINISTRATOR, scope="events", second_factor=True
        ),
        _permission("events.totals", Role.SECRETARIAT, scope="events"),
        _permission("events.keep", Role.ADMINISTRATOR, scope="events", second_factor=True),
        # The report to the Council: freeze, publish, remind, comment.
        _permission("report.prepare", Role.SECRETARIAT, scope="report"),
        _permission("ledger.read", Role.HEAD, Role.SECRETARIAT, Role.ADMINISTRATOR, scope="ledger"),
        _permission("people.manage", Role.ADMINISTRATOR, scope="", second_factor=True),
    )
}


def may(viewer: Viewer, permission: str) -> bool:
    """Whether the viewer may do this: role, second factor and, for a token, scope.

    Raises `KeyError` for a permission that is not in the table: a misspelt one must not
    quietly refuse everybody.
    """
    row = PERMISSIONS[permission]
    if viewer.roles.isdisjoint(row.roles):
        return False
    if row.second_factor and not viewer.second_factor:
        return False
    return viewer.in_scope(row.scope)


# --- who belongs where --------------------------------------------------------------------


def in_force(since: dt.date, until: dt.date | None, on: dt.date) -> bool:
    """Whether a membership or grant holds on a day. `until` is the first day it does not.

    So who leaves today has left today, and a grant made and withdrawn on one day never held.
    """
    return since <= on and (until is None or on < until)


def viewer_from(
    person: UUID,
    belongings: Iterable[Belonging],
    *,
    second_factor: bool,
    scopes: frozenset[str] | None = None,
) -> Viewer:
    """The viewer that a person is, given what they belong to on the day of asking."""
    rows = list(belongings)
    return Viewer(
        person=person,
        bodies=frozenset(row.body for row in rows if row.body),
        clients_of=frozenset(
            row.owner for row in rows if row.kind == GroupKind.CLIENTS and row.owner
        ),
        groups=frozenset(row.group for row in rows if row.group and row.kind != GroupKind.CLIENTS),
        roles=frozenset(row.role for row in rows if row.role),
        second_factor=second_factor,
        scopes=scopes,
    )


# --- tokens and other secrets -------------------------------------------------------------

_BASE32 = "[a-z2-7]"
_TOKEN = re.compile(rf"comity_({_BASE32}{{8}})_({_BASE32}{{52}})", re.ASCII)
SECRET_BYTES = 32  # 256 bits: nothing to guess, so a plain SHA-256 is enough to keep it
PREFIX_BYTES = 5
MAX_DAYS = 366  # a token lives a year at most
MAX_NAME = 80


def _base32(raw: bytes) -> str:
    return base64.b32encode(raw).decode("ascii").rstrip("=").lower()


def token_text(prefix: bytes, secret: bytes) -> str:
    """How a token is written: `comity_<8>_<52>`, base32, so that it survives any channel.

    The fixed beginning lets scanners find leaked ones; the prefix names it in lists.
    Raises `ValueError` unless given 5 and 32 bytes.
    """
    if len(prefix) != PREFIX_BYTES or len(secret) != SECRET_BYTES:
        raise ValueError(f"a token needs {PREFIX_BYTES} and {SECRET_BYTES} random bytes")
    return f"comity_{_base32(prefix)}_{_base32(secret)}"


def parse_token(text: str) -> TokenParts | None:
    """The parts of a token, or None when the text is none."""
    match = _TOKEN.fullmatch(text) if len(text) <= 80 else None
    return TokenParts(match[1], text) if match else None


def secret_hash(text: str) -> str:
    """What is kept of a token or a link: SHA-256, hex."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def authorization_token(header: str) -> str | None:
    """The token in an `Authorization` header: Bearer, or Basic with the token as password.

    TAXII clients only know Basic; its user name is not looked at. None when the header carries
    something else, a person's password for example: that never opens this door.
    """
    scheme, _, value = header.strip().partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() != "basic" or len(value) > 400:
        return None
    try:
        pair = base64.b64decode(value.strip(), validate=True).decode("utf-8")
    except ValueError:
        return None
    password = pair.partition(":")[2]
    return password if parse_token(password) else None


def checked_scopes(scopes: Collection[str]) -> list[str]:
    """Scopes as kept: known ones, in the table's order, reading always among them."""
    unknown = set(scopes) - set(SCOPES)
    if unknown:
        raise PeopleError(
            f"{', '.join(sorted(map(ascii, unknown)))} is no scope",
            f"Use {', '.join(SCOPES)}",
        )
    return [scope for scope in SCOPES if scope == READ or scope in scopes]


def checked_networks(networks: Iterable[str]) -> list[str]:
    """Address limits as kept: networks in their shortest spelling."""
    kept = []
    for text in networks:
        try:
            kept.append(str(ipaddress.ip_network(text.strip())))
        except ValueError:
            raise PeopleError(
                f"{text[:60]!a} is no network address",
                "Write one like 192.0.2.0/24 or 2001:db8::/32",
                text[:60],
            ) from None
    return kept


def address_allowed(address: str, networks: Collection[str]) -> bool:
    """Whether a request from this address may use a token limited to these networks.

    An IPv4 address that arrives on an IPv6 socket counts as IPv4. An address nobody can read
    is in no network.
    """
    if not networks:
        return True
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    return any(ip in ipaddress.ip_network(network) for network in networks)


# --- this machine -------------------------------------------------------------------------

# Any of these says that a proxy carried the request: its peer is then loopback for everybody.
FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via", "X-Forwarded-Host")
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})


def from_this_machine(peer: str, host: str, header_names: Collection[str]) -> bool:
    """Whether a request was made on this machine: loopback peer, local name, no proxy between.

    `host` is the Host header: a foreign page that rebinds its name to 127.0.0.1 gives itself
    away there. Header names are compared without case.
    """
    try:
        ip = ipaddress.ip_address(peer)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    name = re.sub(r":\d+$", "", host.lower())
    seen = {header.lower() for header in header_names}
    return (
        ip.is_loopback
        and name in LOOPBACK_NAMES
        and seen.isdisjoint(header.lower() for header in FORWARDED)
    )
