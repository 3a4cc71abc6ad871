"""The form of a team's record: what it starts from, and the record that it makes.

A piece that the form leaves as it was keeps its saying; what the form has no field for stays.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django import forms
from django.utils.translation import gettext_lazy as _

from comity.directory import types as t
from comity.directory.pages import lines, wording
from comity.directory.rules import constituency, contacts
from comity.kit import tlp
from comity.kit.errors import KitError
from comity.kit.languages import LANGUAGES
from comity.kit.sayings import Saying
from comity.kit.tlp import Label

LABELS = [(label.value, str(label)) for label in Label]
_ENGLISH = {"lang": "en", "dir": "ltr"}


def _text(label: Any, hint: Any = "", limit: int = 200, **attrs: Any) -> forms.CharField:
    widget = forms.TextInput(attrs=attrs)
    return forms.CharField(
        label=label, help_text=hint, max_length=limit, required=False, widget=widget
    )


def _box(label: Any, hint: Any = "", rows: int = 4) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        required=False,
        widget=forms.Textarea(attrs={"rows": rows, **_ENGLISH}),
    )


def _choice(label: Any, words: Mapping[str, Any], hint: Any = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, help_text=hint, required=False, choices=[("", _("not said")), *words.items()]
    )


class Record(forms.Form):
    """Everything of a team but contacts and keys."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput())
    name = forms.CharField(label=_("Name"), max_length=200)
    short_name = _text(_("Short name"))
    kind = forms.MultipleChoiceField(
        label=_("Kind"),
        required=False,
        choices=list(wording.KINDS.items()),
        widget=forms.CheckboxSelectMultiple(),
    )
    operational_status = _choice(_("State"), wording.STATUS)
    country = _text(
        _("Country"), _("Where its host sits, in two letters (ISO 3166-1)."), 2, **_ENGLISH
    )
    host_organisation = _text(_("Host organisation"))
    established = _text(
        _("Established"), _("A year, a month or a day, as 2014-05."), 10, **_ENGLISH
    )
    website = _text(_("Website"), "", 1000, **_ENGLISH)
    advisories = _text(_("Advisories"), _("The page where they are published."), 1000, **_ENGLISH)
    hours = _text(_("Hours"), _("24x7, or in words."))
    time_zone = _text(
        _("Time zone"), _("A name of the IANA table, as Africa/Nairobi."), 60, **_ENGLISH
    )
    language = _text(_("Languages"), _("Codes with blanks between, as en fr sw."), 80, **_ENGLISH)
    mandate_law = _text(_("National mandate: decree or law"))
    mandate_date = _text(_("Date of the mandate"), "", 10, **_ENGLISH)
    mandate_url = _text(_("Where the mandate can be read"), "", 1000, **_ENGLISH)
    mandate_scope = _text(_("What the mandate covers"), "", 500)
    government_role = _choice(
        _("Point of contact between governments"), {"yes": _("yes"), "no": _("no")}
    )
    itu_phase = _choice(_("Phase of the national CIRT"), wording.PHASES)
    service = _box(
        _("Services"),
        _("One a line: identifiers of the FIRST CSIRT Services Framework, as event-analysis."),
    )
    protocol = _box(
        _("Protocols spoken"),
        _(
            "One a line: taxii since 2020 tested 2026-05-30 https://taxii.example. "
            "Leave out what you do not know."
        ),
    )
    rfc2350 = _text(_("RFC 2350 description"), _("Its address."), 1000, **_ENGLISH)
    rfc2350_sha256 = _text(
        _("Checksum of the description"),
        _("Its SHA-256, so that a changed text shows."),
        **_ENGLISH,
    )
    expertise = _box(_("Expertise"), _("One a line."), 2)
    mandate_area = _box(_("Areas of the mandate"), _("One a line."), 2)
    mission = _box(_("Mission"))
    authority = _box(_("Authority"), _("Under whose authority the team acts."))
    sharing_policy = _box(_("How the team shares"))
    constituency_description = _box(_("Whom the team answers for, in words"))
    prefix = _box(
        _("Networks"),
        _(
            "One a line: 192.0.2.0/24, 2001:db8::/32 or a range. "
            "A marking may stand behind: TLP:GREEN."
        ),
    )
    asn = _box(_("AS numbers"), _("One a line: AS64500."))
    domain = _box(_("Domains"), _("One a line: example.gov.xx. What lies below belongs to it."))
    countries = _box(_("Countries served"), _("One a line: a code or a name."), 2)
    sector = _box(_("Sectors"), _("One a line."), 2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, language in LANGUAGES.items():
            field = _text(
                _("Official name in {language}").format(language=language.own_name),
                "",
                300,
                lang=code,
            )
            self.fields[f"official_name_{code}"] = field
        self.order_fields(["seen", "name", *(f"official_name_{code}" for code in LANGUAGES)])

    def clean_established(self) -> str:
        return lines.date(self.cleaned_data["established"])

    def clean_mandate_date(self) -> str:
        return lines.date(self.cleaned_data["mandate_date"])

    def clean_country(self) -> str:
        return lines.canonical(
            lambda: constituency.canonical_country(self.cleaned_data["country"]),
            self.cleaned_data["country"],
        )

    def clean_website(self) -> str:
        return lines.url(self.cleaned_data["website"])

    def clean_advisories(self) -> str:
        return lines.url(self.cleaned_data["advisories"])

    def clean_mandate_url(self) -> str:
        return lines.url(self.cleaned_data["mandate_url"])

    def clean_rfc2350(self) -> str:
        return lines.url(self.cleaned_data["rfc2350"])

    def clean_rfc2350_sha256(self) -> str:
        return lines.sha256(self.cleaned_data["rfc2350_sha256"])

    def clean_service(self) -> list[str]:
        return lines.codes(self.cleaned_data["service"])

    def clean_expertise(self) -> list[str]:
        return lines.words(self.cleaned_data["expertise"])

    def clean_mandate_area(self) -> list[str]:
        return lines.words(self.cleaned_data["mandate_area"])

    def clean_protocol(self) -> list[dict[str, str]]:
        return lines.protocols(self.cleaned_data["protocol"])

    def clean_language(self) -> list[str]:
        return [code for code in re.split(r"[\s,;]+", self.cleaned_data["language"]) if code]

    def clean_time_zone(self) -> str:
        zone: str = self.cleaned_data["time_zone"].strip()
        try:
            if zone:
                ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise forms.ValidationError(
                _("This is no time zone. Write one as Africa/Nairobi.")
            ) from None
        return zone

    def clean_prefix(self) -> list[lines.Piece]:
        return lines.pieces(t.HoldingKind.PREFIX, self.cleaned_data["prefix"])

    def clean_asn(self) -> list[lines.Piece]:
        return lines.pieces(t.HoldingKind.ASN, self.cleaned_data["asn"])

    def clean_domain(self) -> list[lines.Piece]:
        return lines.pieces(t.HoldingKind.DOMAIN, self.cleaned_data["domain"])

    def clean_countries(self) -> list[lines.Piece]:
        return lines.pieces(t.HoldingKind.COUNTRY, self.cleaned_data["countries"])

    def clean_sector(self) -> list[lines.Piece]:
        return lines.pieces(t.HoldingKind.SECTOR, self.cleaned_data["sector"])


class OneContact(forms.Form):
    """One way to reach the team. An empty address takes the line away."""

    value = _text(_("Address or number"), "", 1000, **_ENGLISH)
    kind = forms.ChoiceField(label=_("Kind"), choices=list(wording.CONTACT_KINDS.items()))
    purpose = forms.ChoiceField(label=_("For"), choices=list(wording.PURPOSES.items()))
    label = forms.ChoiceField(label=_("Marking"), choices=LABELS)
    hours = _text(_("Hours"))
    note = _text(_("Note"), "", 500)
    consent = forms.BooleanField(
        label=_("It names a person, who agreed to stand here"), required=False
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        value = given.get("value", "").strip()
        if not value or "kind" not in given:
            return given
        try:
            given["value"] = contacts.canonical_contact(t.ContactKind(given["kind"]), value)
        except KitError as error:
            self.add_error("value", f"{error.message}. {error.remedy}")
            return given
        mail = given["kind"] == t.ContactKind.EMAIL
        if (
            mail
            and not given.get("consent")
            and not contacts.is_role_mailbox(given["value"], purpose_said=True)
        ):
            self.add_error(
                "value",
                _(
                    "This looks like a person's address. Give the team's mailbox, or say that the "
                    "person agreed."
                ),
            )
        return given


Contacts = forms.formset_factory(OneContact, extra=2, max_num=60, absolute_max=80)


# --- from a record and back ---------------------------------------------------------------

_SINGLE = (
    "short_name",
    "operational_status",
    "host_organisation",
    "established",
    "website",
    "advisories",
    "hours",
    "time_zone",
    "itu_phase",
    "mission",
    "authority",
    "sharing_policy",
    "constituency_description",
)
_HELD = (*_SINGLE, "official_name", "kind", "language", "national_mandate", "government_role")
_LISTS = ("service", "expertise", "mandate_area")
_FIELDS = frozenset({*_HELD, *_LISTS, "protocol", "rfc2350"})
_PIECES = {
    t.HoldingKind.PREFIX: "prefix",
    t.HoldingKind.ASN: "asn",
    t.HoldingKind.DOMAIN: "domain",
    t.HoldingKind.COUNTRY: "countries",
    t.HoldingKind.SECTOR: "sector",
}


_MANDATE = {
    "law": "mandate_law",
    "date": "mandate_date",
    "url": "mandate_url",
    "scope": "mandate_scope",
}


def initial(record: t.TeamRecord, name: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What the form and the lines of contacts start from."""
    by_field: dict[str, list[t.Value]] = {}
    for value in record.values:
        by_field.setdefault(value.field, []).append(value)
    first: dict[str, Any] = {"name": name, "country": record.country}
    for field in _SINGLE:
        first[field] = by_field[field][0].value if field in by_field else ""
    for value in by_field.get("official_name", []):
        first.setdefault(f"official_name_{value.said.language[:2]}", value.value)
    first["kind"] = list(dict.fromkeys(v.value for v in by_field.get("kind", [])))
    first["language"] = " ".join(dict.fromkeys(str(v.value) for v in by_field.get("language", [])))
    role = by_field.get("government_role")
    first["government_role"] = ("yes" if role[0].value else "no") if role else ""
    for field in _LISTS:
        first[field] = "\n".join(dict.fromkeys(str(v.value) for v in by_field.get(field, [])))
    first |= _parts(by_field, "national_mandate", **_MANDATE)
    first |= _parts(by_field, "rfc2350", url="rfc2350", sha256="rfc2350_sha256")
    first["protocol"] = "\n".join(
        dict.fromkeys(
            lines.protocol_line(v.value)
            for v in by_field.get("protocol", [])
            if isinstance(v.value, Mapping)
        )
    )
    for kind, field in _PIECES.items():
        first[field] = "\n".join(dict.fromkeys(_line(h) for h in record.holdings if h.kind is kind))
    rows = [
        {
            "value": c.value,
            "kind": c.kind.value,
            "purpose": c.purpose.value,
            "label": c.label.value,
            "hours": c.hours,
            "note": c.note,
            "consent": c.consent,
        }
        for c in record.contacts
    ]
    return first, rows


def _line(holding: t.Holding) -> str:
    return holding.value if holding.label is Label.CLEAR else f"{holding.value} {holding.label}"


def _parts(by_field: Mapping[str, list[t.Value]], field: str, **names: str) -> dict[str, str]:
    held = by_field.get(field)
    value = held[0].value if held else {}
    inside = value if isinstance(value, Mapping) else {}
    return {name: str(inside.get(part, "")) for part, name in names.items()}


def record_of(
    given: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], base: t.TeamRecord, code: str
) -> t.TeamRecord:
    """The record that a form says, on the ground of the one it started from."""
    marks = {value.field: value.label for value in base.values}
    values: list[t.Value] = [value for value in base.values if value.field not in _FIELDS]

    def say(field: str, value: Any, language: str = "") -> None:
        if value not in ("", None, {}):
            label = marks.get(field, Label.CLEAR)
            values.append(t.Value(field, value, label, Saying(language=language)))

    for field in _SINGLE:
        say(field, given[field])
    for language in LANGUAGES:
        say("official_name", given[f"official_name_{language}"], language)
    for field in ("kind", "language", *_LISTS, "protocol"):
        for value in given[field]:
            say(field, value)
    if given["government_role"]:
        say("government_role", given["government_role"] == "yes")
    say("national_mandate", {p: given[n] for p, n in _MANDATE.items() if given[n]})
    documents = [
        v.value for v in base.values if v.field == "rfc2350" and isinstance(v.value, Mapping)
    ]
    document = {"url": given["rfc2350"], "sha256": given["rfc2350_sha256"]}
    document = {part: text for part, text in document.items() if text}
    # The day when it was checked belongs to this address and this text.
    same = [d for d in documents if {p: d[p] for p in ("url", "sha256") if d.get(p)} == document]
    say("rfc2350", dict(same[0]) if same else document)
    kept = t.TeamRecord(
        code,
        given["name"].strip(),
        given["country"],
        values=tuple(values),
        contacts=tuple(_contact(line) for line in rows if line.get("value")),
        holdings=tuple(
            t.Holding(piece.kind, piece.value, piece.label)
            for field in _PIECES.values()
            for piece in given[field]
        ),
    )
    return _as_said_before(kept, base)


def _contact(line: Mapping[str, Any]) -> t.Contact:
    return t.Contact(
        t.ContactPurpose(line["purpose"]),
        t.ContactKind(line["kind"]),
        line["value"],
        tlp.parse(line["label"]),
        line["hours"].strip(),
        line["note"].strip(),
        bool(line["consent"]),
    )


def _as_said_before(record: t.TeamRecord, base: t.TeamRecord) -> t.TeamRecord:
    """What was left as it was keeps since when and on what evidence it is said."""

    def same(new: Any, held: Sequence[Any]) -> Any:
        for old in held:
            bare = Saying(language=old.said.language)
            if replace(old, said=bare) == replace(new, said=Saying(language=new.said.language)):
                return old
        return new

    parts = {}
    for part in ("values", "contacts", "holdings"):
        held: dict[Any, list[Any]] = {}
        for old in getattr(base, part):
            held.setdefault(_slot(old), []).append(old)
        parts[part] = tuple(same(new, held.get(_slot(new), ())) for new in getattr(record, part))
    return replace(record, **parts)


def _slot(piece: Any) -> str:
    return piece.field if isinstance(piece, t.Value) else piece.value
