"""Finds entries. PostgreSQL and SQLite each have a module of their own behind this one, with the same functions."""

from __future__ import annotations

from types import ModuleType

from django.db import connection

from webapp.gallery.search.asked import Asked, Place, asked_of

__all__ = ["Asked", "Place", "asked_of", "found", "near_words", "words_counted"]


def found(asked: Asked, after: Place | None, size: int) -> list[Place]:
    """The first rows from just after a place, highest rank first."""
    return [] if asked.impossible else _engine().found(asked, after, size)


def near_words(words: list[str]) -> dict[str, list[tuple[str, int]]]:
    """For each word known ones that look like it, with the number of tunes they stand in."""
    return _engine().near_words(words)


def words_counted() -> list[tuple[str, int]]:
    """Every word of every entry, with the number of tunes it stands in."""
    return _engine().words_counted()


def _engine() -> ModuleType:
    from webapp.gallery.search import postgres, sqlite

    return postgres if connection.vendor == "postgresql" else sqlite
