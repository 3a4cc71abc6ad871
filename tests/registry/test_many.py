"""One act on several submissions: each by itself, with its own step; the rest is told."""

from __future__ import annotations

import pytest

from comity.ledger.models import Act as LedgerAct
from comity.registry import actions
from comity.registry.models import Entry, Submission
from comity.registry.rules.submissions import Act
from tests.registry.submitting import cast, record, url

pytestmark = pytest.mark.django_db


def test_many_are_accepted_and_signed_off_at_once_each_by_itself() -> None:
    world = cast()
    author, reviewer = world.client("focal"), world.client("secretariat")
    titles = ("Drill of the north", "Workshop of the south", "Forum on cables")
    rows = [
        actions.submit_record(world.viewer("contributor"), record(title=title)) for title in titles
    ]

    def chosen(rows: list[Submission]) -> list[str]:
        return [f"{row.id}:{row.act}" for row in rows]

    queue = url("submissions")
    text = reviewer.get(queue).content.decode()
    assert text.count('name="row"') == 3 and 'value="accept"' in text
    assert 'value="sign_off"' not in text
    actions.act_on(world.viewer("secretariat"), rows[2].id, Act.ASK_BACK, reason="Which cable?")
    answer = reviewer.post(queue, {"do": "accept", "row": chosen(rows)})
    told = answer.content.decode()
    assert answer.status_code == 200 and "2 submissions: done" in told
    assert "Forum on cables · Somebody acted on this submission in the meantime" in told

    def states() -> list[str]:
        return [Submission.objects.get(id=row.id).state for row in rows]

    assert states() == ["accepted", "accepted", "returned"]
    assert reviewer.post(queue, {"do": "sign_off", "row": chosen(rows)}).status_code == 200
    assert "accepted" in states(), "the State's word is the State's"
    assert "Nothing was chosen" in reviewer.post(queue, {"do": "accept"}).content.decode()
    now = [Submission.objects.get(id=row.id) for row in rows[:2]]
    without = author.post(queue, {"do": "hold_back", "row": chosen(now)}).content.decode()
    assert "This needs a reason" in without and states()[:2] == ["accepted", "accepted"]
    steps = LedgerAct.objects.count()
    assert author.post(queue, {"do": "sign_off", "row": chosen(now)}).status_code == 302
    assert states() == ["published", "published", "returned"]
    assert Entry.objects.filter(title__in=titles[:2], owner=world.kenya).count() == 2
    assert LedgerAct.objects.count() >= steps + 4
    again = author.post(queue, {"do": "sign_off", "row": chosen(now)})
    assert again.status_code == 200 and Entry.objects.count() == 2
    assert (
        world.client("other").post(queue, {"do": "withdraw", "row": chosen(now)}).status_code == 403
    )
    alien = world.client("other").post(queue, {"do": "reject", "reason": "x", "row": chosen(now)})
    assert titles[0] not in alien.content.decode() and states()[0] == "published"
