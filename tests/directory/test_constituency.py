"""Whom to call: spellings, questions, candidates, and the choice."""

from __future__ import annotations

import ipaddress
import random
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from comity.directory.rules import constituency as c
from comity.directory.rules.domains import IN_OWN_SCRIPT, canonical_domain, country_of
from comity.directory.types import DirectoryError, Found, HoldingKind, Question
from comity.kit import countries

PREFIX, DOMAIN, ASN, COUNTRY = (
    HoldingKind.PREFIX,
    HoldingKind.DOMAIN,
    HoldingKind.ASN,
    HoldingKind.COUNTRY,
)


# --- one spelling -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (PREFIX, " 192.0.2.0/24 ", "192.0.2.0/24"),
        (PREFIX, "192.0.2.7", "192.0.2.7/32"),
        (PREFIX, "2001:DB8:0:0::/32", "2001:db8::/32"),
        (PREFIX, "::/0", "::/0"),
        (ASN, "as 64500", "AS64500"),
        (ASN, "ASN64500", "AS64500"),
        (ASN, "64500", "AS64500"),
        (ASN, "AS1.10", "AS65546"),
        (ASN, "AS0064500", "AS64500"),
        (DOMAIN, "Example.GOV.xx.", "example.gov.xx"),
        (DOMAIN, "BÜCHER.example", "xn--bcher-kva.example"),
        (DOMAIN, "faß.example", "xn--fa-hia.example"),
        (DOMAIN, "例え。example", "xn--r8jz45g.example"),
        (COUNTRY, "NA", "NA"),
        (COUNTRY, "namibia", "NA"),
        (COUNTRY, "uk", "GB"),
        (COUNTRY, "肯尼亚", "KE"),
        (HoldingKind.SECTOR, " Research & Education ", "research-and-education"),
        (HoldingKind.SECTOR, "Énergie", "énergie"),
    ],
)
def test_one_spelling(kind: HoldingKind, text: str, value: str) -> None:
    assert c.canonical(kind, text) == value
    assert c.canonical(kind, value) == value


@pytest.mark.parametrize(
    ("kind", "text", "remedy"),
    [
        (PREFIX, "192.0.2.7/24", "192.0.2.0/24"),
        (PREFIX, "2001:db8::1/32", "2001:db8::/32"),
        (PREFIX, "192.0.2.0/255.255.255.0", "192.0.2.0/24"),
        (PREFIX, "192.0.2.0/33", "Give a network"),
        (PREFIX, "192.0.02.0/24", "Give a network"),
        (PREFIX, "fe80::1%eth0", "zone"),
        (PREFIX, "::ffff:192.0.2.0/120", "192.0.2.0/24"),
        (ASN, "AS0", "AS64500"),
        (ASN, "AS4294967296", "highest"),
        (ASN, "AS1.70000", "dotted"),
        (ASN, "AS６４５００", "AS64500"),
        (DOMAIN, "*.example.gov.xx", "domain alone"),
        (DOMAIN, "ke", "claim the country"),
        (DOMAIN, "192.0.2", "four numbers"),
        (DOMAIN, "-bad-.example", "letters"),
        (DOMAIN, "a..example", "letters"),
        (DOMAIN, "xn--zzzzzzzzz.example", "letters"),
        (DOMAIN, "exa mple.org", "letters"),
        (DOMAIN, "a" * 64 + ".example", "63"),
        (DOMAIN, "", "example.gov.xx"),
        (COUNTRY, "EU", "Keep it apart"),
        (COUNTRY, "Atlantis", "letters"),
        (HoldingKind.SECTOR, "!!!", "energy"),
        (PREFIX, "1" * 3000, "one network"),
    ],
)
def test_what_has_no_spelling_is_refused_with_the_remedy(
    kind: HoldingKind, text: str, remedy: str
) -> None:
    with pytest.raises(DirectoryError) as refused:
        c.canonical(kind, text)
    assert remedy in refused.value.remedy


