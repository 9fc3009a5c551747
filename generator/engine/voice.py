"""A composer that answers id by id out of a row of the engine. Knows no grammar, and nothing of who else is there."""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from greenlet import getcurrent

from generator.engine.kernels import step
from generator.engine.rows import Rows
from generator.engine.strengths import strengths
from generator.engine.weights import Weights, read_weights
from generator.inputs import ROOM
from generator.sampling import SampleError

ROWS, PAGES = 512, 2048  # 32 requests with a few candidates each, and all of them long


class Network:
    """One checkpoint, ready, with room for the tunes that it writes."""

    def __init__(self, weights: Weights, *, rows: int = ROWS, pages: int = PAGES) -> None:
        self.weights = weights
        self.rows = Rows(rows, pages, layers=weights.layers, heads=weights.heads, width=weights.width,
                         context=weights.context)  # fmt: skip

    @classmethod
    def read(cls, path: Path) -> Network:
        return cls(read_weights(path))

    def voice(self, conditions: Sequence[int]) -> EngineVoice:
        told = zip(self.weights.conditions, conditions, strengths(conditions), strict=True)
        whole = np.sum([strength * table[i] for table, i, strength in told], axis=0, dtype=np.float32)
        return EngineVoice(self, self.rows.lend(whole), 0)

    @property
    def context(self) -> int:
        return self.weights.context

    def twin(self, row: int, at: int) -> int:
        """Another row that has heard the same."""
        return self.rows.lend_copy(row)

    def make_way(self, row: int, at: int) -> None:
        self.rows.make_way(row, at)

    def take_back(self, row: int) -> None:
        self.rows.take_back(row)

    def steps(self, rows: np.ndarray, ids: list[tuple[int, ...]]) -> np.ndarray:
        """Logits of the next id for each of these rows.  # (n, vocab)"""
        logits = np.empty((len(rows), self.weights.vocabulary), np.float32)
        step(self.weights.matrices, self.rows.memory, rows, np.array(ids, np.int64), logits)
        return logits + self.weights.fits[[told[1 + ROOM] for told in ids]]


class EngineVoice:
    """Alone it takes its step at once; inside a hub's request it waits there until all can step together."""

    def __init__(self, network: Network, row: int, at: int) -> None:
        self.network, self.row, self.at = network, row, at
        self._alone = np.array([row])
        weakref.finalize(self, network.take_back, row).atexit = False

    def step(self, token: int, inputs: Sequence[int]) -> np.ndarray:
        """Logits of the next id.  # (vocab,) Raises SampleError past the longest tune there is room for."""
        if self.at >= self.network.context:
            raise SampleError("The tune grew past the composer's memory.")
        self.network.make_way(self.row, self.at)
        self.at += 1
        hub = getattr(getcurrent(), "hub", None)
        if hub is None:
            return self.network.steps(self._alone, [(token, *inputs)])[0]
        return hub.step(self, (token, *inputs))

    def copy(self) -> EngineVoice:
        """Another voice that remembers the same."""
        return EngineVoice(self.network, self.network.twin(self.row, self.at), self.at)
