"""Chords as piano rolls and back: how a chord symbol is voiced, and which chord a row of notes is nearest to. Pure.

A roll is (steps, 2, notes) of ones and zeros: row 0 the notes that sound, row 1 those that are struck at that step.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from generator.harmony import QUALITIES, chord_symbol, parse_chord
from generator.notation import is_compound, measure_length

SOUNDING, STRUCK = 0, 1
BASS, HAND = 36, 60  # the lowest bass note, and the lowest of the right hand: middle C, where the staves part
_MINOR = frozenset({"m", "m7", "dim"})
_WITHOUT_BASS = 0.3  # what a chord is charged whose root is not the lowest note, where notes are weighed


@dataclass(frozen=True)
class Chord:
    root: int  # pitch class
    quality: str  # a key of QUALITIES
    bass: int

    @classmethod
    def of(cls, symbol: str, tonic: int = 0) -> Chord:
        """Of a chord symbol, counted from a tonic. Raises ValueError for one that is not written here."""
        root, quality, bass = parse_chord(symbol)
        return cls((root - tonic) % 12, quality, (bass - tonic) % 12)

    @property
    def is_minor(self) -> bool:
        return self.quality in _MINOR

    @property
    def tones(self) -> frozenset[int]:
        return frozenset((self.root + step) % 12 for step in QUALITIES[self.quality])

    @property
    def notes(self) -> tuple[int, ...]:
        """MIDI notes: a bass, and the chord in close position in the octave above middle C."""
        hand = sorted(HAND + (tone - HAND) % 12 for tone in self.tones)
        return (BASS + self.bass % 12, *hand)

    def name(self, tonic: str) -> str:
        """Its symbol, spelled as in the key of that tonic, from which its pitch classes are counted."""
        symbol = chord_symbol(self.root, self.quality, tonic)
        return symbol if self.bass == self.root else f"{symbol}/{chord_symbol(self.bass, '', tonic)}"


@cache
def playable() -> tuple[Chord, ...]:
    """Every chord of the written kinds on its root, and triads and sevenths on their thirds and fifths."""
    on_root = [Chord(root, quality, root) for quality in QUALITIES for root in range(12)]
    turned = [
        Chord(root, quality, (root + step) % 12)
        for quality in ("", "m", "7")
        for root in range(12)
        for step in QUALITIES[quality][1:3]
    ]
    return (*on_root, *turned)


def bar_of(meter: str) -> int:
    """Eighths of a full bar."""
    return int(measure_length(meter))


def beat_of(meter: str) -> int:
    """Eighths of a beat, as chords are struck: dotted quarters in compound meters, else quarters."""
    return 1 if meter == "3/8" else 3 if is_compound(meter) and meter.endswith("/8") else 2


def middle_of(meter: str) -> int:
    """Eighths before the beat on which the second half of a bar begins: the third in 3/4."""
    beat = beat_of(meter)
    return -(-bar_of(meter) // (2 * beat)) * beat


def row_of(notes: Sequence[int], low: int, high: int) -> np.ndarray:
    """Ones where a MIDI note of the range is among them.  # (notes,)"""
    row = np.zeros(high - low, np.uint8)
    row[[note - low for note in notes if low <= note < high]] = 1
    return row


@cache
def _voiced(low: int, high: int) -> np.ndarray:
    return np.array([row_of(chord.notes, low, high) for chord in playable()], float)  # (chords, notes)


def likeliest(chances: np.ndarray, low: int) -> Chord:
    """The chord whose voicing these chances of notes would most likely have drawn.  chances (notes,)"""
    held = np.clip(chances.astype(float), 1e-4, 1 - 1e-4)
    voiced = _voiced(low, low + len(chances))
    return playable()[int(np.argmax(voiced @ (np.log(held) - np.log1p(-held))))]


def nearest(weights: np.ndarray, lowest: int) -> Chord:
    """The chord on its root that covers most of the sounding pitch classes and least else.  weights (12,)"""
    share = weights / max(weights.sum(), 1e-9)

    def fit(chord: Chord) -> float:
        inside = sum(share[tone] for tone in chord.tones)
        heard = sum(share[tone] > 0 for tone in chord.tones) / len(chord.tones)
        return inside + 0.5 * heard - 0.05 * len(chord.tones) - _WITHOUT_BASS * (chord.root != lowest % 12)

    return max((chord for chord in playable() if chord.root == chord.bass), key=fit)


def runs(roll: np.ndarray, low: int) -> Iterator[tuple[int, int, int]]:
    """(step, steps long, MIDI note): a note begins where it sounds and is struck, or sounds after silence."""
    sounding, struck = roll[:, SOUNDING].astype(bool), roll[:, STRUCK].astype(bool)
    for note in range(roll.shape[2]):
        begun: int | None = None
        for step in range(len(roll) + 1):
            on = step < len(roll) and bool(sounding[step, note])
            if begun is not None and (not on or struck[step, note]):
                yield begun, step - begun, low + note
                begun = None
            if on and begun is None:
                begun = step
