"""Notes as they are struck, and MIDI files of them. Knows no bars, no staves and no models."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from symusic import Note, Score, Tempo, Track

LOWEST, HIGHEST = 24, 96  # C1 to C7: the notes of the piano that are sampled here
TICKS = 480  # a quarter note
_PIANO = 0


@dataclass(frozen=True)
class Struck:
    """One note: when it is struck and how long it sounds, both in quarter notes."""

    onset: Fraction
    length: Fraction
    pitch: int  # 0 to 127, middle C is 60
    loudness: int = 80  # 1 to 127


def in_range(pitch: int) -> int:
    """The same pitch class inside what the sampled piano can play."""
    while pitch < LOWEST:
        pitch += 12
    while pitch > HIGHEST:
        pitch -= 12
    return pitch


def end_of(notes: Iterable[Struck]) -> Fraction:
    return max((note.onset + note.length for note in notes), default=Fraction(0))


def midi_of(notes: Sequence[Struck], qpm: int) -> bytes:
    """A Standard MIDI File of one track, played on a piano."""
    return midi_of_parts([(_PIANO, notes)], qpm)


def midi_of_parts(parts: Iterable[tuple[int, Sequence[Struck]]], qpm: int) -> bytes:
    """A Standard MIDI File of a track for each part, with the General MIDI number of its instrument from 0."""
    score = Score(TICKS)
    score.tempos.append(Tempo(0, qpm))
    for instrument, notes in parts:
        track = Track("", instrument, False)
        track.notes.extend(_timed(note) for note in sorted(notes, key=lambda note: (note.onset, note.pitch)))
        score.tracks.append(track)
    return score.dumps_midi()


def _timed(note: Struck) -> Note:
    start = round(note.onset * TICKS)
    end = max(start + 1, round((note.onset + note.length) * TICKS))
    return Note(start, end - start, note.pitch, note.loudness)
