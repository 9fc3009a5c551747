"""A tune in ABC to sound, played by a network sample by sample. Loads no network until one is asked to play."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from generator import sounds
from generator.brief import BriefError
from generator.composers import checkpoint_path
from generator.given.reading import read_tune
from generator.sounds import RATE, Sounded

if TYPE_CHECKING:
    from generator.composers.wavenet_voice import Player

LONGEST_SECONDS = 12  # of sound from the tune's beginning
TEMPERATURE = 0.8  # below 1 the flute has less breath; measured in generator/LOG.md
_USUAL_TEMPO = 120


@dataclass(frozen=True)
class SoundAdded:
    share: float  # of the whole, 0 to 1


@dataclass(frozen=True)
class Sound:
    """The finished sound."""

    wav: bytes
    seconds: float


def play(abc: str, *, player: str = "wavenet", seed: int = 0, tempo_qpm: float | None = None) -> Iterator:
    """SoundAdded ten times for each second of sound, then one Sound.

    The melody alone, as written, up to LONGEST_SECONDS. Raises BriefError for what is no single melody.
    """
    notes, length = melody_of(abc, tempo_qpm)
    return _played(player, notes, length, seed)


def melody_of(abc: str, tempo_qpm: float | None = None) -> tuple[list[Sounded], int]:
    """The notes to be played and how many samples they take."""
    tune = read_tune(abc)
    qpm = tempo_qpm or tune.tempo_qpm or _USUAL_TEMPO
    notes, length = sounds.notes_in_time(tune.score, qpm=qpm)
    last = min(length, LONGEST_SECONDS * RATE)
    notes = [Sounded(note.start, min(note.end, last), note.pitch) for note in notes if note.start < last]
    if not notes:
        raise BriefError({"abc": f"There is no note in its first {LONGEST_SECONDS} seconds."})
    return notes, last


def _played(player: str, notes: Sequence[Sounded], length: int, seed: int) -> Iterator[SoundAdded | Sound]:
    levels: list[np.ndarray] = []
    done = 0
    for block in _network(player).play(sounds.conditions(notes, 0, length), seed=seed, temperature=TEMPERATURE):
        levels.append(block)
        done += len(block)
        yield SoundAdded(done / length)
    yield Sound(sounds.wav(sounds.from_mu_law(np.concatenate(levels))), length / RATE)


_loading = threading.Lock()


def _network(player: str) -> Player:
    with _loading:
        return _read(player)


@cache
def _read(player: str) -> Player:
    from generator.composers.wavenet_voice import Player

    return Player.read(checkpoint_path(player))
