"""The doors of desk, needs, access and "we apply this", for the walk (tests/walk.py).

Sample persons show no second factor, so what is AMBER is not there for any of them.
"""

from __future__ import annotations

from typing import Any

from tests.walk import Row

REQUEST, HIDDEN, PRACTICE = "walked-request", "hidden-request", "walked-practice"


def prepare() -> dict[str, object]:
    """A public request and a confidential one of the sample administration, matched offers, money,
    a tool, an agreement and a practice."""
    from comity.kit.sayings import Voice
    from comity.kit.tlp import Label
    from comity.people.actions import ensure_samples, find_body
    from comity.people.actions.sample import ADMINISTRATION
    from comity.registry.actions.desk import ask
    from comity.registry.actions.writing import Speaker, store
    from comity.registry.models import Entry
    from comity.registry.types import Given, Record

    ensure_samples()
    body = find_body(ADMINISTRATION)
    speaker = Speaker(Voice.OWN, body.name, body.pk)
    money = {"amount": "1000.00", "currency": "CHF", "date": "2026"}

    def wrote(kind: str, key: str, label: Label, **values: Any) -> Entry:
        given = tuple(
            Given(field, one, "en" if field in ("title", "need") else "")
            for field, many in values.items()
            for one in (many if isinstance(many, list) else [many])
        )
        record = Record(kind, key, "", given)
        store([record], speaker, act="test_write", owner=body.pk, label=label)
        return Entry.objects.get(kind=kind, key=key)

    for key, label in ((REQUEST, Label.CLEAR), (HIDDEN, Label.AMBER)):
        ask(
            wrote(
                "request",
                key,
                label,
                title=f"Analysts ({key})",
                country=["KE"],
                body=[{"name": body.name, "body": str(body.pk)}],
                need="Nobody handles incidents at night.",
                area=["incident_response"],
                language=["fr"],
                finance_needed=[money],
            )
        )
    wrote(
        "practice",
        PRACTICE,
        Label.CLEAR,
        title="Publish security.txt",
        area=["incident_response"],
        applied_since=[{"event": "applies", "date": "2020", "until": "", "note": ""}],
    )
    return {}


_SEEN = {"anonymous": 403, "reader": 403, "duty": 403, "focal": 200, "secretariat": 200}
_APPLY = {"kind": "practice", "key": PRACTICE}

ROWS = [
    Row("registry:desk", **_SEEN),
    Row("registry:desk", query="?state=open&band=under_30", **_SEEN, browser=False),
    Row("registry:request", kwargs={"key": REQUEST}, **_SEEN),
    Row("registry:request", kwargs={"key": HIDDEN}, anonymous=404),
    Row("registry:request", kwargs={"key": "none"}, anonymous=404, browser=False),
    Row(
        "registry:request",
        kwargs={"key": REQUEST},
        method="POST",
        data={"act": "answer", "reason": "We are looking."},
        anonymous=403,
        focal=403,
        secretariat=302,
    ),
    Row("registry:needs"),
    Row("registry:needs", query="?country=KE&currency=CHF"),
    Row("registry:access"),
    Row("registry:apply", kwargs=_APPLY, anonymous=403, focal=200, secretariat=403),
    Row(
        "registry:apply",
        kwargs=_APPLY,
        method="POST",
        data={"event": "applies", "date": "2019"},  # no body: the form is shown again
        anonymous=403,
        focal=200,
        secretariat=403,
    ),
]