def test_ranges_become_networks() -> None:
    assert c.prefixes("192.0.2.0 - 192.0.2.130") == (
        "192.0.2.0/25",
        "192.0.2.128/31",
        "192.0.2.130/32",
    )
    assert c.prefixes("192.0.2.0/24") == ("192.0.2.0/24",)
    for bad in ("192.0.2.9-192.0.2.1", "192.0.2.0/24-192.0.3.0/24", "192.0.2.1-2001:db8::1", "-"):
        with pytest.raises(DirectoryError):
            c.prefixes(bad)


@given(st.ip_addresses(), st.integers(0, 128))
def test_prefixes_agree_with_the_library(address: ipaddress.IPv4Address, length: int) -> None:
    text = f"{address}/{min(length, address.max_prefixlen)}"
    try:
        expected = str(ipaddress.ip_network(text))
    except ValueError:
        with pytest.raises(DirectoryError):
            c.canonical(PREFIX, text)
        return
    if expected.startswith("::ffff:") and ipaddress.ip_network(text).prefixlen >= 96:
        return
    assert c.canonical(PREFIX, text) == expected
    net = ipaddress.ip_network(expected)
    assert c.range_of(expected) == (net.version, int(net[0]), int(net[-1]))


@given(st.integers(1, 2**32 - 1))
def test_plain_and_dotted_are_one_as_number(number: int) -> None:
    assert c.canonical(ASN, f"AS{number >> 16}.{number & 65535}") == f"AS{number}"
    assert c.canonical(ASN, str(number)) == f"AS{number}"


# --- what somebody typed ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind", "value", "special"),
    [
        ("192.0.2.7", PREFIX, "192.0.2.7/32", "documentation"),
        ("2001:db8::1", PREFIX, "2001:db8::1/128", "documentation"),
        ("[2001:db8::1]:443", PREFIX, "2001:db8::1/128", "documentation"),
        ("[2001:db8::1]", PREFIX, "2001:db8::1/128", "documentation"),
        ("192.0.2.7:80", PREFIX, "192.0.2.7/32", "documentation"),
        ("::ffff:8.8.8.8", PREFIX, "8.8.8.8/32", ""),
        ("10.1.2.3", PREFIX, "10.1.2.3/32", "private"),
        ("127.0.0.1", PREFIX, "127.0.0.1/32", "loopback"),
        ("224.0.0.1", PREFIX, "224.0.0.1/32", "multicast"),
        ("fe80::1", PREFIX, "fe80::1/128", "link-local"),
        ("8.8.8.0/24", PREFIX, "8.8.8.0/24", ""),
        ("8[.]8[.]8[.]8", PREFIX, "8.8.8.8/32", ""),
        ("hxxps://example[.]gov.xx/a?b=c", DOMAIN, "example.gov.xx", ""),
        ("hxxp.example.org", DOMAIN, "hxxp.example.org", ""),
        ("_dmarc.example.gov.xx", DOMAIN, "example.gov.xx", ""),
        ("http://bad_host.example.org/", DOMAIN, "example.org", ""),
        ("*.example.org", DOMAIN, "example.org", ""),
        ("Duty <cert@example.gov.xx>", DOMAIN, "example.gov.xx", ""),
        ("AS64500", ASN, "AS64500", ""),
        ("as 64500", ASN, "AS64500", ""),
        ("AS1.10", ASN, "AS65546", ""),
        ("example.gov.xx", DOMAIN, "example.gov.xx", ""),
        ("example.gov.xx:8443", DOMAIN, "example.gov.xx", ""),
        ("example.gov.xx/path", DOMAIN, "example.gov.xx", ""),
        ("https://user:pw@Example.gov.xx:8443/path#x", DOMAIN, "example.gov.xx", ""),
        ("https://[2001:db8::1]/x", PREFIX, "2001:db8::1/128", "documentation"),
        ("http://192.0.2.7/evil.exe", PREFIX, "192.0.2.7/32", "documentation"),
        ("user@example.gov.xx", DOMAIN, "example.gov.xx", ""),
        ("mailto:user@example.gov.xx", DOMAIN, "example.gov.xx", ""),
        ("user@[192.0.2.7]", PREFIX, "192.0.2.7/32", "documentation"),
        ("президент.рф", DOMAIN, "xn--d1abbgf6aiiy.xn--p1ai", ""),
        ("KE", COUNTRY, "KE", ""),
        ("ken", COUNTRY, "KE", ""),
        ("NA", COUNTRY, "NA", ""),
        ("AS", COUNTRY, "AS", ""),  # American Samoa, not a number left out
        ("Kenya", COUNTRY, "KE", ""),
        ("Кения", COUNTRY, "KE", ""),
        ("كينيا", COUNTRY, "KE", ""),
        ("Côte d'Ivoire", COUNTRY, "CI", ""),
    ],
)
def test_questions_are_understood(text: str, kind: HoldingKind, value: str, special: str) -> None:
    assert c.understand(text) == Question(kind, value, special)


