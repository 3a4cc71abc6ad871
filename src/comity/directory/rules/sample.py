"""What the tables of sample data say, as records of teams and the speakers behind them. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from comity.directory.rules import constituency, keys
from comity.directory.rules.speakers import Speaker
from comity.directory.types import (
    FIELDS,
    Contact,
    ContactKind,
    ContactPurpose,
    Holding,
    HoldingKind,
    TeamKind,
    TeamRecord,
    Value,
)
from comity.kit import tlp
from comity.kit.sayings import Saying, Voice

Row = Mapping[str, str]
Batch = tuple[Speaker, tuple[TeamRecord, ...]]

_KINDS = {kind.value: kind.value for kind in TeamKind} | {
    "authority": TeamKind.GOVERNMENTAL.value,
    "membership": TeamKind.OTHER.value,
}
_PROTOCOLS = {"pgp": "openpgp", "security_txt": "security.txt"}
_CHANNELS = {"form": ContactKind.WEB.value}


def batches(
    *,
    teams: Sequence[Row],
    assessments: Sequence[Row],
    made_up: Sequence[Row],
    contacts: Sequence[Row],
    certificates: Sequence[Row],
    constituencies: Sequence[Row],
    key_text: Callable[[str], str],
) -> list[Batch]:
    """One batch a source: the national teams by their sources, then the made-up ones."""
    by_source: dict[str, list[TeamRecord]] = defaultdict(list)
    speakers: dict[str, Speaker] = {}
    phases = {row["country"]: row for row in assessments}
    for row in teams:
        speaker = _speaker(row)
        speakers.setdefault(speaker.key, speaker)
        by_source[speaker.key].append(_national(row))
    found = [(speakers[key], tuple(records)) for key, records in sorted(by_source.items())]
    found += _assessed(teams, phases)
    invented = [_made_up(row, contacts, certificates, constituencies, key_text) for row in made_up]
    return [*found, (_speaker(made_up[0]), tuple(invented))] if made_up else found


def _speaker(row: Row) -> Speaker:
    title = row["source_title"].split(";")[0]
    return Speaker(
        Voice.SOURCE,
        title,
        evidence_title=row["source_title"],
        evidence_url=row["source_url"].split(";")[0],
        evidence_date=row["source_date"].split(";")[0],
        licence=row["licence"],
    )


def _said(row: Row) -> Saying:
    """The evidence of one row: rows of one source may come from several of its pages."""
    return Saying(
        evidence_title=row["source_title"],
        evidence_url=row["source_url"].split(";")[0],
        evidence_date=row["source_date"].split(";")[0],
        licence=row["licence"],
    )


def code_of(row: Row) -> str:
    """ "CSIRT-KE-ke-cirt-cc" is the team "ke-cirt-cc"; a made-up one keeps its whole id."""
    parts = row["id"].split("-", 2)
    return parts[2].lower() if len(parts[1]) == 2 else row["id"].lower()


def _national(row: Row) -> TeamRecord:
    said = _said(row)
    values = [
        *_texts(row, said, short_name="short_name", advisories="advisories_url"),
        *_kinds(row, said),
    ]
    if row["full_name"]:
        values.append(_name(row["full_name"], said))
    if row["cve_numbering_authority"] in ("yes", "no"):
        values.append(Value("cna", row["cve_numbering_authority"] == "yes", said=said))
    national = "national" in row["kinds"].split(";")
    holdings = (Holding(HoldingKind.COUNTRY, row["country"], said=said),) if national else ()
    return TeamRecord(
        f"{row['country'].lower()}-{code_of(row)}",
        row["short_name"] or row["full_name"],
        row["country"],
        values=tuple(values),
        holdings=holdings,
    )


def _assessed(teams: Sequence[Row], phases: Mapping[str, Row]) -> list[Batch]:
    """What the ITU's page says of how far a country's team is stands with its national team, where
    there is one only: the page names countries, not teams."""
    national: dict[str, list[Row]] = defaultdict(list)
    for row in teams:
        if "national" in row["kinds"].split(";"):
            national[row["country"]].append(row)
    made: list[TeamRecord] = []
    for country, rows in sorted(national.items()):
        if country in phases and len(rows) == 1:
            record = _national(rows[0])
            phase = Value("itu_phase", phases[country]["phase"], said=_said(phases[country]))
            made.append(TeamRecord(record.code, record.name, country, values=(phase,)))
    return [(_speaker(next(iter(phases.values()))), tuple(made))] if made else []


def _made_up(
    row: Row,
    contacts: Iterable[Row],
    certificates: Iterable[Row],
    constituencies: Iterable[Row],
    key_text: Callable[[str], str],
) -> TeamRecord:
    said = _said(row)
    values = [
        *_texts(
            row,
            said,
            short_name="short_name",
            host_organisation="host",
            established="established",
            itu_phase="phase",
            time_zone="time_zone",
            website="website",
        ),
        _name(row["full_name"], said),
        *_texts(row, said, hours="hours"),
        *_kinds(row, said),
        *(Value("service", service, said=said) for service in _split(row["services"])),
        *(Value("language", code, said=said) for code in _split(row["languages"])),
    ]
    if row["rfc2350_url"]:
        values.append(Value("rfc2350", {"url": row["rfc2350_url"]}, said=said))
    for name in _split(row["protocols"]):
        values.append(Value("protocol", {"name": _PROTOCOLS.get(name, name)}, said=said))
    return TeamRecord(
        row["id"].lower(),
        row["short_name"],
        values=tuple(value for value in values if value.field in FIELDS),
        contacts=tuple(_contact(c) for c in contacts if c["team_id"] == row["id"]),
        keys=tuple(
            replace(
                keys.parse_openpgp(key_text(k["file"])),
                purpose=k["purpose"],
                label=tlp.parse(k["tlp"]),
                said=_said(k),
            )
            for k in certificates
            if k["team_id"] == row["id"]
        ),
        holdings=tuple(
            Holding(
                HoldingKind(h["kind"]),
                constituency.canonical(HoldingKind(h["kind"]), h["value"]),
                said=_said(h),
            )
            for h in constituencies
            if h["team_id"] == row["id"]
        ),
    )


def _contact(row: Row) -> Contact:
    kind = ContactKind(_CHANNELS.get(row["channel"], row["channel"]))
    spoken = kind in (ContactKind.PHONE, ContactKind.FAX)
    value = row["value"].replace(" ", "") if spoken else row["value"]
    purpose = ContactPurpose(row["purpose"])
    return Contact(purpose, kind, value, tlp.parse(row["tlp"]), said=_said(row))


def _texts(row: Row, said: Saying, **columns: str) -> list[Value]:
    return [
        Value(field, row[column], said=said) for field, column in columns.items() if row[column]
    ]


def _kinds(row: Row, said: Saying) -> list[Value]:
    kinds = dict.fromkeys(_KINDS[kind] for kind in _split(row["kinds"]))
    return [Value("kind", kind, said=said) for kind in kinds]


def _name(words: str, said: Saying) -> Value:
    return Value("official_name", words, said=replace(said, language="en"))


def _split(cell: str) -> list[str]:
    return [part for part in cell.split(";") if part]
