"""Whom to call: one spelling for each piece of a constituency, and the choice of who answers.

A constituency is found by equality: a question has few candidates (every network around an
address, every suffix of a name), so a table with one index answers it however long it grows.
The nearest claim answers. Two teams at the same nearness both stand, and it is said.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from urllib.parse import urlsplit
from uuid import UUID

from comity.directory.rules.domains import canonical_domain, country_of, suffixes
from comity.directory.types import (
    AddressRange,
    Answer,
    DirectoryError,
    HoldingKind,
    Question,
)
from comity.kit import countries
from comity.kit.errors import UnknownCountry, shown
from comity.kit.languages import gettext_noop

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

LONGEST = 2_000  # characters that somebody types; a URL of a report fits

# --- one spelling -------------------------------------------------------------------------


def canonical(kind: HoldingKind, text: str) -> str:
    """The one spelling of a piece of a constituency. Raises DirectoryError with the remedy."""
    if len(text) > LONGEST:
        remedy = gettext_noop("Give one network, AS number, domain or country.")
        raise DirectoryError(
            gettext_noop("{text} has {n} characters"),
            "",
            remedy,
            text=shown(text),
            n=f"{len(text):,}",
        )
    return _CANONICAL[kind](text)


def canonical_prefix(text: str) -> str:
    """ "192.0.2.0/24", "2001:db8::/32"; a lone address is the network of its full length."""
    return str(network(text))


def network(text: str) -> Network:
    """The network of a prefix. Host bits are refused: nobody knows which of two was meant."""
    bare = text.strip()
    try:
        found = ipaddress.ip_network(bare, strict=False)
        written = ipaddress.ip_interface(bare)
    except ValueError:
        remedy = gettext_noop("Give a network as 192.0.2.0/24 or 2001:db8::/32, or one address.")
        raise DirectoryError(
            gettext_noop("{text} is no network"), "", remedy, text=shown(text)
        ) from None
    if "/" in bare and not bare.partition("/")[2].isdigit():
        remedy = gettext_noop("Write the length as a number: {found}.")
        raise DirectoryError(
            gettext_noop("{text} has a mask instead of a length"),
            "",
            remedy,
            text=shown(text),
            found=found,
        )
    if "%" in bare:
        remedy = gettext_noop("Leave out the zone: it has a meaning on one machine only.")
        raise DirectoryError(
            gettext_noop("{text} names a zone of one machine"), "", remedy, text=shown(text)
        )
    if written.ip != found.network_address:
        remedy = gettext_noop("Write {found} for the network, or {address} for the one address.")
        raise DirectoryError(
            gettext_noop("{text} has bits set beyond its length"),
            "",
            remedy,
            text=shown(text),
            found=found,
            address=written.ip,
        )
    if isinstance(found, ipaddress.IPv6Network) and found.subnet_of(_MAPPED):
        inner = found.network_address.ipv4_mapped
        remedy = gettext_noop("Write it as IPv4: {found}.")
        raise DirectoryError(
            gettext_noop("{text} is an IPv4 network inside IPv6"),
            "",
            remedy,
            text=shown(text),
            found=f"{inner}/{found.prefixlen - 96}",
        )
    return found


_MAPPED = ipaddress.IPv6Network("::ffff:0:0/96")


def prefixes(text: str) -> tuple[str, ...]:
    """The networks of a prefix, of an address or of a range "192.0.2.0 - 192.0.2.130"."""
    first, dash, last = text.partition("-")
    if not dash:
        return (canonical_prefix(text),)
    ends = [network(end.strip()) for end in (first, last)]
    if any(end.prefixlen != end.max_prefixlen for end in ends):
        raise _no_range(text)
    try:
        parts = ipaddress.summarize_address_range(ends[0][0], ends[1][0])
        return tuple(str(part) for part in parts)
    except (ValueError, TypeError):
        raise _no_range(text) from None


def _no_range(text: str) -> DirectoryError:
    remedy = gettext_noop("Give its first and its last address: 192.0.2.0 - 192.0.2.255.")
    return DirectoryError(
        gettext_noop("{text} is no range of addresses"), "", remedy, text=shown(text)
    )


def range_of(prefix: str) -> AddressRange:
    """The addresses of a canonical prefix."""
    found = ipaddress.ip_network(prefix)
    return AddressRange(found.version, int(found.network_address), int(found.broadcast_address))


_AS = re.compile(r"(?:ASN?[ :#-]*)?([0-9]{1,10}|[0-9]{1,5}\.[0-9]{1,5})", re.ASCII | re.IGNORECASE)
_LAST_AS = 2**32 - 1  # RFC 6793


def canonical_asn(text: str) -> str:
    """ "AS64500", from asplain or asdot (RFC 5396), with or without the letters."""
    match = _AS.fullmatch(text.strip())
    remedy = gettext_noop("Write AS64500 or, as dotted, AS1.10; the highest is AS4294967295.")
    if match is None:
        raise DirectoryError(gettext_noop("{text} is no AS number"), "", remedy, text=shown(text))
    high, dot, low = match[1].partition(".")
    number = int(high) * 65536 + int(low) if dot else int(high)
    if not 0 < number <= _LAST_AS or (dot and max(int(high), int(low)) > 65535):
        raise DirectoryError(gettext_noop("{text} is no AS number"), "", remedy, text=shown(text))
    return f"AS{number}"


def canonical_country(text: str) -> str:
    """The ISO 3166-1 code of a code or of a name in one of the six languages."""
    try:
        return countries.by_code(text).iso2
    except UnknownCountry as unknown:
        try:
            return countries.find(text).iso2
        except UnknownCountry:
            raise _no_country(text, unknown) from None


def _no_country(text: str, unknown: UnknownCountry) -> DirectoryError:
    code = text.strip().upper()
    if code in countries.OTHER_CODES:  # EU, XK: the message of the kit, in words of this room
        sentence = gettext_noop("{text} ({name}) is no ISO 3166-1 country code")
        remedy = gettext_noop("Keep it apart: no country has this code.")
        name = countries.OTHER_CODES[code].name
        return DirectoryError(sentence, unknown.place, remedy, text=code, name=name)
    remedy = gettext_noop("Give its two letters (ISO 3166-1), or the UN's name of it.")
    return DirectoryError(gettext_noop("{text} names no country"), "", remedy, text=shown(text))


def canonical_sector(text: str) -> str:
    """A sector as one word: "Drinking water" is "drinking-water", "R & E" is "r-and-e"."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("&", " and ")
    words = "".join(c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in folded)
    slug = "-".join(words.split())
    if not slug or len(slug) > 80:
        remedy = gettext_noop("Name it in a few words, such as energy or public administration.")
        raise DirectoryError(gettext_noop("{text} names no sector"), "", remedy, text=shown(text))
    return slug


