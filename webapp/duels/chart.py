"""The ranking as a picture: places on a scale of shares, for an SVG that the page colours. No library, no style."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from webapp.duels.models import Standing

WIDTH, ROW, TOP, FOOT = 560, 52, 8, 28
LEFT, RIGHT = 8, 8
MARKS = (0, 25, 50, 75, 100)


@dataclass(frozen=True)
class Line:
    title: str
    y: int
    low: float
    value: float
    high: float


@dataclass(frozen=True)
class Chart:
    width: int
    height: int
    bottom: int
    lines: list[Line]
    marks: list[tuple[int, float]]


def chart_of(rows: Sequence[Standing]) -> Chart:
    lines = [
        Line(row.title, TOP + ROW * index + 34, _x(row.low), _x(row.value), _x(row.high))
        for index, row in enumerate(rows)
    ]
    bottom = TOP + ROW * len(rows) + 4
    return Chart(WIDTH, bottom + FOOT, bottom, lines, [(mark, _x(mark / 100)) for mark in MARKS])


def _x(share: float) -> float:
    return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)
