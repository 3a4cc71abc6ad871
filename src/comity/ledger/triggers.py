"""The database itself refuses to change or drop a row of the ledger, or to fork the chain.

`INSERT OR REPLACE` on SQLite deletes the old row without firing a DELETE trigger, so the INSERT
trigger must see it coming: only the row after the head, chained to it, gets in.
"""

from __future__ import annotations

from typing import Any

SQLITE = (
    """CREATE TRIGGER ledger_act_no_update BEFORE UPDATE ON ledger_act
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: no UPDATE'); END""",
    """CREATE TRIGGER ledger_act_no_delete BEFORE DELETE ON ledger_act
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: no DELETE'); END""",
    """CREATE TRIGGER ledger_act_only_next BEFORE INSERT ON ledger_act
    WHEN NEW.seq IS NOT COALESCE((SELECT MAX(seq) FROM ledger_act), 0) + 1
      OR NEW.previous IS NOT COALESCE(
        (SELECT hash FROM ledger_act ORDER BY seq DESC LIMIT 1), printf('%064d', 0))
      OR EXISTS (SELECT 1 FROM ledger_act WHERE hash = NEW.hash)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: only the next row'); END""",
)
SQLITE_REMOVE = tuple(
    f"DROP TRIGGER IF EXISTS ledger_act_{name}" for name in ("no_update", "no_delete", "only_next")
)

POSTGRESQL = (
    """CREATE FUNCTION ledger_act_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'the ledger is append-only: no %', TG_OP; END $$""",
    """CREATE FUNCTION ledger_act_only_next() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE head ledger_act%ROWTYPE;
    BEGIN
      SELECT * INTO head FROM ledger_act ORDER BY seq DESC LIMIT 1;
      IF NEW.seq IS DISTINCT FROM COALESCE(head.seq, 0) + 1
         OR NEW.previous IS DISTINCT FROM COALESCE(head.hash, repeat('0', 64)) THEN
        RAISE EXCEPTION 'the ledger is append-only: only the next row';
      END IF;
      RETURN NEW;
    END $$""",
    """CREATE TRIGGER ledger_act_no_change BEFORE UPDATE OR DELETE ON ledger_act
    FOR EACH ROW EXECUTE FUNCTION ledger_act_refuse()""",
    """CREATE TRIGGER ledger_act_no_truncate BEFORE TRUNCATE ON ledger_act
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_act_refuse()""",
    """CREATE TRIGGER ledger_act_only_next BEFORE INSERT ON ledger_act
    FOR EACH ROW EXECUTE FUNCTION ledger_act_only_next()""",
)
POSTGRESQL_REMOVE = (
    "DROP TRIGGER IF EXISTS ledger_act_no_change ON ledger_act",
    "DROP TRIGGER IF EXISTS ledger_act_no_truncate ON ledger_act",
    "DROP TRIGGER IF EXISTS ledger_act_only_next ON ledger_act",
    "DROP FUNCTION IF EXISTS ledger_act_refuse()",
    "DROP FUNCTION IF EXISTS ledger_act_only_next()",
)


def install(connection: Any) -> None:
    """Put the triggers in. `connection` or schema editor's connection, either database."""
    with connection.cursor() as cursor:
        for sql in SQLITE if connection.vendor == "sqlite" else POSTGRESQL:
            cursor.execute(sql)


def remove(connection: Any) -> None:
    """Take the triggers out: for a reversed migration, and for tests that empty the database."""
    with connection.cursor() as cursor:
        for sql in SQLITE_REMOVE if connection.vendor == "sqlite" else POSTGRESQL_REMOVE:
            cursor.execute(sql)


def _present(connection: Any) -> dict[str, str]:
    """Triggers and functions as the database holds them and fires them: name to definition."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s",
                ["ledger_act"],
            )
            return dict(cursor.fetchall())
        # 'D' is a trigger that was disabled: it stands there and does nothing.
        cursor.execute(
            "SELECT t.tgname, p.prosrc FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
            " WHERE t.tgrelid = to_regclass('ledger_act') AND t.tgenabled IN ('O', 'A')"
        )
        return dict(cursor.fetchall())


def missing(connection: Any) -> list[str]:
    """The guards that are not there, are switched off, or say something else than ours."""
    held = _present(connection)
    if connection.vendor == "sqlite":
        wanted = {_name(sql): sql for sql in SQLITE}
        return [name for name, sql in wanted.items() if held.get(name) != sql]
    bodies = [sql for sql in POSTGRESQL if sql.startswith("CREATE FUNCTION")]
    ours = {_name(sql): sql.split("$$")[1] for sql in bodies}
    gone = []
    for sql in POSTGRESQL:
        if sql in bodies:
            continue
        function = sql.rpartition("EXECUTE FUNCTION ")[2].removesuffix("()")
        if held.get(_name(sql)) != ours[function]:
            gone.append(_name(sql))
    return gone


def _name(sql: str) -> str:
    """ "CREATE TRIGGER x …" and "CREATE FUNCTION x() …" make x."""
    return sql.split()[2].removesuffix("()")