_CANONICAL: Mapping[HoldingKind, Callable[[str], str]] = MappingProxyType(
    {
        HoldingKind.PREFIX: canonical_prefix,
        HoldingKind.DOMAIN: canonical_domain,
        HoldingKind.ASN: canonical_asn,
        HoldingKind.COUNTRY: canonical_country,
        HoldingKind.SECTOR: canonical_sector,
    }
)

# --- what somebody typed ------------------------------------------------------------------

_WHAT_IS_TAKEN = gettext_noop(
    "Give an address (192.0.2.7), a network (192.0.2.0/24), an AS number (AS64500), a domain "
    "(example.gov.xx) or a country (KE, Kenya)."
)
_BRACKETED = re.compile(r"\[([0-9A-Fa-f:.]+)\](?::[0-9]{1,5})?")
_WITH_PORT = re.compile(r"([0-9.]+|[^\s:/@]*\.[^\s:/@]*):[0-9]{1,5}")
_AS_WRITTEN = re.compile(r"ASN?[ :#-]*[0-9][0-9.]*", re.ASCII | re.IGNORECASE)
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_DEFANGED = (("[.]", "."), ("(.)", "."), ("[:]", ":"), ("[@]", "@"))
_HXXP = re.compile(r"hxxp(?=s?://)", re.IGNORECASE)


