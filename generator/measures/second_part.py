"""How a second part agrees with the first: python -m generator.measures.second_part CHECKPOINT --data DATA.

A line of JSON for people's pieces that were kept for measuring, one for what the network writes to their first parts,
and one for what it writes to the default composer's hymns: the share of strong beats at which the two are consonant (a
fourth is not), the same when the second part's bars stand in another order, what the second part is like, and how often
it ends of itself where the first does.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch

from generator.brief import Brief, BriefError, ComposeFailed
from generator.composers.chordnotes_melody import first_part, melody_for
from generator.composers.chordnotes_parts import PartedPiece, read_parted
from generator.composers.chordnotes_second import SecondPart
from generator.composers.chordnotes_second_voice import COOLER, Writer, Written, read
from generator.keyboard_corpus import split
from generator.keyboard_sheets import KEPT
from generator.measures.figures import PROMPTS, at_least_one
from generator.midi_files import MidiError
from generator.performance import Struck, end_of

CONSONANT = frozenset((0, 3, 4, 7, 8, 9))  # semitones above the lower part, octaves taken away
_ORDERS = 10  # in which the bars are tried


def main(arguments: list[str] | None = None) -> int:
    args = _parser().parse_args(arguments)
    try:
        _told(args)
    except (BriefError, MidiError, ComposeFailed, FileNotFoundError) as wrong:
        print(wrong, file=sys.stderr)
        return 2
    return 0


def _told(args: argparse.Namespace) -> None:
    model = read(args.checkpoint)
    _, tests = split(read_parted(args.data, args.cache))
    print(json.dumps({"of": "people's", **measured(tests)}), flush=True)
    write = partial(_write, model, args.temperature)
    for name, pieces in (("to people's first parts", tests), ("to hymns", list(_hymns(args.hymns)))):
        print(json.dumps({"of": name, **_written(pieces, write)}), flush=True)


def _write(model: SecondPart, temperature: float, piece: PartedPiece, seed: int) -> Written:
    random = torch.Generator().manual_seed(seed)
    return Writer(model, piece.first, piece.bar).written(random, temperature, free=True)


def _written(pieces: Sequence[PartedPiece], write: Callable[[PartedPiece, int], Written]) -> dict[str, float]:
    parts = [write(piece, seed) for seed, piece in enumerate(pieces)]
    made = [
        PartedPiece(piece.name, piece.first, part.notes, piece.bar)
        for piece, part in zip(pieces, parts, strict=True)
    ]  # fmt: skip
    together = [part.ended_at == end_of(piece.first) for piece, part in zip(pieces, parts, strict=True)]
    return {**measured(made), "end_together": round(float(np.mean(together)), 4)}


def _hymns(count: int) -> Iterator[PartedPiece]:
    for seed in range(count):
        try:
            melody = melody_for(Brief(PROMPTS[seed % len(PROMPTS)], seed=seed))
        except ComposeFailed:
            continue
        first, bar = first_part(melody.abc)
        yield PartedPiece(melody.title, first, (), bar)


def measured(pieces: Sequence[PartedPiece]) -> dict[str, float]:
    rng = np.random.default_rng(0)
    kept = [piece for piece in pieces if piece.second]
    pitches = [note.pitch for piece in kept for note in piece.second]
    low, high = np.quantile(pitches, (0.025, 0.975))
    return {
        "pieces": len(kept),
        "consonant": _share(kept, lambda piece: piece.second),
        "consonant_shuffled": _share(
            [piece for piece in kept for _ in range(_ORDERS)], lambda piece: shuffled(piece, rng)
        ),
        "notes_a_quarter": round(len(pitches) / float(sum(end_of(piece.first) for piece in kept)), 3),
        "low": float(low), "high": float(high),
        "steps": _mean(abs(leap) <= 2 for piece in kept for leap in _leaps(piece.second)),
        "widest_leap_of_most": float(np.quantile([abs(n) for piece in kept for n in _leaps(piece.second)], 0.975)),
        "last_note_consonant": _mean(_last(piece) in CONSONANT for piece in kept),
        "last_on_unison_or_octave": _mean(_last(piece) == 0 for piece in kept),
    }  # fmt: skip


def consonances(first: Sequence[Struck], second: Sequence[Struck], bar: Fraction) -> list[bool]:
    """At each strong beat on which both sound: whether the top of the one is consonant with the foot of the other."""
    out = []
    half = bar / 2 if bar % 2 == 0 else bar
    for beat in range(int(end_of(first) / half) + 1):
        above, below = (_sounding(part, beat * half) for part in (first, second))
        if above and below:
            out.append((max(above) - min(below)) % 12 in CONSONANT)
    return out


def shuffled(piece: PartedPiece, rng: np.random.Generator) -> list[Struck]:
    """The second part with its bars in another order: its own notes in its own key, and deaf to the first part."""
    bars = int(max(note.onset for note in piece.second) // piece.bar) + 1
    places = rng.permutation(bars)
    return [
        Struck(note.onset + (int(places[int(note.onset // piece.bar)]) - note.onset // piece.bar) * piece.bar,
               note.length, note.pitch)
        for note in piece.second
    ]  # fmt: skip


def _share(pieces: Sequence[PartedPiece], second: Callable[[PartedPiece], Sequence[Struck]]) -> float:
    return _mean(agrees for piece in pieces for agrees in consonances(piece.first, second(piece), piece.bar))


def _sounding(part: Iterable[Struck], now: Fraction) -> list[int]:
    return [note.pitch for note in part if note.onset <= now < note.onset + note.length]


def _leaps(part: Sequence[Struck]) -> Iterator[int]:
    ordered = sorted(part, key=lambda note: note.onset)
    for before, after in pairwise(ordered):
        if before.onset < after.onset:
            yield after.pitch - before.pitch


def _last(piece: PartedPiece) -> int:
    """The interval between the two parts' last notes, octaves taken away."""
    above, below = (max(part, key=lambda note: note.onset).pitch for part in (piece.first, piece.second))
    return (above - below) % 12


def _mean(values: Iterable[float]) -> float:
    return round(float(np.mean(list(values))), 4)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m generator.measures.second_part", description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--data", nargs="+", default=["music21"])
    parser.add_argument("--cache", type=Path, default=KEPT, help="where parsed pieces are kept")
    parser.add_argument("--hymns", type=at_least_one, default=30)
    parser.add_argument("--temperature", type=float, default=COOLER)
    return parser


if __name__ == "__main__":
    sys.exit(main())
