"""Whether a piece is what was asked for, by the contract's word "Obeyed". Pure; knows no models but the classifier."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from generator.brief import Conditions
from generator.checks import ends_on_tonic, in_key
from generator.measures.rhythm import RhythmClassifier
from generator.notation import Bar, MeterChange, Score, split_key
from generator.novelty import NEAR_DUPLICATE, runs
from generator.structure import BarSpan, bar_count, parts, wrong_bars

NAMES = ("key", "mode", "meter", "bars", "form", "rhythm")


def obeyed(score: Score, asked: Conditions, classifier: RhythmClassifier) -> dict[str, bool]:
    """A verdict for each condition that was asked for and not left free."""
    tonic, mode = split_key(score.key)
    changed = any(isinstance(symbol, MeterChange) for symbol in score.symbols)
    verdicts = {
        "key": lambda: tonic == asked.key and ends_on_tonic(score).ok,
        "mode": lambda: mode == asked.mode and in_key(score).ok,
        "meter": lambda: score.meter == asked.meter and not changed and not wrong_bars(score),
        "bars": lambda: bar_count(score) == asked.bars,
        "form": lambda: form_by_runs(score) == asked.form,
        "rhythm": lambda: classifier.rhythm(score) == asked.rhythm,
    }
    return {name: judge() for name, judge in verdicts.items() if getattr(asked, name) is not None}


def shares(verdicts: Sequence[dict[str, bool]]) -> dict[str, tuple[float, int]]:
    """For each condition, the share of pieces that obeyed it and how many were asked for it."""
    out = {}
    for name in NAMES:
        found = [verdict[name] for verdict in verdicts if name in verdict]
        if found:
            out[name] = sum(found) / len(found), len(found)
    return out


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
