"""Makes and drops what a database searches with; called by migrations, and by whoever fills a whole gallery at once.

SQLite loses triggers when Django alters a table: a migration that alters the entries drops all this before, and makes
it again after.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import Error
from django.db.backends.base.base import BaseDatabaseWrapper

from webapp.gallery.search.facets import facets_in_sql

NO_EXTENSION = (
    "The gallery's search needs PostgreSQL's extension pg_trgm, and this database user may not add it. Have its"
    " administrator run CREATE EXTENSION pg_trgm; in this database, then run the same command again."
)
# Kept in one place, because a question is answered by the index only where it is put in the very same words.
TERMS_FUNCTION = f"""
CREATE OR REPLACE FUNCTION gallery_terms(
    words text, chords boolean, style text, key text, mode text, meter text, rhythm text, composer text
) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT array_to_tsvector(string_to_array(btrim(words), ' ') || {facets_in_sql()})
$$
"""
TERMS = "gallery_terms(words, chords, style, key, mode, meter, rhythm, composer)"
# A short list of what is not yet filed, since each search reads through it.
SEARCH_INDEX = (
    f"CREATE INDEX entry_search ON gallery_entry USING gin ({TERMS}, runs) WITH (gin_pending_list_limit = 256)"
)
WORD_INDEX = "CREATE INDEX word_near ON gallery_word USING gin (word gin_trgm_ops)"
POSTGRES_DOWN = (
    "DROP INDEX IF EXISTS word_near",
    "DROP INDEX IF EXISTS entry_search",
    "DROP FUNCTION IF EXISTS gallery_terms",
)

# Words come already in small letters and without accents: between blanks, everything is part of a word.
SQLITE_UP = (
    """CREATE VIRTUAL TABLE gallery_words USING fts5(words, tokenize="ascii tokenchars '#_'")""",
    "CREATE VIRTUAL TABLE gallery_melodies USING fts5(melody, tokenize='trigram case_sensitive 1')",
    "CREATE VIRTUAL TABLE gallery_vocabulary USING fts5vocab(gallery_words, 'row')",
    "INSERT INTO gallery_words(rowid, words) SELECT id, words FROM gallery_entry",
    "INSERT INTO gallery_melodies(rowid, melody) SELECT id, melody FROM gallery_entry",
    """CREATE TRIGGER gallery_entry_in AFTER INSERT ON gallery_entry BEGIN
        INSERT OR REPLACE INTO gallery_words(rowid, words) VALUES (new.id, new.words);
        INSERT OR REPLACE INTO gallery_melodies(rowid, melody) VALUES (new.id, new.melody);
    END""",
    """CREATE TRIGGER gallery_entry_words AFTER UPDATE OF words ON gallery_entry WHEN old.words <> new.words BEGIN
        UPDATE gallery_words SET words = new.words WHERE rowid = new.id;
    END""",
    """CREATE TRIGGER gallery_entry_melody AFTER UPDATE OF melody ON gallery_entry WHEN old.melody <> new.melody BEGIN
        UPDATE gallery_melodies SET melody = new.melody WHERE rowid = new.id;
    END""",
    """CREATE TRIGGER gallery_entry_out AFTER DELETE ON gallery_entry BEGIN
        DELETE FROM gallery_words WHERE rowid = old.id;
        DELETE FROM gallery_melodies WHERE rowid = old.id;
    END""",
)
SQLITE_DOWN = (
    "DROP TRIGGER IF EXISTS gallery_entry_in",
    "DROP TRIGGER IF EXISTS gallery_entry_words",
    "DROP TRIGGER IF EXISTS gallery_entry_melody",
    "DROP TRIGGER IF EXISTS gallery_entry_out",
    "DROP TABLE IF EXISTS gallery_vocabulary",
    "DROP TABLE IF EXISTS gallery_melodies",
    "DROP TABLE IF EXISTS gallery_words",
)


class NoExtension(Exception):
    def __init__(self) -> None:
        super().__init__(NO_EXTENSION)


def search_made(connection: BaseDatabaseWrapper) -> None:
    if connection.vendor == "postgresql":
        _extension(connection)
        _run(connection, (TERMS_FUNCTION, SEARCH_INDEX, WORD_INDEX))
    else:
        _run(connection, SQLITE_UP)


def search_dropped(connection: BaseDatabaseWrapper) -> None:
    _run(connection, POSTGRES_DOWN if connection.vendor == "postgresql" else SQLITE_DOWN)


@contextmanager
def filled_at_once(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Without the index that takes longest to keep, which is then made in one go. Searches are slow meanwhile."""
    if connection.vendor != "postgresql":
        yield
        return
    _run(connection, ("DROP INDEX IF EXISTS entry_search",))
    try:
        yield
    finally:
        _run(connection, ("SET maintenance_work_mem = '512MB'", SEARCH_INDEX, "RESET maintenance_work_mem"))


def statistics_refreshed(connection: BaseDatabaseWrapper, tables: tuple[str, ...]) -> None:
    """After many rows came at once: how many there are of what, and which pages are seen by everybody."""
    if connection.vendor == "postgresql" and not connection.in_atomic_block:  # VACUUM runs in no transaction
        _run(connection, tuple(f"VACUUM (ANALYZE) {table}" for table in tables))
    else:
        _run(connection, ("ANALYZE",))


def _extension(connection: BaseDatabaseWrapper) -> None:
    """One that is there already is not asked for again: that too would want the right to."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")
        if cursor.fetchone():
            return
    try:
        _run(connection, ("CREATE EXTENSION pg_trgm",))
    except Error as error:
        raise NoExtension from error


def _run(connection: BaseDatabaseWrapper, statements: tuple[str, ...]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