@pytest.mark.parametrize("language", ["ar", "en", "es", "fr", "ru", "zh"])
def test_every_country_is_found_by_its_name_in_six_languages(language: str) -> None:
    for country in countries.all_countries():
        found = c.understand(country.name(language))
        assert found == Question(COUNTRY, country.iso2), country.name(language)


@pytest.mark.parametrize(
    ("text", "message", "remedy"),
    [
        ("64500", "a number of unknown kind", "AS64500"),
        ("", "asks for nothing", "192.0.2.7"),
        ("   ", "asks for nothing", "192.0.2.7"),
        ("192.0.2", "a part missing", "four numbers"),
        ("192.0.2.7/24", "bits set beyond", "192.0.2.0/24"),
        ("1.2.3.4.5", "a part missing or too many", "four numbers"),
        ("Atlantis", "not understood", "KE, Kenya"),
        ("EU", "no ISO 3166-1", "Keep it apart"),
        ("https:///path", "without a host", "192.0.2.7"),
        ("@example.org", "no mail address", "192.0.2.7"),
        ("x" * 5000, "5,000 characters", "one thing"),
        ("a\x00b", "asks for nothing", "192.0.2.7"),
        ("AS99999999999", "no AS number", "highest"),
    ],
)
def test_what_is_not_understood_says_what_to_write(text: str, message: str, remedy: str) -> None:
    with pytest.raises(DirectoryError) as refused:
        c.understand(text)
    assert message in refused.value.message
    assert remedy in refused.value.remedy


@given(st.text(max_size=80) | st.text(alphabet="0123456789abcdef:./[]@%-_ASas\u202e", max_size=40))
@example("[::1")
@example("http://[")
@example("1.1.1.1/")
@example("/24")
@example("１.1.1.1")
def test_hostile_questions_are_understood_or_refused(text: str) -> None:
    try:
        question = c.understand(text)
    except DirectoryError as refused:
        assert refused.remedy
    else:
        assert c.canonical(question.kind, question.value) == question.value
        assert len(c.candidates(question)) <= 129


@given(st.ip_addresses())
def test_every_address_is_understood_as_itself(address: ipaddress.IPv4Address) -> None:
    question = c.understand(str(address))
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    assert question.value == str(ipaddress.ip_network(address))
    # What Python 3.11 does not know yet: RFC 6890's whole 192.0.0.0/24 and RFC 9637's 3fff::/20.
    newer = str(address).startswith(("192.0.0.", "3ff"))
    if question.special and not newer:
        assert not address.is_global or address.is_multicast


# --- candidates and choice ----------------------------------------------------------------


def test_candidates_are_all_that_lies_around() -> None:
    assert c.candidates(c.understand("mail.example.gov.ke")) == (
        (DOMAIN, "mail.example.gov.ke"),
        (DOMAIN, "example.gov.ke"),
        (DOMAIN, "gov.ke"),
        (COUNTRY, "KE"),
    )
    address = c.candidates(c.understand("8.8.8.8"), ["AS15169"], "US")
    assert address[0] == (PREFIX, "8.8.8.8/32") and address[32] == (PREFIX, "0.0.0.0/0")
    assert address[33:] == ((ASN, "AS15169"), (COUNTRY, "US"))
    assert c.candidates(c.understand("KE")) == ((COUNTRY, "KE"),)


