"""The doors of submissions, files, replies and one's own pages, for the walk (tests/walk.py)."""

from __future__ import annotations

from typing import Any

from tests.walk import Row

NONE = "019a0000-0000-7000-8000-000000000000"
_IN = {"anonymous": 302, "reader": 200}  # signed in; what is shown is what one may see
_WRITE = {"anonymous": 403, "focal": 200}  # done by those who submit


def prepare() -> dict[str, object]:
    """A submission in review, a file with a row that waits and an entry, of the sample body."""
    from comity.people.actions import ensure_samples
    from comity.people.reads import today, viewer_for
    from comity.registry import actions
    from comity.registry.actions.audience import keep_reviewers
    from comity.registry.rules.submissions import Act
    from tests.registry.submitting import record

    accounts = {sample.username: account for sample, account in ensure_samples()}
    keep_reviewers("gateway")

    def viewer(name: str) -> Any:
        return viewer_for(accounts[f"sample-{name}"], on=today(), second_factor=False)

    author, reviewer = viewer("focal-point"), viewer("secretariat")
    made = actions.submit_record(author, record(title="Drill of the walk", country="KE"))
    actions.act_on(reviewer, made.id, Act.ACCEPT)
    entry = actions.act_on(author, made.id, Act.SIGN_OFF).entry
    assert entry is not None
    waits = actions.submit_record(author, record(title="Second drill", country="UG"))
    draft = actions.submit_record(author, record(title="Third drill"), send=False)
    file = b"title,country\nFourth drill,KE\nNo such country,XX\n"
    batch = actions.submit_file(author, "activity", file, "walk.csv").batch
    assert batch is not None
    actions.answer(author, entry, "It was held as planned.")
    kept = actions.save_search(author, "Drills", "q=drill")
    return {
        "own_entry": {"kind": "activity", "key": entry.key},
        "in_review": {"id_": waits.id},
        "draft": {"id_": draft.id},
        "batch": {"id_": batch.id},
        "waiting": {"id_": batch.id, "number": 3},
        "own_search": {"id_": kept.id},
    }


def _of(name: str) -> Any:
    return lambda world: world[name]


ROWS = [
    Row("registry:submit", kwargs={"kind": "activity"}, **_WRITE),
    Row("registry:submit", kwargs={"kind": "situation"}, **_WRITE),
    Row("registry:submit", kwargs={"kind": "activity"}, method="POST", data={"do": "send"}, **_WRITE),
    Row("registry:edit", kwargs=_of("own_entry"), anonymous=403, focal=200, secretariat=403),
    Row("registry:submissions", **_IN),
    Row("registry:submissions", method="POST", data={"do": "accept"}, anonymous=302, reader=200),
    Row("registry:submissions", query="?state=submitted&whose=mine", **_IN),
    Row("registry:submission", kwargs=_of("in_review"), anonymous=302, reader=404, focal=200),
    Row("registry:submission", kwargs=_of("draft"), anonymous=302, reader=404, focal=200, secretariat=404),
    Row("registry:rewrite", kwargs=_of("draft"), anonymous=404, focal=200, secretariat=404),
    Row("registry:amend", kwargs=_of("in_review"), anonymous=404, focal=403, secretariat=200),
    Row("registry:upload", anonymous=302, reader=403, focal=200),
    Row("registry:template", kwargs={"kind": "activity", "form": "csv"}, html=False),
    Row("registry:batch", kwargs=_of("batch"), anonymous=302, reader=404, focal=200, secretariat=404),
    Row("registry:mend", kwargs=_of("waiting"), anonymous=302, reader=404, focal=200, secretariat=404),
    Row("registry:my_body", **_IN),
    Row("registry:my_tasks", **_IN),
    Row("registry:my_searches", **_IN),
    Row("registry:my_search", kwargs=_of("own_search"), method="POST", data={"do": "open"},
        anonymous=302, reader=404, focal=302, secretariat=404),
    Row("registry:reply", kwargs=_of("own_entry"), anonymous=403, focal=200, secretariat=403),
    Row("registry:take_back_reply", kwargs={"id_": NONE}, method="POST", anonymous=404),
]  # fmt: skip
