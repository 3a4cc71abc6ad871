"""The form of a team's record: its fields, what each takes, and where a fault is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django import forms
from django.utils.translation import gettext_lazy as _

from comity.directory import types as t
from comity.directory.pages import lines, wording
from comity.directory.pages.frame import said
from comity.directory.rules import constituency, contacts
from comity.kit.errors import KitError
from comity.kit.languages import LANGUAGES
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


def own_name(code: str) -> forms.CharField:
    """The field of an official name in one of the six languages."""
    label = _("Official name in {language}").format(language=LANGUAGES[code].own_name)
    return _text(label, "", 300, lang=code, dir="rtl" if code == "ar" else "ltr")


_YESNO = {"yes": _("yes"), "no": _("no")}


class Record(forms.Form):
    """Everything of a team but contacts and keys."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput())
    name = forms.CharField(label=_("Name"), max_length=200)
    short_name = _text(_("Short name"))
    former_name = _box(
        _("Former names"),
        _("One a line. A language may stand before: fr: Ancien nom."),
        2,
    )
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
    government_role = _choice(_("Point of contact between governments"), _YESNO)
    itu_phase = _choice(_("Phase of the national CIRT"), wording.PHASES)
    service = _box(
        _("Services"),
        _(
            "One a line, by identifier or English name of the FIRST CSIRT Services Framework: "
            "event-analysis. All are listed at /api/v1/directory/services."
        ),
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
    rfc2350_checked_on = _text(
        _("Description last compared"),
        _("The day when the text at the address had this checksum."),
        10,
        **_ENGLISH,
    )
    membership = _box(
        _("Member of"),
        _("One a line: the community, the level, since when. As FIRST, full member, since 2014."),
        3,
    )
    cna = _choice(_("Gives out CVE identifiers"), _YESNO)
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
        for code in LANGUAGES:
            self.fields[f"official_name_{code}"] = own_name(code)
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
        return lines.services(self.cleaned_data["service"])

    def clean_former_name(self) -> list[tuple[str, str]]:
        return lines.names(self.cleaned_data["former_name"])

    def clean_membership(self) -> list[dict[str, str]]:
        return lines.memberships(self.cleaned_data["membership"])

    def clean_rfc2350_checked_on(self) -> str:
        return lines.date(self.cleaned_data["rfc2350_checked_on"])

    def clean_expertise(self) -> list[str]:
        return lines.words(self.cleaned_data["expertise"])

    def clean_mandate_area(self) -> list[str]:
        return lines.words(self.cleaned_data["mandate_area"])

    def clean_protocol(self) -> list[dict[str, str]]:
        return lines.protocols(self.cleaned_data["protocol"])

    def clean_language(self) -> list[str]:
        return lines.languages(self.cleaned_data["language"])

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
            self.add_error("value", said(error))
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
