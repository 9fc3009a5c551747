"""Notes as they are struck, and MIDI files of them. Knows no bars, no staves and no models."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

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
    track = b"\x00\xff\x51\x03" + (60_000_000 // qpm).to_bytes(3, "big") + bytes([0, 0xC0, _PIANO])
    now = 0
    for tick, message in sorted(_messages(notes)):
        track += _length(tick - now) + message
        now = tick
    track += b"\x00\xff\x2f\x00"
    head = b"MThd" + (6).to_bytes(4, "big") + bytes([0, 0, 0, 1]) + TICKS.to_bytes(2, "big")
    return head + b"MTrk" + len(track).to_bytes(4, "big") + track


def _messages(notes: Sequence[Struck]) -> Iterable[tuple[int, bytes]]:
    # 0x80 sorts before 0x90: a note that is struck anew is let go first.
    for note in notes:
        start = round(note.onset * TICKS)
        yield start, bytes([0x90, note.pitch, note.loudness])
        yield max(start + 1, round((note.onset + note.length) * TICKS)), bytes([0x80, note.pitch, 0])


def _length(number: int) -> bytes:
    """MIDI's numbers of any size: seven bits a byte, all but the last with the high bit set."""
    out = [number & 0x7F]
    while number := number >> 7:
        out.append(number & 0x7F | 0x80)
    return bytes(reversed(out))
