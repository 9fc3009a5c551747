"""Searches on PostgreSQL: first a short walk down the ranking, then, for what is rare, the index of words and melodies.

A filter that many tunes pass fills a page within a few hundred rows of the ranking; one that few pass is answered
fastest by the inverted index. Which is which only the walk itself tells for certain, so it is tried first, and ends
soon: neither then depends on a guess of the planner's. Words are counted, so that rare ones need no walk. The walk
reads the ranking's index alone, which carries all filters and the signs of each row's words and melody, and looks up
only the rows whose signs are right. Where many rows pass and yet the top of the ranking holds none of them, it goes on
to the end.
"""

from __future__ import annotations

import math

from django.db import connection

from webapp.gallery.melodies import asked_runs
from webapp.gallery.search.asked import Asked, Place
from webapp.gallery.search.facets import facet_terms
from webapp.gallery.search.indexes import TERMS
from webapp.gallery.signs import asked_signs

# Rows that a walk goes over in the ranking's index before it gives up, and those of them that it looks up.
WALK_IN_INDEX = 12_000
WALK_IN_ROWS = 3_000
MOST_GATHERED = 4_000  # rows looked up before a walk to the end is the shorter way
MOST_BEGUN = 200  # words that one beginning may have and still be counted
TIED_TO_TIME = ("published", "trending")  # rankings at whose top a composer of the past is missing
WORDS = "array_to_tsvector(string_to_array(btrim(words), ' '))"


def found(asked: Asked, after: Place | None, size: int) -> list[Place]:
    texts = bool(asked.words or asked.tag or asked.melody)
    walked = [] if asked.maker or _walk_is_idle(asked, size) else _walk(asked, after, size, WALK_IN_INDEX)
    if len(walked) >= size or _is_free(asked):
        return walked
    if texts or asked.maker:
        return _gathered(asked, after, size)[0]
    places, count = _gathered(asked, after, size, most=MOST_GATHERED)
    return places if count < MOST_GATHERED else _walk(asked, after, size)


def near_words(words: list[str]) -> dict[str, list[tuple[str, int]]]:
    sql = (
        "SELECT asked, word, uses FROM unnest(%s::text[]) AS asked, LATERAL ("
        " SELECT word, uses FROM gallery_word WHERE word %% asked"
        " AND length(word) BETWEEN length(asked) - 2 AND length(asked) + 2"
        " ORDER BY similarity(word, asked) DESC, uses DESC LIMIT 50) AS near"
    )
    near: dict[str, list[tuple[str, int]]] = {}
    for asked, word, uses in _rows(sql, [words]):
        near.setdefault(asked, []).append((word, uses))
    return near


def words_counted() -> list[tuple[str, int]]:
    query = f"SELECT {WORDS} FROM gallery_entry"  # noqa: S608 (a constant)
    return _rows("SELECT word, ndoc FROM ts_stat(%s) WHERE word !~ '^#'", [query])


def _is_free(asked: Asked) -> bool:
    """Nothing is filtered, and the walk has come to the end."""
    return not (asked.words or asked.tag or asked.melody or asked.named or asked.ranges or asked.maker) and (
        asked.chords is None
    )


def _walk_is_idle(asked: Asked, size: int) -> bool:
    """Whether the words are so rare that a walk would hardly fill half a page.

    By last night's count, as if the words came independently of one another: it only says which way is the shorter.
    """
    if not asked.words:
        return False
    sql = (
        "SELECT (SELECT array_agg(uses) FROM gallery_word WHERE word = ANY(%s)), count(*), coalesce(sum(uses), 0),"
        " (SELECT reltuples FROM pg_class WHERE oid = 'gallery_entry'::regclass)"
        " FROM (SELECT uses FROM gallery_word WHERE word LIKE %s LIMIT %s) AS begun"
    )
    words, prefix = [*asked.whole_words], f"{_like(asked.prefix)}%"
    ((uses, begun, begun_uses, rows),) = _rows(sql, [words, prefix, MOST_BEGUN])
    counts = [*(uses or ()), *([begun_uses] if asked.prefix and begun < MOST_BEGUN else ())]
    share = math.prod(count / max(rows, 1) for count in counts)
    return share * WALK_IN_INDEX < size / 2


