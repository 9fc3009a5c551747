"""Short keyboard pieces for tests of the composers that learn from MIDI."""

import tempfile
from fractions import Fraction
from pathlib import Path
from unittest import TestCase, mock

import numpy as np
import torch

from generator.keyboard_corpus import Work
from generator.performance import Struck, midi_of


class InFolder(TestCase):
    """A folder of its own, a training that says nothing, and one thread: so small networks lose by sharing."""

    def setUp(self) -> None:
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.enterContext(mock.patch("generator.rounds._tell", return_value=None))
        self.addCleanup(torch.set_num_threads, torch.get_num_threads())
        torch.set_num_threads(1)


def works(count: int = 8, length: int = 40) -> list[Work]:
    """Pieces of notes and chords, each with a pattern of its own."""
    return [Work(f"work {number}", tuple(_piece(number, length))) for number in range(count)]


def folder_of(folder: Path, *, count: int = 8, length: int = 40) -> Path:
    """The same as MIDI files."""
    folder.mkdir(parents=True, exist_ok=True)
    for work in works(count, length):
        (folder / f"{work.name}.mid").write_bytes(midi_of(work.notes, 100))
    return folder


def _piece(number: int, length: int) -> list[Struck]:
    rng = np.random.default_rng(number)
    pattern = [(int(rng.integers(55, 80)), int(rng.integers(1, 4))) for _ in range(6)]
    notes = []
    for place in range(length):
        pitch, size = pattern[place % len(pattern)]
        steps = (0, 4, 7)[:size]
        notes += [Struck(Fraction(place, 2), Fraction(1, 2), pitch + step, 64) for step in steps]
    return notes
