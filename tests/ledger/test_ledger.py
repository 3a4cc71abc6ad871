"""The record of acts: chained, append-only, verifiable on both databases."""

from __future__ import annotations

import dataclasses
import json

import pytest
from click.testing import CliRunner
from django.db import DatabaseError, connection, transaction

from comity.ledger import actions, reads, rules, triggers
from comity.ledger.cli import ledger
from comity.ledger.models import Act


def write(count: int = 3) -> None:
    with transaction.atomic():
        for n in range(count):
            actions.record("load_instrument", f"itu-pp/res-{n}", content={"n": n})


REFUSED = {
    "update": "UPDATE ledger_act SET act = 'x' WHERE seq = 2",
    "delete": "DELETE FROM ledger_act WHERE seq = 3",
    "delete all": "DELETE FROM ledger_act",
    "skip a number": "INSERT INTO ledger_act (seq, moment, act, actor, object, digest, previous, hash)"
    " VALUES (9, '2026-01-01 00:00:00', 'a', 'b', 'c', '', 'p', 'h')",
    "fork": "INSERT INTO ledger_act (seq, moment, act, actor, object, digest, previous, hash)"
    " VALUES (4, '2026-01-01 00:00:00', 'a', 'b', 'c', '', 'p', 'h')",
}
BY_VENDOR = {
    "sqlite": {
        "replace": "INSERT OR REPLACE INTO ledger_act (seq, moment, act, actor, object, digest, previous,"
        " hash) SELECT seq, moment, 'x', actor, object, digest, previous, hash FROM ledger_act WHERE seq=2",
        "update or replace": "UPDATE OR REPLACE ledger_act SET seq = 1 WHERE seq = 2",
        "insert or ignore": "INSERT OR IGNORE INTO ledger_act (seq, moment, act, actor, object, digest,"
        " previous, hash) VALUES (7, '2026-01-01', 'a', 'b', 'c', '', 'p', 'h')",
    },
    "postgresql": {
        "truncate": "TRUNCATE ledger_act",
        "truncate cascade": "TRUNCATE ledger_act CASCADE",
        "upsert": "INSERT INTO ledger_act (seq, moment, act, actor, object, digest, previous, hash)"
        " SELECT seq, moment, 'x', actor, object, digest, previous, hash FROM ledger_act WHERE seq=2"
        " ON CONFLICT (seq) DO UPDATE SET act = 'x'",
    },
}


@pytest.mark.django_db
def test_database_refuses_every_way_to_change_the_past() -> None:
    write()
    before = [act.row() for act in Act.objects.all()]
    tried = REFUSED | BY_VENDOR[connection.vendor]
    for name, sql in tried.items():
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            connection.cursor().execute(sql)
        assert [act.row() for act in Act.objects.all()] == before, name
    assert reads.verify() is None


@pytest.mark.django_db
def test_verify_names_the_first_bad_row() -> None:
    write(5)
    triggers.remove(connection)
    Act.objects.filter(seq__in=[3, 4]).update(act="forged")
    triggers.install(connection)
    fault = reads.verify()
    assert fault and fault.seq == 3
    result = CliRunner().invoke(ledger, ["verify"])
    assert result.exit_code == 1
    assert json.loads(result.stdout)["first_bad"] == 3


@pytest.mark.django_db
def test_a_cut_tail_is_found_with_the_checkpoint(tmp_path) -> None:
    write(4)
    made = CliRunner().invoke(ledger, ["checkpoint"])
    assert made.exit_code == 0
    head = tmp_path / "head.json"
    head.write_text(made.stdout)
    triggers.remove(connection)
    Act.objects.filter(seq=4).delete()
    triggers.install(connection)
    assert reads.verify() is None, "without the checkpoint a cut tail cannot be seen"
    result = CliRunner().invoke(ledger, ["verify", "--checkpoint", str(head)])
    assert result.exit_code == 1
    assert "tail was cut" in result.stdout


@pytest.mark.django_db
def test_a_forged_checkpoint_is_refused() -> None:
    write(2)
    made = actions.checkpoint()
    assert reads.verify(made) is None
    forged = dataclasses.replace(made, hash="f" * 64)
    fault = reads.verify(forged)
    assert fault and "signature" in fault.reason


@pytest.mark.django_db
def test_a_bulk_act_is_one_row_and_the_digest_is_keyed(settings) -> None:
    batch = [{"row": n} for n in range(1000)]
    with transaction.atomic():
        actions.record("load_batch", "batch-1", content=batch)
        actions.record("load_batch", "batch-1", content=batch)
    first, second = Act.objects.all()
    assert first.digest == second.digest != ""
    with transaction.atomic():
        settings.LEDGER_DIGEST_KEY = b"another"
        actions.record("load_batch", "batch-1", content=batch)
    assert Act.objects.last().digest != first.digest


@pytest.mark.django_db(transaction=True)
def test_an_act_outside_a_transaction_is_refused_and_a_failed_change_leaves_no_line() -> None:
    with pytest.raises(actions.NotInTransaction):
        actions.record("load_instrument", "x")
    with pytest.raises(RuntimeError), transaction.atomic():
        actions.record("load_instrument", "x")
        raise RuntimeError("the change failed")
    assert not Act.objects.exists()


def test_the_hash_cannot_be_shifted_between_fields() -> None:
    import datetime as dt

    now = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    assert rules.row_hash(1, now, "ab", "c", "", "", "") != rules.row_hash(
        1, now, "a", "bc", "", "", ""
    )


DROPPED = {
    "sqlite": {
        "ledger_act_no_update": ["DROP TRIGGER ledger_act_no_update"],
        "ledger_act_only_next": [
            "DROP TRIGGER ledger_act_only_next",
            "CREATE TRIGGER ledger_act_only_next BEFORE INSERT ON ledger_act BEGIN SELECT 1; END",
        ],
    },
    "postgresql": {
        "ledger_act_no_change": ["DROP TRIGGER ledger_act_no_change ON ledger_act"],
        "ledger_act_no_truncate": [
            "ALTER TABLE ledger_act DISABLE TRIGGER ledger_act_no_truncate",
        ],
        "ledger_act_only_next": [
            (
                "CREATE OR REPLACE FUNCTION ledger_act_only_next() RETURNS trigger"
                " LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$"
            ),
        ],
    },
}


@pytest.mark.django_db
def test_a_guard_that_is_gone_is_noticed_and_put_back_by_an_act() -> None:
    write()
    assert reads.guards_missing() == [] == actions.put_guards_back()
    for name, tampering in DROPPED[connection.vendor].items():
        with connection.cursor() as cursor:
            for sql in tampering:
                cursor.execute(sql)
        result = CliRunner().invoke(ledger, ["verify"])
        assert result.exit_code == 1 and "Guards missing" in result.stderr
        said = json.loads(result.stdout)
        assert (said["ok"], said["guards_missing"], said["first_bad"]) == (False, [name], None)
        assert actions.put_guards_back() == [name]
        assert Act.objects.last().act == "put_guards_back"
        assert CliRunner().invoke(ledger, ["verify"]).exit_code == 0
