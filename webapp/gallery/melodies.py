"""A melody as text, one letter a step, so that a database can look for a part of it; knows no tunes."""

from __future__ import annotations

from collections.abc import Iterable

HIGHEST = 25  # steps; a leap of more than three octaves is written as this one


def letters_of(steps: Iterable[int]) -> str:
    """a is the same note again, b one step up, B one step down."""
    return "".join(_letter(max(-HIGHEST, min(HIGHEST, step))) for step in steps)


def _letter(step: int) -> str:
    return chr((ord("a") if step >= 0 else ord("A")) + abs(step))
