"""Room for many tunes at once: a row for each, its keys and values on pages lent as it grows. Knows no arithmetic."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

BLOCK = 64  # positions on a page


class Memory(NamedTuple):
    """Keys and values so far, int8 with a scale each, by page; and of every row where it stands.

    What is added up lies in pairs: the neighbours of a key's size, and neighbouring positions of the values.
    """

    keys: np.ndarray  # (pages, layers, heads, size / 2, BLOCK, 2) int8
    values: np.ndarray  # (pages, layers, heads, BLOCK / 2, size, 2) int8
    scales: np.ndarray  # (pages, layers, heads, 2, BLOCK) float32
    pages: np.ndarray  # (rows, most pages) int32: the pages of a row, in order
    at: np.ndarray  # (rows,) int64: ids taken
    wholes: np.ndarray  # (rows, width) float32: what the row's conditions add to every id


class NoRoom(RuntimeError):
    """Every row or page is lent."""


class Rows:
    """Everything is laid out at once; what no tune has come to yet takes no memory."""

    def __init__(self, rows: int, pages: int, *, layers: int, heads: int, width: int, context: int) -> None:
        size = width // heads
        self.memory = Memory(
            np.zeros((pages, layers, heads, size // 2, BLOCK, 2), np.int8),
            np.zeros((pages, layers, heads, BLOCK // 2, size, 2), np.int8),
            np.zeros((pages, layers, heads, 2, BLOCK), np.float32),
            np.zeros((rows, -(-context // BLOCK)), np.int32),
            np.zeros(rows, np.int64),
            np.zeros((rows, width), np.float32),
        )
        # What was given back last is lent first: it is still in the processor's cache.
        self._rows, self._pages = list(range(rows))[::-1], list(range(pages))[::-1]
        self._lent = [0] * rows  # pages of each row

    @property
    def free(self) -> tuple[int, int]:
        """(rows, pages)"""
        return len(self._rows), len(self._pages)

    # Rows are lent and given back by any thread, and by the collector of garbage in the midst of either: each change
    # of a list below is one operation that Python does not break off.

    def lend(self, whole: np.ndarray) -> int:
        """A row that has heard nothing yet but its conditions."""
        row = _taken(self._rows)
        self.memory.at[row], self.memory.wholes[row] = 0, whole
        return row

    def lend_copy(self, row: int) -> int:
        """Another row that has heard the same."""
        m = self.memory
        twin = self.lend(m.wholes[row])
        for index in range(self._lent[row]):
            self._lend_page(twin)
            for part in (m.keys, m.values, m.scales):
                part[m.pages[twin, index]] = part[m.pages[row, index]]
        m.at[twin] = m.at[row]
        return twin

    def make_way(self, row: int, at: int) -> None:
        """Sees to it that there is a page for a row's id at this position."""
        if at // BLOCK == self._lent[row]:
            self._lend_page(row)

    def _lend_page(self, row: int) -> None:
        self.memory.pages[row, self._lent[row]] = _taken(self._pages)
        self._lent[row] += 1

    def take_back(self, row: int) -> None:
        pages = self.memory.pages[row, : self._lent[row]].tolist()
        self._lent[row] = 0
        self._pages.extend(pages[::-1])
        self._rows.append(row)


def _taken(stock: list[int]) -> int:
    try:
        return stock.pop()
    except IndexError as empty:
        raise NoRoom("More music is being written at once than there is memory for.") from empty
