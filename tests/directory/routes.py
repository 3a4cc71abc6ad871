"""The doors of the room, for the walk (tests/walk.py)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from tests.walk import Row

A = {"code": "csirt-sample-a"}  # its body is that of the sample focal point
_DONE = {"anonymous": 403, "secretariat": 200}  # by the secretariat
_OWN = {"anonymous": 403, "focal": 200}  # by the team's people, and the secretariat beside them
NOBODY = UUID(int=1)
_ACT = {"anonymous": 401, "reader": 403, "html": False}


def prepare() -> dict[str, object]:
    """The sample data, with a contact test that waits for its answer and a key."""
    from django.utils import timezone

    from comity.directory import actions
    from comity.directory import models as m
    from comity.directory.actions import testing
    from comity.people.actions import ensure_samples

    ensure_samples()
    actions.load_sample()
    team = m.Team.objects.get(code="csirt-sample-a")
    mailbox = team.contacts.filter(kind="email").order_by("pk")[0]
    test = testing._made(mailbox, "gateway", timezone.now())
    return {"link": testing.token(test.pk), "key": team.keys.get().pk, "body": team.body_id}


def _link(world: dict[str, Any]) -> dict[str, Any]:
    return {"token": world["link"]}


def _body(world: dict[str, Any]) -> dict[str, Any]:
    return {"key": world["body"]}


def _key(world: dict[str, Any]) -> dict[str, Any]:
    return A | {"number": world["key"]}


ROWS = [
    Row("directory:responsible"),
    Row("directory:responsible", query="?q=192.0.2.200"),
    Row("directory:responsible", query="?q=KE"),
    Row("directory:responsible", query="?q=10.0.0.1"),
    Row("directory:responsible", query="?q=nonsense", anonymous=400),
    Row("directory:teams"),
    Row("directory:teams", query="?region=AFR&kind=national"),
    Row("directory:teams", query="?q=nobody"),
    Row("directory:teams", query="?after=ke-ke-cirt-cc"),
    Row("directory:countries"),
    Row("directory:communities"),
    Row("directory:community", kwargs={"code": "oic-cert"}),
    Row("directory:community", kwargs={"code": "none"}, anonymous=404),
    Row("directory:country", kwargs={"code": "KE"}),
    Row("directory:country", kwargs={"code": "BD"}),  # leaves the list of the LDC
    Row("directory:country", kwargs={"code": "KEN"}, anonymous=301),
    Row("directory:country", kwargs={"code": "ZZ"}, anonymous=404),
    Row("directory:coverage", kwargs={"code": "KE"}),
    Row("directory:coverage", kwargs={"code": "ZZ"}, anonymous=404),
    Row("directory:new_community", **_DONE),
    Row("directory:new_community", method="POST", data={"name": ""}, **_DONE),
    Row("directory:edit_community", kwargs={"code": "oic-cert"}, **_DONE),
    Row("directory:edit_community", kwargs={"code": "none"}, anonymous=403, secretariat=404),
    Row("directory:bodies"),
    Row("directory:body", kwargs=_body),
    Row("directory:body", kwargs={"key": NOBODY}, anonymous=404),
    Row("directory:describe", kwargs=_body, **_OWN),
    Row("directory:describe", kwargs=_body, method="POST", data={"website": "none"}, **_OWN),
    Row("directory:describe", kwargs={"key": NOBODY}, anonymous=404),
    Row("directory:reviews", anonymous=403, duty=200),
    Row("directory:import", **_DONE),
    Row("directory:import", method="POST", data={"name": ""}, **_DONE),
    Row("directory:answer", kwargs=_link),
    Row("directory:answer", kwargs={"token": "x:y"}, anonymous=404),
    Row("directory:answer", kwargs={"token": "x:y"}, method="POST", anonymous=404),
    Row("directory:team", kwargs=A),
    Row("directory:team", kwargs={"code": "ke-ke-cirt-cc"}),
    Row("directory:team", kwargs={"code": "nobody"}, anonymous=404),
    Row("directory:edit", kwargs=A, **_OWN),
    Row("directory:edit", kwargs=A, method="POST", data={"name": ""}, **_OWN),
    Row("directory:reviewed", kwargs=A, method="POST", anonymous=403, focal=302, secretariat=403),
    Row("directory:test", kwargs=A, method="POST", anonymous=403, secretariat=302),
    Row("directory:keys", kwargs=A, **_OWN),
    Row("directory:keys", kwargs=A, method="POST", data={"kind": "openpgp", "text": "none"}, **_OWN),
    Row("directory:key", kwargs=_key),
    Row("directory:key", kwargs=_key, method="POST", data={"what": "revoke", "reason": ""}, **_OWN),
    Row("directory:key", kwargs=A | {"number": 999999}, anonymous=404),
    Row("api:responsible", query="?q=AS64500", html=False),
    Row("api:teams", html=False),
    Row("api:teams_file", kwargs={"form": "ti"}, html=False),
    Row("api:teams_file", kwargs={"form": "xlsx"}, query="?country=KE&kind=national", html=False),
    Row("api:teams_file", kwargs={"form": "none"}, html=False, anonymous=404),
    Row("api:team", kwargs=A, html=False),
    Row("api:team", kwargs={"code": "nobody"}, html=False, anonymous=404),
    Row("api:team_file", kwargs=A | {"ending": "vcf"}, html=False),
    Row("api:team_file", kwargs=A | {"ending": "first.json"}, html=False),
    Row("api:team_file", kwargs=A | {"ending": "none"}, html=False, anonymous=404),
    Row("api:team_rfc2350", kwargs=A, html=False),
    Row("api:team_keys", kwargs=A, html=False),
    Row("api:countries", html=False),
    Row("api:coverage", kwargs={"code": "KE"}, html=False),
    Row("api:communities", html=False),
    Row("api:community", kwargs={"code": "oic-cert"}, html=False),
    Row("api:services", html=False),
    Row("api:country", kwargs={"code": "KE"}, html=False),
    Row("api:country", kwargs={"code": "ZZ"}, html=False, anonymous=404),
    Row("api:bodies", html=False),
    Row("api:body", kwargs=_body, html=False),
    Row("api:body", kwargs={"key": NOBODY}, html=False, anonymous=404),
    Row("api:due", html=False, anonymous=401, reader=403, focal=200),
    Row("api:body", kwargs=_body, method="PUT", **_ACT, focal=422),
    Row("api:community", kwargs={"code": "oic-cert"}, method="PUT", **_ACT, secretariat=422),
    Row("api:refuse_key", kwargs=_key, method="POST", **_ACT, focal=400),  # it does not wait
    Row("api:own_record", kwargs=A, html=False, anonymous=401, reader=403, focal=200),
    Row("api:own_record", kwargs=A, method="PUT", **_ACT, focal=422),
    Row("api:reviewed", kwargs=A, method="POST", **_ACT, focal=200, secretariat=403),
    Row("api:import_teams", method="POST", **_ACT, secretariat=422),  # no file
    Row("api:test_team", kwargs=A, method="POST", **_ACT, secretariat=400),  # a sample team
    # A form where JSON is asked for is refused with 400.
    Row("api:add_key", kwargs=A, method="POST", **_ACT, focal=400),
    Row("api:confirm_key", kwargs=_key, method="POST", **_ACT, focal=400),
    Row("api:revoke_key", kwargs=_key, method="POST", **_ACT, focal=400),
]  # fmt: skip
