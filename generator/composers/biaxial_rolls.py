"""Struck notes to a roll of sixteenths and back, and what the network is shown of a roll. Loads no torch."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

import numpy as np

from generator.performance import Struck, end_of

STEPS_A_QUARTER = 4
STEPS_A_BAR = 16  # 4/4, as in the account
PLAYED, ARTICULATED = 0, 1
OCTAVE = 12
NEIGHBOURS = 2 * OCTAVE + 1
_MIDDLE, _SPREAD = 60, 24  # the position, scaled so that the gates of a fresh LSTM are not saturated by it
_LEGATO = Fraction(1, STEPS_A_QUARTER)


def roll_of(notes: Iterable[Struck], low: int, high: int, pickup: Fraction = Fraction(0)) -> np.ndarray:
    """1 where a pitch from low to high sounds, and where it is struck, in whole bars.  # (steps, notes, 2) uint8

    `pickup`: quarter notes between the bar line and the first note's time zero.
    """
    notes = list(notes)
    bars = -(-(end_of(notes) + pickup) // (STEPS_A_BAR // STEPS_A_QUARTER))
    roll = np.zeros((int(bars) * STEPS_A_BAR, high - low + 1, 2), np.uint8)
    for note in sorted(notes, key=lambda note: note.onset):
        start = round((note.onset + pickup) * STEPS_A_QUARTER)
        end = max(start + 1, round((note.onset + note.length + pickup) * STEPS_A_QUARTER))
        roll[start:end, note.pitch - low, PLAYED] = 1
        roll[start : start + 1, note.pitch - low, ARTICULATED] = 1
    return roll


def struck_of(roll: np.ndarray, low: int) -> list[Struck]:
    """The notes of a roll; one that sounds without having been struck is struck where it begins to sound."""
    found = []
    for index in range(roll.shape[1]):
        start = None
        for step in range(len(roll) + 1):
            played, struck = roll[step, index] if step < len(roll) else (0, 0)
            if start is not None and (struck or not played):
                found.append(Struck(start * _LEGATO, (step - start) * _LEGATO, low + index))
                start = None
            if played and start is None:
                start = step
    return sorted(found, key=lambda note: (note.onset, note.pitch))


def features(relative: bool) -> int:
    return 2 * NEIGHBOURS + OCTAVE + 4 + (0 if relative else 1 + OCTAVE)


def inputs_of(before: np.ndarray, start: int, low: int, *, relative: bool) -> np.ndarray:
    """What each note is shown at each step, from the roll of the step before.  # (..., steps, notes, features)

    In this order: the 25 neighbours as played, as articulated; how often each pitch class sounds, counted from the
    note's own; the beat's four binary digits; and, unless `relative`, the pitch class and the position.
    `before` (..., steps, notes, 2) holds the roll one step late; `start` is the first step's place in its bar.
    """
    *batch, steps, notes, _ = before.shape
    margins = [(0, 0)] * (before.ndim - 2) + [(OCTAVE, OCTAVE), (0, 0)]
    wide = np.pad(before.astype(np.float32), margins)
    around = np.lib.stride_tricks.sliding_window_view(wide, NEIGHBOURS, axis=-2)  # (..., notes, 2, 25)
    classes = (low + np.arange(notes)) % OCTAVE
    sounding = before[..., PLAYED].astype(np.float32) @ np.eye(OCTAVE, dtype=np.float32)[classes]  # (..., steps, 12)
    context = sounding[..., (classes[:, None] + np.arange(OCTAVE)) % OCTAVE]  # (..., steps, notes, 12)
    shown = [around.reshape(*batch, steps, notes, 2 * NEIGHBOURS), context, _beats(before.shape, start)]
    if not relative:
        pitch = np.concatenate([np.eye(OCTAVE)[classes], _positions(low, notes)[:, None]], axis=1, dtype=np.float32)
        shown.append(np.broadcast_to(pitch, (*batch, steps, *pitch.shape)))
    return np.concatenate(shown, axis=-1, dtype=np.float32)


def _beats(shape: tuple[int, ...], start: int) -> np.ndarray:
    place = (start + np.arange(shape[-3])) % STEPS_A_BAR
    digits = (place[:, None] >> np.arange(4) & 1) * 2.0 - 1.0  # (steps, 4)
    return np.broadcast_to(digits[:, None], (*shape[:-1], 4))


def _positions(low: int, notes: int) -> np.ndarray:
    return (low + np.arange(notes) - _MIDDLE) / _SPREAD