def _walk(asked: Asked, after: Place | None, size: int, most: int | None = None) -> list[Place]:
    """Down the ranking, so many rows."""
    texts, text_params = _texts(asked)
    columns, column_params = _columns(asked)
    signs = asked_signs([*asked.whole_words, *filter(None, [asked.tag])], asked.prefix, asked.melody)
    columns += [f"{name} & %s = %s" for name in signs]
    column_params += [value for value in signs.values() for _ in range(2)]
    where, where_params = _after(asked, after)
    if asked.rank in TIED_TO_TIME and (composer := asked.named.get("composer")):
        where, where_params = [*where, "composer = %s"], [*where_params, composer]
    rank = asked.rank
    # The subquery's LIMIT keeps the planner from pulling the filters into it.
    sql = (
        f"SELECT id, {rank} FROM (SELECT * FROM gallery_entry{_where(where)}"  # noqa: S608
        f" ORDER BY {rank} DESC, id DESC{_limit(most)}) AS walked{_where(columns)}"
        f" ORDER BY {rank} DESC, id DESC LIMIT {WALK_IN_ROWS if texts else size}"
    )
    if texts:
        # One after the other, until there are enough of them.
        sql = (
            f"SELECT likely.id, likely.{rank} FROM ({sql}) AS likely CROSS JOIN LATERAL"  # noqa: S608
            f" (SELECT FROM gallery_entry{_where(['id = likely.id', *texts])} LIMIT 1) AS sure"
            f" ORDER BY likely.{rank} DESC, likely.id DESC LIMIT {size}"
        )
    return [Place(rank, number) for number, rank in _rows(sql, [*where_params, *column_params, *text_params])]


def _gathered(asked: Asked, after: Place | None, size: int, most: int | None = None) -> tuple[list[Place], int]:
    """Everything that the indexes find, or the first so many rows of it, sorted; and how much that was."""
    indexed, index_params = _indexed(asked)
    columns, column_params = _columns(asked)
    where, where_params = _after(asked, after)
    rank = asked.rank
    sql = (
        f"WITH gathered AS MATERIALIZED (SELECT id, {rank} FROM gallery_entry"  # noqa: S608
        f"{_where(indexed + columns + where)}{_limit(most)})"
        f" SELECT id, {rank}, (SELECT count(*) FROM gathered) FROM gathered ORDER BY {rank} DESC, id DESC LIMIT {size}"
    )
    rows = _rows(sql, [*index_params, *column_params, *where_params])
    return [Place(rank, number) for number, rank, _ in rows], rows[0][2] if rows else 0


def _limit(most: int | None) -> str:
    return "" if most is None else f" LIMIT {most}"


def _columns(asked: Asked) -> tuple[list[str], list]:
    """Filters by plain columns, which every ranking's index carries along."""
    named, ranges = asked.named, asked.ranges
    conditions = [f"{name} = %s" for name in named] + [f"{name} BETWEEN %s AND %s" for name in ranges]
    params = [*named.values(), *(end for ends in ranges.values() for end in ends)]
    if asked.chords is not None:
        conditions.append("chords" if asked.chords else "NOT chords")
    if asked.maker:
        conditions.append("owner_id = (SELECT id FROM accounts_profile WHERE slug = %s)")
        params.append(asked.maker)
    return conditions, params


def _texts(asked: Asked) -> tuple[list[str], list]:
    """Words and melody as text: what costs a look at the row, and nothing before."""
    patterns = [f"% {_like(word)} %" for word in (*asked.whole_words, *filter(None, [asked.tag]))]
    if asked.prefix:
        patterns.append(f"% {_like(asked.prefix)}%")
    conditions = ["words LIKE %s"] * len(patterns)
    if asked.melody:
        return [*conditions, "melody LIKE %s"], [*patterns, f"%{asked.melody}%"]
    return conditions, patterns


def _indexed(asked: Asked) -> tuple[list[str], list]:
    """The same by way of the inverted index, and whatever else one word can say."""
    conditions, params = [], []
    if terms := _terms(asked):
        conditions, params = [f"{TERMS} @@ %s::tsquery"], [" & ".join(terms)]
    if asked.melody:
        runs, enough = asked_runs(asked.melody)
        conditions.append("runs @> %s::integer[]")
        params.append(runs)
        if not enough:
            conditions.append("melody LIKE %s")
            params.append(f"%{asked.melody}%")
    return conditions, params


def _terms(asked: Asked) -> list[str]:
    words = [*asked.whole_words, *filter(None, [asked.tag]), *facet_terms(asked.named, asked.chords)]
    terms = [_quoted(word) for word in words]
    return [*terms, f"{_quoted(asked.prefix)}:*"] if asked.prefix else terms


def _quoted(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"


def _like(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _after(asked: Asked, after: Place | None) -> tuple[list[str], list]:
    return ([f"({asked.rank}, id) < (%s, %s)"], [after.rank, after.number]) if after else ([], [])


def _where(conditions: list[str]) -> str:
    return f" WHERE {' AND '.join(conditions)}" if conditions else ""


def _rows(sql: str, params: list) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()
