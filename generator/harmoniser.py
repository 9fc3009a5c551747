"""Finds chords for a melody's bars: a hidden Markov model fitted on tunes that people chorded. Knows no neural nets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from generator.structure import BarSpan

QUALITIES = ("maj", "min", "7", "dim")
STATES = 12 * len(QUALITIES)  # root above the tonic in semitones × quality; chord id 0 means none
_SMOOTH_PITCH, _SMOOTH_MOVE = 5.0, 0.5


def chord_id(root: int, quality: str) -> int:
    """1 to STATES, from a root in semitones above the tonic and a quality's name as harmony.parse_chord gives it."""
    return 1 + (root % 12) * len(QUALITIES) + QUALITIES.index(reduced(quality))


def reduced(quality: str) -> str:
    return {"": "maj", "m": "min", "m7": "min", "7": "7", "maj7": "maj", "sus4": "maj", "dim": "dim"}.get(
        quality, "maj"
    )


def bar_weights(span: BarSpan, tonic: int) -> np.ndarray:
    """How much each pitch class above the tonic weighs in a bar: its length, more on the beats.  # (12,)"""
    weights = np.zeros(12)
    for onset, length, pitch in span.events:
        if pitch is not None:
            strong = 2.0 if onset == 0 else 1.5 if onset * 2 == span.measure else 1.0
            weights[(pitch - tonic) % 12] += strong * float(length)
    return weights / max(1e-9, weights.sum())


@dataclass
class Harmoniser:
    """Log-probabilities by counting. `moves` has one row more than states: the row before the first bar."""

    pitches: np.ndarray  # (qualities, 12): semitones above the root
    moves: np.ndarray  # (2 modes, STATES + 1, STATES)
    finals: np.ndarray  # (2 modes, STATES)
    sharpness: float = 6.0  # how many independent notes a bar's weights stand for

    @classmethod
    def fitted(cls, tunes: list[tuple[bool, list[tuple[np.ndarray, int]]]]) -> Harmoniser:
        """From (is minor, [(bar weights, chord id)...]) a tune."""
        pitches = np.full((len(QUALITIES), 12), _SMOOTH_PITCH)
        moves = np.full((2, STATES + 1, STATES), _SMOOTH_MOVE / STATES)
        finals = np.full((2, STATES), _SMOOTH_MOVE / STATES)
        for minor, bars in tunes:
            before = STATES
            for weights, chord in bars:
                root, quality = divmod(chord - 1, len(QUALITIES))
                pitches[quality] += np.roll(weights, -root)
                moves[int(minor), before, chord - 1] += 1
                before = chord - 1
            if bars:
                finals[int(minor), before] += 1
        return cls(_logs(pitches), _logs(moves), _logs(finals))

    def chords(self, bars: list[np.ndarray], *, minor: bool) -> list[int]:
        """The likeliest chord id of each bar (Viterbi)."""
        moves = self.moves[int(minor)]
        emissions = [self._emission(weights) for weights in bars]
        best = moves[STATES] + emissions[0]
        back: list[np.ndarray] = []
        for emission in emissions[1:]:
            through = best[:, None] + moves[:STATES]  # (from, to)
            back.append(through.argmax(0))
            best = through.max(0) + emission
        state = int((best + self.finals[int(minor)]).argmax())
        path = [state]
        for step in reversed(back):
            path.append(state := int(step[state]))
        return [1 + state for state in reversed(path)]

    def _emission(self, weights: np.ndarray) -> np.ndarray:
        rolled = np.stack([np.roll(weights, -root) for root in range(12)])  # (root, semitones above it)
        return self.sharpness * (rolled @ self.pitches.T).reshape(-1)  # (STATES,)


def _logs(counts: np.ndarray) -> np.ndarray:
    return np.log(counts / counts.sum(-1, keepdims=True))