@given(st.ip_addresses())
def test_candidates_are_the_supernets(address: ipaddress.IPv4Address) -> None:
    question = c.understand(str(address))
    own = ipaddress.ip_network(question.value)
    found = [ipaddress.ip_network(value) for _, value in c.candidates(question)]
    assert len(set(found)) == own.max_prefixlen + 1
    assert all(own.subnet_of(network) for network in found)


def test_countries_of_top_level_domains() -> None:
    assert country_of("example.co.uk") == "GB"
    assert country_of("example.com") == country_of("example.eu") == country_of("example.su") == ""
    assert country_of(canonical_domain("سعودي.السعودية")) == "SA"
    assert all(countries.by_code(code) for code in IN_OWN_SCRIPT.values())


def _team(number: int) -> UUID:
    return UUID(int=number)


def test_the_longest_prefix_answers_and_parents_follow() -> None:
    found = [
        Found(COUNTRY, "KE", _team(1), "national"),
        Found(PREFIX, "196.0.0.0/8", _team(2), "regional"),
        Found(PREFIX, "196.201.0.0/16", _team(3), "bank"),
        Found(ASN, "AS36914", _team(4), "network"),
        Found(PREFIX, "10.0.0.0/8", _team(5), "elsewhere"),
    ]
    question = c.understand("196.201.16.9")
    answers = c.choose(question, found, ["AS36914"], "KE")
    assert [a.code for a in answers] == ["bank", "regional", "network", "national"]
    assert [a.rule for a in answers] == [PREFIX, PREFIX, ASN, COUNTRY]
    assert [a.nearer for a in answers] == [16, 8, 0, 0]
    assert answers[0].matched == "196.201.0.0/16"
    assert not any(a.contested for a in answers)


def test_two_claims_on_one_thing_both_stand_and_are_flagged() -> None:
    found = [
        (PREFIX, "2001:db8::/32", _team(2), "b"),
        (PREFIX, "2001:db8::/32", _team(1), "a"),
        (PREFIX, "2001:db8:1::/48", _team(2), "b"),
    ]
    answers = c.choose(c.understand("2001:db8::1"), found)
    assert [(a.code, a.contested) for a in answers] == [("a", True), ("b", True)]
    nearer = c.choose(c.understand("2001:db8:1::1"), found)
    assert [(a.code, a.nearer, a.contested) for a in nearer] == [("b", 48, False), ("a", 32, True)]


def test_the_longest_suffix_answers() -> None:
    found = [
        (DOMAIN, "gov.ke", _team(1), "gov"),
        (DOMAIN, "health.gov.ke", _team(2), "health"),
        (COUNTRY, "KE", _team(3), "ke"),
        (DOMAIN, "ealth.gov.ke", _team(4), "impostor"),
    ]
    answers = c.choose(c.understand("https://www.health.gov.ke/x"), found)
    assert [(a.code, a.nearer) for a in answers] == [("health", 3), ("gov", 2), ("ke", 0)]


@given(
    st.ip_addresses(v=4),
    st.lists(st.tuples(st.ip_addresses(v=4), st.integers(0, 32))),
    st.randoms(),
)
def test_choice_agrees_with_a_plain_scan_in_any_order(
    address: ipaddress.IPv4Address,
    claims: list[tuple[ipaddress.IPv4Address, int]],
    rng: random.Random,
) -> None:
    nets = [ipaddress.ip_network(f"{a}/{n}", strict=False) for a, n in claims]
    found = [(PREFIX, str(net), _team(i), f"t{i}") for i, net in enumerate(nets)]
    answers = c.choose(c.understand(str(address)), found)
    around = [(-net.prefixlen, f"t{i}") for i, net in enumerate(nets) if address in net]
    assert [a.code for a in answers] == [code for _, code in sorted(around)]
    rng.shuffle(found)
    assert c.choose(c.understand(str(address)), found) == answers
