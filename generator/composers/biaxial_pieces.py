"""Pieces in 4/4 with their bar lines, from music21's chorales and keyboard works and from MIDI. Knows no models."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from generator.brief import BriefError
from generator.composers.biaxial_rolls import STEPS_A_BAR, roll_of
from generator.corpora import BUNDLED_NAME
from generator.keyboard_corpus import CHORALES, KEYBOARD, KEYBOARD_WORKS
from generator.midi_files import MidiError, read_midi, struck_notes
from generator.performance import Struck

METERS = ("4/4", "2/2")
_VALID_OF_100 = 8
_OPENING = 8  # notes on top by which two settings of one melody are told


@dataclass(frozen=True)
class BarredPiece:
    name: str
    family: str
    roll: np.ndarray  # (steps, notes, 2) uint8, in whole bars

    @property
    def is_for_valid(self) -> bool:
        """Whether it is kept for measuring: the same on every machine, and all settings of a melody together."""
        return int(hashlib.sha256(self.family.encode()).hexdigest(), 16) % 100 < _VALID_OF_100


def read_pieces(data: Iterable[str], low: int, high: int, cache: Path) -> list[BarredPiece]:
    """Pieces in 4/4 between low and high. Raises BriefError where there are none, MidiError for a bad file."""
    found, left_out = [], 0
    for name, notes, pickup in _all(data, cache):
        if notes and low <= min(n.pitch for n in notes) and max(n.pitch for n in notes) <= high:
            found.append(BarredPiece(name, family_of(notes), roll_of(notes, low, high, pickup)))
        else:
            left_out += 1
    if left_out:
        _tell(f"{left_out} pieces left out: in another meter than 4/4, or beyond the notes {low} to {high}")
    if not found:
        raise BriefError({"data": f"These files hold no pieces in 4/4 between the notes {low} and {high}."})
    return found


def split(pieces: list[BarredPiece], valid: list[BarredPiece] | None) -> tuple[list[BarredPiece], list[BarredPiece]]:
    """Pieces to learn from and pieces to measure on. Raises BriefError when there are none of either."""
    lessons = pieces if valid else [piece for piece in pieces if not piece.is_for_valid]
    tests = valid or [piece for piece in pieces if piece.is_for_valid]
    if not lessons or not tests:
        raise BriefError(
            {"data": "These files hold too few pieces to learn from and to measure on; name some by --valid."}
        )
    return lessons, tests


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


def _all(data: Iterable[str], cache: Path) -> Iterator[tuple[str, list[Struck], Fraction]]:
    for name in data:
        if name in (BUNDLED_NAME, KEYBOARD):
            yield from _bundled("keyboard", cache)
        if name in (BUNDLED_NAME, CHORALES):
            yield from _bundled("chorales", cache)
        if name not in (BUNDLED_NAME, KEYBOARD, CHORALES):
            yield from _from_files(Path(name))


def _bundled(part: str, cache: Path) -> Iterator[tuple[str, list[Struck], Fraction]]:
    kept = cache / f"{part}.json"
    if not kept.exists():
        _tell(f"reading music21's {part} once; this takes a minute or two")
        names = KEYBOARD_WORKS if part == "keyboard" else _chorale_names()
        cache.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps({name: _parsed(name) for name in names}))
    for name, work in json.loads(kept.read_text()).items():
        in_time = set(work["meters"]) <= set(METERS)
        notes = [Struck(Fraction(onset), Fraction(length), *rest) for onset, length, *rest in work["notes"]]
        yield name, notes if in_time else [], Fraction(work["pickup"])


def _chorale_names() -> list[str]:
    from music21 import corpus

    # bwv846 is a prelude and fugue.
    stems = {Path(path).stem for path in corpus.getComposer("bach") if Path(path).suffix in (".mxl", ".xml")}
    return [f"bach/{stem}" for stem in sorted(stems - {"bwv846"})]


def _parsed(name: str) -> dict[str, Any]:
    from music21 import corpus

    score = corpus.parse(name)
    first = score.parts[0].getElementsByClass("Measure")[0]
    meters = {time.ratioString for time in score.parts[0].recurse().getElementsByClass("TimeSignature")}
    notes = [[str(note.onset), str(note.length), note.pitch, note.loudness] for note in struck_notes(score)]
    return {"notes": notes, "meters": sorted(meters), "pickup": str(first.paddingLeft)}


def _from_files(path: Path) -> Iterator[tuple[str, list[Struck], Fraction]]:
    """A MIDI file's time zero is taken for a bar line of 4/4, as the account does."""
    if not path.is_dir():
        yield path.name, read_midi(path), Fraction(0)
        return
    for file in sorted(p for p in path.rglob("*") if p.suffix.lower() in (".mid", ".midi") and p.is_file()):
        try:
            yield file.name, read_midi(file), Fraction(0)
        except MidiError as wrong:
            _tell(str(wrong))


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")
