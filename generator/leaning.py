"""Leans the composer's choice toward the chord on strong beats, and a little away from it between. Knows no networks.

A listener who asked for a style hears its chords sounded, so the chord tones get a small bonus where the ear checks.
On its own that makes thirds of steps and too much of the chord: passing notes gain what the beats lost.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from generator import vocabulary as V
from generator.chord_ids import QUALITIES
from generator.engraving import beam_group
from generator.grammar import Grammar
from generator.notation import SEMITONES, signature, tonic_pitch_class, tonic_step
from generator.plan import Plan

TOWARD_CHORD = 0.95  # nats that a chord tone gains on a strong beat
FROM_CHORD = 0.25  # nats that it loses between
_TONES = {"maj": (0, 4, 7), "min": (0, 3, 7), "7": (0, 4, 7, 10), "dim": (0, 3, 6)}  # semitones above the root
_FIRST, _LAST = V.PITCH_ZERO + V.LOWEST, V.PITCH_ZERO + V.HIGHEST + 1  # pitch ids


class Lean:
    """What is added to the logits of one tune, step by step."""

    def __init__(self, plan: Plan, toward_chord: float = TOWARD_CHORD, from_chord: float = FROM_CHORD) -> None:
        self.strong = max(Fraction(2), beam_group(plan.meter))
        self.toward_chord, self.from_chord = toward_chord, from_chord
        self.degrees = _semitones_of_pitches(plan.key)
        self.bonuses: dict[tuple[int, bool], np.ndarray] = {}

    def leaned(self, logits: np.ndarray, grammar: Grammar) -> np.ndarray:
        """The logits with what the place in the bar adds to them.  # (vocab,)"""
        from generator.engine.drawing import leaned  # numba is for composing: pages that only check a brief load none

        bonus = self.bonus(grammar)
        # Which pitch is leaned, not whether one comes at once: an unwritten length would gain all that pitches gain.
        return logits if bonus is None else leaned(logits, bonus, _FIRST, _LAST)

    def bonus(self, grammar: Grammar) -> np.ndarray | None:
        """Nats to add to the pitches' logits where the grammar stands; None for nothing.  # (pitches,)"""
        chord = grammar.chords()[0]
        if not chord or grammar.in_pickup or grammar.tied is not None:
            return None
        spot = chord, not grammar.place.elapsed % self.strong
        if spot not in self.bonuses:
            self.bonuses[spot] = self._of_chord(chord, self.toward_chord if spot[1] else -self.from_chord)
        return self.bonuses[spot]

    def _of_chord(self, chord: int, nats: float) -> np.ndarray:
        root, quality = divmod(chord - 1, len(QUALITIES))
        tones = {(root + step) % 12 for step in _TONES[QUALITIES[quality]]}
        return np.array([nats * (self.degrees[token] in tones) for token in range(_FIRST, _LAST)], np.float32)


def _semitones_of_pitches(key: str) -> dict[int, int]:
    """Semitones above the tonic of each pitch id, as the key signature has it."""
    reference, tonic, altered = tonic_step(key), tonic_pitch_class(key), signature(key)
    out = {}
    for step in range(V.LOWEST, V.HIGHEST + 1):
        letter = (step + reference) % 7
        out[V.PITCH_ZERO + step] = (SEMITONES[letter] + altered.get(letter, 0) - tonic) % 12
    return out
