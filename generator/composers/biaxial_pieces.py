"""Pieces in 4/4 with their bar lines, from music21's chorales and keyboard works and from MIDI. Knows no models."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np

from generator.brief import BriefError
from generator.composers.biaxial_rolls import STEPS_A_BAR, roll_of
from generator.keyboard_sheets import is_for_valid, read_sheets
from generator.performance import Struck

METERS = ("4/4", "2/2")
_OPENING = 8  # notes on top by which two settings of one melody are told


@dataclass(frozen=True)
class BarredPiece:
    name: str
    family: str
    roll: np.ndarray  # (steps, notes, 2) uint8, in whole bars

    @property
    def is_for_valid(self) -> bool:
        """Whether it is kept for measuring: all settings of a melody together."""
        return is_for_valid(self.family)


def read_pieces(data: Iterable[str], low: int, high: int, cache: Path) -> list[BarredPiece]:
    """Pieces in 4/4 between low and high. Raises BriefError where there are none, MidiError for a bad file."""
    found, left_out = [], 0
    for sheet in read_sheets(data, cache):
        in_time, pitches = set(sheet.meters) <= set(METERS), [note.pitch for note in sheet.notes]
        if pitches and in_time and low <= min(pitches) and max(pitches) <= high:
            roll = roll_of(sheet.notes, low, high, sheet.pickup)
            found.append(BarredPiece(sheet.name, family_of(sheet.notes), roll))
        else:
            left_out += 1
    if left_out:
        _tell(f"{left_out} pieces left out: in another meter than 4/4, or beyond the notes {low} to {high}")
    if not found:
        raise BriefError({"data": f"These files hold no pieces in 4/4 between the notes {low} and {high}."})
    return found


def family_of(notes: Iterable[Struck]) -> str:
    """The steps of the highest notes at the start: the same for every setting of a melody, in any key."""
    top: dict[Fraction, int] = {}
    for note in notes:
        top[note.onset] = max(note.pitch, top.get(note.onset, 0))
    tune = [pitch for _, pitch in sorted(top.items())][:_OPENING]
    return " ".join(str(after - before) for before, after in pairwise(tune))


def segments(pieces: list[BarredPiece], steps: int, count: int, rng: np.random.Generator) -> np.ndarray:
    """Short segments of random pieces, from a bar line on, with the step before.  # (count, 1 + steps, notes, 2)

    Raises BriefError where no piece is that long.
    """
    long_enough = [piece.roll for piece in pieces if len(piece.roll) >= steps]
    if not long_enough:
        raise BriefError({"data": f"These files hold no piece that is {steps} sixteenths long."})
    out = []
    for index in rng.integers(len(long_enough), size=count):
        roll = long_enough[index]
        start = STEPS_A_BAR * int(rng.integers(1 + (len(roll) - steps) // STEPS_A_BAR))
        before = roll[start - 1 : start] if start else np.zeros_like(roll[:1])
        out.append(np.concatenate([before, roll[start : start + steps]]))
    return np.stack(out)


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")
