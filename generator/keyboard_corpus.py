"""Keyboard music to learn from: music21's bundled works and chorales, and folders of MIDI files. Knows no models."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Protocol, TypeVar

from generator.brief import BriefError
from generator.keyboard_sheets import is_for_valid, read_sheets
from generator.performance import Struck, end_of

LONGEST_PAUSE = Fraction(8)  # quarter notes without a sound: two bars


@dataclass(frozen=True)
class Work:
    """A piece by the name of what it was read from."""

    name: str
    notes: tuple[Struck, ...]

    @property
    def is_for_valid(self) -> bool:
        """Whether it is kept for measuring."""
        return is_for_valid(self.name)


class Kept(Protocol):
    @property
    def is_for_valid(self) -> bool: ...


One = TypeVar("One", bound=Kept)


def read_works(data: Iterable[str], *, cache: Path, log: Callable[[str], None] | None = None) -> list[Work]:
    """Works without long pauses from `music21`, `music21-keyboard`, `music21-chorales`, MIDI files and folders of them.

    Parsed works are kept in `cache`. A file named by itself must be sound (MidiError); of a folder, what cannot be
    read is told and left out. Raises BriefError where nothing is left.
    """
    tell = log or _tell
    works = [Work(one.name, without_silence_before(one.notes)) for one in read_sheets(data, cache, tell) if one.notes]
    kept = [work for work in works if longest_pause(work.notes) <= LONGEST_PAUSE]
    if paused := len(works) - len(kept):
        tell(f"{paused} works left out for a pause of more than {LONGEST_PAUSE} quarter notes")
    if not kept:
        raise BriefError({"data": "These files hold no keyboard music without long pauses."})
    return kept


def split(works: list[One], valid: list[One] | None = None) -> tuple[list[One], list[One]]:
    """Works to learn from and works to measure on. Raises BriefError when there are none of either."""
    lessons = works if valid else [work for work in works if not work.is_for_valid]
    tests = valid or [work for work in works if work.is_for_valid]
    if not lessons or not tests:
        raise BriefError(
            {"data": "These files hold too few pieces to learn from and to measure on; name some by --valid."}
        )
    return lessons, tests


def longest_pause(notes: Iterable[Struck]) -> Fraction:
    """The longest time in which nothing sounds, before the first note too."""
    longest = sounding_until = Fraction(0)
    for note in sorted(notes, key=lambda note: note.onset):
        longest = max(longest, note.onset - sounding_until)
        sounding_until = max(sounding_until, note.onset + note.length)
    return longest


def without_silence_before(notes: Iterable[Struck]) -> tuple[Struck, ...]:
    """The same notes from time zero."""
    notes = sorted(notes, key=lambda note: (note.onset, note.pitch))
    first = notes[0].onset if notes else Fraction(0)
    return tuple(Struck(n.onset - first, n.length, n.pitch, n.loudness) for n in notes)


def quarters_of(works: Iterable[Work]) -> float:
    return float(sum(end_of(work.notes) for work in works))


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")
