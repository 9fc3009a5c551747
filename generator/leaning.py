"""Leans the composer's choice toward the chord on strong beats. Knows plans and ids, no networks.

A melody hears its chords in training, but a third of the corpus' strong beats are off them; a listener who asked for
a style hears its chords sounded, so the chord tones get a small bonus where the ear checks.
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

TOWARD_CHORD = 0.8  # nats that a chord tone gains on a strong beat
_TONES = {"maj": (0, 4, 7), "min": (0, 3, 7), "7": (0, 4, 7, 10), "dim": (0, 3, 6)}  # semitones above the root


_PITCHES = slice(V.PITCH_ZERO + V.LOWEST, V.PITCH_ZERO + V.HIGHEST + 1)


class Lean:
    """What is added to the logits of one tune, step by step."""

    def __init__(self, plan: Plan, toward_chord: float = TOWARD_CHORD) -> None:
        self.strong = max(Fraction(2), beam_group(plan.meter))
        self.toward_chord = toward_chord
        self.degrees = _semitones_of_pitches(plan.key)
        self.bonuses: dict[int, np.ndarray] = {}

    def leaned(self, logits: np.ndarray, grammar: Grammar) -> np.ndarray:
        """The logits with what the place in the bar adds to them.  # (vocab,)"""
        bonus = self.bonus(grammar)
        if bonus is None:
            return logits
        leaned = logits + bonus
        # Which pitch is leaned, not whether one comes at once: an unwritten length would gain all that pitches gain.
        leaned[_PITCHES] -= _weighed(leaned[_PITCHES]) - _weighed(logits[_PITCHES])
        return leaned

    def bonus(self, grammar: Grammar) -> np.ndarray | None:
        """Nats to add to the logits where the grammar stands; None for nothing.  # (vocab,)"""
        chord = grammar.chords()[0]
        if not chord or grammar.in_pickup or grammar.place.elapsed % self.strong or grammar.tied is not None:
            return None
        if chord not in self.bonuses:
            self.bonuses[chord] = self._of_chord(chord)
        return self.bonuses[chord]

    def _of_chord(self, chord: int) -> np.ndarray:
        root, quality = divmod(chord - 1, len(QUALITIES))
        tones = {(root + step) % 12 for step in _TONES[QUALITIES[quality]]}
        bonus = np.zeros(V.SIZE, np.float32)
        bonus[[token for token, degree in self.degrees.items() if degree in tones]] = self.toward_chord
        return bonus


def _semitones_of_pitches(key: str) -> dict[int, int]:
    """Semitones above the tonic of each pitch id, as the key signature has it."""
    reference, tonic, altered = tonic_step(key), tonic_pitch_class(key), signature(key)
    out = {}
    for step in range(V.LOWEST, V.HIGHEST + 1):
        letter = (step + reference) % 7
        out[V.PITCH_ZERO + step] = (SEMITONES[letter] + altered.get(letter, 0) - tonic) % 12
    return out


def _weighed(logits: np.ndarray) -> float:
    """The logarithm of what these ids weigh together."""
    highest = logits.max()
    return float(highest + np.log(np.exp(logits - highest).sum()))
