"""Which bars `fill` and `vary` write anew. Pure: knows bars and chance, no models."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import numpy as np

from generator import vocabulary as V
from generator.given.bars import WrittenBar


def filled(bars: list[WrittenBar], asked: tuple[int, ...]) -> list[WrittenBar]:
    """The bars with those of the asked numbers (from 1) free, second endings' bars with their first ending's."""
    wanted = {number - 1 for number in asked}
    numbers = counted(bars)
    return [replace(bar, free=number in wanted) for bar, number in zip(bars, numbers, strict=True)]


def counted(bars: list[WrittenBar]) -> list[int | None]:
    """The number of each bar; a second ending's bars have those of the first, a pickup has none."""
    out: list[int | None] = []
    first: list[int] = []
    second = 0
    for bar in bars:
        if bar.ending == 1 and bar.number is not None:
            first = [*first, bar.number] if out and bars[len(out) - 1].ending == 1 else [bar.number]
            second = 0
        if bar.ending == 2 and bar.number is None:
            out.append(first[min(second, len(first) - 1)] if first else None)
            second += 1
        else:
            out.append(bar.number)
    return out


def varied(bars: list[WrittenBar], strength: float, rng: np.random.Generator) -> list[WrittenBar]:
    """The bars with a share of them free; bars that were alike stay alike.

    What a tune is known by is left till last: the bars that open and close its parts. The others are taken around one
    place, so that a phrase is told anew and the rest stays whole.
    """
    families, around = _families(bars), rng.integers(len(bars))
    order = sorted(
        families, key=lambda family: (max(_standing(bars, at) for at in family), min(abs(at - around) for at in family))
    )
    most = max(1, round(strength * sum(len(family) for family in families)))
    out, chosen = list(bars), 0
    for family in order:
        if chosen and chosen + len(family) > most:
            continue
        chosen += len(family)
        for at in family:
            out[at] = replace(bars[at], free=True, like=family[0] if at != family[0] else None)
    return out


def _families(bars: list[WrittenBar]) -> list[list[int]]:
    """Places of the bars that hold the same notes; pickups stay out, and the last bar has its own way to end."""
    groups: dict[tuple, list[int]] = defaultdict(list)
    for at, bar in enumerate(bars):
        tied_into = at > 0 and bars[at - 1].ids[-1:] == (V.TIE,)
        if not bar.is_pickup:
            groups[bar.ids, bar.length, at if bar.ends_tune or tied_into else None].append(at)
    return list(groups.values())


def _standing(bars: list[WrittenBar], at: int) -> int:
    """0 inside a part, 1 where a part opens, 2 where one closes."""
    before = bars[at - 1] if at else None
    if bars[at].at_seam or bars[at].part_left == 1:
        return 2
    return int(before is None or before.is_pickup or before.part != bars[at].part)
