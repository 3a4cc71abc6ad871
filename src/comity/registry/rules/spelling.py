"""A value as one cell of text, and back: "24 @ 2014 # drills", "Kenya | KE | state".

Only the form is read here; what a value may be is checked in `rules/values.py` for every door.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from comity.kit.languages import gettext_noop
from comity.registry.types import BadValue, FieldType

PARTY_PARTS = ("name", "country", "level", "role")


def _split(text: str, mark: str) -> tuple[str, str]:
    before, _mark, after = text.partition(f" {mark} ")
    return before.strip(), after.strip()


def _number_text(when: str, unit: str) -> Callable[[str], dict[str, str]]:
    def read(text: str) -> dict[str, str]:
        head, note = _split(text, "#")
        number, date = _split(head, "@")
        found = {"n": number, when: date}
        return found | {unit: note} if unit else found

    return read


def _money_text(text: str) -> dict[str, str]:
    head, date = _split(text, "@")
    amount, _blank, currency = head.partition(" ")
    return {"amount": amount, "currency": currency.strip(), "date": date}


def _event_text(text: str) -> dict[str, str]:
    head, note = _split(text, "#")
    event, when = _split(head, "@")
    date, slash, until = when.partition("/")
    return {
        "event": event,
        "date": "" if date == ".." else date,
        "until": until if slash else "",
        "note": note,
    }


def _party_text(text: str) -> dict[str, str]:
    parts = [part.strip() for part in text.split("|")]
    if len(parts) > len(PARTY_PARTS):
        raise BadValue(
            gettext_noop("A party has at most four parts"),
            "",
            gettext_noop("name | country | level | role"),
        )
    return dict(zip(PARTY_PARTS, parts + [""] * (len(PARTY_PARTS) - len(parts)), strict=True))


FROM_TEXT: dict[FieldType, Callable[[str], Any]] = {
    FieldType.COUNT: _number_text("period", "unit"),
    FieldType.TOTAL: _number_text("as_of", "unit"),
    FieldType.SHARE: _number_text("as_of", ""),
    FieldType.MONEY: _money_text,
    FieldType.EVENT: _event_text,
    FieldType.PARTY: _party_text,
    FieldType.BODY: lambda text: {"name": text, "body": ""},
}


def _joined(head: str, date: str, note: str = "") -> str:
    return head + (f" @ {date}" if date else "") + (f" # {note}" if note else "")


def _event_to_text(value: Mapping[str, str]) -> str:
    when = value["date"]
    if value["until"]:
        when = f"{when or '..'}/{value['until']}"
    return _joined(value["event"], when, value["note"])


def _party_to_text(value: Mapping[str, str]) -> str:
    parts = [value[part] for part in PARTY_PARTS]
    while not parts[-1]:
        parts.pop()
    return " | ".join(parts)


TO_TEXT: dict[FieldType, Callable[[Any], str]] = {
    FieldType.COUNT: lambda v: _joined(str(v["n"]), v["period"], v["unit"]),
    FieldType.TOTAL: lambda v: _joined(str(v["n"]), v["as_of"], v["unit"]),
    FieldType.SHARE: lambda v: _joined(v["n"], v["as_of"]),
    FieldType.MONEY: lambda v: _joined(f"{v['amount']} {v['currency']}", v["date"]),
    FieldType.EVENT: _event_to_text,
    FieldType.PARTY: _party_to_text,
    FieldType.BODY: lambda v: str(v["name"]),
    FieldType.YESNO: lambda v: "yes" if v else "no",
}
