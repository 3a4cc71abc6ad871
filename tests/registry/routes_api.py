"""The API of the registry, for the walk (tests/walk.py); `routes.py` of the room joins these rows.

They need the sample entries in the house (`comity.registry.actions.load_sample`).
"""

from tests.walk import Row

NOBODY = "019a0000-0000-7000-8000-000000000000"
AGREEMENT = {"kind": "agreement", "key": "agr-001"}
_KNOWN = {"anonymous": 401, "reader": 200, "html": False}  # somebody's own: sign in
_GONE = {"anonymous": 401, "reader": 404, "html": False}  # of a thing that is not there
_ACT = {"anonymous": 401, "method": "POST", "html": False}


def _post(route: str, *, reader: int, focal: int, secretariat: int = 0, **kwargs: object) -> Row:
    """A POST without JSON: who may gets 400 (no JSON) or 422 (no form), who may not 403."""
    return Row(
        f"api:{route}", kwargs=kwargs, reader=reader, focal=focal, secretariat=secretariat, **_ACT
    )


ROWS = [
    Row("api:registry_kinds", html=False),
    Row("api:registry_kind", kwargs={"kind": "agreement"}, html=False),
    Row("api:registry_kind", kwargs={"kind": "nothing"}, anonymous=404, html=False),
    Row("api:registry_vocabulary", kwargs={"name": "areas"}, html=False),
    Row("api:registry_entries", html=False),
    Row("api:registry_entries", query="?kind=agreement&country=KE&facets=country,year", html=False),
    Row("api:registry_entries", query="?colour=red", anonymous=400, html=False),
    Row("api:registry_search", query="?q=cybersecurity", html=False),
    Row("api:registry_entry_by_id", kwargs={"id": NOBODY}, anonymous=404, html=False),
    Row("api:registry_entry", kwargs=AGREEMENT, html=False),
    Row("api:registry_entry_history", kwargs=AGREEMENT, html=False),
    Row("api:registry_country", kwargs={"code": "KE"}, html=False),
    Row("api:registry_access", html=False),
    Row("api:registry_needs", html=False),
    Row("api:registry_needs", query="?kind=project&country=KE&currency=USD", html=False),
    Row("api:registry_submissions", **_KNOWN),
    Row("api:registry_submission", kwargs={"id": NOBODY}, **_GONE),
    Row("api:registry_batches", **_KNOWN),
    Row("api:registry_batch", kwargs={"id": NOBODY}, **_GONE),
    Row("api:registry_requests", **_KNOWN),
    Row("api:registry_request", kwargs={"key": "none"}, **_GONE),
    Row("api:registry_request_matches", kwargs={"key": "none"}, **_GONE),
    Row("api:registry_searches", **_KNOWN),
    _post("registry_submissions", reader=403, focal=400),
    _post("check_record", reader=403, focal=400),
    _post("act_on_submission", reader=400, focal=400, id=NOBODY, act="accept"),
    _post("registry_batches", reader=403, focal=422),
    _post("mend_row", reader=403, focal=400, id=NOBODY, row=1),
    _post("drop_row", reader=403, focal=400, id=NOBODY, row=1),
    _post("load_records", reader=403, focal=403, secretariat=400, kind="agreement"),
    _post("reply_to_entry", reader=403, focal=400, secretariat=403, **AGREEMENT),
    _post("say_applied", reader=403, focal=400, secretariat=403, **AGREEMENT),
    _post("confirm_entry", reader=403, focal=400, secretariat=403, **AGREEMENT),
    _post("act_on_request", reader=400, focal=400, key="none", act="add"),
    _post("registry_searches", reader=400, focal=400),
    _post("see_search", reader=404, focal=404, id=NOBODY),
    Row("api:withdraw_reply", kwargs={"id": NOBODY}, method="DELETE", anonymous=401, reader=403,
        focal=404, secretariat=403, html=False),
    Row("api:delete_search", kwargs={"id": NOBODY}, method="DELETE", **_GONE),
]  # fmt: skip
