"""Whether a piece is what was asked for, by the contract's word "Obeyed". Pure; knows no models but the classifier."""

from __future__ import annotations

from collections.abc import Sequence

from generator.brief import Conditions
from generator.checks import ends_on_tonic, in_key
from generator.forms import form_by_runs
from generator.notation import MeterChange, Score, split_key
from generator.rhythm_classifier import RhythmClassifier
from generator.structure import bar_count, wrong_bars

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
