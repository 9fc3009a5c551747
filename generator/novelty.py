"""How much of a piece stands in one training tune: runs of twelve notes, hashed. Knows no models."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np

from generator.notation import Note, Rest, Score

STEPS = 11  # signed diatonic steps in a run of twelve notes
NEAR_DUPLICATE = 0.40  # the contract's limit for the share of a piece's runs
INDEX_PATH = Path(__file__).parent / "tunes_index.npz"


def melody_steps(score: Score) -> list[int]:
    """Signed diatonic steps between successive notes: ties merged, rests skipped, repeats not unfolded."""
    pitches: list[int] = []
    tied = False
    for symbol in score.symbols:
        if isinstance(symbol, Note):
            if not tied:
                pitches.append(symbol.step)
            tied = symbol.tie
        elif isinstance(symbol, Rest):
            tied = False
    return [b - a for a, b in pairwise(pitches)]


def runs(score: Score) -> frozenset[int]:
    """The set of a tune's runs, each a 32-bit hash."""
    return frozenset(ordered_runs(score))


def ordered_runs(score: Score) -> list[int]:
    steps = np.array(melody_steps(score), np.int8).tobytes()
    return [_hashed(steps[i : i + STEPS]) for i in range(len(steps) - STEPS + 1)]


def _hashed(run: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(run, digest_size=4).digest(), "little")


@dataclass(frozen=True)
class Nearest:
    """The training tune that shares most with a piece."""

    title: str
    source: str
    share: float  # of the piece's runs, 0 to 1
    longest: int  # notes of the longest stretch in common; 0 when no run is shared


class TuneIndex:
    """Hashes of the training tunes' runs, sorted, each beside the tune it stands in."""

    def __init__(self, hashes: np.ndarray, tunes: np.ndarray, titles: list[str], sources: list[str]) -> None:
        self.hashes, self.tunes, self.titles, self.sources = hashes, tunes, titles, sources

    @classmethod
    def built(cls, entries: Iterable[tuple[Score, str, str]]) -> TuneIndex:
        """From (score, title, source) of every training tune."""
        hashes: list[int] = []
        tunes: list[int] = []
        titles, sources = [], []
        for number, (score, title, source) in enumerate(entries):
            found = runs(score)
            hashes += found
            tunes += [number] * len(found)
            titles.append(title)
            sources.append(source)
        order = np.lexsort((tunes, hashes))
        return cls(np.array(hashes, np.uint32)[order], np.array(tunes, np.uint16)[order], titles, sources)

    def save(self, path: Path) -> None:
        """Compressed: the gaps between sorted hashes, and the tunes' numbers."""
        names = np.frombuffer(json.dumps([self.titles, self.sources], ensure_ascii=False).encode(), np.uint8)
        gaps = np.diff(self.hashes, prepend=np.uint32(0))
        np.savez_compressed(path, gaps=gaps, tunes=self.tunes, names=names)

    @classmethod
    def load(cls, path: Path) -> TuneIndex:
        with np.load(path) as stored:
            titles, sources = json.loads(stored["names"].tobytes().decode())
            return cls(np.cumsum(stored["gaps"], dtype=np.uint32), stored["tunes"], titles, sources)

    def holders(self, run: int) -> np.ndarray:
        """Numbers of the tunes that hold a run."""
        first, last = (
            np.searchsorted(self.hashes, np.uint32(run), "left"),
            np.searchsorted(self.hashes, np.uint32(run), "right"),
        )
        return self.tunes[first:last]

    def nearest(self, score: Score) -> Nearest:
        """The training tune with the largest share of the piece's runs."""
        ordered = ordered_runs(score)
        distinct = {run: self.holders(run) for run in set(ordered)}
        counts = Counter(int(tune) for holders in distinct.values() for tune in holders)
        if not counts:
            return Nearest("", "", 0.0, 0)
        tune, shared = max(counts.items(), key=lambda item: (item[1], -item[0]))
        longest = _longest([bool((distinct[run] == tune).any()) for run in ordered])
        return Nearest(self.titles[tune], self.sources[tune], shared / len(distinct), longest + STEPS)


def _longest(present: list[bool]) -> int:
    best = here = 0
    for hit in present:
        here = here + 1 if hit else 0
        best = max(best, here)
    return best


@cache
def shipped_index() -> TuneIndex:
    return TuneIndex.load(INDEX_PATH)
