"""How much of a piece stands in one training tune: runs of twelve notes, hashed. Knows no models."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np

from generator.notation import Note, Rest, Score

STEPS = 11  # signed diatonic steps in a run of twelve notes
NEAR_DUPLICATE = 0.40  # the contract's limit for the share of a piece's runs
INDEX_PATH = Path(__file__).parent / "tunes_index.npz"
# With the 848,762 runs of the index a new run meets a strange one of 32 bits once in 5,000 times: 10 of 789 validation
# tunes then seemed to share what they do not. Of 40 bits it does once in 1.3 million times.
_BITS = 40
_WEIGHTS = np.array(
    [int.from_bytes(hashlib.blake2b(bytes([i]), digest_size=8).digest(), "little") | 1 for i in range(STEPS)], np.uint64
)


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
    """The set of a tune's runs, each a hash."""
    return frozenset(ordered_runs(score).tolist())


def ordered_runs(score: Score) -> np.ndarray:
    """(runs,) uint64 hashes, in the tune's order. Multilinear: Lemire & Kaser 2014, "Strongly universal string hashing
    is fast"."""
    steps = np.array(melody_steps(score), np.int64).astype(np.uint64)
    if len(steps) < STEPS:
        return np.empty(0, np.uint64)
    windows = np.lib.stride_tricks.sliding_window_view(steps, STEPS)  # (runs, STEPS)
    return (windows * _WEIGHTS).sum(axis=1) >> np.uint64(64 - _BITS)


@dataclass(frozen=True)
class KnownTune:
    """A training tune as its collection names it: the title may be empty, the id is the file and line it stands in."""

    title: str
    source: str
    id: str


@dataclass(frozen=True)
class Nearest:
    """The training tune that shares most runs with a piece, and where the longest stretch stands."""

    title: str
    source: str
    share: float  # of the piece's runs, 0 to 1
    longest: int  # notes of the longest stretch all of whose runs stand in that tune; 0 when none is shared
    tune: str = ""  # its id
    elsewhere: KnownTune | None = None  # another tune that has a longer stretch
    longest_elsewhere: int = 0

    def as_value(self) -> dict:
        """JSON-ready; `elsewhere` is None where no other tune has a longer stretch."""
        value = {"title": self.title, "source": self.source, "tune": self.tune, "share": round(self.share, 4),
                 "longest": self.longest, "elsewhere": None}  # fmt: skip
        if other := self.elsewhere:
            value["elsewhere"] = {"title": other.title, "source": other.source, "tune": other.id,
                                  "longest": self.longest_elsewhere}  # fmt: skip
        return value


