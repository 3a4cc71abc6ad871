"""The administration, for the walk: absent for every kind of viewer that is walked.

Who may see it is an administrator with a second factor; `tests/site/test_admin.py` is that one.
"""

from tests.walk import Row

NOBODY = "019a0000-0000-7000-8000-000000000000"
TABLES = {
    "ledger_act": 1,
    "people_person": NOBODY,
    "people_account": 1,
    "people_body": NOBODY,
    "people_group": NOBODY,
    "people_membership": NOBODY,
    "people_grant": NOBODY,
    "directory_team": NOBODY,
    "directory_contact": 1,
    "directory_teamkey": 1,
    "directory_holding": 1,
    "directory_contacttest": NOBODY,
    "registry_entry": 1,
    "registry_statement": 1,
    "registry_batch": NOBODY,
    "registry_submission": 1,
}
_ABSENT = {"anonymous": 404, "html": False}

ROWS = [
    Row("admin-bare", **_ABSENT),
    Row("admin:index", **_ABSENT),
    Row("admin:jsi18n", **_ABSENT),
    Row("admin:app_list", kwargs={"app_label": "people"}, **_ABSENT),
    Row("admin:absent", kwargs={"url": "nothing/"}, **_ABSENT),
    *(Row(f"admin:{table}_{way}", **_ABSENT) for table in TABLES for way in ("changelist", "add")),
    *(
        Row(f"admin:{table}_{way}", kwargs={"object_id": id_}, method=method, **_ABSENT)
        for table, id_ in TABLES.items()
        for way in ("change", "history", "delete")
        for method in ("GET", "POST")
    ),
]
