"""Searches on SQLite, by two FTS5 tables that triggers keep beside the entries: one of words, one of melodies."""

from __future__ import annotations

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from webapp.gallery.models import Entry, Word
from webapp.gallery.search.asked import Asked, Place


def found(asked: Asked, after: Place | None, size: int) -> list[Place]:
    rank = asked.rank
    rows = _by_melody(_by_words(_by_columns(Entry.objects.all(), asked), asked), asked)
    if after:
        rows = rows.filter(Q(**{f"{rank}__lt": after.rank}) | Q(**{rank: after.rank, "id__lt": after.number}))
    rows = rows.order_by(f"-{rank}", "-id").values_list(rank, "id")[:size]
    return [Place(*row) for row in rows]


def near_words(words: list[str]) -> dict[str, list[tuple[str, int]]]:
    """Known words of about the same length; on a file's worth of words nothing finer is needed."""
    lengths = [len(word) for word in words]
    known = Word.objects.extra(where=["length(word) BETWEEN %s AND %s"], params=[min(lengths) - 2, max(lengths) + 2])
    near = list(known.values_list("word", "uses"))
    return dict.fromkeys(words, near)


def words_counted() -> list[tuple[str, int]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT term, doc FROM gallery_vocabulary WHERE substr(term, 1, 1) <> '#'")
        return cursor.fetchall()


def _by_columns(rows: QuerySet[Entry], asked: Asked) -> QuerySet[Entry]:
    rows = rows.filter(**asked.named, **{f"{name}__range": ends for name, ends in asked.ranges.items()})
    if asked.chords is not None:
        rows = rows.filter(chords=asked.chords)
    return rows.filter(owner__slug=asked.maker) if asked.maker else rows


def _by_words(rows: QuerySet[Entry], asked: Asked) -> QuerySet[Entry]:
    terms = [_quoted(word) for word in (*asked.whole_words, *filter(None, [asked.tag]))]
    if asked.prefix:
        terms.append(f"{_quoted(asked.prefix)} *")
    return _matching(rows, "gallery_words", " AND ".join(terms)) if terms else rows


def _by_melody(rows: QuerySet[Entry], asked: Asked) -> QuerySet[Entry]:
    return _matching(rows, "gallery_melodies", _quoted(asked.melody)) if asked.melody else rows


def _matching(rows: QuerySet[Entry], table: str, match: str) -> QuerySet[Entry]:
    return rows.filter(id__in=RawSQL(f"SELECT rowid FROM {table} WHERE {table} MATCH %s", [match]))  # noqa: S608,S611


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
