"""Which dance a melody is, judged by its meter and by when its notes fall. Knows no titles, no conditions, no torch.

A multinomial logistic regression; `python -m generator.measures.fit_rhythm` fits it on the labelled training tunes.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np

from generator.brief import METERS, RHYTHMS
from generator.notation import Score, Tuplet
from generator.structure import BarSpan, bar_spans
from generator.validation import RHYTHM_METERS

WEIGHTS_PATH = Path(__file__).with_suffix(".npz")
_LENGTHS = tuple(Fraction(n, 12) for n in (3, 4, 6, 8, 9, 12, 18, 24, 36, 48, 72, 96))  # eighths
_SLOTS = 24  # sixteenths of the longest usual bar
_TOGETHER = (*METERS, "other")


def features(score: Score) -> np.ndarray:
    """Counted shares of one melody.  # (features,)"""
    meter = score.meter if score.meter in METERS else "other"
    spans = [span for span in bar_spans(score) if span.number is not None]
    events = [event for span in spans for event in span.events]
    lengths = [length for _, length, pitch in events if pitch is not None]
    own = np.array([meter == known for known in _TOGETHER], float)
    onsets = _share([int(onset * 2) for onset, _, pitch in events if pitch is not None], _SLOTS)
    parts = (own, _share([_nearest(length) for length in lengths], len(_LENGTHS)), _pairs(lengths), _melody(events),
             _shape(score, spans), np.outer(own, onsets).ravel())  # fmt: skip
    return np.concatenate(parts)


def _nearest(length: Fraction) -> int:
    return min(range(len(_LENGTHS)), key=lambda index: abs(_LENGTHS[index] - length))


def _share(places: Sequence[int], size: int) -> np.ndarray:
    counts = np.bincount(np.minimum(places, size - 1).astype(int), minlength=size) if len(places) else np.zeros(size)
    return counts / max(1, len(places))


def _pairs(lengths: list[Fraction]) -> np.ndarray:
    """Long before short, short before long, even: what tells a hornpipe from a reel and a strathspey from both."""
    two = list(pairwise(lengths))
    ratios = [float(a / b) for a, b in two]
    kinds = [sum(low < ratio <= high for ratio in ratios) for low, high in
             ((0, 0.34), (0.34, 0.67), (0.67, 1.01), (1.01, 2.01), (2.01, 3.01), (3.01, 99))]  # fmt: skip
    return np.array(kinds) / max(1, len(two))


def _melody(events: list[tuple[Fraction, Fraction, int | None]]) -> np.ndarray:
    pitches = [pitch for _, _, pitch in events if pitch is not None] or [0]
    leaps = [abs(b - a) for a, b in pairwise(pitches)] or [0]
    repeated, far = (sum(test(leap) for leap in leaps) / len(leaps) for test in (lambda x: x == 0, lambda x: x > 4))
    rests = sum(pitch is None for *_, pitch in events) / max(1, len(events))
    return np.array([repeated, far, np.mean(leaps) / 4, (max(pitches) - min(pitches)) / 24, rests])


def _shape(score: Score, spans: list[BarSpan]) -> np.ndarray:
    notes = sum(pitch is not None for span in spans for *_, pitch in span.events)
    quarters = float(sum(span.length for span in spans)) / 2 or 1.0
    tuplets = sum(isinstance(symbol, Tuplet) for symbol in score.symbols)
    repeated = any(span.closed_by.startswith(":") for span in spans)
    return np.array([notes / quarters / 4, tuplets / max(1, len(spans)), len(spans) / 32, len(spans) % 8 == 0,
                     notes / max(1, len(spans)) / 8, repeated], float)  # fmt: skip


class RhythmClassifier:
    def __init__(self, mean: np.ndarray, scale: np.ndarray, weights: np.ndarray, bias: np.ndarray) -> None:
        self.mean, self.scale, self.weights, self.bias = mean, scale, weights, bias

    @classmethod
    def load(cls, path: Path = WEIGHTS_PATH) -> RhythmClassifier:
        with np.load(path) as kept:
            return cls(*(kept[name].astype(float) for name in ("mean", "scale", "weights", "bias")))

    def rhythm(self, score: Score) -> str:
        """The likeliest of RHYTHMS."""
        logits = (features(score) - self.mean) / self.scale @ self.weights + self.bias
        return RHYTHMS[int(np.argmax(logits))]


@cache
def shipped_classifier() -> RhythmClassifier:
    return RhythmClassifier.load()


def heard_rhythm(score: Score) -> str | None:
    """What it takes a tune for that nobody named; None when that is never in the tune's meter."""
    rhythm = shipped_classifier().rhythm(score)
    return rhythm if score.meter in RHYTHM_METERS[rhythm] else None
