"""Pieces of two players, from music21 and MIDI: the highest part and the lowest, with their bar lines. No models."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from generator.brief import BriefError
from generator.composers.biaxial_pieces import family_of
from generator.keyboard_sheets import Sheet, is_for_valid, read_sheets
from generator.performance import Struck

_FEWEST_NOTES = 8  # of a part
_NONE = "These files hold no piece of two parts; a file needs two instruments, each on a track or a channel of its own."


@dataclass(frozen=True)
class PartedPiece:
    """Two parts from time zero, which is a bar line; where a pickup opens the piece the first bar begins with rests."""

    name: str
    first: tuple[Struck, ...]
    second: tuple[Struck, ...]
    bar: Fraction  # quarter notes

    @property
    def notes(self) -> tuple[Struck, ...]:
        return self.first + self.second

    @property
    def is_for_valid(self) -> bool:
        """Whether it is kept for measuring: all settings of a melody together."""
        return is_for_valid(family_of(self.first))


def read_parted(data: Iterable[str], cache: Path) -> list[PartedPiece]:
    """Raises BriefError where there is no piece of two parts, MidiError for a bad file that is named by itself."""
    sheets = list(read_sheets(data, cache))
    found = [piece for piece in map(parted, sheets) if piece]
    if left_out := len(sheets) - len(found):
        _tell(f"{left_out} pieces left out: of one part, or with a change of meter")
    if not found:
        raise BriefError({"data": _NONE})
    return found


def parted(sheet: Sheet) -> PartedPiece | None:
    """The highest and the lowest of the parts, on the average; None where there are no two, or no one bar's length."""
    whole = sorted((part for part in sheet.parts if len(part) >= _FEWEST_NOTES), key=_height)
    bars = {_bar_of(meter) for meter in sheet.meters}
    if len(whole) < 2 or len(bars) != 1:
        return None
    first, second = (tuple(replace(n, onset=n.onset + sheet.pickup) for n in part) for part in (whole[-1], whole[0]))
    return PartedPiece(sheet.name, first, second, bars.pop())


def _bar_of(meter: str) -> Fraction:
    count, unit = map(int, meter.split("/"))
    return Fraction(4 * count, unit)


def _height(part: Sequence[Struck]) -> float:
    return sum(note.pitch for note in part) / len(part)


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")
