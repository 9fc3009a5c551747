"""Pieces of two parts as events to learn from, stretch by stretch, side by side in batches. Knows no models."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from generator.composers.chordnotes_parts import PartedPiece
from generator.note_events import A_QUARTER, FIRST, REST, START, TIMES, events_of, transposed
from generator.performance import Struck, end_of

END = (START, 0, 0, 0)  # stands behind a part's last event
_LONGEST = 64  # quarter notes of a stretch
_FEWEST = 4  # events of a part in a stretch
_MOST_LATE = 3  # twelfths by which rounded lengths may have put a note at another time in the end


@dataclass(frozen=True)
class Stretch:
    """Both parts' events and their onsets in twelfths; END closes the first, and the second where the piece ends."""

    first: np.ndarray  # (events, 4)
    first_onsets: np.ndarray  # (events,)
    second: np.ndarray
    second_onsets: np.ndarray
    bar: int  # twelfths

    def moved(self, up: int) -> Stretch:
        return replace(self, first=transposed(self.first, up), second=transposed(self.second, up))


@dataclass(frozen=True)
class Batch:
    """Stretches side by side, filled up with zeros."""

    first: np.ndarray  # (batch, events, 4)
    first_onsets: np.ndarray
    lengths: np.ndarray  # (batch,): events of each first part
    before: np.ndarray  # (batch, time, 4): what the second part said last
    now: np.ndarray  # (batch, time): when the next event begins
    wanted: np.ndarray  # (batch, time, 4): that event
    counts: np.ndarray  # (batch, time): 1 where there is one
    bars: np.ndarray  # (batch,)


def stretches_of(piece: PartedPiece) -> list[Stretch]:
    """The whole piece, or stretches of it from bar lines on that overlap by half."""
    whole = end_of([*piece.first, *piece.second])
    most = max(1, _LONGEST // piece.bar) * piece.bar
    hop = max(1, most // 2 // piece.bar) * piece.bar
    count = 1 + max(0, -(-(whole - most) // hop))
    found = (_stretch(piece, n * hop, n * hop + most, last=n == count - 1) for n in range(count))
    return [stretch for stretch in found if stretch is not None]


def _stretch(piece: PartedPiece, start: Fraction, end: Fraction, *, last: bool) -> Stretch | None:
    both = [_within(part, start, end) for part in (piece.first, piece.second)]
    if min(map(len, both)) < _FEWEST:
        return None
    begin = min(part[0].onset for part in both)
    first, second = (part_events(part, begin) for part in both)
    if first is None or second is None:
        return None
    first = ended(*first)
    second = ended(*second) if last else second
    return Stretch(*first, *second, int(piece.bar * A_QUARTER))


def _within(part: Iterable[Struck], start: Fraction, end: Fraction) -> list[Struck]:
    """A part's notes of a stretch, from the stretch's own time zero."""
    kept = [note for note in part if start <= note.onset < end]
    return [replace(note, onset=note.onset - start, length=min(note.length, end - note.onset)) for note in kept]


def part_events(notes: Sequence[Struck], begin: Fraction) -> tuple[np.ndarray, np.ndarray] | None:
    """Events and their onsets, from the time at which either part begins; None for what TIMES cannot tell."""
    notes = sorted(notes, key=lambda note: (note.onset, note.pitch))
    events = events_of(notes)
    if wait := int((notes[0].onset - begin) * A_QUARTER):
        if wait not in TIMES:
            return None
        events = np.concatenate([[(REST, TIMES.index(wait), 0, 0)], events])
    onsets = round(begin * A_QUARTER) + _passed(events)
    late = abs(onsets[-1] - notes[-1].onset * A_QUARTER)
    return (events, onsets) if late <= _MOST_LATE else None


def _passed(events: np.ndarray) -> np.ndarray:
    """When each event begins, from the first."""
    times = np.array(TIMES)[events[:, 1]]
    return np.concatenate([[0], np.cumsum(times)[:-1]])


def ended(events: np.ndarray, onsets: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    end = onsets[-1] + TIMES[events[-1, 1]]
    return np.concatenate([events, [END]]), np.append(onsets, end)


def batch_of(stretches: Sequence[Stretch]) -> Batch:
    before = [np.concatenate([[FIRST], stretch.second[:-1]]) for stretch in stretches]
    return Batch(
        first=_filled([stretch.first for stretch in stretches]),
        first_onsets=_filled([stretch.first_onsets for stretch in stretches]),
        lengths=np.array([len(stretch.first) for stretch in stretches]),
        before=_filled(before),
        now=_filled([stretch.second_onsets for stretch in stretches]),
        wanted=_filled([stretch.second for stretch in stretches]),
        counts=_filled([np.ones(len(stretch.second)) for stretch in stretches]),
        bars=np.array([stretch.bar for stretch in stretches]),
    )


def _filled(rows: Sequence[np.ndarray]) -> np.ndarray:
    longest = max(map(len, rows))
    return np.stack([np.pad(row, [(0, longest - len(row))] + [(0, 0)] * (row.ndim - 1)) for row in rows])