def understand(text: str) -> Question:
    """What somebody typed to find whom to call. Raises DirectoryError with what could be meant.

    Reports write addresses so that nobody clicks on them, "hxxp://192.0.2[.]7/": that is read.
    """
    if len(text) > LONGEST:
        sentence = gettext_noop("The question has {n} characters")
        remedy = gettext_noop("Ask for one thing: an address, a name or a country.")
        raise DirectoryError(sentence, "", remedy, n=f"{len(text):,}")
    bare = text.strip()
    for written, meant in _DEFANGED:
        bare = bare.replace(written, meant)
    bare = _HXXP.sub("http", bare, count=1)
    if not bare or not bare.isprintable():
        raise DirectoryError(
            gettext_noop("{text} asks for nothing"), "", _WHAT_IS_TAKEN, text=shown(text)
        )
    if _URL.match(bare):
        return _host(_host_of_url(bare, text), text)
    if (bracketed := _BRACKETED.fullmatch(bare)) is not None:
        return _host(bracketed[1], text)
    if "@" in bare:
        local, _, domain = bare.removeprefix("mailto:").rpartition("@")
        if not local:
            raise DirectoryError(
                gettext_noop("{text} is no mail address"), "", _WHAT_IS_TAKEN, text=shown(text)
            )
        return _host(domain.strip("[]>"), text)
    if (ported := _WITH_PORT.fullmatch(bare)) is not None:
        return _host(ported[1], text)
    if _AS_WRITTEN.fullmatch(bare):
        return Question(HoldingKind.ASN, canonical_asn(bare))
    if bare.isdecimal():
        remedy = gettext_noop(
            "Write AS in front of an AS number: AS64500. Countries are asked for by letters."
        )
        raise DirectoryError(
            gettext_noop("{text} is a number of unknown kind"), "", remedy, text=shown(text)
        )
    return _host(bare, text)


def _host_of_url(url: str, text: str) -> str:
    try:
        host = urlsplit(url).hostname
    except ValueError:
        host = None
    if not host:
        raise DirectoryError(
            gettext_noop("{text} is an address without a host"),
            "",
            _WHAT_IS_TAKEN,
            text=shown(text),
        )
    return host


def _host(bare: str, text: str) -> Question:
    if (address := _address(bare)) is not None:
        value = f"{address}/{address.max_prefixlen}"
        return Question(HoldingKind.PREFIX, value, special_kind(address))
    if "/" in bare and (":" in bare or bare[0].isdecimal()) and _address(bare.split("/")[0]):
        found = network(bare)
        return Question(HoldingKind.PREFIX, str(found), special_kind(found))
    name = bare.partition("/")[0]  # example.gov.xx/path, without https
    if "." not in name.strip(".。．｡") and not any(dot in name for dot in "。．｡"):
        return Question(HoldingKind.COUNTRY, _named_country(bare, text))
    try:
        return Question(HoldingKind.DOMAIN, canonical_domain(_hosting(name)))
    except DirectoryError as no_domain:
        try:
            return Question(HoldingKind.COUNTRY, countries.find(bare).iso2)  # "St. Lucia"
        except UnknownCountry:
            raise no_domain from None


def _hosting(name: str) -> str:
    """A name without the labels in front that no host may bear: "_dmarc", "bad_host", "*"."""
    labels = name.split(".")
    while len(labels) > 2 and ("_" in labels[0] or labels[0] == "*"):
        labels.pop(0)
    return ".".join(labels)


def _named_country(bare: str, text: str) -> str:
    try:
        return canonical_country(bare.strip("."))
    except DirectoryError:
        if len(bare) <= 3 and bare.isascii():
            raise  # it was a code: the kit says what EU or XK are
        sentence = gettext_noop("{text} is not understood")
        raise DirectoryError(sentence, "", _WHAT_IS_TAKEN, text=shown(text)) from None


def _address(text: str) -> Address | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address):
        if address.scope_id is not None:
            return None
        return address.ipv4_mapped or address
    return address


