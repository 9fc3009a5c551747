"""The flagship: a small decoder-only transformer that knows its place in the bar and the chord under it.

Rotary positions (Su et al. 2021), RMS normalisation, squared-ReLU feed-forward (So et al. 2021), tied embeddings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from generator import vocabulary as V
from generator.attributes import CONDITION_NAMES, SIZES
from generator.inputs import INPUT_NAMES, INPUT_SIZES, ROOM


@dataclass(frozen=True)
class TransformerConfig:
    vocabulary: int = V.SIZE
    width: int = 192
    layers: int = 6
    heads: int = 6
    context: int = 2048
    dropout: float = 0.1


class Attention(nn.Module):
    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.heads = config.heads
        self.qkv = nn.Linear(config.width, 3 * config.width, bias=False)
        self.out = nn.Linear(config.width, config.width, bias=False)

    def forward(self, x: Tensor, turn: tuple[Tensor, Tensor], cache: Tensor | None, at: int) -> Tensor:
        batch, time, width = x.shape
        q, k, v = self.qkv(x).view(batch, time, 3, self.heads, -1).permute(2, 0, 3, 1, 4)  # (batch, heads, time, size)
        q, k = _turned(q, turn), _turned(k, turn)
        if cache is not None:
            cache[0, :, :, at : at + time], cache[1, :, :, at : at + time] = k, v
            k, v = cache[0, :, :, : at + time], cache[1, :, :, : at + time]
        # No dropout on the attention weights: it would forbid the fused kernel, and the residual dropout suffices.
        mixed = F.scaled_dot_product_attention(q, k, v, is_causal=time > 1)
        return self.out(mixed.transpose(1, 2).reshape(batch, time, width))


class Block(nn.Module):
    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.attention = Attention(config)
        self.up = nn.Linear(config.width, 4 * config.width, bias=False)
        self.down = nn.Linear(4 * config.width, config.width, bias=False)
        self.before_attention = nn.RMSNorm(config.width)
        self.before_feed = nn.RMSNorm(config.width)
        self.drop = nn.Dropout(config.dropout)

    def forward(self, x: Tensor, turn: tuple[Tensor, Tensor], cache: Tensor | None, at: int) -> Tensor:
        x = x + self.drop(self.attention(self.before_attention(x), turn, cache, at))
        return x + self.drop(self.down(F.relu(self.up(self.before_feed(x))).square()))


class Transformer(nn.Module):
    """Logits of the next id from the ids so far, the place of each, its chords, and the tune's conditions."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.config = config
        width = config.width
        self.token = nn.Embedding(config.vocabulary, width)
        for name, size in INPUT_SIZES.items():
            self.add_module(name, nn.Embedding(size, width))
        self.condition = nn.ModuleDict({name: nn.Embedding(SIZES[name], width) for name in CONDITION_NAMES})
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.layers))
        self.final = nn.RMSNorm(width)
        # What the room left in the bar says of the next id straight away: no note is longer, no line comes earlier.
        self.fits = nn.Embedding(INPUT_SIZES["room"], config.vocabulary)
        self.drop = nn.Dropout(config.dropout)
        self.register_buffer("angles", _angles(config.context, width // config.heads), persistent=False)
        self.apply(_start)
        for block in self.blocks:
            nn.init.zeros_(block.attention.out.weight)
            nn.init.zeros_(block.down.weight)
        nn.init.zeros_(self.fits.weight)

    def load_state_dict(self, state_dict: Mapping[str, Any], *args: Any, **kwargs: Any) -> Any:
        """An older checkpoint knows nothing of newer inputs and conditions: their tables start at nought."""
        added = {name: torch.zeros_like(own) for name, own in self.state_dict().items()
                 if name not in state_dict and name.split(".")[0] in (*INPUT_NAMES, "condition", "fits")}  # fmt: skip
        return super().load_state_dict({**state_dict, **added}, *args, **kwargs)

    def forward(
        self, tokens: Tensor, inputs: Tensor, conditions: Tensor, cache: Tensor | None = None, at: int = 0
    ) -> Tensor:
        """tokens (batch, time); inputs (batch, time, inputs); conditions (batch, conditions) → logits
        (batch, time, vocab). `cache` (layers, 2, batch, heads, context, size) holds keys and values up to `at`.
        """
        x = self.drop(self._heard(tokens, inputs, conditions))  # (batch, time, width)
        angles = self.angles[at : at + tokens.shape[1]]
        turn = (angles.cos(), angles.sin())
        for index, block in enumerate(self.blocks):
            x = block(x, turn, None if cache is None else cache[index], at)
        return F.linear(self.final(x), self.token.weight) + self.fits(inputs[..., ROOM])  # (batch, time, vocab)

    def _heard(self, tokens: Tensor, inputs: Tensor, conditions: Tensor) -> Tensor:
        x = self.token(tokens)
        for index, name in enumerate(INPUT_NAMES):
            x = x + self.get_submodule(name)(inputs[..., index])
        whole = sum(self.condition[name](conditions[:, i]) for i, name in enumerate(CONDITION_NAMES))
        return x + whole[:, None]

    def new_cache(self, batch: int, length: int) -> Tensor:
        c = self.config
        device = self.token.weight.device
        return torch.zeros(c.layers, 2, batch, c.heads, length, c.width // c.heads, device=device)


def _angles(context: int, size: int) -> Tensor:
    speeds = 1.0 / (10_000 ** (torch.arange(0, size, 2) / size))
    return torch.outer(torch.arange(context), speeds)  # (context, size / 2)


def _turned(x: Tensor, turn: tuple[Tensor, Tensor]) -> Tensor:
    cos, sin = turn
    a, b = x.chunk(2, -1)
    return torch.cat((a * cos - b * sin, a * sin + b * cos), -1).type_as(x)


def _start(module: nn.Module) -> None:
    if isinstance(module, nn.Linear):
        nn.init.normal_(module.weight, std=module.in_features**-0.5)
    elif isinstance(module, nn.Embedding):
        nn.init.normal_(module.weight, std=0.02)
