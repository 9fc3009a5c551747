"""How a training went, as a picture: lines over minutes of computing, for an SVG that the page colours."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from generator import Curve

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 340, 200, 44, 10, 12, 30
MOST_POINTS = 160
STEPS = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True)
class Line:
    name: str
    points: str
    dash: int  # which of the page's dashes tells it from the others
    last: float


@dataclass(frozen=True)
class Chart:
    width: int
    height: int
    bottom: int
    left: int
    right: int
    lines: list[Line]
    across: list[tuple[str, float]]  # minutes, with their places
    upward: list[tuple[str, float]]  # values, with theirs
    minutes: str

    @property
    def in_words(self) -> str:
        return "; ".join(f"{line.name}: {line.last:.3g} in the end" for line in self.lines)


def chart_of(curves: Sequence[Curve]) -> Chart | None:
    """None where nothing was written down."""
    if not curves:
        return None
    moments = [moment for curve in curves for moment, _ in curve.points]
    values = [value for curve in curves for _, value in curve.points if math.isfinite(value)]
    low, high = _room(min(values), max(values))
    longest = max(moments) or 1.0
    place = _Place(longest, low, high)
    lines = [
        Line(curve.name, " ".join(place.of(*point) for point in _thinned(curve.points)), at % 3, curve.points[-1][1])
        for at, curve in enumerate(curves)
    ]
    across = [(f"{mark:g}", place.x(mark)) for mark in _marks(0, longest, 4)]
    upward = [(f"{mark:g}", place.y(mark)) for mark in _marks(low, high, 4)]
    return Chart(WIDTH, HEIGHT, HEIGHT - BOTTOM, LEFT, WIDTH - RIGHT, lines, across, upward, f"{longest:.0f}")


@dataclass(frozen=True)
class _Place:
    longest: float
    low: float
    high: float

    def x(self, moment: float) -> float:
        return round(LEFT + moment / self.longest * (WIDTH - LEFT - RIGHT), 1)

    def y(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return round(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM), 1)

    def of(self, moment: float, value: float) -> str:
        return f"{self.x(moment)},{self.y(value)}"


def _room(low: float, high: float) -> tuple[float, float]:
    """A little air, and a scale even where nothing ever changed."""
    air = (high - low) * 0.06 or abs(high) * 0.06 or 1.0
    return (max(0.0, low - air) if low >= 0 else low - air), high + air


def _marks(low: float, high: float, about: int) -> Iterator[float]:
    """Round numbers between the two."""
    rough = (high - low) / about
    magnitude = 10 ** math.floor(math.log10(rough))
    step = next(one for one in STEPS if one * magnitude >= rough - 1e-12) * magnitude
    at = math.ceil(low / step - 1e-9)
    while at * step <= high + 1e-9:
        yield round(at * step, 10)
        at += 1


def _thinned(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    every = max(1, math.ceil(len(points) / MOST_POINTS))
    finite = [point for point in points if math.isfinite(point[1])]
    return [*finite[:-1:every], finite[-1]] if finite else []
