"""What a query asks for, in the terms that the rows are kept in; knows no database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from webapp.gallery.melodies import letters_of
from webapp.gallery.query import Query
from webapp.gallery.search.facets import NAMED
from webapp.gallery.words import asked_words, tag_word

RANKS = {"newest": "published", "best": "best", "trending": "trending", "remixed": "remixes"}
Rank = float | int | datetime


@dataclass(frozen=True)
class Place:
    """Where a page ended: the row's rank and its number."""

    rank: Rank
    number: int


@dataclass(frozen=True)
class Asked:
    """`words` all stand in the row; the last may be the beginning of a word there."""

    rank: str
    words: tuple[str, ...]
    tag: str
    melody: str
    named: dict[str, str]
    ranges: dict[str, tuple[int, int]]  # both ends included
    chords: bool | None
    maker: str
    impossible: bool  # words were asked for, and none of them is a word

    @property
    def prefix(self) -> str:
        """The word that may be unfinished. One or two letters begin too much to be worth it."""
        last = self.words[-1] if self.words else ""
        return last if len(last) > 2 or (last and not last.isascii()) else ""

    @property
    def whole_words(self) -> tuple[str, ...]:
        return self.words[:-1] if self.prefix else self.words


def asked_of(query: Query, words: tuple[str, ...] | None = None) -> Asked:
    """`words` takes the place of the query's own, where those were mistyped."""
    words = tuple(asked_words(query.words)) if words is None else words
    return Asked(
        rank=RANKS[query.sort],
        words=words,
        tag=tag_word(query.tag) if query.tag else "",
        melody=letters_of(query.melody),
        named={name: value for name in NAMED if (value := getattr(query, name))},
        ranges=_ranges(query),
        chords=query.chords,
        maker=query.maker,
        impossible=bool(query.words) and not words,
    )


def _ranges(query: Query) -> dict[str, tuple[int, int]]:
    moods = {name: ends for name in ("valence", "arousal") if (ends := getattr(query, name))}
    out = {name: (round(low * 100), round(high * 100)) for name, (low, high) in moods.items()}
    if query.bars_low is not None or query.bars_high is not None:
        out["bars"] = (query.bars_low or 0, 9999 if query.bars_high is None else query.bars_high)
    return out
