"""Teams for property tests: any record that a format says it holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from hypothesis import strategies as st

from comity.directory.formats.pieces import clean, code_of
from comity.directory.rules.services import framework
from comity.directory.types import (
    FIELDS,
    Contact,
    ContactKind,
    ContactPurpose,
    DirectoryError,
    FieldForm,
    Holding,
    HoldingKind,
    KeyKind,
    TeamField,
    TeamKey,
    TeamKind,
    TeamRecord,
    Value,
)
from comity.kit.countries import all_countries
from comity.kit.tlp import Label


def _kept(text: str) -> bool:
    try:
        return clean(text) == text and bool(text)
    except DirectoryError:
        return False


words = (
    st.text(
        st.characters(exclude_categories=("Cc", "Cs", "Cf", "Zl", "Zp", "Zs")),
        min_size=1,
        max_size=12,
    )
    | st.sampled_from(
        ["=1+1", "CERT-XX", "فريق", "国家网络应急", "Équipe d'alerte", "a, b; c", '"q"', "-x"]
    )
).filter(_kept)
names = st.lists(words, min_size=1, max_size=3).map(" ".join)
dates = st.dates(dt.date(1988, 1, 1), dt.date(2030, 1, 1)).map(str) | st.sampled_from(
    ["2014", "2014-05"]
)
codes = st.sampled_from([country.iso2 for country in all_countries()])
zones = st.sampled_from(["Africa/Nairobi", "Europe/Vienna", "Etc/GMT-3", "Etc/UTC", "Asia/Kolkata"])
urls = st.sampled_from(["https://cert.example/", "http://www.cert.example:8080/a?b=c#d"])
emails = st.sampled_from(
    [f"{local}@cert.example" for local in ("cert", "abuse", "csirt+tlp", "soc")]
)
phones = st.integers(10**7, 10**14).map(lambda number: f"+{number}")
fingerprints = st.text("0123456789ABCDEF", min_size=40, max_size=40)
sectors = st.sampled_from(["energy", "health", "drinking-water", "banking"])
prefixes = st.sampled_from(["192.0.2.0/24", "198.51.100.7/32", "2001:db8::/32", "0.0.0.0/0"])
asns = st.integers(1, 2**32 - 1).map(lambda number: f"AS{number}")
domains = st.sampled_from(["example.gov.xx", "xn--bcher-kva.example", "a.b.c.example"])

HOLDINGS = {
    HoldingKind.PREFIX: prefixes,
    HoldingKind.DOMAIN: domains,
    HoldingKind.ASN: asns,
    HoldingKind.COUNTRY: codes,
    HoldingKind.SECTOR: sectors,
}
CONTACTS = {
    ContactKind.EMAIL: emails,
    ContactKind.PHONE: phones,
    ContactKind.FAX: phones,
    ContactKind.WEB: urls,
    ContactKind.POST: names,
}
_FORMS = {
    FieldForm.TEXT: names,
    FieldForm.WORDS: st.lists(names, min_size=1, max_size=3).map("\n".join),
    FieldForm.NAME: names,
    FieldForm.COUNTRY: codes,
    FieldForm.DATE: dates,
    FieldForm.URL: urls,
    FieldForm.ZONE: zones,
    FieldForm.SERVICE: st.sampled_from(sorted(framework())),
    FieldForm.LANGUAGE: st.sampled_from(["en", "fr", "ar"]),
    FieldForm.YESNO: st.booleans(),
}


def value(field: TeamField) -> st.SearchStrategy[Value]:
    if field.key == "kind":
        return st.sampled_from(TeamKind).map(lambda kind: Value("kind", kind.value))
    if field.form is FieldForm.RECORD:
        parts = st.fixed_dictionaries(dict.fromkeys(field.parts, names))
        return parts.map(lambda found: Value(field.key, found))
    if field.form is FieldForm.CHOICE:
        return st.sampled_from(field.choices).map(lambda word: Value(field.key, word))
    return _FORMS[field.form].map(lambda word: Value(field.key, word))


@st.composite
def contacts(draw: st.DrawFn, *, kinds: Collection[ContactKind] = tuple(ContactKind)) -> Contact:
    kind = draw(st.sampled_from(list(kinds)))
    purpose = draw(st.sampled_from(ContactPurpose))
    return Contact(purpose, kind, draw(CONTACTS[kind]))


holdings = st.sampled_from(HoldingKind).flatmap(
    lambda kind: HOLDINGS[kind].map(lambda held: Holding(kind, held))
)
keys = st.builds(
    TeamKey,
    st.just(KeyKind.OPENPGP),
    fingerprints,
    expires=st.none() | st.dates(dt.date(2000, 1, 1), dt.date(2040, 1, 1)),
)


@st.composite
def records(draw: st.DrawFn, fields: Collection[str] = tuple(FIELDS)) -> TeamRecord:
    """A record with at most one value a field, whose names are said in its fields too."""
    short = draw(names)
    chosen = draw(st.sets(st.sampled_from(sorted(set(fields) - {"short_name"}))))
    said = [Value("short_name", short), *(draw(value(FIELDS[key])) for key in sorted(chosen))]
    full = next((v.value for v in said if v.field == "official_name"), short)
    country = next((v.value for v in said if v.field == "country"), "")
    return TeamRecord(
        code=code_of(short),
        name=str(full),
        country=str(country),
        values=tuple(said),
        contacts=tuple(draw(st.lists(contacts(), max_size=4, unique=True))),
        keys=tuple(draw(st.lists(keys, max_size=2, unique_by=lambda key: key.fingerprint))),
        holdings=tuple(draw(st.lists(holdings, max_size=5, unique=True))),
    )


LABELS = st.sampled_from(Label)
