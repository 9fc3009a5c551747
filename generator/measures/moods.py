"""Whether joyful prompts' tunes are brighter, faster and busier than sad ones' of the same seed. Knows no models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from generator.attributes import measured
from generator.notation import Score, split_key

_BRIGHTNESS = ("phrygian", "minor", "dorian", "mixolydian", "major", "lydian")
_SHUFFLES = 1000


@dataclass(frozen=True)
class Mood:
    brightness: int
    tempo: float  # quarter notes a minute
    notes_a_second: float


def mood_of(score: Score, tempo_qpm: float) -> Mood:
    notes = measured(score).notes_per_quarter * tempo_qpm / 60
    return Mood(_BRIGHTNESS.index(split_key(score.key)[1]), tempo_qpm, notes)


def is_merrier(joy: Mood, sadness: Mood) -> bool:
    return joy.brightness >= sadness.brightness and joy.tempo > sadness.tempo and _busier(joy, sadness)


def _busier(joy: Mood, sadness: Mood) -> bool:
    return joy.notes_a_second > sadness.notes_a_second


def shares(pairs: Sequence[tuple[Mood, Mood]]) -> dict[str, float]:
    """Of (sad, joyful) pairs: each of the three, and all of them at once."""
    count = max(1, len(pairs))
    return {
        "all": sum(is_merrier(joy, sad) for sad, joy in pairs) / count,
        "mode": sum(joy.brightness >= sad.brightness for sad, joy in pairs) / count,
        "tempo": sum(joy.tempo > sad.tempo for sad, joy in pairs) / count,
        "notes": sum(_busier(joy, sad) for sad, joy in pairs) / count,
    }


def shuffled_share(pairs: Sequence[tuple[Mood, Mood]], *, seed: int = 0) -> float:
    """`all` when the same pieces are dealt out to the prompts by chance."""
    rng, deck = np.random.default_rng(seed), [mood for pair in pairs for mood in pair]
    found = []
    for _ in range(_SHUFFLES):
        dealt = [deck[i] for i in rng.permutation(len(deck))]
        found.append(shares(list(zip(dealt[::2], dealt[1::2], strict=True)))["all"])
    return float(np.mean(found)) if pairs else 0.0
