"""The index of search words: FTS5 on SQLite, a stored tsvector on PostgreSQL, fed the same words."""

from django.db import migrations

# `prefix` keeps lists of the first two and three letters: words are found while they are typed.
SQLITE = [
    """CREATE VIRTUAL TABLE registry_search USING fts5(
         title, words, content='registry_searchrow', content_rowid='id',
         tokenize='unicode61 remove_diacritics 0', prefix='2 3')""",
    """CREATE TRIGGER registry_search_in AFTER INSERT ON registry_searchrow BEGIN
         INSERT INTO registry_search(rowid, title, words) VALUES (new.id, new.title, new.words);
       END""",
    """CREATE TRIGGER registry_search_out AFTER DELETE ON registry_searchrow BEGIN
         INSERT INTO registry_search(registry_search, rowid, title, words)
         VALUES ('delete', old.id, old.title, old.words);
       END""",
    """CREATE TRIGGER registry_search_new AFTER UPDATE OF title, words ON registry_searchrow BEGIN
         INSERT INTO registry_search(registry_search, rowid, title, words)
         VALUES ('delete', old.id, old.title, old.words);
         INSERT INTO registry_search(rowid, title, words) VALUES (new.id, new.title, new.words);
       END""",
]
SQLITE_BACK = [
    "DROP TRIGGER registry_search_in",
    "DROP TRIGGER registry_search_out",
    "DROP TRIGGER registry_search_new",
    "DROP TABLE registry_search",
]
POSTGRESQL = [
    """ALTER TABLE registry_searchrow
         ADD COLUMN title_index tsvector GENERATED ALWAYS AS (to_tsvector('simple', title)) STORED,
         ADD COLUMN words_index tsvector
           GENERATED ALWAYS AS (to_tsvector('simple', title || ' ' || words)) STORED""",
    "CREATE INDEX registry_search_title ON registry_searchrow USING gin (title_index)",
    "CREATE INDEX registry_search_words ON registry_searchrow USING gin (words_index)",
]
POSTGRESQL_BACK = [
    "ALTER TABLE registry_searchrow DROP COLUMN title_index, DROP COLUMN words_index"
]


def _run(editor, sqlite, postgresql):
    for statement in postgresql if editor.connection.vendor == "postgresql" else sqlite:
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial")]
    operations = [
        migrations.RunPython(
            lambda apps, editor: _run(editor, SQLITE, POSTGRESQL),
            lambda apps, editor: _run(editor, SQLITE_BACK, POSTGRESQL_BACK),
        )
    ]
