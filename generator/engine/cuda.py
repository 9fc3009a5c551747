"""The same rows on a CUDA card: a batch of a fixed size, its step captured as a graph. Knows no requests.

Every step runs the whole batch, whether its rows are in use or not: a captured graph has one shape, and a row's sums
are then made in the same way alone and in a crowd. Rows that are not asked for step too, and what
they write is forgotten.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from generator.attributes import CONDITION_NAMES
from generator.checkpoints import load_weights, read_metadata
from generator.composers.transformer import Transformer, TransformerConfig
from generator.composers.transformer import _turned as turned
from generator.engine.rows import NoRoom
from generator.engine.strengths import strengths
from generator.engine.voice import EngineVoice
from generator.inputs import INPUT_NAMES, ROOM

ROWS, LONGEST = 256, 1024


class CardNetwork:
    """One checkpoint on a card, with room for the tunes that it writes. On a CPU the same sums run without a graph."""

    def __init__(self, model: Transformer, device: str, *, rows: int = ROWS, longest: int = LONGEST) -> None:
        self.model = model.eval().requires_grad_(False).to(device)
        self.context = min(longest, model.config.context)
        self.device, self._free = torch.device(device), list(range(rows))[::-1]
        whole = {"device": device, "dtype": torch.long}
        self._ids = torch.zeros(rows, 1 + len(INPUT_NAMES), **whole)
        self._at = torch.zeros(rows, **whole)
        self._wholes = torch.zeros(rows, model.config.width, device=device)
        self._kept = model.new_cache(rows, self.context)  # (layers, 2, rows, heads, context, size)
        self._graph: torch.cuda.CUDAGraph | None = None
        self._logits = self._step()
        if self.device.type == "cuda":
            self._capture()

    @classmethod
    def read(cls, path: Path, device: str = "cuda") -> CardNetwork:
        model = Transformer(TransformerConfig(**read_metadata(path)["config"]))
        load_weights(path, model)
        return cls(model, device)

    def voice(self, conditions: Sequence[int]) -> EngineVoice:
        tables = (self.model.condition[name].weight for name in CONDITION_NAMES)
        told = zip(tables, conditions, strengths(conditions), strict=True)
        return EngineVoice(self, self._lend(sum(strength * table[i] for table, i, strength in told), 0), 0)

    def twin(self, row: int, at: int) -> int:
        """Another row that has heard the same."""
        twin = self._lend(self._wholes[row], at)
        self._kept[:, :, twin] = self._kept[:, :, row]
        return twin

    def _lend(self, whole: Tensor, at: int) -> int:
        if not self._free:
            raise NoRoom("More music is being written at once than there is memory for.")
        row = self._free.pop()
        self._wholes[row], self._at[row] = whole, at
        return row

    def make_way(self, row: int, at: int) -> None:
        """There is room for every row's longest tune from the start."""

    def take_back(self, row: int) -> None:
        self._free.append(row)

    @torch.inference_mode()
    def steps(self, rows: np.ndarray, ids: list[tuple[int, ...]]) -> np.ndarray:
        """Logits of the next id for each of these rows.  # (n, vocab)"""
        chosen = torch.as_tensor(rows, device=self.device)
        self._ids[chosen] = torch.tensor(ids, device=self.device)
        if self._graph:
            self._graph.replay()
        else:
            self._logits = self._step()
        self._at[chosen] += 1
        return self._logits[chosen].cpu().numpy()

    def _capture(self) -> None:
        beside = torch.cuda.Stream()
        with torch.cuda.stream(beside):  # the libraries settle down before anything is captured
            for _ in range(3):
                self._step()
        torch.cuda.current_stream().wait_stream(beside)
        self._graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(self._graph), torch.inference_mode():
            self._logits = self._step()

    @torch.inference_mode()
    def _step(self) -> Tensor:
        """One id further for every row.  # (rows, vocab)"""
        m = self.model
        tables = (m.token, *(m.get_submodule(name) for name in INPUT_NAMES))
        x = self._wholes + sum(table(self._ids[:, i]) for i, table in enumerate(tables))  # (rows, width)
        at = self._at.clamp(max=self.context - 1)  # a row that is full steps too, and is not asked any more
        turn = m.angles[at].cos()[:, None], m.angles[at].sin()[:, None]  # (rows, 1, size / 2)
        seen = torch.arange(self.context, device=self.device) <= at[:, None]  # (rows, context)
        for block, kept in zip(m.blocks, self._kept, strict=True):
            mixed = block.attention.qkv(block.before_attention(x))  # (rows, 3 * width)
            x = x + block.attention.out(self._heard(mixed, kept, at, turn, seen))
            x = x + block.down(F.relu(block.up(block.before_feed(x))).square())
        return F.linear(m.final(x), m.token.weight) + m.fits(self._ids[:, 1 + ROOM])

    def _heard(self, mixed: Tensor, kept: Tensor, at: Tensor, turn: tuple[Tensor, Tensor], seen: Tensor) -> Tensor:
        q, k, v = mixed.view(len(mixed), 3, self.model.config.heads, -1).unbind(1)  # (rows, heads, size)
        q, k = turned(q, turn), turned(k, turn)
        every = torch.arange(len(mixed), device=self.device)
        kept[0][every, :, at], kept[1][every, :, at] = k, v
        heard = F.scaled_dot_product_attention(q[:, :, None], kept[0], kept[1], attn_mask=seen[:, None, None])
        return heard.flatten(1)  # (rows, width)
