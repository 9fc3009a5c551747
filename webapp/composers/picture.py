"""The picture of an architecture: places of boxes and arrows, for an SVG that the page colours. Knows no style."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from generator import Picture

WIDTH, MARGIN, SIDE = 340, 8, 26  # the side is where the way back runs
BOX, BARE, GAP, BETWEEN = 48, 26, 18, 10
NAME_LETTER, DETAIL_LETTER = 7.6, 6.7  # pixels that a letter of each size takes, at most


@dataclass(frozen=True)
class Cell:
    name: str
    detail: str
    kind: str
    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 1)

    @property
    def name_y(self) -> float:
        return self.y + (20 if self.detail else self.height / 2 + 5)

    @property
    def detail_y(self) -> float:
        return self.y + 38

    @property
    def right(self) -> float:
        return round(self.x + self.width, 1)

    @property
    def loop(self) -> str:
        """A small arrow from the box's right edge back into it, for what feeds itself."""
        x, y = self.right, self.y + self.height / 2
        return f"M{x} {y + 9}c14 0 14 -18 2 -18"


@dataclass(frozen=True)
class Drawing:
    width: int
    height: float
    cells: list[Cell]
    arrows: list[tuple[float, float, float, float]]
    back: str
    says: str

    @property
    def in_words(self) -> str:
        """For whoever cannot see it."""
        named = [f"{cell.name} ({cell.detail})" if cell.detail else cell.name for cell in self.cells]
        return ", then ".join(named) + (", and back to the beginning" if self.back else "")


def drawing_of(picture: Picture) -> Drawing:
    rows: list[list[Cell]] = []
    y = 2.0
    left = MARGIN + (SIDE if picture.back else 0)
    for row in picture.rows:
        height = BARE if all(part.kind == "data" and not part.detail for part in row) else BOX
        width = (WIDTH - left - MARGIN - SIDE - BETWEEN * (len(row) - 1)) / len(row)
        rows.append([
            Cell(part.name, part.detail, part.kind, round(left + at * (width + BETWEEN), 1), y, round(width, 1), height)
            for at, part in enumerate(row)
        ])  # fmt: skip
        y += height + GAP
    cells = [cell for row in rows for cell in row]
    return Drawing(WIDTH, y - GAP + 4, cells, _arrows(rows), _back(rows) if picture.back else "", picture.says)


def _arrows(rows: list[list[Cell]]) -> list[tuple[float, float, float, float]]:
    """From each box to the one below it; where rows are of different breadth, from all to one or from one to all."""
    arrows = []
    for above, below in pairwise(rows):
        pairs = zip(above, below, strict=True) if len(above) == len(below) else None
        pairs = pairs or [(one, other) for one in above for other in below]
        for one, other in pairs:
            arrows.append((one.middle, one.y + one.height + 2, other.middle, other.y - 3))
    return arrows


def _back(rows: list[list[Cell]]) -> str:
    first, last = rows[0][0], rows[-1][0]
    low, high = last.y + last.height / 2, first.y + first.height / 2
    return f"M{last.x - 3} {low}H{MARGIN + 4}V{high}H{first.x - 5}"
