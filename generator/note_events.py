"""Struck notes as events for a network to read and write, and back. Knows no models.

An event is a note, or a rest, with four numbers: what is struck, how long until the next event, how long it sounds, how
loud. The notes of a chord follow one another from low to high with no time between.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import cache
from itertools import groupby

import numpy as np

from generator.performance import HIGHEST, LOWEST, Struck, in_range

# Twelfths of a quarter note: sixteenths and thirds are whole numbers of them.
TIMES = (0, 1, 2, 3, 4, 6, 8, 9, 12, 15, 16, 18, 20, 21, 24, 27, 30, 36, 42, 48, 60, 72, 96)
A_QUARTER = 12
REST = HIGHEST - LOWEST + 1
START = REST + 1  # stands before a piece's first event
WHATS = START + 1
LOUDNESSES = 8
SIZES = (WHATS, len(TIMES), len(TIMES), LOUDNESSES)  # of the four numbers
FIRST = (START, 0, 0, 5)

Event = tuple[int, int, int, int]  # what, time until the next, length, loudness: each a number from 0


def events_of(notes: Iterable[Struck]) -> np.ndarray:
    """(events, 4) of a piece."""
    chords = [list(group) for _, group in groupby(sorted(notes, key=_order), key=lambda note: note.onset)]
    events: list[Event] = []
    sounding_until = Fraction(0)
    for index, chord in enumerate(chords):
        onset = chord[0].onset
        sounding_until = max(sounding_until, *(note.onset + note.length for note in chord))
        upcoming = chords[index + 1][0].onset if index + 1 < len(chords) else sounding_until
        events += _chord(chord, min(upcoming, sounding_until) - onset)
        if upcoming > sounding_until:
            events.append((REST, _time(upcoming - sounding_until), 0, 0))
    return np.array(events, np.int64).reshape(-1, 4)


def transposed(events: np.ndarray, up: int) -> np.ndarray:
    """The same by so many semitones, fewer than an octave; what would leave the piano is folded back."""
    what = events[:, 0]
    moved = what + up
    moved = np.where(moved < 0, moved + 12, np.where(moved >= REST, moved - 12, moved))
    return np.concatenate([np.where(what < REST, moved, what)[:, None], events[:, 1:]], 1)


def struck_of(events: Iterable[Sequence[int]]) -> list[Struck]:
    """The notes that events tell of, from time zero."""
    now, notes = Fraction(0), []
    for what, until_next, length, loudness in events:
        if what < REST:
            sounds = Fraction(max(1, TIMES[length]), A_QUARTER)
            notes.append(Struck(now, sounds, what + LOWEST, loudness * 16 + 8))
        now += Fraction(TIMES[until_next], A_QUARTER)
    return notes


def _order(note: Struck) -> tuple[Fraction, int]:
    return note.onset, note.pitch


def _chord(chord: list[Struck], until_next: Fraction) -> list[Event]:
    last = len(chord) - 1
    return [
        (in_range(note.pitch) - LOWEST, _time(until_next) if place == last else 0,
         max(1, _time(note.length)), note.loudness // 16)
        for place, note in enumerate(chord)
    ]  # fmt: skip


@cache
def _time(quarters: Fraction) -> int:
    """The number of the nearest of TIMES."""
    twelfths = quarters * A_QUARTER
    return min(range(len(TIMES)), key=lambda index: abs(TIMES[index] - twelfths))
