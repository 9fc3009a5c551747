"""How a line of symbols moves and repeats itself: for composers that write notes and chords. Knows no models."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

_A_START = 32
_RUN = 4


def starts_on_one(symbols: Sequence[object], length: int = _A_START) -> bool:
    """Whether the first symbols are one and the same."""
    return len(set(symbols[:length])) == 1


def turns(heights: Sequence[float]) -> float:
    """The share of moves that go another way than the move before; chance gives two thirds."""
    moves = np.sign(np.diff(np.asarray(heights, float)))
    moves = moves[moves != 0]
    return float((moves[1:] != moves[:-1]).mean()) if len(moves) > 1 else 0.0


def longest_line(heights: Sequence[float]) -> int:
    """How many notes the longest stretch has that only rises or only falls."""
    longest = run = 1
    way = 0.0
    for move in np.sign(np.diff(np.asarray(heights, float))):
        run = run + 1 if move and move == way else (2 if move else 1)
        way, longest = move, max(longest, run)
    return longest


def recalls(symbols: Sequence[object], run: int = _RUN) -> float:
    """The share of runs of symbols, not all one, that the piece has had before: how well it holds to a pattern."""
    seen: set[tuple] = set()
    counted = recalled = 0
    for start in range(len(symbols) - run + 1):
        here = tuple(symbols[start : start + run])
        if len(set(here)) > 1:
            counted += 1
            recalled += here in seen
            seen.add(here)
    return recalled / counted if counted else 0.0