# Of the special-purpose registries (RFC 6890) these are told by name; the rest is "reserved".
_SPECIAL = tuple(
    (name, ipaddress.ip_network(prefix))
    for name, prefixes_ in (
        ("documentation", "192.0.2.0/24 198.51.100.0/24 203.0.113.0/24 2001:db8::/32 3fff::/20"),
        ("loopback", "127.0.0.0/8 ::1/128"),
        ("link-local", "169.254.0.0/16 fe80::/10"),
        ("private", "10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 fc00::/7"),
        ("shared", "100.64.0.0/10"),
        ("benchmark", "198.18.0.0/15 2001:2::/48"),
        ("multicast", "224.0.0.0/4 ff00::/8"),
        ("reserved", "0.0.0.0/8 192.0.0.0/24 240.0.0.0/4 ::/128"),
    )
    for prefix in prefixes_.split()
)


def special_kind(of: Address | Network) -> str:
    """What an address or network that nobody routes is for; empty for all others."""
    whole = ipaddress.ip_network(of)
    for name, special in _SPECIAL:
        if whole.version == special.version and whole.subnet_of(special):  # type: ignore[arg-type]
            return name
    return ""


# --- who answers --------------------------------------------------------------------------


def candidates(
    question: Question, origin_asn: Iterable[str] = (), registered_country: str = ""
) -> tuple[tuple[HoldingKind, str], ...]:
    """All pieces of a constituency that would answer, nearest first, to be found by equality.

    `origin_asn`, `registered_country`: what the operator's table of networks says of an address.
    """
    own = tuple(_OWN[question.kind](question.value))
    asns = tuple((HoldingKind.ASN, canonical_asn(asn)) for asn in origin_asn)
    country = ((HoldingKind.COUNTRY, registered_country),) if registered_country else ()
    return tuple(dict.fromkeys((*own, *asns, *country)))


def _supernets(prefix: str) -> Iterable[tuple[HoldingKind, str]]:
    found: Network = ipaddress.ip_network(prefix)
    for length in range(found.prefixlen, -1, -1):
        yield HoldingKind.PREFIX, str(found.supernet(new_prefix=length))


def _above(domain: str) -> Iterable[tuple[HoldingKind, str]]:
    for suffix in suffixes(domain):
        yield HoldingKind.DOMAIN, suffix
    if country := country_of(domain):
        yield HoldingKind.COUNTRY, country


_OWN: Mapping[HoldingKind, Callable[[str], Iterable[tuple[HoldingKind, str]]]] = MappingProxyType(
    {
        HoldingKind.PREFIX: _supernets,
        HoldingKind.DOMAIN: _above,
        HoldingKind.ASN: lambda value: ((HoldingKind.ASN, value),),
        HoldingKind.COUNTRY: lambda value: ((HoldingKind.COUNTRY, value),),
        HoldingKind.SECTOR: lambda value: (),  # a sector never chooses an answer by itself
    }
)


def choose(
    question: Question,
    found: Iterable[tuple[HoldingKind, str, UUID, str]],
    origin_asn: Iterable[str] = (),
    registered_country: str = "",
) -> tuple[Answer, ...]:
    """Who answers, nearest first: the longest prefix, then the longest domain, then the AS
    number, then the country. A team stands once, by its nearest claim; who answers for what
    lies around follows. Claims that are no candidates of the question are left out.
    """
    order = {
        candidate: place
        for place, candidate in enumerate(candidates(question, origin_asn, registered_country))
    }
    claims = sorted(
        {(kind, value, team, code) for kind, value, team, code in found if (kind, value) in order},
        key=lambda claim: (order[claim[0], claim[1]], claim[3], claim[2]),
    )
    claimants: dict[tuple[HoldingKind, str], set[UUID]] = {}
    for kind, value, team, _ in claims:
        claimants.setdefault((kind, value), set()).add(team)
    answers: dict[UUID, Answer] = {}
    for kind, value, team, code in claims:
        contested = len(claimants[kind, value]) > 1
        answer = Answer(team, code, kind, value, _nearness(kind, value), contested)
        answers.setdefault(team, answer)
    return tuple(answers.values())


def _nearness(kind: HoldingKind, value: str) -> int:
    if kind is HoldingKind.PREFIX:
        return ipaddress.ip_network(value).prefixlen
    return value.count(".") + 1 if kind is HoldingKind.DOMAIN else 0
