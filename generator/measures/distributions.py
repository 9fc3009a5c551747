"""How pitches, intervals and rhythms are distributed, and how far two collections lie apart. Pure; knows no models."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from itertools import pairwise

import numpy as np

from generator.notation import Score, tonic_pitch_class
from generator.pitches import HIGHEST_MIDI, LOWEST_MIDI
from generator.structure import bar_spans

IN_RANGE = "pitch from G3 to B5"  # people write higher and lower, this program does not
KINDS = ("pitch", IN_RANGE, "interval", "length", "onset")
_FARTHEST = 24  # semitones; a wider leap counts as this one
_SAMPLES = 20


def counts(score: Score) -> dict[str, Counter]:
    """Of one tune: semitones above the tonic, semitones from note to note, lengths, places in the bar in eighths."""
    tonic = 60 + tonic_pitch_class(score.key)
    notes = [event for span in bar_spans(score) for event in span.events if event[2] is not None]
    pitches = [pitch for *_, pitch in notes]
    return {
        "pitch": Counter(pitch - tonic for pitch in pitches),
        IN_RANGE: Counter(pitch - tonic for pitch in pitches if LOWEST_MIDI <= pitch <= HIGHEST_MIDI),
        "interval": Counter(max(-_FARTHEST, min(_FARTHEST, b - a)) for a, b in pairwise(pitches)),
        "length": Counter(length for _, length, _ in notes),
        "onset": Counter(onset for onset, *_ in notes),
    }


def summed(tunes: Sequence[dict[str, Counter]]) -> dict[str, Counter]:
    out: dict[str, Counter] = {kind: Counter() for kind in KINDS}
    for tune in tunes:
        for kind in KINDS:
            out[kind].update(tune[kind])
    return out


def jensen_shannon(one: Counter, other: Counter) -> float:
    """The divergence in bits, 0 to 1 (Lin 1991)."""
    keys: list[Hashable] = list({*one, *other})
    p, q = (np.array([side[key] for key in keys], float) / max(1, sum(side.values())) for side in (one, other))
    return float(_entropy((p + q) / 2) - (_entropy(p) + _entropy(q)) / 2)


def _entropy(p: np.ndarray) -> float:
    kept = p[p > 0]
    return float(-(kept * np.log2(kept)).sum())


def distances(tunes: Sequence[dict[str, Counter]], valid: dict[str, Counter]) -> dict[str, float]:
    total = summed(tunes)
    return {kind: jensen_shannon(total[kind], valid[kind]) for kind in KINDS}


def usual_distances(
    train: Sequence[dict[str, Counter]], valid: dict[str, Counter], *, size: int, seed: int = 0
) -> dict[str, float]:
    """What as many training tunes, drawn by chance, come to: the mean of twenty draws."""
    rng = np.random.default_rng(seed)
    drawn = [
        distances([train[i] for i in rng.choice(len(train), min(size, len(train)), replace=False)], valid)
        for _ in range(_SAMPLES)
    ]
    return {kind: float(np.mean([found[kind] for found in drawn])) for kind in KINDS}
