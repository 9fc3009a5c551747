"""Notes and chords as the third and fourth accounts write them: one symbol for all that is struck at a time.

A note is its pitch's name as music21 has it (E-4, F#3), a chord its pitch classes in normal order, joined by dots
(4.7.11); neither says how long it sounds. Knows no models.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import groupby

import numpy as np

from generator.brief import BriefError
from generator.keyboard_corpus import Work
from generator.performance import Struck

HALF_A_BEAT = Fraction(1, 2)
RESTS = ("none", "inaudible", "symbol")
_INAUDIBLE, _REST = "C-1", "rest"  # the account's trick: a note of 8 Hz, which nobody hears
_NAMES = ("C", "C#", "D", "E-", "E", "F", "F#", "G", "G#", "A", "B-", "B")
_PITCHES = {f"{name}{octave}": 12 * (octave + 1) + step for octave in range(-1, 10) for step, name in enumerate(_NAMES)}


def symbols_of(notes: Iterable[Struck], rests: str = "none") -> list[str]:
    """A piece's symbols in order; `rests` tells what stands for each half beat in which nothing sounds."""
    silent = {"inaudible": _INAUDIBLE, "symbol": _REST}.get(rests)
    out, sounding_until = [], Fraction(0)
    for onset, group in groupby(sorted(notes, key=lambda note: note.onset), key=lambda note: note.onset):
        chord = list(group)
        if silent and onset > sounding_until:
            out += [silent] * int((onset - sounding_until) / HALF_A_BEAT)
        out.append(_symbol(frozenset(note.pitch for note in chord)))
        sounding_until = max(sounding_until, *(note.onset + note.length for note in chord))
    return out


def struck_of(symbols: Sequence[str]) -> list[Struck]:
    """Each symbol for half a beat, chords in the octave of middle C, as the accounts play them."""
    return [
        Struck(place * HALF_A_BEAT, HALF_A_BEAT, pitch)
        for place, symbol in enumerate(symbols) for pitch in pitches_of(symbol)
    ]  # fmt: skip


def pitches_of(symbol: str) -> list[int]:
    if symbol == _REST:
        return []
    return [_PITCHES[symbol]] if symbol in _PITCHES else [60 + int(step) for step in symbol.split(".")]


@cache
def _symbol(pitches: frozenset[int]) -> str:
    if len(pitches) == 1:
        (pitch,) = pitches
        return f"{_NAMES[pitch % 12]}{pitch // 12 - 1}"
    from music21.chord import Chord

    return ".".join(map(str, Chord(sorted(pitches)).normalOrder))


@dataclass(frozen=True)
class Windows:
    """Symbols as numbers, all pieces joined; as in the account, windows run over from piece to piece."""

    names: tuple[str, ...]
    lessons: np.ndarray  # (symbols,)
    tests: np.ndarray
    window: int

    def batch(self, rng: np.random.Generator, size: int) -> tuple[np.ndarray, np.ndarray]:
        """Windows (size, window) anywhere, and what follows each (size,)."""
        return self._at(self.lessons, rng.integers(0, len(self.lessons) - self.window, size))

    def tested(self, count: int, size: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """About `count` windows evenly over the works kept for measuring, in batches."""
        most = len(self.tests) - self.window
        places = np.unique(np.linspace(0, most - 1, min(count, most)).astype(int))
        for start in range(0, len(places), size):
            yield self._at(self.tests, places[start : start + size])

    def starts(self, count: int) -> np.ndarray:
        """Windows to start from, evenly over the lessons."""
        most = len(self.lessons) - self.window
        return self._at(self.lessons, np.unique(np.linspace(0, most - 1, min(count, most)).astype(int)))[0]

    def _at(self, numbers: np.ndarray, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        seen = numbers[places[:, None] + np.arange(self.window)]
        return seen, numbers[places + self.window]


def read_windows(lessons: list[Work], tests: list[Work], *, window: int, rests: str = "none") -> Windows:
    """The symbols are those of all works, the ones kept for measuring too, or these could not be measured.

    Raises BriefError where either part is shorter than a window.
    """
    read = [[symbol for work in part for symbol in symbols_of(work.notes, rests)] for part in (lessons, tests)]
    if min(map(len, read)) <= window:
        raise BriefError({"data": f"These files hold fewer than {window + 1} symbols to learn from or to measure on."})
    names = sorted({symbol for part in read for symbol in part})
    numbers = {name: number for number, name in enumerate(names)}
    return Windows(tuple(names), *(np.array([numbers[s] for s in part], np.int64) for part in read), window)
