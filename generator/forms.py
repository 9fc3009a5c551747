"""Which parts of a tune are one part come again, by the notes they share. Pure; knows no models."""

from __future__ import annotations

from itertools import chain

from generator.notation import Bar, Score
from generator.novelty import NEAR_DUPLICATE, runs
from generator.structure import BarSpan, parts


def form_by_runs(score: Score) -> str:
    """Parts as letters, a repeated part twice. Parts are one letter when they are near-duplicates of one another."""
    letters, seen = "", []
    for spans in parts(score):
        if all(span.number is None for span in spans):
            continue  # a pickup that stands before its part's repeat sign
        part = Score(score.meter, score.key, tuple(chain.from_iterable(score.symbols[s.first : s.last] for s in spans)))
        letter = next((known for known, other in seen if _one_part(part, other)), None)
        if letter is None:
            letter = chr(ord("A") + min(25, len(seen)))
            seen.append((letter, part))
        letters += letter * (1 + _is_repeated(spans))
    return letters


def _is_repeated(spans: list[BarSpan]) -> bool:
    return any(span.closed_by.startswith(":") for span in spans)


def _one_part(part: Score, other: Score) -> bool:
    """A part too short for a run of twelve notes is another again when it is the same to the letter."""
    mine, theirs = runs(part), runs(other)
    if not mine or not theirs:
        return _plain(part) == _plain(other)
    return max(len(mine & theirs) / len(mine), len(mine & theirs) / len(theirs)) > NEAR_DUPLICATE


def _plain(part: Score) -> list:
    return [symbol for symbol in part.without_chords().symbols if not isinstance(symbol, Bar)]
