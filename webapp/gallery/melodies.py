"""A melody as text, one letter a step, so that a database can look for a part of it; knows no tunes."""

from __future__ import annotations

from collections.abc import Iterable

RUNS = (3, 5)  # four notes are found by a run of three; runs of five narrow down what more notes ask for
HIGHEST = 25  # steps; a leap of more than three octaves is written as this one
_FURTHEST = 15  # steps; a leap of more than two octaves is numbered as this one, in five bits
_LONG = 32**5  # from here on are runs of five


def letters_of(steps: Iterable[int]) -> str:
    """a is the same note again, b one step up, B one step down."""
    return "".join(_letter(max(-HIGHEST, min(HIGHEST, step))) for step in steps)


def _letter(step: int) -> str:
    return chr((ord("a") if step >= 0 else ord("A")) + abs(step))


def runs_of(letters: str, sizes: tuple[int, ...] = RUNS) -> list[int]:
    """Every run of three and of five steps as a number, each once: what an index of numbers finds a melody by."""
    a = [_CODES[letter] for letter in letters]
    b, c, d, e = a[1:], a[2:], a[3:], a[4:]
    three = {(v << 10) + (w << 5) + x for v, w, x in zip(a, b, c, strict=False)}
    if sizes == RUNS[:1]:
        return sorted(three)
    five = {
        _LONG + (v << 20) + (w << 15) + (x << 10) + (y << 5) + z for v, w, x, y, z in zip(a, b, c, d, e, strict=False)
    }
    return sorted(three | five)


def asked_runs(letters: str) -> tuple[list[int], bool]:
    """The runs that a melody with these steps must have, and whether having them says that it has these steps."""
    size = max((size for size in RUNS if size <= len(letters)), default=RUNS[0])
    runs = [run for run in runs_of(letters) if (run >= _LONG) == (size == RUNS[-1])]
    return runs, len(letters) == size and not _WIDE.intersection(letters)


_CODES = {_letter(step): max(-_FURTHEST, min(_FURTHEST, step)) + _FURTHEST + 1 for step in range(-HIGHEST, HIGHEST + 1)}
_WIDE = {letter for letter, code in _CODES.items() if code in (1, 2 * _FURTHEST + 1)}
