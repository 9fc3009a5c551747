"""Melodies as sound at 8 kHz: notes in time, the sampled flute that plays them, 8-bit mu-law. Knows no models."""

from __future__ import annotations

import io
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np

from generator.notation import Note, Score, timed

RATE = 8000  # samples a second
LEVELS = 256
SILENCE = 128  # the level of a sample of 0
LOWEST, HIGHEST = 55, 86  # MIDI pitches that the flute plays; others are moved by octaves
CLOSING = RATE // 40  # samples in which a note dies away at its end
LOUDNESS = 2.0  # of the sampled notes, so that their peaks fill two thirds of the range
_NOTES = Path(__file__).parent / "flute_notes.npz"
_MU = LEVELS - 1


@dataclass(frozen=True)
class Sounded:
    """One note in time: samples from the beginning, the end not counted in."""

    start: int
    end: int
    pitch: int


def mu_law(sound: np.ndarray) -> np.ndarray:
    """-1 to 1 as levels 0 to 255 (ITU-T G.711's curve, its law taken as a formula)."""
    bent = np.sign(sound) * np.log1p(_MU * np.abs(sound).clip(0, 1)) / np.log1p(_MU)
    return np.minimum((bent + 1) * (LEVELS / 2), _MU).astype(np.uint8)


def from_mu_law(levels: np.ndarray) -> np.ndarray:
    """The middle of each level; silence is 0 itself."""
    bent = (levels.astype(np.float32) + 0.5) / (LEVELS / 2) - 1
    sound = np.sign(bent) * np.expm1(np.abs(bent) * np.log1p(_MU)) / _MU
    return np.where(levels == SILENCE, 0, sound).astype(np.float32)


def notes_in_time(score: Score, *, qpm: float, shift: int = 0) -> tuple[list[Sounded], int]:
    """The melody as written, repeats not taken, ties joined; and how many samples it lasts."""
    eighth = 30 * RATE / qpm
    notes: list[Sounded] = []
    tied, end = False, 0
    for index, onset, length, pitch in timed(score):
        start, end = round(float(onset) * eighth), round(float(onset + length) * eighth)
        if pitch is not None:
            place = within(pitch + shift)
            if tied and notes and notes[-1].pitch == place:
                notes[-1] = Sounded(notes[-1].start, end, place)
            else:
                notes.append(Sounded(start, end, place))
        symbol = score.symbols[index]
        tied = isinstance(symbol, Note) and symbol.tie
    return [note for note in notes if note.end > note.start], end


def within(pitch: int) -> int:
    """The same note in the flute's range."""
    if pitch < LOWEST:
        return pitch + 12 * -((pitch - LOWEST) // 12)
    return pitch - 12 * -(-(pitch - HIGHEST) // 12) if pitch > HIGHEST else pitch


@cache
def _flute() -> tuple[np.ndarray, ...]:
    with np.load(_NOTES) as file:
        sound, starts = file["sound"].astype(np.float32) / 32768, file["starts"]
    return tuple(sound[a:b] for a, b in pairwise(starts))


def sampled(notes: Sequence[Sounded], begin: int, end: int) -> np.ndarray:
    """What the sampled flute plays from sample `begin` to `end`."""
    sound = np.zeros(end - begin, np.float32)
    for note in notes:
        a, b = max(begin, note.start), min(end, note.end)
        if a >= b:
            continue
        played = _flute()[note.pitch - LOWEST][a - note.start : b - note.start]
        sound[a - begin : a - begin + len(played)] += LOUDNESS * played * (1 - _closing(note, a, b))[: len(played)]
    return sound


def _closing(note: Sounded, a: int, b: int) -> np.ndarray:
    """0 in a note's middle, rising to 1 at its end."""
    return (1 - (note.end - np.arange(a, b)) / CLOSING).clip(0, 1).astype(np.float32)


PITCHES = HIGHEST - LOWEST + 1
SINCE = (0.005, 0.02, 0.08, 0.3, 1.0)  # seconds in which a trace of the onset fades
HARMONICS = 3
FEATURES = PITCHES + 2 + len(SINCE) + 2 * HARMONICS


def conditions(notes: Sequence[Sounded], begin: int, end: int) -> np.ndarray:
    """What the player is told at each sample, (end - begin, FEATURES), zeros in a rest.

    The pitch as one of PITCHES, whether a note sounds, how near its end is, how long ago it began, and a tuning fork:
    sine and cosine at the pitch's equal-tempered frequency and its first overtones, started anew with each note.
    """
    told = np.zeros((end - begin, FEATURES), np.float32)
    for note in notes:
        a, b = max(begin, note.start), min(end, note.end)
        if a < b:
            told[a - begin : b - begin] = _told(note, a, b)
    return told


def _told(note: Sounded, a: int, b: int) -> np.ndarray:
    seconds = (np.arange(a, b) - note.start) / RATE
    told = np.zeros((b - a, FEATURES), np.float32)
    told[:, note.pitch - LOWEST] = 1
    told[:, PITCHES] = 1
    told[:, PITCHES + 1] = _closing(note, a, b)
    for column, fading in enumerate(SINCE, PITCHES + 2):
        told[:, column] = np.exp(-seconds / fading)
    phase = 2 * np.pi * frequency(note.pitch) * seconds
    for harmonic in range(HARMONICS):
        column = PITCHES + 2 + len(SINCE) + 2 * harmonic
        told[:, column], told[:, column + 1] = np.sin((harmonic + 1) * phase), np.cos((harmonic + 1) * phase)
    return told


def frequency(pitch: int) -> float:
    return 440 * 2 ** ((pitch - 69) / 12)


def wav(sound: np.ndarray) -> bytes:
    """-1 to 1 as a WAV file of 16 bits."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes((sound.clip(-1, 1) * 32767).round().astype("<i2").tobytes())
    return out.getvalue()
