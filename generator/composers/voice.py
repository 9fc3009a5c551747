"""Lets a trained transformer speak one id at a time, its keys and values kept. Knows no grammar.

The same sums as `Transformer.forward`, in the same order, without what a single id has no need of: batches, dropout,
and the conditions' embeddings at every step. A test holds the two together.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from generator.attributes import CONDITION_NAMES
from generator.composers.transformer import Block, Transformer, TransformerConfig
from generator.inputs import INPUT_NAMES, ROOM
from generator.sampling import SampleError


class TransformerVoice:
    def __init__(self, model: Transformer, conditions: Sequence[int]) -> None:
        c = model.config
        self.tables = [model.token.weight, *(model.get_submodule(name).weight for name in INPUT_NAMES)]
        self.conditions = sum(
            model.condition[name].weight[i] for name, i in zip(CONDITION_NAMES, conditions, strict=True)
        )
        self.cos, self.sin = model.angles.cos(), model.angles.sin()  # (context, size / 2)
        memory = model.new_cache(1, c.context)[:, :, 0]  # (layers, 2, heads, context, size)
        self.layers = [Layer(block, kept) for block, kept in zip(model.blocks, memory, strict=True)]
        self.final, self.words, self.fits = model.final.weight, model.token.weight, model.fits.weight
        self.at, self.most = 0, c.context

    @torch.inference_mode()
    def step(self, token: int, inputs: Sequence[int]) -> np.ndarray:
        """Logits of the next id.  # (vocab,) Raises SampleError past the longest tune there is room for."""
        if self.at >= self.most:
            raise SampleError("The tune grew past the composer's memory.")
        rows = [table[i] for table, i in zip(self.tables, (token, *inputs), strict=True)]
        x = sum(rows[1:], rows[0]) + self.conditions  # (width,)
        cos, sin = self.cos[self.at], self.sin[self.at]
        for layer in self.layers:
            x = layer.after(x, cos, sin, self.at)
        self.at += 1
        return (F.linear(_normal(x, self.final), self.words) + self.fits[inputs[ROOM]]).numpy()

    def copy(self) -> TransformerVoice:
        """An independent voice that has heard the same ids."""
        twin = copy(self)
        twin.layers = [layer.copy(self.at) for layer in self.layers]
        return twin


class Layer:
    """One block's weights, and its keys and values so far."""

    def __init__(self, block: Block, kept: Tensor) -> None:
        attention = block.attention
        self.heads, self.keys, self.values = attention.heads, kept[0], kept[1]
        self.qkv, self.out, self.up, self.down = (
            m.weight for m in (attention.qkv, attention.out, block.up, block.down)
        )
        self.before_attention, self.before_feed = block.before_attention.weight, block.before_feed.weight

    def copy(self, heard: int) -> Layer:
        """The same weights; of the memory only what was heard is worth copying."""
        twin = copy(self)
        twin.keys, twin.values = torch.empty_like(self.keys), torch.empty_like(self.values)
        twin.keys[:, :heard], twin.values[:, :heard] = self.keys[:, :heard], self.values[:, :heard]
        return twin

    def after(self, x: Tensor, cos: Tensor, sin: Tensor, at: int) -> Tensor:
        """x (width,) → (width,)"""
        x = x + F.linear(self._heard(_normal(x, self.before_attention), cos, sin, at), self.out)
        return x + F.linear(F.relu(F.linear(_normal(x, self.before_feed), self.up)).square(), self.down)

    def _heard(self, x: Tensor, cos: Tensor, sin: Tensor, at: int) -> Tensor:
        mixed = F.linear(x, self.qkv).view(3, self.heads, -1)  # (q k v, heads, size)
        a, b = mixed[:2].chunk(2, -1)
        turned = torch.cat((a * cos - b * sin, a * sin + b * cos), -1)  # (q k, heads, size)
        self.keys[:, at], self.values[:, at] = turned[1], mixed[2]
        # q (1, heads, 1, size); keys and values (1, heads, at + 1, size)
        q, k, v = turned[0, None, :, None], self.keys[None, :, : at + 1], self.values[None, :, : at + 1]
        return F.scaled_dot_product_attention(q, k, v).reshape(-1)


def _normal(x: Tensor, weight: Tensor) -> Tensor:
    return F.rms_norm(x, weight.shape, weight)


def ready(config: TransformerConfig) -> Transformer:
    """A model for composing: no dropout, no gradients."""
    model = Transformer(config).eval()
    return model.requires_grad_(False)
