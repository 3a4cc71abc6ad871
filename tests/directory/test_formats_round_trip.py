"""Written, then read: the same, for what each format can hold; and junk for every reader."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.directory.formats import cerebrate, contacts, first, rfc2350, trusted_introducer, vcard
from comity.directory.formats.any import HOLDS, MEDIA_TYPES, READERS, WRITERS
from comity.directory.types import (
    Contact,
    ContactKind,
    ContactPurpose,
    DirectoryError,
    Holding,
    HoldingKind,
    TeamKind,
    TeamRecord,
    Value,
)
from comity.kit.sayings import Saying
from tests.directory.records import LABELS, records

EMAIL, PHONE, FAX, POST = ContactKind.EMAIL, ContactKind.PHONE, ContactKind.FAX, ContactKind.POST
INCIDENT, EMERGENCY, GENERAL = (
    ContactPurpose.INCIDENT,
    ContactPurpose.EMERGENCY,
    ContactPurpose.GENERAL,
)


def holding(
    team: TeamRecord,
    *,
    ways: Collection[tuple[ContactKind, ContactPurpose]] | None = None,
    kinds: Collection[HoldingKind] = (),
    community: str = "",
    parts: Collection[str] = (),
    keys: bool = False,
    scheme: str = "",
) -> TeamRecord:
    """The part of a record that a format has a place for."""
    values = [v for v in team.values if v.field != "membership"]
    if community:
        since = {"community": community, "level": "listed", "since": "2014-05"}
        values.append(Value("membership", {part: since[part] for part in parts}))
    return replace(
        team,
        values=tuple(values),
        contacts=tuple(c for c in team.contacts if ways is None or (c.kind, c.purpose) in ways),
        holdings=tuple(h for h in team.holdings if h.kind in kinds),
        keys=team.keys if keys else (),
        same_as={scheme: "4711"} if scheme else {},
    )


def same(found: TeamRecord, expected: TeamRecord) -> None:
    def plain(team: TeamRecord) -> dict[str, object]:
        lists = ("values", "contacts", "keys", "holdings")
        unsaid = {
            name: sorted(repr(replace(p, said=Saying())) for p in getattr(team, name))
            for name in lists
        }
        return {"code": team.code, "name": team.name, "country": team.country, **unsaid} | {
            "same_as": dict(team.same_as)
        }

    assert plain(found) == plain(expected)


def fields(format_: str) -> Collection[str]:
    return HOLDS[format_] - {"contacts", "keys", "holdings", "membership", "rfc2350", "short_name"}


@given(records(fields("first")))
def test_first(team: TeamRecord) -> None:
    ways = {(EMAIL, INCIDENT), (PHONE, INCIDENT), (PHONE, EMERGENCY)}
    held = holding(
        team,
        ways=ways,
        kinds={HoldingKind.SECTOR},
        community="FIRST",
        parts=("community", "since"),
        scheme="first",
    )
    reading = first.read(first.write([held]))
    same(reading.teams[0], held)
    assert reading.findings == ()


@given(records(fields("ti") - {"kind"}), st.sampled_from(sorted(trusted_introducer._TYPES)))
def test_trusted_introducer(team: TeamRecord, kind: TeamKind) -> None:
    known = {c.purpose for c in team.contacts}
    ways = {(EMAIL, p) for p in known} | {(PHONE, p) for p in known} | {(FAX, GENERAL)}
    held = holding(
        replace(team, values=(*team.values, Value("kind", kind.value))),
        ways=ways,
        kinds=set(HoldingKind),
        community="TF-CSIRT",
        parts=("community", "level", "since"),
        keys=True,
        scheme="ti",
    )
    reading = trusted_introducer.read(trusted_introducer.write([held]))
    same(reading.teams[0], held)
    assert reading.findings == ()


@given(records(fields("cerebrate")))
def test_cerebrate(team: TeamRecord) -> None:
    ways = {(EMAIL, INCIDENT), (EMAIL, GENERAL), (PHONE, INCIDENT), (PHONE, EMERGENCY)}
    held = holding(
        team,
        ways=ways,
        kinds=set(HoldingKind),
        community="FIRST",
        parts=("community", "since"),
    )
    held = replace(held, same_as={"cerebrate": "a89c80d0-7019-422a-b45b-fe59532886c7"})
    reading = cerebrate.read(cerebrate.write([held]))
    same(reading.teams[0], held)
    assert reading.findings == ()


@given(records(fields("rfc2350") - {"service"}))
def test_rfc2350(team: TeamRecord) -> None:
    ways = {(EMAIL, INCIDENT), (PHONE, INCIDENT), (PHONE, EMERGENCY), (FAX, GENERAL)}
    held = holding(team, ways=ways, keys=True)
    full = next((v.value for v in held.values if v.field == "official_name"), None)
    if full is None:
        held = replace(held, values=(*held.values, Value("official_name", held.name)))
    held = replace(
        held,
        country="",
        keys=tuple(replace(key, expires=None) for key in held.keys),
        values=(*held.values, Value("rfc2350", {"url": "https://cert.example/rfc2350.txt"})),
    )
    data = rfc2350.write([held], dated="2026-05-30")
    reading = rfc2350.read(data)
    found = {"url": "https://cert.example/rfc2350.txt", "sha256": sha256(data).hexdigest()}
    same(reading.teams[0], replace(held, values=(*held.values[:-1], Value("rfc2350", found))))
    assert {v.said.evidence_date for v in reading.teams[0].values} == {"2026-05-30"}
    assert reading.findings == ()


@pytest.mark.parametrize("write", [contacts.write_csv, contacts.write_xlsx])
def test_contacts(write: object) -> None:
    @given(st.data())
    def check(data: st.DataObject) -> None:
        team = data.draw(records(("official_name", "country")))
        held = holding(team)
        labelled = tuple(
            replace(c, label=data.draw(LABELS), hours="24x7", note="=1+1") for c in held.contacts
        )
        held = replace(held, contacts=labelled)
        reading = contacts.read(write([held]))  # type: ignore[operator]
        same(reading.teams[0], held)
        assert reading.findings == ()

    check()


@given(records())
def test_a_vcard_is_lines_of_75_octets_that_unfold(team: TeamRecord) -> None:
    data = vcard.write([team])
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    text = data.decode().replace("\r\n ", "")
    lines = text.split("\r\n")
    assert lines[:3] == ["BEGIN:VCARD", "VERSION:4.0", "KIND:org"] and lines[-2] == "END:VCARD"
    assert all(line.partition(":")[1] for line in lines[:-1])
    assert sum(line.startswith("EMAIL;") for line in lines) == sum(
        c.kind is EMAIL for c in team.contacts
    )


def test_a_vcard_cannot_be_broken_out_of() -> None:
    team = TeamRecord(
        "x",
        "Evil\r\nEND:VCARD; a, b\\",
        contacts=(Contact(GENERAL, POST, 'Street "1"\nCity'),),
    )
    text = vcard.write([team]).decode()
    assert text.count("\r\nEND:VCARD") == 1
    assert "FN:Evil\\nEND:VCARD\\; a\\, b\\\\\r\n" in text
    assert "ADR;LABEL=\"Street ^'1^'^nCity\"" in text.replace("\r\n ", "")


def test_every_format_stands_in_the_tables() -> None:
    assert set(READERS) == set(HOLDS) == {"first", "ti", "cerebrate", "rfc2350", "csv", "xlsx"}
    assert set(WRITERS) == set(MEDIA_TYPES) == {*READERS, "vcard"}


# --- junk ---------------------------------------------------------------------------------

TEAM = TeamRecord(
    "cert-xx",
    "CERT-XX",
    "KE",
    values=(Value("short_name", "CERT-XX"), Value("country", "KE")),
    contacts=(Contact(INCIDENT, EMAIL, "cert@cert.example"),),
    holdings=(Holding(HoldingKind.ASN, "AS64500"),),
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4)
    ),
    max_leaves=12,
)
KEYS = """team team-full host establishment country website email phone timezone constituency
    member-since address official_name short_name classification pgp_keys phones emails types asns
    ipranges domains countries fingerprint usage number uuid name nationality contacts sector type
    url meta_fields Organisation field value template_name data teams""".split()


@pytest.mark.parametrize("format_", sorted(READERS))
def test_junk_is_refused_by_our_error_alone(format_: str) -> None:
    whole = WRITERS[format_]([TEAM])

    @given(st.binary(max_size=200), st.integers(0, len(whole)))
    def check(junk: bytes, at: int) -> None:
        for data in (junk, whole[:at] + junk + whole[at:], whole[:at] + junk):
            try:
                reading = READERS[format_](data)
            except DirectoryError as refused:
                assert refused.message
            else:
                for team in reading.teams:
                    WRITERS[format_]([team])

    check()


@pytest.mark.parametrize("format_", ["first", "ti", "cerebrate"])
def test_any_json_is_read_or_refused_and_what_is_read_can_be_written(format_: str) -> None:
    objects = st.dictionaries(st.sampled_from(KEYS), json_values, max_size=8)
    nested = st.dictionaries(
        st.sampled_from(KEYS), objects | st.lists(objects, max_size=3), max_size=6
    )

    @given(json_values | objects | nested | st.lists(objects | nested, max_size=3))
    def check(value: object) -> None:
        try:
            reading = READERS[format_](json.dumps(value).encode())
        except DirectoryError:
            return
        again = READERS[format_](WRITERS[format_](reading.teams))
        assert len(again.teams) == len(reading.teams)

    check()


@given(st.text(max_size=300))
def test_any_text_after_a_heading_is_read_or_refused(text: str) -> None:
    data = f"2.1 Name of the Team\n{text}\n2.7 Electronic Mail Address\n{text}\n2.8 Keys\n{text}\n"
    try:
        reading = rfc2350.read(data.encode("utf-8", "replace"))
    except DirectoryError:
        return
    rfc2350.write(reading.teams)


@pytest.mark.parametrize("format_", sorted(READERS))
def test_size_comes_first(format_: str) -> None:
    with pytest.raises(DirectoryError):
        READERS[format_](b" " * (20 * 2**20 + 1))
    with pytest.raises(DirectoryError):
        READERS[format_](b"")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"[" * 200_000, "nested too deep"),
        (b'[{"team": NaN}]', "no number of JSON"),
        (b'[{"team": 1' + b"0" * 5000 + b"}]", "without end"),
        (b'{"team": "a", "team": "b"}', "twice"),
        (b"\xff\xfe[]", "UTF-8"),
        (b"7", "no list"),
        (b'["a"', "no JSON"),
        (b'{"data": [' + b"{}," * 20_001 + b"{}]}", "teams"),
    ],
)
def test_structures_that_are_refused(data: bytes, message: str) -> None:
    with pytest.raises(DirectoryError, match=message) as refused:
        first.read(data)
    assert refused.value.remedy
