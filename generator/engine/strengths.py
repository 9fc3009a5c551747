"""How strongly a composer is told what it is asked for. Pure.

A condition is a vector that is added to every id's. Longer than in training, it is heard more clearly: a cheap relative
of classifier-free guidance (Ho & Salimans 2022), without its second pass. generator/LOG.md has the figures.
"""

from __future__ import annotations

from collections.abc import Sequence

from generator.attributes import CONDITION_NAMES

STRENGTHS = {"rhythm": 2.4, "dotted": 1.4}  # in times of training's; the rest 1


def strengths(conditions: Sequence[int]) -> list[float]:
    """A factor for each of CONDITION_NAMES; what is free is not told louder."""
    return [STRENGTHS.get(name, 1.0) if told else 1.0 for name, told in zip(CONDITION_NAMES, conditions, strict=True)]