class TuneIndex:
    """Hashes of the training tunes' runs, sorted, each beside the tunes that hold it.

    The tunes of run i are `holders[starts[i]:starts[i + 1]]`.
    """

    def __init__(self, hashes: np.ndarray, starts: np.ndarray, holders: np.ndarray, known: Sequence[KnownTune]) -> None:
        self.hashes, self.starts, self.holders, self.known = hashes, starts, holders, known

    @classmethod
    def built(cls, entries: Iterable[tuple[Score, KnownTune]]) -> TuneIndex:
        """From every training tune, in order."""
        known, hashes, holders = [], [np.empty(0, np.uint64)], [np.empty(0, np.uint16)]
        for number, (score, tune) in enumerate(entries):
            found = np.unique(ordered_runs(score))
            hashes.append(found)
            holders.append(np.full(len(found), number, np.uint16))
            known.append(tune)
        every = np.concatenate(hashes)
        order = np.argsort(every, kind="stable")
        distinct, firsts = np.unique(every[order], return_index=True)
        starts = np.append(firsts, len(every)).astype(np.uint32)
        return cls(distinct, starts, np.concatenate(holders)[order], known)

    def save(self, path: Path) -> None:
        """Compressed: the gaps between sorted hashes byte by byte, how many tunes hold each, and the tunes' numbers."""
        names = json.dumps([[t.title, t.source, t.id] for t in self.known], ensure_ascii=False)
        gaps = np.diff(self.hashes, prepend=np.uint64(0)).view(np.uint8).reshape(-1, 8)
        counts = np.diff(self.starts).astype(np.uint16)
        planes = {f"gaps_{byte}": gaps[:, byte] for byte in range(_BITS // 8)}
        np.savez_compressed(
            path, **planes, counts=counts, holders=self.holders, names=np.frombuffer(names.encode(), np.uint8)
        )

    @classmethod
    def load(cls, path: Path) -> TuneIndex:
        with np.load(path) as stored:
            gaps = np.zeros((len(stored["counts"]), 8), np.uint8)
            for byte in range(_BITS // 8):
                gaps[:, byte] = stored[f"gaps_{byte}"]
            hashes = np.cumsum(gaps.view(np.uint64)[:, 0], dtype=np.uint64)
            starts = np.concatenate([[0], np.cumsum(stored["counts"])]).astype(np.uint32)
            known = [KnownTune(*fields) for fields in json.loads(stored["names"].tobytes().decode())]
            return cls(hashes, starts, stored["holders"], known)

    def nearest(self, score: Score) -> Nearest:
        """The training tune with the largest share of the piece's runs; of several the one with the longest stretch."""
        ordered = ordered_runs(score)
        distinct, places = np.unique(ordered, return_inverse=True)
        runs_hit, tunes_hit = self._hits(distinct)
        if not len(tunes_hit):
            return Nearest("", "", 0.0, 0)
        counts = np.bincount(tunes_hit)
        longest = _longest_stretches(*_in_order(runs_hit, tunes_hit, places), len(counts))
        most = np.flatnonzero(counts == counts.max())
        first, other = int(most[longest[most].argmax()]), int(longest.argmax())
        tune, share, stretch = self.known[first], int(counts[first]) / len(distinct), int(longest[first])
        nearest = Nearest(tune.title, tune.source, share, stretch + STEPS, tune.id)
        if longest[other] == stretch:
            return nearest
        return replace(nearest, elsewhere=self.known[other], longest_elsewhere=int(longest[other]) + STEPS)

    def _hits(self, distinct: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(hits,) indices of runs that stand in the index, and beside each a tune that holds it."""
        at = np.searchsorted(self.hashes, distinct)
        at[at == len(self.hashes)] = 0
        found = np.flatnonzero(self.hashes[at] == distinct) if len(self.hashes) else np.empty(0, np.intp)
        first, after = self.starts[at[found]], self.starts[at[found] + 1]
        runs_hit = np.repeat(found, after - first)
        tunes_hit = [self.holders[a:b] for a, b in zip(first.tolist(), after.tolist(), strict=True)]
        return runs_hit, np.concatenate(tunes_hit) if tunes_hit else np.empty(0, np.uint16)


def _in_order(runs_hit: np.ndarray, tunes_hit: np.ndarray, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Every place of the piece at which a tune's run stands: (hits,) tunes and places, by tune and then by place."""
    by_run = np.argsort(places, kind="stable")  # places of the first distinct run, of the second...
    counts = np.bincount(places)
    starts = np.cumsum(counts) - counts
    repeats = counts[runs_hit]
    within = np.arange(repeats.sum()) - np.repeat(np.cumsum(repeats) - repeats, repeats)
    where = by_run[np.repeat(starts[runs_hit], repeats) + within]
    tunes = np.repeat(tunes_hit, repeats)
    order = np.lexsort((where, tunes))
    return tunes[order], where[order]


def _longest_stretches(tunes: np.ndarray, where: np.ndarray, size: int) -> np.ndarray:
    """(size,) for each tune the most places in a row."""
    broken = (np.diff(tunes, prepend=tunes[0]) != 0) | (np.diff(where, prepend=where[0] - 1) != 1)
    starts = np.append(np.flatnonzero(np.append(True, broken[1:])), len(tunes))
    longest = np.zeros(size, np.int64)
    np.maximum.at(longest, tunes[starts[:-1]], np.diff(starts))
    return longest


@cache
def shipped_index() -> TuneIndex:
    return TuneIndex.load(INDEX_PATH)
